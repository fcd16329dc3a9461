"""Counting a unit's PMs by what they got, so that nobody is told where any one of them is.

For the distribution of scores and the coverage of strengths: each PM is in one category at most.
A count that is shown says "at least so many", in steps of s; and at least s PMs stay unplaced.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from survey.roster import parent_unit, unit_lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`at_least` PMs are in each category; where the `unplaced` ones are is not told.

    0 tells nothing but where `can_tell_few` says so: then it means fewer than s, perhaps none. An
    empty category and one with a single PM look alike.
    """

    at_least: tuple[int, ...]
    unplaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyRule:
    """s, how many PMs a bundle needs, and how many categories there are."""

    min_pms: int
    min_pms_for_distribution: int
    category_count: int


def code_tally(counts: Sequence[int], *, pm_count: int, min_pms: int) -> Tally:
    """Returns counts rounded down to steps of s, with so much taken off the fullest that s stay unplaced.

    So a category is never told to hold everybody, nor nobody, and whoever knows one PM's place
    cannot tell any other's.

    >>> code_tally([0, 1, 5, 4], pm_count=10, min_pms=3)
    Tally(at_least=(0, 0, 3, 3), unplaced=4)
    >>> code_tally([0, 10, 0, 0], pm_count=10, min_pms=3)
    Tally(at_least=(0, 6, 0, 0), unplaced=4)

    Args:
        counts: PMs in each category.
        pm_count: all PMs, in a category or not.
        min_pms: s, how many PMs whatever is told rests on.

    Raises:
        ValueError: there are fewer PMs than that.
    """
    if pm_count < min_pms:
        raise ValueError(f"a tally needs at least {min_pms} PMs")
    steps = [count // min_pms for count in counts]
    while pm_count - min_pms * sum(steps) < min_pms:
        steps[steps.index(max(steps))] -= 1
    shown = tuple(step * min_pms for step in steps)
    return Tally(at_least=shown, unplaced=pm_count - sum(shown))


def can_tell_few(pm_count: int, *, category_count: int, min_pms: int) -> bool:
    """Returns True if a coded 0 always means fewer than s, by numbers alone and whatever was answered.

    With fewer PMs the steps taken off to leave s unplaced may have been a category's only one.

    >>> can_tell_few(21, category_count=6, min_pms=3), can_tell_few(20, category_count=6, min_pms=3)
    (True, False)

    Args:
        pm_count: all PMs of the bundle.
        category_count: how many categories there are.
        min_pms: s.
    """
    return pm_count >= min_pms * (category_count + 1)


def add_tallies(tallies: Collection[Tally], *, others: int = 0) -> Tally:
    """Returns the tally of a unit from those of its bundles: it tells nothing that they do not.

    >>> bundle = Tally(at_least=(3, 3), unplaced=4)
    >>> add_tallies([bundle, bundle], others=2)
    Tally(at_least=(6, 6), unplaced=10)

    Args:
        tallies: of the unit's bundles, at least one.
        others: PMs of the unit who are in no bundle.
    """
    shown = zip(*(one.at_least for one in tallies), strict=True)
    return Tally(
        at_least=tuple(sum(column) for column in shown),
        unplaced=sum(one.unplaced for one in tallies) + others,
    )


def tell_units(
    homes: Sequence[str], places: Sequence[int], shown_units: Mapping[str, int], rule: TallyRule
) -> dict[str, tuple[Tally, bool]]:
    """Returns the tally of every shown unit that has one, and whether a 0 in it means fewer than s.

    Args:
        homes: the unit each PM's block ends in; only of PMs who could be in any category.
        places: the category each PM is in, or -1 for none.
        shown_units: the units whose numbers are shown, and how many PMs these are about.
        rule: how many it takes.
    """
    counts: dict[str, int] = defaultdict(int)
    for unit in homes:
        counts[unit] += 1
    bundles = bundle_units(counts, shown_units, min_pms=rule.min_pms_for_distribution)
    inside: dict[str, list[int]] = defaultdict(list)
    for unit, place in zip(homes, places, strict=True):
        inside[bundles[unit]].append(place)
    inside.pop("", None)
    coded = {unit: _coded(several, rule) for unit, several in inside.items()}
    parts: dict[str, list[str]] = defaultdict(list)
    for bundle in coded:
        for unit in unit_lineage(bundle):
            parts[unit].append(bundle)
    return {
        unit: _told([coded[one] for one in parts[unit]], pm_count, rule)
        for unit, pm_count in shown_units.items()
        if unit in parts
    }


def _coded(places: Sequence[int], rule: TallyRule) -> Tally:
    counts = [0] * rule.category_count
    for place in places:
        if place >= 0:
            counts[place] += 1
    return code_tally(counts, pm_count=len(places), min_pms=rule.min_pms)


def _told(tallies: Sequence[Tally], pm_count: int, rule: TallyRule) -> tuple[Tally, bool]:
    sizes = [sum(one.at_least) + one.unplaced for one in tallies]
    can_tell = all(
        can_tell_few(size, category_count=rule.category_count, min_pms=rule.min_pms) for size in sizes
    )
    return add_tallies(tallies, others=max(0, pm_count - sum(sizes))), can_tell


def bundle_units(
    pm_counts: Mapping[str, int], shown_units: Collection[str], *, min_pms: int
) -> dict[str, str]:
    """Returns the bundle that the PMs of each unit are counted in, "" where in none.

    Bundles do not overlap: a PM is counted in the smallest shown unit that has enough PMs who are not
    counted further below. Every tally is a sum of whole bundles, so differences tell nothing.

    >>> bundle_units({"A/B": 12, "A/C": 4, "A/D": 7}, {"A", "A/B", "A/C", "A/D"}, min_pms=10)
    {'A/B': 'A/B', 'A/C': 'A', 'A/D': 'A'}

    Args:
        pm_counts: how many PMs' blocks end in each unit itself, not in a unit inside it.
        shown_units: the units whose numbers are shown.
        min_pms: how many PMs a bundle needs (`min_pms_for_distribution`).
    """
    waiting: dict[str, list[str]] = defaultdict(list)
    for unit in pm_counts:
        waiting[unit].append(unit)
    bundles = dict.fromkeys(pm_counts, "")
    units = {above for unit in pm_counts for above in unit_lineage(unit)}
    for unit in sorted(units, key=lambda unit: (-len(unit_lineage(unit)), unit)):
        here = waiting.pop(unit, [])
        if unit in shown_units and sum(pm_counts[one] for one in here) >= min_pms:
            bundles.update(dict.fromkeys(here, unit))
        else:
            waiting[parent_unit(unit)].extend(here)
    return bundles
