"""DuckDB read-write: the one file that opens the warehouse and runs `.sql` files in it.

Every statement with logic in it is a bare SELECT in `pipeline/sql/`; this module wraps it into
`create table as` or `insert into`, binds its `$named` parameters, and hands back Arrow tables.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.errors import SourceError, StoreBusyError
from pipeline.received import LongFile
from survey.errors import HealthError, StoreError

THREADS = 2
SQL_PATH = Path(__file__).with_name("sql")
_PARAMETER = re.compile(r"\$([a-z_]+)")
_LINE = re.compile(r"[Ll]ine:? (\d+)")
_NAME = re.compile(r"[a-z_]+(\.[a-z_]+){0,2}")


@cache
def read_sql(name: str) -> str:
    """Returns the text of `pipeline/sql/<name>.sql`, for example `marts/item`."""
    return (SQL_PATH / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(slots=True)
class Transaction:
    """A running transaction; clear `is_kept` to undo it in the end."""

    is_kept: bool = True


class Warehouse:
    """An open warehouse. Table names are ours, never user input; values are always bound."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, threads: int) -> None:
        self.connection = connection
        self.threads = threads

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Returns the rows of a `.sql` file."""
        text = read_sql(name)
        return self.connection.execute(text, _bind(text, parameters)).to_arrow_table()

    def rows(self, table: str) -> pa.Table:
        """Returns a whole table."""
        return self.connection.execute(" ".join(("from", _checked(table)))).to_arrow_table()

    def compare(self, table: str, other: str) -> tuple[int, int, int]:
        """Returns how many rows a table has, how many only it has, and how many only the other has."""
        one, two = _checked(table), _checked(other)
        counts = []
        for rows in (f"from {one}", f"from {one} except all from {two}", f"from {two} except all from {one}"):
            row = self.connection.execute(" ".join(("select count(*) from (", rows, ")"))).fetchone()
            counts.append(int(row[0]) if row else 0)
        return counts[0], counts[1], counts[2]

    def create(self, table: str, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Makes a table anew from the rows of a `.sql` file."""
        text = read_sql(name)
        head = " ".join(("create or replace table", _checked(table), "as\n"))
        self.connection.execute(head + text, _bind(text, parameters))

    def append(self, table: str, name: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Adds the rows of a `.sql` file to a table, by column name; returns how many."""
        text = read_sql(name)
        head = " ".join(("insert into", _checked(table), "by name\n"))
        row = self.connection.execute(head + text, _bind(text, parameters)).fetchone()
        return int(row[0]) if row else 0

    def add_rows(self, table: str, arriving_rows: pa.Table) -> None:  # DuckDB finds it by its name
        """Adds an Arrow table to a table, by column name."""
        self.connection.execute(" ".join(("insert into", _checked(table), "by name from arriving_rows")))

    def put_rows(self, table: str, arriving_rows: pa.Table) -> None:  # DuckDB finds it by its name
        """Makes a table anew from an Arrow table."""
        self.connection.execute(
            " ".join(("create or replace table", _checked(table), "as from arriving_rows"))
        )

    def delete(self, table: str, column: str, value: object) -> None:
        """Deletes the rows of a table whose column has that value."""
        self.connection.execute(
            " ".join(("delete from", _checked(table), "where", _checked(column), "= $value")),
            {"value": value},
        )

    def create_temporary(self, table: str, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Makes a table anew, in memory and for this connection only, from the rows of a `.sql` file."""
        text = read_sql(name)
        head = " ".join(("create or replace temp table", _checked(table), "as\n"))
        self.connection.execute(head + text, _bind(text, parameters))

    def hold_rows(self, name: str, rows: pa.Table) -> None:
        """Lets `.sql` files read an Arrow table under a name, for this connection only."""
        self.connection.register(_checked(name), rows)

    def define(self, name: str, arguments: tuple[str, ...], expression: str) -> None:
        """Names an SQL expression over columns, so that `.sql` files can call it."""
        named = "".join((_checked(name), "(", ", ".join(map(_checked, arguments)), ")"))
        self.connection.execute(" ".join(("create or replace temp macro", named, "as", expression)))

    def unite(self, view: str, tables: tuple[str, ...]) -> None:
        """Lets `.sql` files read the rows of several tables as those of one, by column name."""
        rows = " union all by name ".join(" ".join(("from", _checked(table))) for table in tables)
        self.connection.execute(" ".join(("create or replace view", _checked(view), "as", rows)))

    @contextmanager
    def beside(self) -> Iterator["Warehouse"]:
        """Opens a second connection, for another thread: it sees the same tables, but not those of one connection only."""
        with self.connection.cursor() as connection:
            yield Warehouse(connection, self.threads)

    def mark(self, table: str, column: str, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Sets a boolean column on the rows whose `row_no` (row id) a `.sql` file selects."""
        text = read_sql(name)
        head = " ".join(("update", _checked(table), "set", _checked(column), "= true where rowid in (\n"))
        self.connection.execute("".join((head, text, ")")), _bind(text, parameters))

    def delete_listed(self, table: str, listing: str) -> None:
        """Deletes the rows of a table whose row ids stand in the column `row_no` of another."""
        self.connection.execute(
            " ".join(
                ("delete from", _checked(table), "where rowid in (select row_no from", _checked(listing), ")")
            )
        )

    def set_state(self, table: str, state: str, column: str, value: object) -> None:
        """Sets `state` on the rows of a table whose column has that value."""
        self.connection.execute(
            " ".join(("update", _checked(table), "set state = $state where", _checked(column), "= $value")),
            {"state": state, "value": value},
        )

    def move_to_superseded(self, batch_no: int, *, rows: int, answers: int) -> None:
        """Corrects a batch's counts after a later file replaced some of its rows and answers."""
        self.connection.execute(
            read_sql("load/move_to_superseded"), {"batch_no": batch_no, "rows": rows, "answers": answers}
        )

    def view_long_file(self, file: LongFile, columns: tuple[str, ...]) -> None:
        """Lets `.sql` files read a canonical long CSV as `received`, without taking it into memory."""
        fields = {header: name for name, header in file.columns.items()}
        names = {fields.get(header, f"unused_{place}"): "VARCHAR" for place, header in enumerate(columns)}
        shape = ("wave", "subject", "relationship", "rater", "response", "item", "value", "submitted_at")
        self.hold_rows("received_shape", pa.schema([(name, pa.string()) for name in shape]).empty_table())
        text = read_sql("load/received_long")
        parameters = {
            "path": str(file.path),
            "delimiter": file.delimiter,
            "header_lines": file.header_lines,
            "columns": names,
            "value_column": columns.index(file.columns["value"]) + 1,
        }
        for name, value in parameters.items():
            self.connection.execute(" ".join(("set variable", _checked(name), "= $value")), {"value": value})
        self.connection.execute("create or replace temp view received as\n" + text)

    @contextmanager
    def reading_file(self) -> Iterator[None]:
        """Turns what DuckDB says of a damaged long file into a sentence without its content.

        Raises:
            SourceError: a record is not as the header says, or not in UTF-8.
        """
        try:
            yield
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            line = _LINE.search(str(error))
            raise SourceError(
                "source-damaged",
                "a record of the file cannot be read as its header says",
                where=f"line {line[1]}" if line else "",
                hint="open the file there: most often a quotation mark is not closed, a cell is too many, or the "
                "file is not in UTF-8",
            ) from None

    def drop(self, table: str) -> None:
        """Drops a table if it is there."""
        self.connection.execute(" ".join(("drop table if exists", _checked(table))))

    def run_script(self, name: str) -> None:
        """Runs a schema file: several `create ... if not exists` statements."""
        self.connection.execute(read_sql(name))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commits what happens inside, unless it fails or says that it shall not be kept."""
        transaction = Transaction()
        self.connection.execute("begin")
        try:
            yield transaction
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit" if transaction.is_kept else "rollback")

    @contextmanager
    def attached(self, path: Path | str, alias: str, options: str = "") -> Iterator[None]:
        """Opens another DuckDB file under an alias; DuckDB writes the alias, not the path, into it."""
        quoted = str(path).replace("'", "''")
        self.connection.execute(" ".join(("attach", f"'{quoted}'", "as", _checked(alias), options)))
        try:
            yield
        finally:
            self.connection.execute(" ".join(("detach", _checked(alias))))

    @contextmanager
    def release_file(self, path: Path, *, is_numbers_only: bool = False) -> Iterator[None]:
        """Opens a new release file as `release`, so that the same rows make the same bytes.

        DuckDB writes full segments of text, floating-point numbers packed by ALP, and what stands
        behind a null, together with whatever was in memory there before: bytes that differ from run
        to run and might be answers. Small row groups never fill a segment of text, floating-point
        numbers are not packed so, and no column of a release may be null. Tables of numbers alone
        are written into groups of the usual size, which takes half as long; no groups are put
        together then, or texts would get into large ones too.
        """
        size = "" if is_numbers_only else "(row_group_size 4096)"
        self.connection.execute("set disabled_compression_methods = 'alp,alprd,fsst,dict_fsst,zstd'")
        self.connection.execute("set max_vacuum_tasks = 0")
        try:
            with self.using_threads(1), self.attached(path, "release", size):
                yield
                self.connection.execute("checkpoint release")
        finally:
            self.connection.execute("reset disabled_compression_methods")
            self.connection.execute("reset max_vacuum_tasks")

    @contextmanager
    def using_threads(self, count: int) -> Iterator[None]:
        """Has so many threads work on each statement of every connection."""
        (before,) = self.connection.execute("select current_setting('threads')").fetchall()[0]
        self.connection.execute("set threads = $value", {"value": count})
        try:
            yield
        finally:
            self.connection.execute("set threads = $value", {"value": before})

    def copy_rows(self, table: str, source: str, column: str = "", unless: object = None) -> None:
        """Adds the rows of a table to one with the same columns, in their order, unless a column has a value.

        Columns that an older file does not have get their default.
        """
        copying = " ".join(("insert into", _checked(table), "by name from", _checked(source)))
        if column:
            self.connection.execute(
                " ".join((copying, "where", _checked(column), "<> $unless")), {"unless": unless}
            )
        else:
            self.connection.execute(copying)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        message = f"not a table name: {name}"
        raise AssertionError(message)
    return name


def _bind(text: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """DuckDB refuses parameters that a statement does not use, so only those it names are bound.

    The number of a wave is bound as tables have it: DuckDB would else widen the column, and look at every row of all
    waves instead of leaving out what lies elsewhere.
    """
    wanted = set(_PARAMETER.findall(text))
    bound = {key: value for key, value in (parameters or {}).items() if key in wanted}
    if "wave_no" in bound:
        bound["wave_no"] = duckdb.Value(bound["wave_no"], duckdb.sqltypes.USMALLINT)
    return bound


def _memory() -> int:
    """Bytes for DuckDB: a quarter of the machine's memory, but 2 GB at least, since nothing may be spilled."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(2_000_000_000, machine // 4)


def _unopened(path: Path, error: duckdb.IOException) -> HealthError:
    if "lock" in str(error):
        return StoreBusyError(
            "warehouse-busy",
            "the warehouse is open in another process",
            where=path.name,
            hint="wait until the other ingest or publish has ended, then run this again",
        )
    return StoreError(
        "warehouse-damaged",
        "the warehouse cannot be opened: it is damaged, or not yours to read and write",
        where=path.name,
        hint="check the rights on its folder, or put its last good copy in its place",
    )


@contextmanager
def open_warehouse(path: Path, *, threads: int = THREADS) -> Iterator[Warehouse]:
    """Opens the warehouse file, made and migrated where needed, and closes it in the end.

    Nothing is ever spilled to disk: what a file says of its raters is pseudonymised in memory.

    Raises:
        StoreBusyError: another process has the file open.
        StoreError: it is damaged, or may not be read and written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise _unopened(path, error) from error
    try:
        connection.execute("set threads = $value", {"value": threads})
        connection.execute("set memory_limit = $value", {"value": f"{_memory()}B"})
        connection.execute("set temp_directory = ''")
        warehouse = Warehouse(connection, threads)
        warehouse.run_script("schema/warehouse")
        yield warehouse
    finally:
        connection.close()


@contextmanager
def open_in_memory() -> Iterator[Warehouse]:
    """Opens an empty warehouse that no file has, and forgets it in the end."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("set temp_directory = ''")
        warehouse = Warehouse(connection, THREADS)
        warehouse.run_script("schema/warehouse")
        yield warehouse
