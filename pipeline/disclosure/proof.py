"""Attacks a release with everything there is to know, and says what came of it.

In go the release's own rows and, from the warehouse, who answered in which block: no answer. Out comes a
report with counts: no score, no name, no pseudonym. What an attack finds is a fault of ours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isclose

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.comment_proof import ProvedComment, ProvedCommentRule, few_behind_words
from survey.roster import unit_lineage

ROUNDING = 1.5e-6
"""Scores are stored with six decimals; a mean of such scores may be off by one in the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedWave:
    """A published wave and what was promised for it."""

    wave_no: int
    wave_id: str
    policy_hash: str
    min_raters: int
    min_pms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedBlock:
    """A block of the release; `unit_id` is where it ends, `scope_no` its subject or that unit."""

    wave_no: int
    block_no: int
    is_rest: bool
    scope_no: int
    unit_id: str
    rater_count: int
    pm_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedSum:
    """A coded sum of the release, with the ends of its item's scale."""

    wave_no: int
    block_no: int
    measure_no: int
    rating_count: int
    sum_points: Decimal
    favourable_count: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedCell:
    """A number about others' answers; `unit_id` is "" for a subject, `trait_no` that of an item, or 0."""

    wave_no: int
    scope_no: int
    unit_id: str
    measure_no: int
    trait_no: int
    is_shown: bool
    score: float
    rating_count: int
    pm_count: int
    is_blank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedPoint:
    """A point of a line."""

    scope_no: int
    trait_no: int
    segment_no: int
    wave_no: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response in a block, as some release published it; `rater` is None where nobody is named."""

    wave_no: int
    release_no: int
    block_no: int
    subject_no: int
    response_no: int
    content_no: int
    rater: int | None
    is_known: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything an attack may use. Responses of every release up to this one, withdrawn waves' too."""

    waves: tuple[ProvedWave, ...]
    blocks: tuple[ProvedBlock, ...]
    sums: tuple[ProvedSum, ...]
    cells: tuple[ProvedCell, ...]
    points: tuple[ProvedPoint, ...]
    responses: tuple[Response, ...]
    comments: tuple[ProvedComment, ...] = ()
    comment_rules: tuple[ProvedCommentRule, ...] = ()

    @cached_property
    def block_of(self) -> dict[tuple[int, int], ProvedBlock]:
        return {(block.wave_no, block.block_no): block for block in self.blocks}

    @cached_property
    def shown(self) -> dict[tuple[int, int, int], ProvedCell]:
        """The shown cells by wave, scope and measure."""
        cells = (cell for cell in self.cells if cell.is_shown)
        return {(cell.wave_no, cell.scope_no, cell.measure_no): cell for cell in cells}

    @cached_property
    def sums_of(self) -> dict[tuple[int, int, int], list[ProvedSum]]:
        """The coded sums below each subject and unit, by wave, scope of the block and measure."""
        found: dict[tuple[int, int, int], list[ProvedSum]] = defaultdict(list)
        units = {(cell.wave_no, cell.unit_id): cell.scope_no for cell in self.cells if cell.unit_id}
        for one in self.sums:
            block = self.block_of[one.wave_no, one.block_no]
            above = {units.get((one.wave_no, unit)) for unit in unit_lineage(block.unit_id)}
            for scope in above - {None} | ({block.scope_no} - above if not block.is_rest else set()):
                found[one.wave_no, scope or 0, one.measure_no].append(one)
        return found

    @cached_property
    def _items(self) -> dict[tuple[int, int, int], dict[int, float]]:
        found: dict[tuple[int, int, int], dict[int, float]] = defaultdict(dict)
        for (wave_no, scope_no, measure_no), cell in self.shown.items():
            if cell.trait_no:
                found[wave_no, scope_no, cell.trait_no][measure_no] = cell.score
        return found

    def items(self, wave_no: int, scope_no: int, trait_no: int) -> dict[int, float]:
        """Returns the shown scores of a trait's items, by measure."""
        return self._items[wave_no, scope_no, trait_no]


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
    owners = _owners(evidence.responses)
    last = {
        wave.wave_no: max((r.release_no for r in evidence.responses if r.wave_no == wave.wave_no), default=0)
        for wave in evidence.waves
    }
    people: dict[tuple[int, int], set[object]] = defaultdict(set)
    for one in evidence.responses:
        if one.release_no == last.get(one.wave_no) and (owner := owners[_variable(one)]) is not None:
            people[one.wave_no, one.block_no].add(owner)
    fewest = {wave.wave_no: wave.min_raters for wave in evidence.waves}
    for block in evidence.blocks:
        counted = len(people[block.wave_no, block.block_no])
        yield counted < fewest[block.wave_no] or block.rater_count < fewest[block.wave_no]


def _few_raters(evidence: Evidence) -> Iterator[bool]:
    """Combines the blocks of all releases of a wave: joined, left, late, withdrawn, erased answers."""
    owners = _owners(evidence.responses)
    pools: dict[int, dict[tuple[int, int], set[object]]] = defaultdict(lambda: defaultdict(set))
    for one in evidence.responses:
        pools[one.wave_no][one.release_no, one.block_no].add(_variable(one))
    fewest = {wave.wave_no: wave.min_raters for wave in evidence.waves}
    for wave_no, sums in pools.items():
        if wave_no in fewest:
            yield singled_out(sums.values(), owners, fewest=fewest[wave_no]) is not None


def _few_pms(evidence: Evidence) -> Iterator[bool]:
    """Combines the numbers of all units, item by item."""
    pools: dict[tuple[int, int], list[frozenset[object]]] = defaultdict(list)
    for cell in evidence.shown.values():
        if cell.unit_id and (sums := evidence.sums_of.get((cell.wave_no, cell.scope_no, cell.measure_no))):
            pms = frozenset(pm for one in sums for pm in _pms(evidence.block_of[one.wave_no, one.block_no]))
            pools[cell.wave_no, cell.measure_no].append(pms)
    fewest = {wave.wave_no: wave.min_pms for wave in evidence.waves}
    for (wave_no, _), units in pools.items():
        owners = {pm: pm for unit in units for pm in unit}
        yield singled_out(units, owners, fewest=fewest[wave_no]) is not None


def _not_from_blocks(evidence: Evidence) -> Iterator[bool]:
    """Adds every shown number up again from the coded sums: what does not come out came from elsewhere."""
    for (wave_no, scope_no, measure_no), cell in evidence.shown.items():
        sums = evidence.sums_of.get((wave_no, scope_no, measure_no))
        if sums:
            ratings = sum(one.rating_count for one in sums)
            points = sum((one.sum_points for one in sums), Decimal())
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
    for one in evidence.sums:
        low, high = one.rating_count * one.low, one.rating_count * one.high
        is_inside = low < one.sum_points < high and 0 < one.favourable_count < one.rating_count
        yield not is_inside


def _hidden_but_there(evidence: Evidence) -> Iterator[bool]:
    """Looks for anything beside a reason in a hidden cell."""
    return (not cell.is_blank for cell in evidence.cells if not cell.is_shown)


def _few_behind_words(evidence: Evidence) -> Iterator[bool]:
    """Looks for words that too few could have written, and for words that stand there twice."""
    return few_behind_words(evidence.comments, evidence.comment_rules)


ATTACKERS: Mapping[str, Callable[[Evidence], Iterator[bool]]] = {
    "few_in_a_block": _few_in_a_block,
    "few_raters": _few_raters,
    "few_pms": _few_pms,
    "not_from_blocks": _not_from_blocks,
    "all_the_same": _all_the_same,
    "hidden_but_there": _hidden_but_there,
    "few_behind_words": _few_behind_words,
}
"""What is tried, by name (`proof_attack_<name>` in `survey/text` says it); each yields for every try whether something was found."""


def _variable(one: Response) -> tuple[int, int, int, int]:
    """A response with changed answers is another one: the two do not cancel out."""
    return one.wave_no, one.subject_no, one.response_no, one.content_no


def _owners(responses: Iterable[Response]) -> dict[object, object]:
    """Whose each response is. Who is not named is taken for the same person about every subject.

    That is the worst case: the fewest people that can stand behind the responses.
    """
    owners: dict[object, object] = {}
    unnamed: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for one in responses:
        if one.rater is not None:
            owners[_variable(one)] = None if one.is_known else ("named", one.rater)
        else:
            numbers = unnamed[one.wave_no, one.subject_no]
            owners[_variable(one)] = ("unnamed", numbers.setdefault(one.response_no, len(numbers)))
    return owners


def _pms(block: ProvedBlock) -> Iterator[object]:
    """One subject, or as many people as a rest block is about."""
    count = block.pm_count if block.is_rest else 1
    return ((block.block_no, number) for number in range(count))


def _mean(scores: Mapping[int, float]) -> float:
    """Of nothing it is a number that no score is: an empty trait cannot have been shown."""
    return sum(scores.values()) / len(scores) if scores else float("nan")


def _is_equal(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=0, abs_tol=ROUNDING)
