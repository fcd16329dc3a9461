"""Repeated campaigns in the register: the draft of the next wave is made in time, once."""

from datetime import date, datetime

from survey.collection import Collection, due_plan, last_collections
from survey.errors import WaveError
from survey.register import AuditEntry, Register
from survey.register_collection import Collections


def due_drafts(register: Register, today: date) -> tuple[Collection, ...]:
    """Returns the drafts that are to be made today so that repeated campaigns go on, by campaign."""
    collections = [one for one, _ in Collections(register.store).list()]
    taken = frozenset(wave.wave_id for wave in register.waves())
    following = (due_plan(last, taken, today) for last in last_collections(collections))
    return tuple(draft for draft in following if draft is not None)


def add_draft(register: Register, draft: Collection, *, done_at: datetime, done_by: str) -> bool:
    """Adds such a draft. Returns False if somebody else did at the same moment."""
    entry = AuditEntry(
        done_at=done_at, done_by=done_by, action="wave.create", target=draft.wave_id, detail="repeated"
    )
    try:
        Collections(register.store).add(draft, entry=entry)
    except WaveError as error:
        if error.code != "collection-exists":
            raise
        return False
    return True
