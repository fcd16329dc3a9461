"""The warehouse's own connection as an SQLAlchemy engine, lent for reading.

Great Expectations speaks SQLAlchemy, closes its connection before it fetches, and rolls back what
it did not begin. So what it gets is a driver in which a cursor holds its few rows itself, and in
which commit, rollback and close do nothing: connection and transaction stay the caller's.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias

import sqlalchemy as sa

from pipeline.warehouse import Warehouse

Row: TypeAlias = tuple[Any, ...]


def borrow(warehouse: Warehouse) -> sa.Engine:
    """Returns an engine whose every connection is the warehouse's, in its open transaction."""
    return sa.create_engine("duckdb://", creator=lambda: _Connection(warehouse), poolclass=sa.StaticPool)


class _Connection:
    """A connection as a driver has one."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def cursor(self) -> "_Cursor":
        return _Cursor(self._warehouse)

    def begin(self) -> None:
        """Leaves the caller's transaction as it is."""

    def commit(self) -> None:
        """Leaves the caller's transaction as it is."""

    def rollback(self) -> None:
        """Leaves the caller's transaction as it is."""

    def close(self) -> None:
        """Leaves the caller's connection open."""


class _Cursor:
    """A cursor as a driver has one, with the rows of one statement fetched at once."""

    rowcount = -1

    def __init__(self, warehouse: Warehouse) -> None:
        self._connection = warehouse.connection
        self._rows: Iterator[Row] = iter(())
        self.description: Sequence[Row] | None = None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        self._connection.execute(statement, parameters)
        self.description = self._connection.description
        self._rows = iter(self._connection.fetchall())

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Row]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())
