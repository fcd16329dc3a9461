"""For which units a change may be taken apart into real change and mix, so that no PM can be worked out.

Whoever sees the parts of a change is taken to know the sums that they are made of: in either wave
those of who stayed, of who came or left, of who moved. A part is shown only if it has enough PMs and
no combination with the numbers of units and slices, and with the parts of earlier changes, leaves
few PMs over. Counts of PMs in, a decision per unit and step out.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.disclosure.combination import MOST_ATOMS, singles_out_few
from pipeline.disclosure.groups import Groups
from pipeline.release import Reason
from survey.roster import unit_lineage


class Detail(IntEnum):
    """How finely a change is taken apart; each says all that the one before says."""

    REAL_AND_MIX = 1
    """What stayers changed; what arrivals and what departures did."""
    MOVED_APART = 2
    """Also, who moved between units apart from who joined or left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """PMs whose own blocks ended in the same units, wave after wave; "" where they had none.

    PMs in a rest block cannot be followed: in that wave they are a path of their own, "" in all others.
    `slices` names, wave after wave, the other shown numbers that these PMs are in.
    """

    units: tuple[str, ...]
    pm_count: int
    slices: tuple[frozenset[Hashable], ...] = ()


Step = tuple[str, int]
"""A unit, and the place of the earlier of the two waves."""

_Parts = Mapping[Step, Detail]
_Atoms = dict[frozenset[Hashable], int]


def decide_mixes(
    paths: Iterable[Path],
    shown_units: Sequence[Collection[str]],
    *,
    min_pms: int,
    told: Mapping[Step, Detail] | None = None,
) -> dict[Step, Detail | Reason]:
    """Returns for every step of every unit that is shown in both waves how far it is taken apart.

    Steps in time, so that a later wave changes nothing that was decided before; in a step the
    largest units first, as finely as may be. Each wave's numbers are judged by themselves, as if the
    cohorts' own sums were told: stricter than what is told, and whoever combines numbers of two waves
    combines within each. What is too large to be answered is hidden.

    Args:
        paths: who was where, of an item only PMs whose block released it.
        shown_units: wave after wave the units whose numbers are shown.
        min_pms: how many PMs every part and every combination of numbers rests on (s).
        told: of earlier steps, what was taken apart when they were decided; then only the last step
            is asked for, and three waves are enough: no other step has a part in its waves.
    """
    ground = _ground(paths, shown_units)
    decided: dict[Step, Detail | Reason] = {}
    shown: dict[Step, Detail] = dict(told or {})
    for step in _steps(ground, 0 if told is None else len(shown_units) - 2):
        decided[step] = decision = _decide(ground, shown, step, min_pms)
        if isinstance(decision, Detail):
            shown[step] = decision
    return decided


def rests_on_few(
    stayers: NDArray[np.float64], others: NDArray[np.float64], *, min_pms: int
) -> NDArray[np.bool_]:
    """Returns True where nobody stayed, or where a part of a change would rest on few PMs: nothing else then matters.

    Args:
        stayers: PMs in both waves of a change, (..., 2 waves, n_items).
        others: PMs of the unit in one of them, likewise.
        min_pms: how many PMs a part that is there rests on (s).
    """
    is_few = ((stayers > 0) & (stayers < min_pms)) | ((others > 0) & (others < min_pms))
    found: NDArray[np.bool_] = is_few.any(axis=-2) | (stayers[..., 0, :] == 0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The paths, and wave after wave those in each unit or below it; "" holds all."""

    shown_units: Sequence[Collection[str]]
    inside: tuple[Mapping[str, Sequence[Path]], ...]
    has_slices: bool


def _ground(paths: Iterable[Path], shown_units: Sequence[Collection[str]]) -> _Ground:
    several = tuple(paths)
    inside: list[dict[str, list[Path]]] = [defaultdict(list) for _ in shown_units]
    for path in several:
        for place, unit in enumerate(path.units):
            for above in (*unit_lineage(unit), ""):
                inside[place][above].append(path)
    return _Ground(
        shown_units=shown_units, inside=tuple(inside), has_slices=any(path.slices for path in several)
    )


def _decide(ground: _Ground, shown: _Parts, step: Step, min_pms: int) -> Detail | Reason:
    """As finely as may be; where nobody moved, coarse and fine are the same sums."""
    reason = _reason(ground, shown, step, Detail.REAL_AND_MIX, min_pms)
    if reason is not None:
        return reason
    if _moves(ground, step) and _reason(ground, shown, step, Detail.MOVED_APART, min_pms) is not None:
        return Detail.REAL_AND_MIX
    return Detail.MOVED_APART


def _steps(ground: _Ground, first: int) -> Iterator[Step]:
    for place in range(first, len(ground.shown_units) - 1):
        both = set(ground.shown_units[place]) & set(ground.shown_units[place + 1])
        counts = {unit: sum(path.pm_count for path in ground.inside[place].get(unit, ())) for unit in both}
        yield from ((unit, place) for unit in sorted(counts, key=lambda unit: (-counts[unit], unit)))


def _reason(ground: _Ground, shown: _Parts, step: Step, detail: Detail, min_pms: int) -> Reason | None:
    sizes = [_cohort_sizes(ground, step, detail, place) for place in (step[1], step[1] + 1)]
    if any(count < min_pms for one in sizes for count in one.values()) or "stayers" not in sizes[0]:
        return Reason.TOO_FEW_PMS
    parts = {**shown, step: detail}
    for place in (step[1], step[1] + 1):
        scope = _scope(ground, parts, place, step[0])
        if len(ground.inside[place].get(scope, ())) > MOST_ATOMS:
            return Reason.PROTECTS_OTHERS
        tied = _tied_to(_atoms(ground, parts, place, scope), step)
        if any(count < min_pms for count in tied.values()) and singles_out_few(tied, fewest=min_pms):
            return Reason.PROTECTS_OTHERS
    return None


def _cohort_sizes(ground: _Ground, step: Step, detail: Detail, place: int) -> dict[str, int]:
    """How many PMs of the unit each group has in one of the step's waves; empty ones are not there."""
    unit, first = step
    sizes: dict[str, int] = defaultdict(int)
    for path in ground.inside[place].get(unit, ()):
        sizes[_cohort(unit, path.units[2 * first + 1 - place], detail)] += path.pm_count
    return sizes


def _moves(ground: _Ground, step: Step) -> bool:
    waves = (step[1], step[1] + 1)
    return any("moved" in _cohort_sizes(ground, step, Detail.MOVED_APART, place) for place in waves)


def _scope(ground: _Ground, parts: _Parts, place: int, unit: str) -> str:
    """The unit outside of which no PM is tied to those of this one; slices may tie anybody to anybody."""
    if ground.has_slices:
        return ""
    return [one for one in unit_lineage(unit) if (one, place) in parts or (one, place - 1) in parts][-1]


def _atoms(ground: _Ground, parts: _Parts, place: int, scope: str) -> _Atoms:
    """How many PMs of one wave are in exactly these sums.

    Units inside one another tell the same as the smallest ones and what is left around them.
    """
    atoms: _Atoms = defaultdict(int)
    for path in ground.inside[place].get(scope, ()):
        lineage = unit_lineage(path.units[place])
        cell = next((unit for unit in lineage if unit in ground.shown_units[place]), None)
        names: set[Hashable] = set() if cell is None else {cell}
        names.update(("slice", one) for one in (path.slices[place] if path.slices and lineage else ()))
        for unit, first in ((unit, first) for unit in lineage for first in (place - 1, place)):
            if (unit, first) in parts:
                other = path.units[2 * first + 1 - place]
                names.add(("part", unit, first, _cohort(unit, other, parts[unit, first])))
        atoms[frozenset(names)] += path.pm_count
    return atoms


def _cohort(unit: str, other: str, detail: Detail) -> str:
    """Where the PMs of a unit are in the other wave of the step."""
    if unit in unit_lineage(other):
        return "stayers"
    return "moved" if other and detail is Detail.MOVED_APART else "others"


def _tied_to(atoms: _Atoms, step: Step) -> _Atoms:
    """What has anything to do with a step's parts: sums that share nobody cannot be combined."""
    groups = Groups()
    for names in atoms:
        for one, other in pairwise(names):
            groups.join(one, other)
    own = {
        name for names in atoms for name in names if isinstance(name, tuple) and name[:3] == ("part", *step)
    }
    leaders = {groups.leader(name) for name in own}
    return {names: n for names, n in atoms.items() if any(groups.leader(name) in leaders for name in names)}
