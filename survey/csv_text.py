"""A CSV file that people wrote: bytes in, numbered lines out, or what is wrong with the file as a whole.

Knows no columns of its own: a roster and a list of who works with whom are read alike.
"""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from survey.errors import Problem

UNREADABLE = "unreadable"
"""The code of the problem of a file that cannot be opened."""

_DELIMITERS = ",;\t|"
_SAVE_AS_CSV = "open it in a spreadsheet and save it as 'CSV UTF-8'"
_WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_text(path: Path) -> str | Problem:
    """Returns the text of a file, or why it is no text that could be CSV."""
    try:
        raw = path.read_bytes()
    except OSError:
        message, hint = "the file cannot be opened", "check the path and the right to read it"
        return whole_file(path.name, message, hint, code=UNREADABLE)
    if raw.startswith(_WORKBOOK_STARTS):
        return whole_file(path.name, "an Excel workbook, not CSV", _SAVE_AS_CSV)
    text = _decode(raw)
    return whole_file(path.name, "not a text file", _SAVE_AS_CSV) if "\x00" in text else text


def numbered(
    text: str, columns: Collection[str], file: str, broken: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yields each record that holds anything, with the line it starts on: a cell may span lines.

    Where quotes do not match, the rest cannot be told apart: the records end and `broken` says so.

    Args:
        text: the whole file.
        columns: the names that a header may have, by which the delimiter is found.
        file: what to call the file in a problem.
        broken: takes up the problem.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        message = "a quote in this record does not match, so the lines below cannot be read"
        hint = "close the quote, or write two quotes where one is meant"
        broken.append(Problem(file=file, line=start, message=message, hint=hint))


def column_name(cell: str) -> str:
    """Returns a header's cell as a column's name.

    >>> column_name(' "Org Unit" ')
    'org_unit'
    """
    return "_".join(cell.strip().strip('"').casefold().split())


def whole_file(file: str, message: str, hint: str, *, code: str = "") -> Problem:
    """Returns a problem of a file as a whole."""
    return Problem(file=file, line=1, message=message, hint=hint, code=code)


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_by_looks(raw)


def _decode_by_looks(raw: bytes) -> str:
    """Where several encodings look equally right, takes the one that spreadsheets write in the west."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, rarely needed

    found = list(from_bytes(raw))
    if not found:
        return "\x00"
    equal = [match for match in found if match.chaos == found[0].chaos]
    western = [match for match in equal if "cp1252" in match.could_be_from_charset]
    return str((western or equal)[0])


def _delimiter(text: str, columns: Collection[str]) -> str:
    """The character that splits the first line into the most columns we know; a comma if none does."""
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(_DELIMITERS, key=lambda mark: sum(column_name(cell) in columns for cell in header.split(mark)))
