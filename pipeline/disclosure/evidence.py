"""What the attackers of a release get: its own rows, and who answered in which block. No answer of anybody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipeline.disclosure.comment_proof import ProvedComment, ProvedCommentRule
from pipeline.disclosure.proof_tallies import ProvedTally
from survey.roster import unit_lineage


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
    """A number about others' answers.

    `scope` is subject, unit, slice or relationship; `unit_id` is "" but for a unit, `trait_no` that of
    an item, or 0.
    """

    wave_no: int
    scope_no: int
    scope: str
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
    """One response in a block, as some release published it; `rater` is None where nobody is named.

    `relationship` is the code the warehouse stores.
    """

    wave_no: int
    release_no: int
    block_no: int
    subject_no: int
    response_no: int
    content_no: int
    rater: int | None
    relationship: int = 0
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedSlice:
    """A block that lies in a slice, as a whole."""

    wave_no: int
    scope_no: int
    block_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedRelationship:
    """A coded sum over the raters of one relationship in a unit; `unit_id` is "" for everybody."""

    wave_no: int
    scope_no: int
    unit_id: str
    relationship: int
    sum: ProvedSum


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedMix:
    """An item whose change a unit is shown taken apart; `is_moved_apart` says how finely."""

    wave_no: int
    since_wave_no: int
    unit_id: str
    measure_no: int
    is_moved_apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedShare:
    """A response share of the release, in per cent, with how many answers the unit rests on."""

    wave_no: int
    percent: int
    response_count: int


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
    slices: tuple[ProvedSlice, ...] = ()
    relationships: tuple[ProvedRelationship, ...] = ()
    mixes: tuple[ProvedMix, ...] = ()
    tallies: tuple[ProvedTally, ...] = ()
    shares: tuple[ProvedShare, ...] = ()

    @cached_property
    def block_of(self) -> dict[tuple[int, int], ProvedBlock]:
        return {(block.wave_no, block.block_no): block for block in self.blocks}

    @cached_property
    def shown(self) -> dict[tuple[int, int, int], ProvedCell]:
        """The shown cells by wave, scope and measure."""
        return _shown(self.cells)

    @cached_property
    def blocks_of(self) -> dict[tuple[int, int], list[ProvedBlock]]:
        """The blocks that lie in each subject, unit and slice, by wave and scope."""
        found = _by_scope(self.blocks, self.cells)
        for one in self.slices:
            found[one.wave_no, one.scope_no].append(self.block_of[one.wave_no, one.block_no])
        return found

    @cached_property
    def sum_of(self) -> dict[tuple[int, int, int], ProvedSum]:
        """The coded sums by wave, block and measure."""
        return {(one.wave_no, one.block_no, one.measure_no): one for one in self.sums}

    def blocks_with(self, wave_no: int, scope_no: int, measure_no: int) -> list[ProvedBlock]:
        """Returns the blocks in a scope that released a measure."""
        inside = self.blocks_of.get((wave_no, scope_no), [])
        return [block for block in inside if (wave_no, block.block_no, measure_no) in self.sum_of]

    @cached_property
    def _relationship_sums(self) -> dict[tuple[int, int, int], ProvedSum]:
        return {(one.wave_no, one.scope_no, one.sum.measure_no): one.sum for one in self.relationships}

    def sums_behind(self, wave_no: int, scope_no: int, measure_no: int) -> list[ProvedSum]:
        """Returns the coded sums that a number adds up."""
        own = self._relationship_sums.get((wave_no, scope_no, measure_no))
        if own is not None:
            return [own]
        blocks = self.blocks_with(wave_no, scope_no, measure_no)
        return [self.sum_of[wave_no, block.block_no, measure_no] for block in blocks]

    @cached_property
    def _items(self) -> dict[tuple[int, int, int], dict[int, float]]:
        return _by_trait(self.shown.values())

    def items(self, wave_no: int, scope_no: int, trait_no: int) -> dict[int, float]:
        """Returns the shown scores of a trait's items, by measure."""
        return self._items[wave_no, scope_no, trait_no]


def _shown(cells: Iterable[ProvedCell]) -> dict[tuple[int, int, int], ProvedCell]:
    return {(cell.wave_no, cell.scope_no, cell.measure_no): cell for cell in cells if cell.is_shown}


def _by_scope(
    blocks: Iterable[ProvedBlock], cells: Iterable[ProvedCell]
) -> dict[tuple[int, int], list[ProvedBlock]]:
    """Each block lies in its own scope, and in every unit with numbers around where it ends."""
    units = {(cell.wave_no, cell.unit_id): cell.scope_no for cell in cells}
    found: dict[tuple[int, int], list[ProvedBlock]] = defaultdict(list)
    for block in blocks:
        around = ((block.wave_no, unit) for unit in unit_lineage(block.unit_id))
        for scope_no in {block.scope_no, *(units[one] for one in around if one in units)}:
            found[block.wave_no, scope_no].append(block)
    return found


def _by_trait(cells: Iterable[ProvedCell]) -> dict[tuple[int, int, int], dict[int, float]]:
    """The scores of items, by wave, scope and trait."""
    found: dict[tuple[int, int, int], dict[int, float]] = defaultdict(dict)
    for cell in cells:
        found[cell.wave_no, cell.scope_no, cell.trait_no][cell.measure_no] = cell.score
    return found
