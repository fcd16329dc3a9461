"""May a wave be published a second time, given what was seen of it the first time?

Two releases of one wave can be subtracted from each other. That is harmless where whole groups of
at least k people came or went, and tells on somebody where fewer did.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.disclosure.groups import Groups

_Node = tuple[str, int]
_OUTSIDE: _Node = ("outside", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many raters' responses stood in one block then and stand in another now, unchanged.

    A block of None means that they were (or are) in no block; a response with a changed answer
    counts as one that left and one that came. `rater_count` is a lower bound of distinct people.
    """

    before: int | None
    now: int | None
    rater_count: int


def tells_on_few(overlaps: Iterable[Overlap], *, min_raters: int) -> bool:
    """Returns True if the difference of two releases of a wave might involve fewer than k people.

    Nobody may leave or join a block in a group smaller than k. Blocks that share at least k people
    are tied together, and so is the outside with those that people left or joined: whoever subtracts
    one from the other keeps these k in the difference. Blocks that share fewer must be tied in some
    other way, or those few could be cut off. This is stricter than needed in rare cases, never laxer.
    """
    moves = tuple(overlaps)
    few = [move for move in moves if move.rater_count < min_raters]
    groups = Groups()
    for move in moves:
        if move.rater_count >= min_raters:
            groups.join(*_ends(move))
    return any(_OUTSIDE in _ends(move) or not groups.are_tied(*_ends(move)) for move in few)


def is_unchanged(overlaps: Iterable[Overlap]) -> bool:
    """Returns True if both releases hold the same blocks with the same answers."""
    moves = tuple(overlaps)
    pairs = {(move.before, move.now) for move in moves}
    one_to_one = len(pairs) == len({before for before, _ in pairs}) == len({now for _, now in pairs})
    return one_to_one and all(move.before is not None and move.now is not None for move in moves)


def _ends(move: Overlap) -> tuple[_Node, _Node]:
    before = _OUTSIDE if move.before is None else ("before", move.before)
    now = _OUTSIDE if move.now is None else ("now", move.now)
    return before, now
