"""Which column of an export is which item, subject, relationship: a reviewed, frozen value.

A mapping speaks of columns by header text, code or number; `binding.py` finds them in a file.
Lines are remembered for messages and play no part in equality.
"""

from dataclasses import dataclass, field
from enum import Enum

from pipeline.sources.export import Field


class PerRow(Enum):
    """The mapping's word `row`: every row is a rater, or a response, of its own."""

    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReference:
    """A column by any text it goes by, or by its number from 1."""

    name: str | int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldColumn:
    """A field read from a column; `recode` turns labels of the file into words we know."""

    column: ColumnReference
    recode: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A field that is the same in every row."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One column of several for an item: ticked, it means `value`."""

    column: ColumnReference
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumn:
    """Where the answers to one item or prompt stand: in one column, or in one column per choice.

    `recode` gives values for labels that the instrument's scale does not have; `not_observed` the
    labels that are no rating.
    """

    answer_id: str
    column: ColumnReference | None = None
    choices: tuple[Choice, ...] = ()
    recode: tuple[tuple[str, str], ...] = ()
    not_observed: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def references(self) -> tuple[ColumnReference, ...]:
        """Every column that the answer reads."""
        own = (self.column,) if self.column else ()
        return own + tuple(choice.column for choice in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectGroup:
    """One of several subjects rated in the same row.

    The columns of its answers are those of the mapping with `prefix` before their name. What the
    group does not say itself, it takes from the mapping.
    """

    prefix: str
    subject: FieldColumn | Constant | None = None
    relationship: FieldColumn | Constant | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRule:
    """Rows that are left out, such as the previews of the survey's owner."""

    column: ColumnReference
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How to read the exports of one survey.

    `name` is the stem of the file it came from, or the tool's name for a proposed one; `file` is
    where problems are reported. `recode` and `not_observed` hold for every item.
    """

    name: str = field(compare=False)
    file: str = field(default="", compare=False)
    tool: str
    sheet: str = ""
    header_line: int = 0
    subject: FieldColumn | Constant | None = None
    relationship: FieldColumn | Constant | None = None
    wave: FieldColumn | Constant | None = None
    rater: FieldColumn | PerRow | None = None
    response: FieldColumn | PerRow | None = None
    submitted_at: FieldColumn | None = None
    skip: SkipRule | None = None
    recode: tuple[tuple[str, str], ...] = ()
    not_observed: tuple[str, ...] = ()
    items: tuple[AnswerColumn, ...] = ()
    prompts: tuple[AnswerColumn, ...] = ()
    groups: tuple[SubjectGroup, ...] = ()

    @property
    def fields(self) -> dict[Field, FieldColumn | Constant | PerRow]:
        """What the mapping says about rows."""
        said = {
            Field.SUBJECT: self.subject,
            Field.RELATIONSHIP: self.relationship,
            Field.WAVE: self.wave,
            Field.RATER: self.rater,
            Field.RESPONSE: self.response,
            Field.SUBMITTED_AT: self.submitted_at,
        }
        return {key: value for key, value in said.items() if value is not None}
