"""The read side of a release: DuckDB opened read-only, and the only shapes that leave.

A release is one immutable DuckDB file in the releases folder; `CURRENT` names the one to read.
Nothing else of the pipeline is imported here, so whoever holds this module holds no way to a
single answer.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a number is about."""

    SUBJECT = "subject"
    UNIT = "unit"


class Group(StrEnum):
    """Whose answers a number rests on."""

    OTHERS = "others"
    SELF = "self"
    MANAGER = "manager"


class Measure(StrEnum):
    """What was scored: a trait, one of its items, or an event item's share."""

    TRAIT = "trait"
    ITEM = "item"
    EVENT = "event"


class Reason(StrEnum):
    """Why a number is not shown. Each is decided from memberships and counts, never from values."""

    TOO_FEW_RATERS = "too_few_raters"
    TOO_LITTLE_EXPOSURE = "too_little_exposure"
    TOO_FEW_PMS = "too_few_pms"
    PROTECTS_OTHERS = "protects_others"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellKey:
    """The name of one number: wave, whom it is about, whose answers, what was measured."""

    wave_id: str
    scope: Scope
    scope_id: str
    group: Group
    measure: Measure
    measure_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A number that may be shown.

    `score`, `low` and `high` are in scale points (a share 0..1 for an event); the interval is
    interval A at 95 %, absent (None) for single attributed ratings. `rater_count` counts the
    raters of the blocks below, `pm_count` the PMs (1 for a subject). `bound` is "low" or "high"
    where the number is coded and reads "at most" or "at least", else "".
    """

    key: CellKey
    score: float
    low: float | None
    high: float | None
    rater_count: int
    pm_count: int
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A number that is hidden, with the rule that hides it and nothing else."""

    key: CellKey
    reason: Reason


Cell = Released | Suppressed
