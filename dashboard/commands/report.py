"""`pmhealth report`: the quarterly review of a unit as a file to print, or as a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_next
from survey.config import Settings
from survey.errors import StoreError, WaveError
from survey.language import MEASURE, languages, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.reading import Reading
    from dashboard.report.review import Review
    from pipeline.release import ReleasedUnit, ReleasedWave


@click.command()
@click.option("--wave", "wave_name", required=True, help="Which quarter: a wave, or its period.")
@click.option("--unit", "unit_id", default="", help="Which unit, by its path. Default: the top one.")
@click.option(
    "--format", "kind", type=click.Choice(("html", "xlsx")), default="html", help="To print, or to work on."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it. Default: review-UNIT-QUARTER, in this folder.",
)
@click.option(
    "--language", type=click.Choice(languages()), default=MEASURE, help="The language of the review."
)
@click.pass_obj
def command(
    settings: Settings, *, wave_name: str, unit_id: str, kind: str, output: Path | None, language: str
) -> None:
    """Write the quarterly review of a unit: what changed, is it real, what was promised, did it work.

    The numbers are those of the page and of the current release, and so are the hidden ones. The same
    release and promises give the same file, byte for byte. HTML stands for itself, with all its
    figures, and prints on at most four A4 pages.

    \b
    Examples:
      pmhealth report --wave 2026Q3
      pmhealth report --wave 2026Q3 --unit Product/Growth --format xlsx --output growth.xlsx
    """  # noqa: D301
    from dashboard.report.paper import render_html  # noqa: PLC0415 - imports Plotly
    from dashboard.report.story import file_stem  # noqa: PLC0415
    from dashboard.report.workbook import render_xlsx  # noqa: PLC0415
    from dashboard.spoken import speak  # noqa: PLC0415

    speak(wording(language))
    reading = _open(settings)
    review = _read(settings, reading, unit_id, wave_name)
    file = output or Path(f"{file_stem(review)}.{kind}")
    content = render_html(review, reading.number) if kind == "html" else render_xlsx(review, reading.number)
    file.write_bytes(content)
    say(f"{review.unit.unit_id}, {review.wave.wave_id}, release {reading.number}: {len(content):,} bytes")
    say(f"written to {file}")
    say_next("pmhealth serve")


def _open(settings: Settings) -> "Reading":
    """The operator reads what HR reads: every unit, and no PM."""
    from dashboard.access import Role, Viewer  # noqa: PLC0415
    from dashboard.reading import Reading  # noqa: PLC0415
    from pipeline.release import Releases  # noqa: PLC0415

    release = Releases(settings.releases_path).current()
    if release is None:
        raise StoreError(
            "report-nothing",
            "nothing is published yet",
            where=settings.releases_path.name,
            hint="run: pmhealth publish --wave WAVE",
        )
    return Reading(release=release, viewer=Viewer(name="report", roles=frozenset({Role.HR})))


def _read(settings: Settings, reading: "Reading", unit_id: str, wave_name: str) -> "Review":
    from dashboard.catalogue import front_shelf, shelves  # noqa: PLC0415
    from dashboard.directory import open_directory  # noqa: PLC0415
    from dashboard.report.review import Kept, quarters, read_review, until  # noqa: PLC0415

    unit, shelf = _unit(reading, unit_id), front_shelf(shelves(reading))
    waves = {} if shelf is None else quarters(reading, shelf, unit.unit_id)
    wave = _wave(waves, wave_name, unit)
    assert shelf is not None  # noqa: S101 - there is a wave
    directory = open_directory(settings)
    kept = Kept(
        promises=directory.promises_of(reading.viewer, unit.unit_id),
        closing=directory.closing_of(wave.wave_id),
    )
    return read_review(reading, shelf, unit, until(waves, wave), kept)


def _unit(reading: "Reading", unit_id: str) -> "ReleasedUnit":
    units = reading.units_in_scope()
    found = [unit for unit in units if unit_id in ("", unit.unit_id)]
    if not found:
        raise WaveError(
            "report-unit-unknown",
            f"the release has no unit {unit_id}" if unit_id else "the release has no unit",
            where="--unit",
            hint=f"units: {', '.join(unit.unit_id for unit in units)}",
        )
    return found[0]


def _wave(waves: "Mapping[str, ReleasedWave]", wave_name: str, unit: "ReleasedUnit") -> "ReleasedWave":
    found = [wave for name, wave in waves.items() if wave_name in (name, wave.wave_id)]
    if not found:
        raise WaveError(
            "report-wave-unknown",
            f"no numbers of {unit.unit_id} are shown for that quarter: {wave_name}",
            where="--wave",
            hint=f"quarters: {', '.join(waves) or 'none; a wave shows units some days after publishing'}",
        )
    return found[0]
