"""A release file holds its rows and nothing of what was in memory before."""

import hashlib
import shutil
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from pipeline.warehouse import open_warehouse

pytestmark = pytest.mark.thorough


def written(warehouse, path):
    """Writes as many texts as a large organisation has names, as many numbers as it has cells, and a few spreads."""
    names = pa.table({"name": [f"A name of usual length {place}" for place in range(20_000)]})
    cells = pa.table({"score": [Decimal(place * 37 % 4_000) / 1_000 for place in range(300_000)]})
    spreads = pa.table({"variance": [place / 7 for place in range(252)]})
    with warehouse.release_file(path):
        warehouse.put_rows("release.text", names)
    with warehouse.release_file(path, is_numbers_only=True):
        warehouse.put_rows("release.number", cells)
        warehouse.put_rows("release.spread", spreads)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packed(path):
    """How the columns of a file are packed."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = "select distinct compression from pragma_storage_info($table)"
        tables = ("text", "number", "spread")
        return {
            name for table in tables for (name,) in connection.execute(columns, {"table": table}).fetchall()
        }


def test_release_file_when_written_then_nothing_is_packed_with_gaps_that_are_never_filled(tmp_path):
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        written(warehouse, tmp_path / "release.duckdb")
    assert packed(tmp_path / "release.duckdb").isdisjoint({"ALP", "ALPRD", "FSST", "DICT_FSST", "ZSTD"})


def test_release_file_when_opened_again_for_numbers_then_texts_stay_in_small_groups(tmp_path):
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        written(warehouse, tmp_path / "release.duckdb")
        shutil.copyfile(tmp_path / "release.duckdb", tmp_path / "next.duckdb")
        with warehouse.release_file(tmp_path / "next.duckdb", is_numbers_only=True):
            warehouse.put_rows("release.more", pa.table({"score": [Decimal(1)] * 10_000}))
    with duckdb.connect(str(tmp_path / "next.duckdb"), read_only=True) as connection:
        sizes = "select max(count) from pragma_storage_info('text')"
        assert connection.execute(sizes).fetchone() <= (4096,)


def test_release_file_when_memory_is_full_of_other_things_then_is_the_same(tmp_path):
    hashes = set()
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        for turn in range(4):
            warehouse.connection.execute(
                "create or replace temp table other as"
                " select md5((i * $turn)::varchar) as secret from range(100000 + 20000 * $turn) as t(i)",
                {"turn": turn},
            )
            hashes.add(written(warehouse, tmp_path / f"{turn}.duckdb"))
        threads = warehouse.connection.execute("select current_setting('threads')").fetchone()
    assert len(hashes) == 1
    assert threads == (2,)
    assert not list(tmp_path.glob("*.wal"))
