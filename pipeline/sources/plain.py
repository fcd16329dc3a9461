"""Any other table: one header row, and a mapping that says what its columns are."""

from pipeline.sources.export import Column, Export
from pipeline.sources.table import Sheet

TOOL = "csv"
TITLE = "a plain table"


def recognises(sheet: Sheet) -> bool:
    """True for every table."""
    return bool(sheet.records)


def read(sheet: Sheet) -> Export:
    """Returns the export. A column goes by its header.

    Raises:
        SourceError: the rows do not fit the header, or there are none.
    """
    columns = tuple(_column(number, text.strip()) for number, text in enumerate(sheet.records[0], start=1))
    rows, lines = sheet.rows_below(1, len(columns))
    return Export(
        tool=TOOL,
        file=sheet.file,
        columns=columns,
        rows=rows,
        lines=lines,
        fields={},
        notices=sheet.notices,
    )


def _column(number: int, text: str) -> Column:
    return Column(number=number, text=text, names=(text,) if text else (), question=text)
