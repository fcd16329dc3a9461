"""May a withdrawn wave come back? (SE-01 .. SE-13), with k = 4. Block 1 then, block 11 now, and so on."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.seen import Overlap, is_unchanged, tells_on_few

K = 4


def overlaps(*moves):
    return [Overlap(before=before, now=now, rater_count=count) for before, now, count in moves]


@pytest.mark.parametrize(
    ("what", "moves", "expected"),
    [
        ("SE-01 nothing changed", [(1, 11, 5), (2, 12, 6)], False),
        ("SE-02 one left", [(1, 11, 5), (1, None, 1)], True),
        ("SE-03 three joined", [(1, 11, 5), (None, 11, 3)], True),
        ("SE-04 four joined", [(1, 11, 5), (None, 11, 4)], False),
        ("SE-05 one changed an answer", [(1, 11, 5), (1, None, 1), (None, 11, 1)], True),
        ("SE-06 four changed an answer", [(1, 11, 5), (1, None, 4), (None, 11, 4)], False),
        ("SE-07 three left and three others came: may be three who changed",
         [(1, 11, 5), (1, None, 3), (None, 11, 3)], True),
        ("SE-08 a whole block is new", [(1, 11, 5), (None, 12, 4)], False),
        ("SE-09 a rest block falls apart", [(1, 11, 3), (1, None, 2), (None, 11, 1)], True),
        ("SE-10 four by four, yet one swapped overall",
         [(1, 11, 4), (1, 12, 4), (2, 11, 4), (2, 12, 4), (2, None, 1), (None, 12, 1)], True),
        ("SE-11 one left while four came", [(1, 11, 5), (1, None, 1), (None, 11, 4)], True),
        ("SE-12 three moved between blocks", [(1, 11, 5), (1, 12, 3), (2, 12, 4)], True),
        ("SE-13 three moved between blocks that share four the other way round",
         [(1, 11, 4), (1, 12, 3), (2, 11, 4), (2, 12, 4)], False),
    ],
)  # fmt: skip
def test_coming_back_when_something_changed_then_follows_the_table(what, moves, expected):
    assert tells_on_few(overlaps(*moves), min_raters=K) is expected, what


def test_unchanged_when_blocks_match_one_to_one_then_is_true():
    assert is_unchanged(overlaps((1, 11, 5), (2, 12, 6)))
    assert not is_unchanged(overlaps((1, 11, 5), (1, 12, 6)))
    assert not is_unchanged(overlaps((1, 11, 5), (None, 12, 6)))


MOVES = st.dictionaries(
    st.tuples(st.sampled_from([None, 1, 2]), st.sampled_from([None, 11, 12])).filter(any),
    st.integers(1, 6),
    max_size=6,
)


@given(MOVES)
def test_coming_back_when_allowed_then_no_subtraction_isolates_few(moves):
    """An attacker adds and subtracts block sums: people whose answers do not cancel are involved."""
    found = [(before, now, count) for (before, now), count in moves.items()]
    if tells_on_few(overlaps(*found), min_raters=K):
        return
    for one, two, three, four in product((-1, 0, 1), repeat=4):
        factor = {1: one, 2: two, 11: three, 12: four, None: 0}
        shared = sum(n for b, w, n in found if b and w and factor[b] + factor[w])
        left = sum(n for b, w, n in found if w is None and factor[b])
        came = sum(n for b, w, n in found if b is None and factor[w])
        involved = shared + max(left, came)
        assert involved == 0 or involved >= K


@pytest.mark.parametrize(
    "moves",
    [
        [(None, 1, 4), (1, 1, 5), (1, 2, 5), (None, 2, 1)],
        [(1, None, 4), (1, 1, 5), (2, 1, 5), (2, None, 1)],
    ],
)
def test_few_who_come_or_go_when_many_do_so_elsewhere_then_still_tell(moves):
    """The blocks are tied to the outside by four others, but one person alone came into, or left, one block."""
    overlaps = [Overlap(before=before, now=now, rater_count=count) for before, now, count in moves]
    assert tells_on_few(overlaps, min_raters=4)
    assert not tells_on_few(overlaps[:-1], min_raters=4)
