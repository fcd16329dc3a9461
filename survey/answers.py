"""The answers of one wave: what was said about whom, by which group, and nothing of who said it.

Responses and drafts in, under keys that only the holder of a link can make; the same out. Closing
writes a new store in the order of new keys and deletes the old one whole. Nothing here knows a
rater, a relationship, a language or a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from survey import answers_schema as schema
from survey.config import Address, Settings
from survey.errors import StoreError, WaveError
from survey.store import Store, has_store, open_store, remove_store, write_store

_SEALED = "sealed"
_CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """What one rater answered about one subject, as it is kept. `content` is JSON.

    `is_straight` and `is_fast` say that it looks careless: long runs of the same value, or less
    time than reading takes. Both are judged while it is received; the time itself is not kept.
    """

    response_key: bytes
    subject_id: str
    reporting_group: str
    content: str
    is_straight: bool
    is_fast: bool


class Answers:
    """The open store of one wave's answers. Each method is one transaction."""

    def __init__(self, store: Store, wave_id: str) -> None:
        self._store = store
        self._wave_id = wave_id

    @property
    def is_sealed(self) -> bool:
        """True once closing has begun: nothing can be put or removed any more."""
        with self._store.reading() as connection:
            return _has_mark(connection, _SEALED)

    @property
    def is_closed(self) -> bool:
        """True if this is the store that closing wrote, in which no key leads to a link."""
        with self._store.reading() as connection:
            return _has_mark(connection, _CLOSED)

    def put_batch(self, responses: Sequence[StoredResponse], *, used_drafts: Sequence[bytes] = ()) -> None:
        """Keeps responses, each in the place of an earlier one with its key, and drops their drafts.

        Raises:
            WaveError: the store is sealed; nothing was kept.
        """
        with self._writing() as connection:
            if responses:
                connection.execute(
                    _PUT_RESPONSE[connection.dialect.name], [_values(one) for one in responses]
                )
            _drop(connection, used_drafts)

    def remove(self, response_keys: Sequence[bytes]) -> None:
        """Takes responses out again, as their raters want; keys that are not there do not matter.

        Raises:
            WaveError: the store is sealed; nothing was removed.
        """
        with self._writing() as connection:
            if response_keys:
                connection.execute(_REMOVE_RESPONSE, [{"key": key} for key in response_keys])

    def get(self, response_key: bytes) -> StoredResponse | None:
        """Returns the response with that key, or None."""
        rows = self._store.look_up(_GET_RESPONSE, {"key": response_key})
        return _response(rows[0]) if rows else None

    def put_draft(self, draft_key: bytes, sealed: bytes) -> None:
        """Keeps an encrypted draft in the place of the earlier one.

        Raises:
            WaveError: the store is sealed.
        """
        with self._writing() as connection:
            row = {"draft_key": draft_key, "sealed": sealed}
            connection.execute(_PUT_DRAFT[connection.dialect.name], row)

    def get_draft(self, draft_key: bytes) -> bytes | None:
        """Returns the encrypted draft with that key, or None."""
        rows = self._store.look_up(_GET_DRAFT, {"key": draft_key})
        return bytes(rows[0][0]) if rows else None

    def seal(self) -> None:
        """Refuses everything that would be put or removed from now on."""
        with self._store.writing() as connection:
            if not _has_mark(connection, _SEALED):
                _mark(connection, _SEALED)

    def responses(self) -> tuple[StoredResponse, ...]:
        """Returns every response, in the order of the keys."""
        with self._store.reading() as connection:
            return tuple(_response(row) for row in connection.execute(_ALL_RESPONSES))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._store.writing() as connection:
            if _has_mark(connection, _SEALED):
                raise _sealed(self._wave_id)
            yield connection


def make_answers(settings: Settings, wave_id: str) -> None:
    """Makes the empty store of a wave that is about to open; one that is there stays as it is.

    Raises:
        StoreError: the place is out of reach or cannot be written.
    """
    with open_store(settings.answers_address(wave_id), schema.MIGRATIONS):
        pass


@contextmanager
def open_answers(settings: Settings, wave_id: str) -> Iterator[Answers]:
    """Opens the answers of a wave: the ones that closing wrote if it did, else those collected.

    Raises:
        StoreError: there are none, or they are busy, damaged, or out of reach.
    """
    address = _address(settings, wave_id)
    if address is None:
        raise StoreError(
            "answers-missing",
            "there is no store of answers for this wave",
            where=wave_id,
            hint="it is made when the wave opens; if it is lost, put the last good copy in its place",
        )
    with open_store(address, schema.MIGRATIONS) as store:
        yield Answers(store, wave_id)


def write_closed(settings: Settings, wave_id: str, responses: Iterable[StoredResponse]) -> None:
    """Writes the closed store of a wave, in the order of its keys, and deletes the one collected.

    The closed store is there whole or not at all; from then on it is the wave's. If it is there
    already, only what is left of the old one is deleted: `responses` were decided before the crash.

    Raises:
        StoreError: a store is in use, out of reach or cannot be written.
    """
    rows = sorted((_values(one) for one in responses), key=lambda row: bytes(row["response_key"]))
    closed = settings.closed_answers_address(wave_id)

    def fill(connection: Connection) -> None:
        if rows:
            connection.execute(insert(schema.response), rows)
        _mark(connection, _SEALED)
        _mark(connection, _CLOSED)

    if not has_store(closed):
        write_store(closed, schema.MIGRATIONS, fill)
    remove_store(settings.answers_address(wave_id))


_FIELDS = tuple(field.name for field in fields(StoredResponse))
_RESPONSE = schema.response.c
_DRAFT = schema.draft.c
_ALL_RESPONSES = select(schema.response).order_by(_RESPONSE.response_key)
_GET_RESPONSE = select(schema.response).where(_RESPONSE.response_key == bindparam("key"))
_REMOVE_RESPONSE = delete(schema.response).where(_RESPONSE.response_key == bindparam("key"))
_GET_DRAFT = select(_DRAFT.sealed).where(_DRAFT.draft_key == bindparam("key"))
_REMOVE_DRAFT = delete(schema.draft).where(_DRAFT.draft_key == bindparam("key"))
_GET_MARK = select(schema.state.c.value).where(schema.state.c.name == bindparam("name"))


def _upsert(table: Table, key: str) -> dict[str, Executable]:
    """What is put replaces the row of its key; both databases can say that, each in its own dialect."""
    others = [column.name for column in table.c if column.name != key]
    file, server = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": file.on_conflict_do_update(
            index_elements=[key], set_={name: file.excluded[name] for name in others}
        ),
        "postgresql": server.on_conflict_do_update(
            index_elements=[key], set_={name: server.excluded[name] for name in others}
        ),
    }


_PUT_RESPONSE = _upsert(schema.response, "response_key")
_PUT_DRAFT = _upsert(schema.draft, "draft_key")


def _address(settings: Settings, wave_id: str) -> Address | None:
    places = (settings.closed_answers_address(wave_id), settings.answers_address(wave_id))
    return next((place for place in places if has_store(place)), None)


def _has_mark(connection: Connection, name: str) -> bool:
    return connection.execute(_GET_MARK, {"name": name}).scalar_one_or_none() is not None


def _mark(connection: Connection, name: str) -> None:
    connection.execute(insert(schema.state), {"name": name, "value": "1"})


def _drop(connection: Connection, draft_keys: Sequence[bytes]) -> None:
    if draft_keys:
        connection.execute(_REMOVE_DRAFT, [{"key": key} for key in draft_keys])


def _values(one: StoredResponse) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _FIELDS}


def _response(row: Sequence[Any]) -> StoredResponse:
    return StoredResponse(**dict(zip(_FIELDS, row, strict=True)))


def _sealed(wave_id: str) -> WaveError:
    return WaveError(
        "answers-sealed",
        "the wave is being closed or is closed; its answers cannot change any more",
        where=wave_id,
        hint="what was received before that counts",
    )
