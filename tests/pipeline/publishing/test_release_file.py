"""A release file holds its rows and nothing of what was in memory before."""

import hashlib
from decimal import Decimal

import pyarrow as pa

from pipeline.warehouse import open_warehouse


def written(warehouse, path):
    """Writes as many texts as a large organisation has names, and as many numbers as it has cells."""
    names = pa.table({"name": [f"A name of usual length {place}" for place in range(20_000)]})
    cells = pa.table({"score": [Decimal(place * 37 % 4_000) / 1_000 for place in range(300_000)]})
    with warehouse.release_file(path, has_texts=True):
        warehouse.put_rows("release.text", names)
    with warehouse.release_file(path):
        warehouse.put_rows("release.number", cells)
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
