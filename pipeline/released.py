"""The only shapes that leave a release: numbers with what they rest on, or the rule that hides them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """What a number is about."""

    SUBJECT = "subject"
    UNIT = "unit"
    SLICE = "slice"
    RELATIONSHIP = "relationship"


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
    interval A at 95 % of a trait; items, events and attributed ratings have none (None). `rater_count` counts the
    raters of the blocks below (of an item: those who rated it; who rated two PMs counts twice in
    their unit), `pm_count` the PMs (1 for a subject). `bound` is "low" or "high" where the number
    is coded and reads "at most" or "at least", else "".
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


class SliceKind(StrEnum):
    """By what PMs are put together over the whole organisation, one at a time."""

    PM_TYPE = "pm_type"
    STAGE = "stage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedSlice:
    """A number about all PMs of the organisation of one type or one stage: `kind` stage, `value` early.

    Every type and stage of the wave's roster is there, shown or hidden, whoever answered. Its cell is
    about `Scope.SLICE`, and by its `group` what others said.
    """

    kind: SliceKind
    value: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedRelationship:
    """What raters of one relationship said about the PMs of `unit_id`: the organisation or a product group.

    Every relationship is there, and all that are hidden say the same: nobody answered, few did, or
    another number would tell. Its cell is about `Scope.RELATIONSHIP`.
    """

    unit_id: str
    relationship: str
    cell: Cell


AT_ONCE = date(1970, 1, 1)
"""The `unit_date` of a wave whose units are shown as soon as it is published."""

GROUPS = tuple(Group)
"""The group that a release's `group_no` stands for is the one in that place."""

REASONS = (None, *Reason)
"""Likewise for `reason_no`; 0 is a number that may be shown."""

BOUNDS = ("", "low", "high")
"""Likewise for `bound_no`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedWave:
    """A wave of a release; a withdrawn one has its reason and no numbers.

    Its units are shown from `unit_date` on: PMs see their own results first.
    """

    wave_id: str
    campaign: str
    period: str
    starts_on: date
    ends_on: date
    instrument_id: str
    instrument_version: str
    instrument_hash: str
    state: str
    reason: str
    roster_date: date
    policy_hash: str
    min_raters: int
    min_pms: int
    row_received_count: int
    row_loaded_count: int
    answer_received_count: int
    answer_loaded_count: int
    unit_date: date = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedSubject:
    """Who was rated, as of one wave; `kind` is "pm" or "unit"."""

    wave_id: str
    subject_id: str
    kind: str
    name: str
    unit_id: str
    level: str
    pm_type: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedUnit:
    """An org unit as of one wave; `parent_id` is "" at the top."""

    wave_id: str
    unit_id: str
    parent_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFile:
    """A file that a wave came from, by hash, with what it was read and judged by."""

    source_name: str
    tool: str
    sha256: str
    mapping_hash: str
    suite_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePoint:
    """One wave of a trait's line: what others said, in scale points, with interval A at 95 %.

    All points of a segment are scored over the same `item_count` items, those released in each of
    its waves; a line breaks into segments where no item is left in common.
    """

    scope: Scope
    scope_id: str
    trait_id: str
    segment_no: int
    wave_id: str
    item_count: int
    score: float
    low: float
    high: float
    rater_count: int


class Kind(StrEnum):
    """Which change: against the wave before, of two waves against the two before, or the slope of a line."""

    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    SLOPE = "slope"


class Verdict(StrEnum):
    """What may be said of a change."""

    NOT_MEASURED = "not_measured"
    CANNOT_TELL = "cannot_tell"
    RISEN = "risen"
    FALLEN = "fallen"
    STEADY = "steady"


class Stand(StrEnum):
    """How a trait stands to the mean of the subject's own traits."""

    NOT_MEASURED = "not_measured"
    LIKE_THE_REST = "like_the_rest"
    STRENGTH = "strength"
    TO_WORK_ON = "to_work_on"


class Sight(StrEnum):
    """How the subject's own rating stands to others'."""

    CANNOT_TELL = "cannot_tell"
    SELF_HIGHER = "self_higher"
    SELF_LOWER = "self_lower"


KINDS, VERDICTS, STANDINGS, SIGHTS = tuple(Kind), tuple(Verdict), tuple(Stand), tuple(Sight)
"""The names that `kind_no`, `verdict_no`, `standing_no` and `sight_no` of a release are places in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedChange:
    """A change of a trait up to a wave, judged when that was published, all its page asks for as one family.

    Scale points with a 95 % interval, per wave for a slope; `since_wave_id` is the first wave in it.
    `needed_points`: from which change on it would have been named if it stood alone.
    """

    scope: Scope
    scope_id: str
    trait_id: str
    wave_id: str
    kind: Kind
    since_wave_id: str
    points: float
    low: float
    high: float
    needed_points: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedStanding:
    """How a trait of a subject stands to the others; of each kind at most one `is_most_distinct`."""

    scope_id: str
    trait_id: str
    wave_id: str
    stand: Stand
    is_most_distinct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedGap:
    """Others minus self on a trait, scale points with a 95 % interval; `sight` is its name, if it has one."""

    scope_id: str
    trait_id: str
    wave_id: str
    points: float
    low: float
    high: float
    sight: Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class BestGuess:
    """The best guess of a subject's true score on a trait: a point beside the score, never in its place."""

    scope_id: str
    trait_id: str
    wave_id: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FavourableShare:
    """Share 0..1 of an item's ratings about a unit in the upper part of the scale, with Wilson's interval."""

    scope_id: str
    item_id: str
    wave_id: str
    share: float
    low: float
    high: float
    rating_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedReliability:
    """Whether raters tell the subjects of a wave apart on a trait, to two digits: for the survey's owner."""

    wave_id: str
    trait_id: str
    icc1: float
    icc2: float
