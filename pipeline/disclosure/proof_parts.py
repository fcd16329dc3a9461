"""Attacks on numbers about several PMs: units, slices, relationships, and the parts of their changes."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.evidence import Evidence, ProvedBlock, ProvedMix, ProvedRelationship, Response
from survey.roster import unit_lineage

_SEVERAL = ("unit", "slice")
Pm = tuple[int, int]
"""A PM of one wave: the block, and which of its PMs; of a rest block nobody says who they are."""


def few_pms(evidence: Evidence) -> Iterator[bool]:
    """Combines the numbers of all units and slices and the parts of their changes, item by item."""
    pools: dict[tuple[int, int], list[frozenset[Hashable]]] = defaultdict(list)
    for cell in evidence.shown.values():
        blocks = evidence.blocks_with(cell.wave_no, cell.scope_no, cell.measure_no)
        if cell.scope in _SEVERAL and blocks:
            pools[cell.wave_no, cell.measure_no].append(frozenset(pm for one in blocks for pm in _pms(one)))
    for mix in evidence.mixes:
        for wave_no, other_no in ((mix.wave_no, mix.since_wave_no), (mix.since_wave_no, mix.wave_no)):
            pools[wave_no, mix.measure_no] += _cohorts(evidence, mix, wave_no, other_no)
    fewest = {wave.wave_no: wave.min_pms for wave in evidence.waves}
    for (wave_no, _), sums in pools.items():
        owners = {pm: pm for some in sums for pm in some}
        yield singled_out(sums, owners, fewest=fewest[wave_no]) is not None


def few_by_relationship(evidence: Evidence) -> Iterator[bool]:
    """Combines the numbers by relationship with all others of an item: over raters, and over PMs."""
    tables: dict[tuple[int, int], list[ProvedRelationship]] = defaultdict(list)
    for one in evidence.relationships:
        if (one.wave_no, one.scope_no, one.sum.measure_no) in evidence.shown:
            tables[one.wave_no, one.sum.measure_no].append(one)
    waves = {wave.wave_no: wave for wave in evidence.waves}
    owners = owners_of(evidence.responses)
    tried: set[tuple[int, frozenset[frozenset[Hashable]]]] = set()
    for (wave_no, measure_no), several in tables.items():
        answered = _answered(evidence, wave_no, measure_no)
        raters = frozenset(map(frozenset, _rater_sums(answered, several)))
        if (wave_no, raters) not in tried:  # most items of a wave show the same
            tried.add((wave_no, raters))
            yield singled_out(raters, owners, fewest=waves[wave_no].min_raters) is not None
        pms = _pm_sums(evidence, answered, several, (wave_no, measure_no))
        yield singled_out(pms, _first_of(pms), fewest=waves[wave_no].min_pms) is not None


_Answered = Mapping[ProvedBlock, list[Response]]


def _answered(evidence: Evidence, wave_no: int, measure_no: int) -> _Answered:
    """The responses in each block that released a measure, as of the wave's last publication."""
    last = last_releases(evidence.responses)
    found: dict[ProvedBlock, list[Response]] = defaultdict(list)
    for one in evidence.responses:
        is_there = (wave_no, one.block_no, measure_no) in evidence.sum_of
        if is_there and one.wave_no == wave_no and one.release_no == last[wave_no]:
            found[evidence.block_of[wave_no, one.block_no]].append(one)
    return found


def _rater_sums(answered: _Answered, tables: Iterable[ProvedRelationship]) -> list[set[Hashable]]:
    blocks: list[set[Hashable]] = [{variable_of(one) for one in some} for some in answered.values()]
    return blocks + [
        {
            variable_of(one)
            for block, some in answered.items()
            for one in some
            if _is_in(block, table.unit_id) and one.relationship == table.relationship
        }
        for table in tables
    ]


def _pm_sums(
    evidence: Evidence,
    answered: _Answered,
    tables: Iterable[ProvedRelationship],
    where: tuple[int, int],
) -> list[set[tuple[Pm, int]]]:
    """What each PM was told by raters of each relationship is a variable of its own."""
    parts = {
        block: {(pm, one.relationship) for pm in _pms(block) for one in some if _may_be(block, pm, one, some)}
        for block, some in answered.items()
    }
    wave_no, measure_no = where
    shown = (
        cell.scope_no
        for cell in evidence.shown.values()
        if cell.scope in _SEVERAL and (cell.wave_no, cell.measure_no) == where
    )
    units = [
        {
            part
            for block in evidence.blocks_with(wave_no, scope_no, measure_no)
            for part in parts.get(block, ())
        }
        for scope_no in shown
    ]
    return units + [
        {
            part
            for block, some in parts.items()
            for part in some
            if _is_in(block, table.unit_id) and part[1] == table.relationship
        }
        for table in tables
    ]


def _may_be(block: ProvedBlock, pm: Pm, one: Response, several: Iterable[Response]) -> bool:
    """Whose response it is, where a rest block still says so; else it may be about each of its PMs."""
    subjects = sorted({other.subject_no for other in several})
    return len(subjects) != block.pm_count or subjects.index(one.subject_no) == pm[1]


def _is_in(block: ProvedBlock, unit_id: str) -> bool:
    return not unit_id or unit_id in unit_lineage(block.unit_id)


def _cohorts(evidence: Evidence, mix: ProvedMix, wave_no: int, other_no: int) -> list[frozenset[Hashable]]:
    """The PMs of a unit in one wave, by where they are in the other: still here, elsewhere, nowhere."""
    other = {
        block.scope_no: block.unit_id
        for block in evidence.blocks
        if not block.is_rest
        and block.wave_no == other_no
        and (other_no, block.block_no, mix.measure_no) in evidence.sum_of
    }
    cohorts: dict[str, set[Hashable]] = defaultdict(set)
    for block in evidence.blocks:
        is_there = (wave_no, block.block_no, mix.measure_no) in evidence.sum_of
        if block.wave_no == wave_no and is_there and _is_in(block, mix.unit_id):
            home = other.get(block.scope_no, "")  # a rest block's scope is a unit, and nobody's
            cohorts[_cohort(mix, home)].update(_pms(block))
    return [frozenset(some) for some in cohorts.values()]


def _cohort(mix: ProvedMix, home: str) -> str:
    if mix.unit_id in unit_lineage(home):
        return "stayers"
    return "moved" if home and mix.is_moved_apart else "others"


def _pms(block: ProvedBlock) -> Iterator[Pm]:
    """One subject, or as many people as a rest block is about."""
    count = block.pm_count if block.is_rest else 1
    return ((block.block_no, number) for number in range(count))


def _first_of(sums: Iterable[Iterable[tuple[Pm, int]]]) -> dict[Hashable, Hashable]:
    return {part: part[0] for some in sums for part in some}


def variable_of(one: Response) -> tuple[int, int, int, int]:
    """A response with changed answers is another one: the two do not cancel out."""
    return one.wave_no, one.subject_no, one.response_no, one.content_no


def last_releases(responses: Iterable[Response]) -> dict[int, int]:
    """The release that published each wave the last time."""
    last: dict[int, int] = {}
    for one in responses:
        last[one.wave_no] = max(one.release_no, last.get(one.wave_no, one.release_no))
    return last


def owners_of(responses: Iterable[Response]) -> dict[object, object]:
    """Whose each response is. Who is not named is taken for the same person about every subject.

    That is the worst case: the fewest people that can stand behind the responses.
    """
    owners: dict[object, object] = {}
    unnamed: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for one in responses:
        if one.rater is not None:
            owners[variable_of(one)] = None if one.is_known else ("named", one.rater)
        else:
            numbers = unnamed[one.wave_no, one.subject_no]
            owners[variable_of(one)] = ("unnamed", numbers.setdefault(one.response_no, len(numbers)))
    return owners
