"""Google Forms: the response sheet as CSV or XLSX, a timestamp first, grids as `Question [Row]`."""

import re

from pipeline.sources.export import Column, Export, Field, plain_text
from pipeline.sources.table import Sheet

TOOL = "google_forms"
TITLE = "Google Forms"

_TIMESTAMPS = {
    "timestamp",
    "zeitstempel",
    "horodateur",
    "marca temporal",
    "informazioni cronologiche",
    "carimbo de data/hora",
    "tijdstempel",
    "タイムスタンプ",
    "时间戳记",
}
_GRID = re.compile(r"(?P<question>.*\S)\s*\[(?P<row>[^\[\]]*)\]\s*", re.DOTALL)


def recognises(sheet: Sheet) -> bool:
    """True where the first header is `Timestamp`, in the languages Forms writes it."""
    return plain_text(sheet.records[0][0]) in _TIMESTAMPS


def read(sheet: Sheet) -> Export:
    """Returns the export. A grid column goes by its whole header and by its row.

    Raises:
        SourceError: the rows do not fit the header, or there are none.
    """
    columns = tuple(_column(number, text) for number, text in enumerate(sheet.records[0], start=1))
    rows, lines = sheet.rows_below(1, len(columns))
    return Export(
        tool=TOOL,
        file=sheet.file,
        columns=columns,
        rows=rows,
        lines=lines,
        fields={Field.SUBMITTED_AT: 1},
        notices=sheet.notices,
    )


def _column(number: int, header: str) -> Column:
    text = header.strip()
    grid = _GRID.fullmatch(text)
    if grid is None:
        return Column(number=number, text=text, names=(text,) if text else (), question=text)
    question, row = grid["question"].strip(), grid["row"].strip()
    return Column(number=number, text=text, names=(text, row), question=question, choice=row)
