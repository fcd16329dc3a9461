"""Whose link it is not, or no longer, changes nothing about a list and sees nothing of it."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from survey.participation import LinkPurpose
from survey.register import open_register
from survey.roster import make_roster
from tests.nomination_desk import ROSTER, Desk, make_desk, person, press


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "home")


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


FIELDS = st.dictionaries(
    st.sampled_from(["do", "rater", "relationship", "q", "seal", "lang", "x"]),
    st.one_of(
        st.sampled_from(["add", "remove", "hand_in", "approve", "c1", "lead", "ada", "peer", "self", ""]),
        st.text(max_size=40),
    ),
    max_size=7,
)
TAILS = st.one_of(
    st.sampled_from(["", "/", "/1", "/2", "/99"]), st.text(max_size=20).map(lambda text: "/" + quote(text))
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_sent_breaks_nothing(hostile, data):
    client, paths = hostile
    path = data.draw(st.sampled_from(paths)) + data.draw(TAILS)
    query = data.draw(FIELDS)
    if data.draw(st.booleans()):
        reply = client.get(path, params=query)
    else:
        fields = data.draw(FIELDS)
        if data.draw(st.booleans()):
            fields |= {"seal": seal_of(client, path)}
        reply = client.post(path, params=query, data=fields)
    assert reply.status_code in {200, 303, 403, 404, 405, 413, 415, 429}
    assert "Traceback" not in reply.text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory):
    """A client with a link of each kind, before a clock so fast that no limit is met."""
    desk = make_desk(tmp_path_factory.mktemp("hostile"))
    with desk.client(follow_redirects=False) as client:
        yield (
            Hurried(client=client, desk=desk),
            [desk.path("ada"), desk.path("lead"), "/n/nothing", "/a/nothing"],
        )


@dataclass(kw_only=True)
class Hurried:
    """A client for whom a minute passes between two requests."""

    client: TestClient
    desk: Desk

    def get(self, path: str, **more: Any) -> Response:
        self.desk.seconds += 60
        return self.client.get(path, **more)

    def post(self, path: str, **more: Any) -> Response:
        self.desk.seconds += 60
        return self.client.post(path, **more)


def seal_of(client: Hurried, path: str) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', client.get(path).text)
    return found[1] if found else ""
