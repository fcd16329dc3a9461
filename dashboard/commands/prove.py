"""`pmhealth prove`: attacks a release with everything there is to know, and stores the report."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, show_table, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.released_proof import KeptProof

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
    say_json(asdict(found)) if is_json else _show(found)
    return 0 if found.is_held else BROKEN_EXIT_CODE


def _show(found: "KeptProof") -> None:
    from pipeline.released_proof import proof_path  # noqa: PLC0415
    from survey.language import MEASURE, wording  # noqa: PLC0415

    words = wording(MEASURE)
    say(f"Release {found.release_no} ({found.file}), {counted(len(found.promises), 'wave')}:")
    say(f"  {counted(found.shown_count, 'number')} shown, {counted(found.hidden_count, 'number')} hidden")
    for promise in found.promises:
        say(f"  {promise.wave_id}: k = {promise.min_raters}, at least {promise.min_pms} PMs")
    tables = [
        (one.name, *map(str, (one.read, one.recomputed, one.excepted, one.mismatched)))
        for one in found.tables
    ]
    show_table(
        ("table", "rows", "from blocks", "excepted", "otherwise"),
        tables,
        numeric=("rows", "from blocks", "excepted", "otherwise"),
    )
    rows = [(words.say(f"proof_attack_{one.name}"), str(one.tried), str(one.found)) for one in found.attacks]
    show_table(("attack: look for", "tries", "found"), rows, numeric=("tries", "found"))
    say("Nothing was found: the promise is kept." if found.is_held else "SOMETHING WAS FOUND: withdraw it.")
    say(f"report: {proof_path(Path(found.file))}, beside the release")
