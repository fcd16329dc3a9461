"""An export as every tool is brought to: named columns, rows of text, and the tool's own fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column says about a row, or in a long file about an answer."""

    WAVE = "wave"
    SUBJECT = "subject"
    RELATIONSHIP = "relationship"
    RATER = "rater"
    RESPONSE = "response"
    SUBMITTED_AT = "submitted_at"
    ITEM = "item"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of an export.

    `number` counts from 1. `text` names it to a person. `names` are all texts it goes by: code,
    question, import id. `question` and `choice` are its two header parts where a tool has both.
    """

    number: int
    text: str
    names: tuple[str, ...]
    question: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A row-level export: `rows` are as wide as `columns`, `lines` is in step with `rows`.

    `fields` gives the number of the column that holds a field by the tool's own convention.
    """

    tool: str
    file: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]
    lines: Sequence[int]
    fields: Mapping[Field, int]
    notices: tuple[str, ...]


_TAG = re.compile(r"<[^<>]{1,200}>")
_SPACE = re.compile(r"\s+")
_PLAIN_SIGNS = str.maketrans("‘’‚“”„–—−", "'''\"\"\"---")


def plain_text(text: str) -> str:
    """Returns a header or label without what exports change: tags, spacing, case, typographic signs.

    >>> plain_text(" <b>Don’t</b>  Know: ")
    "don't know"
    """
    bare = unicodedata.normalize("NFKC", _TAG.sub(" ", text)).translate(_PLAIN_SIGNS)
    return _SPACE.sub(" ", bare).strip().rstrip(":* ").casefold()


def find_field(columns: Sequence[Column], *names: str) -> int | None:
    """Returns the number of the first column that goes by one of the names, the names in order."""
    for name in names:
        for column in columns:
            if name in map(plain_text, column.names):
                return column.number
    return None


def found_fields(columns: Sequence[Column], conventions: Mapping[Field, tuple[str, ...]]) -> dict[Field, int]:
    """Returns the columns that a tool's conventions name, each name in `plain_text` form."""
    found = {field: find_field(columns, *names) for field, names in conventions.items()}
    return {field: number for field, number in found.items() if number is not None}
