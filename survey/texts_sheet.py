"""The spreadsheet of an instrument's texts: how it looks, and what of it is read back."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.definition_nodes import Findings, nearest, one_line

SHEET = "Texts"
ID_COLUMN = "text id"
FIXED_COLUMNS = (ID_COLUMN, "what it is")

EXPLANATION = (
    "Change the words in the language columns. Leave the first row and the column 'text id' as they are.",
    "Every text needs words in every language. Line breaks do not matter.",
    "An item is one behaviour one can see: a verb first, nothing with 'and', nothing rare.",
    "What matters is that an item keeps its meaning. Something else to ask is a new item, in the file itself.",
    "Save this file, then run: pmhealth instrument texts-in FILE.xlsx --instrument ID --out NEW.yaml",
    "If a wave has used the instrument, add: --version 1.1 (a new number; the used version stays as it was).",
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One text of a spreadsheet: its row as the spreadsheet counts, its id, its words per language."""

    number: int
    text_id: str
    words: Mapping[str, str]


def write_sheet(path: Path, rows: Sequence[tuple[str, ...]], languages: tuple[str, ...]) -> None:
    """Writes rows of (id, what, words per language) to a spreadsheet with a page that explains it."""
    import xlsxwriter  # noqa: PLC0415 - only who exports texts pays for it

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "bottom": 1})
        fixed = book.add_format({"font_color": "#666666", "bg_color": "#f2f2f2", "valign": "top"})
        words = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, len(FIXED_COLUMNS))
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 36)
        sheet.set_column(2, 1 + len(languages), 64)
        for column, title in enumerate((*FIXED_COLUMNS, *languages)):
            sheet.write_string(0, column, title, head)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, fixed if column < len(FIXED_COLUMNS) else words)
        explanation = book.add_worksheet("Read me")
        explanation.set_column(0, 0, 110, words)
        for number, line in enumerate(EXPLANATION):
            explanation.write_string(number, 0, line, words)


def read_sheet(
    path: Path, text_ids: tuple[str, ...], languages: tuple[str, ...], found: Findings
) -> tuple[SheetRow, ...]:
    """Returns the rows of a spreadsheet whose ids are known; all that does not fit is noted.

    Args:
        path: the spreadsheet.
        text_ids: the texts that the instrument has; each has to stand in one row.
        languages: the languages that have to be there as columns.
        found: takes the problems; their lines are the spreadsheet's row numbers.
    """
    table = _read_table(path, found)
    columns = _read_head(table[0], languages, found) if table else {}
    if columns and _is_foreign(table[1:], columns[ID_COLUMN], text_ids):
        found.add(2, "texts-foreign", "these are the texts of another instrument", "check --instrument")
        return ()
    rows: dict[str, SheetRow] = {}
    for number, cells in enumerate(table[1:], start=2):
        if columns and any(cells):
            row = _read_row(number, cells, columns, found)
            if _is_expected(row, text_ids, rows, found):
                rows[row.text_id] = row
    for text_id in text_ids if columns else ():
        if text_id not in rows:
            found.add(1, "text-missing", f"the row '{text_id}' is not there", "put it back with its id")
    return tuple(rows.values())


def _is_foreign(table: list[list[str]], id_column: int, text_ids: tuple[str, ...]) -> bool:
    """True if fewer than half of the ids are known: nobody wants to read of each that it is not."""
    ids = [cells[id_column] for cells in table if any(cells)]
    return 2 * len(set(ids) & set(text_ids)) < len(ids)


def _read_table(path: Path, found: Findings) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - likewise

    if not path.is_file():
        found.add(1, "sheet", "there is no such file", "check the path")
        return []
    try:
        with CalamineWorkbook.from_path(path) as book:
            if SHEET not in book.sheet_names:
                found.add(1, "sheet", f"there is no sheet '{SHEET}'", f"name the sheet '{SHEET}' again")
                return []
            cells = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError):
        found.add(1, "sheet", "this is no spreadsheet that can be read", "save it as .xlsx")
        return []
    if not cells:
        found.add(1, "sheet", "the sheet is empty", "write the texts out again")
    return [[_words(cell) for cell in row] for row in cells]


def _words(cell: object) -> str:
    """Returns the words of a cell; a spreadsheet turns a label like 1 into the number 1.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return one_line(str(cell))


def _read_head(head: list[str], languages: tuple[str, ...], found: Findings) -> dict[str, int]:
    """Returns the column of the id and of each language, or nothing if one of them is not there."""
    columns = {title: place for place, title in enumerate(head) if title}
    for title in columns.keys() - set(languages):
        if _LANGUAGE.fullmatch(title):
            message = f"the column '{title}' is none of the instrument's languages"
            found.add(1, "language-unknown", message, nearest(title, languages))
    missing = [title for title in (ID_COLUMN, *languages) if title not in columns]
    for title in missing:
        found.add(
            1, "column-missing", f"there is no column '{title}'", "put its name back into the first row"
        )
    return {} if missing else columns


def _read_row(number: int, cells: list[str], columns: Mapping[str, int], found: Findings) -> SheetRow:
    words = {title: cells[place] for title, place in columns.items() if _LANGUAGE.fullmatch(title)}
    for language, text in words.items():
        if not text:
            message = f"there are no words in '{language}'"
            found.add(number, "text-empty", message, "every text needs words in every language")
    return SheetRow(number=number, text_id=cells[columns[ID_COLUMN]], words=words)


def _is_expected(
    row: SheetRow, text_ids: tuple[str, ...], rows: Mapping[str, SheetRow], found: Findings
) -> bool:
    if row.text_id in rows:
        hint = f"keep one; the other is row {rows[row.text_id].number}"
        found.add(row.number, "text-twice", f"'{row.text_id}' stands twice", hint)
        return False
    if row.text_id in text_ids:
        return True
    near = difflib.get_close_matches(row.text_id, text_ids, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "put its text id back, or delete the row"
    found.add(row.number, "text-unknown", f"'{row.text_id}' is no text of this instrument", hint)
    return False
