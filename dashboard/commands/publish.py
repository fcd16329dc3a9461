"""`pmhealth publish`: turns the answers of a wave into a release that the dashboard can open."""

import click

from dashboard.terminal import say, say_next, working
from survey.config import Settings


@click.command()
@click.option("--wave", required=True, help="The wave to publish, like great-pm/2026Q1 or 2026Q1.")
@click.pass_obj
def command(settings: Settings, *, wave: str) -> None:
    """Make a release that holds this wave and every wave published before.

    Every number in a release rests on a block of at least as many raters as the wave's policy says.
    An external wave is closed by this and takes no more files. Publishing the same wave again
    changes nothing.

    \b
    Examples:
      pmhealth publish --wave great-pm/2026Q1
    """  # noqa: D301
    from pipeline.run import publish_wave  # noqa: PLC0415 - kept off the path of --help

    with working("publishing") as progress:
        manifest = publish_wave(settings, wave, progress=progress)
    say(f"Release {manifest.release_no} holds the wave.")
    say_next("pmhealth serve --demo")
