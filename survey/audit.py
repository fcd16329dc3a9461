"""The audit chain: what was done, by whom and when; only ever added to, each entry sealed to all before it.

An entry's hash covers its content and the hash before it. Whoever changes, takes out or moves an
entry would have to write every later one anew; and who noted the last hash elsewhere sees even
that. Entries from before there was a chain have no hash; the first sealed one covers them all.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from survey import register_schema as schema
from survey.access_schema import audit_head

LOOK = "look"
"""The action of somebody who opened a PM's results; the target is that PM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What was done, to what, by whom and when. `detail` holds counts and ids, never a name."""

    done_at: datetime
    done_by: str
    action: str
    target: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An entry in its place. `entry_hash` is "" for one written before there was a chain."""

    entry_no: int
    entry: AuditEntry
    entry_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The last entry that was written, as it is kept apart from the entries."""

    entry_no: int
    entry_hash: str


START = AuditHead(entry_no=0, entry_hash="")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBreak:
    """A place where the chain does not hold: `entry_no` is the first entry concerned."""

    entry_no: int
    message: str


def seal(previous_hash: str, entry_no: int, entry: AuditEntry) -> str:
    """Returns the hash of an entry in its place, as 64 letters."""
    content = [
        previous_hash,
        entry_no,
        entry.done_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.done_by,
        entry.action,
        entry.target,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def find_breaks(lines: Sequence[AuditLine], head: AuditHead) -> tuple[AuditBreak, ...]:
    """Returns every place where entries were changed, taken out, put in or moved; none if all is well."""
    breaks: list[AuditBreak] = []
    running, expected, is_sealed = "", 1, False
    for line in lines:
        if line.entry_no != expected:
            breaks.append(_missing(expected, line.entry_no - 1))
        computed = seal(running, line.entry_no, line.entry)
        is_sealed = is_sealed or bool(line.entry_hash)
        if is_sealed and computed != line.entry_hash:
            breaks.append(_misfit(line.entry_no))
        running, expected = line.entry_hash or computed, line.entry_no + 1
    return (*breaks, *_compare_head(lines, head))


def has_passed(lines: Sequence[AuditLine], entry_hash: str) -> bool:
    """True if the chain went through a hash that somebody noted earlier."""
    return any(line.entry_hash == entry_hash for line in lines)


def _missing(first: int, last: int) -> AuditBreak:
    which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
    return AuditBreak(entry_no=first, message=f"{which} missing")


def _misfit(entry_no: int) -> AuditBreak:
    return AuditBreak(
        entry_no=entry_no,
        message=f"entry {entry_no} was changed or moved, or what stands before it was",
    )


def _compare_head(lines: Sequence[AuditLine], head: AuditHead) -> tuple[AuditBreak, ...]:
    last = lines[-1].entry_no if lines else 0
    if head.entry_no > last:
        return (_missing(last + 1, head.entry_no),)
    sealed = [line for line in lines if line.entry_hash]
    if sealed and (head.entry_no, head.entry_hash) != (last, lines[-1].entry_hash):
        return (AuditBreak(entry_no=last, message=f"entry {last} is not the one that was written last"),)
    return ()


def add_entry(connection: Connection, entry: AuditEntry | None) -> None:
    """Writes what was done, in the transaction of the connection; no entry, no line."""
    if entry is None:
        return
    head = _head_to_follow(connection)
    entry_no = head.entry_no + 1
    entry_hash = seal(head.entry_hash, entry_no, entry)
    row = {
        "entry_no": entry_no,
        "done_at": entry.done_at.astimezone(UTC).replace(tzinfo=None),
        "done_by": entry.done_by,
        "action": entry.action,
        "target": entry.target,
        "detail": entry.detail,
        "entry_hash": entry_hash,
    }
    connection.execute(insert(schema.audit), row)
    connection.execute(delete(audit_head))
    connection.execute(insert(audit_head), {"head_no": 1, "entry_no": entry_no, "entry_hash": entry_hash})


def read_lines(connection: Connection) -> tuple[AuditLine, ...]:
    """Returns every entry in its place."""
    kept = select(schema.audit).order_by(schema.audit.c.entry_no)
    return tuple(_line(row) for row in connection.execute(kept).mappings())


def read_lines_about(connection: Connection, person_id: str) -> tuple[AuditLine, ...]:
    """Returns the entries whose target a person is, the latest first."""
    audit = schema.audit.c
    kept = select(schema.audit).where(audit.target == person_id).order_by(audit.entry_no.desc())
    return tuple(_line(row) for row in connection.execute(kept).mappings())


def read_last_line(connection: Connection, action: str) -> AuditLine | None:
    """Returns the latest entry of an action, or None."""
    audit = schema.audit.c
    kept = select(schema.audit).where(audit.action == action).order_by(audit.entry_no.desc()).limit(1)
    row = connection.execute(kept).mappings().first()
    return None if row is None else _line(row)


def read_head(connection: Connection) -> AuditHead:
    """Returns the last entry as kept apart; `START` before the first."""
    row = connection.execute(select(audit_head)).mappings().first()
    return START if row is None else AuditHead(entry_no=row["entry_no"], entry_hash=row["entry_hash"])


def _head_to_follow(connection: Connection) -> AuditHead:
    """The first sealed entry covers all that were there before the chain, in one hash."""
    head = read_head(connection)
    if head is not START:
        return head
    count = connection.execute(select(func.count()).select_from(schema.audit)).scalar_one()
    if not count:
        return START
    running, entry_no = "", 0
    for line in read_lines(connection):
        running, entry_no = seal(running, line.entry_no, line.entry), line.entry_no
    return AuditHead(entry_no=entry_no, entry_hash=running)


def _line(row: RowMapping) -> AuditLine:
    entry = AuditEntry(
        done_at=row["done_at"].replace(tzinfo=UTC),
        done_by=row["done_by"],
        action=row["action"],
        target=row["target"],
        detail=row["detail"],
    )
    return AuditLine(entry_no=row["entry_no"], entry=entry, entry_hash=row["entry_hash"])
