"""A small store of records: opened, migrated, read and written in transactions.

A SQLite file, or a schema of a PostgreSQL database, behind the same calls: what runs on the
connections is SQLAlchemy Core, and both behave alike. There is one writer at a time, and who reads
sees one moment.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from sqlalchemy import Connection, Select, Table, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from survey.config import Address, ServerAddress
from survey.errors import StoreError
from survey.store_connection import (
    Connections,
    make_engine,
    read_connections,
    single_connections,
    write_connections,
)
from survey.store_refusal import busy, place_of, refusal_of

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

    def __init__(self, address: Address) -> None:
        self._address = address
        self._engine = make_engine(address)
        self._readers = read_connections(self._engine)
        self._writers = write_connections(self._engine, address)
        self._singles = single_connections(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yields a connection that sees one moment of the store."""
        with self._transaction(self._readers) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yields a connection that nobody else writes beside, so that what it read still holds."""
        with self._transaction(self._writers) as connection:
            yield connection

    def look_up(self, statement: Select[Any], parameters: Mapping[str, object]) -> Sequence[Any]:
        """Returns the rows of one SELECT: the quick way, for what each page asks."""
        try:
            return self._ask(statement, parameters)
        except StoreError as refused:
            if refused.code != "store-unreachable":
                raise
            self._singles.close()  # a server that was started anew has cut what we kept
            return self._ask(statement, parameters)

    def _ask(self, statement: Select[Any], parameters: Mapping[str, object]) -> Sequence[Any]:
        with self._transaction(self._singles) as connection:
            return connection.execute(statement, parameters).all()

    def compact(self, tables: Iterable[str]) -> None:
        """Writes the store anew, so that its files keep nothing of what was changed or deleted.

        A file is written anew as a whole, and its log is emptied. In a database the named tables are;
        its own log and its copies are the server's.

        Raises:
            StoreError: another process is in the store; nothing was lost.
        """
        with self._transaction(self._singles) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("pragma temp_store = memory")
                connection.exec_driver_sql("vacuum")
                if connection.exec_driver_sql("pragma wal_checkpoint(truncate)").scalar_one():
                    raise busy(place_of(self._address))
            else:
                for table in tables:
                    connection.exec_driver_sql(" ".join(("vacuum full", table)))

    def close(self) -> None:
        """Closes every connection; the store must not be used any more."""
        for connections in (self._readers, self._writers, self._singles):
            connections.close()

    @contextmanager
    def _transaction(self, connections: Connections) -> Iterator[Connection]:
        try:
            connection = connections.take()
            try:
                yield connection
                connection.commit()
            except BaseException:
                connections.throw_away(connection)
                raise
            connections.give_back(connection)
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
            refusal = refusal_of(error, place_of(self._address))
            if refusal is None:
                raise
            raise refusal from error


@contextmanager
def open_store(address: Address, migrations: Sequence[Migration]) -> Iterator[Store]:
    """Opens a store, made and migrated where needed, and closes it in the end.

    A new file is readable for its owner only, and so is a folder that had to be made. In a
    database the schema is made; the database itself and the right to use it must be there.

    Raises:
        StoreError: the store is busy, damaged, out of reach, not writable, or made by a newer
            program.
    """
    with closing(Store(address)) as store:
        _migrate(store, address, migrations)
        yield store


def has_store(address: Address) -> bool:
    """True if a store was made there. Makes nothing.

    Raises:
        StoreError: the database server cannot be asked.
    """
    if not isinstance(address, ServerAddress):
        return address.exists()
    with closing(Store(address)) as store, store.reading() as connection:
        return inspect(connection).has_table("schema_version")


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


def _write_schema(
    address: ServerAddress, migrations: Sequence[Migration], fill: Callable[[Connection], None]
) -> None:
    with closing(Store(address)) as store, store.writing() as connection:
        connection.execute(text(f"drop schema if exists {address.schema} cascade"))
        connection.execute(text(f"create schema {address.schema}"))
        _apply(connection, migrations)
        fill(connection)


def _drop_schema(address: ServerAddress) -> None:
    with closing(Store(address)) as store, store.writing() as connection:
        connection.execute(text(f"drop schema if exists {address.schema} cascade"))


def _migrate(store: Store, address: Address, migrations: Sequence[Migration]) -> None:
    with store.reading() as connection:
        version = _version(connection)
    if version > migrations[-1].version:
        raise StoreError(
            "store-newer",
            "the store was made by a newer version of this program",
            where=place_of(address),
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
