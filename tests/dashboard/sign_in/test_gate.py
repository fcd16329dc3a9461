"""The gate: who is not signed in passes nowhere, and nobody passes as somebody else."""

import pytest
from starlette.websockets import WebSocketDisconnect

from dashboard.auth.gate import OPEN_PATHS, is_open, without_identity
from survey.register_sessions import SignInMethod

URL = "https://health.example.org"
PAGES = ("/", "/my-results", "/units?unit=Product", "/shared?pm=p-ada", "/who-looked")
CLOSED = (
    *PAGES,
    "/media/0123456789abcdef.csv",
    "/static/js/index.js",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/component/x/index.html",
    "/sign-out",
    "/sign-in/",
    "/sign-in/link",
    "/sign-in/link/",
    "/sign-in/link/a/b",
    "/sign-in/link/a.b",
    "/sign-in/link/%2e%2e",
    "/sign-in/../my-results",
    "/health/../my-results",
    "/assets/../my-results",
    "/assets/secret.txt",
    "//health",
    "/HEALTH",
    "/ready/x",
)


@pytest.mark.parametrize("path", CLOSED)
def test_path_when_nobody_is_signed_in_then_it_leads_to_sign_in(stand, path):
    answer = stand.browser().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("headers", [{"accept": "*/*"}, {"accept": "application/json"}], ids=("any", "json"))
def test_path_when_no_page_is_wanted_then_it_is_told_no(stand, path, headers):
    assert stand.browser(**headers).get(path).status_code == 401


def test_page_when_nobody_is_signed_in_then_the_way_back_is_kept(stand):
    assert stand.browser().get("/units?unit=Product/Growth&view=a b").headers["location"] == (
        "/sign-in?next=%2Funits%3Funit%3DProduct%2FGrowth%26view%3Da%2520b"
    )
    assert stand.browser().get("/media/abc").headers["location"] == "/sign-in"


@pytest.mark.parametrize("path", sorted(OPEN_PATHS - {"/sign-in", "/sign-in/ended", "/ready"}))
def test_open_path_when_nobody_is_signed_in_then_it_is_reached(stand, path):
    assert stand.browser().get(path).json()["path"] == path


def test_open_paths_when_counted_then_nobody_added_one_unseen():
    assert len(OPEN_PATHS) == 10
    assert is_open("/sign-in/link/secret")
    assert not any(is_open(path) for path in CLOSED)


@pytest.mark.parametrize("path", PAGES)
def test_page_when_signed_in_then_it_is_reached_with_the_sessions_id(stand, directory, path):
    answer = stand.signed_in("p-ada").get(path)
    (session,) = directory.sessions.active(directory.now())
    assert answer.json()["sessions"] == [session.session_id]


@pytest.mark.parametrize(
    "name",
    [
        "x-pmhealth-session",
        "X-PMHEALTH-SESSION",
        "x_pmhealth_session",
        "X-Pmhealth_Session",
        "x-pmhealth-user",
    ],
)
def test_identity_when_a_client_sends_it_then_it_is_taken_out(stand, directory, name):
    victim = directory.sessions.begin("p-exec", SignInMethod.LINK, directory.now()).session.session_id
    assert stand.browser(**{name: victim}).get("/units").status_code == 303
    browser = stand.signed_in("p-ada")
    found = browser.get("/units", headers={name: victim}).json()["sessions"]
    assert len(found) == 1
    assert victim not in found


def test_identity_when_sent_to_an_open_path_then_it_is_taken_out_too(stand):
    found = stand.browser(**{"x-pmhealth-session": "x"}).get("/health").json()
    assert found["sessions"] == []


def test_headers_when_they_are_not_ours_then_they_stay():
    kept = [(b"x-pm", b"1"), (b"accept", b"x"), (b"x-pmhealthy", b"2")]
    assert without_identity([*kept, (b"x-pmhealth-a", b"3")]) == kept


@pytest.mark.parametrize("cookie", ["", "x", "p-ada", "\u00e9", "0" * 4000])
def test_cookie_when_made_up_then_it_is_nobody(stand, cookie):
    browser = stand.browser()
    header = f"__Host-pmhealth_session={cookie}".encode("latin-1")
    assert browser.get("/units", headers={"cookie": header}).status_code == 303


def test_cookie_when_sent_under_another_name_then_it_is_nobody(stand, directory):
    token = directory.sessions.begin("p-ada", SignInMethod.LINK, directory.now()).token
    for name in (
        "pmhealth_session",
        "__Secure-pmhealth_session",
        "_streamlit_user",
        "__Host-pmhealth_sessio",
    ):
        assert stand.browser().get("/units", headers={"cookie": f"{name}={token}"}).status_code == 303


def test_cookie_when_there_twice_then_it_is_nobody(stand, directory):
    token = directory.sessions.begin("p-ada", SignInMethod.LINK, directory.now()).token
    name = "__Host-pmhealth_session"
    assert stand.browser().get("/units", headers={"cookie": f"{name}={token}"}).status_code == 200
    for both in (f"{name}=x; {name}={token}", f"{name}={token}; {name}={token}"):
        assert stand.browser().get("/units", headers={"cookie": both}).status_code == 303


def test_session_when_revoked_or_over_then_the_next_request_is_nobodys(stand, directory, clock):
    browser = stand.signed_in("p-ada")
    assert browser.get("/units").status_code == 200
    clock.wait(hours=8)
    assert browser.get("/units").status_code == 303
    other = stand.signed_in("p-ada")
    directory.sessions.revoke_person("p-ada", clock.now(), by="cli")
    assert other.get("/units").status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "health.example.org:8443", "health.example.org.evil.example", ""]
)
def test_request_when_for_another_host_then_it_is_refused(stand, host):
    for path in ("/units", "/sign-in"):
        assert stand.signed_in("p-ada").get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["HEALTH.example.org", "health.example.org"])
def test_request_when_for_our_host_then_case_does_not_matter(stand, host):
    assert stand.browser().get("/sign-in", headers={"host": host}).status_code == 200


def test_health_when_asked_by_the_machines_own_address_then_it_answers(stand):
    for path in ("/health", "/ready"):
        assert stand.browser().get(path, headers={"host": "127.0.0.1:8501"}).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://health.example.org", f"{URL}.evil.example"]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_changing_request_when_from_another_site_then_it_is_refused(stand, origin, method):
    headers = {} if origin is None else {"origin": origin}
    assert stand.signed_in("p-ada").request(method, "/sign-out", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/_stcore/agent/openapi.json", "/_stcore/agent", "/_stcore/upload_file/a/b"]
)
def test_parts_of_streamlit_that_no_page_uses_when_asked_for_then_are_not_there(stand, path):
    browser = stand.signed_in("p-ada")
    assert browser.get(path).status_code == 404
    assert browser.put(path, headers={"origin": URL}).status_code == 404


def open_socket(browser, **headers: str):
    return browser.websocket_connect("/_stcore/stream", headers={"host": "health.example.org", **headers})


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": URL}], ids=str)
def test_websocket_when_nobody_is_signed_in_then_it_is_closed(stand, headers):
    with pytest.raises(WebSocketDisconnect) as closed, open_socket(stand.browser(), **headers):
        pass
    assert closed.value.code == 1008


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "https://evil.example"}, {"origin": URL, "host": "evil.example"}],
    ids=str,
)
def test_websocket_when_from_another_site_then_it_is_closed_even_with_a_session(stand, headers):
    with pytest.raises(WebSocketDisconnect) as closed, open_socket(stand.signed_in("p-ada"), **headers):
        pass
    assert closed.value.code == 1008


def test_anything_else_when_it_comes_then_it_passes_untouched(stand):
    with stand.browser() as browser:  # the lifespan runs through the gate
        assert browser.get("/health").status_code == 200
