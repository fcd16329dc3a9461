"""May a wave be published a second time, given what was seen of it the first time?

Two releases of one wave can be subtracted from each other. That is harmless where whole groups of
at least k responses came or went, and tells on somebody where fewer did.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_OUTSIDE = ("outside", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many responses stood in one block then and stand in another now, unchanged.

    A block of None means that they were (or are) in no block; a response with a changed answer
    counts as one that left and one that came.
    """

    before: int | None
    now: int | None
    response_count: int


def tells_on_few(overlaps: Iterable[Overlap], *, min_raters: int) -> bool:
    """Returns True if the difference of two releases of a wave might involve fewer than k people.

    Blocks that share at least k responses are tied together, and so is the outside with those that at
    least k people left or joined (a person may have done both, by changing an answer, hence the
    larger of the two counts). What then still hangs together by fewer could be cut off by
    subtraction: those few would be seen. This is stricter than needed in rare cases, never laxer.
    """
    moves = tuple(overlaps)
    group = _Groups()
    while True:
        ties = _ties(moves, group)
        strong = [pair for pair, count in ties.items() if count >= min_raters]
        if not strong:
            return bool(ties)
        for one, other in strong:
            group.join(one, other)


def is_unchanged(overlaps: Iterable[Overlap]) -> bool:
    """Returns True if both releases hold the same blocks with the same answers."""
    moves = tuple(overlaps)
    pairs = {(move.before, move.now) for move in moves}
    one_to_one = len(pairs) == len({before for before, _ in pairs}) == len({now for _, now in pairs})
    return one_to_one and all(move.before is not None and move.now is not None for move in moves)


_Node = tuple[str, int]


class _Groups:
    """Union-find over blocks then, blocks now, and the outside."""

    def __init__(self) -> None:
        self._parents: dict[_Node, _Node] = {}

    def find(self, node: _Node) -> _Node:
        while (parent := self._parents.get(node, node)) != node:
            node = parent
        return node

    def join(self, one: _Node, other: _Node) -> None:
        """The outside stays its group's name, so that it can be told from the blocks."""
        first, second = sorted((self.find(one), self.find(other)), key=lambda node: node != _OUTSIDE)
        self._parents[second] = first


def _ties(moves: Iterable[Overlap], group: _Groups) -> dict[tuple[_Node, _Node], int]:
    shared: dict[tuple[_Node, _Node], int] = defaultdict(int)
    left: dict[_Node, int] = defaultdict(int)
    came: dict[_Node, int] = defaultdict(int)
    for move in moves:
        before = _OUTSIDE if move.before is None else group.find(("before", move.before))
        now = _OUTSIDE if move.now is None else group.find(("now", move.now))
        if before == now:
            continue
        if now == _OUTSIDE:
            left[before] += move.response_count
        elif before == _OUTSIDE:
            came[now] += move.response_count
        else:
            first, second = sorted((before, now))
            shared[first, second] += move.response_count
    outside = {(node, _OUTSIDE): max(left[node], came[node]) for node in {*left, *came}}
    return {**shared, **outside}
