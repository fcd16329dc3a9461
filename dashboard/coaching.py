"""What a lead can talk about with a team: one idea for each trait that asks for one, never about a person.

Pure. It looks at what is released of the unit together; which PM is meant by it cannot be told from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.panel import TraitPanel, shown_estimates
from dashboard.wording import Change, Estimate
from pipeline.released_unit import Coverage, ReleasedCoverage
from survey.instrument import Text

MOST_IDEAS = 3


class Occasion(StrEnum):
    """Why something is worth talking about."""

    RISEN = "risen"
    FALLEN = "fallen"
    LOW = "low"
    SEVERAL = "several"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One thing to talk about or try. `since` is "" where nothing changed."""

    occasion: Occasion
    trait_id: str
    name: str
    since: str
    grow: Text


def ideas(panels: Sequence[TraitPanel], strengths: Sequence[ReleasedCoverage] = ()) -> tuple[Idea, ...]:
    """Returns what is worth talking about; where nothing is, each trait's first idea.

    Args:
        panels: the unit's traits.
        strengths: of how many of its PMs each is the strength, in the latest wave: a word, never who.
    """
    shown = [panel for panel, _ in shown_estimates(panels) if panel.trait.grow]
    several = {one.trait_id for one in strengths if one.coverage is Coverage.SEVERAL}
    low = lowest(shown)
    found = [
        *(_idea(panel, _CHANGED[panel.moved]) for panel in shown if panel.moved in _CHANGED),
        *(_idea(panel, Occasion.LOW) for panel in shown if panel is low and panel.moved not in _CHANGED),
        *(_idea(panel, Occasion.SEVERAL) for panel in shown if panel.trait.trait_id in several),
    ]
    return tuple(found or (_idea(panel, Occasion.OPEN) for panel in shown))[:MOST_IDEAS]


def lowest(panels: Sequence[TraitPanel]) -> TraitPanel | None:
    """Returns the trait whose whole interval lies below those of all others; None where none does."""
    ends = dict(_ends(panels))
    for trait_id, (_, high) in ends.items():
        if len(ends) > 1 and all(high < low for other, (low, _) in ends.items() if other != trait_id):
            return next(panel for panel in panels if panel.trait.trait_id == trait_id)
    return None


_CHANGED = {Change.RISEN: Occasion.RISEN, Change.FALLEN: Occasion.FALLEN}


def _idea(panel: TraitPanel, occasion: Occasion) -> Idea:
    return Idea(
        occasion=occasion,
        trait_id=panel.trait.trait_id,
        name=panel.name,
        since=panel.since if occasion in _CHANGED.values() else "",
        grow=panel.trait.grow[0],
    )


def _ends(panels: Sequence[TraitPanel]) -> Iterator[tuple[str, tuple[float, float]]]:
    for panel, estimate in shown_estimates(panels):
        yield panel.trait.trait_id, _interval(estimate)


def _interval(estimate: Estimate) -> tuple[float, float]:
    """A number without an interval claims nothing: it reaches everywhere."""
    if estimate.low is None or estimate.high is None:
        return float("-inf"), float("inf")
    return estimate.low, estimate.high
