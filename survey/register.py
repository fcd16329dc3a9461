"""The register: who is where, which waves there are, and what was done. Never an answer.

Roster, waves and audit in; the same values out. A wave freezes its instrument and the roster of
its day when it is added; afterwards only its state and reason change.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, delete, func, insert, select, update

from survey import register_schema as schema
from survey.audit import (
    AuditBreak,
    AuditEntry,
    AuditLine,
    add_entry,
    find_breaks,
    read_head,
    read_last_line,
    read_lines,
    read_lines_about,
)
from survey.campaign import Wave, WaveState, move, parse_period
from survey.config import Address
from survey.definition_document import document, instrument_from_document
from survey.definition_frozen import check_frozen
from survey.errors import WaveError
from survey.instrument import Instrument
from survey.roster import Person, Roster
from survey.store import Store, add_rows, open_store

__all__ = ["AuditEntry", "Register", "add_entry", "insert_wave", "open_register"]

_ROSTER_MARK = select(
    select(func.count()).select_from(schema.person).scalar_subquery(),
    select(func.coalesce(func.max(schema.audit.c.entry_no), 0))
    .where(schema.audit.c.target == "roster")
    .scalar_subquery(),
)
"""How many records there are, and which entry was the last about them."""

_PERSON_FIELDS = tuple(field.name for field in fields(Person))
_person_values = attrgetter(*_PERSON_FIELDS)
_WAVES_NAMED = 10


class Register:
    """An open register. Each method is one transaction; an `entry` given is written in the same one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def store(self) -> Store:
        """The store itself, for what else is kept in it: collections, participation, mail."""
        return self._store

    def roster(self) -> Roster:
        """Returns every dated record, ordered by person and first day."""
        with self._store.reading() as connection:
            return _read_people(connection, select(schema.person), schema.person)

    def roster_of(self, day: date) -> Roster:
        """Returns the records that hold on a day: at most one per person."""
        columns = schema.person.c
        holds = (columns.active_from <= day) & (columns.active_to.is_(None) | (columns.active_to >= day))
        with self._store.reading() as connection:
            return _read_people(connection, select(schema.person).where(holds), schema.person)

    def roster_mark(self) -> tuple[int, int]:
        """Returns a mark that changes when the roster is replaced: cheap to ask, for who keeps a copy."""
        ((count, imported),) = self._store.look_up(_ROSTER_MARK, {})
        return count, imported

    def replace_roster(self, roster: Roster, *, entry: AuditEntry | None = None) -> None:
        """Puts a roster in the place of the one there is; waves keep the roster of their day."""
        with self._store.writing() as connection:
            connection.execute(delete(schema.person))
            add_rows(connection, schema.person, map(_person_values, roster.people))
            add_entry(connection, entry)

    def waves(self) -> tuple[Wave, ...]:
        """Returns every wave, ordered by its first day, then its id."""
        with self._store.reading() as connection:
            return _read_waves(connection)

    def find_wave(self, name: str) -> Wave | None:
        """Returns the wave with that id, or the only one of that period, or None.

        Raises:
            WaveError: more than one campaign has a wave of that period.
        """
        with self._store.reading() as connection:
            return _find_wave(connection, name)

    def wave(self, name: str) -> Wave:
        """Returns the wave with that id, or the only one of that period.

        Raises:
            WaveError: there is none, or more than one campaign has a wave of that period.
        """
        with self._store.reading() as connection:
            return _wave(connection, name)

    def add_wave(
        self, wave: Wave, instrument: Instrument, members: Roster, *, entry: AuditEntry | None = None
    ) -> None:
        """Adds a wave and freezes its instrument and its roster.

        Raises:
            WaveError: there is a wave with that id.
            DefinitionError: an earlier wave used other content under the same version or item ids.
        """
        with self._store.writing() as connection:
            insert_wave(connection, wave, instrument, members)
            add_entry(connection, entry)

    def wave_roster(self, wave_id: str) -> Roster:
        """Returns the roster that was frozen with the wave.

        Raises:
            WaveError: there is no such wave.
        """
        with self._store.reading() as connection:
            wave = _wave(connection, wave_id)
            kept = select(schema.wave_person).where(schema.wave_person.c.wave_id == wave.wave_id)
            return _read_people(connection, kept, schema.wave_person)

    def wave_names(self, wave_id: str) -> Mapping[str, str]:
        """Returns the names in the roster that was frozen with the wave, by person id."""
        kept = select(schema.wave_person.c.person_id, schema.wave_person.c.name)
        with self._store.reading() as connection:
            rows = connection.execute(kept.where(schema.wave_person.c.wave_id == wave_id))
            return {row.person_id: row.name for row in rows}

    def wave_instrument(self, wave_id: str) -> Instrument:
        """Returns the instrument that was frozen with the wave.

        Raises:
            WaveError: there is no such wave.
        """
        with self._store.reading() as connection:
            wave = _wave(connection, wave_id)
            frozen = schema.instrument.c
            kept = select(frozen.document).where(frozen.instrument_hash == wave.instrument_hash)
            return instrument_from_document(connection.execute(kept).scalar_one())

    def move_wave(
        self,
        wave_id: str,
        state: WaveState,
        reason: str = "",
        *,
        entry: AuditEntry | None = None,
    ) -> Wave:
        """Moves a wave to its next state and returns it as it now is.

        Raises:
            WaveError: there is no such wave, or it cannot go there from where it stands.
        """
        with self._store.writing() as connection:
            moved = move(_wave(connection, wave_id), state, reason)
            connection.execute(
                update(schema.wave)
                .where(schema.wave.c.wave_id == moved.wave_id)
                .values(state=moved.state.value, reason=moved.reason)
            )
            add_entry(connection, entry)
            return moved

    def date_units(self, wave_id: str, unit_date: date) -> Wave:
        """Notes from which day pages of units show a wave; a day that was noted before stays.

        Raises:
            WaveError: there is no such wave.
        """
        with self._store.writing() as connection:
            wave = _wave(connection, wave_id)
            if wave.unit_date is not None:
                return wave
            noted = update(schema.wave).where(schema.wave.c.wave_id == wave.wave_id)
            connection.execute(noted.values(unit_date=unit_date))
            return replace(wave, unit_date=unit_date)

    def frozen_instruments(self) -> tuple[Instrument, ...]:
        """Returns every instrument version that a wave has used, ordered by id and version."""
        with self._store.reading() as connection:
            return _frozen_instruments(connection)

    def record(self, entry: AuditEntry) -> None:
        """Writes what was done; nothing takes it out again."""
        with self._store.writing() as connection:
            add_entry(connection, entry)

    def audit(self) -> tuple[AuditEntry, ...]:
        """Returns everything that was recorded, in the order it was."""
        return tuple(line.entry for line in self.audit_lines())

    def audit_lines(self) -> tuple[AuditLine, ...]:
        """Returns every entry in its place, with its hash."""
        with self._store.reading() as connection:
            return read_lines(connection)

    def last_entry(self, action: str) -> AuditEntry | None:
        """Returns the latest entry of an action, or None."""
        with self._store.reading() as connection:
            line = read_last_line(connection, action)
            return None if line is None else line.entry

    def audit_about(self, person_id: str) -> tuple[AuditLine, ...]:
        """Returns the entries about one person, the latest first."""
        with self._store.reading() as connection:
            return read_lines_about(connection, person_id)

    def audit_breaks(self) -> tuple[AuditBreak, ...]:
        """Returns every place where the audit was changed after it was written."""
        with self._store.reading() as connection:
            return find_breaks(read_lines(connection), read_head(connection))


@contextmanager
def open_register(address: Address) -> Iterator[Register]:
    """Opens the register, made and migrated where needed, and closes it in the end.

    Raises:
        StoreError: it is busy, damaged, out of reach, not writable, or made by a newer program.
    """
    with open_store(address, schema.MIGRATIONS) as store:
        yield Register(store)


def insert_wave(connection: Connection, wave: Wave, instrument: Instrument, members: Roster) -> None:
    """Adds a wave with its frozen instrument and roster, in the transaction of the connection.

    Raises:
        WaveError: there is a wave with that id.
        DefinitionError: an earlier wave used other content under the same version or item ids.
    """
    if _find_by_id(connection, wave.wave_id) is not None:
        raise _taken(wave)
    _freeze(connection, instrument)
    connection.execute(insert(schema.wave), _wave_row(wave))
    copies = ((wave.wave_id, *_person_values(person)) for person in members.people)
    add_rows(connection, schema.wave_person, copies)


def _read_people(connection: Connection, kept: Select[Any], table: Table) -> Roster:
    ordered = kept.with_only_columns(*(table.c[name] for name in _PERSON_FIELDS)).order_by(
        table.c.person_id, table.c.active_from
    )
    return Roster(people=tuple(_person(*row) for row in connection.execute(ordered)))


def _person(*values: Any) -> Person:  # noqa: ANN401 - a row of the table, in the order of the fields
    return Person(**dict(zip(_PERSON_FIELDS, values, strict=True)))


def _select_waves() -> Select[Any]:
    frozen = schema.instrument.c
    return select(schema.wave, frozen.instrument_id, frozen.version).join(
        schema.instrument, frozen.instrument_hash == schema.wave.c.instrument_hash
    )


def _read_waves(connection: Connection) -> tuple[Wave, ...]:
    waves = (_wave_of(row) for row in connection.execute(_select_waves()).mappings())
    return tuple(sorted(waves, key=_wave_order))


def _wave_order(wave: Wave) -> tuple[date, str]:
    return wave.period.starts_on, wave.wave_id


def _find_by_id(connection: Connection, wave_id: str) -> Wave | None:
    row = connection.execute(_select_waves().where(schema.wave.c.wave_id == wave_id)).mappings().first()
    return None if row is None else _wave_of(row)


def _find_wave(connection: Connection, name: str) -> Wave | None:
    exact = _find_by_id(connection, name)
    if exact is not None:
        return exact
    rows = connection.execute(_select_waves().where(schema.wave.c.period == name)).mappings()
    found = sorted((_wave_of(row) for row in rows), key=_wave_order)
    if len(found) > 1:
        raise WaveError(
            "wave-ambiguous",
            f"{len(found)} campaigns have a wave of that period",
            where=name,
            hint=f"write one of: {_names(found)}",
        )
    return found[0] if found else None


def _wave(connection: Connection, name: str) -> Wave:
    wave = _find_wave(connection, name)
    if wave is None:
        known = _read_waves(connection)
        hint = f"the waves are: {_names(known)}" if known else "there is none yet; the first ingest opens one"
        raise WaveError("wave-unknown", "there is no such wave", where=name, hint=hint)
    return wave


def _names(waves: Iterable[Wave]) -> str:
    """The latest ones: a hint is no list of ten years."""
    ids = [wave.wave_id for wave in waves]
    return ", ".join((["..."] if len(ids) > _WAVES_NAMED else []) + ids[-_WAVES_NAMED:])


def _taken(wave: Wave) -> WaveError:
    return WaveError(
        "wave-exists",
        "there is a wave with that id",
        where=wave.wave_id,
        hint="choose another campaign or period",
    )


def _wave_of(row: RowMapping) -> Wave:
    return Wave(
        wave_id=row["wave_id"],
        campaign=row["campaign"],
        period=parse_period(row["period"]),
        instrument_id=row["instrument_id"],
        instrument_version=row["version"],
        instrument_hash=row["instrument_hash"],
        state=WaveState(row["state"]),
        is_external=row["is_external"],
        roster_date=row["roster_date"],
        policy=row["policy"],
        reason=row["reason"],
        unit_date=row["unit_date"],
    )


def _wave_row(wave: Wave) -> dict[str, object]:
    return {
        "wave_id": wave.wave_id,
        "campaign": wave.campaign,
        "period": wave.period.name,
        "instrument_hash": wave.instrument_hash,
        "state": wave.state.value,
        "is_external": wave.is_external,
        "roster_date": wave.roster_date,
        "policy": wave.policy,
        "reason": wave.reason,
        "unit_date": wave.unit_date,
    }


def _freeze(connection: Connection, instrument: Instrument) -> None:
    frozen = _frozen_instruments(connection)
    check_frozen(instrument, frozen)
    if instrument.content_hash not in {earlier.content_hash for earlier in frozen}:
        row = {
            "instrument_hash": instrument.content_hash,
            "instrument_id": instrument.instrument_id,
            "version": instrument.version,
            "document": document(instrument),
        }
        connection.execute(insert(schema.instrument), row)


def _frozen_instruments(connection: Connection) -> tuple[Instrument, ...]:
    frozen = schema.instrument.c
    documents = connection.execute(select(frozen.document).order_by(frozen.instrument_id, frozen.version))
    return tuple(instrument_from_document(row.document) for row in documents)
