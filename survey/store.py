"""A small store of records: opened, migrated, read and written in transactions.

A SQLite file, or a schema of a PostgreSQL database. Only this module knows which: what runs on the
connections is SQLAlchemy Core, and the two behave alike. There is one writer at a time, and who
reads sees one moment.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from survey.config import Address, ServerAddress
from survey.errors import StoreError
from survey.store_refusal import refusal_of, unreachable, unwritable

BUSY_TIMEOUT_SECONDS = 10.0
_CONNECT_TIMEOUT_SECONDS = 10
_PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "secure_delete = on")
_SIDE_FILES = ("-wal", "-shm", "-journal")
_TYPES = {
    "sqlite": {"bytes": "blob", "by_key": "without rowid"},
    "postgresql": {"bytes": "bytea", "by_key": ""},
}
"""What a migration writes as `$bytes` and, after a table that its key alone orders, `$by_key`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of a schema; it runs once in the life of a store, as a whole or not at all."""

    version: int
    statements: tuple[str, ...]


class Store:
    """An open store. Each `with` is one transaction: all of it is kept, or nothing.

    May be used by several threads at once; each transaction has a connection of its own.
    """

    def __init__(self, engine: Engine, address: Address) -> None:
        self._reader = _reading_engine(engine)
        self._writer = engine.execution_options(is_writing=True)
        self._address = address

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yields a connection that sees one moment of the store."""
        with _plainly(self._address), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yields a connection that nobody else writes beside, so that what it read still holds."""
        with _plainly(self._address), self._writer.begin() as connection:
            yield connection


@contextmanager
def open_store(address: Address, migrations: Sequence[Migration]) -> Iterator[Store]:
    """Opens a store, made and migrated where needed, and closes it in the end.

    A new file is readable for its owner only, and so is a folder that had to be made. In a
    database the schema is made; the database itself and the right to use it must be there.

    Raises:
        StoreError: the store is busy, damaged, out of reach, not writable, or made by a newer
            program.
    """
    engine = _server_engine(address) if isinstance(address, ServerAddress) else _file_engine(address)
    store = Store(engine, address)
    try:
        _migrate(store, address, migrations)
        yield store
    finally:
        engine.dispose()


def has_store(address: Address) -> bool:
    """True if a store was made there. Makes nothing.

    Raises:
        StoreError: the database server cannot be asked.
    """
    if not isinstance(address, ServerAddress):
        return address.exists()
    engine = _server_engine(address)
    try:
        with Store(engine, address).reading() as connection:
            return inspect(connection).has_table("schema_version")
    finally:
        engine.dispose()


def write_store(
    address: Address, migrations: Sequence[Migration], fill: Callable[[Connection], None]
) -> None:
    """Makes a store that is there with everything `fill` writes into it, or is not there at all.

    Raises:
        StoreError: the place is in use, out of reach or cannot be written.
    """
    if isinstance(address, ServerAddress):
        _write_schema(address, migrations, fill)
        return
    unfinished = address.with_name(address.name + ".new")
    remove_store(unfinished)
    with open_store(unfinished, migrations) as store, store.writing() as connection:
        fill(connection)
    unfinished.replace(address)
    sync_folder(address.parent)


def remove_store(address: Address) -> None:
    """Deletes a store with everything in it, if there is one; nobody may have it open.

    Raises:
        StoreError: the store is in use, out of reach or not ours to delete.
    """
    if isinstance(address, ServerAddress):
        _drop_schema(address)
    else:
        for path in files_of(address):
            path.unlink(missing_ok=True)
        if address.parent.exists():
            sync_folder(address.parent)


def files_of(path: Path) -> tuple[Path, ...]:
    """Returns the file of a store and the files that SQLite keeps beside it, the store's own last."""
    return (*(path.with_name(path.name + ending) for ending in _SIDE_FILES), path)


def sync_folder(folder: Path) -> None:
    """Makes sure that names made, changed or taken out of a folder outlive a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def add_rows(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    """Adds many rows to a table, with the values in the order of its columns.

    On SQLite it goes straight to the driver, converted column by column: three times as fast as
    an `insert()` for each of 200,000 people.
    """
    if connection.dialect.name != "sqlite":
        names = [column.name for column in table.columns]
        named = [dict(zip(names, row, strict=True)) for row in rows]
        if named:
            connection.execute(insert(table), named)
        return
    dialect = connection.dialect
    statement = str(insert(table).compile(dialect=dialect))
    convert = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    values = [
        tuple(
            value if to_driver is None else to_driver(value)
            for to_driver, value in zip(convert, row, strict=True)
        )
        for row in rows
    ]
    if values:
        connection.exec_driver_sql(statement, values)


def _file_engine(path: Path) -> Engine:
    _make_file(path)
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, hide_parameters=True
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_file)
    return engine


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise unwritable(str(path)) from error


def _configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Python's sqlite3 begins transactions by its own rules, and never before DDL; here we begin them."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_file(connection: Connection) -> None:
    """A writer takes its lock at once: one that reads first could find its reading outdated."""
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("begin immediate" if is_writing else "begin")


def _server_engine(address: ServerAddress) -> Engine:
    """Every table is found by its bare name, as in a file, and a commit is on disk when it returns."""
    options = (
        f"-c search_path={address.schema} -c synchronous_commit=on"
        f" -c lock_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)} -c application_name=pmhealth"
    )
    arguments = {"options": options, "connect_timeout": _CONNECT_TIMEOUT_SECONDS}
    try:
        url = make_url(address.url).set(drivername="postgresql+psycopg")
    except ArgumentError:
        raise unreachable(_place(address)) from None  # the error quotes the address, with its password
    engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    key = _lock_key(address)
    event.listen(engine, "begin", lambda connection: _begin_on_server(connection, key))
    return engine


def _begin_on_server(connection: Connection, key: int) -> None:
    """One writer at a time here too; the lock goes with the transaction, whatever ends it."""
    if connection.get_execution_options().get("is_writing", False):
        connection.execute(_LOCK, {"key": key})


_LOCK = text("select pg_advisory_xact_lock(:key)")


def _lock_key(address: ServerAddress) -> int:
    digest = hashlib.sha256(address.schema.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def _reading_engine(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _write_schema(
    address: ServerAddress, migrations: Sequence[Migration], fill: Callable[[Connection], None]
) -> None:
    engine = _server_engine(address)
    try:
        with Store(engine, address).writing() as connection:
            connection.execute(text(f"drop schema if exists {address.schema} cascade"))
            connection.execute(text(f"create schema {address.schema}"))
            _apply(connection, migrations)
            fill(connection)
    finally:
        engine.dispose()


def _drop_schema(address: ServerAddress) -> None:
    engine = _server_engine(address)
    try:
        with Store(engine, address).writing() as connection:
            connection.execute(text(f"drop schema if exists {address.schema} cascade"))
    finally:
        engine.dispose()


def _migrate(store: Store, address: Address, migrations: Sequence[Migration]) -> None:
    with store.reading() as connection:
        version = _version(connection)
    if version > migrations[-1].version:
        raise StoreError(
            "store-newer",
            "the store was made by a newer version of this program",
            where=_place(address),
            hint="install the version of pmhealth that was used last",
        )
    if version < migrations[-1].version:
        with store.writing() as connection:
            if isinstance(address, ServerAddress):
                connection.execute(text(f"create schema if not exists {address.schema}"))
            _apply(connection, migrations)


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.execute(text("select max(version) from schema_version")).scalar_one())


def _apply(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Asks for the version again: another process may have migrated while this one waited."""
    version = _version(connection)
    if version == 0:
        connection.execute(text("create table schema_version (version integer not null primary key)"))
    for migration in migrations:
        if migration.version > version:
            for statement in migration.statements:
                connection.execute(text(Template(statement).substitute(_TYPES[connection.dialect.name])))
            connection.execute(
                text("insert into schema_version (version) values (:version)"), {"version": migration.version}
            )


@contextmanager
def _plainly(address: Address) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        refusal = refusal_of(error, _place(address))
        if refusal is None:
            raise
        raise refusal from error


def _place(address: Address) -> str:
    return address.schema if isinstance(address, ServerAddress) else address.name
