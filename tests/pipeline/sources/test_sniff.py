"""The tool is recognised from the header, and every column goes by the names people use for it."""

import csv
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.sources.export import Field, plain_text
from pipeline.sources.sniff import open_export, recognise_tool
from pipeline.sources.table import read_sheet_bytes

EXPORTS = Path(__file__).parents[4] / "shared" / "exports"
needs_exports = pytest.mark.skipif(not EXPORTS.is_dir(), reason="the folder ../shared/exports is not here")

REAL = {
    "qualtrics/qualtrics_many_types_3hdr.csv": ("qualtrics", 5, 190),
    "qualtrics/qualtrics_many_types_legacy_2hdr.csv": ("qualtrics", 5, 190),
    "qualtrics/qualtrics_long_exhaustive_3hdr.csv": ("qualtrics", 31, 367),
    "qualtrics/qualtrics_matrix_multi_3hdr.csv": ("qualtrics", 5, 75),
    "qualtrics/qualtrics_no_basis_legacy_2hdr.csv": ("qualtrics", 15, 49),
    "surveymonkey/surveymonkey_ambassadors_2021.csv": ("surveymonkey", 44, 18),
    "surveymonkey/surveymonkey_maintainers_2019_h1.csv": ("surveymonkey", 64, 97),
    "surveymonkey/surveymonkey_maintainers_2019_h2.csv": ("surveymonkey", 70, 69),
    "surveymonkey/surveymonkey_security_2021_full_metadata.csv": ("surveymonkey", 71, 45),
    "surveymonkey/surveymonkey_starwars_non_utf8.csv": ("surveymonkey", 1186, 38),
    "surveymonkey/surveymonkey_toc_2020_h1.csv": ("surveymonkey", 28, 41),
    "surveymonkey/surveymonkey_wasm_no_ids.csv": ("surveymonkey", 93, 81),
    "google_forms/googleforms_cncf_maintainers_2018_h1.csv": ("google_forms", 56, 9),
    "google_forms/googleforms_dask_2019.csv": ("google_forms", 259, 24),
    "google_forms/googleforms_dask_2020.csv": ("google_forms", 239, 25),
    "google_forms/googleforms_demo_responses.xlsx": ("google_forms", 3, 4),
    "typeform/typeform_osmi_2017.csv": ("csv", 756, 123),
    "limesurvey/limesurvey_german_semicolon_2hdr.csv": ("csv", 46, 38),
}


@needs_exports
@pytest.mark.parametrize("name", REAL)
def test_real_export_when_opened_then_tool_rows_and_columns_are_known(name):
    export = open_export(EXPORTS / name)
    assert (export.tool, len(export.rows), len(export.columns)) == REAL[name]


@needs_exports
@pytest.mark.parametrize("name", [name for name in REAL if "/qualtrics" in name or "19_h1" in name])
def test_response_ids_when_the_tool_gives_them_then_each_row_has_its_own(name):
    export = open_export(EXPORTS / name)
    place = export.fields[Field.RESPONSE] - 1
    assert len({row[place] for row in export.rows}) == len(export.rows)


@needs_exports
def test_summary_export_when_opened_then_refused_with_the_right_export():
    with pytest.raises(SourceError) as refusal:
        open_export(EXPORTS / "surveymonkey/surveymonkey_summary_export_2020.csv")
    assert refusal.value.code == "source-summary"
    assert "All individual responses" in refusal.value.hint


def written(tmp_path: Path, rows: list[list[str]]) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_qualtrics_when_import_ids_are_json_then_columns_go_by_code_question_and_id(tmp_path):
    path = written(
        tmp_path,
        [
            ["StartDate", "EndDate", "Status", "ResponseId", "Q1_1"],
            ["Start Date", "End Date", "Response Type", "Response ID", "How well - Explains why"],
            [
                '{"ImportId":"startDate","timeZone":"Z"}',
                '{"ImportId":"endDate"}',
                '{"ImportId":"status"}',
                '{"ImportId":"_recordId"}',
                '{"ImportId":"QID1_1"}',
            ],
            ["2026-03-01 10:00:00", "2026-03-01 10:04:00", "IP Address", "R_1", "4"],
            ["2026-03-01 10:00:00", "2026-03-01 10:04:00", "Survey Preview", "R_2", "5"],
        ],
    )
    export = open_export(path)
    assert export.columns[4].names == ("Q1_1", "How well - Explains why", "QID1_1")
    assert export.fields == {Field.RESPONSE: 4, Field.SUBMITTED_AT: 2}
    assert export.notices == ("1 rows are previews or tests by their status; they are kept",)
    assert list(export.lines) == [4, 5]


def test_surveymonkey_when_a_question_has_choices_then_it_is_carried_to_the_right(tmp_path):
    path = written(
        tmp_path,
        [
            ["Respondent ID", "End Date", "How well?", "", "", "Anything else?", ""],
            ["", "", " - 1", " - 2", "Other (please specify)", "Open-Ended Response", ""],
            ["1", "03/13/2026 5:53:38 AM", "1", "", "", "no", ""],
        ],
    )
    columns = open_export(path).columns
    assert [column.text for column in columns[2:]] == [
        "How well? [- 1]",
        "How well? [- 2]",
        "How well? [Other (please specify)]",
        "Anything else?",
        "",
    ]


def test_google_forms_when_german_then_recognised_with_its_grid(tmp_path):
    path = written(
        tmp_path, [["Zeitstempel", "Wie oft?  [Streicht Unnötiges ]"], ["01.02.2026 10:00:00", "Meist"]]
    )
    export = open_export(path)
    assert export.tool == "google_forms"
    assert (export.columns[1].question, export.columns[1].choice) == ("Wie oft?", "Streicht Unnötiges")


def test_tool_when_the_mapping_names_another_one_then_refused(tmp_path):
    path = written(tmp_path, [["a", "b"], ["1", "2"]])
    with pytest.raises(SourceError) as refusal:
        open_export(path, tool="qualtrics")
    assert refusal.value.code == "source-tool"


@pytest.mark.parametrize("header", ["subject_id,relationship,taste", "subject_id,rater,item_id,value"])
def test_canonical_when_its_columns_are_there_then_recognised(header):
    assert recognise_tool(read_sheet_bytes(f"{header}\n1,2,3,4\n".encode(), "f.csv")) == "canonical"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t  know", "don't know"),
        ("<strong>Taste</strong>", "taste"),
        ("Taste *", " taste"),
        ("a\u00a0b", "A b"),
        ("well – known:", "well - known"),
    ],
)
def test_header_when_exports_change_it_then_it_is_still_the_same(one, other):
    assert plain_text(one) == plain_text(other)
