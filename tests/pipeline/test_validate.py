"""Great Expectations must agree with plain SQL, on any landed table, in the caller's transaction.

This is also the contract test of `pipeline.borrowed_engine`: a new version of Great Expectations,
SQLAlchemy or the DuckDB dialect that breaks it is found here.
"""

import random
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from pipeline.batch import BatchCheck, Severity
from pipeline.errors import ReconciliationError
from pipeline.rules import (
    Between,
    Condition,
    InSet,
    Level,
    NotInSet,
    NotNull,
    Rule,
    broken_condition,
)
from pipeline.warehouse import Warehouse, open_warehouse

LANDED = pa.schema(
    [
        ("starts_row", pa.bool_()),
        ("is_wave", pa.bool_()),
        ("subject_match", pa.uint8()),
        ("relationship", pa.uint8()),
        ("item_no", pa.uint16()),
        ("scale_no", pa.uint8()),
        ("reading", pa.uint8()),
        ("value", pa.decimal128(9, 6)),
    ]
)


def a_rule(rule_id: str, level: Level, column: str, check: Any, *when: Condition) -> Rule:
    return Rule(rule_id=rule_id, level=level, column=column, check=check, when=when, message=rule_id, hint="")


ON_SECOND_SCALE = Condition(column="scale_no", operator="=", value=2)
RULES = (
    a_rule("is wave", Level.ROW, "is_wave", InSet(values=(True,))),
    a_rule("no match", Level.ROW, "subject_match", NotInSet(values=(0, 2))),
    a_rule("related", Level.ROW, "relationship", NotNull()),
    a_rule("item", Level.ANSWER, "item_no", NotNull()),
    a_rule("readable", Level.ANSWER, "reading", NotInSet(values=(4,))),
    a_rule("points", Level.ANSWER, "value", InSet(values=(Decimal("0.1"), Decimal("0.2"), 3))),
    a_rule("range", Level.ANSWER, "value", Between(low=Decimal("0.2"), high=3), ON_SECOND_SCALE),
)
"""Every kind of check, at both levels, with and without a condition of its own."""


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    """The module under test; importing it takes seconds, so only the tests that need it do."""
    from pipeline import validate  # noqa: PLC0415 (see above)

    return validate


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def random_lines(seed: int, count: int) -> pa.Table:
    """Landed lines in which everything that can be missing or off sometimes is."""
    rng = random.Random(seed)  # noqa: S311 (made-up data)
    values = [None, *map(Decimal, ("0.1", "0.2", "0.15", "3", "3.000001", "-1"))]
    choices = {
        "starts_row": [True, False],
        "is_wave": [True, True, False],
        "subject_match": [0, 1, 1, 2, 3],
        "relationship": [None, 0, 5, 12],
        "item_no": [None, 1, 2, 3],
        "scale_no": [None, 0, 1, 2],
        "reading": [0, 1, 1, 2, 3, 4],
        "value": values,
    }
    columns = {name: [rng.choice(options) for _ in range(count)] for name, options in choices.items()}
    return pa.table(columns, schema=LANDED)


def land(warehouse: Warehouse, lines: pa.Table, **profile: object) -> dict[str, int]:
    """Puts both tables where validation finds them; returns what plain SQL counts per rule."""
    warehouse.put_rows("landed", lines)
    warehouse.put_rows("profile", pa.table({name: [value] for name, value in profile.items()} or {"x": [0]}))
    return {rule.rule_id: count_broken(warehouse, rule) for rule in RULES}


def count_broken(warehouse: Warehouse, rule: Rule) -> int:
    text = " ".join(("select count(*) from landed where", broken_condition(rule)))
    row = warehouse.connection.execute(text).fetchone()
    assert row is not None
    return int(row[0])


def a_check(check_id: str, column: str, low: float | None, high: float | None, severity: str) -> BatchCheck:
    return BatchCheck(
        check_id=check_id,
        column=column,
        low=low,
        high=high,
        severity=Severity(severity),
        message=check_id,
        hint="",
    )


@pytest.mark.parametrize("seed", range(5))
def test_validate_when_lines_are_random_then_counts_equal_plain_sql(validation, warehouse, seed):
    counts = land(warehouse, random_lines(seed, 500))
    report = validation.validate(warehouse, RULES, (), counts)
    assert {check.check_id: check.failing_count for check in report.checks} == counts
    assert [check.level for check in report.checks] == [rule.level for rule in RULES]
    assert all(check.is_met == (check.failing_count == 0) for check in report.checks)
    assert min(counts.values()) > 0


def test_validate_when_rule_has_a_condition_then_only_its_lines_are_evaluated(validation, warehouse):
    lines = random_lines(1, 300)
    report = validation.validate(warehouse, RULES, (), land(warehouse, lines))
    evaluated = {check.check_id: check.evaluated_count for check in report.checks}
    rows = lines.to_pylist()
    assert evaluated["is wave"] == sum(row["starts_row"] for row in rows)
    assert evaluated["item"] == sum(row["reading"] != 0 for row in rows)
    assert evaluated["range"] == sum(row["reading"] != 0 and row["scale_no"] == 2 for row in rows)


@pytest.mark.parametrize("tampered", [rule.rule_id for rule in RULES])
def test_validate_when_a_count_was_tampered_with_then_names_rule_and_counts(validation, warehouse, tampered):
    counts = land(warehouse, random_lines(2, 200))
    wrong = counts | {tampered: counts[tampered] + 1}
    with pytest.raises(ReconciliationError) as refusal:
        validation.validate(warehouse, RULES, (), wrong)
    message = refusal.value.message
    assert tampered in message
    assert str(counts[tampered]) in message
    assert str(counts[tampered] + 1) in message


def test_validate_when_a_count_is_left_out_then_it_counts_as_none(validation, warehouse):
    counts = land(warehouse, random_lines(3, 100).slice(0, 0))
    assert set(counts.values()) == {0}
    report = validation.validate(warehouse, RULES, (), {})
    assert all(check.is_met and check.evaluated_count == 0 for check in report.checks)


def test_validate_when_landed_is_temporary_then_it_is_found(validation, warehouse):
    counts = land(warehouse, random_lines(4, 100))
    warehouse.connection.execute("create temp table moved as from landed; drop table landed")
    warehouse.connection.execute("alter table moved rename to landed")
    report = validation.validate(warehouse, RULES, (), counts)
    assert {check.check_id: check.failing_count for check in report.checks} == counts


def test_validate_when_run_in_a_transaction_then_leaves_it_open(validation, warehouse):
    with warehouse.transaction():  # its commit fails where no transaction is open any more
        validation.validate(warehouse, RULES, (), land(warehouse, random_lines(5, 50)))
        warehouse.put_rows("afterwards", pa.table({"x": [1]}))
    assert warehouse.connection.execute("select count(*) from afterwards").fetchone() == (1,)


def test_validate_when_rolled_back_afterwards_then_nothing_stays(validation, warehouse):
    warehouse.connection.execute("begin")
    validation.validate(warehouse, RULES, (), land(warehouse, random_lines(6, 50)))
    warehouse.connection.execute("rollback")
    tables = warehouse.connection.execute("select table_name from duckdb_tables()").fetchall()
    assert ("landed",) not in tables


@pytest.mark.parametrize(
    ("observed", "low", "high", "is_met"),
    [
        (0.5, None, 0.5, True),
        (0.51, None, 0.5, False),
        (1, 1, None, True),
        (0, 1, None, False),
        (2, 1, 3, True),
        (None, 1, 3, True),
    ],
)
def test_batch_check_when_profile_is_judged_then_ends_are_allowed(
    validation, warehouse, observed, low, high, is_met
):
    land(warehouse, random_lines(0, 10).slice(0, 0))
    warehouse.put_rows("profile", pa.table({"share": pa.array([observed], pa.float64())}))
    checks = (a_check("share", "share", low, high, "refuse"),)
    (found,) = validation.validate(warehouse, (), checks, {}).checks
    assert (found.level, found.is_met, found.failing_count) == (Level.BATCH, is_met, 0 if is_met else 1)
    assert found.observed == observed


def test_report_when_checks_fail_then_tells_refusals_from_warnings(validation, warehouse):
    land(warehouse, random_lines(0, 10).slice(0, 0), few=1.0, many=99.0)
    checks = (
        a_check("refused", "many", None, 10, "refuse"),
        a_check("warned", "few", 5, None, "warn"),
        a_check("fine", "few", 1, 1, "refuse"),
    )
    report = validation.validate(warehouse, RULES, checks, {})
    assert [check.check_id for check in report.refusals] == ["refused"]
    assert [check.check_id for check in report.warnings] == ["warned"]


def test_validate_when_run_then_is_silent_and_writes_no_file(
    validation, warehouse, tmp_path, capfd, monkeypatch
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("HOME", str(elsewhere))
    counts = land(warehouse, random_lines(7, 50))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validation.validate(warehouse, RULES, (), counts)
    assert caught == []
    assert capfd.readouterr() == ("", "")
    assert list(elsewhere.iterdir()) == []
