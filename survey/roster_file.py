"""A roster file: CSV in, `Roster` out, or one report of everything that is wrong with the file.

Nothing is guessed that could change who is who: days are year-month-day, an unknown column is
refused with the nearest known one, and a file with any problem is refused as a whole.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.csv_text import UNREADABLE, column_name, numbered, read_text, whole_file
from survey.errors import Problem, RosterError
from survey.roster import Roster, make_roster
from survey.roster_row import COLUMNS, REQUIRED, Record, Row, check_row, read_person
from survey.roster_rules import check_records

_ALL_EMPTY = dict.fromkeys(COLUMNS, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The columns of a file, by place."""

    file: str
    line: int
    columns: tuple[str, ...]

    def problem(self, message: str, hint: str) -> Problem:
        return Problem(file=self.file, line=self.line, message=message, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the lines hold. `person_ids` are those of lines that cannot be used, too."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    person_ids: frozenset[str]


def read_roster(path: Path) -> Roster:
    """Returns the roster that a CSV file holds, ordered by person and first day.

    Columns: `person_id`, `name`, `org_unit`, `role`, `active_from`, and optionally `email`,
    `manager_id`, `level`, `pm_type`, `stage`, `active_to`, `language`, in any order. Comma, semicolon,
    tab or bar between them; UTF-8, or what the file's bytes look like otherwise.

    Raises:
        RosterError: with every problem of the file, each with its line.
    """
    broken: list[Problem] = []
    lines = numbered(_read_text(path), COLUMNS, path.name, broken)
    header = _read_header(lines, path.name, broken)
    unknown, needed = _unknown_columns(header), _check_columns(header)
    if needed:
        raise _refusal(path.name, (*needed, *unknown))
    found = _read_records(lines, header)
    together = check_records(path.name, found.records, found.person_ids)
    problems = (*broken, *unknown, *found.problems, *together)
    if problems or not found.records:
        raise _refusal(path.name, problems or (_no_records(header),))
    return make_roster(record.person for record in found.records)


def render_roster(roster: Roster) -> str:
    """Returns the roster as CSV text that `read_roster` reads back as the same roster.

    Where nobody has a language there is no such column: most organisations write in one.
    """
    columns = COLUMNS if any(person.language for person in roster.people) else COLUMNS[:-1]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for person in roster.people:
        writer.writerow([_render_cell(getattr(person, column)) for column in columns])
    return text.getvalue()


def _render_cell(value: object) -> str:
    return "" if value is None else str(value)


def _refusal(file: str, problems: tuple[Problem, ...]) -> RosterError:
    ordered = tuple(sorted(problems, key=lambda problem: problem.line))
    count = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    return RosterError(
        "roster-invalid",
        f"{count} in the roster file; nothing of it was taken",
        ordered,
        hint=f"mend {file} and run the same command again",
    )


def _read_text(path: Path) -> str:
    text = read_text(path)
    if not isinstance(text, Problem):
        return text
    if text.code == UNREADABLE:
        raise RosterError("roster-unreadable", "the roster file cannot be opened", (text,))
    raise _refusal(path.name, (text,))


def _read_header(lines: Iterator[tuple[int, list[str]]], file: str, broken: list[Problem]) -> _Header:
    for line, cells in lines:
        return _Header(file=file, line=line, columns=tuple(map(column_name, cells)))
    empty = whole_file(file, "the file is empty", f"start with: {','.join(COLUMNS)}")
    raise _refusal(file, tuple(broken) or (empty,))


def _check_columns(header: _Header) -> tuple[Problem, ...]:
    """Without the needed columns, each once, no line can be judged: these problems end the reading."""
    missing = tuple(
        header.problem(f"the column {column} is missing", f"add {column} to the header")
        for column in REQUIRED
        if column not in header.columns
    )
    repeated = tuple(
        header.problem(f"the column {column} is there twice", "delete one of the two")
        for column in COLUMNS
        if header.columns.count(column) > 1
    )
    return missing + repeated


def _unknown_columns(header: _Header) -> tuple[Problem, ...]:
    """One problem for each column that may be misspelt, and one for all the others together."""
    nearest = {
        place: _nearest(name, header.columns)
        for place, name in enumerate(header.columns, start=1)
        if name not in COLUMNS
    }
    misspelt = tuple(
        header.problem(
            f"column {place} of the header is none that we know", f"did you mean {near}? Rename it"
        )
        for place, near in nearest.items()
        if near
    )
    foreign = [str(place) for place, near in nearest.items() if not near]
    return misspelt + ((_foreign_columns(header, foreign),) if foreign else ())


def _foreign_columns(header: _Header, places: Sequence[str]) -> Problem:
    are, them = (
        ("columns {} of the header are", "them") if len(places) > 1 else ("column {} of the header is", "it")
    )
    return header.problem(
        f"{are.format(', '.join(places))} none that we know",
        f"delete {them}; known are: {', '.join(COLUMNS)}",
    )


def _nearest(name: str, taken: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415 - needed only where something is wrong

    free = [column for column in COLUMNS if column not in taken]
    return next(iter(difflib.get_close_matches(name, free, n=1)), "")


def _read_records(lines: Iterator[tuple[int, list[str]]], header: _Header) -> _Found:
    records: list[Record] = []
    problems: list[Problem] = []
    person_ids: set[str] = set()
    for line, cells in lines:
        row = _row(line, cells, header)
        row_problems = _check_width(row, cells, header) or check_row(row)
        person_ids.add(row.cells["person_id"])
        problems.extend(row_problems)
        if not row_problems:
            records.append(Record(line=line, person=read_person(row)))
    return _Found(records=tuple(records), problems=tuple(problems), person_ids=frozenset(person_ids))


def _no_records(header: _Header) -> Problem:
    return header.problem("no records below the header", "write one line per person")


def _row(line: int, cells: list[str], header: _Header) -> Row:
    """A row too short or too long keeps the cells that have a column, so that its id is known."""
    named = dict(_ALL_EMPTY)
    named.update(zip(header.columns, map(str.strip, cells), strict=False))
    return Row(file=header.file, line=line, cells=named)


def _check_width(row: Row, cells: list[str], header: _Header) -> tuple[Problem, ...]:
    if len(cells) == len(header.columns):
        return ()
    message = f"{len(cells)} cells where the header has {len(header.columns)}"
    return (
        row.problem(message, "put quotes around a cell that holds the separator, or remove what is too much"),
    )
