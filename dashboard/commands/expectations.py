"""`pmhealth expectations`: what is expected of PMs, and whether its file is sound."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.expectation import Expectations

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(short_help="Show and check what is expected of PMs.")
@click.argument("file", type=FILE, required=False)
@click.pass_obj
def command(settings: Settings, *, file: Path | None) -> None:
    """Show what is expected of PMs by level and stage, and check its file.

    FILE is expectations.toml in the deployment's folder unless you name another. What is expected
    stands as a mark beside a PM's own score: it is context, nobody passes or fails by it.

    \b
    A file:
      [[expected]]
      level = "senior"      as the roster writes it; left out: any level
      stage = "growth"      early, growth or enterprise; left out: any stage
      focus = 3.5           one line for each trait
    """  # noqa: D301
    from survey.definition import load_instruments  # noqa: PLC0415 - imports YAML
    from survey.expectation import check_expectations, read_expectations  # noqa: PLC0415 - likewise

    path = file or settings.expectations_path
    found = read_expectations(path)
    check_expectations(found, load_instruments(settings), where=path.name)
    if not found.entries:
        say(f"Nothing is expected of anybody: {path.name} is not there, or empty.")
        return
    _show(found)
    say_next("pmhealth serve")


def _show(found: "Expectations") -> None:
    traits = tuple(dict.fromkeys(trait_id for one in found.entries for trait_id in one.scores))
    rows = [
        (one.level or "any", one.stage or "any", *(str(one.scores.get(name, "")) for name in traits))
        for one in found.entries
    ]
    show_table(("level", "stage", *traits), rows)
