"""Who is signed in: sessions in the register, known by the hash of a token that only the browser has.

A session ends after eight hours, when its person signs out, or when an operator revokes it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from survey.access_schema import session
from survey.audit import AuditEntry, add_entry
from survey.store import Store

SESSION_HOURS = 8
_KEPT_DAYS = 30
"""So long the rows of ended sessions stay, for an operator who asks what happened."""

_TOKEN_BYTES = 32
_ID_BYTES = 8


class SignInMethod(StrEnum):
    """How somebody showed who they are."""

    PROVIDER = "provider"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stay of one person. `session_id` names it; it opens nothing, only the token does."""

    session_id: str
    person_id: str
    method: SignInMethod
    began_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSession:
    """A session that has just begun, with the token for the browser: this is the only time it is seen."""

    session: Session
    token: str


class Sessions:
    """The sessions of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(
        self, person_id: str, method: SignInMethod, now: datetime, *, replaces: str = ""
    ) -> BegunSession:
        """Begins a session with a new token, ends the browser's earlier one, and writes it down."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        begun = Session(
            session_id=secrets.token_hex(_ID_BYTES),
            person_id=person_id,
            method=method,
            began_at=now,
            ends_at=now + timedelta(hours=SESSION_HOURS),
        )
        with self._store.writing() as connection:
            old = _bare(now - timedelta(days=_KEPT_DAYS))
            connection.execute(delete(session).where(session.c.ends_at < old))
            if replaces:
                connection.execute(_revoke(session.c.token_hash == hash_token(replaces), now))
            connection.execute(insert(session), _row(begun, hash_token(token)))
            add_entry(connection, _entry(person_id, "session.begin", begun, now))
        return BegunSession(session=begun, token=token)

    def find(self, token: str, now: datetime) -> Session | None:
        """Returns the session that a token opens, or None: unknown, ended or revoked look alike."""
        return self._one(_OF_TOKEN, hash_token(token), now)

    def get(self, session_id: str, now: datetime) -> Session | None:
        """Returns a session by its id, if it still holds."""
        return self._one(_OF_ID, session_id, now)

    def active(self, now: datetime) -> tuple[Session, ...]:
        """Returns every session that holds, the oldest first."""
        with self._store.reading() as connection:
            kept = select(session).where(_holds(now)).order_by(session.c.began_at, session.c.session_id)
            return tuple(_session(row) for row in connection.execute(kept))

    def end(self, token: str, now: datetime) -> bool:
        """Ends the session of a token because its person signs out; False if it had ended."""
        return self._end(session.c.token_hash == hash_token(token), now, by="", action="session.end") > 0

    def revoke(self, session_id: str, now: datetime, *, by: str) -> bool:
        """Ends one session by its id; False if there is none that holds."""
        return self._end(session.c.session_id == session_id, now, by=by, action="session.revoke") > 0

    def revoke_person(self, person_id: str, now: datetime, *, by: str) -> int:
        """Ends every session of a person and returns how many there were."""
        return self._end(session.c.person_id == person_id, now, by=by, action="session.revoke")

    def _one(self, holding: Select[Any], which: str | bytes, now: datetime) -> Session | None:
        rows = self._store.look_up(holding, {"which": which, "now": _bare(now)})
        return _session(rows[0]) if rows else None

    def _end(self, which: ColumnElement[bool], now: datetime, *, by: str, action: str) -> int:
        """Ends the sessions meant, each with its entry; without `by`, its person did it."""
        with self._store.writing() as connection:
            rows = connection.execute(select(session).where(which, _holds(now))).all()
            for ended in map(_session, rows):
                connection.execute(_revoke(session.c.session_id == ended.session_id, now))
                add_entry(connection, _entry(by or ended.person_id, action, ended, now))
            return len(rows)


def hash_token(token: str) -> bytes:
    """Returns what is stored of a token of 256 random bits; a fast hash is right for those."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _holds(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    moment = _bare(now) if isinstance(now, datetime) else now
    return session.c.revoked_at.is_(None) & (session.c.ends_at > moment)


def _holding(key: ColumnElement[Any]) -> Select[Any]:
    """The session that a key opens, if it holds; made once, since every number on a page asks."""
    return select(session).where(key == bindparam("which"), _holds(bindparam("now")))


_OF_TOKEN, _OF_ID = _holding(session.c.token_hash), _holding(session.c.session_id)


def _revoke(which: ColumnElement[bool], now: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's Update, generic
    return update(session).where(which, session.c.revoked_at.is_(None)).values(revoked_at=_bare(now))


def _entry(by: str, action: str, of: Session, now: datetime) -> AuditEntry:
    return AuditEntry(
        done_at=now, done_by=by, action=action, target=of.person_id, detail=f"session {of.session_id}"
    )


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _row(begun: Session, token_hash: bytes) -> dict[str, object]:
    return {
        "token_hash": token_hash,
        "session_id": begun.session_id,
        "person_id": begun.person_id,
        "method": begun.method.value,
        "began_at": _bare(begun.began_at),
        "ends_at": _bare(begun.ends_at),
        "revoked_at": None,
    }


def _session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.session_id,
        person_id=row.person_id,
        method=SignInMethod(row.method),
        began_at=row.began_at.replace(tzinfo=UTC),
        ends_at=row.ends_at.replace(tzinfo=UTC),
    )
