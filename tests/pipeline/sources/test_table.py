"""Any file that holds a table comes in whole, or is refused with one sentence."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.sources.delimited import find_delimiter
from pipeline.sources.sniff import open_export
from pipeline.sources.table import read_bytes, read_sheet, read_sheet_bytes

DIRT = Path(__file__).parents[4] / "shared" / "exports" / "dirt"

LOADED = {  # rows, columns, line of the first row
    "blanks.csv": (1, 6, 2),
    "date_like_number.csv": (1, 1, 2),
    "dummy.tsv": (1, 3, 2),
    "mac_newlines.csv": (2, 3, 2),
    "non_utf8_mac_roman.csv": (23, 18, 2),
    "sheets.xlsx": (5, 8, 2),
    "test.xls": (5, 8, 2),
    "test.xlsx": (5, 8, 2),
    "test_date_format.csv": (2, 1, 2),
    "test_empty_columns.csv": (2, 5, 2),
    "test_extra_header.csv": (1, 4, 2),
    "test_header_newline.csv": (1, 3, 8),
    "test_latin1.csv": (2, 3, 2),
    "test_locale.csv": (1, 3, 2),
    "test_no_leading_zeroes.csv": (1, 3, 2),
    "test_skip_lines.csv": (1, 3, 5),
    "test_skip_lines.xlsx": (5, 8, 5),
    "test_utf16_big.csv": (2, 3, 2),
    "test_utf16_little.csv": (2, 3, 2),
    "test_utf8_bom.csv": (2, 3, 2),
}
REFUSED = {
    "bad.csv": ("source-ragged", "bad.csv:2"),
    "empty.csv": ("source-empty", "empty.csv"),
    "no_header_row.csv": ("source-no-rows", "no_header_row.csv"),
    "null_byte.csv": ("source-nul", "null_byte.csv:2"),
    "test_empty_columns_long_row.csv": ("source-no-rows", "test_empty_columns_long_row.csv"),
    "test_empty_columns_short_row.csv": ("source-no-rows", "test_empty_columns_short_row.csv"),
}

needs_dirt = pytest.mark.skipif(not DIRT.is_dir(), reason="the folder ../shared/exports/dirt is not here")


@needs_dirt
def test_dirt_when_listed_then_every_file_has_its_outcome():
    assert {path.name for path in DIRT.iterdir()} == set(LOADED) | set(REFUSED)


@needs_dirt
@pytest.mark.parametrize("name", LOADED)
def test_dirt_when_readable_then_loads_with_its_lines(name):
    export = open_export(DIRT / name)
    assert (len(export.rows), len(export.columns), export.lines[0]) == LOADED[name]
    assert {len(row) for row in export.rows} == {len(export.columns)}


@needs_dirt
@pytest.mark.parametrize("name", REFUSED)
def test_dirt_when_unreadable_then_one_sentence_with_place_and_next_step(name):
    with pytest.raises(SourceError) as refusal:
        open_export(DIRT / name)
    assert (refusal.value.code, refusal.value.where) == REFUSED[name]
    assert refusal.value.hint
    assert "\n" not in refusal.value.message


@needs_dirt
def test_workbook_when_it_counts_dates_from_1904_then_dates_are_right():
    assert open_export(DIRT / "test.xlsx").rows[0][1] == "1971-01-01"


@needs_dirt
def test_mac_roman_when_no_byte_order_mark_then_letters_are_right():
    export = open_export(DIRT / "non_utf8_mac_roman.csv")
    assert any("Hôpital" in cell for row in export.rows for cell in row)
    assert export.notices == ("the file is not UTF-8; it was read as mac_roman",)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "source-empty"),
        (b"\n\n  \n", "source-empty"),
        (b"%PDF-1.7 ...", "source-kind"),
        (b"<!DOCTYPE html><html><table>", "source-kind"),
        (b'{"responses": []}', "source-kind"),
        (b"\x1f\x8b\x08\x00", "source-kind"),
        (b"PK\x03\x04 damaged", "source-kind"),
        (b"\xd0\xcf\x11\xe0 damaged", "source-kind"),
        (bytes(range(256)) * 20, "source-encoding"),
        (b"\x01\x02\x03\x04\x05\x06 a,b\n", "source-encoding"),
        (b"\xff\xfea,\xd8\x00\xd8", "source-encoding"),
        (b'a,b\n1,2\n3,"never closed\n5,6\n', "source-quotes"),
        (b'a,b\n1,"x"y\n', "source-quotes"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "source-cell-size"),
        (b"a," * 20_000 + b"\n1,2\n", "source-width"),
    ],
)
def test_file_when_it_is_no_table_then_refused_plainly(tmp_path, raw, code):
    path = tmp_path / "file.csv"
    path.write_bytes(raw)
    with pytest.raises(SourceError) as refusal:
        read_sheet(path)
    assert refusal.value.code == code
    assert refusal.value.where.startswith("file.csv")


def test_file_when_missing_then_refused_by_name(tmp_path):
    with pytest.raises(SourceError) as refusal:
        read_bytes(tmp_path / "gone.csv")
    assert (refusal.value.code, refusal.value.where) == ("source-missing", "gone.csv")


def test_quotes_when_never_closed_then_the_line_they_open_in_is_named():
    with pytest.raises(SourceError) as refusal:
        read_sheet_bytes(b'a,b\n1,2\n3,"never closed\n5,6\n', "file.csv")
    assert refusal.value.where == "file.csv:3"


def test_zip_when_it_holds_a_csv_then_unpacking_is_advised():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("answers.csv", "a,b\n1,2\n")
    with pytest.raises(SourceError) as refusal:
        read_sheet_bytes(packed.getvalue(), "export.zip")
    assert "unpack" in refusal.value.hint


def test_lines_when_cells_hold_line_ends_then_a_record_has_the_line_it_starts_on():
    sheet = read_sheet_bytes(b'a,b\r\n"x\r\ny",2\r\n\r\n3,4\r\n', "file.csv")
    assert list(sheet.lines) == [1, 2, 5]


def test_separator_line_when_a_spreadsheet_wrote_it_then_it_is_obeyed_and_counted():
    sheet = read_sheet_bytes(b"sep=;\r\na;b,c\r\n1;2\r\n", "file.csv")
    assert sheet.records == [("a", "b,c"), ("1", "2")]
    assert list(sheet.lines) == [2, 3]


def test_utf16_when_unmarked_then_read():
    assert read_sheet_bytes("name,value\nä,1\n".encode("utf-16-le"), "f.csv").records[1] == ("ä", "1")
    assert read_sheet_bytes("name,value\nb,1\n".encode("utf-16-be"), "f.csv").records[1] == ("b", "1")


def test_utf8_when_a_few_bytes_are_damaged_then_the_other_letters_stay():
    raw = "größer,schöner\nä,ü\n".encode() + b"\x8c,1\n"
    sheet = read_sheet_bytes(raw, "f.csv")
    assert sheet.records[0] == ("größer", "schöner")
    assert sheet.notices == ("1 damaged characters could not be read",)


def test_utf8_when_it_is_marked_then_damage_does_not_change_its_encoding():
    sheet = read_sheet_bytes(b"\xef\xbb\xbfa,b\n\x8c,1\n", "f.csv")
    assert sheet.records == [("a", "b"), ("\ufffd", "1")]


def test_cyrillic_when_in_a_code_page_then_read():
    words = "вопрос,ответ\nда,нет\nкто отвечает на вопросы\n" * 5
    assert read_sheet_bytes(words.encode("cp1251"), "f.csv").records[0] == ("вопрос", "ответ")


def test_one_column_when_there_is_no_delimiter_then_a_comma_is_assumed():
    assert find_delimiter("a\n1\n2\n") == ","


def test_delimiter_when_the_file_is_large_then_its_beginning_decides():
    assert find_delimiter("a;b\n" + "1;2\n" * 20_000) == ";"


def workbook(tmp_path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


def test_workbook_when_one_sheet_is_named_like_responses_then_that_one_is_read(tmp_path):
    path = workbook(tmp_path, {"Notes": [["x"]] * 9, "Form responses 1": [["a"], [1]]})
    sheet = read_sheet(path)
    assert (sheet.name, sheet.records) == ("Form responses 1", [("a",), ("1",)])
    assert sheet.notices == ("of 2 sheets, 'Form responses 1' was read",)


def test_workbook_when_a_sheet_is_named_then_it_is_read(tmp_path):
    path = workbook(tmp_path, {"one": [["a"], [True], [2.5]], "two": [["b"], [1]]})
    assert read_sheet(path, sheet="one").records == [("a",), ("TRUE",), ("2.5",)]
    with pytest.raises(SourceError) as refusal:
        read_sheet(path, sheet="three")
    assert refusal.value.hint == "it has: one, two"


def test_workbook_when_nothing_is_in_it_then_refused(tmp_path):
    with pytest.raises(SourceError) as refusal:
        read_sheet(workbook(tmp_path, {"one": []}))
    assert refusal.value.code == "source-empty"


def test_header_line_when_given_then_titles_above_are_left_out(tmp_path):
    path = tmp_path / "titled.csv"
    path.write_text("Report of May,\n,\na,b\n1,2\n", encoding="utf-8")
    assert open_export(path, header_line=3).rows == [("1", "2")]
    with pytest.raises(SourceError):
        open_export(path, header_line=9)


CELL = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"], exclude_characters="\xad"), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("xyz"), CELL, CELL), min_size=3, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_table_when_written_in_any_way_then_reads_back_equal(rows, delimiter, encoding, end):
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in [("k", "l", "m"), *rows]]
    body = f"sep={delimiter}\r\n" + end.join(delimiter.join(row) for row in quoted)
    sheet = read_sheet_bytes(body.encode(encoding), "file.csv")
    assert sheet.records == [("k", "l", "m"), *rows]
