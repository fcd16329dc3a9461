"""Who is asked about whom: truth tables for each rule, and properties that hold for every plan."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.assignment import (
    DROP_REASONS,
    Drop,
    Limits,
    Nomination,
    NominationState,
    SmallSubject,
    Source,
    assign,
    known_raters,
    merge_groups,
    subjects_of,
)
from survey.config import Settings
from survey.definition import find_instrument
from survey.instrument import Instrument
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Person, Roster, make_roster

NO_HOME = Settings(home=Path("no-home-here"))
K = 4


@pytest.fixture(scope="module")
def great_pm() -> Instrument:
    return find_instrument(NO_HOME, "great-pm")


@pytest.fixture(scope="module")
def three_lenses() -> Instrument:
    return find_instrument(NO_HOME, "three-lenses")


@pytest.fixture(scope="module")
def stage_fit() -> Instrument:
    return find_instrument(NO_HOME, "stage-fit")


def person(person_id: str, role: str = "engineering", **changes: object) -> Person:
    blank = Person(
        person_id=person_id, name="", email="", manager_id="", org_unit="Product/Growth", role=role, level="",
        pm_type="", stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip
    return replace(blank, **changes)


def nominate(subject_id: str, rater_id: str, relationship: str = "engineering", **changes: object):
    approved = Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship(relationship),
        source=Source.FILE,
        state=NominationState.APPROVED,
    )
    return replace(approved, **changes)


ENGINEERS = tuple(f"e{number}" for number in range(1, 10))
MEMBERS = make_roster(
    [
        person("lead", "lead", manager_id="boss", org_unit="Product"),
        person("boss", "executive", org_unit="Product"),
        person("ada", "pm", manager_id="lead"),
        person("bob", "pm", manager_id="lead"),
        *(person(one) for one in ENGINEERS),
    ]
)
EIGHT = tuple(nominate("ada", one) for one in ENGINEERS[:8])


def reasons(plan) -> list[tuple[str, str, Drop]]:
    return [(one.subject_id, one.rater_id, one.reason) for one in plan.dropped]


def asked(plan, subject_id: str) -> set[tuple[str, str]]:
    return {(one.rater_id, one.reporting_group) for one in plan.assignments if one.subject_id == subject_id}


def test_self_and_manager_come_from_the_roster(great_pm):
    plan = assign(MEMBERS, (), instrument=great_pm, min_raters=K)
    assert asked(plan, "ada") == {("ada", "self"), ("lead", "manager")}
    assert plan.small == (
        SmallSubject(subject_id="ada", other_count=0),
        SmallSubject(subject_id="bob", other_count=0),
    )


def test_a_manager_who_is_not_on_the_roster_is_not_asked(great_pm):
    members = make_roster([person("ada", "pm", manager_id="gone")])
    assert asked(assign(members, (), instrument=great_pm, min_raters=K), "ada") == {("ada", "self")}


def test_eight_others_of_one_kind_keep_their_group_and_are_enough(great_pm):
    plan = assign(MEMBERS, EIGHT, instrument=great_pm, min_raters=K)
    assert asked(plan, "ada") >= {(one, "engineering") for one in ENGINEERS[:8]}
    assert [one.subject_id for one in plan.small] == ["bob"]
    assert plan.dropped == ()


@pytest.mark.parametrize(
    ("nomination", "reason"),
    [
        (nominate("e1", "e2"), Drop.NO_SUBJECT),
        (nominate("nobody", "e2"), Drop.NO_SUBJECT),
        (nominate("ada", "nobody"), Drop.NOT_ACTIVE),
        (nominate("ada", "ada"), Drop.ONESELF),
        (nominate("ada", "lead"), Drop.IS_MANAGER),
        (nominate("ada", "lead", "manager"), Drop.IS_MANAGER),
        (nominate("ada", "e9", "manager"), Drop.NOT_MANAGER),
        (nominate("ada", "e9", "self"), Drop.NOT_MANAGER),
        (nominate("ada", "e1", "design"), Drop.TWICE),
        (nominate("bob", "e9"), Drop.TOO_FEW),
    ],
)
def test_what_cannot_be_asked_is_dropped_with_its_reason(great_pm, nomination, reason):
    plan = assign(MEMBERS, (*EIGHT, nomination), instrument=great_pm, min_raters=K)
    assert reasons(plan) == [(nomination.subject_id, nomination.rater_id, reason)]


def test_every_reason_has_words():
    assert set(DROP_REASONS) == set(Drop)


@pytest.mark.parametrize("state", [NominationState.PROPOSED, NominationState.DECLINED])
def test_what_is_not_approved_is_left_alone(great_pm, state):
    plan = assign(MEMBERS, (nominate("ada", "e1", state=state),), instrument=great_pm, min_raters=K)
    assert plan.dropped == ()
    assert "e1" not in {one.rater_id for one in plan.assignments}


def test_newcomers_neither_rate_others_nor_are_rated_by_them(great_pm):
    limits = Limits(newcomers=frozenset({"e1", "bob"}))
    plan = assign(MEMBERS, (*EIGHT, nominate("bob", "e2")), instrument=great_pm, min_raters=K, limits=limits)
    assert reasons(plan) == [
        ("ada", "e1", Drop.TOO_NEW),
        ("bob", "e2", Drop.TOO_NEW),
        ("bob", "lead", Drop.TOO_NEW),
    ]
    assert asked(plan, "bob") == {("bob", "self")}


def everybody_about(*subjects: str) -> list[Nomination]:
    return [nominate(subject, one) for subject in subjects for one in ENGINEERS]


FIVE_PMS = make_roster(
    [*MEMBERS.people, *(person(one, "pm", manager_id="lead") for one in ("cy", "dee", "eve"))]
)


def test_nobody_is_asked_about_more_than_three_pms(great_pm):
    plan = assign(FIVE_PMS, everybody_about("ada", "bob", "cy", "dee"), instrument=great_pm, min_raters=K)
    counts = Counter(one.rater_id for one in plan.assignments if one.relationship not in ATTRIBUTED)
    assert set(counts.values()) == {3}
    sizes = Counter(one.subject_id for one in plan.assignments if one.relationship not in ATTRIBUTED)
    assert max(sizes.values()) - min(sizes.values()) <= 1
    assert {one.reason for one in plan.dropped} == {Drop.OVERBOOKED}


def test_other_waves_of_the_quarter_count(great_pm):
    limits = Limits(busy={"e1": 3, "e2": 2, "e3": 9})
    plan = assign(MEMBERS, everybody_about("ada", "bob"), instrument=great_pm, min_raters=K, limits=limits)
    counts = Counter(one.rater_id for one in plan.assignments)
    assert (counts["e1"], counts["e2"], counts["e3"], counts["e4"]) == (0, 1, 0, 2)


def test_self_and_manager_duty_does_not_count(great_pm):
    raters = [*everybody_about("cy"), *(nominate("cy", one, "peer") for one in ("ada", "bob", "dee", "eve"))]
    plan = assign(FIVE_PMS, raters, instrument=great_pm, min_raters=K, limits=Limits(max_subjects=1))
    assert {"ada", "bob"} <= {one.rater_id for one in plan.assignments if one.subject_id == "cy"}
    assert sum(one.rater_id == "lead" for one in plan.assignments) == 5


def test_who_could_not_be_asked_anyway_uses_up_nobody(great_pm):
    few = [nominate("eve", "e1"), nominate("eve", "e2")]
    plan = assign(FIVE_PMS, [*few, *everybody_about("ada", "bob", "cy")], instrument=great_pm, min_raters=K)
    assert {one.reason for one in plan.dropped} == {Drop.TOO_FEW}
    assert sum(one.rater_id == "e1" for one in plan.assignments) == 3


def test_a_list_starts_with_oneself_then_own_reports_then_others_mixed(great_pm):
    members = make_roster(
        [
            *(replace(one, manager_id="dee") if one.person_id == "eve" else one for one in FIVE_PMS.people),
        ]
    )
    subjects = ("ada", "bob", "cy")
    raters = [*everybody_about(*subjects), *(nominate(one, "dee", "peer") for one in subjects)]
    plan = assign(members, raters, instrument=great_pm, min_raters=K)
    own = [one for one in plan.assignments if one.rater_id == "dee"]
    assert [one.place for one in own] == [1, 2, 3, 4, 5]
    assert [one.subject_id for one in own[:2]] == ["dee", "eve"]
    firsts = {one.subject_id for one in plan.assignments if one.place == 1 and one.rater_id in ENGINEERS}
    assert len(firsts) > 1


def test_a_team_answers_about_its_unit_and_a_small_one_does_not(three_lenses):
    plan = assign(
        MEMBERS, EIGHT, instrument=three_lenses, min_raters=K, limits=Limits(newcomers=frozenset({"e9"}))
    )
    assert {one.subject_id for one in plan.assignments} == {"Product/Growth"}
    assert {one.reporting_group for one in plan.assignments} == {"others"}
    assert {one.rater_id for one in plan.assignments} == {"ada", "bob", *ENGINEERS[:8]}
    assert Counter(one.reason for one in plan.dropped) == {Drop.NOT_ASKED: 8, Drop.TOO_FEW: 2}
    assert [one.subject_id for one in plan.small] == ["Product"]


def test_an_instrument_for_oneself_asks_nobody_else(stage_fit):
    plan = assign(MEMBERS, EIGHT, instrument=stage_fit, min_raters=K)
    assert {(one.rater_id, one.subject_id) for one in plan.assignments} == {("ada", "ada"), ("bob", "bob")}
    assert {one.reason for one in plan.dropped} == {Drop.NOT_ASKED}
    assert plan.small == ()
    assert subjects_of(MEMBERS, stage_fit) == ()


def test_the_hash_of_a_plan_stands_for_its_assignments(great_pm):
    one = assign(MEMBERS, EIGHT, instrument=great_pm, min_raters=K)
    again = assign(MEMBERS, EIGHT[::-1], instrument=great_pm, min_raters=K)
    fewer = assign(MEMBERS, EIGHT[1:], instrument=great_pm, min_raters=K)
    assert one == again
    assert one.plan_hash == again.plan_hash != fewer.plan_hash


@pytest.mark.parametrize(
    ("counts", "stored"),
    [
        ({}, {}),
        ({"engineering": 4}, {"engineering": "engineering"}),
        ({"engineering": 3}, {"engineering": "others"}),
        ({"engineering": 5, "design": 1, "peer": 4}, {"design": "others", "peer": "others", "engineering": "engineering"}),
        ({"engineering": 3, "design": 1}, {"engineering": "others", "design": "others"}),
        ({"other": 6, "peer": 5}, {"other": "others", "peer": "peer"}),
        ({"others": 1, "peer": 4}, {"others": "others", "peer": "others"}),
        ({"others": 2, "peer": 5, "design": 5}, {"others": "others", "peer": "others", "design": "design"}),
    ],
)  # fmt: skip
def test_small_groups_become_others_until_these_are_enough(counts, stored):
    assert merge_groups(counts, min_raters=K) == stored


CHAIN = make_roster(
    [
        person("ceo", "Executive", org_unit="Product"),
        person("vp", "lead", manager_id="ceo", org_unit="Product"),
        person("lead", "lead", manager_id="vp", org_unit="Product"),
        person("pm", "pm", manager_id="lead"),
        person("eng", manager_id="lead"),
        person("hr", "HR", manager_id="ceo", org_unit="Product"),
        person("other-exec", "executive", org_unit="Sales"),
        person("loop-a", manager_id="loop-b", org_unit="Loop"),
        person("loop-b", manager_id="loop-a", org_unit="Loop"),
    ]
)


@pytest.mark.parametrize(
    ("subject_id", "known"),
    [
        ("pm", {"lead", "vp", "ceo", "hr", "other-exec"}),
        ("vp", {"ceo", "hr", "other-exec"}),
        ("hr", {"ceo", "other-exec"}),
        ("Product/Growth", {"lead", "vp", "ceo", "hr", "other-exec"}),
        ("Product", {"vp", "ceo", "hr", "other-exec"}),
        ("nowhere", {"ceo", "hr", "other-exec"}),
        ("loop-a", {"loop-b", "ceo", "hr", "other-exec"}),
    ],
)
def test_who_may_view_the_page_is_a_known_rater(subject_id, known):
    assert known_raters(CHAIN, subject_id) == known


PEOPLE = st.integers(0, 23).map(lambda number: f"p{number}")
NOMINATIONS = st.lists(st.builds(nominate, PEOPLE, PEOPLE, st.sampled_from(list(Relationship))), max_size=120)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    count = draw(st.integers(1, 24))
    return make_roster(
        person(
            f"p{number}",
            "pm" if draw(st.integers(0, 2)) == 0 else "engineering",
            manager_id=f"p{draw(st.integers(0, number - 1))}" if number else "",
        )
        for number in range(count)
    )


@settings(max_examples=200)
@given(rosters(), NOMINATIONS, st.integers(3, 6), st.dictionaries(PEOPLE, st.integers(0, 4)))
def test_every_plan_keeps_every_promise(members, nominations, k, busy):
    instrument = find_instrument(NO_HOME, "great-pm")
    limits = Limits(busy=busy, newcomers=frozenset({"p1", "p5"}))
    plan = assign(members, nominations, instrument=instrument, min_raters=k, limits=limits)
    others = [one for one in plan.assignments if one.relationship not in ATTRIBUTED]

    sizes = Counter((one.subject_id, one.reporting_group) for one in others)
    assert all(size >= k for size in sizes.values())
    assert {one.reporting_group for one in plan.assignments if one not in others} <= {"self", "manager"}
    assert not {"self", "manager"} & {one.reporting_group for one in others}

    loads = Counter(one.rater_id for one in others)
    assert all(load + busy.get(rater, 0) <= max(3, busy.get(rater, 0)) for rater, load in loads.items())

    pairs = [(one.rater_id, one.subject_id) for one in plan.assignments]
    assert len(pairs) == len(set(pairs))
    assert all(
        (one.rater_id == one.subject_id) == (one.reporting_group == "self") for one in plan.assignments
    )
    assert not limits.newcomers & {one.rater_id for one in others}

    from_roster = sum(one.relationship == "manager" and one.reason is Drop.TOO_NEW for one in plan.dropped)
    assert len(others) + len(plan.dropped) - from_roster == len(nominations)

    places = {(one.rater_id, one.place) for one in plan.assignments}
    by_rater = Counter(one.rater_id for one in plan.assignments)
    assert places == {(rater, place) for rater, count in by_rater.items() for place in range(1, count + 1)}


@given(
    st.dictionaries(st.sampled_from([one.value for one in Relationship] + ["others"]), st.integers(1, 9)),
    st.integers(3, 6),
)
def test_every_stored_group_has_k_people_or_everybody_is_in_one(counts, k):
    groups = merge_groups(counts, min_raters=k)
    sizes: Counter[str] = Counter()
    for name, count in counts.items():
        sizes[groups[name]] += count
    assert len(sizes) <= 1 or min(sizes.values()) >= k
