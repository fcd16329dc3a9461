"""What the one-row profile says of a landed batch."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.batch import _BATCH_CHECKS, _VOLUME
from pipeline.warehouse import Warehouse, open_warehouse

LANDED = pa.schema(
    [
        ("starts_row", pa.bool_()),
        ("subject_no", pa.int32()),
        ("response_no", pa.uint64()),
        ("item_no", pa.uint16()),
        ("scale_no", pa.uint8()),
        ("reading", pa.uint8()),
        ("row_rule", pa.uint16()),
        ("answer_rule", pa.uint16()),
        ("is_superseded", pa.bool_()),
    ]
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def response(number: int, readings: tuple[int, ...], **change: object) -> list[dict[str, object]]:
    """One row of a file: an answer per reading, all about the subject with the response's number."""
    line = {"subject_no": number, "response_no": number, "item_no": 1, "scale_no": 1}
    line |= {"row_rule": 0, "answer_rule": 0, "is_superseded": False}
    return [
        line | {"starts_row": place == 0, "reading": reading} | change
        for place, reading in enumerate(readings)
    ]


def profile(warehouse: Warehouse, *rows: list[dict[str, object]]) -> dict[str, float]:
    lines = [line for row in rows for line in row]
    warehouse.put_rows("landed", pa.Table.from_pylist(lines, schema=LANDED))
    return warehouse.query("load/profile", {"item_count": 4, "subject_count": 4}).to_pylist()[0]


def test_profile_when_batch_is_complete_then_shares_are_whole(warehouse):
    found = profile(warehouse, *(response(number, (1, 1, 1, 1)) for number in range(4)))
    assert found == {
        "row_count": 4,
        "unexpected_item_count": 0,
        "responses_per_subject": 1,
        "subject_coverage": 1.0,
        "quarantined_row_share": 0.0,
        "duplicate_share": 0.0,
        "quarantined_answer_share": 0.0,
        "not_observed_share": 0.0,
        "completeness": 1.0,
    }


def test_profile_when_file_is_empty_then_only_counts_are_known(warehouse):
    found = profile(warehouse)
    assert (found["row_count"], found["subject_coverage"]) == (0, 0.0)
    assert found["completeness"] is None
    assert found["quarantined_row_share"] is None
    assert found["responses_per_subject"] is None


def test_completeness_when_rows_are_quarantined_or_superseded_then_they_do_not_count(warehouse):
    found = profile(
        warehouse,
        response(1, (1, 1, 1)),
        response(2, (1, 1, 1, 1), row_rule=2),
        response(3, (1, 1, 1, 1), is_superseded=True),
    )
    assert found["completeness"] == 0.75
    assert found["subject_coverage"] == 0.25
    assert found["quarantined_row_share"] == pytest.approx(1 / 3)
    assert found["duplicate_share"] == pytest.approx(1 / 3)


def test_completeness_when_row_is_a_single_answer_then_responses_are_put_together(warehouse):
    answers = [response(1, (1,)) for _ in range(4)] + [response(2, (2,)) for _ in range(2)]
    found = profile(warehouse, *answers)
    assert (found["row_count"], found["responses_per_subject"]) == (6, 1)
    assert found["completeness"] == 0.75
    assert found["not_observed_share"] == pytest.approx(1 / 3)


def test_completeness_when_row_holds_words_or_nothing_then_they_are_no_ratings(warehouse):
    words = response(1, (3,), scale_no=0, starts_row=False)
    found = profile(warehouse, response(1, (1, 2)), words, response(2, (0,), item_no=None, scale_no=None))
    assert found["completeness"] == 0.25
    assert found["not_observed_share"] == 0.5


def test_unexpected_items_when_answered_then_are_counted_and_are_no_ratings(warehouse):
    unknown = response(1, (3, 3), item_no=None, scale_no=None, answer_rule=1, starts_row=False)
    found = profile(warehouse, response(1, (1, 1)), unknown)
    assert found["unexpected_item_count"] == 2
    assert found["quarantined_answer_share"] == 0.5
    assert found["completeness"] == 0.5


def test_volume_when_subject_has_several_responses_then_the_largest_counts(warehouse):
    rows = [response(number, (1,), subject_no=7) for number in (1, 2, 3)]
    assert profile(warehouse, *rows, response(4, (1,)))["responses_per_subject"] == 3


def test_profile_when_batch_checks_read_it_then_has_every_column_they_name(warehouse):
    columns = {check.column for check in (*_BATCH_CHECKS, _VOLUME)}
    assert columns == set(profile(warehouse))
