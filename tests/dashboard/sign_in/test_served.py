"""The whole server as it runs: every role and page over HTTP and the websocket, with tampered links."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.access import Page
from survey.register import open_register
from survey.register_sessions import Sessions, SignInMethod
from survey.register_shares import Shares

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
COOKIE = "pmhealth_session"
PAGES = ("", *(page.value for page in Page), "core-competencies", "three-lenses", "stage-fit")
TAMPERED = (
    "as=pm:p-bo&pm=p-bo&unit=Product/Platform&viewer=p-bo&session_id=p-exec&person_id=p-bo&trait=Honesty",
    "as=hr&pm=p-ada&unit=Product&look=units&wave=2026H1",
)
NAMES = {"p-ada": "Ada Example", "p-noa": "Noa !", "p-bo": "Bo Example", "p-sam": "Sam Example"}
UNITS = ("Product/Platform", "Product/Small")
SEES = {
    # who: (the PMs' names, the units) that may stand on any of their pages
    "p-exec": ((), UNITS),
    "p-hr": ((), UNITS),
    "p-council": ((), ()),
    "p-lead": (("p-ada",), ()),
    "p-plat": ((), ("Product/Platform",)),
    "p-eng": ((), ()),
    "p-bo": (("p-bo",), ()),
    "p-ada": (("p-ada",), ()),
}


class Served:
    """A running dashboard, and the register it stands on."""

    def __init__(self, settings, port):
        self.settings, self.url, self.port = settings, f"http://127.0.0.1:{port}", port

    def begin(self, person_id):
        with open_register(self.settings.register_address) as register:
            sessions = Sessions(register.store)
            return sessions.begin(person_id, SignInMethod.LINK, self.now())

    def now(self):
        return datetime.now(UTC)

    def get(self, path, token="", **headers):
        cookies = {"cookie": f"{COOKIE}={token}"} if token else {}
        return httpx.get(self.url + path, headers={**cookies, **headers}, follow_redirects=False, timeout=60)

    def socket(self, token="", *, origin=None, **headers):
        cookies = {"Cookie": f"{COOKIE}={token}"} if token else {}
        return connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=origin or self.url,
            additional_headers={**cookies, **headers},
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=60,
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory, home, write_home, free_port):
    settings, port = write_home(tmp_path_factory.mktemp("served"), home), free_port()
    with open_register(settings.register_address) as register:
        Shares(register.store).share("p-ada", "p-lead", datetime.now(UTC))
    environment = {
        **os.environ,
        "PMHEALTH_DASHBOARD_URL": f"http://127.0.0.1:{port}",
        "PMHEALTH_SMTP_HOST": "127.0.0.1",
        "PMHEALTH_SMTP_TLS": "none",
        "PMHEALTH_MAIL_FROM": "people@example.org",
    }
    program = "from dashboard.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        program,
        "--home",
        str(settings.home),
        "serve",
        "--only",
        "dashboard",
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert "answers at" in process.stdout.readline()
        served = Served(settings, port)
        yield served
        process.terminate()
        log = process.stderr.read()
    assert "p-ada" not in log
    assert COOKIE not in log


def run(socket, page, query):
    """Asks for a page and returns everything that came, as text."""
    message = BackMsg()
    message.rerun_script.page_name, message.rerun_script.query_string = page, query
    socket.send(message.SerializeToString())
    parts = []
    while True:
        forward = ForwardMsg()
        forward.ParseFromString(socket.recv(timeout=120))
        parts.append(str(forward))
        if forward.WhichOneof("type") == "script_finished":
            return "".join(parts).replace("\\\\", "")


@pytest.mark.parametrize("person_id", SEES)
def test_pages_when_links_are_tampered_with_then_hold_nothing_out_of_scope(served, person_id):
    names, units = SEES[person_id]
    with served.socket(served.begin(person_id).token) as socket:
        for page in PAGES:
            for query in TAMPERED:
                said = run(socket, page, query)
                assert [name for pm, name in NAMES.items() if pm not in names and name in said] == [], (
                    page,
                    query,
                )
                assert [unit for unit in UNITS if unit not in units and unit in said] == [], (page, query)
                assert "Traceback" not in said


def test_open_page_when_its_session_is_revoked_then_is_cut_at_the_next_interaction(served):
    begun = served.begin("p-ada")
    with served.socket(begun.token) as socket:
        assert "Focus has risen" in run(socket, "", "")
        with open_register(served.settings.register_address) as register:
            Sessions(register.store).revoke_person("p-ada", served.now(), by="cli")
        said = run(socket, "my-results", "")
        assert "You are signed out" in said
        assert "plotly" not in said
    with pytest.raises(InvalidStatus):
        served.socket(begun.token)


@pytest.mark.parametrize(
    "changes",
    [{}, {"token": "made-up"}, {"X-Pmhealth-Session": "any"}, {"origin": "http://evil.example"}],
    ids=str,
)
def test_websocket_when_nobody_is_signed_in_then_is_refused(served, changes):
    given = {**changes}
    token = given.pop("token", "") or (served.begin("p-ada").token if "origin" in given else "")
    with pytest.raises(InvalidStatus) as refusal:
        served.socket(token, origin=given.pop("origin", None), **given)
    assert refusal.value.response.status_code == 403


def test_websocket_when_a_client_brings_another_identity_then_stays_who_it_is(served):
    victim, own = served.begin("p-exec"), served.begin("p-eng")
    with served.socket(own.token, **{"X-Pmhealth-Session": victim.session.session_id}) as socket:
        said = run(socket, "units", "")
    assert "Eng Engineer" in said
    assert "Eve Exec" not in said


@pytest.mark.parametrize(
    "path", ["/", "/media/x.csv", "/static/js/x.js", "/_stcore/health", "/_stcore/host-config"]
)
def test_path_when_nobody_is_signed_in_then_gives_nothing(served, path):
    assert served.get(path, accept="text/html").status_code == 303
    assert served.get(path).status_code == 401


def test_media_when_asked_for_by_another_person_then_its_name_cannot_be_guessed(served):
    token = served.begin("p-eng").token
    for name in ("../register/register.sqlite", "%2e%2e%2fregister%2fregister.sqlite", "0" * 56 + ".csv"):
        answer = served.get(f"/media/{name}", token)
        assert answer.status_code in (400, 404) or "<!doctype html>" in answer.text.lower()
        assert b"SQLite format" not in answer.content


def test_answers_when_given_then_carry_every_header_and_a_health_route_is_there(served):
    page = served.get("/", served.begin("p-ada").token)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "strict-transport-security" not in page.headers
    assert [served.get(path).text for path in ("/health", "/ready")] == ["ok", "ready"]
    assert served.get("/_stcore/agent/openapi.json", served.begin("p-ada").token).status_code == 404
