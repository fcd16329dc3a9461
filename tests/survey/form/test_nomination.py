"""A PM writes a list by link, the lead settles it by link."""

import re
from pathlib import Path

import pytest

from survey.assignment import NominationState
from survey.register import open_register
from survey.roster import make_roster
from tests.nomination_desk import COLLEAGUES, ROSTER, Desk, make_desk, person, press


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "home")


LISTED, PROPOSED, APPROVED = NominationState.LISTED, NominationState.PROPOSED, NominationState.APPROVED


# the PM


def test_a_pm_finds_people_and_puts_them_on_the_list(desk):
    with desk.client() as client:
        path = desk.path("ada")
        first = client.get(path).text
        assert "Who should be asked about your work?" in first
        assert "Thursday, 10 December 2026" in first
        assert "Lea Dühr looks at your list" in first
        assert "0 named, 8 needed" in first
        found = client.get(f"{path}?q=zoe")
        assert "One person found" in found.text
        assert "Please choose" in found.text
        added = press(client, f"{path}?q=zoe", "add", rater="zoe", relationship="data", q="zoe")
        assert added.status_code == 200
        assert "Added to the list." in added.text
        assert "1 named, 8 needed" in added.text
        assert str(added.url).endswith("?q=zoe&said=added")
    assert desk.nominations() == {("ada", "zoe"): LISTED}


def test_people_of_the_own_unit_are_offered_with_a_guess(desk):
    with desk.client() as client:
        page = client.get(desk.path("ada")).text
    assert "People of the same unit" in page
    assert '<option value="engineering" selected>Engineering</option>' in page
    assert page.count("<select") == 6
    assert "Lea" not in re.sub(r"Lea Dühr looks at your list", "", page)


def test_a_list_is_handed_in_once_eight_are_on_it(desk):
    with desk.client() as client:
        path = desk.path("ada")
        desk.propose(*COLLEAGUES[:7], state=LISTED)
        page = client.get(path).text
        assert "Once one more person is on it, you can hand the list in." in page
        assert 'value="hand_in"' not in page
        assert "Nothing was changed." in press(client, path, "hand_in").text
        desk.propose(COLLEAGUES[7], state=LISTED)
        handed_in = press(client, path, "hand_in").text
        assert "your list is handed in. Next, Lea Dühr looks at it." in handed_in
        assert 'value="hand_in"' not in handed_in
    assert set(desk.nominations().values()) == {PROPOSED}
    assert desk.audit()[-1].action == "wave.list.hand_in"
    assert desk.audit()[-1].detail == "8 nominations about ada"


def test_in_a_small_house_everybody_there_is_is_enough(desk):
    with open_register(desk.settings.register_address) as register:
        few = [one for one in ROSTER.people if one.person_id in {"ada", "lead", "c1", "c2"}]
        register.replace_roster(make_roster(few))
    with desk.client() as client:
        path = desk.path("ada")
        desk.propose("c1", state=LISTED)
        assert 'value="hand_in"' not in client.get(path).text
        desk.propose("c2", state=LISTED)
        press(client, path, "hand_in")
    assert set(desk.nominations().values()) == {PROPOSED}


def test_a_pm_takes_off_what_is_not_approved(desk):
    desk.propose("c1", state=LISTED)
    desk.propose("c2", state=APPROVED)
    with desk.client() as client:
        path = desk.path("ada")
        assert "Taken off the list." in press(client, path, "remove", rater="c1").text
        page = press(client, path, "remove", rater="c2").text
    assert "That entry cannot be changed any more." in page
    assert "approved" in page
    assert desk.nominations() == {("ada", "c1"): NominationState.REMOVED, ("ada", "c2"): APPROVED}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rater": "ada", "relationship": "peer"}, "own view is asked for anyway"),
        ({"rater": "lead", "relationship": "peer"}, "The manager is asked anyway"),
        ({"rater": "nobody", "relationship": "peer"}, "not in the organisation’s list"),
        ({"rater": "c1", "relationship": "peer"}, "on the list already"),
        ({"rater": "c2", "relationship": "boss"}, "how that person works with you"),
        ({"rater": "c2"}, "how that person works with you"),
        ({}, "not in the organisation’s list"),
    ],
)
def test_who_cannot_be_added_is_refused_with_a_sentence(desk, fields, words):
    desk.propose("c1", state=LISTED)
    with desk.client() as client:
        assert words in press(client, desk.path("ada"), "add", **fields).text
    assert desk.nominations() == {("ada", "c1"): LISTED}


def test_the_load_of_a_rater_is_seen(desk):
    desk.propose("c1", state=LISTED)
    for subject in ("bob", "x", "y"):
        desk.propose("c1", subject_id=subject, state=PROPOSED)
    desk.propose("c2", subject_id="bob", state=PROPOSED)
    with desk.client() as client:
        page = client.get(desk.path("ada")).text
    assert "by 3 others; nobody is asked about more than 3 people" in page
    assert "already named or asked by one other" in page


def test_people_of_the_same_name_are_told_apart(desk):
    twins = [person("twin-1", "Tom Twin"), person("twin-2", "Tom Twin")]
    with open_register(desk.settings.register_address) as register:
        register.replace_roster(make_roster([*ROSTER.people, *twins]))
    with desk.client() as client:
        page = client.get(desk.path("ada") + "?q=twin").text
    assert "Product/Growth · twin-1" in page
    assert "Product/Growth · twin-2" in page


def test_a_search_for_nobody_says_so_and_breaks_nothing(desk):
    with desk.client() as client:
        page = client.get(desk.path("ada"), params={"q": '"><script>alert(1)</script>', "said": "<b>"}).text
    assert "Nobody found who can be added." in page
    assert "<script>alert" not in page
    assert "said_" not in page


def test_a_pm_without_a_manager_and_colleagues_is_told_what_is_so(desk):
    with open_register(desk.settings.register_address) as register:
        register.replace_roster(make_roster([person("ada", "Ada", "pm", "")]))
    with desk.client() as client:
        page = client.get(desk.path("ada")).text
    assert "Your list is looked at before anyone is asked." in page
    assert "People of the same unit" not in page


def test_the_chosen_language_stays(desk):
    with desk.client() as client:
        path = desk.path("ada")
        page = client.get(f"{path}?lang=de").text
        assert "Wer soll zu deiner Arbeit gefragt werden?" in page
        assert '<input type="hidden" name="lang" value="de">' in page
        added = press(client, f"{path}?lang=de", "add", rater="c1", relationship="peer")
    assert "In die Liste aufgenommen." in added.text
    assert "lang=de" in str(added.url)


# the lead


def test_a_lead_sees_all_lists_and_approves_one(desk):
    desk.propose(*COLLEAGUES[:8], state=PROPOSED)
    with desk.client() as client:
        path = desk.path("lead")
        lists = client.get(path).text
        assert "8 people to look at" in lists
        assert "not handed in yet" in lists
        assert "Ada &lt;b&gt;Lund" in lists
        assert "<b>bob</b>" in lists
        page = client.get(f"{path}/1").text
        assert "Approve 8 people" in page
        assert "All lists" in page
        assert "Approved. Thank you." in press(client, f"{path}/1", "approve").text
        assert "8 people approved" in client.get(path).text
    assert set(desk.nominations().values()) == {APPROVED}
    assert (desk.audit()[-1].action, desk.audit()[-1].done_by) == ("wave.list.approve", "lead")


def test_a_lead_takes_people_off_and_adds_others(desk):
    desk.propose("c1", "c2", state=PROPOSED)
    with desk.client() as client:
        path = desk.path("lead") + "/1"
        press(client, path, "remove", rater="c1")
        press(client, path, "add", rater="zoe", relationship="data")
        press(client, path, "hand_in")
        own = desk.path("ada")
        refused = press(client, own, "add", rater="c1", relationship="peer").text
    assert "Your lead took that person off the list." in refused
    assert desk.nominations() == {
        ("ada", "c1"): NominationState.DECLINED,
        ("ada", "c2"): PROPOSED,
        ("ada", "zoe"): APPROVED,
    }


def test_a_pm_cannot_approve_and_an_empty_list_says_so(desk):
    desk.propose("c1", state=PROPOSED)
    with desk.client() as client:
        press(client, desk.path("ada"), "approve")
        assert "Nobody has been named yet." in client.get(desk.path("lead") + "/2").text
    assert desk.nominations() == {("ada", "c1"): PROPOSED}
