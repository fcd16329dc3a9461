"""Attacks what a release tells of units' PMs without names: distributions, and what is subtracted from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.roster import unit_lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedTally:
    """A tally of the release: how many PMs of a unit are in each bin of a trait at least, and how many are not placed."""

    wave_no: int
    measure_no: int
    unit_id: str
    at_least: tuple[int, ...]
    unplaced: int


def few_unplaced(tallies: Iterable[ProvedTally], min_pms: Mapping[int, int]) -> Iterator[bool]:
    """Takes from each unit's tally those of the units inside it: what is left must be as coarse as a tally.

    Nothing finer can be worked out: told units lie inside one another or apart. A rest that places anybody
    must place whole groups of s, and leave s open; else a PM who knows their own place learns another's.

    Args:
        tallies: of all waves.
        min_pms: s of each wave.
    """
    several: dict[tuple[int, int], dict[str, ProvedTally]] = defaultdict(dict)
    for tally in tallies:
        several[tally.wave_no, tally.measure_no][tally.unit_id] = tally
    for (wave_no, _), told in several.items():
        for unit in told:
            counts, unplaced = _rest(told, unit)
            yield _is_too_fine(counts, unplaced, min_pms[wave_no])


def _rest(told: Mapping[str, ProvedTally], unit: str) -> tuple[list[int], int]:
    counts, unplaced = list(told[unit].at_least), told[unit].unplaced
    for part in told.values():
        around = next((one for one in unit_lineage(part.unit_id)[1:] if one in told), None)
        if around == unit:
            counts = [whole - inside for whole, inside in zip(counts, part.at_least, strict=True)]
            unplaced -= part.unplaced
    return counts, unplaced


def _is_too_fine(counts: Sequence[int], unplaced: int, min_pms: int) -> bool:
    if unplaced < 0 or any(count < 0 or count % min_pms for count in counts):
        return True
    return any(counts) and unplaced < min_pms
