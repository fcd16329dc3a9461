"""A PM writes a list by link, the lead settles it by link; nobody else gets anywhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from survey.assignment import Assignment, Nomination, NominationState, Source
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.form.app import open_form
from survey.form.door import Clock
from survey.policy import default_policy_text
from survey.register import AuditEntry, open_register
from survey.register_collection import Collections, Opening
from survey.register_participation import LinkPurpose, Participation
from survey.relationship import Relationship
from survey.roster import Person, make_roster
from survey.secret import make_keys, new_secret, secret_hash

TODAY = date(2026, 12, 1)
WAVE = "great-pm/2026Q4"
COLLEAGUES = tuple(f"c{number}" for number in range(1, 10))


def person(person_id: str, name: str, role: str = "engineering", manager_id: str = "lead") -> Person:
    return Person(
        person_id=person_id, name=name, email="", manager_id=manager_id, org_unit="Product/Growth", role=role, level="",
        pm_type="", stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip


ROSTER = make_roster(
    [
        person("lead", "Lea Dühr", "lead", ""),
        person("ada", "Ada <b>Lund</b>", "pm"),
        person("bob", "", "pm"),
        *(person(one, f"Colleague {one}") for one in COLLEAGUES),
        person("zoe", "Zoë Quint", "archaeologist"),
    ]
)
DRAFT = Collection(
    wave_id=WAVE,
    campaign="great-pm",
    period=parse_period("2026Q4"),
    instrument_id="great-pm",
    opens_on=date(2026, 12, 10),
    closes_on=date(2026, 12, 30),
    asked_by="People team",
    reply_to="",
    unit_days=3,
    created_on=TODAY,
    policy_text=default_policy_text(),
)


@dataclass(kw_only=True)
class Desk:
    """A draft with links into it, and a clock that tests set."""

    settings: Settings
    seconds: float = 1000.0
    today: date = field(default=TODAY)

    def link(self, person_id: str, purpose: LinkPurpose) -> str:
        secret = new_secret()
        hashed = secret_hash(make_keys(self.settings.wave_keys_path(WAVE)), secret)
        with open_register(self.settings.register_address) as register:
            Participation(register.store).add_link(WAVE, person_id, purpose, hashed)
        return secret

    def path(self, person_id: str) -> str:
        """The way to a PM's list, or to a lead's lists."""
        if person_id == "lead":
            return f"/a/{self.link(person_id, LinkPurpose.APPROVE)}"
        return f"/n/{self.link(person_id, LinkPurpose.NOMINATE)}"

    @contextmanager
    def client(self, *, follow_redirects: bool = True) -> Iterator[TestClient]:
        clock = Clock(today=lambda: self.today, now_ms=lambda: 0, steady=lambda: self.seconds)
        with (
            open_form(self.settings, clock=clock) as app,
            TestClient(app, follow_redirects=follow_redirects) as client,
        ):
            client.headers["sec-fetch-site"] = "same-origin"
            yield client

    def nominations(self) -> dict[tuple[str, str], NominationState]:
        with open_register(self.settings.register_address) as register:
            found = Collections(register.store).nominations(WAVE)
        return {(one.subject_id, one.rater_id): one.state for one in found}

    def propose(self, *raters: str, subject_id: str = "ada", state: NominationState) -> None:
        nominations = [
            Nomination(
                subject_id=subject_id,
                rater_id=one,
                relationship=Relationship.ENGINEERING,
                source=Source.PM,
                state=state,
            )
            for one in raters
        ]
        with open_register(self.settings.register_address) as register:
            Collections(register.store).put_nominations(WAVE, nominations)

    def audit(self) -> tuple[AuditEntry, ...]:
        with open_register(self.settings.register_address) as register:
            return register.audit()

    def open_wave(self) -> None:
        instrument = find_instrument(self.settings, "great-pm")
        wave = Wave(
            wave_id=WAVE, campaign="great-pm", period=DRAFT.period, instrument_id="great-pm",
            instrument_version=instrument.version, instrument_hash=instrument.content_hash, state=WaveState.OPEN,
            is_external=False, roster_date=TODAY, policy=DRAFT.policy_text,
        )  # fmt: skip
        asked = Assignment(
            rater_id="ada", subject_id="ada", relationship=Relationship.SELF, reporting_group="self", place=1
        )
        opening = Opening(
            collection=DRAFT, wave=wave, instrument=instrument, members=ROSTER, assignments=(asked,)
        )
        with open_register(self.settings.register_address) as register:
            Collections(register.store).open(opening)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    settings = Settings(home=tmp_path / "home")
    with open_register(settings.register_address) as register:
        register.replace_roster(ROSTER)
        Collections(register.store).add(DRAFT)
    return Desk(settings=settings)


def press(client: TestClient, path: str, do: str, **fields: str) -> Any:
    """Opens a page and sends one of its forms."""
    seal = re.search(r'name="seal" value="([^"]+)"', client.get(path).text)
    return client.post(path, data={"do": do, "seal": seal[1] if seal else "", **fields})


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
    assert "on 3 other lists already; nobody is asked about more than 3 people" in page
    assert "also on one other list" in page


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


# who gets nowhere


@pytest.mark.parametrize("place", ["/3", "/0", "/x", "/1/2"])
def test_a_lead_gets_to_own_lists_only(desk, place):
    with desk.client() as client:
        assert client.get(desk.path("lead") + place).status_code == 404


@pytest.mark.parametrize(
    ("root", "person_id", "purpose"),
    [
        ("n", "ada", LinkPurpose.APPROVE),
        ("n", "ada", LinkPurpose.ANSWER),
        ("a", "lead", LinkPurpose.NOMINATE),
        ("n", "c1", LinkPurpose.NOMINATE),
        ("n", "gone", LinkPurpose.NOMINATE),
        ("a", "c1", LinkPurpose.APPROVE),
    ],
)
def test_a_link_of_another_kind_or_person_opens_nothing(desk, root, person_id, purpose):
    with desk.client() as client:
        assert client.get(f"/{root}/{desk.link(person_id, purpose)}").status_code == 404
        assert client.get(f"/{root}/{'x' * 32}").status_code == 404


def test_a_path_below_a_list_opens_nothing(desk):
    with desk.client() as client:
        assert client.get(desk.path("ada") + "/1").status_code == 404


def test_a_form_without_its_seal_or_from_elsewhere_changes_nothing(desk):
    with desk.client() as client:
        path = desk.path("ada")
        fields = {"do": "add", "rater": "c1", "relationship": "peer"}
        seal = re.search(r'name="seal" value="([^"]+)"', client.get(path).text)[1]
        other = re.search(r'name="seal" value="([^"]+)"', client.get(desk.path("bob")).text)[1]
        assert client.post(path, data=fields).status_code == 403
        assert client.post(path, data={**fields, "seal": other}).status_code == 403
        foreign = {"sec-fetch-site": "cross-site"}
        assert client.post(path, data={**fields, "seal": seal}, headers=foreign).status_code == 403
        assert client.post(path, content=b"{}", headers={"content-type": "text/json"}).status_code == 415
        assert client.post(desk.path("lead"), data=fields).status_code == 405
    assert desk.nominations() == {}


def test_once_the_wave_is_open_the_lists_are_settled(desk):
    with desk.client() as client:
        path = desk.path("ada")
        seal = re.search(r'name="seal" value="([^"]+)"', client.get(path).text)[1]
        desk.open_wave()
        assert "The lists are settled" in client.get(path).text
        fields = {"do": "add", "rater": "c1", "relationship": "peer", "seal": seal}
        assert "The lists are settled" in client.post(path, data=fields).text
        assert "The lists are settled" in client.get(desk.path("lead")).text
    assert desk.nominations() == {}


def test_after_the_last_day_the_link_tells_nothing(desk):
    desk.today = date(2026, 12, 31)
    with desk.client() as client:
        assert client.get(desk.path("ada")).status_code == 404


def test_a_new_roster_is_seen_within_a_minute(desk):
    with desk.client() as client:
        path = desk.path("ada")
        assert "Newly There" not in client.get(f"{path}?q=newly").text
        with open_register(desk.settings.register_address) as register:
            register.replace_roster(make_roster([*ROSTER.people, person("new", "Newly There")]))
        desk.seconds += 61
        assert "Newly There" in client.get(f"{path}?q=newly").text


def test_every_page_carries_the_protections_of_the_form(desk):
    with desk.client(follow_redirects=False) as client:
        for reply in (
            client.get(desk.path("ada")),
            client.get(desk.path("lead")),
            press(client, desk.path("ada"), "nothing"),
        ):
            assert reply.headers["cache-control"] == "no-store"
            assert "default-src 'none'" in reply.headers["content-security-policy"]
            assert "set-cookie" not in reply.headers
