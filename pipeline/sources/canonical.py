"""Our own table of answers: wide (one column per item id) or long (one answer per row).

A long CSV in UTF-8 can be very large, so it is not read here: `find_long_file` looks at its first
bytes alone and describes it for the warehouse, which reads it by itself.
"""

import codecs
from dataclasses import replace
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.received import LongFile
from pipeline.sources import plain
from pipeline.sources.delimited import find_delimiter, read_delimited
from pipeline.sources.export import Export, Field, found_fields, plain_text
from pipeline.sources.table import Sheet

TOOL = "canonical"
TITLE = "the canonical table"

HEADERS: dict[Field, tuple[str, ...]] = {
    Field.WAVE: ("wave", "wave_id"),
    Field.SUBJECT: ("subject_id", "subject"),
    Field.RELATIONSHIP: ("relationship",),
    Field.RATER: ("rater", "rater_id"),
    Field.RESPONSE: ("response_id", "response"),
    Field.SUBMITTED_AT: ("submitted_at",),
    Field.ITEM: ("item_id", "item"),
    Field.VALUE: ("value",),
}
_HEAD_BYTES = 65_536


def recognises(sheet: Sheet) -> bool:
    """True where the header names a subject and a relationship, or a subject, an item and a value."""
    return _is_canonical(sheet.records[0])


def _is_canonical(header: tuple[str, ...]) -> bool:
    names = set(map(plain_text, header))
    has = {field for field, texts in HEADERS.items() if not names.isdisjoint(texts)}
    return Field.SUBJECT in has and (Field.RELATIONSHIP in has or {Field.ITEM, Field.VALUE} <= has)


def read(sheet: Sheet) -> Export:
    """Returns the export; it is long where its fields include an item and a value.

    Raises:
        SourceError: the rows do not fit the header, there are none, or a long table does not say
            which answers belong together.
    """
    export = plain.read(sheet)
    fields = found_fields(export.columns, HEADERS)
    if not is_long(set(fields)):
        fields = {field: number for field, number in fields.items() if field not in {Field.ITEM, Field.VALUE}}
    else:
        _check_key(set(fields), sheet.file)
    return replace(export, tool=TOOL, fields=fields)


def is_long(fields: set[Field]) -> bool:
    """True where every row is one answer."""
    return {Field.ITEM, Field.VALUE} <= fields


def find_long_file(path: Path) -> tuple[LongFile, tuple[str, ...]] | None:
    """Returns a canonical long CSV in UTF-8, described, and its header; None for any other file.

    Raises:
        SourceError: the file is one, but does not say which answers belong together.
    """
    header = _read_header(path)
    if header is None or not _is_canonical(header[1]):
        return None
    delimiter, texts, header_lines = header
    texts = tuple(map(str.strip, texts))
    columns = {
        field.value: next(text for text in texts if plain_text(text) in names)
        for field, names in HEADERS.items()
        if any(plain_text(text) in names for text in texts)
    }
    if not is_long({Field(name) for name in columns}):
        return None
    _check_key({Field(name) for name in columns}, path.name)
    return LongFile(path=path, delimiter=delimiter, header_lines=header_lines, columns=columns), texts


def _read_header(path: Path) -> tuple[str, tuple[str, ...], int] | None:
    """Only whole lines are judged: the last one of the head may be cut inside a letter."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        text = head[: head.rfind(b"\n") + 1].removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in text or not text.strip():
        return None
    delimiter = find_delimiter(text)
    try:
        records, lines = read_delimited(_first_lines(text), delimiter, path.name)
    except SourceError:
        return None
    return (delimiter, records[0], lines[0]) if records else None


def _first_lines(text: str) -> str:
    """The header and the empty lines before it; an item id never holds a line end."""
    filled = text.lstrip("\r\n")
    end = filled.find("\n")
    return text[: len(text) - len(filled) + end + 1]


def _check_key(fields: set[Field], file: str) -> None:
    if fields.isdisjoint({Field.RATER, Field.RESPONSE}):
        raise SourceError(
            "source-long-key",
            "a file with one answer per row must say which answers belong together",
            where=f"{file}:1",
            hint="add a column rater or response_id",
        )
