"""Connections to a SQLite file or a PostgreSQL schema, begun the same way and kept open.

Both drivers are told to begin nothing by themselves: a connection that is taken for reading or for
writing begins with a statement of ours. One that is done is kept for the next, since opening one,
and asking a pool for it, cost more than most of what a page needs.
"""

import hashlib
import os
import sqlite3
from collections import deque
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from survey.config import Address, ServerAddress
from survey.store_refusal import is_out_of_reach, unreachable, unwritable

BUSY_TIMEOUT_SECONDS = 10.0
_CONNECT_TIMEOUT_SECONDS = 10
_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "secure_delete = on",
    "cache_size = -512",  # kB for each connection: the form holds several, and rows are few
)
_BEGIN = "begin_statement"


class Connections:
    """Connections of one kind: every one of them begins alike. Several threads may take some at once."""

    def __init__(self, engine: Engine, begin_statement: str | None) -> None:
        self._engine = engine.execution_options(**{_BEGIN: begin_statement})
        self._idle: deque[Connection] = deque()

    def take(self) -> Connection:
        """Returns a connection that has begun; it is given back, or thrown away."""
        while (kept := self._pop()) is not None:
            if self._has_begun(kept):
                return kept
        connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            self.throw_away(connection)
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keeps a connection that has committed."""
        self._idle.append(connection)

    def throw_away(self, connection: Connection) -> None:
        """Closes a connection in whatever state it is; what it did not commit is undone."""
        connection.invalidate()
        connection.close()

    def close(self) -> None:
        """Closes every connection that is kept."""
        while (connection := self._pop()) is not None:
            self.throw_away(connection)

    def _pop(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _has_begun(self, connection: Connection) -> bool:
        """A server that was started anew has closed what we kept; that is no reason to fail."""
        try:
            connection.begin()
        except self._engine.dialect.loaded_dbapi.Error as error:
            self.throw_away(connection)
            if not is_out_of_reach(error):
                raise
            return False
        return True


def make_engine(address: Address) -> Engine:
    """Returns the engine for an address, with no pool of its own.

    A file that is not there is made, readable for its owner only, and so is its folder.

    Raises:
        StoreError: the file cannot be made, or the address of the server is none.
    """
    engine = _server_engine(address) if isinstance(address, ServerAddress) else _file_engine(address)
    event.listen(engine, "begin", _begin)
    return engine


def read_connections(engine: Engine) -> Connections:
    """Returns connections that see one moment of the store."""
    repeatable = "begin isolation level repeatable read read only"
    return Connections(engine, "begin" if engine.dialect.name == "sqlite" else repeatable)


def write_connections(engine: Engine, address: Address) -> Connections:
    """Returns connections of which one writes at a time, on both databases.

    A writer takes its lock at once: one that reads first could find its reading outdated. On a
    server it is a lock on the schema's name, which goes with the transaction, whatever ends it.
    """
    if isinstance(address, ServerAddress):
        return Connections(engine, f"begin; select pg_advisory_xact_lock({_lock_key(address)})")
    return Connections(engine, "begin immediate")


def single_connections(engine: Engine) -> Connections:
    """Returns connections on which each statement is a transaction of its own."""
    return Connections(engine, None)


def _begin(connection: Connection) -> None:
    """Straight to the driver: two statements in one are a journey less."""
    statement = connection.get_execution_options().get(_BEGIN)
    if statement is not None:
        cursor = connection.connection.cursor()
        cursor.execute(statement)
        cursor.close()


def _file_engine(path: Path) -> Engine:
    _make_file(path)
    address = f"file:{quote(str(path))}?mode=rw"  # a store that was deleted meanwhile is not made again

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, timeout=BUSY_TIMEOUT_SECONDS, check_same_thread=False, uri=True)

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=NullPool)
    event.listen(engine, "connect", _configure)
    return engine


def _make_file(path: Path) -> None:
    """For its owner only, and for the group where the folder says so: SQLite's side files follow."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if is_new:
            os.fchmod(handle, 0o600 | path.parent.stat().st_mode & 0o060)
        os.close(handle)
    except OSError as error:
        raise unwritable(str(path)) from error


def _configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Python's sqlite3 begins transactions by its own rules, and never before DDL; here we begin them."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _server_engine(address: ServerAddress) -> Engine:
    """Every table is found by its bare name, as in a file, and a commit is on disk when it returns."""
    options = (
        f"-c search_path={address.schema} -c synchronous_commit=on"
        f" -c lock_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)} -c application_name=pmhealth"
    )
    try:
        url = make_url(address.url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise unreachable(address.schema) from None  # the error quotes the address, with its password
    return create_engine(
        url,
        connect_args={"options": options, "connect_timeout": _CONNECT_TIMEOUT_SECONDS},
        hide_parameters=True,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",  # of the driver; transactions are begun by `_begin`
    )


def _lock_key(address: ServerAddress) -> int:
    digest = hashlib.sha256(address.schema.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
