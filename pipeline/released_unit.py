"""What leaves a release about a unit's people together: what made a change, where they lie, what they are strong in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.released import REASONS, VERDICTS, Reason, Verdict

MOVED_APART = 2
"""The `detail_no` of a change whose moves are told apart from who joined or left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPart:
    """One of the two parts of a unit's change: scale points with a 95 % interval, judged with all of its page."""

    points: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedMix:
    """What made a unit's trait change between two waves; `change` = `real` + `mix`, over `item_count` items.

    These are the items that may be taken apart: often not all, and then `change` is not quite that of the trait.

    `real` is what PMs changed who were in the unit both times, `mix` what arrivals and departures did:
    `mix.points` = `arrived` + `left`. Where it may be told, `moved_in` and `moved_out` are the parts
    of these that came from, or went to, another unit; else None.
    """

    scope_id: str
    trait_id: str
    wave_id: str
    since_wave_id: str
    change: float
    real: MixPart
    mix: MixPart
    arrived: float
    left: float
    moved_in: float | None
    moved_out: float | None
    item_count: int
    stayed_pm_count: int
    arrived_pm_count: int
    left_pm_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenMix:
    """A change that is not taken apart, with the rule that forbids it and nothing else."""

    scope_id: str
    trait_id: str
    wave_id: str
    since_wave_id: str
    reason: Reason


Mix = ReleasedMix | HiddenMix


def read_mix(row: Mapping[str, Any]) -> Mix:
    """Returns what a row of a release says."""
    names = {key: row[key] for key in ("scope_id", "trait_id", "wave_id", "since_wave_id")}
    reason = REASONS[row["reason_no"]]
    if reason is not None:
        return HiddenMix(reason=reason, **names)
    real, mix = _part(row, "real"), _part(row, "mix")
    is_apart = row["detail_no"] == MOVED_APART
    return ReleasedMix(
        change=real.points + mix.points,
        real=real,
        mix=mix,
        arrived=float(row["arrived_points"]),
        left=float(row["left_points"]),
        moved_in=float(row["moved_in_points"]) if is_apart else None,
        moved_out=float(row["moved_out_points"]) if is_apart else None,
        item_count=row["item_count"],
        stayed_pm_count=row["stayed_pm_count"],
        arrived_pm_count=row["arrived_pm_count"],
        left_pm_count=row["left_pm_count"],
        **names,
    )


def _part(row: Mapping[str, Any], name: str) -> MixPart:
    points, low, high = (float(row[f"{name}_{one}"]) for one in ("points", "low", "high"))
    return MixPart(points=points, low=low, high=high, verdict=VERDICTS[row[f"{name}_verdict_no"]])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedDistribution:
    """How many of a unit's PMs have their best guess in each bin, at least; the others' place is not told.

    Bin i goes from `edges[i]` to `edges[i + 1]`, scale points; the outer two hold whatever lies beyond.
    0 is not nobody: a bin with fewer PMs than the policy's minimum reads the same.
    """

    scope_id: str
    trait_id: str
    wave_id: str
    edges: tuple[float, ...]
    at_least: tuple[int, ...]
    unplaced: int

    @property
    def pm_count(self) -> int:
        """How many PMs the unit's blocks are about."""
        return sum(self.at_least) + self.unplaced


@dataclass(frozen=True, slots=True, kw_only=True)
class NonResponse:
    """What those who did not answer could change in a unit's trait score: the worst case, no interval.

    `response_share`: at least this share (0..1) of those asked about the unit's PMs answered, in steps.
    The score would lie at `low` if all others had ticked the lowest point of the scale, at `high` if the
    highest. `is_needed` where so few answered that this belongs beside the score.
    """

    scope_id: str
    trait_id: str
    wave_id: str
    response_share: float
    low: float
    high: float
    is_needed: bool


class Coverage(StrEnum):
    """Of how many of a unit's PMs a trait is the strength: in words, never "no one"."""

    NOT_TOLD = "not_told"
    HARDLY_ANYONE = "hardly_anyone"
    SEVERAL = "several"


COVERAGES = tuple(Coverage)
"""The words that `coverage_no` of a release is a place in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCoverage:
    """Of how many PMs of a unit a trait is the one strength, of `pm_count` PMs."""

    scope_id: str
    trait_id: str
    wave_id: str
    coverage: Coverage
    pm_count: int
