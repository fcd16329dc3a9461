"""What PMs share: whom each lets open their results, from when, until they take it back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from survey.access_schema import share
from survey.audit import AuditEntry, add_entry
from survey.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A PM's consent that one person opens their results; it holds until it is taken back."""

    subject_id: str
    viewer_id: str
    shared_at: datetime


class Shares:
    """The shares of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def share(self, subject_id: str, viewer_id: str, now: datetime) -> None:
        """Lets a person open a PM's results; sharing twice is sharing once."""
        with self._store.writing() as connection:
            held = select(share).where(*_meant(subject_id, viewer_id))
            if connection.execute(held).first() is not None:
                return
            last = connection.execute(select(func.coalesce(func.max(share.c.share_no), 0))).scalar_one()
            row = {
                "share_no": last + 1,
                "subject_id": subject_id,
                "viewer_id": viewer_id,
                "shared_at": _bare(now),
                "ended_at": None,
            }
            connection.execute(insert(share), row)
            add_entry(connection, _entry("share.begin", subject_id, viewer_id, now))

    def take_back(self, subject_id: str, viewer_id: str, now: datetime) -> bool:
        """Ends a share; False if there was none."""
        with self._store.writing() as connection:
            ended = update(share).where(*_meant(subject_id, viewer_id)).values(ended_at=_bare(now))
            if not connection.execute(ended).rowcount:
                return False
            add_entry(connection, _entry("share.end", subject_id, viewer_id, now))
            return True

    def of_subject(self, subject_id: str) -> tuple[Share, ...]:
        """Returns whom a PM shares with, in the order they did."""
        return self._read(_OF_SUBJECT, subject_id)

    def with_viewer(self, viewer_id: str) -> tuple[Share, ...]:
        """Returns what is shared with a person."""
        return self._read(_WITH_VIEWER, viewer_id)

    def _read(self, held: Select[Any], person_id: str) -> tuple[Share, ...]:
        return tuple(map(_share, self._store.look_up(held, {"which": person_id})))


def _held(person: ColumnElement[str]) -> Select[Any]:
    """What is shared by, or with, somebody; made once, since each page asks."""
    of_person = (person == bindparam("which"), share.c.ended_at.is_(None))
    return select(share).where(*of_person).order_by(share.c.share_no)


_OF_SUBJECT, _WITH_VIEWER = _held(share.c.subject_id), _held(share.c.viewer_id)


def _meant(subject_id: str, viewer_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        share.c.subject_id == subject_id,
        share.c.viewer_id == viewer_id,
        share.c.ended_at.is_(None),
    )


def _entry(action: str, subject_id: str, viewer_id: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        done_at=now, done_by=subject_id, action=action, target=subject_id, detail=f"viewer {viewer_id}"
    )


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _share(row: Row[Any]) -> Share:
    return Share(
        subject_id=row.subject_id,
        viewer_id=row.viewer_id,
        shared_at=row.shared_at.replace(tzinfo=UTC),
    )
