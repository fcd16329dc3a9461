"""How far changes of units may be taken apart (MX-01 .. MX-22), with s = 3."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.mix import Detail, Path, decide_mixes, rests_on_few
from pipeline.disclosure.units import decide_units
from pipeline.release import Reason
from survey.roster import unit_lineage

S = 3
THOROUGHLY = settings(max_examples=settings().max_examples * 3 // 2)
FEW, PROTECTS = Reason.TOO_FEW_PMS, Reason.PROTECTS_OTHERS
MIX, APART = Detail.REAL_AND_MIX, Detail.MOVED_APART


def path(n: int, *units: str, slices=()) -> Path:
    return Path(units=units, pm_count=n, slices=slices)


@pytest.mark.parametrize(
    ("what", "paths", "decided"),
    [
        ("MX-01 nobody comes or leaves", [path(3, "A", "A")], {"A": APART}),
        (
            "MX-02 three come, three leave",
            [path(3, "A", "A"), path(3, "A", ""), path(3, "", "A")],
            {"A": APART},
        ),
        ("MX-03 one comes", [path(4, "A", "A"), path(1, "", "A")], {"A": FEW}),
        ("MX-04 two leave", [path(4, "A", "A"), path(2, "A", "")], {"A": FEW}),
        ("MX-05 two stay", [path(2, "A", "A"), path(3, "A", ""), path(3, "", "A")], {"A": FEW}),
        ("MX-06 nobody stays", [path(3, "A", ""), path(3, "", "A")], {"A": FEW}),
        (
            "MX-07 two moved out and two left: together only",
            [path(3, "A", "A"), path(2, "A", "B"), path(2, "A", ""), path(3, "B", "B"), path(1, "", "B")],
            {"A": MIX, "B": MIX},
        ),
        (
            "MX-08 three moved from one to the other",
            [path(3, "A", "A"), path(3, "A", "B"), path(3, "B", "B")],
            {"A": APART, "B": APART},
        ),
        (
            "MX-09 within a unit it is no move; two who moved inside would be left over",
            [path(4, "A/B", "A/B"), path(3, "A/B", ""), path(2, "A/B", "A"), path(4, "A", "A")],
            {"A": APART, "A/B": PROTECTS},
        ),
        ("MX-10 no other unit is asked for", [path(3, "A", "A"), path(3, "C", "C")], {"A": APART}),
    ],
)
def test_mix_when_decided_then_follows_the_table(what, paths, decided):
    shown = [{unit for unit in ("A", "B", "A/B") if _in(paths, unit, place)} for place in (0, 1)]
    assert {unit: one for (unit, _), one in decide_mixes(paths, shown, min_pms=S).items()} == decided, what


def _in(paths, unit, place):
    return any(unit in unit_lineage(one.units[place]) for one in paths)


def test_mix_when_the_unit_is_shown_in_one_wave_only_then_is_not_asked_for():
    """MX-11."""
    assert decide_mixes([path(3, "A", "A")], [{"A"}, set()], min_pms=S) == {}
    assert decide_mixes([path(3, "A", "A", "A")], [{"A"}, {"A"}, set()], min_pms=S) == {("A", 0): APART}


def test_mix_when_a_part_cuts_the_unit_by_few_then_the_whole_protects_them():
    """MX-19: A/B's number less that of who left is one PM who stayed, less one who left: two PMs."""
    paths = [path(1, "A/B", "A"), path(3, "A/B", ""), path(4, "A", "A"), path(1, "A", "")]
    assert decide_mixes(paths, [{"A", "A/B"}, {"A"}], min_pms=S) == {("A", 0): PROTECTS}


def test_mix_when_two_units_may_not_both_be_taken_apart_then_the_larger_one_is():
    """MX-20: B has six PMs in the first wave, A has five; both meet in a slice."""
    growth, none = frozenset({"growth"}), frozenset()
    paths = [
        path(5, "A", "A", slices=(none, none)),
        path(3, "", "A", slices=(none, growth)),
        path(2, "", "A", slices=(none, none)),
        path(3, "B", "", slices=(none, none)),
        path(3, "B", "B", slices=(growth, growth)),
        path(4, "", "B", slices=(none, none)),
    ]
    assert decide_mixes(paths, [{"A", "B"}] * 2, min_pms=S) == {("B", 0): APART, ("A", 0): PROTECTS}


def test_mix_when_a_step_before_cuts_otherwise_then_few_are_protected():
    """MX-12: of four who joined one stays; who stays now less who stayed before is that one."""
    paths = [path(4, "A", "A", "A"), path(1, "", "A", "A"), path(3, "", "A", ""), path(3, "A", "", "")]
    decided = decide_mixes(paths, [{"A"}] * 3, min_pms=S)
    assert decided == {("A", 0): APART, ("A", 1): PROTECTS}


def test_mix_when_steps_cross_then_a_corner_with_one_pm_is_not_told():
    paths = [path(3, "A", "A", "A"), path(3, "A", "A", ""), path(2, "", "A", "A"), path(1, "", "A", "")]
    assert decide_mixes(paths, [{"A"}] * 3, min_pms=S) == {("A", 0): APART, ("A", 1): APART}


def test_mix_when_a_slice_overlaps_by_few_then_they_are_protected():
    """MX-13."""
    growth = (frozenset({"growth"}),) * 2
    paths = [path(5, "A", "A", slices=growth), path(2, "A", "A"), path(3, "A", "", slices=(frozenset(),) * 2)]
    assert decide_mixes(paths, [{"A"}] * 2, min_pms=S)["A", 0] == PROTECTS


def test_mix_when_pms_are_in_a_slice_but_in_no_shown_unit_then_their_sum_is_not_told():
    """MX-18: two such PMs share the slice's number with three of A, and no number without them."""
    growth = (frozenset({"growth"}),) * 2
    paths = [path(3, "A", "A", slices=growth), path(4, "A", "A"), path(2, "B", "B", slices=growth)]
    assert decide_mixes(paths, [{"A"}] * 2, min_pms=S) == {("A", 0): APART}
    assert decide_mixes(paths, [{"A", "B"}] * 2, min_pms=S)["A", 0] is PROTECTS


@pytest.mark.parametrize("unit", ["A", "B", "C", "E", "F"])
def test_mix_when_few_are_told_apart_elsewhere_then_that_protects_nobody_here(unit):
    """MX-22: one PM of D is in a slice that nobody else is in; no sum counts both them and this unit's PMs."""
    early, none = frozenset({"early"}), frozenset()
    paths = [
        path(4, unit, unit, slices=(none, none)),
        path(3, "D", "", slices=(none, none)),
        path(1, "D", "", slices=(early, none)),
    ]
    assert decide_mixes(paths, [{unit, "D"}, {unit}], min_pms=S) == {(unit, 0): APART}


def test_mix_when_a_unit_is_too_large_to_be_judged_then_is_hidden_and_its_parts_are_not():
    """MX-16."""
    paths = [path(3, f"A/{n}", f"A/{n}") for n in range(401)]
    shown = [{"A", "A/7"}] * 2
    assert decide_mixes(paths, shown, min_pms=S) == {("A", 0): PROTECTS, ("A/7", 0): APART}
    assert decide_mixes(paths[:400], shown, min_pms=S) == {("A", 0): APART, ("A/7", 0): APART}


def test_mix_when_every_group_of_a_large_unit_has_enough_then_nothing_has_to_be_asked():
    """MX-21: more sums than the general question takes, and no three PMs fewer in any."""
    names = [f"A/{n}" for n in range(70)]
    decided = decide_mixes([path(3, name, name) for name in names], [{"A", *names}] * 2, min_pms=S)
    assert set(decided.values()) == {APART}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=5, max_size=5))
@settings(max_examples=30)
def test_mix_when_slices_tie_too_many_ways_then_only_sizes_decide_why_it_is_hidden(sizes):
    """MX-22: as publishing takes it for granted of large organisations. Who stayed, left and came, by unit."""
    slices = (frozenset({"stage/early"}),) * 2
    ways = [
        path(count, *units, slices=slices)
        for place, counts in enumerate(sizes)
        for count, units in zip(
            counts, ((f"U{place}",) * 2, (f"U{place}", ""), ("", f"U{place}")), strict=True
        )
        if count
    ]
    ways += [path(3, f"Z{n}", f"Z{n}", slices=slices) for n in range(401)]
    shown = [{unit for unit in map("U{}".format, range(5)) if _in(ways, unit, place)} for place in (0, 1)]
    decided = decide_mixes(ways, shown, min_pms=S)
    stayers = np.array([[[stayed], [stayed]] for stayed, _, _ in sizes], dtype=np.float64)
    others = np.array([[[left], [came]] for _, left, came in sizes], dtype=np.float64)
    is_few = dict(
        zip(map("U{}".format, range(5)), rests_on_few(stayers, others, min_pms=S)[:, 0], strict=True)
    )
    assert decided == {step: FEW if is_few[step[0]] else PROTECTS for step in decided}


def test_mix_when_a_later_wave_comes_then_earlier_steps_stay():
    """MX-14."""
    two = [path(3, "A", "A"), path(3, "", "A"), path(3, "A", "")]
    three = [path(3, "A", "A", "A"), path(2, "", "A", "A"), path(1, "", "A", ""), path(3, "A", "", "")]
    before = decide_mixes(two, [{"A"}] * 2, min_pms=S)
    assert decide_mixes(three, [{"A"}] * 3, min_pms=S).items() >= before.items()


UNITS = st.sampled_from(["A", "A/B", "A/C", "D", ""])
PATHS = st.lists(st.tuples(st.tuples(UNITS, UNITS, UNITS), st.integers(1, 5)), min_size=1, max_size=7)


def told_sums(people, shown, decided):
    """Every sum that an attacker may know: of units, and of the cohorts of every change taken apart.

    Worked out person by person; a variable is a person in a wave.
    """
    for place, units in enumerate(shown):
        for unit in units:
            yield {(who, place) for who, units in people.items() if unit in unit_lineage(units[place])}
    for (unit, first), detail in decided.items():
        if isinstance(detail, Detail):
            for here, there in ((first, first + 1), (first + 1, first)):
                cohorts = {"stayed": set(), "moved": set(), "gone": set()}
                for who, units in people.items():
                    if unit in unit_lineage(units[here]):
                        stayed = unit in unit_lineage(units[there])
                        moved = units[there] and detail is APART
                        cohorts["stayed" if stayed else "moved" if moved else "gone"].add((who, here))
                yield from (one for one in cohorts.values() if one)


def attacked(paths, decide):
    people = {}
    for units, count in paths:
        people.update({len(people) + n: units for n in range(count)})
    waves = len(paths[0][0])
    shown = []
    for place in range(waves):
        counts: dict[str, int] = {}
        for units in people.values():
            if units[place]:
                counts[units[place]] = counts.get(units[place], 0) + 1
        shown.append({unit for unit, reason in decide_units(counts, min_pms=S).items() if reason is None})
    decided = decide([path(n, *units) for units, n in paths], shown)
    owners = {(who, place): who for who in people for place in range(waves)}
    return singled_out(list(told_sums(people, shown, decided)), owners, fewest=S)


@given(PATHS)
@THOROUGHLY
def test_mix_when_all_sums_of_all_waves_are_combined_then_nobody_is_singled_out(paths):
    """MX-15: the attacker by elimination, who knows no rule of ours."""
    assert attacked(paths, lambda several, shown: decide_mixes(several, shown, min_pms=S)) is None


def in_windows(paths, shown, *, told=True):
    """As publishing decides: a step when its later wave comes, with that wave and the two before it."""
    decided = {}
    for last in range(1, len(shown)):
        first = max(0, last - 2)
        near = [path(one.pm_count, *one.units[first : last + 1]) for one in paths]
        before = {
            (unit, place - first): one
            for (unit, place), one in decided.items()
            if told and place == last - 2 and isinstance(one, Detail)
        }
        found = decide_mixes(near, shown[first : last + 1], min_pms=S, told=before)
        decided |= {(unit, place + first): one for (unit, place), one in found.items()}
    return decided


LONGER = st.lists(st.tuples(st.tuples(*[UNITS] * 4), st.integers(1, 5)), min_size=1, max_size=7)


@given(LONGER)
@THOROUGHLY
def test_mix_when_decided_wave_after_wave_then_all_of_them_together_single_out_nobody(paths):
    """MX-17."""
    assert attacked(paths, in_windows) is None


def test_attacker_when_the_step_before_is_forgotten_then_wins():
    """MX-12's PMs: who stayed less who stayed before is one; a gate that looks at one step lets it pass."""
    paths = [(("A", "A", "A"), 4), (("", "A", "A"), 1), (("", "A", ""), 3), (("A", "", ""), 3)]
    assert attacked(paths, lambda several, shown: in_windows(several, shown, told=False)) is not None
    assert attacked(paths, in_windows) is None


def test_mix_when_told_of_earlier_steps_then_decides_the_last_alone():
    paths = [path(4, "A", "A", "A"), path(1, "", "A", "A"), path(3, "", "A", ""), path(3, "A", "", "")]
    assert decide_mixes(paths, [{"A"}] * 3, min_pms=S, told={("A", 0): APART}) == {("A", 1): PROTECTS}


def test_attacker_when_only_each_part_has_enough_then_wins():
    """A gate that looks at each part alone lets the two who moved inside A be worked out."""
    paths = [(("A/B", "A/B", ""), 4), (("A/B", "A", ""), 2), (("A/B", "", ""), 3), (("A", "A", ""), 4)]
    weak = dict.fromkeys([("A", 0), ("A/B", 0)], MIX)
    assert attacked(paths, lambda several, shown: weak) is not None
    assert attacked(paths, lambda several, shown: decide_mixes(several, shown, min_pms=S)) is None
