"""A lock between processes of one machine: what must not run twice at the same moment takes it.

It is a lock of the operating system on a file, so it ends with its process, however that ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from survey.errors import StoreError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Holds the lock of that file until the end; it does not wait for another holder.

    Raises:
        StoreError: another process holds it, or the file cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error):
        raise _unusable(path) from None
    with closing(connection):
        _take(connection, path)
        yield


def _take(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("begin exclusive")
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            raise _unusable(path) from None
        raise StoreError(
            "already-running",
            "another process is doing this right now",
            where=path.stem,
            hint="wait until it has ended, then run this again",
        ) from None


def _unusable(path: Path) -> StoreError:
    return StoreError(
        "lock-unwritable",
        "the file that keeps two processes apart cannot be made",
        where=str(path),
        hint="check that the folder is yours to write and that the disk has room",
    )
