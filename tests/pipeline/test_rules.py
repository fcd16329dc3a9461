"""What each rule refuses and lets pass, judged by DuckDB itself on one line of `landed`."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from pipeline.batch import batch_checks
from pipeline.rules import (
    Between,
    Condition,
    InSet,
    Level,
    NotInSet,
    NotNull,
    Reading,
    Rule,
    SubjectMatch,
    broken_condition,
    code,
    instrument_rules,
    suite_hash,
)
from survey.instrument import Instrument, ResponseScale, ScaleKind, SubjectKind
from survey.relationship import Relationship

EVERYBODY = ("self", "manager", "others")
LINE = {
    "starts_row": True,
    "is_wave": True,
    "subject_match": 1,
    "relationship": 2,
    "item_no": 7,
    "scale_no": 1,
    "reading": 1,
    "value": Decimal(3),
}
"""A line that breaks nothing."""


def scale(scale_id: str, kind: ScaleKind, low: str, high: str, step: str = "1") -> ResponseScale:
    return ResponseScale(
        scale_id=scale_id,
        kind=kind,
        low=Decimal(low),
        high=Decimal(high),
        step=Decimal(step),
        labels={},
        not_observed={},
    )


SCALES = (
    scale("agreement", ScaleKind.POINTS, "1", "5"),
    scale("slider", ScaleKind.RANGE, "-1.5", "1.5"),
    scale("event", ScaleKind.EVENT, "0", "1"),
    scale("tenths", ScaleKind.POINTS, "0", "1", "0.1"),
)


def an_instrument(respondents: tuple[str, ...] = EVERYBODY, kind: SubjectKind = SubjectKind.PM) -> Instrument:
    return Instrument(
        instrument_id="try",
        version="1",
        title={},
        languages=("en",),
        subject_kind=kind,
        respondents=respondents,
        scales=SCALES,
        areas={},
        traits=(),
        front=(),
        items=(),
        prompts=(),
        short_form=(),
        content_hash="",
    )


def broken_rules(rules: tuple[Rule, ...], **change: object) -> set[str]:
    """Which rules DuckDB finds broken on the line with these changes."""
    conditions = ", ".join(broken_condition(rule) for rule in rules)
    line = """
        select $starts_row::boolean as starts_row, $is_wave::boolean as is_wave,
            $subject_match::utinyint as subject_match, $relationship::utinyint as relationship,
            $item_no::usmallint as item_no, $scale_no::utinyint as scale_no,
            $reading::utinyint as reading, $value::decimal(9, 6) as value
    """
    text = " ".join(("with landed as (", line, ") select", conditions, "from landed"))
    found = duckdb.execute(text, {**LINE, **change}).fetchone()
    assert found is not None
    assert None not in found
    return {rule.rule_id for rule, is_broken in zip(rules, found, strict=True) if is_broken}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, set()),
        ({"is_wave": False}, {"wave_mismatch"}),
        ({"subject_match": 0}, {"subject_unknown"}),
        ({"subject_match": 2}, {"subject_ambiguous"}),
        ({"subject_match": 3}, {"subject_not_in_wave"}),
        ({"relationship": None}, {"relationship_unknown"}),
        ({"relationship": code(Relationship.OTHER)}, set()),
        ({"is_wave": False, "subject_match": 0}, {"wave_mismatch", "subject_unknown"}),
        ({"starts_row": False, "is_wave": False, "subject_match": 0, "relationship": None}, set()),
    ],
)
def test_row_rule_when_one_fact_differs_then_only_its_rule_breaks(change, broken):
    assert broken_rules(instrument_rules(an_instrument()), **change) == broken


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"reading": 0, "item_no": None, "scale_no": None, "value": None}, set()),
        ({"reading": 2, "value": None}, set()),
        ({"reading": 3, "scale_no": 0, "value": None}, set()),
        ({"reading": 3, "item_no": None, "scale_no": None, "value": None}, {"item_unknown"}),
        ({"item_no": None, "scale_no": None, "value": 99}, {"item_unknown"}),
        ({"reading": 4, "value": None}, {"value_unreadable"}),
        ({"scale_no": 1, "value": 5}, set()),
        ({"scale_no": 1, "value": 0}, {"value_off_scale:agreement"}),
        ({"scale_no": 1, "value": 6}, {"value_off_scale:agreement"}),
        ({"scale_no": 1, "value": Decimal("2.5")}, {"value_off_scale:agreement"}),
        ({"scale_no": 2, "value": Decimal("-1.5")}, set()),
        ({"scale_no": 2, "value": Decimal("0.123456")}, set()),
        ({"scale_no": 2, "value": Decimal("1.500001")}, {"value_off_scale:slider"}),
        ({"scale_no": 3, "value": 1}, set()),
        ({"scale_no": 3, "value": 3}, {"value_off_scale:event"}),
        ({"scale_no": 4, "value": Decimal("0.7")}, set()),
        ({"scale_no": 4, "value": Decimal("0.75")}, {"value_off_scale:tenths"}),
    ],
)
def test_answer_rule_when_answer_is_off_then_only_its_rule_breaks(change, broken):
    assert broken_rules(instrument_rules(an_instrument()), **change) == broken


@pytest.mark.parametrize(
    ("respondents", "relationship", "is_broken"),
    [
        (EVERYBODY, Relationship.SELF, False),
        (("self",), Relationship.SELF, False),
        (("self",), Relationship.MANAGER, True),
        (("self",), Relationship.OTHER, True),
        (("others",), Relationship.SELF, True),
        (("others",), Relationship.MANAGER, True),
        (("others",), Relationship.ENGINEERING, False),
    ],
)
def test_relationship_when_instrument_does_not_ask_it_then_row_breaks(respondents, relationship, is_broken):
    rules = instrument_rules(an_instrument(respondents))
    broken = broken_rules(rules, relationship=code(relationship))
    assert broken == ({"relationship_not_asked"} if is_broken else set())


def test_rules_when_listed_then_ids_are_unique_and_rows_come_first():
    rules = instrument_rules(an_instrument(("others",)))
    levels = [rule.level for rule in rules]
    assert len({rule.rule_id for rule in rules}) == len(rules)
    assert levels == sorted(levels, key=[Level.ROW, Level.ANSWER].index)


@pytest.mark.parametrize(
    ("check", "predicate"),
    [
        (NotNull(), "value is null"),
        (InSet(values=(1, Decimal("2.50"))), "value not in (1, 2.50)"),
        (NotInSet(values=(True, False)), "value in (true, false)"),
        (Between(low=Decimal("-1E+1"), high=10), "value not between -10 and 10"),
    ],
)
def test_predicate_when_built_then_holds_only_names_and_numbers(check, predicate):
    rule = Rule(
        rule_id="try",
        level=Level.ANSWER,
        column="value",
        check=check,
        when=(Condition(column="scale_no", operator="=", value=2),),
        message="",
        hint="",
    )
    assert broken_condition(rule) == f"coalesce(reading <> 0 and scale_no = 2 and {predicate}, false)"


def test_suite_hash_when_only_wording_changes_then_stays():
    rules, checks = instrument_rules(an_instrument()), batch_checks(an_instrument())
    reworded = tuple(replace(rule, message="in other words") for rule in rules)
    assert suite_hash(reworded, checks) == suite_hash(rules, checks)


def test_suite_hash_when_a_limit_changes_then_changes():
    rules, checks = instrument_rules(an_instrument()), batch_checks(an_instrument())
    looser = (*checks[1:], replace(checks[0], high=0.9))
    narrower = (*rules[:-1], replace(rules[-1], check=InSet(values=(0, 1))))
    assert len({suite_hash(rules, checks), suite_hash(rules, looser), suite_hash(narrower, checks)}) == 3


def test_batch_checks_when_subject_is_a_unit_then_volume_is_not_judged():
    of_people = {check.check_id for check in batch_checks(an_instrument())}
    of_units = {check.check_id for check in batch_checks(an_instrument(kind=SubjectKind.UNIT))}
    assert of_people - of_units == {"responses_per_subject"}


def test_codes_when_read_then_match_the_numbers_of_landed():
    assert [code(match) for match in SubjectMatch] == [0, 1, 2, 3]
    assert (code(Reading.VALUE), code(Reading.NOT_OBSERVED), code(Reading.UNREADABLE)) == (1, 2, 4)
