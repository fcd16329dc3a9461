"""Who is published together: memberships in, blocks out.

A block is a set of raters whose answers leave the pipeline only as one sum. It is decided once per
wave, for all items, and from memberships alone: no answer can change it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from survey.roster import parent_unit, unit_lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Who answered about one subject, in the group `others`.

    `rater_count` counts the people whose authorship stays unknown: self and manager are shown with
    their author and stay outside, and a rater who may open a page that holds the block's number is
    known as well and is counted in `known_count` instead. `raters` and `known` name both by
    pseudonym; they are needed only where there are too few for a block of their own, and are empty
    where the file names nobody. `unit_id` is "" where the subject has no unit to fall back on.
    """

    subject_no: int
    unit_id: str
    rater_count: int
    known_count: int = 0
    raters: frozenset[int] = frozenset()
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Raters published together: one subject's own, or the rest of a unit over several subjects.

    `rater_count` is a lower bound of the distinct people in it who are no known raters, and
    `known_count` says how many known ones answered beside them. `pm_count` is how many people it is
    about: more than `subjects`, where closing made one subject of a unit's rest.
    """

    unit_id: str
    subjects: tuple[int, ...]
    rater_count: int
    known_count: int
    pm_count: int
    is_rest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The blocks of one wave, and the subjects whose answers are not published at all."""

    blocks: tuple[Block, ...]
    withheld: tuple[int, ...]


def form_blocks(
    memberships: Iterable[Membership], *, min_raters: int, guarded: Collection[int] = ()
) -> Blocks:
    """Returns the blocks of a wave.

    A subject with enough raters has a block of its own. The others of a unit form its rest block if
    they are at least two and have enough raters between them; if not, they are tried again together
    with the unit above, and are withheld where there is none.

    Args:
        memberships: one per subject with at least one rater.
        min_raters: how many people a block takes (k).
        guarded: subjects that may have no block of their own this time (see `turnover`).
    """
    ordered = sorted(memberships, key=lambda membership: membership.subject_no)
    alone = [one for one in ordered if one.rater_count >= min_raters and one.subject_no not in guarded]
    own = tuple(_own_block(one) for one in alone)
    few = [one for one in ordered if one.rater_count < min_raters or one.subject_no in guarded]
    rest, withheld = _form_rest_blocks(few, min_raters)
    return Blocks(blocks=(*own, *rest), withheld=withheld)


def count_raters(memberships: Iterable[Membership]) -> int:
    """Returns a lower bound of the distinct unknown people behind several subjects' answers.

    Who is named counts once; who is not named may have answered about every one of the subjects.
    Whoever is known for one of the subjects does not count for any.

    >>> two = [
    ...     Membership(subject_no=1, unit_id="A", rater_count=2, raters=frozenset({7, 8})),
    ...     Membership(subject_no=2, unit_id="A", rater_count=2, raters=frozenset({8, 9})),
    ... ]
    >>> count_raters(two)
    3
    """
    several = tuple(memberships)
    known = _known(several)
    named = frozenset[int]().union(*(one.raters for one in several))
    return max(len(named - known), max((_unknown(one, known) for one in several), default=0))


def _unknown(one: Membership, known: frozenset[int]) -> int:
    """Where nobody is named, everybody known elsewhere may be among them."""
    return one.rater_count - len(one.raters & known if one.raters else known - one.known)


def _known(memberships: Iterable[Membership]) -> frozenset[int]:
    return frozenset[int]().union(*(one.known for one in memberships))


def _own_block(membership: Membership) -> Block:
    return Block(
        unit_id=membership.unit_id,
        subjects=(membership.subject_no,),
        rater_count=membership.rater_count,
        known_count=membership.known_count,
        pm_count=1,
        is_rest=False,
    )


def _form_rest_blocks(
    few: Iterable[Membership], min_raters: int
) -> tuple[tuple[Block, ...], tuple[int, ...]]:
    waiting: dict[str, list[Membership]] = defaultdict(list)
    for one in few:
        waiting[one.unit_id].append(one)
    blocks: list[Block] = []
    for unit_id in _leaves_first(waiting):
        candidates = waiting.pop(unit_id, [])
        if len(candidates) > 1 and count_raters(candidates) >= min_raters:
            blocks.append(_rest_block(unit_id, candidates))
        else:
            waiting[parent_unit(unit_id)].extend(candidates)
    withheld = tuple(sorted(one.subject_no for one in waiting[""]))
    return tuple(sorted(blocks, key=lambda block: block.unit_id)), withheld


def _rest_block(unit_id: str, candidates: Iterable[Membership]) -> Block:
    several = tuple(candidates)
    return Block(
        unit_id=unit_id,
        subjects=tuple(sorted(one.subject_no for one in several)),
        rater_count=count_raters(several),
        known_count=len(_known(several)),
        pm_count=len(several),
        is_rest=True,
    )


def _leaves_first(units: Iterable[str]) -> list[str]:
    every = {above for unit in units for above in unit_lineage(unit)}
    return sorted(every, key=lambda unit: (-unit.count("/"), unit))
