"""`pmhealth publish`: turns the answers of a wave into a release that the dashboard can open."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, say_next, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.publish import ReleaseManifest
    from survey.campaign import Wave


@click.command()
@click.option("--wave", required=True, help="The wave to publish, like great-pm/2026Q1 or 2026Q1.")
@click.option("--json", "is_json", is_flag=True, help="Print the release's manifest as JSON.")
@click.pass_obj
def command(settings: Settings, *, wave: str, is_json: bool) -> None:
    """Make a release that holds this wave and every wave published before.

    Every number in a release rests on a block of at least as many raters as the wave's policy says.
    An external wave is closed by this and takes no more files. Publishing the same wave again
    changes nothing. Of a wave that our own form collected, PMs see their results at once, and pages
    of units some working days later; 'pmhealth wave results' tells PMs.

    \b
    Examples:
      pmhealth publish --wave great-pm/2026Q1
    """  # noqa: D301
    from pipeline.release import utc_today  # noqa: PLC0415 - kept off the path of --help
    from pipeline.run import publish_wave  # noqa: PLC0415

    wave_id = _wave(settings, wave).wave_id
    with working("publishing") as progress:
        manifest = publish_wave(settings, wave_id, progress=progress, today=utc_today())
    if is_json:
        say_json(asdict(manifest))
        return
    _show(manifest, wave_id)
    _say_what_follows(_wave(settings, wave_id))


def _wave(settings: Settings, name: str) -> "Wave":
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        return register.wave(name)


def _say_what_follows(wave: "Wave") -> None:
    """Whom our own form asked about can be told by mail."""
    if wave.unit_date is not None:
        say(f"Pages of units show it from {wave.unit_date} on; PMs see their own results first.")
    say_next(f"pmhealth wave {'show' if wave.is_external else 'results'} {wave.wave_id}")


def _show(manifest: "ReleaseManifest", wave_id: str) -> None:
    held = manifest.wave(wave_id)
    say(f"{wave_id} is published, in release {manifest.release_no} ({manifest.file}):")
    say(f"  {counted(held.subject_count, 'subject')}, {counted(held.released_count, 'number')} to be seen")
    say(f"  {counted(held.suppressed_count, 'number')} hidden, since too few people stand behind them")
    published = sum(wave.state == "published" for wave in manifest.waves)
    if published > 1:
        say(f"The release holds {published} waves.")
