"""The mail log: which mail to whom is on its way, sent or failed. Never what it said, never a link.

A mail is written down before it is handed to the server, so that a crash in between leaves it as
`sending`: it is sent again, since twice is better than never.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from survey import register_schema as schema
from survey.store import Store


class MailState(StrEnum):
    """How far a mail is."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecord:
    """One mail to one person. `error_code` says why it failed last, without words of the server."""

    mail_no: int
    person_id: str
    kind: str
    state: MailState
    attempts: int
    changed_at: datetime
    error_code: str


class MailLog:
    """The mail log in a register. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, wave_id: str, person_id: str, kind: str, now: datetime) -> int:
        """Writes down that a mail is about to be sent, and returns its number.

        A mail of that kind which is not known to be sent is tried once more; else it is a new one.
        """
        asked = {"of_wave": wave_id, "to_person": person_id, "of_kind": kind}
        with self._store.writing() as connection:
            unsent = connection.execute(_UNSENT, asked).scalar_one_or_none()
            if unsent is None:
                return _add(connection, wave_id, person_id, kind, now)
            again = {"of_mail": unsent, "at": _utc(now)}
            connection.execute(_AGAIN, again)
            return int(unsent)

    def sent(self, mail_no: int, now: datetime) -> None:
        """Writes down that the server took the mail."""
        self._change(mail_no, MailState.SENT, now)

    def failed(self, mail_no: int, now: datetime, error_code: str) -> None:
        """Writes down that the mail could not be sent, with a code of ours."""
        self._change(mail_no, MailState.FAILED, now, error_code)

    def last_sent(self, kinds: Collection[str]) -> Mapping[str, datetime]:
        """Returns when each person was last sent a mail of these kinds, over all waves.

        One that was on its way when the program stopped counts: it may have arrived.
        """
        with self._store.reading() as connection:
            rows = connection.execute(_LAST_SENT, {"kinds": sorted(kinds)})
            return {row.person_id: row.last.replace(tzinfo=UTC) for row in rows}

    def open_subjects(self, wave_id: str) -> Mapping[str, tuple[str, ...]]:
        """Returns whom each rater still has to answer about, in the order of their list: what mails name."""
        found: dict[str, list[str]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(_OPEN_SUBJECTS, {"of_wave": wave_id}):
                found.setdefault(row.rater_id, []).append(row.subject_id)
        return {rater_id: tuple(subject_ids) for rater_id, subject_ids in found.items()}

    def records(self, wave_id: str) -> tuple[MailRecord, ...]:
        """Returns every mail of a wave, in the order they were begun."""
        with self._store.reading() as connection:
            return tuple(_record(row) for row in connection.execute(_RECORDS, {"of_wave": wave_id}))

    def counts(self, wave_id: str) -> Mapping[tuple[str, MailState], int]:
        """Returns how many mails of each kind are in each state."""
        with self._store.reading() as connection:
            rows = connection.execute(_COUNTS, {"of_wave": wave_id})
            return {(row.kind, MailState(row.state)): row.mail_count for row in rows}

    def _change(self, mail_no: int, state: MailState, now: datetime, error_code: str = "") -> None:
        row = {"of_mail": mail_no, "to_state": state.value, "at": _utc(now), "code": error_code}
        with self._store.writing() as connection:
            connection.execute(_CHANGE, row)


_MAIL = schema.mail.c
_LAST = select(func.coalesce(func.max(_MAIL.mail_no), 0))
_UNSENT = select(func.max(_MAIL.mail_no)).where(
    _MAIL.wave_id == bindparam("of_wave"),
    _MAIL.person_id == bindparam("to_person"),
    _MAIL.kind == bindparam("of_kind"),
    _MAIL.state != MailState.SENT.value,
)
_AGAIN = (
    update(schema.mail)
    .where(_MAIL.mail_no == bindparam("of_mail"))
    .values(
        state=MailState.SENDING.value,
        attempts=_MAIL.attempts + 1,
        changed_at=bindparam("at"),
        error_code="",
    )
)
_CHANGE = (
    update(schema.mail)
    .where(_MAIL.mail_no == bindparam("of_mail"))
    .values(state=bindparam("to_state"), changed_at=bindparam("at"), error_code=bindparam("code"))
)
_LAST_SENT = (
    select(_MAIL.person_id, func.max(_MAIL.changed_at).label("last"))
    .where(_MAIL.kind.in_(bindparam("kinds", expanding=True)), _MAIL.state != MailState.FAILED.value)
    .group_by(_MAIL.person_id)
)
_ASSIGNMENT, _PARTICIPATION = schema.assignment.c, schema.participation.c
_OPEN_SUBJECTS = (
    select(_ASSIGNMENT.rater_id, _ASSIGNMENT.subject_id)
    .join_from(
        schema.assignment,
        schema.participation,
        _PARTICIPATION.assignment_no == _ASSIGNMENT.assignment_no,
    )
    .where(_ASSIGNMENT.wave_id == bindparam("of_wave"), _PARTICIPATION.state != "done")
    .order_by(_ASSIGNMENT.rater_id, _ASSIGNMENT.place)
)
_RECORDS = select(schema.mail).where(_MAIL.wave_id == bindparam("of_wave")).order_by(_MAIL.mail_no)
_COUNTS = (
    select(_MAIL.kind, _MAIL.state, func.count().label("mail_count"))
    .where(_MAIL.wave_id == bindparam("of_wave"))
    .group_by(_MAIL.kind, _MAIL.state)
    .order_by(_MAIL.kind, _MAIL.state)
)


def _add(connection: Connection, wave_id: str, person_id: str, kind: str, now: datetime) -> int:
    mail_no = int(connection.execute(_LAST).scalar_one()) + 1
    row = {
        "mail_no": mail_no,
        "wave_id": wave_id,
        "person_id": person_id,
        "kind": kind,
        "state": MailState.SENDING.value,
        "attempts": 1,
        "changed_at": _utc(now),
        "error_code": "",
    }
    connection.execute(insert(schema.mail), row)
    return mail_no


def _record(row: Sequence[Any]) -> MailRecord:
    mail_no, _, person_id, kind, state, attempts, changed_at, error_code = row
    return MailRecord(
        mail_no=mail_no,
        person_id=person_id,
        kind=kind,
        state=MailState(state),
        attempts=attempts,
        changed_at=changed_at.replace(tzinfo=UTC),
        error_code=error_code,
    )


def _utc(moment: datetime) -> datetime:
    """Both databases keep it without a zone, as UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None)
