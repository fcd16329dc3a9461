"""`pmhealth prove`: attacks a release with everything there is to know, and stores the report."""

from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, show_table, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.prove import ProvedRelease

BROKEN_EXIT_CODE = 1


@click.command()
@click.argument("release", type=click.IntRange(min=1), required=False)
@click.option("--json", "is_json", is_flag=True, help="Print the stored report.")
@click.pass_obj
def command(settings: Settings, *, release: int | None, is_json: bool) -> int:
    """Attack a release: can anybody who holds every number of it tell who said what?

    The attackers know who answered in which block, combine all numbers of the release and of every
    release before it, and look for fewer raters or PMs than was promised. The report lies beside the
    release and holds counts: no score, no name. Without RELEASE the current one is attacked. Exits
    with 1 if something was found.

    \b
    Examples:
      pmhealth prove
      pmhealth prove 5 --json
    """  # noqa: D301
    from pipeline.prove import prove_release  # noqa: PLC0415 - kept off the path of --help

    with working("proving") as progress:
        found = prove_release(settings, release, progress=progress)
    if is_json:
        import json  # noqa: PLC0415

        say_json(json.loads(found.as_json()))
    else:
        _show(found)
    return 0 if found.proof.is_held else BROKEN_EXIT_CODE


def _show(found: "ProvedRelease") -> None:
    proof = found.proof
    say(f"Release {found.release_no} ({found.file}), {counted(len(proof.waves), 'wave')}:")
    say(f"  {counted(proof.shown_count, 'number')} shown, {counted(proof.hidden_count, 'number')} hidden")
    for wave in proof.waves:
        say(f"  {wave.wave_id}: k = {wave.min_raters}, at least {wave.min_pms} PMs")
    rows = [(attack.name, str(attack.tried), str(attack.found)) for attack in proof.attacks]
    show_table(("attack: look for", "tries", "found"), rows, numeric=("tries", "found"))
    say("Nothing was found: the promise is kept." if proof.is_held else "SOMETHING WAS FOUND: withdraw it.")
    say(f"report: {found.path}")
