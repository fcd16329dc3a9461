"""What is promised to a unit about a trait, and how each promise ended. Only ever added to and closed.

The words never stand in the audit. Whether a promise worked is no business of this table: the
next wave shows it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from survey.audit import AuditEntry, add_entry
from survey.promises_schema import promise
from survey.register_plans import plain_words
from survey.store import Store

MOST_PROMISE_LETTERS = 240
"""Letters of a promise; what is longer is cut off."""


class Outcome(StrEnum):
    """How a promise ended; OPEN: not yet."""

    OPEN = ""
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromise:
    """What somebody promises to a unit about a trait; `wave_id` is the latest wave they had seen."""

    unit_id: str
    trait_id: str
    wave_id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise as it is kept; `closed_by` and `closed_at` are "" and None while it is open."""

    promise_no: int
    unit_id: str
    trait_id: str
    wave_id: str
    words: str
    made_by: str
    made_at: datetime
    outcome: Outcome
    closed_by: str
    closed_at: datetime | None


class Promises:
    """The promises of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, made: NewPromise, made_by: str, now: datetime) -> bool:
        """Keeps a promise; False if it says nothing, or what an open one of the unit says already."""
        words = one_line(made.words)
        if not words:
            return False
        row = _row(made, words, made_by, now)
        said_already = select(promise).where(
            *(promise.c[name] == row[name] for name in ("unit_id", "trait_id", "wave_id", "words", "outcome"))
        )
        with self._store.writing() as connection:
            if connection.execute(said_already).first() is not None:
                return False
            last = connection.execute(select(func.coalesce(func.max(promise.c.promise_no), 0))).scalar_one()
            connection.execute(insert(promise), row | {"promise_no": last + 1})
            add_entry(connection, _entry("promise.add", made.unit_id, last + 1, made_by, now))
            return True

    def close(self, promise_no: int, outcome: Outcome, closed_by: str, now: datetime) -> bool:
        """Ends an open promise; False if there is none of that number."""
        is_open = (promise.c.promise_no == promise_no, promise.c.outcome == Outcome.OPEN)
        ended = {"outcome": outcome.value, "closed_by": closed_by, "closed_at": _bare(now)}
        with self._store.writing() as connection:
            found = connection.execute(select(promise.c.unit_id).where(*is_open)).first()
            if found is None or outcome is Outcome.OPEN:
                return False
            connection.execute(update(promise).where(*is_open).values(**ended))
            add_entry(connection, _entry(f"promise.{outcome}", found.unit_id, promise_no, closed_by, now))
            return True

    def find(self, promise_no: int) -> Promise | None:
        """Returns the promise of a number."""
        kept = select(promise).where(promise.c.promise_no == promise_no)
        with self._store.reading() as connection:
            row = connection.execute(kept).first()
        return None if row is None else _promise(row)

    def of_unit(self, unit_id: str) -> tuple[Promise, ...]:
        """Returns what was promised to a unit, in the order it was."""
        return tuple(map(_promise, self._store.look_up(_OF_UNIT, {"which": unit_id})))


_OF_UNIT = select(promise).where(promise.c.unit_id == bindparam("which")).order_by(promise.c.promise_no)
"""Made once, since each review asks."""


def one_line(words: str) -> str:
    r"""Returns words as a promise keeps them: plain text on one line, not longer than one may be.

    >>> one_line(" Fewer goals\n\u202e a quarter.")
    'Fewer goals a quarter.'
    """
    return " ".join(plain_words(words, most=MOST_PROMISE_LETTERS).split())


def _row(made: NewPromise, words: str, made_by: str, now: datetime) -> dict[str, object]:
    return {
        "unit_id": made.unit_id,
        "trait_id": made.trait_id,
        "wave_id": made.wave_id,
        "words": words,
        "made_by": made_by,
        "made_at": _bare(now),
        "outcome": Outcome.OPEN.value,
        "closed_by": "",
        "closed_at": None,
    }


def _entry(action: str, unit_id: str, promise_no: int, done_by: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        done_at=now, done_by=done_by, action=action, target=unit_id, detail=f"promise {promise_no}"
    )


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _promise(row: Row[Any]) -> Promise:
    closed_at = row.closed_at
    return Promise(
        promise_no=row.promise_no,
        unit_id=row.unit_id,
        trait_id=row.trait_id,
        wave_id=row.wave_id,
        words=row.words,
        made_by=row.made_by,
        made_at=row.made_at.replace(tzinfo=UTC),
        outcome=Outcome(row.outcome),
        closed_by=row.closed_by,
        closed_at=None if closed_at is None else closed_at.replace(tzinfo=UTC),
    )
