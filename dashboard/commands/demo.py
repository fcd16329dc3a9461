"""`pmhealth demo`: makes up an organisation and takes its five quarters in, the ordinary way.

Nothing here knows a shorter way into the stores than the other commands do: the roster is read
from its file, every export goes through ingest, every wave through publish.
"""

import json
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_next, show_table, working
from survey.config import DEMO_HOME, DEMO_MARKER, Settings, demo_settings
from survey.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.load import Tally
    from survey.synthesis.demo import WrittenDemo, WrittenFile

INPUT = "input"
_COLUMNS = ("wave", "rows", "answers")
_PLANNED_IN, _PLANNED = "great-pm/2026Q2", "Once a week I turn down one request, and say what we do instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marker:
    """What the marker file says: it makes a folder recognisable as the demo's own."""

    seed: int
    is_finished: bool


@click.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder of the demo; nothing else may be in it. Default: {DEMO_HOME}.",
)
@click.option("--seed", type=click.IntRange(0), default=2026, show_default=True, help="Another organisation.")
@click.option("--fresh", "is_fresh", is_flag=True, help="Make it anew, even if it is there.")
@click.pass_obj
def command(settings: Settings, *, home: Path | None, seed: int, is_fresh: bool) -> None:
    """Make up an organisation with five quarters to look at.

    40 PMs, their teams, and what the teams answered over five quarters, exported by Google Forms,
    SurveyMonkey, Qualtrics and as our own tables, with the dirt that such files have. All of it is
    taken in as your own files would be. Nobody in it is real. A demo that is there is kept.

    \b
    Examples:
      pmhealth demo
      pmhealth demo --seed 7 --fresh
    """  # noqa: D301
    chosen = demo_settings(Settings(home=home.resolve()) if home else settings)
    if _is_kept(chosen.home, seed, is_fresh=is_fresh):
        say("The demo is there already and was kept; --fresh makes it anew.")
    else:
        _make(chosen, seed)
    say_next("pmhealth serve --demo" + (f" --home {shlex.quote(str(home))}" if home else ""))


def _is_kept(home: Path, seed: int, *, is_fresh: bool) -> bool:
    """True if a finished demo stays. Removes a demo that does not; refuses any other folder."""
    marker = _read_marker(home)
    if marker is None:
        _refuse_foreign(home)
        return False
    if marker.is_finished and not is_fresh:
        _refuse_other_seed(home, marker, seed)
        return True
    shutil.rmtree(home)
    return False


def _read_marker(home: Path) -> _Marker | None:
    try:
        said = json.loads((home / DEMO_MARKER).read_text(encoding="utf-8"))
        return _Marker(seed=int(said["seed"]), is_finished=bool(said["is_finished"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_marker(home: Path, marker: _Marker) -> None:
    said = {"seed": marker.seed, "is_finished": marker.is_finished}
    (home / DEMO_MARKER).write_text(json.dumps(said) + "\n", encoding="utf-8")


def _refuse_foreign(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        raise ConfigError(
            "demo-folder",
            "the folder holds something that is not a demo, so nothing was written there",
            where=str(home),
            hint="name an empty folder with --home",
        )


def _refuse_other_seed(home: Path, marker: _Marker, seed: int) -> None:
    if marker.seed != seed:
        raise ConfigError(
            "demo-seed",
            f"the demo that is there was made with seed {marker.seed}",
            where=str(home),
            hint=f"replace it with 'pmhealth demo --seed {seed} --fresh', or name another folder with --home",
        )


def _make(settings: Settings, seed: int) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    _write_marker(settings.home, _Marker(seed=seed, is_finished=False))
    with working("making up an organisation") as progress:
        progress("making up an organisation and what its people answered")
        written = _write_input(settings, seed)
        progress("importing the roster")
        _import_roster(settings, written.roster_path)
        shutil.copy(written.roles_path, settings.access_path)
        shutil.copy(written.expectations_path, settings.expectations_path)
        taken = tuple(_take_in(settings, written, progress))
        _live(settings)
    _write_marker(settings.home, _Marker(seed=seed, is_finished=True))
    show_table(
        _COLUMNS,
        [_line(file, tally) for file, tally in taken],
        title="received = loaded + superseded + quarantined",
        numeric=_COLUMNS[1:],
    )
    say(f"The files, and what is true about the people in them (truth.json): {settings.home / INPUT}")


def _write_input(settings: Settings, seed: int) -> "WrittenDemo":
    from survey.definition import find_instrument  # noqa: PLC0415 - kept off the path of --help
    from survey.synthesis.demo import INSTRUMENTS, make_demo, write_demo  # noqa: PLC0415 - imports numpy

    instruments = {name: find_instrument(settings, name) for name in INSTRUMENTS}
    return write_demo(make_demo(instruments, seed), settings.home / INPUT)


def _import_roster(settings: Settings, path: Path) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from survey.register import AuditEntry, open_register  # noqa: PLC0415
    from survey.roster_file import read_roster  # noqa: PLC0415

    roster = read_roster(path)
    entry = AuditEntry(
        done_at=datetime.now(UTC),
        done_by="demo",
        action="roster.import",
        target="roster",
        detail=f"{len(roster.people)} records",
    )
    with open_register(settings.register_address) as register:
        register.replace_roster(roster, entry=entry)


def _take_in(
    settings: Settings, written: "WrittenDemo", progress: "Callable[[str], None]"
) -> "Iterator[tuple[WrittenFile, Tally | None]]":
    """Yields each file with what became of it; publishes a wave after the last of its files."""
    from pipeline.release import utc_today  # noqa: PLC0415 - imports DuckDB
    from pipeline.run import publish_wave  # noqa: PLC0415

    following = (*(file.export.wave_id for file in written.files[1:]), "")
    for file, next_wave in zip(written.files, following, strict=True):
        wave = file.export.wave_id
        yield file, _ingest(settings, file, _about(wave, progress))
        if wave != next_wave:
            publish_wave(settings, wave, progress=_about(wave, progress), today=utc_today())


def _live(settings: Settings) -> None:
    """What people did since: one PM made a plan and shared their results, and an attack on the release waits.

    Attacking takes longer than anybody wants to wait for a first page, so it is left to the worker.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from dashboard.access_policy import AccessPolicy  # noqa: PLC0415
    from dashboard.directory import Directory  # noqa: PLC0415
    from survey.job_kind import JobKind  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_jobs import Jobs  # noqa: PLC0415

    now = datetime.now(UTC)
    with open_register(settings.register_address) as register:
        directory = Directory(register, AccessPolicy())
        pm = min(person.person_id for person in directory.organisation().people if person.is_pm)
        directory.make_plan(pm, wave_id=_PLANNED_IN, item_id="focus_declines", words=_PLANNED)
        directory.share_with_lead(pm)
        Jobs(register.store).ask(JobKind.PROVE, "demo", {"wave_id": ""}, asked_by="demo", now=now)


def _about(wave: str, progress: "Callable[[str], None]") -> "Callable[[str], None]":
    return lambda text: progress(f"{wave}: {text}")


def _ingest(settings: Settings, file: "WrittenFile", progress: "Callable[[str], None]") -> "Tally | None":
    from datetime import UTC, datetime  # noqa: PLC0415

    from pipeline.ingest import Order, ingest  # noqa: PLC0415 - imports DuckDB
    from pipeline.mapping.file import read_mapping  # noqa: PLC0415

    order = Order(
        path=file.path,
        wave=file.export.wave_id,
        mapping=read_mapping(file.mapping_path) if file.mapping_path else None,
        is_addition=file.export.is_addition,
    )
    return ingest(settings, order, now=datetime.now(UTC), progress=progress).tally


def _line(file: "WrittenFile", tally: "Tally | None") -> tuple[str, ...]:
    wave = f"{file.export.wave_id} (added)" if file.export.is_addition else file.export.wave_id
    if tally is None:
        return (wave, "", "")
    rows = _sum(
        tally.row_received_count, tally.row_loaded_count,
        tally.row_superseded_count, tally.row_quarantined_count,
    )  # fmt: skip
    answers = _sum(
        tally.answer_received_count, tally.answer_loaded_count,
        tally.answer_superseded_count, tally.answer_quarantined_count,
    )  # fmt: skip
    return (wave, rows, answers)


def _sum(received: int, loaded: int, superseded: int, quarantined: int) -> str:
    return f"{received} = {loaded} + {superseded} + {quarantined}"
