"""P2: an attacker who tries every possible world never pins one rater down to one answer."""

from collections import defaultdict
from decimal import Decimal
from itertools import product

import pyarrow as pa
import pytest

from pipeline.publishing.staging import put
from pipeline.warehouse import open_warehouse

WAVE, ITEM, OTHER = 1, 1, 12
POINTS = pa.decimal128(9, 6)
PARAMETERS = {"wave_no": WAVE, "self": 0, "manager": 1, "min_item_ratings": 3}


def mart_row(number, world, favourable_from):
    """What the mart holds of a subject that raters answered so; None is 'not enough exposure'."""
    values = [value for value in world if value is not None]
    return {
        "wave_no": WAVE,
        "subject_no": number,
        "relationship": OTHER,
        "item_no": ITEM,
        "rating_count": len(values),
        "not_observed_count": len(world) - len(values),
        "favourable_count": sum(value >= favourable_from for value in values),
        "sum_points": Decimal(sum(values)),
    }


def released(warehouse, worlds, low, high):
    """What the release says of each world, each world being one block of its own."""
    numbers = range(len(worlds))
    put(
        warehouse,
        "block_member",
        {"subject_no": pa.int32(), "block_no": pa.int32()},
        zip(numbers, numbers, strict=True),
    )
    columns = {
        "item_no": pa.uint16(),
        "measure_no": pa.uint16(),
        "low": POINTS,
        "high": POINTS,
        "coding_step": POINTS,
    }
    put(warehouse, "item", columns, [(ITEM, ITEM, Decimal(low), Decimal(high), Decimal(1))])
    rows = [mart_row(number, world, low + (high - low) * 0.75) for number, world in enumerate(worlds)]
    warehouse.add_rows("mart.item", pa.Table.from_pylist(rows))
    warehouse.create("stage.block_item", "publish/block_item", PARAMETERS)
    shown = warehouse.connection.execute(
        "select block_no, rating_count, sum_points, favourable_count, bound_no from stage.block_item"
    ).fetchall()
    return {block_no: tuple(rest) for block_no, *rest in shown}


@pytest.mark.parametrize(("low", "high"), [(1, 5), (0, 1), (1, 3)])
@pytest.mark.parametrize("raters", [4, 5])
def test_coding_when_every_world_is_tried_then_leaves_two_answers_for_everyone(tmp_path, low, high, raters):
    worlds = list(product([*range(low, high + 1), None], repeat=raters))
    with (
        open_warehouse(tmp_path / "warehouse.duckdb") as warehouse,
        warehouse.attached(":memory:", "stage"),
    ):
        shown = released(warehouse, worlds, low, high)
    possible = defaultdict(list)
    for number, world in enumerate(worlds):
        possible[shown.get(number)].append(world)
    for agreeing in possible.values():
        for rater in range(raters):
            assert len({world[rater] for world in agreeing}) >= 2
