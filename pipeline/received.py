"""What a file brought, one received answer per row, before anything is judged.

`Received` is the hand-over from sources and mapping to validation and loading. Its table holds
text only; whether a subject exists or a value lies on its scale is for `rules.py` to say.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

NOT_OBSERVED = "not_observed"
"""The value text of an answer that says 'not enough exposure to judge'."""

LONG_TOOL = "canonical-long"
"""The tool name of a file with one answer per row."""

SCHEMA = pa.schema(
    [
        pa.field("line", pa.int32(), nullable=False),
        pa.field("part", pa.uint8(), nullable=False),
        pa.field("starts_row", pa.bool_(), nullable=False),
        pa.field("column_no", pa.uint16(), nullable=False),
        pa.field("wave", pa.string()),
        pa.field("subject", pa.string()),
        pa.field("relationship", pa.string()),
        pa.field("rater", pa.string()),
        pa.field("response", pa.string()),
        pa.field("item", pa.string()),
        pa.field("value", pa.string()),
        pa.field("submitted_at", pa.string()),
    ]
)
"""One received answer.

- `line`: line of the file as an editor or a spreadsheet counts it, from 1; a record over several
  physical lines has the line it starts on.
- `part`: which subject of the line, from 0, where one line rates several subjects.
- `starts_row`: true on exactly one answer of each (line, part): the row count is the sum of it.
- `column_no`: place of the cell in its line, from 1; 0 where no cell can be named.
- `wave`: the wave the row itself names, or null where the file does not say.
- `subject`, `rater`, `response`: as in the file, trimmed; `response` is the tool's own id.
- `item`: an item or prompt id of the instrument, or the unknown text as it came; null together
  with `value` for a row that holds no answer at all (it still is a row).
- `value`: a decimal number in scale points, `not_observed`, the words of a prompt, or whatever
  could not be read (which a rule then quarantines). Never empty: an empty cell is no answer.
- `submitted_at`: ISO 8601 without zone, or null.
"""


SIGNATURES = pa.schema(
    [
        pa.field("line", pa.int32(), nullable=False),
        pa.field("column_no", pa.uint16(), nullable=False),
        pa.field("signed_by", pa.string(), nullable=False),
    ]
)
"""Who put their name under which comment, on purpose: the person's id by the comment's place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongFile:
    """A canonical long CSV that the warehouse reads by itself, since it can be very large.

    `columns` maps our field names (`wave`, `subject`, `relationship`, `rater`, `response`, `item`,
    `value`, `submitted_at`) to the file's header texts; absent ones are missing from it.
    """

    path: Path
    delimiter: str
    header_lines: int
    columns: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The content of one file under one mapping.

    `answers` is a table of `SCHEMA`, or the description of a file that has that shape already.
    `file_lines` counts the data records of the file, `columns` its header texts in order (for
    naming the place of a problem), `unmapped` the header texts that nothing maps. Of a `LongFile`
    the lines are not counted here: `file_lines` is 0. `notices` are sentences for the person who
    brings the file: how it was read, what was left out by the mapping's word. `signatures` is a
    table of `SIGNATURES`; only our own form lets a rater sign a comment.
    """

    tool: str
    mapping_name: str
    mapping_hash: str
    sha256: str
    file_lines: int
    columns: tuple[str, ...]
    unmapped: tuple[str, ...]
    answers: pa.Table | LongFile
    notices: tuple[str, ...] = ()
    signatures: pa.Table = field(default_factory=SIGNATURES.empty_table)

    @property
    def is_long(self) -> bool:
        """True where a row of the file is one answer rather than one response."""
        return self.tool == LONG_TOOL
