"""One line of a roster file: cells in, a `Person` or everything that is wrong with the line out.

Messages name the column and the rule, never the cell: it may hold a name or an address.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from survey.errors import Problem
from survey.roster import PM_TYPES, STAGES, Person

COLUMNS = (
    "person_id",
    "name",
    "email",
    "manager_id",
    "org_unit",
    "role",
    "level",
    "pm_type",
    "stage",
    "active_from",
    "active_to",
    "language",
)
REQUIRED = ("person_id", "name", "org_unit", "role", "active_from")
PM_ROLES = frozenset({"pm", "product manager"})

_PERSON_ID = re.compile(r"[\w.-]{1,64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LEVEL = re.compile(r"\w[\w .+/-]{0,19}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The trimmed cells of one record, "" for every column the file lacks, and the line it starts on."""

    file: str
    line: int
    cells: Mapping[str, str]

    def problem(self, message: str, hint: str) -> Problem:
        """Returns a problem of this line."""
        return Problem(file=self.file, line=self.line, message=message, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A person's record and the line it was written on."""

    line: int
    person: Person


def check_row(row: Row) -> tuple[Problem, ...]:
    """Returns everything that is wrong with one line on its own."""
    return tuple(problem for check in _CHECKS for problem in check(row))


def read_person(row: Row) -> Person:
    """Returns the person of a line that `check_row` found nothing wrong with."""
    active_from = read_date(row.cells["active_from"])
    assert active_from is not None, "check_row was not asked"  # noqa: S101 - guards a caller's bug
    return Person(
        person_id=row.cells["person_id"],
        name=row.cells["name"],
        email=row.cells["email"],
        manager_id=row.cells["manager_id"],
        org_unit=read_unit(row.cells["org_unit"]),
        role=read_role(row.cells["role"]),
        level=row.cells["level"],
        pm_type=_read_code(row.cells["pm_type"]),
        stage=_read_code(row.cells["stage"]),
        active_from=active_from,
        active_to=read_date(row.cells["active_to"]),
        language=_read_language(row.cells["language"]),
    )


@lru_cache(maxsize=65536)
def read_date(text: str) -> date | None:
    """Returns the day written as year-month-day, or None: no other order is ever guessed.

    >>> read_date("2026-01-31")
    datetime.date(2026, 1, 31)
    >>> read_date("31/01/2026") is None
    True
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def read_unit(text: str) -> str:
    """Returns the unit's path without blanks around its slashes, or "" if a part of it is empty.

    >>> read_unit("Product / Growth")
    'Product/Growth'
    >>> read_unit("Product//Growth")
    ''
    """
    parts = [part.strip() for part in text.split("/")]
    return "/".join(parts) if all(parts) else ""


@lru_cache(maxsize=1024)
def read_role(text: str) -> str:
    """Returns the role; the ways to write product manager become `pm`, all others stay as written.

    >>> read_role("Product Manager")
    'pm'
    """
    return "pm" if text.casefold() in PM_ROLES else text


@lru_cache(maxsize=1024)
def _read_code(text: str) -> str:
    """`AI/ML`, `ai-ml` and `ai_ml` are one code to the people who fill such files."""
    return re.sub(r"[\s/-]+", "_", text.casefold())


@lru_cache(maxsize=256)
def _read_language(text: str) -> str:
    """`de_DE` and `de-de` are one language to the people who fill such files."""
    return text.replace("_", "-").casefold()


def _check_characters(row: Row) -> Iterator[Problem]:
    if "".join(row.cells.values()).isprintable():  # one fast look before twelve slow ones
        return
    for column, cell in row.cells.items():
        if _CONTROL.search(cell):
            yield row.problem(f"{column} holds an invisible control character", "retype the cell on one line")


def _check_required(row: Row) -> Iterator[Problem]:
    for column in REQUIRED:
        if not row.cells[column]:
            yield row.problem(f"{column} is empty", _required_hint(column, row))


def _required_hint(column: str, row: Row) -> str:
    if column == "org_unit" and read_role(row.cells["role"]) == "pm":
        return "a PM counts in a unit: write its path, like Product/Growth"
    return f"fill in {column}; every record needs it"


def _check_ids(row: Row) -> Iterator[Problem]:
    for column in ("person_id", "manager_id"):
        cell = row.cells[column]
        if cell and not _PERSON_ID.fullmatch(cell):
            yield row.problem(
                f"{column} is not an id",
                "use up to 64 letters, digits, dots, dashes or underscores; no e-mail",
            )


def _check_email(row: Row) -> Iterator[Problem]:
    email = row.cells["email"]
    if email and not _EMAIL.fullmatch(email):
        yield row.problem("email is not an address", "write one address, like someone@example.org, or none")


def _check_unit(row: Row) -> Iterator[Problem]:
    unit = row.cells["org_unit"]
    if unit and not read_unit(unit):
        yield row.problem(
            "org_unit has an empty part", "write names with one slash between them, like Product/Growth"
        )


def _check_level(row: Row) -> Iterator[Problem]:
    level = row.cells["level"]
    if level and not _LEVEL.fullmatch(level):
        yield row.problem("level is not a short code", "write up to 20 letters and digits, like L5 or Senior")


def _check_codes(row: Row) -> Iterator[Problem]:
    is_pm = read_role(row.cells["role"]) == "pm"
    for column, known in (("pm_type", PM_TYPES), ("stage", STAGES)):
        code = _read_code(row.cells[column])
        if not code:
            continue
        if code not in known:
            yield row.problem(
                f"{column} is none that we know", f"write one of: {', '.join(known)}; or leave it empty"
            )
        elif not is_pm:
            yield row.problem(f"{column} is for PMs only", f"leave {column} empty, or write pm as the role")


def _check_language(row: Row) -> Iterator[Problem]:
    language = row.cells["language"]
    if language and not _LANGUAGE.fullmatch(language):
        yield row.problem("language is not a language code", "write a code like en or de, or leave it empty")


def _check_dates(row: Row) -> Iterator[Problem]:
    for column in ("active_from", "active_to"):
        cell = row.cells[column]
        if cell and read_date(cell) is None:
            yield row.problem(f"{column} is not a date", "write year-month-day, like 2026-01-31")
    first, last = read_date(row.cells["active_from"]), read_date(row.cells["active_to"])
    if first and last and last < first:
        yield row.problem("active_to is before active_from", "swap the two days, or leave active_to empty")


_CHECKS: tuple[Callable[[Row], Iterator[Problem]], ...] = (
    _check_characters,
    _check_required,
    _check_ids,
    _check_email,
    _check_unit,
    _check_level,
    _check_codes,
    _check_dates,
    _check_language,
)
