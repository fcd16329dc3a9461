"""What PMs plan: one item each, and what they will do about it; the PM's own words for the PM alone.

One plan at a time: a new one takes the place of the old, whose words are gone then. The words never
stand in the audit. Showing the plan to somebody is written down, as every share is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import RowMapping, delete, insert, select, update

from survey.audit import AuditEntry, add_entry
from survey.plans_schema import plan
from survey.store import Store

MOST_LETTERS = 500
"""Letters of a plan; what is longer is cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a PM will do about one item, made when `wave_id` was their latest; `shown_to` is "" or one person."""

    wave_id: str
    item_id: str
    words: str
    made_at: datetime
    shown_to: str = ""


class Plans:
    """The plans of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(self, person_id: str, made: Plan) -> None:
        """Keeps a PM's plan in the place of the one before; nobody else sees the new one."""
        row = {
            "person_id": person_id,
            "wave_id": made.wave_id,
            "item_id": made.item_id,
            "words": plain_words(made.words),
            "made_at": _bare(made.made_at),
            "shown_to": "",
        }
        with self._store.writing() as connection:
            connection.execute(delete(plan).where(plan.c.person_id == person_id))
            connection.execute(insert(plan), row)

    def find(self, person_id: str) -> Plan | None:
        """Returns a PM's plan, if there is one."""
        with self._store.reading() as connection:
            row = connection.execute(select(plan).where(plan.c.person_id == person_id)).mappings().first()
        return None if row is None else _plan(row)

    def drop(self, person_id: str) -> None:
        """Deletes a PM's plan."""
        with self._store.writing() as connection:
            connection.execute(delete(plan).where(plan.c.person_id == person_id))

    def show_to(self, person_id: str, viewer_id: str, now: datetime) -> bool:
        """Lets one person read a PM's plan, or nobody for ""; False if that changes nothing."""
        own = plan.c.person_id == person_id
        changed = update(plan).where(own, plan.c.shown_to != viewer_id).values(shown_to=viewer_id)
        with self._store.writing() as connection:
            if not connection.execute(changed).rowcount:
                return False
            add_entry(connection, _entry(person_id, viewer_id, now))
            return True


def plain_words(words: str, *, most: int = MOST_LETTERS) -> str:
    r"""Returns words as they are kept: no control characters, not longer than they may be.

    >>> plain_words(" Say no\x00 twice.\n")
    'Say no twice.'
    """
    kept = "".join(letter for letter in words if letter.isprintable() or letter == "\n")
    return kept.strip()[:most].rstrip()


def _entry(person_id: str, viewer_id: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        done_at=now,
        done_by=person_id,
        action="plan.show" if viewer_id else "plan.hide",
        target=person_id,
        detail=f"viewer {viewer_id}" if viewer_id else "",
    )


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _plan(row: RowMapping) -> Plan:
    return Plan(
        wave_id=row["wave_id"],
        item_id=row["item_id"],
        words=row["words"],
        made_at=row["made_at"].replace(tzinfo=UTC),
        shown_to=row["shown_to"],
    )
