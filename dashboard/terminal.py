"""How every command talks: tables and lines on stdout, progress on stderr, one next step at the end.

`rich` is imported only when something is drawn. Texts are shown as they are: no markup in a unit's
name is ever obeyed.
"""

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 200
"""Columns where stdout is no terminal: a table in a log is not folded at 80."""


def say(text: str = "") -> None:
    """Prints a line."""
    click.echo(text)


def say_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Prints a value as JSON, for scripts: keys sorted, dates as ISO text."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str))


def counted(number: int, one: str, many: str = "") -> str:
    """Returns a number with its noun.

    >>> counted(1, "PM"), counted(2, "person", "people")
    ('1 PM', '2 people')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def say_next(command: str) -> None:
    """Prints the next sensible command, as the last line, for the same deployment as this one."""
    click.echo(f"next: {_same_home(command)}")


def _same_home(command: str) -> str:
    context = click.get_current_context(silent=True)
    home = context.find_root().params.get("home") if context else None
    if home is None:
        return command
    return command.replace("pmhealth", f"pmhealth --home {shlex.quote(str(home))}", 1)


def show_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "", numeric: Sequence[str] = ()
) -> None:
    """Prints a table; the columns named in `numeric` are aligned to the right.

    The first column holds ids that are typed again, so it is never folded.
    """
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - only a command that draws pays for rich
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(
        title=Text(title) if title else None,
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for place, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if column in numeric else "left"
        table.add_column(Text(column), justify=justify, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    console = _console()
    console.print()
    console.print(table)
    console.print()


@contextmanager
def working(text: str) -> Iterator[Callable[[str], None]]:
    """Shows that work goes on; yields the function that says what is being done.

    On a terminal one line changes in place; elsewhere each message is a line. Both on stderr.
    """
    console = _console(stderr=True)
    if not console.is_terminal:
        yield lambda message: click.echo(message, err=True)
        return
    from rich.text import Text  # noqa: PLC0415

    with console.status(Text(text)) as status:
        yield lambda message: status.update(Text(message))


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console
