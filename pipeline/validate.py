"""Great Expectations over a landed batch: the one file that imports it.

In come the open warehouse, the rules and what the quarantine counted; out goes a
`ValidationReport`, after every count was found equal. The expectations run inside DuckDB, on the
caller's connection and in its transaction. Importing this module takes seconds: import it late.
"""

import warnings
from collections.abc import Mapping
from typing import Any, assert_never

import sqlalchemy as sa

from pipeline.batch import BatchCheck, Severity
from pipeline.borrowed_engine import borrow
from pipeline.errors import ReconciliationError
from pipeline.rules import Between, Condition, InSet, Level, NotInSet, NotNull, Number, Rule
from pipeline.validation_report import CheckResult, ValidationReport
from pipeline.warehouse import Warehouse

with warnings.catch_warnings():  # its import uses deprecated modules, which is no news to our users
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations import expectations as gxe
    from great_expectations.core.batch import Batch
    from great_expectations.data_context import AbstractDataContext
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.row_conditions import Column
    from great_expectations.expectations.row_conditions import Condition as RowCondition
    from great_expectations.validator.validator import Validator

_RUNTIME = {
    "catch_exceptions": False,  # an expectation that cannot run is a bug, not a failed expectation
    "result_format": {"result_format": "BASIC", "partial_unexpected_count": 0},  # counts, no values
}


def validate(
    warehouse: Warehouse,
    rules: tuple[Rule, ...],
    batch_checks: tuple[BatchCheck, ...],
    broken_counts: Mapping[str, int],
) -> ValidationReport:
    """Returns what Great Expectations finds in the tables `landed` and `profile`.

    Args:
        warehouse: where both tables can be reached by these names.
        rules: judged line by line over `landed`.
        batch_checks: judged over the one row of `profile`.
        broken_counts: how many lines the quarantine found to break each rule; none where absent.

    Raises:
        ReconciliationError: Great Expectations counts other broken lines than the quarantine.
    """
    engine = borrow(warehouse)
    rule_results = _judge(engine, "landed", [_rule_expectation(rule) for rule in rules])
    batch_results = _judge(engine, "profile", [_batch_expectation(check) for check in batch_checks])
    found = tuple(_rule_result(rule, rule_results[rule.rule_id]) for rule in rules)
    _reconcile(found, broken_counts)
    whole = tuple(_batch_result(check, batch_results[check.check_id]) for check in batch_checks)
    return ValidationReport(checks=found + whole)


def _reconcile(found: tuple[CheckResult, ...], broken_counts: Mapping[str, int]) -> None:
    for result in found:
        expected = broken_counts.get(result.check_id, 0)
        if result.failing_count != expected:
            raise ReconciliationError(
                "validation-count",
                f"rule {result.check_id}: {expected} quarantined, but Great Expectations"
                f" counts {result.failing_count}",
                where="validation",
                hint="nothing was loaded; this is a bug, please report it with this text",
            )


def _rule_result(rule: Rule, result: Mapping[str, Any]) -> CheckResult:
    failing_count = int(result["unexpected_count"] or 0)  # None where no line was judged
    return CheckResult(
        check_id=rule.rule_id,
        level=rule.level,
        severity=Severity.QUARANTINE,
        is_met=failing_count == 0,
        evaluated_count=int(result["element_count"]),
        failing_count=failing_count,
        observed=None,
        message=rule.message,
    )


def _batch_result(check: BatchCheck, result: Mapping[str, Any]) -> CheckResult:
    observed = result["observed_value"]
    is_met = bool(result["success"]) or observed is None  # nothing to measure meets every check
    return CheckResult(
        check_id=check.check_id,
        level=Level.BATCH,
        severity=check.severity,
        is_met=is_met,
        evaluated_count=1,
        failing_count=0 if is_met else 1,
        observed=None if observed is None else float(observed),
        message=check.message,
    )


def _rule_expectation(rule: Rule) -> Expectation:
    domain = {
        "column": rule.column,
        "row_condition": _row_condition(rule.conditions),
        "meta": {"check_id": rule.rule_id},
    }
    match rule.check:
        case NotNull():
            return gxe.ExpectColumnValuesToNotBeNull(**domain)
        case InSet(values=values):
            return gxe.ExpectColumnValuesToBeInSet(**domain, value_set=[_plain(one) for one in values])
        case NotInSet(values=values):
            return gxe.ExpectColumnValuesToNotBeInSet(**domain, value_set=[_plain(one) for one in values])
        case Between(low=low, high=high):
            return gxe.ExpectColumnValuesToBeBetween(**domain, min_value=_plain(low), max_value=_plain(high))
        case never:
            assert_never(never)


def _batch_expectation(check: BatchCheck) -> Expectation:
    """The profile has one row, so the maximum of a column is its value; this expectation reports it."""
    return gxe.ExpectColumnMaxToBeBetween(
        column=check.column, min_value=check.low, max_value=check.high, meta={"check_id": check.check_id}
    )


def _row_condition(conditions: tuple[Condition, ...]) -> RowCondition:
    first, *others = (_comparison(condition) for condition in conditions)
    for other in others:
        first &= other
    return first


def _comparison(condition: Condition) -> RowCondition:
    column, value = Column(condition.column), _plain(condition.value)
    return column == value if condition.operator == "=" else column != value


def _plain(value: Number) -> bool | int | float:
    """Great Expectations knows no Decimal; the nearest float of up to nine digits compares exactly."""
    return value if isinstance(value, int) else float(value)


def _judge(engine: sa.Engine, table: str, expectations: list[Expectation]) -> dict[str, dict[str, Any]]:
    """Returns the result of each expectation over a table, by the id of its check."""
    execution = SqlAlchemyExecutionEngine(engine=engine)
    data = SqlAlchemyBatchData(
        execution_engine=execution,
        selectable=sa.select(sa.text("*")).select_from(sa.table(table)),
        create_temp_table=False,
        source_table_name=sa.quoted_name(table, quote=None),
    )
    validator = Validator(execution_engine=execution, data_context=_context(), batches=[Batch(data=data)])
    results = validator.graph_validate(
        configurations=[expectation.configuration for expectation in expectations],
        runtime_configuration=_RUNTIME,
    )
    return {
        one.expectation_config.meta["check_id"]: {"success": one.success, **one.result} for one in results
    }


def _context() -> AbstractDataContext:
    """A context is needed only to say that no progress bar may be drawn."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context
