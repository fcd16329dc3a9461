"""CSV, TSV and their relatives: text in, records and the physical line of each out."""

import csv
import io
import re

from clevercsv.detect import Detector

from pipeline.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 20_000
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)

Records = tuple[list[tuple[str, ...]], list[int]]
"""The records and, in step with them, the line each one starts on."""


def find_delimiter(text: str) -> str:
    """Returns the delimiter of a text, decided on its beginning; a comma where there is none."""
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        return declared[1]
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample) and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    found = Detector().detect(sample, delimiters=list(DELIMITERS))
    return str(found.delimiter) if found is not None and found.delimiter else ","


def read_delimited(text: str, delimiter: str, file: str) -> Records:
    """Returns the records that hold anything, each with its line as an editor counts it.

    Raises:
        SourceError: a quotation mark is never closed or stands inside a cell, or a cell is endless.
    """
    declared = _SEPARATOR_LINE.match(text)
    lines_before = 1 if declared else 0
    body = io.StringIO(text[declared.end() :] if declared else text, newline="")
    reader = csv.reader(body, delimiter=delimiter, strict=True)
    records: list[tuple[str, ...]] = []
    lines: list[int] = []
    start = 0
    try:
        for record in reader:
            if any(map(str.strip, record)):
                records.append(tuple(record))
                lines.append(lines_before + start + 1)
            start = reader.line_num
    except csv.Error as error:
        raise _unreadable(error, file, lines_before + start + 1) from None
    return records, lines


def _unreadable(error: csv.Error, file: str, line: int) -> SourceError:
    place = f"{file}:{line}"
    if "field larger" in str(error):
        return SourceError(
            "source-cell-size",
            "a cell of this line is larger than any answer",
            where=place,
            hint="look for a quotation mark that is never closed, or export the file again",
        )
    return SourceError(
        "source-quotes",
        "the quotation marks of this line do not pair up",
        where=place,
        hint='write a quotation mark inside a cell twice (""), or export the file again',
    )
