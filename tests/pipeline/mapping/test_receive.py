"""One file under one mapping: every row counted once, every filled cell an answer."""

import hashlib
import io
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.errors import MappingError, SourceError
from pipeline.mapping.file import parse_mapping
from pipeline.mapping.receive import receive
from pipeline.received import SCHEMA, LongFile
from survey.definition import read_instrument

SMALL = read_instrument(Path(__file__).parents[2] / "exports" / "small.instrument.yaml")


def written(tmp_path: Path, text: str, name: str = "answers.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def received(path: Path, mapping: str | None = None):
    said = parse_mapping(mapping.encode(), name="spring", file="spring.yaml") if mapping else None
    return receive(path, mapping=said, instrument=SMALL)


def rows(found, *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in found.answers.to_pylist()]


WIDE = """\
wave,subject_id,relationship,rater,taste_cuts,focus_share,keep,remark,submitted_at
2026Q1,p01,peer,r1,4,not_observed,Go on,x,2026-03-01T10:00:00
2026Q1,p01,self,r2,,,,x,
2026Q1,p02,,r1,Mostly,61.5,,x,2026-03-02
"""


def test_canonical_wide_when_received_then_one_row_per_answer_and_one_for_the_empty_row(tmp_path):
    found = received(written(tmp_path, WIDE))
    assert found.answers.schema == SCHEMA
    assert (found.tool, found.mapping_name, found.file_lines) == ("canonical", "canonical", 3)
    assert found.unmapped == ("remark",)
    assert found.columns[4] == "taste_cuts"
    assert rows(found, "line", "starts_row", "column_no", "item", "value") == [
        (2, True, 5, "taste_cuts", "4"),
        (2, False, 6, "focus_share", "not_observed"),
        (2, False, 7, "keep", "Go on"),
        (3, True, 0, None, None),
        (4, True, 5, "taste_cuts", "4"),
        (4, False, 6, "focus_share", "61.5"),
    ]
    assert rows(found, "wave", "subject", "relationship", "rater", "response", "submitted_at")[3:5] == [
        ("2026Q1", "p01", "self", "r2", None, None),
        ("2026Q1", "p02", None, "r1", None, "2026-03-02T00:00:00"),
    ]


def test_file_when_received_then_its_hash_is_that_of_its_bytes(tmp_path):
    path = written(tmp_path, WIDE)
    assert received(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_canonical_when_no_column_is_an_item_then_what_is_missing_is_named(tmp_path):
    with pytest.raises(MappingError) as refusal:
        received(written(tmp_path, "subject_id,relationship,tast_cuts\np01,peer,4\n"))
    assert refusal.value.problems[0].message == "no column is a question of small-pm 1.0"


def test_rows_when_nothing_names_them_then_only_equal_ones_share_a_response(tmp_path):
    text = "subject_id,relationship,taste_cuts\np01,peer,4\np01,peer,4\np01,peer,5\n"
    first, second, third = (response for (response,) in rows(received(written(tmp_path, text)), "response"))
    assert first == second != third
    assert "p01" not in first


def test_rows_when_each_is_a_response_then_equal_ones_differ(tmp_path):
    text = "unit,a\n1,4\n1,4\n"
    mapping = "tool: csv\nsubject: {column: unit}\nresponse: row\nrater: row\nitems: {taste_cuts: a}"
    found = rows(received(written(tmp_path, text), mapping), "response", "rater")
    assert len(set(found)) == 2
    assert all(response == rater for response, rater in found)


GROUPED = """\
who,PM 1,A: cuts,A: share,PM 2,B: cuts,B: share
r1,anna,4,50,bob,5,60
r2,anna,3,,,,
r3,,,,,,
"""
GROUPS = """\
tool: csv
rater: {column: who}
relationship: {constant: peer}
items: {taste_cuts: cuts, focus_share: share}
groups:
  - {prefix: 'A:', subject: {column: PM 1}}
  - {prefix: 'B:', subject: {column: PM 2}, relationship: {constant: design}}
"""


def test_row_when_it_rates_several_subjects_then_each_is_a_part(tmp_path):
    found = received(written(tmp_path, GROUPED), GROUPS)
    assert rows(found, "line", "part", "starts_row", "subject", "relationship", "rater", "item", "value") == [
        (2, 0, True, "anna", "peer", "r1", "taste_cuts", "4"),
        (2, 0, False, "anna", "peer", "r1", "focus_share", "50"),
        (2, 1, True, "bob", "design", "r1", "taste_cuts", "5"),
        (2, 1, False, "bob", "design", "r1", "focus_share", "60"),
        (3, 0, True, "anna", "peer", "r2", "taste_cuts", "3"),
        (4, 0, True, None, "peer", "r3", None, None),
    ]


CHOICES = "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: {choices: {a: 0, b: 1, c: not_observed}}}"


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ("x,,", (1, "0")),
        ("0,1,0", (1, "0|1")),
        (",1,0", (2, "1")),
        (",,Never", (3, "not_observed")),
        (",yes,yes", (2, "1|not_observed")),
        ("FALSE,TRUE,FALSE", (2, "1")),
    ],
)
def test_choices_when_ticked_then_one_tick_is_a_value_and_two_are_not(tmp_path, cells, answer):
    found = received(written(tmp_path, f"a,b,c,d\n{cells},z\n"), CHOICES)
    assert rows(found, "column_no", "value") == [answer]


def test_choices_when_none_is_ticked_then_no_answer(tmp_path):
    assert rows(received(written(tmp_path, "a,b,c,d\n, ,0,z\n"), CHOICES), "column_no", "item") == [(0, None)]


def test_fields_when_recoded_then_in_our_words(tmp_path):
    mapping = """\
tool: csv
subject: {column: pm, recode: {Team A: p01}}
relationship: {column: how, recode: {My boss: manager}}
wave: {constant: 2026Q1}
items: {taste_cuts: a}
"""
    found = received(written(tmp_path, "pm,how,a\nteam a,My Boss,4\nbob,peer,5\n"), mapping)
    assert rows(found, "subject", "relationship", "wave") == [
        ("p01", "manager", "2026Q1"),
        ("bob", "peer", "2026Q1"),
    ]


def test_rows_when_the_mapping_skips_them_then_they_are_counted(tmp_path):
    mapping = (
        "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: a}\nskip: {column: s, labels: [preview]}"
    )
    found = received(written(tmp_path, "a,s\n1,live\n2, Preview\n"), mapping)
    assert rows(found, "line", "value") == [(2, "1")]
    assert found.notices == ("1 rows were skipped, as the mapping says",)


def test_mapping_when_proposed_in_part_then_what_is_missing_is_told(tmp_path):
    found = received(written(tmp_path, "subject_id,relationship,taste_cuts\np01,peer,4\n"))
    assert found.notices == ("no column was found for taste_reasons, taste_shown, focus_share, keep",)


LONG = "subject_id,relationship,rater,item_id,value,note\np01,peer,r1,taste_cuts,4,\np01,peer,r1,,7,\n"


def test_long_csv_when_received_then_described_and_not_read(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + LONG.encode())
    found = received(path)
    assert found.answers == LongFile(
        path=path,
        delimiter=",",
        header_lines=2,
        columns={
            "subject": "subject_id",
            "relationship": "relationship",
            "rater": "rater",
            "item": "item_id",
            "value": "value",
        },
    )
    assert (found.tool, found.file_lines, found.unmapped) == ("canonical-long", 0, ("note",))


def test_long_csv_when_large_then_only_its_head_decides(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(LONG.encode() + b"p01,peer,r1,taste_cuts,4,\n" * 10_000 + b"\xff\xfe\x00")
    assert received(path).answers.header_lines == 1


def test_long_csv_when_nothing_holds_its_answers_together_then_refused(tmp_path):
    with pytest.raises(SourceError) as refusal:
        received(written(tmp_path, "subject_id,item_id,value\np01,taste_cuts,4\n"))
    assert (refusal.value.code, refusal.value.hint) == (
        "source-long-key",
        "add a column rater or response_id",
    )


def test_long_workbook_when_received_then_every_row_is_an_answer(tmp_path):
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate(
            io.StringIO(LONG + "p01,peer,r1,taste_reasons,Mostly,\np01,peer,r1,keep,,\n")
        ):
            sheet.write_row(place, 0, line.strip("\n").split(","))
    found = received(path)
    assert found.tool == "canonical-long"
    assert found.answers.schema == SCHEMA
    assert rows(found, "line", "column_no", "starts_row", "item", "value", "rater") == [
        (2, 5, True, "taste_cuts", "4", "r1"),
        (3, 5, True, "", "7", "r1"),
        (4, 5, True, "taste_reasons", "4", "r1"),
        (5, 5, True, None, None, "r1"),
    ]


def test_long_csv_in_another_encoding_when_received_then_read_as_a_table(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(LONG.replace("p01", "jörg").encode("utf-16"))
    assert rows(received(path), "subject") == [("jörg",), ("jörg",)]


def test_long_csv_when_latin_then_read_as_a_table(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(LONG.replace("p01", "jörg").encode("cp1252"))
    assert rows(received(path), "subject") == [("jörg",), ("jörg",)]


def test_file_when_missing_then_refused(tmp_path):
    with pytest.raises(SourceError):
        received(tmp_path / "gone.csv")
