"""The measure of all: plain DuckDB reads the file into a table, as fast as it can."""

import sys
from pathlib import Path

import duckdb

from bench.folder import cleared


def read_raw(folder: Path, thread_count: int) -> None:
    """Makes a DuckDB file with the answers as they stand in the CSV."""
    database = cleared(folder / "raw") / "raw.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("set threads = $count", {"count": thread_count})
        text = "create table answer as select * from read_csv($path)"
        connection.execute(text, {"path": str(folder / "answers.csv")})


if __name__ == "__main__":
    read_raw(Path(sys.argv[1]), int(sys.argv[2]))
