"""Workbooks (XLSX, XLS, XLSB, ODS): the sheet that holds the responses, its cells as text."""

import io
import re
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.errors import SourceError
from pipeline.sources.delimited import Records

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_RESPONSES = re.compile(
    r"respon|réponse|antwort|respuest|rispost|reacties|answers|回答|raw.?data", re.IGNORECASE
)

CellValue = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(raw: bytes, file: str, sheet: str) -> tuple[str, Records, tuple[str, ...]]:
    """Returns the name of the sheet that was read, its records with their rows, and notices.

    Args:
        raw: the bytes of the workbook.
        file: its name, for messages.
        sheet: the sheet to read, or "" for the one that looks like responses.

    Raises:
        SourceError: it is no workbook, is locked with a password, or has no such sheet.
    """
    workbook = _open(raw, file)
    names = _visible_names(workbook)
    if sheet:
        return sheet, _records(workbook, _checked_name(sheet, names, file)), ()
    filled = {name: found for name in names if (found := _records(workbook, name))[0]}
    if not filled:
        raise SourceError(
            "source-empty", "the workbook is empty", where=file, hint="export the responses again"
        )
    chosen = _choose(filled)
    return chosen, filled[chosen], _notices(chosen, len(filled))


def _open(raw: bytes, file: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except PasswordError:
        raise SourceError(
            "source-password", "the workbook is locked", where=file, hint="save it without a password"
        ) from None
    except CalamineError:
        raise SourceError(
            "source-kind",
            "this is a ZIP archive or a damaged workbook, not a table of responses",
            where=file,
            hint="unpack it and give the CSV or XLSX file inside, or export it again",
        ) from None


def _visible_names(workbook: CalamineWorkbook) -> tuple[str, ...]:
    return tuple(
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    )


def _checked_name(sheet: str, names: tuple[str, ...], file: str) -> str:
    if sheet not in names:
        raise SourceError(
            "source-sheet",
            f"the workbook has no sheet '{sheet}'",
            where=file,
            hint=f"it has: {', '.join(names)}",
        )
    return sheet


def _choose(filled: dict[str, Records]) -> str:
    """A sheet named like responses wins, then the one with the most rows."""
    return max(filled, key=lambda name: (bool(_RESPONSES.search(name)), len(filled[name][0])))


def _notices(chosen: str, sheet_count: int) -> tuple[str, ...]:
    if sheet_count == 1:
        return ()
    return (f"of {sheet_count} sheets, '{chosen}' was read",)


def _records(workbook: CalamineWorkbook, name: str) -> Records:
    records: list[tuple[str, ...]] = []
    lines: list[int] = []
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for line, row in enumerate(rows, start=1):
        record = tuple(map(_cell_text, row))
        if any(map(str.strip, record)):
            records.append(record)
            lines.append(line)
    return records, lines


def _cell_text(value: CellValue) -> str:
    """A number without a fraction loses its ".0", a date becomes ISO: as a person reads the cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
