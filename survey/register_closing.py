"""What became of a wave's answers when it closed: counts, and the rest blocks of units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from survey import register_schema as schema
from survey.register import AuditEntry, add_entry
from survey.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedGroup:
    """A rest block: raters of a unit's subjects whose answers count for the unit together."""

    unit_id: str
    subject_count: int
    rater_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How a wave closed, in assignments: how many there were, and how many of them were answered.

    `withheld` of the answered ones were erased: too few would have stood together.
    """

    wave_id: str
    closed_on: date
    invited: int
    answered: int
    withheld: int
    groups: tuple[ClosedGroup, ...] = ()


class Closings:
    """The closings in a register. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, closing: Closing, *, entry: AuditEntry | None = None) -> None:
        """Writes how a wave closed, in the place of what an interrupted closing wrote before."""
        of_wave = {"of_wave": closing.wave_id}
        with self._store.writing() as connection:
            connection.execute(_DROP_GROUPS, of_wave)
            connection.execute(_DROP, of_wave)
            connection.execute(insert(schema.closing), _row(closing))
            if closing.groups:
                connection.execute(insert(schema.closed_group), _group_rows(closing))
            add_entry(connection, entry)

    def find(self, wave_id: str) -> Closing | None:
        """Returns how a wave closed, its rest blocks by unit, or None."""
        of_wave = {"of_wave": wave_id}
        with self._store.reading() as connection:
            row = connection.execute(_ONE, of_wave).one_or_none()
            return None if row is None else _closing(row, connection.execute(_GROUPS, of_wave).all())


_CLOSING = schema.closing.c
_GROUP = schema.closed_group.c
_ONE = select(
    _CLOSING.wave_id, _CLOSING.closed_on, _CLOSING.invited, _CLOSING.answered, _CLOSING.withheld
).where(_CLOSING.wave_id == bindparam("of_wave"))
_GROUPS = (
    select(_GROUP.unit_id, _GROUP.subject_count, _GROUP.rater_count)
    .where(_GROUP.wave_id == bindparam("of_wave"))
    .order_by(_GROUP.unit_id)
)
_DROP = delete(schema.closing).where(_CLOSING.wave_id == bindparam("of_wave"))
_DROP_GROUPS = delete(schema.closed_group).where(_GROUP.wave_id == bindparam("of_wave"))


def _row(closing: Closing) -> dict[str, object]:
    return {
        "wave_id": closing.wave_id,
        "closed_on": closing.closed_on,
        "invited": closing.invited,
        "answered": closing.answered,
        "withheld": closing.withheld,
    }


def _group_rows(closing: Closing) -> list[dict[str, object]]:
    return [
        {
            "wave_id": closing.wave_id,
            "unit_id": group.unit_id,
            "subject_count": group.subject_count,
            "rater_count": group.rater_count,
        }
        for group in closing.groups
    ]


def _closing(row: Sequence[Any], groups: Sequence[Sequence[Any]]) -> Closing:
    wave_id, closed_on, invited, answered, withheld = row
    return Closing(
        wave_id=wave_id,
        closed_on=closed_on,
        invited=invited,
        answered=answered,
        withheld=withheld,
        groups=tuple(
            ClosedGroup(unit_id=unit_id, subject_count=subjects, rater_count=raters)
            for unit_id, subjects, raters in groups
        ),
    )
