"""A file of who works with whom: CSV in, nominations out, or one report of everything wrong with it.

Self and manager are not in it, since the roster knows them. Messages name the column and the rule,
never the cell: it may hold a name or an address.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.assignment import Nomination, NominationState, Source
from survey.csv_text import column_name, numbered, read_text, whole_file
from survey.errors import AssignmentError, Problem
from survey.relationship import ATTRIBUTED, Relationship, parse_relationship
from survey.roster import Person, Roster

COLUMNS = ("subject_id", "rater_id", "relationship")
_OTHER_NAMES = {"subject": "subject_id", "pm": "subject_id", "rater": "rater_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The trimmed cells of one record, by column, and the line it starts on."""

    file: str
    line: int
    cells: Mapping[str, str]

    def problem(self, message: str, hint: str) -> Problem:
        return Problem(file=self.file, line=self.line, message=message, hint=hint)


def read_nominations(path: Path, members: Roster) -> tuple[Nomination, ...]:
    """Returns the raters that a file names for each PM, as approved: HR has settled them.

    Columns: `subject_id`, `rater_id`, `relationship`, in any order; others are left alone. People
    are named by id or e-mail. An empty relationship is `other`.

    Args:
        path: the file.
        members: the roster of the day: at most one record per person.

    Raises:
        AssignmentError: with every problem of the file, each with its line.
    """
    text = read_text(path)
    if isinstance(text, Problem):
        raise _refusal(path.name, (text,))
    broken: list[Problem] = []
    lines = tuple(_lines(text, path.name, broken))
    finder = _Finder(members)
    problems = (*broken, *(problem for line in lines for problem in finder.check(line)))
    problems += tuple(_repeated(lines, finder))
    if problems or not lines:
        raise _refusal(path.name, problems or (_no_lines(path.name),))
    return tuple(finder.nomination(line) for line in lines)


def _refusal(file: str, problems: tuple[Problem, ...]) -> AssignmentError:
    ordered = tuple(sorted(problems, key=lambda problem: problem.line))
    count = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    return AssignmentError(
        "assignment-invalid",
        f"{count} in the file of who works with whom; nothing of it was taken",
        ordered,
        hint=f"mend {file} and run the same command again",
    )


def _no_lines(file: str) -> Problem:
    return whole_file(file, "no records below the header", "write one line per PM and rater")


def _lines(text: str, file: str, broken: list[Problem]) -> Iterator[_Line]:
    records = numbered(text, (*COLUMNS, *_OTHER_NAMES), file, broken)
    start, header = next(records, (1, []))
    columns = [_OTHER_NAMES.get(name, name) for name in map(column_name, header)]
    wrong = tuple(_header_problems(columns, file, start))
    if wrong:
        raise _refusal(file, (*broken, *wrong))
    for number, cells in records:
        line = _Line(file=file, line=number, cells=dict(zip(columns, map(str.strip, cells), strict=False)))
        if len(cells) == len(columns):
            yield line
        else:
            message = f"{len(cells)} cells where the header has {len(columns)}"
            hint = "put quotes around a cell that holds the separator, or remove what is too much"
            broken.append(line.problem(message, hint))


def _header_problems(columns: list[str], file: str, line: int) -> Iterator[Problem]:
    for column in COLUMNS:
        count = columns.count(column)
        if count == 0:
            hint = f"start with: {','.join(COLUMNS)}"
            yield Problem(file=file, line=line, message=f"the column {column} is missing", hint=hint)
        if count > 1:
            message = f"the column {column} is there twice"
            yield Problem(file=file, line=line, message=message, hint="delete one of the two")


class _Finder:
    """Finds people of one day by id or e-mail, and judges lines by them."""

    def __init__(self, members: Roster) -> None:
        self._people = {person.person_id: person for person in members.people}
        self._emails = {person.email.casefold(): person for person in members.people if person.email}

    def pair(self, line: _Line) -> tuple[Person | None, Person | None]:
        """Returns subject and rater, as far as they are found."""
        return self._find(line.cells["subject_id"]), self._find(line.cells["rater_id"])

    def nomination(self, line: _Line) -> Nomination:
        """Returns the nomination of a line that `check` found nothing wrong with."""
        subject, rater = self.pair(line)
        relationship = _relationship(line)
        assert subject and rater and relationship, "check was not asked"  # noqa: S101, PT018 - a caller's bug
        return Nomination(
            subject_id=subject.person_id,
            rater_id=rater.person_id,
            relationship=relationship,
            source=Source.FILE,
            state=NominationState.APPROVED,
        )

    def check(self, line: _Line) -> Iterator[Problem]:
        """Yields everything that is wrong with one line on its own."""
        subject, rater = self.pair(line)
        yield from self._check_people(line, subject, rater)
        relationship = _relationship(line)
        if relationship is None:
            yield line.problem("relationship is none that we know", _relationship_hint(line))
        elif relationship in ATTRIBUTED:
            hint = "delete the line; the roster says who that is"
            yield line.problem("self and manager do not belong in this file", hint)

    def _check_people(self, line: _Line, subject: Person | None, rater: Person | None) -> Iterator[Problem]:
        for column, person in (("subject_id", subject), ("rater_id", rater)):
            if not line.cells[column]:
                yield line.problem(f"{column} is empty", "write the id or the e-mail of a person")
            elif person is None:
                hint = "check the id or e-mail against: pmhealth roster show"
                yield line.problem(f"{column} is nobody on the roster of this day", hint)
        if subject is not None and not subject.is_pm:
            hint = "only PMs are rated; delete the line, or correct the role in the roster"
            yield line.problem(f"subject_id {subject.person_id} is no PM", hint)
        if subject is not None and subject is rater:
            yield line.problem(
                "subject and rater are the same person", "delete the line; PMs rate themselves anyway"
            )

    def _find(self, cell: str) -> Person | None:
        return self._people.get(cell) or self._emails.get(cell.casefold())


def _relationship(line: _Line) -> Relationship | None:
    cell = line.cells["relationship"]
    return parse_relationship(cell) if cell else Relationship.OTHER


def _relationship_hint(line: _Line) -> str:
    words = [one.value for one in Relationship if one not in ATTRIBUTED]
    near = difflib.get_close_matches(line.cells["relationship"].casefold(), words, n=1)
    return f"did you mean {near[0]}?" if near else f"write one of: {', '.join(words)}"


def _repeated(lines: tuple[_Line, ...], finder: _Finder) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        subject, rater = finder.pair(line)
        if subject is None or rater is None:
            continue
        earlier = first.setdefault((subject.person_id, rater.person_id), line.line)
        if earlier != line.line:
            yield line.problem(f"the same PM and rater as on line {earlier}", "delete one of the two lines")
