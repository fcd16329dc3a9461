"""Qualtrics: CSV or XLSX with three header rows (code, question, ImportId), or the legacy two.

The ImportId row is JSON, or in older exports a Python literal in single quotes. Preview and test
responses are kept, since the survey's owner may have filled it with them; a notice counts them.
"""

import re
from collections.abc import Sequence

from pipeline.sources.export import Column, Export, Field, find_field, found_fields
from pipeline.sources.table import Sheet

TOOL = "qualtrics"
TITLE = "Qualtrics"

_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:\s*["']([^"']+)["']""")
_LEGACY_CODE = re.compile(r"V\d+")
_CONVENTIONS = {
    Field.RESPONSE: ("_recordid", "responseid", "response id"),
    Field.SUBMITTED_AT: ("recordeddate", "recorded date", "enddate", "end date"),
}
_LIVE = {"", "0", "ip address", "email", "offline", "imported", "16"}


def recognises(sheet: Sheet) -> bool:
    """True for a header with an ImportId row, or with the codes V1, V2 ... above `ResponseID`."""
    return _header_count(sheet) > 0


def read(sheet: Sheet) -> Export:
    """Returns the export. A column goes by its code, its question text and its ImportId.

    Raises:
        SourceError: the rows do not fit the header, or there are none.
    """
    count = _header_count(sheet)
    headers = sheet.records[:count]
    columns = tuple(_column(place, headers) for place in range(len(headers[0])))
    rows, lines = sheet.rows_below(count, len(columns))
    return Export(
        tool=TOOL,
        file=sheet.file,
        columns=columns,
        rows=rows,
        lines=lines,
        fields=found_fields(columns, _CONVENTIONS),
        notices=sheet.notices + _trial_notice(columns, rows),
    )


def _header_count(sheet: Sheet) -> int:
    records = sheet.records
    if any(map(_IMPORT_ID.search, (cell for record in records[2:3] for cell in record))):
        return 3
    is_legacy = len(records) > 1 and records[0][0] == "V1" and records[1][0].casefold() == "responseid"
    return 2 if is_legacy else 0


def _column(place: int, headers: Sequence[tuple[str, ...]]) -> Column:
    cells = [row[place] if place < len(row) else "" for row in headers]
    code, question = cells[0].strip(), cells[1].strip()
    found = _IMPORT_ID.search("".join(cells[2:]))
    names = (code, question, found[1] if found else "")
    is_system = _LEGACY_CODE.fullmatch(code)
    return Column(
        number=place + 1,
        text=question if is_system else code,
        names=tuple(dict.fromkeys(name for name in names if name)),
        question=question,
    )


def _trial_notice(columns: Sequence[Column], rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    number = find_field(columns, "status", "distributionchannel")
    if number is None:
        return ()
    count = sum(1 for row in rows if row[number - 1].strip().casefold() not in _LIVE)
    return (f"{count} rows are previews or tests by their status; they are kept",) if count else ()
