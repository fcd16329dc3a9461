"""Any file that holds a table, as a `Sheet`: records of text with the line each starts on.

Records without a single filled cell carry nothing and are left out; they still count as lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.sources import delimited, workbook
from pipeline.sources.text import read_text

_MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as it came. `lines` is in step with `records`; records may differ in length."""

    file: str
    name: str
    records: Sequence[tuple[str, ...]]
    lines: Sequence[int]
    notices: tuple[str, ...]

    def rows_below(self, header_count: int, width: int) -> tuple[Sequence[tuple[str, ...]], Sequence[int]]:
        """Returns the records below the header rows, each exactly as wide as the header, and lines.

        A short record is filled up, empty surplus cells are cut.

        Raises:
            SourceError: a record has filled cells beyond the header, or there is none at all.
        """
        lines = self.lines[header_count:]
        if not lines:
            raise SourceError(
                "source-no-rows",
                "the file holds no response, only a header",
                where=self.file,
                hint="export the responses with their rows",
            )
        records = zip(self.records[header_count:], lines, strict=True)
        return [self._squared(record, width, line) for record, line in records], lines

    def _squared(self, record: tuple[str, ...], width: int, line: int) -> tuple[str, ...]:
        if len(record) == width:
            return record
        if any(map(str.strip, record[width:])):
            raise SourceError(
                "source-ragged",
                f"the line has {len(record)} cells under a header of {width} columns",
                where=f"{self.file}:{line}",
                hint="put quotation marks around cells that hold the delimiter, or export the file again",
            )
        return (record + ("",) * width)[:width]


def read_bytes(path: Path) -> bytes:
    """Returns the content of a file.

    Raises:
        SourceError: it is missing, a folder, or not readable for us.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            "source-missing",
            f"the file cannot be opened ({(error.strerror or 'unknown reason').lower()})",
            where=path.name,
            hint="check its name and whether you may read it",
        ) from None


def read_sheet(path: Path, *, sheet: str = "", header_line: int = 0) -> Sheet:
    """Returns the table of a CSV, TSV, XLSX, XLS, XLSB or ODS file; its content decides which.

    Args:
        path: the file.
        sheet: the sheet of a workbook; "" takes the one that looks like responses.
        header_line: the line of the (first) header row; 0 takes the first filled one.

    Raises:
        SourceError: the file is no table that can be read whole.
    """
    found = read_sheet_bytes(read_bytes(path), path.name, sheet)
    return _checked(_from_line(found, header_line))


def read_sheet_bytes(raw: bytes, file: str, sheet: str = "") -> Sheet:
    """Returns the table held in the bytes of a file. See `read_sheet`."""
    if raw.startswith(workbook.SIGNATURES):
        name, (records, lines), notices = workbook.read_workbook(raw, file, sheet)
    else:
        text, notices = read_text(raw, file)
        name = ""
        records, lines = delimited.read_delimited(text, delimited.find_delimiter(text), file)
    return Sheet(file=file, name=name, records=records, lines=lines, notices=notices)


def _from_line(sheet: Sheet, line: int) -> Sheet:
    skipped = sum(1 for other in sheet.lines if other < line)
    return replace(sheet, records=sheet.records[skipped:], lines=sheet.lines[skipped:])


def _checked(sheet: Sheet) -> Sheet:
    if not sheet.records:
        raise SourceError(
            "source-empty", "the file is empty", where=sheet.file, hint="export the responses again"
        )
    if len(sheet.records[0]) > _MOST_COLUMNS:
        raise SourceError(
            "source-width",
            f"the header has more than {_MOST_COLUMNS} columns",
            where=f"{sheet.file}:{sheet.lines[0]}",
            hint="export one row per response; line ends may be missing",
        )
    return sheet
