"""What came of a plan: one item then and now, from released cells alone."""

from dataclasses import dataclass
from math import hypot, sqrt

from dashboard.panel import released
from dashboard.wording import Change
from pipeline.release import Cell, Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One item of a plan in one wave: its cell, and the cell of its trait, which `item_count` items make."""

    item: Cell | None
    trait: Cell | None
    item_count: int

    @property
    def score(self) -> float | None:
        """The item's score; None where it is hidden, not asked, or coded to an end of the scale."""
        shown = released(self.item)
        return None if shown is None or shown.bound else shown.score

    @property
    def half_width(self) -> float | None:
        """Half the item's interval at the most: its trait's, as if the items had nothing in common.

        A release has no interval of an item. The spread of a mean of m items that hang together is at
        least the m-th part of a single one's, and the item has raters of its own.
        """
        item, trait = released(self.item), released(self.trait)
        half = None if trait is None else wider_half(trait)
        if item is None or trait is None or half is None:
            return None
        return half * sqrt(self.item_count * trait.rater_count / item.rater_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a plan, and what may be said of the difference.

    `needed_points`: from which difference on it can be told, or None where there are not two numbers.
    """

    change: Change
    needed_points: float | None = None


def outcome_of(then: Seen, now: Seen) -> Outcome:
    """Returns what may be said of one item in two waves.

    One item, picked before it was measured again: no family of comparisons to guard against. The
    difference counts where it is larger than its interval, in which both have a part.
    """
    before, after, halves = then.score, now.score, (then.half_width, now.half_width)
    known = [half for half in halves if half is not None]
    if before is None or after is None or len(known) < len(halves):
        return Outcome(change=Change.CANNOT_TELL)
    needed = hypot(*known)
    if abs(after - before) <= needed:
        return Outcome(change=Change.CANNOT_TELL, needed_points=needed)
    return Outcome(change=Change.RISEN if after > before else Change.FALLEN, needed_points=needed)


def wider_half(cell: Released) -> float | None:
    """Returns half the interval of a score, by its wider side: the ends of the scale cut intervals off."""
    if cell.low is None or cell.high is None:
        return None
    return max(cell.score - cell.low, cell.high - cell.score)
