"""What a received row and an answer must meet: declared once, as frozen data.

From a `Rule` come both the SQL predicate that quarantines (`broken_condition`) and the Great
Expectations expectation (`pipeline.validate`), so the two can be reconciled count by count. Rules
speak about the table `landed`. No text of a file or of a definition ever enters the SQL: only our
column names and numbers do.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from pipeline.batch import BatchCheck
from survey.instrument import Instrument, ResponseScale, ScaleKind
from survey.relationship import Relationship

Number: TypeAlias = bool | int | Decimal


class Level(StrEnum):
    """What a check is about: a whole row of the file, one answer in it, or the batch."""

    ROW = "row"
    ANSWER = "answer"
    BATCH = "batch"


class SubjectMatch(StrEnum):
    """How a row's subject was found in the roster. Order matters: its place is the code in `landed`."""

    UNKNOWN = "unknown"
    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    NOT_IN_WAVE = "not_in_wave"


class Reading(StrEnum):
    """What a cell turned out to be. Order matters: its place is the code in `landed`."""

    NONE = "none"
    VALUE = "value"
    NOT_OBSERVED = "not_observed"
    WORDS = "words"
    UNREADABLE = "unreadable"


def code(member: SubjectMatch | Reading | Relationship) -> int:
    """Returns the number that stands for a word in `landed`: its place among its kind.

    >>> code(Reading.UNREADABLE)
    4
    """
    return list(type(member)).index(member)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNull:
    """The column has a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InSet:
    """The column, where it has a value, has one of these."""

    values: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInSet:
    """The column, where it has a value, has none of these."""

    values: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The column, where it has a value, lies between two ends, both allowed."""

    low: Number
    high: Number


Check: TypeAlias = NotNull | InSet | NotInSet | Between


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Which lines of `landed` a rule judges: those whose column equals, or does not, a number."""

    column: str
    operator: Literal["=", "<>"]
    value: Number


_JUDGED = {
    Level.ROW: Condition(column="starts_row", operator="=", value=True),
    Level.ANSWER: Condition(column="reading", operator="<>", value=code(Reading.NONE)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing a row or an answer must meet, or it is quarantined.

    `when` narrows the lines judged, besides what the level says. `message` and `hint` are for the
    person who reads the quarantine; they never hold a value.
    """

    rule_id: str
    level: Level
    column: str
    check: Check
    when: tuple[Condition, ...] = ()
    message: str
    hint: str

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must all hold on a line for the rule to judge it."""
        return (_JUDGED[self.level], *self.when)


_ROW_RULES = (
    Rule(
        rule_id="wave_mismatch",
        level=Level.ROW,
        column="is_wave",
        check=InSet(values=(True,)),
        message="the row names another wave",
        hint="ingest it with --wave set to that wave, or take the row out of this file",
    ),
    Rule(
        rule_id="subject_unknown",
        level=Level.ROW,
        column="subject_match",
        check=NotInSet(values=(code(SubjectMatch.UNKNOWN),)),
        message="the row names nobody of the roster",
        hint="write the person_id or the e-mail as in the roster; import who is missing before the wave opens",
    ),
    Rule(
        rule_id="subject_ambiguous",
        level=Level.ROW,
        column="subject_match",
        check=NotInSet(values=(code(SubjectMatch.AMBIGUOUS),)),
        message="the row names someone by a name that several people have",
        hint="write the person_id or the e-mail instead of the name",
    ),
    Rule(
        rule_id="subject_not_in_wave",
        level=Level.ROW,
        column="subject_match",
        check=NotInSet(values=(code(SubjectMatch.NOT_IN_WAVE),)),
        message="the row is about someone who is not a subject of this wave",
        hint="the wave keeps the roster it opened with: check the person's role and dates on that day",
    ),
    Rule(
        rule_id="relationship_unknown",
        level=Level.ROW,
        column="relationship",
        check=NotNull(),
        message="the row's relationship is none we know",
        hint="map the label to a relationship in the mapping, for example 'Team mate' to peer",
    ),
)

_ITEM_UNKNOWN = Rule(
    rule_id="item_unknown",
    level=Level.ANSWER,
    column="item_no",
    check=NotNull(),
    message="the answer is to an item that this instrument does not have",
    hint="check the item id and that the wave uses the right instrument",
)

_VALUE_UNREADABLE = Rule(
    rule_id="value_unreadable",
    level=Level.ANSWER,
    column="reading",
    check=NotInSet(values=(code(Reading.UNREADABLE),)),
    message="the answer is neither a number nor a label of its scale",
    hint="add the label to the mapping, or correct the cell",
)


def instrument_rules(instrument: Instrument) -> tuple[Rule, ...]:
    """Returns what the rows and answers to an instrument must meet, row rules first.

    Masks in `landed` number the rules of each level by their order here, from bit 0.
    """
    scales = enumerate(instrument.scales, start=1)
    return (
        *_ROW_RULES,
        *_respondent_rules(instrument),
        _ITEM_UNKNOWN,
        _VALUE_UNREADABLE,
        *(_scale_rule(scale, scale_no) for scale_no, scale in scales),
    )


def _respondent_rules(instrument: Instrument) -> tuple[Rule, ...]:
    excluded = tuple(code(one) for one in Relationship if _group(one) not in instrument.respondents)
    if not excluded:
        return ()
    rule = Rule(
        rule_id="relationship_not_asked",
        level=Level.ROW,
        column="relationship",
        check=NotInSet(values=excluded),
        message="this instrument does not ask people who stand so to the subject",
        hint="check the relationship; a file without that column needs it as a constant in the mapping",
    )
    return (rule,)


def _group(relationship: Relationship) -> str:
    match relationship:
        case Relationship.SELF | Relationship.MANAGER:
            return relationship.value
        case _:
            return "others"


def _scale_rule(scale: ResponseScale, scale_no: int) -> Rule:
    if scale.kind is ScaleKind.RANGE:
        check: Check = Between(low=scale.low, high=scale.high)
    else:
        check = InSet(values=scale.points)
    return Rule(
        rule_id=f"value_off_scale:{scale.scale_id}",
        level=Level.ANSWER,
        column="value",
        check=check,
        when=(
            Condition(column="reading", operator="=", value=code(Reading.VALUE)),
            Condition(column="scale_no", operator="=", value=scale_no),
        ),
        message="the answer lies off its scale",
        hint="check that the export holds the points of the scale; a code for 'not enough exposure' goes "
        "under not_observed in the mapping",
    )


def broken_condition(rule: Rule) -> str:
    """Returns the SQL predicate over `landed` that is true where the rule is broken, else false.

    >>> print(broken_condition(_ITEM_UNKNOWN))
    coalesce(reading <> 0 and item_no is null, false)
    """
    parts = [" ".join((part.column, part.operator, _literal(part.value))) for part in rule.conditions]
    return "".join(("coalesce(", " and ".join((*parts, _violation(rule))), ", false)"))


def _violation(rule: Rule) -> str:
    match rule.check:
        case NotNull():
            return " ".join((rule.column, "is null"))
        case InSet(values=values):
            return " ".join((rule.column, "not in", _literals(values)))
        case NotInSet(values=values):
            return " ".join((rule.column, "in", _literals(values)))
        case Between(low=low, high=high):
            return " ".join((rule.column, "not between", _literal(low), "and", _literal(high)))
        case never:
            assert_never(never)


def _literals(values: tuple[Number, ...]) -> str:
    return "".join(("(", ", ".join(_literal(value) for value in values), ")"))


def _literal(value: Number) -> str:
    """Only numbers and booleans become SQL text, so there is nothing to escape."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "d" if isinstance(value, int) else "f")


def suite_hash(rules: tuple[Rule, ...], checks: tuple[BatchCheck, ...]) -> str:
    """Returns the SHA-256 of what is checked; the wording of messages does not enter it."""
    lines = [f"{rule.rule_id}\t{rule.level}\t{broken_condition(rule)}" for rule in rules]
    lines += [
        f"{check.check_id}\t{check.column}\t{check.low}\t{check.high}\t{check.severity}" for check in checks
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
