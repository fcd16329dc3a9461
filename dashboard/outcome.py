"""What came of a plan: one item then and now, from released cells alone."""

from dataclasses import dataclass
from math import hypot

from dashboard.panel import released
from dashboard.wording import Change
from pipeline.release import Cell, Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a plan: an item then and now, and what may be said of the difference.

    `needed_points`: from which difference on it can be told, or None where there are not two numbers.
    """

    change: Change
    needed_points: float | None = None


def outcome_of(then: Cell | None, now: Cell | None) -> Outcome:
    """Returns what may be said of one item in two waves.

    One item, picked before it was measured again: no family of comparisons to guard against. The
    difference counts where it is larger than the interval of a difference, from both own intervals.
    """
    before, after = released(then), released(now)
    halves = [half_width(cell) for cell in (before, after) if cell is not None]
    known = [half for half in halves if half is not None]
    if before is None or after is None or len(known) < len(halves) or before.bound or after.bound:
        return Outcome(change=Change.CANNOT_TELL)
    needed = hypot(*known)
    difference = after.score - before.score
    if abs(difference) <= needed:
        return Outcome(change=Change.CANNOT_TELL, needed_points=needed)
    return Outcome(change=Change.RISEN if difference > 0 else Change.FALLEN, needed_points=needed)


def half_width(cell: Released) -> float | None:
    """Returns half the interval of a score, by its wider side: the ends of the scale cut intervals off."""
    if cell.low is None or cell.high is None:
        return None
    return max(cell.score - cell.low, cell.high - cell.score)
