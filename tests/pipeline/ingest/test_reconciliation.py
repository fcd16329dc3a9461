"""Every row and every answer received is loaded, superseded or quarantined; which, and why."""

from dataclasses import astuple

import pytest

from pipeline.errors import SourceError
from pipeline.ingest import Outcome
from pipeline.warehouse import open_warehouse

HEADER = "wave,subject_id,relationship,rater,submitted_at,taste_reasons,taste_cuts,focus_share,keep\n"
LONG = "wave,subject_id,relationship,rater,submitted_at,item_id,value\n"


def row(  # noqa: PLR0913, PLR0917 - one parameter per column
    subject="p1", rater="r1", a="4", b="5", c="70", words="", wave="2026Q1", relationship="peer", at=""
):
    return f"{wave},{subject},{relationship},{rater},{at},{a},{b},{c},{words}\n"


@pytest.mark.parametrize(
    ("case", "rows", "expected_rows", "expected_answers", "rules"),
    [
        ("one row loads whole", [row()], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("an empty cell is no answer", [row(b="", c=" ")], (1, 1, 0, 0), (1, 1, 0, 0), {}),
        ("a row without answers is a row", [row(a="", b="", c="")], (1, 1, 0, 0), (0, 0, 0, 0), {}),
        ("words count as an answer", [row(words="Good")], (1, 1, 0, 0), (4, 4, 0, 0), {}),
        ("not enough exposure is an answer", [row(a="Not enough exposure to judge")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("a label counts as its point", [row(a="mostly")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("an e-mail finds its subject", [row(subject="P1@Example.com")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("a name that one person has does", [row(subject="ada nowak ")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("a missing relationship is other", [row(relationship="")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("off the scale: that answer", [row(a="6")], (1, 1, 0, 0), (3, 2, 0, 1), {"value_off_scale:often": 1}),
        ("between two points: that answer", [row(a="2.5")], (1, 1, 0, 0), (3, 2, 0, 1), {"value_off_scale:often": 1}),
        ("off the slider: that answer", [row(c="100.5")], (1, 1, 0, 0), (3, 2, 0, 1), {"value_off_scale:slider": 1}),
        ("not to be read: that answer", [row(b="25-Jun")], (1, 1, 0, 0), (3, 2, 0, 1), {"value_unreadable": 1}),
        ("nobody of that name: the row", [row(subject="p77")], (1, 0, 0, 1), (3, 0, 0, 3), {"subject_unknown": 1}),
        ("no subject at all: the row", [row(subject="")], (1, 0, 0, 1), (3, 0, 0, 3), {"subject_unknown": 1}),
        ("two of that name: the row", [row(subject="Sam Reyes")], (1, 0, 0, 1), (3, 0, 0, 3), {"subject_ambiguous": 1}),
        ("someone who left: the row", [row(subject="p9")], (1, 0, 0, 1), (3, 0, 0, 3), {"subject_not_in_wave": 1}),
        ("someone who is no PM: the row", [row(subject="e1")], (1, 0, 0, 1), (3, 0, 0, 3), {"subject_not_in_wave": 1}),
        ("another wave: the row", [row(wave="2025Q4")], (1, 0, 0, 1), (3, 0, 0, 3), {"wave_mismatch": 1}),
        ("the wave's full id is this wave", [row(wave="small-pm/2026Q1")], (1, 1, 0, 0), (3, 3, 0, 0), {}),
        ("a strange relationship: the row", [row(relationship="rival")], (1, 0, 0, 1), (3, 0, 0, 3), {"relationship_unknown": 1}),
        ("row and answer broken: once each", [row(subject="p77", a="9")], (1, 0, 0, 1), (3, 0, 0, 3),
         {"subject_unknown": 1, "value_off_scale:often": 1}),
        ("twice the same rater: the later line", [row(a="1"), row(a="5", c="")], (2, 1, 1, 0), (5, 2, 3, 0), {}),
        ("the latest submission wins over the later line", [row(at="2026-03-02T10:00"), row(at="2026-03-01T10:00")],
         (2, 1, 1, 0), (6, 3, 3, 0), {}),
        ("a dated submission wins over an undated one", [row(at="2026-03-02T10:00"), row()], (2, 1, 1, 0), (6, 3, 3, 0), {}),
        ("case and blanks make no second rater", [row(rater="R1 "), row(rater="r1")], (2, 1, 1, 0), (6, 3, 3, 0), {}),
        ("one rater, two subjects: two rows", [row(), row(subject="p2")], (2, 2, 0, 0), (6, 6, 0, 0), {}),
        ("a broken row replaces nothing", [row(), row(wave="2025Q4")], (2, 1, 0, 1), (6, 3, 0, 3), {"wave_mismatch": 1}),
        ("superseded before quarantined", [row(a="9"), row()], (2, 1, 1, 0), (6, 3, 3, 0), {"value_off_scale:often": 1}),
        ("without rater only identical rows repeat", [row(rater=""), row(rater=""), row(rater="", a="3")],
         (3, 2, 1, 0), (9, 6, 3, 0), {}),
    ],
)  # fmt: skip
def test_wide_file_when_taken_in_then_reconciles(take, case, rows, expected_rows, expected_answers, rules):
    report = take(HEADER + "".join(rows))
    assert (*astuple(report.tally)[:4],) == expected_rows, case
    assert (*astuple(report.tally)[4:],) == expected_answers, case
    assert {rule.rule_id: count for rule, count in report.broken if count} == rules, case


def line(item="taste_reasons", value="4", subject="p1", rater="r1", at="", wave="2026Q1"):
    return f"{wave},{subject},peer,{rater},{at},{item},{value}\n"


@pytest.mark.parametrize(
    ("case", "lines", "expected"),
    [
        ("two items, one response", [line(), line("taste_cuts", "5")], (2, 2, 0, 0)),
        ("not observed, in our word", [line(value="not_observed")], (1, 1, 0, 0)),
        ("an unknown item", [line("taste_of_home")], (1, 0, 0, 1)),
        ("an unknown item twice", [line("taste_of_home"), line("taste_of_home")], (2, 0, 0, 2)),
        ("unreadable", [line(value="4;5")], (1, 0, 0, 1)),
        ("an item answered twice: the later line", [line(value="1"), line(value="5")], (2, 1, 1, 0)),
        ("two submissions: only the latest", [line(at="2026-01-05"), line("taste_cuts", "3", at="2026-01-06")], (2, 1, 1, 0)),
        ("dated over undated", [line(), line("taste_cuts", "3", at="2026-01-06")], (2, 1, 1, 0)),
        ("another wave", [line(wave="2025Q4")], (1, 0, 0, 1)),
    ],
)  # fmt: skip
def test_long_file_when_taken_in_then_reconciles(take, case, lines, expected):
    report = take(LONG + "".join(lines))
    assert (*astuple(report.tally)[4:],) == expected, case
    assert report.tally.is_even


def test_quarantine_when_read_then_names_the_place_and_never_the_value(take, deployment):
    take(HEADER + row() + row(rater="r2", a="secretive") + row(rater="r3", subject="Nobody Known"))
    with open_warehouse(deployment.warehouse_path) as warehouse:
        found = warehouse.connection.execute(
            "select line, column_name, rule_id, level from raw.quarantine order by line"
        ).fetchall()
    assert found == [(3, "taste_reasons", "value_unreadable", "answer"), (4, "", "subject_unknown", "row")]
    assert b"secretive" not in deployment.warehouse_path.read_bytes()
    assert b"Nobody" not in deployment.warehouse_path.read_bytes()


def test_rater_when_stored_then_is_a_pseudonym_of_this_wave_alone(take, deployment):
    take(HEADER + row(rater="rita.rater@example.com"))
    assert b"rita" not in deployment.warehouse_path.read_bytes()
    assert deployment.pseudonym_key_path.stat().st_mode & 0o777 == 0o600
    assert deployment.private_path.stat().st_mode & 0o777 == 0o700


def test_trial_when_made_then_reports_and_leaves_nothing(take, deployment):
    report = take(HEADER + row(), is_trial=True)
    assert report.outcome is Outcome.TRIED
    assert report.tally.row_loaded_count == 1
    with open_warehouse(deployment.warehouse_path) as warehouse:
        assert warehouse.connection.execute("select count(*) from raw.batch").fetchone() == (0,)


@pytest.mark.parametrize(
    ("case", "text", "line"),
    [
        ("a cell too many", LONG + line() + "2026Q1,p1,peer,r1,,taste_cuts,4,surplus\n", "line 3"),
        ("a quotation mark left open", LONG + '2026Q1,p1,peer,"r1,,taste_cuts,4\n' + line(), "line 2"),
    ],
)
def test_long_file_when_damaged_then_is_refused_with_its_line(take, case, text, line):
    with pytest.raises(SourceError) as refusal:
        take(text)
    assert refusal.value.where == line, case
    assert "surplus" not in str(refusal.value)
