"""Attacks a release with everything there is to know, and says what came of it.

In go the release's own rows and, from the warehouse, who answered in which block: no answer. Out comes a
report with counts: no score, no name, no pseudonym. What an attack finds is a fault of ours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isclose, nan

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.comment_proof import few_behind_words
from pipeline.disclosure.evidence import Evidence, ProvedPoint, ProvedWave
from pipeline.disclosure.proof_parts import (
    few_by_relationship,
    few_pms,
    last_releases,
    owners_of,
    variable_of,
)
from pipeline.disclosure.proof_tallies import few_unplaced

ROUNDING = 1.5e-6
"""Scores are stored with six decimals; a mean of such scores may be off by one in the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What one attacker tried, how often, and how often something was found."""

    name: str
    tried: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of all attacks."""

    waves: tuple[ProvedWave, ...]
    shown_count: int
    hidden_count: int
    attacks: tuple[Attack, ...]

    @property
    def is_held(self) -> bool:
        """True if no attack found anything."""
        return not any(attack.found for attack in self.attacks)


def prove(evidence: Evidence) -> Proof:
    """Runs every attacker on a release."""
    return Proof(
        waves=evidence.waves,
        shown_count=sum(cell.is_shown for cell in evidence.cells),
        hidden_count=sum(not cell.is_shown for cell in evidence.cells),
        attacks=tuple(_run(name, attacker(evidence)) for name, attacker in ATTACKERS.items()),
    )


def _run(name: str, findings: Iterator[bool]) -> Attack:
    tried = list(findings)
    return Attack(name=name, tried=len(tried), found=sum(tried))


def _few_in_a_block(evidence: Evidence) -> Iterator[bool]:
    """Counts the unknown people of each block again, from who answered."""
    owners = owners_of(evidence.responses)
    last = last_releases(evidence.responses)
    people: dict[tuple[int, int], set[object]] = defaultdict(set)
    for one in evidence.responses:
        if one.release_no == last[one.wave_no] and (owner := owners[variable_of(one)]) is not None:
            people[one.wave_no, one.block_no].add(owner)
    fewest = {wave.wave_no: wave.min_raters for wave in evidence.waves}
    for block in evidence.blocks:
        counted = len(people[block.wave_no, block.block_no])
        yield counted < fewest[block.wave_no] or block.rater_count < fewest[block.wave_no]


def _few_raters(evidence: Evidence) -> Iterator[bool]:
    """Combines the blocks of all releases of a wave: joined, left, late, withdrawn, erased answers."""
    owners = owners_of(evidence.responses)
    pools: dict[int, dict[tuple[int, int], set[object]]] = defaultdict(lambda: defaultdict(set))
    for one in evidence.responses:
        pools[one.wave_no][one.release_no, one.block_no].add(variable_of(one))
    fewest = {wave.wave_no: wave.min_raters for wave in evidence.waves}
    for wave_no, sums in pools.items():
        if wave_no in fewest:
            yield singled_out(sums.values(), owners, fewest=fewest[wave_no]) is not None


def _not_from_blocks(evidence: Evidence) -> Iterator[bool]:
    """Adds every shown number up again from the coded sums: what does not come out came from elsewhere."""
    for (wave_no, scope_no, measure_no), cell in evidence.shown.items():
        sums = evidence.sums_behind(wave_no, scope_no, measure_no)
        if sums:
            ratings = sum(one.rating_count for one in sums)
            points = sum(one.sum_points for one in sums)
            yield not (_is_equal(cell.score, float(points) / ratings) and cell.rating_count == ratings)
        else:
            yield not _is_equal(cell.score, _mean(evidence.items(wave_no, scope_no, measure_no)))
    yield from (not _is_equal(score, expected) for score, expected in _line_scores(evidence))


def _line_scores(evidence: Evidence) -> Iterator[tuple[float, float]]:
    """Each point with the mean of the items that every wave of its segment shows."""
    segments: dict[tuple[int, int, int], list[ProvedPoint]] = defaultdict(list)
    for point in evidence.points:
        segments[point.scope_no, point.trait_no, point.segment_no].append(point)
    for (scope_no, trait_no, _), points in segments.items():
        items = [evidence.items(point.wave_no, scope_no, trait_no) for point in points]
        common = set(items[0]).intersection(*items)
        for point, of_wave in zip(points, items, strict=True):
            yield point.score, _mean({item: of_wave[item] for item in common})


def _all_the_same(evidence: Evidence) -> Iterator[bool]:
    """Looks for sums at an end of the scale, where everybody must have answered alike."""
    for one in (*evidence.sums, *(table.sum for table in evidence.relationships)):
        low, high = one.rating_count * one.low, one.rating_count * one.high
        is_inside = low < one.sum_points < high and 0 < one.favourable_count < one.rating_count
        yield not is_inside


def _hidden_but_there(evidence: Evidence) -> Iterator[bool]:
    """Looks for anything beside a reason in a hidden cell."""
    return (not cell.is_blank for cell in evidence.cells if not cell.is_shown)


def _few_behind_words(evidence: Evidence) -> Iterator[bool]:
    """Looks for words that too few could have written, and for words that stand there twice."""
    return few_behind_words(evidence.comments, evidence.comment_rules)


def _few_unplaced(evidence: Evidence) -> Iterator[bool]:
    """Takes the distributions of units from one another, and looks for what is told too finely."""
    return few_unplaced(evidence.tallies, {wave.wave_no: wave.min_pms for wave in evidence.waves})


def _all_answered(evidence: Evidence) -> Iterator[bool]:
    """Works out from share and answers how many were asked at most: k of them must possibly not have answered."""
    fewest = {wave.wave_no: wave.min_raters for wave in evidence.waves}
    for one in evidence.shares:
        most = 100 * one.response_count // one.percent
        yield most - one.response_count < fewest[one.wave_no]


ATTACKERS: Mapping[str, Callable[[Evidence], Iterator[bool]]] = {
    "few_in_a_block": _few_in_a_block,
    "few_raters": _few_raters,
    "few_pms": few_pms,
    "few_by_relationship": few_by_relationship,
    "not_from_blocks": _not_from_blocks,
    "all_the_same": _all_the_same,
    "hidden_but_there": _hidden_but_there,
    "few_behind_words": _few_behind_words,
    "few_unplaced": _few_unplaced,
    "all_answered": _all_answered,
}
"""What is tried, by name (`proof_attack_<name>` in `survey/text` says it); each yields for every try whether something was found."""


def _mean(scores: Mapping[int, float]) -> float:
    """Of nothing it is a number that no score is: an empty trait cannot have been shown."""
    return sum(scores.values()) / len(scores) if scores else nan


def _is_equal(one: float, other: float) -> bool:
    return isclose(one, other, abs_tol=ROUNDING)
