"""Writes the pages that are made from the code: commands, refusals and the data dictionary.

`make docs` runs it. A test compares the pages with what it would write, so they cannot go stale.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

import pipeline.errors  # noqa: F401 - imported for its branches of HealthError
from dashboard.cli import program
from survey.errors import HealthError

DOCS = Path(__file__).parent
PACKAGES = ("survey", "pipeline", "dashboard")
SCHEMAS = DOCS.parent / "pipeline" / "sql" / "schema"
COLUMNS = DOCS / "columns.yaml"
HELP_WIDTH = 88

CLI_HEAD = """\
# Commands

Made by `make docs` from the commands themselves; do not edit.

What is refused is said on stderr: a code, where it happened, and what to try. [errors.md](errors.md)
lists the codes. The exit code tells the kind: 0 done, 2 used wrongly, 3 and up a refusal,
70 unexpected (a bug), 130 interrupted.
"""
ERRORS_HEAD = """\
# Refusals

Made by `make docs` from the code; do not edit. `…` stands for the part that depends on the case;
it is a file, a line, a rule or an id, never an answer or a name.
"""
DICTIONARY_HEAD = """\
# Data dictionary

Made by `make docs` from `pipeline/sql/schema/*.sql` and `docs/columns.yaml`; do not edit.

One column name means one thing in every table. Values and scores are in scale points unless said
otherwise. Only the tables of the release leave the pipeline.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a schema file: what one row is, and its columns as (name, type)."""

    name: str
    row: str
    columns: tuple[tuple[str, str], ...]


def walk_commands() -> Iterator[tuple[str, click.Command]]:
    """Yields every command with the words one types for it, in the order of the program's help."""
    yield from _walk("pmhealth", program)


def _walk(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, "the list names what is not there"  # noqa: S101
            yield from _walk(f"{words} {name}", child)


def render_cli() -> str:
    """Returns the page of commands: one section with the help of each."""
    sections = [f"## {words}\n\n```\n{_help(words, command)}\n```\n" for words, command in walk_commands()]
    return "\n".join([CLI_HEAD, *sections])


def _help(words: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=words, terminal_width=HELP_WIDTH, help_option_names=["-h", "--help"]
    )
    return command.get_help(context).rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One place in the code that refuses something."""

    code: str
    branch: str
    message: str


def find_refusals() -> tuple[Refusal, ...]:
    """Returns every refusal of the program, by code."""
    branches = {branch.__name__ for branch in _branches(HealthError)}
    found = {
        refusal
        for package in PACKAGES
        for path in sorted((DOCS.parent / package).rglob("*.py"))
        for refusal in _refusals(path, branches)
    }
    return tuple(sorted(found, key=lambda refusal: (refusal.code, refusal.message)))


def _refusals(path: Path, branches: set[str]) -> Iterator[Refusal]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=branch), args=[ast.Constant(value=str(code)), message, *_]) if (
                branch in branches
            ):
                yield Refusal(code=code, branch=branch, message=_wording(message))
            case _:
                pass


def _wording(node: ast.expr) -> str:
    """Returns the fixed words of a message; what is put in when it is raised becomes an ellipsis."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_wording(part) for part in parts)
        case _:
            return "…"


def render_errors() -> str:
    """Returns the page of refusals: the exit code of each kind, and every code with its sentence."""
    branches = {branch.__name__: branch for branch in _branches(HealthError)}
    kinds = [
        f"| {branch.exit_code} | {(branch.__doc__ or '').splitlines()[0]} |"
        for branch in sorted(branches.values(), key=lambda branch: branch.exit_code)
    ]
    codes = [
        f"| `{refusal.code}` | {branches[refusal.branch].exit_code} | {refusal.message} |"
        for refusal in find_refusals()
    ]
    head = [ERRORS_HEAD, "## Exit codes", "", "| exit code | what was refused |", "|---|---|"]
    table = ["", "## Codes", "", "| code | exit code | message |", "|---|---|---|"]
    return "\n".join([*head, *kinds, *table, *codes, ""])


def _branches(root: type[HealthError]) -> Iterator[type[HealthError]]:
    if "exit_code" in vars(root):
        yield root
    for branch in root.__subclasses__():
        yield from _branches(branch)


def read_tables(path: Path) -> tuple[Table, ...]:
    """Returns the tables of a schema file, in its order."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(
        r"(?P<row>(?:^-- [^\n]*\n)+)create table (?:if not exists )?(?P<name>[a-z_.]+) \(\n(?P<columns>.*?)\n\);",
        re.MULTILINE | re.DOTALL,
    )
    return tuple(_table(found) for found in pattern.finditer(text))


def _table(found: re.Match[str]) -> Table:
    columns = (line.strip().rstrip(",").partition(" ") for line in found["columns"].splitlines())
    return Table(
        name=found["name"],
        row=" ".join(line.removeprefix("-- ") for line in found["row"].splitlines()),
        columns=tuple((name, kind) for name, _, kind in columns),
    )


def read_meanings() -> dict[str, str]:
    """Returns what each column name means."""
    meanings: dict[str, str] = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))
    return meanings


def render_dictionary() -> str:
    """Returns the page of tables: one section each, with what a row and each column is.

    A column that `docs/columns.yaml` does not know yet has a question mark; a test asks for its meaning.
    """
    meanings = read_meanings()
    parts = [DICTIONARY_HEAD]
    for path in sorted(SCHEMAS.glob("*.sql")):
        parts.append(f"## The {path.stem}\n")
        parts.extend(_render_table(table, meanings) for table in read_tables(path))
    return "\n".join(parts)


def _render_table(table: Table, meanings: dict[str, str]) -> str:
    rows = [
        f"| `{name}` | {kind.removesuffix(' not null')} | {meanings.get(name, '?')} |"
        for name, kind in table.columns
    ]
    row = table.row.removeprefix("one row: ").removeprefix("one ")
    head = [f"### {table.name}", "", f"One row: {row}.", "", "| column | type | meaning |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


PAGES = {"cli.md": render_cli, "errors.md": render_errors, "data-dictionary.md": render_dictionary}


def main() -> None:
    """Writes every page."""
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
