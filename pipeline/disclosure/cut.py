"""Can what was released be combined so that only a few people are left over? Two kinds of sums.

Released sums over rows and sums over columns of a table are nodes, and each person is tied to the
nodes that count them. Whoever combines sums gives each node a weight; a person falls out of the
combination exactly if the weights of all their nodes cancel, and stays in where a *cut* through the
nodes separates some of theirs. So the fewest people any combination can involve is the smallest
cut, which is found exactly, in whole numbers and in polynomial time.

Method: maximum adjacency orders (Nagamochi and Ibaraki 1992; for ties of more than two nodes
Klimmek and Wagner 1996). In such an order no cut between two neighbours weighs less than what ties
the later one to all before it; neighbours that hold together that well count as one from then on.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from pipeline.disclosure.groups import Groups

Node = Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """People who are counted by the same nodes: one weight they all share, as many as can be sure of."""

    nodes: frozenset[Node]
    count: int


def cuts_off_few(ties: Iterable[Tie], *, fewest: int) -> bool:
    """Returns True if some cut goes through ties of fewer than `fewest` people, but through some tie.

    Parts that nothing ties together are judged each by itself: between them there is nobody.

    >>> two = [Tie(nodes=frozenset("ab"), count=3), Tie(nodes=frozenset("bc"), count=2)]
    >>> cuts_off_few(two, fewest=2), cuts_off_few(two, fewest=3)
    (False, True)
    """
    merged = _merged(ties, Groups())
    left = _merged(merged, _joined(tie for tie in merged if tie.count >= fewest))  # no cut of few goes there
    while left:
        around = _around(left)
        if any(sum(tie.count for tie in at) < fewest for at in around.values()):
            return True
        left = _merged(left, _held_together(around, fewest))
    return False


def count_parts(ties: Iterable[Tie]) -> int:
    """Returns into how many parts the nodes fall."""
    several = tuple(ties)
    groups = _joined(several)
    return len({groups.leader(node) for tie in several for node in tie.nodes})


def _merged(ties: Iterable[Tie], groups: Groups) -> list[Tie]:
    """The same ties between groups; those inside one group are gone, equal ones are one."""
    counts: dict[frozenset[Node], int] = defaultdict(int)
    for tie in ties:
        counts[frozenset(map(groups.leader, tie.nodes))] += tie.count
    return [Tie(nodes=nodes, count=count) for nodes, count in counts.items() if len(nodes) > 1]


def _joined(ties: Iterable[Tie]) -> Groups:
    groups = Groups()
    for tie in ties:
        for one, other in pairwise(tie.nodes):
            groups.join(one, other)
    return groups


def _around(ties: Iterable[Tie]) -> dict[Node, list[Tie]]:
    around: dict[Node, list[Tie]] = defaultdict(list)
    for tie in ties:
        for node in tie.nodes:
            around[node].append(tie)
    return around


def _held_together(around: dict[Node, list[Tie]], fewest: int) -> Groups:
    groups = Groups()
    for (before, _), (node, held) in pairwise(_adjacency_order(around)):
        if held >= fewest:
            groups.join(before, node)
    return groups


def _adjacency_order(around: dict[Node, list[Tie]]) -> Iterable[tuple[Node, int]]:
    """Yields each node with how many people tie it to those before: always the most tied one next."""
    held = dict.fromkeys(around, 0)
    places = {node: place for place, node in enumerate(around)}
    waiting = [(0, place, node) for node, place in places.items()]
    reached: set[frozenset[Node]] = set()
    while waiting:
        _, _, node = heappop(waiting)
        if node not in held:
            continue
        yield node, held.pop(node)
        for tie in around[node]:
            if tie.nodes not in reached:
                reached.add(tie.nodes)
                for other in tie.nodes & held.keys():
                    held[other] += tie.count
                    heappush(waiting, (-held[other], places[other], other))
