"""The attacker against plain linear algebra: finds somebody exactly if there is somebody to find."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.attack import _is_left_over, singled_out
from tests.attackers.oracle import fewest_left_over, leaves_over

OWNERS = st.lists(st.sampled_from([None, 0, 1, 2, 3, 4, 5]), min_size=2, max_size=9)


@given(OWNERS, st.lists(st.sets(st.integers(0, 8), min_size=1), min_size=1, max_size=5), st.integers(2, 4))
def test_attack_when_sums_are_anything_then_it_finds_what_linear_algebra_finds(owners, sums, fewest):
    sums = [{one for one in some if one < len(owners)} for some in sums]
    found = singled_out(sums, dict(enumerate(owners)), fewest=fewest)
    unknown = [place for place, owner in enumerate(owners) if owner is not None]
    rows = [[int(one in some) for one in unknown] for some in sums]
    whose = [owners[one] for one in unknown]
    assert (found is not None) is (bool(unknown) and fewest_left_over(rows, whose, fewest - 1) is not None)
    if found is not None:
        assert 0 < len(found) < fewest
        assert leaves_over(rows, whose, found)


def test_attack_when_small_groups_only_come_in_pairs_then_each_pair_is_too_many():
    """a + b and b + c: what can be left over is a and b, b and c, or a less c, always four people."""
    sums = [{1, 2, 3, 4}, {3, 4, 5, 6}]
    owners = {number: number for number in range(1, 7)}
    assert singled_out(sums, owners, fewest=3) is None
    assert singled_out(sums, owners, fewest=5) in ({1, 2, 3, 4}, {3, 4, 5, 6}, {1, 2, 5, 6})


def test_suspects_when_looked_at_exactly_then_only_who_is_left_over_is_found():
    """a + b tells neither; a + b and b together tell both. A quick look may suspect either in both cases."""
    people = {0: frozenset("a"), 1: frozenset("b")}
    for group in people.values():
        assert not _is_left_over([{0: 1, 1: 1}], people, group)
        assert _is_left_over([{0: 1}, {1: 1}], people, group)
