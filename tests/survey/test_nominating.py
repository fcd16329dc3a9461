"""A PM writes a list and hands it in; the lead settles it."""

from dataclasses import replace
from datetime import date

import pytest

from survey.assignment import Nomination, NominationState, Source
from survey.nominating import (
    MIN_NOMINATED,
    MOST_FOUND,
    MOST_NOMINATED,
    NominationList,
    Refusal,
    fold,
    guess_relationship,
)
from survey.relationship import Relationship
from survey.roster import Person, make_roster


def person(person_id: str, name: str, role: str = "engineering", unit: str = "Product/Growth") -> Person:
    return Person(
        person_id=person_id, name=name, email="", manager_id="lead", org_unit=unit, role=role, level="", pm_type="",
        stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip


ADA = person("ada", "Ada Lund", "pm")
MANY = tuple(person(f"m{number:02}", f"Many {number:02}", unit="Sales") for number in range(25))
MEMBERS = make_roster(
    [
        ADA,
        person("bob", "Bob Iske", "pm"),
        person("lead", "Lea Dühr", "lead", "Product"),
        person("eng", "Jörg Müller"),
        person("des", "Zoë Quint", "design", "Product/Platform"),
        person("new", "Nora New"),
        *MANY,
    ]
)


def nomination(rater_id: str, state: NominationState, subject_id: str = "ada") -> Nomination:
    return Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship.PEER,
        source=Source.PM,
        state=state,
    )


def the_list(*nominations: Nomination, by: Source = Source.PM, newcomers: str = "new") -> NominationList:
    return NominationList(
        subject=ADA, by=by, members=MEMBERS, nominations=nominations, newcomers=frozenset({newcomers})
    )


LISTED, PROPOSED, APPROVED = NominationState.LISTED, NominationState.PROPOSED, NominationState.APPROVED
DECLINED, REMOVED = NominationState.DECLINED, NominationState.REMOVED


def test_a_list_holds_who_is_on_it_by_name_with_their_load():
    found = the_list(
        nomination("eng", LISTED),
        nomination("des", APPROVED),
        nomination("bob", DECLINED),
        nomination("lead", REMOVED),
        nomination("no-longer-there", LISTED),
        nomination("des", PROPOSED, "bob"),
        nomination("des", PROPOSED, "cy"),
        nomination("des", DECLINED, "dee"),
    )
    assert [(entry.person.person_id, entry.load) for entry in found.entries] == [("eng", 0), ("des", 2)]
    assert found.missing == MIN_NOMINATED - 2
    assert (found.load_of("des"), found.load_of("m01")) == (2, 0)


def test_other_waves_of_the_quarter_count_as_load():
    found = replace(the_list(nomination("eng", LISTED)), busy={"eng": 2, "des": 1})
    assert [entry.load for entry in found.entries] == [2]
    assert found.load_of("des") == 1


FULL = tuple(nomination(one.person_id, LISTED) for one in MANY[:MOST_NOMINATED])


@pytest.mark.parametrize(
    ("rater_id", "relationship", "refusal"),
    [
        ("des", "design", None),
        ("nobody", "peer", Refusal.NOBODY),
        ("ada", "peer", Refusal.ONESELF),
        ("lead", "peer", Refusal.MANAGER),
        ("m00", "peer", Refusal.ON_LIST),
        ("bob", "peer", Refusal.DECLINED),
        ("new", "peer", Refusal.TOO_NEW),
        ("des", None, Refusal.NO_RELATIONSHIP),
        ("des", "manager", Refusal.NO_RELATIONSHIP),
    ],
)
def test_who_cannot_be_added_is_told_why(rater_id, relationship, refusal):
    found = the_list(nomination("m00", PROPOSED), nomination("bob", DECLINED))
    assert found.check(rater_id, relationship and Relationship(relationship)) is refusal


def test_a_full_list_takes_nobody_more():
    assert the_list(*FULL).check("des", Relationship.DESIGN) is Refusal.FULL


def test_a_new_pm_adds_nobody():
    assert the_list(newcomers="ada").check("des", Relationship.DESIGN) is Refusal.TOO_NEW


def test_a_lead_may_add_whom_they_declined():
    found = the_list(nomination("bob", DECLINED), by=Source.LEAD)
    assert found.check("bob", Relationship.PEER) is None
    assert found.add("bob", Relationship.PEER) == replace(nomination("bob", APPROVED), source=Source.LEAD)


def test_what_a_pm_adds_is_listed_until_it_is_handed_in_and_approved():
    added = the_list().add("des", Relationship.DESIGN)
    assert (added.state, added.source) == (LISTED, Source.PM)
    (handed_in,) = the_list(added).hand_in()
    assert handed_in.state is PROPOSED
    assert the_list(handed_in).hand_in() == ()
    (approved,) = the_list(handed_in, by=Source.LEAD).approve()
    assert approved.state is APPROVED
    assert the_list(added, by=Source.LEAD).approve() == ()


@pytest.mark.parametrize(
    ("state", "by", "after"),
    [
        (LISTED, Source.PM, REMOVED),
        (PROPOSED, Source.PM, REMOVED),
        (APPROVED, Source.PM, None),
        (REMOVED, Source.PM, None),
        (LISTED, Source.LEAD, DECLINED),
        (PROPOSED, Source.LEAD, DECLINED),
        (APPROVED, Source.LEAD, DECLINED),
    ],
)
def test_who_may_take_whom_off_a_list(state, by, after):
    changes = the_list(nomination("eng", state), by=by).remove("eng")
    assert [one.state for one in changes] == ([after] if after else [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("muller", ["eng"]),
        ("MÜLLER jorg", ["eng"]),
        ("zoe", ["des"]),
        ("design platform", ["des"]),
        ("growth", ["bob", "eng"]),
        ("lund", []),
        ("duhr", []),
        ("nora", []),
        ("x", []),
        ("  ", []),
        ("nothing at all", []),
    ],
)
def test_search_finds_people_who_can_be_added(query, found):
    assert [one.person_id for one in the_list().search(query)] == found


def test_search_leaves_out_who_is_on_the_list_and_shows_a_page_at_most():
    assert the_list(nomination("eng", LISTED)).search("muller") == ()
    assert len(the_list().search("many")) == MOST_FOUND
    assert [one.person_id for one in the_list(*FULL).search("muller")] == ["eng"]


def test_people_of_the_own_unit_come_first():
    assert [one.person_id for one in the_list().near()] == ["bob", "eng"]


@pytest.mark.parametrize(("role", "relationship"), [("Design", "design"), ("pm", "peer"), ("lead", None)])
def test_a_role_is_a_first_guess(role, relationship):
    assert guess_relationship(person("x", "X", role)) == relationship


def test_folding_twice_changes_nothing():
    assert fold(fold("Ærøskøbing  ÉÈ")) == fold("Ærøskøbing  ÉÈ")
