"""Texts out to a spreadsheet and back in: what comes back is what went out, changed where it was changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from survey.definition import BUILT_IN, parse_definition, read_definition
from survey.definition_nodes import one_line
from survey.errors import DefinitionError
from survey.texts import definition_with_texts, instrument_texts, write_texts

DEFINITIONS = {path.stem: read_definition(path) for path in sorted(BUILT_IN.glob("*.yaml"))}
GREAT_PM = DEFINITIONS["great-pm"]

TINY = """\
# A comment that stays.
id: tiny
version: 1.0     # raised by hand
title: {en: Tiny, de: Winzig}
languages: [en, de]
subject: pm
respondents: [others]
scales:
  slider: {kind: range, low: 0, high: 10, labels: {en: [1, 2], de: [1, 2]}}
traits:
  focus:
    title: {en: Focus, de: 'Fokus'}
    provenance: Made up.
    anchors:
      low: {en: a, de: a}
      middle: {en: b, de: b}
      high: {en: c, de: c}
    grow: [{en: d, de: d}]
    items:
      focus_no:
        text:
          en: >-
            Says no,
            for a reason.
          de: |
            Sagt begründet Nein.

          # another comment that stays
"""
Table = list[list[str | float]]


def read(path: Path) -> Table:
    """The cells of the sheet as a person sees them."""
    return [
        [str(cell) for cell in row]
        for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Texts").to_python()
    ]


def write(path: Path, table: Table, sheet: str = "Texts") -> Path:
    """A spreadsheet as a person saves it."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(table):
            page.write_row(number, 0, row)
    return path


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return read_definition(path)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_texts_when_nothing_was_edited_then_the_file_comes_back_byte_for_byte(definition, tmp_path):
    count = write_texts(definition, tmp_path / "texts.xlsx")
    text, after = definition_with_texts(tmp_path / "texts.xlsx", definition)
    assert text.encode() == definition.path.read_bytes()
    assert after.instrument == definition.instrument
    assert count == len(read(tmp_path / "texts.xlsx")) - 1


def test_texts_when_written_then_hold_every_text_once_with_a_column_per_language(tmp_path):
    write_texts(GREAT_PM, tmp_path / "texts.xlsx")
    head, *rows = read(tmp_path / "texts.xlsx")
    assert head == ["text id", "what it is", "en", "de"]
    assert len({row[0] for row in rows}) == len(rows)
    assert ["scales.frequency.labels.1", "label of a point", "never", "nie"] in rows
    assert [
        "traits.focus.items.focus_overloads.self",
        "reverse item, as the subject reads it",
        "I pile new work on top of a full plan.",
        "Ich lade neue Arbeit auf einen vollen Plan.",
    ] in rows
    assert CalamineWorkbook.from_path(tmp_path / "texts.xlsx").sheet_names == ["Texts", "Read me"]


def test_texts_when_a_group_is_not_asked_then_its_wording_is_not_there():
    ids = {text.text_id for text in instrument_texts(DEFINITIONS["stage-fit"])}
    assert "traits.enjoy_early.items.enjoy_early_open.self" in ids
    assert "traits.enjoy_early.items.enjoy_early_open.text" not in ids


def test_texts_when_words_change_then_only_those_words_change_in_the_file(tiny, tmp_path):
    write_texts(tiny, tmp_path / "out.xlsx")
    table = read(tmp_path / "out.xlsx")
    edited = {"title": "Small", "traits.focus.items.focus_no.text": "Says no: kindly, at once # really"}
    table = [[*row[:2], edited.get(row[0], row[2]), row[3]] for row in table]
    text, after = definition_with_texts(write(tmp_path / "in.xlsx", table), tiny, version="1.1")
    assert after.instrument.items[0].text["en"] == edited["traits.focus.items.focus_no.text"]
    expected = TINY.replace("version: 1.0 ", 'version: "1.1" ').replace("{en: Tiny,", '{en: "Small",')
    expected = expected.replace(
        ">-\n            Says no,\n            for a reason.", '"Says no: kindly, at once # really"'
    )
    assert text == expected


characters = st.characters(exclude_categories=("Cc", "Cn", "Cs"))  # nobody can type the others
words = st.text(characters, min_size=1, max_size=40).map(one_line).filter(bool)


@given(english=words, german=words)
@example(english="no", german="1.0")
@example(english='"quoted": {yes} # [no]', german="- 'x' & *y | > %")
@example(english="=1+1", german="Größe € 😀")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_any_words_when_taken_in_then_are_exactly_what_the_instrument_says(english, german, tmp_path, tiny):
    table = [["text id", "en", "de"]] + [
        [text.text_id, text.words["en"], text.words["de"]] for text in instrument_texts(tiny)
    ]
    for row in table:
        if row[0] in {"traits.focus.title", "traits.focus.items.focus_no.text"}:
            row[1:] = [english, german]
    path = tmp_path / "any.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Texts")
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
    text, after = definition_with_texts(path, tiny)
    expected = {"en": english, "de": german}
    assert after.instrument.trait("focus").title == expected
    assert after.instrument.items[0].text == expected
    assert parse_definition(text.encode(), tiny.path) == after


def drop(text_id: str) -> Callable[[Table], Table]:
    return lambda table: [row for row in table if row[0] != text_id]


def change(text_id: str, column: int, cell: str) -> Callable[[Table], Table]:
    return lambda table: [
        [cell if row[0] == text_id and place == column else old for place, old in enumerate(row)]
        for row in table
    ]


EDITS = [
    # what was done                                            row  code                hint
    (drop("title"),                                              1, "text-missing",     "put it back"),
    (change("title", 2, ""),                                     2, "text-empty",       "words in every language"),
    (lambda table: [*table, table[1]],                          11, "text-twice",       "row 2"),
    (lambda table: [*table, ["", "", "lost", ""]],              11, "text-unknown",     "delete the row"),
    (lambda table: [*table, ["traits.fokus.title", "", "a", "b"]], 11, "text-unknown",  "did you mean 'traits.focus.title'?"),
    (change("text id", 3, "du"),                                 1, "column-missing",   "first row"),
    (change("text id", 0, "key"),                                1, "column-missing",   "first row"),
    (lambda table: [[*row, "x"] if row[0] != "text id" else [*row, "fr"] for row in table], 1, "language-unknown", "en, de"),
    (lambda table: [[*row[:3], "1"] if "labels.2" in row[0] else row for row in table], 3, "label-twice", "its own words"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "row", "code", "hint"), EDITS, ids=[edit[2] for edit in EDITS])
def test_spreadsheet_when_one_thing_is_wrong_then_says_the_row_and_what_to_do(
    edit, row, code, hint, tiny, tmp_path
):
    write_texts(tiny, tmp_path / "out.xlsx")
    path = write(tmp_path / "in.xlsx", edit(read(tmp_path / "out.xlsx")))
    with pytest.raises(DefinitionError) as caught:
        definition_with_texts(path, tiny)
    problem = next(problem for problem in caught.value.problems if problem.code == code)
    assert (problem.file, problem.line) == (str(path), row)
    assert hint in problem.hint


def test_spreadsheet_when_it_has_notes_and_empty_rows_then_they_are_left_alone(tiny, tmp_path):
    write_texts(tiny, tmp_path / "out.xlsx")
    head, *rows = read(tmp_path / "out.xlsx")
    table = [[*head, "my notes"], ["", "", "", "", ""], *([*row, "ok"] for row in rows)]
    text, _ = definition_with_texts(write(tmp_path / "in.xlsx", table), tiny)
    assert text == TINY


def test_spreadsheet_when_it_turned_labels_into_numbers_then_they_are_labels_again(tiny, tmp_path):
    write_texts(tiny, tmp_path / "out.xlsx")
    table = read(tmp_path / "out.xlsx")
    numbers = [[float(cell) if cell in {"1", "2"} else cell for cell in row] for row in table]
    text, _ = definition_with_texts(write(tmp_path / "in.xlsx", numbers), tiny)
    assert text == TINY


def test_spreadsheet_when_it_is_none_then_says_so(tiny, tmp_path):
    (tmp_path / "words.xlsx").write_text("just words", encoding="utf-8")
    other = write(tmp_path / "other.xlsx", [["a"]], sheet="Sheet1")
    empty = write(tmp_path / "empty.xlsx", [])
    for path, code in (
        (tmp_path / "words.xlsx", "sheet"),
        (tmp_path / "nowhere.xlsx", "sheet"),
        (other, "sheet"),
        (empty, "sheet"),
    ):
        with pytest.raises(DefinitionError) as caught:
            definition_with_texts(path, tiny)
        assert [problem.code for problem in caught.value.problems] == [code]


def test_version_when_it_is_no_version_then_is_refused_at_its_line(tiny, tmp_path):
    write_texts(tiny, tmp_path / "out.xlsx")
    with pytest.raises(DefinitionError) as caught:
        definition_with_texts(tmp_path / "out.xlsx", tiny, version="next")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.code) == (str(tiny.path), 3, "form")


def test_spreadsheet_when_of_another_instrument_then_one_problem_says_so(tiny, tmp_path):
    great_pm = read_definition(BUILT_IN / "great-pm.yaml")
    write_texts(great_pm, tmp_path / "other.xlsx")
    with pytest.raises(DefinitionError) as caught:
        definition_with_texts(tmp_path / "other.xlsx", tiny)
    assert [problem.code for problem in caught.value.problems] == ["texts-foreign"]


def test_spreadsheet_when_there_is_none_then_says_that(tiny, tmp_path):
    with pytest.raises(DefinitionError) as caught:
        definition_with_texts(tmp_path / "none.xlsx", tiny)
    assert [problem.message for problem in caught.value.problems] == ["there is no such file"]
