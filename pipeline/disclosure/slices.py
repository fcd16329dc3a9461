"""Which slices by PM type and by stage may be shown, so that no PM can be worked out from them.

A slice is a union of whole blocks over the organisation, and slices are of one kind at a time:
never "growth PMs in an early stage". Counts in, a reason per slice out; the units that are shown
already stay, and a slice is added only if all of them together leave nobody over.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.disclosure.combination import singles_out_few
from pipeline.disclosure.cut import Tie, cuts_off_few
from pipeline.release import Reason
from survey.roster import unit_lineage

KINDS = ("pm_type", "stage")
"""The kinds of slices, in the order in which they get their chance."""

Slice = tuple[str, str]
"""Its kind and its value: `("stage", "early")`."""

_OUTSIDE = ""  # no unit's name, and no slice


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedBlock:
    """A block of PMs and the slices it lies in as a whole; a kind on which its PMs differ is missing."""

    unit_id: str
    pm_count: int
    values: Mapping[str, str]


def decide_slices(
    blocks: Iterable[SlicedBlock],
    shown_units: Collection[str],
    *,
    min_pms: int,
    hidden: Collection[Slice] = (),
) -> dict[Slice, Reason | None]:
    """Returns for every slice with PMs why it is hidden, or None where it may be shown.

    All of enough PMs, if together they tell nothing. Else one by one in a fixed order: PM types before
    stages, the largest first. The answer rests on counts of PMs
    alone, so it tells nothing about what anybody answered.

    Args:
        blocks: the wave's blocks, of an item only those that released it.
        shown_units: the units whose numbers are shown.
        min_pms: how many PMs every number and every combination of numbers rests on (s).
        hidden: slices that are hidden anyway.
    """
    several = tuple(blocks)
    counts = _counts(several)
    may_be = {one for one, count in counts.items() if count >= min_pms and one not in hidden}
    shown = may_be
    if _tells(several, shown_units, may_be, min_pms):
        ordered = sorted(may_be, key=lambda one: (KINDS.index(one[0]), -counts[one], one))
        shown = _one_by_one(several, shown_units, ordered, min_pms)
    return {
        one: None if one in shown else Reason.TOO_FEW_PMS if count < min_pms else Reason.PROTECTS_OTHERS
        for one, count in counts.items()
    }


def _one_by_one(
    blocks: Collection[SlicedBlock], shown_units: Collection[str], ordered: Iterable[Slice], min_pms: int
) -> set[Slice]:
    shown: set[Slice] = set()
    for one in ordered:
        if not _tells(blocks, shown_units, {*shown, one}, min_pms):
            shown.add(one)
    return shown


def _counts(blocks: Iterable[SlicedBlock]) -> dict[Slice, int]:
    counts: dict[Slice, int] = defaultdict(int)
    for block in blocks:
        for one in block.values.items():
            counts[one] += block.pm_count
    return counts


def _tells(
    blocks: Iterable[SlicedBlock], shown_units: Collection[str], shown: Collection[Slice], min_pms: int
) -> bool:
    """Two kinds of sums: the smallest cut answers exactly. Three kinds take the general question.

    That one is spared where a stricter cut is passed: it takes for granted that PM types are known
    in every unit by themselves, and in a large organisation even that leaves nobody over.
    """
    if not shown:
        return False
    places = _places(blocks, shown_units, shown)
    if min(places.values()) >= min_pms:
        return False  # whatever is combined, PMs of one place fall out of it together or stay in together
    if len({kind for kind, _ in shown}) == 1:
        whole = ((row, first or second, count) for (row, first, second), count in places.items())
        return cuts_off_few(_ties(whole), fewest=min_pms)
    finer = (
        ((row, first) if row or first else "", second, count)
        for (row, first, second), count in places.items()
    )
    if not cuts_off_few(_ties(finer), fewest=min_pms):
        return False
    return singles_out_few(_atoms(places), fewest=min_pms)


_Place = tuple[str, Slice | None, Slice | None]


def _places(
    blocks: Iterable[SlicedBlock], shown_units: Collection[str], shown: Collection[Slice]
) -> Mapping[_Place, int]:
    """How many PMs are in the same smallest shown unit and in the same shown slices.

    The shown units inside one another tell the same as the smallest ones and what is left around
    them, and these do not overlap.
    """
    places: dict[_Place, int] = defaultdict(int)
    for block in blocks:
        unit = next((one for one in unit_lineage(block.unit_id) if one in shown_units), "")
        first, second = (_slice(block, kind, shown) for kind in KINDS)
        places[unit, first, second] += block.pm_count
    return places


def _slice(block: SlicedBlock, kind: str, shown: Collection[Slice]) -> Slice | None:
    one = (kind, block.values.get(kind, ""))
    return one if one in shown else None


def _ties(places: Iterable[tuple[Hashable, Hashable, int]]) -> Iterator[Tie]:
    """What no shown sum counts belongs to one node, the outside: its weight is zero."""
    for row, column, count in places:
        yield Tie(nodes=frozenset((row or _OUTSIDE, column or _OUTSIDE)), count=count)


def _atoms(places: Mapping[_Place, int]) -> dict[frozenset[Hashable], int]:
    return {frozenset(filter(None, place)): count for place, count in places.items()}
