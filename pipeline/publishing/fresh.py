"""The rows of a wave as its release will have them, and every row that it will tell with those of earlier waves.

`fresh` and `every` are databases in memory. Whatever is worked out from the numbers of several waves reads
these, so that the release's file is there to be written only, while other threads are still working.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa

from pipeline.publishing.earlier import Name
from pipeline.publishing.staging import Staging, arrow_table
from pipeline.warehouse import Warehouse

_SEVERAL = ("subject", "spread", "block", "block_item", "unit_load", "cell")
"""Tables that are read over several waves."""

_FRESH = {
    "subject": "released_subject",
    "spread": "released_spread",
    "block": "released_block",
    "block_item": "released_block_item",
    "relationship_item": "released_relationship_item",
    "unit_load": "released_unit_load",
    "cell": "cell",
}
"""Tables of one wave, and the SQL file of each."""


@contextmanager
def workshop(warehouse: Warehouse) -> Iterator[None]:
    """Opens the databases in memory that a release is made in, and forgets them in the end."""
    with (
        warehouse.attached(":memory:", "stage"),
        warehouse.attached(":memory:", "fresh"),
        warehouse.attached(":memory:", "every"),
    ):
        yield


def name_numbers(warehouse: Warehouse, scopes: Mapping[Name, int], measures: Mapping[Name, int]) -> None:
    """Makes `fresh.scope` and `fresh.measure`, which hold the names of all waves."""
    for table, numbers in (("scope", scopes), ("measure", measures)):
        columns = {f"{table}_no": pa.int32(), table: pa.string(), f"{table}_id": pa.string()}
        rows = ((number, *name) for name, number in numbers.items())
        warehouse.put_rows(f"fresh.{table}", arrow_table(columns, rows))


def make_fresh(staging: Staging) -> None:
    """Makes the tables of the staged wave, in order, and what is told with those of earlier waves."""
    for table, query in _FRESH.items():
        staging.warehouse.create(f"fresh.{table}", f"publish/{query}", staging.parameters())
    there = staging.earlier.tables
    for table in _SEVERAL:
        earlier = (f"previous.{table}",) if table in there else ()
        staging.warehouse.unite(f"every.{table}", (*earlier, f"fresh.{table}"))


def tell_only(warehouse: Warehouse, database: str) -> None:
    """Lets `every` be the rows of one database that has all of them."""
    for table in _SEVERAL:
        warehouse.unite(f"every.{table}", (f"{database}.{table}",))


def names_in(tables: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """Returns the tables that are there, in their order: one of an older format has fewer."""
    found = frozenset(there)
    return tuple(table for table in tables if table in found)
