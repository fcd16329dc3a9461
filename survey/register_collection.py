"""Collections in the register: drafts, who was proposed, and what opening a wave freezes.

A collection without a wave is a draft and may change. Opening adds the wave and its assignments in
one transaction; from then on only participation changes.
"""

from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from survey import register_schema as schema
from survey.assignment import Assignment, Nomination, NominationState, Source
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.errors import WaveError
from survey.instrument import Instrument
from survey.register import AuditEntry, add_entry, insert_wave
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Roster
from survey.store import Store, add_rows

_INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """All that opening a wave freezes. `collection` carries the hashes and the policy."""

    collection: Collection
    wave: Wave
    instrument: Instrument
    members: Roster
    assignments: tuple[Assignment, ...]


class Collections:
    """The collections in a register. Each method is one transaction, an `entry` given in the same one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, collection: Collection, *, entry: AuditEntry | None = None) -> None:
        """Adds a draft.

        Raises:
            WaveError: there is a collection or a wave with that id.
        """
        with self._store.writing() as connection:
            if _find(connection, collection.wave_id) or _state(connection, collection.wave_id):
                raise _taken(collection.wave_id)
            connection.execute(insert(schema.collection), _row(collection))
            add_entry(connection, entry)

    def find(self, wave_id: str) -> Collection | None:
        """Returns the collection of that wave, or None."""
        with self._store.reading() as connection:
            return _find(connection, wave_id)

    def get(self, wave_id: str) -> Collection:
        """Returns the collection of that wave.

        Raises:
            WaveError: there is none.
        """
        with self._store.reading() as connection:
            return _get(connection, wave_id)

    def list(self) -> tuple[tuple[Collection, WaveState], ...]:
        """Returns every collection and how far it is, by the day it opens, then its id."""
        with self._store.reading() as connection:
            return tuple((_collection(row[:-1]), _wave_state(row[-1])) for row in connection.execute(_ALL))

    def state(self, wave_id: str) -> WaveState:
        """Returns how far a collection is: a draft until its wave was opened."""
        with self._store.reading() as connection:
            return _state(connection, wave_id) or WaveState.DRAFT

    def update(self, collection: Collection, *, entry: AuditEntry | None = None) -> None:
        """Changes a draft.

        Raises:
            WaveError: there is none, or its wave was opened.
        """
        with self._store.writing() as connection:
            _check_draft(connection, collection.wave_id)
            _change(connection, collection)
            add_entry(connection, entry)

    def repeat(self, wave_id: str, *, is_repeated: bool, entry: AuditEntry | None = None) -> None:
        """Lets a campaign go on after this collection by itself, or end with it; in whatever state it is.

        Raises:
            WaveError: there is none.
        """
        with self._store.writing() as connection:
            _get(connection, wave_id)
            changed = update(schema.collection).where(_COLLECTION.wave_id == wave_id)
            connection.execute(changed.values(is_repeated=is_repeated))
            add_entry(connection, entry)

    def nominations(self, wave_id: str) -> tuple[Nomination, ...]:
        """Returns everybody who was proposed, by subject and rater."""
        with self._store.reading() as connection:
            rows = connection.execute(_NOMINATIONS, {"of_wave": wave_id})
            return tuple(_nomination(row) for row in rows)

    def put_nominations(
        self, wave_id: str, nominations: Sequence[Nomination], *, entry: AuditEntry | None = None
    ) -> None:
        """Adds nominations to a draft, each in the place of an earlier one of that rater and subject.

        Raises:
            WaveError: there is no such draft, or its wave was opened.
        """
        with self._store.writing() as connection:
            _check_draft(connection, wave_id)
            if nominations:
                keys = [{"of_subject": one.subject_id, "of_rater": one.rater_id} for one in nominations]
                connection.execute(_DROP_PAIR, [{"of_wave": wave_id, **key} for key in keys])
            _add_nominations(connection, wave_id, nominations)
            add_entry(connection, entry)

    def replace_nominations(
        self,
        wave_id: str,
        subject_ids: Some[str],
        nominations: Sequence[Nomination],
        *,
        entry: AuditEntry | None = None,
    ) -> None:
        """Puts nominations in the place of all that a draft has for these subjects.

        Raises:
            WaveError: there is no such draft, or its wave was opened.
        """
        with self._store.writing() as connection:
            _check_draft(connection, wave_id)
            if subject_ids:
                dropped = [{"of_wave": wave_id, "of_subject": one} for one in sorted(subject_ids)]
                connection.execute(_DROP_SUBJECT, dropped)
            _add_nominations(connection, wave_id, nominations)
            add_entry(connection, entry)

    def open(self, opening: Opening, *, entry: AuditEntry | None = None) -> None:
        """Opens a wave: freezes instrument, roster, policy and assignments, and invites every rater.

        Raises:
            WaveError: there is no such draft, or its wave was opened.
            DefinitionError: an earlier wave used other content under the same version or item ids.
        """
        with self._store.writing() as connection:
            _check_draft(connection, opening.collection.wave_id)
            _change(connection, opening.collection)
            insert_wave(connection, opening.wave, opening.instrument, opening.members)
            _add_assignments(connection, opening.wave.wave_id, opening.assignments)
            add_entry(connection, entry)

    def assignments(self, wave_id: str) -> tuple[Assignment, ...]:
        """Returns what was frozen when the wave opened, by rater and place."""
        with self._store.reading() as connection:
            rows = connection.execute(_ASSIGNMENTS, {"of_wave": wave_id})
            return tuple(_assignment(row) for row in rows)

    def busy(self, wave_ids: Some[str]) -> Mapping[str, int]:
        """Returns about how many subjects each rater is asked in these waves, as one of the others."""
        with self._store.reading() as connection:
            rows = connection.execute(_BUSY, {"waves": sorted(wave_ids)})
            return {row.rater_id: row.subject_count for row in rows}


_COLLECTION = schema.collection.c
_NOMINATION = schema.nomination.c
_ASSIGNMENT = schema.assignment.c
_ALL = (
    select(schema.collection, schema.wave.c.state)
    .select_from(schema.collection.outerjoin(schema.wave, schema.wave.c.wave_id == _COLLECTION.wave_id))
    .order_by(_COLLECTION.opens_on, _COLLECTION.wave_id)
)
_ONE = select(schema.collection).where(_COLLECTION.wave_id == bindparam("of_wave"))
_STATE = select(schema.wave.c.state).where(schema.wave.c.wave_id == bindparam("of_wave"))
_NOMINATIONS = (
    select(
        _NOMINATION.subject_id,
        _NOMINATION.rater_id,
        _NOMINATION.relationship,
        _NOMINATION.source,
        _NOMINATION.state,
    )
    .where(_NOMINATION.wave_id == bindparam("of_wave"))
    .order_by(_NOMINATION.subject_id, _NOMINATION.rater_id)
)
_DROP_SUBJECT = delete(schema.nomination).where(
    _NOMINATION.wave_id == bindparam("of_wave"), _NOMINATION.subject_id == bindparam("of_subject")
)
_DROP_PAIR = _DROP_SUBJECT.where(_NOMINATION.rater_id == bindparam("of_rater"))
_LAST_ASSIGNMENT = select(func.coalesce(func.max(_ASSIGNMENT.assignment_no), 0))
_ASSIGNMENTS = (
    select(
        _ASSIGNMENT.rater_id,
        _ASSIGNMENT.subject_id,
        _ASSIGNMENT.relationship,
        _ASSIGNMENT.reporting_group,
        _ASSIGNMENT.place,
    )
    .where(_ASSIGNMENT.wave_id == bindparam("of_wave"))
    .order_by(_ASSIGNMENT.rater_id, _ASSIGNMENT.place)
)
_BUSY = (
    select(_ASSIGNMENT.rater_id, func.count().label("subject_count"))
    .where(
        _ASSIGNMENT.wave_id.in_(bindparam("waves", expanding=True)),
        _ASSIGNMENT.relationship.not_in([one.value for one in ATTRIBUTED]),
    )
    .group_by(_ASSIGNMENT.rater_id)
    .order_by(_ASSIGNMENT.rater_id)
)


def _find(connection: Connection, wave_id: str) -> Collection | None:
    row = connection.execute(_ONE, {"of_wave": wave_id}).one_or_none()
    return None if row is None else _collection(row)


def _get(connection: Connection, wave_id: str) -> Collection:
    found = _find(connection, wave_id)
    if found is None:
        raise WaveError(
            "collection-unknown",
            "there is no such wave that our form collects",
            where=wave_id,
            hint="make one with 'pmhealth wave create', or look at 'pmhealth wave list'",
        )
    return found


def _state(connection: Connection, wave_id: str) -> WaveState | None:
    state = connection.execute(_STATE, {"of_wave": wave_id}).scalar_one_or_none()
    return None if state is None else WaveState(state)


def _check_draft(connection: Connection, wave_id: str) -> None:
    _get(connection, wave_id)
    state = _state(connection, wave_id)
    if state is not None:
        raise WaveError(
            "collection-frozen",
            f"the wave is {state}; who is asked about whom is frozen with it",
            where=wave_id,
            hint="change the next wave before it opens",
        )


def _taken(wave_id: str) -> WaveError:
    return WaveError(
        "collection-exists",
        "there is a wave with that id",
        where=wave_id,
        hint="choose another campaign or period",
    )


def _change(connection: Connection, collection: Collection) -> None:
    changed = update(schema.collection).where(_COLLECTION.wave_id == collection.wave_id)
    connection.execute(changed.values(**_row(collection)))


def _add_nominations(connection: Connection, wave_id: str, nominations: Iterable[Nomination]) -> None:
    rows = (
        (wave_id, one.subject_id, one.rater_id, one.relationship.value, one.source.value, one.state.value)
        for one in nominations
    )
    add_rows(connection, schema.nomination, rows)


def _add_assignments(connection: Connection, wave_id: str, assignments: Sequence[Assignment]) -> None:
    first = int(connection.execute(_LAST_ASSIGNMENT).scalar_one()) + 1
    numbered = tuple(enumerate(assignments, first))
    rows = (
        (
            number,
            wave_id,
            one.rater_id,
            one.subject_id,
            one.relationship.value,
            one.reporting_group,
            one.place,
        )
        for number, one in numbered
    )
    add_rows(connection, schema.assignment, rows)
    add_rows(connection, schema.participation, ((number, _INVITED, None) for number, _ in numbered))


def _row(collection: Collection) -> dict[str, object]:
    return {
        "wave_id": collection.wave_id,
        "campaign": collection.campaign,
        "period": collection.period.name,
        "instrument_id": collection.instrument_id,
        "opens_on": collection.opens_on,
        "closes_on": collection.closes_on,
        "asked_by": collection.asked_by,
        "reply_to": collection.reply_to,
        "unit_days": collection.unit_days,
        "created_on": collection.created_on,
        "assignments_hash": collection.assignments_hash,
        "roster_hash": collection.roster_hash,
        "policy_text": collection.policy_text,
        "is_repeated": collection.is_repeated,
    }


def _collection(row: Sequence[Any]) -> Collection:
    values = dict(zip(_COLLECTION.keys(), row, strict=True))
    return Collection(**{**values, "period": parse_period(values["period"])})


def _wave_state(state: str | None) -> WaveState:
    return WaveState.DRAFT if state is None else WaveState(state)


def _nomination(row: Sequence[Any]) -> Nomination:
    subject_id, rater_id, relationship, source, state = row
    return Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship(relationship),
        source=Source(source),
        state=NominationState(state),
    )


def _assignment(row: Sequence[Any]) -> Assignment:
    rater_id, subject_id, relationship, reporting_group, place = row
    return Assignment(
        rater_id=rater_id,
        subject_id=subject_id,
        relationship=Relationship(relationship),
        reporting_group=reporting_group,
        place=place,
    )
