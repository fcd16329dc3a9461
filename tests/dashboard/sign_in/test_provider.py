"""Signing in over a real identity provider: what goes out, what comes back, and all that is refused."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dashboard.auth.settings import ProviderSettings

CLIENT = ("pmhealth", "a secret of the client")


def settings_of(issuer: str, *, accepts_unverified: bool = False) -> ProviderSettings:
    return ProviderSettings(
        issuer=issuer, client_id=CLIENT[0], client_secret=CLIENT[1], accepts_unverified=accepts_unverified
    )


def know(issuer: str, subject: str, **claims: object) -> None:
    given = {"email": f"{subject}@example.org", "email_verified": True, **claims}
    httpx.put(
        f"{issuer}/users/{subject}", json={k: v for k, v in given.items() if v is not None}
    ).raise_for_status()


def set_off(stand, path="/units"):
    """A browser that was sent to the provider, and where to."""
    browser = stand.browser()
    answer = browser.get("/sign-in/provider", params={"next": path})
    assert answer.status_code == 303
    return browser, answer.headers["location"]


def authorize(url: str, subject: str) -> str:
    """Returns where the provider sends the browser back to, after its own page."""
    answer = httpx.post(url, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def stand(new_stand, mock_issuer):
    return new_stand(provider=settings_of(mock_issuer))


def test_sign_in_when_the_provider_knows_the_person_then_leads_to_the_page_asked_for(stand, mock_issuer):
    know(mock_issuer, "p-ada")
    browser, url = set_off(stand, "/my-results?trait=Honesty")
    answer = browser.get(local(authorize(url, "p-ada")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-results?trait=Honesty")
    cookies = answer.headers.get_list("set-cookie")
    assert re.fullmatch(
        r"__Host-pmhealth_session=[\w-]{43}; HttpOnly; Max-Age=28800; Path=/; SameSite=lax; Secure",
        cookies[0],
    )
    assert browser.get("/units").json()["sessions"]


def test_request_when_sent_to_the_provider_then_carries_challenge_state_and_nonce(stand):
    _, url = set_off(stand)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query["code_challenge_method"] == "S256"
    assert {len(query[name]) for name in ("code_challenge", "state", "nonce")} == {43}
    assert query["redirect_uri"] == "https://health.example.org/sign-in/callback"
    assert "prompt" not in query
    assert "verifier" not in url


def refused(answer) -> str:
    assert answer.status_code == 400
    assert "__Host-pmhealth_session" not in str(answer.headers.get_list("set-cookie"))
    return re.search(r"the code ([\w-]+)\.", answer.text)[1]


def test_callback_when_used_again_then_is_refused(stand, mock_issuer):
    know(mock_issuer, "p-ada")
    browser, url = set_off(stand)
    back = local(authorize(url, "p-ada"))
    attempt = browser.cookies["__Host-pmhealth_attempt"]
    assert browser.get(back).status_code == 303
    again = stand.browser().get(back, headers={"cookie": f"__Host-pmhealth_attempt={attempt}"})
    assert refused(again) == "state"


def test_callback_when_brought_by_another_browser_then_is_refused(stand, mock_issuer):
    """Login CSRF: an attacker's code and state in the victim's browser sign nobody in."""
    know(mock_issuer, "p-bo")
    _, url = set_off(stand)
    back = local(authorize(url, "p-bo"))
    victim, _ = set_off(stand)
    assert refused(victim.get(back)) == "state"
    assert refused(stand.browser().get(back)) == "state"


def test_callback_when_its_code_belongs_to_another_try_then_is_refused(stand, mock_issuer):
    """A stolen code is worth nothing without the verifier of its own try."""
    know(mock_issuer, "p-ada")
    _, url = set_off(stand)
    stolen = parse_qs(urlsplit(authorize(url, "p-ada")).query)["code"][0]
    browser, own = set_off(stand)
    state = parse_qs(urlsplit(own).query)["state"][0]
    assert refused(browser.get(f"/sign-in/callback?code={stolen}&state={state}")) in ("code", "nonce")


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "state"), ("code=x", "state"), ("state=x&code=x", "state"), ("error=access_denied", "state")],
)
def test_callback_when_incomplete_then_is_refused(stand, query, code):
    browser, _ = set_off(stand)
    assert refused(browser.get(f"/sign-in/callback?{query}")) == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("&error=access_denied", "provider"),
        ("", "provider"),
        ("&code=made-up", "code"),
        ("&code=x&iss=https://evil.example", "issuer"),
    ],
)
def test_callback_when_the_provider_refuses_or_is_another_then_is_refused(stand, more, code):
    browser, url = set_off(stand)
    state = parse_qs(urlsplit(url).query)["state"][0]
    assert refused(browser.get(f"/sign-in/callback?state={state}{more}")) == code


def test_callback_when_too_late_then_is_refused(stand, mock_issuer, clock):
    know(mock_issuer, "p-ada")
    browser, url = set_off(stand)
    clock.wait(minutes=11)
    assert refused(browser.get(local(authorize(url, "p-ada")))) == "state"


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": None, "email_verified": None}])
def test_person_when_the_address_is_not_verified_or_missing_then_is_refused(stand, mock_issuer, claims):
    know(mock_issuer, "p-unsure", **claims)
    browser, url = set_off(stand)
    assert refused(browser.get(local(authorize(url, "p-unsure")))) in ("email-unverified", "email")


def test_person_when_not_in_the_roster_then_is_told_so_and_not_signed_in(stand, mock_issuer):
    know(mock_issuer, "outsider")
    browser, url = set_off(stand)
    answer = browser.get(local(authorize(url, "outsider")))
    assert answer.status_code == 403
    assert "There is nothing here for you yet" in answer.text
    assert browser.get("/units").status_code == 303


def test_session_when_signing_in_again_then_the_token_is_new_and_the_old_one_over(stand, mock_issuer):
    """Fixation: a token planted before signing in is never the one that counts afterwards."""
    know(mock_issuer, "p-ada")
    browser, url = set_off(stand)
    browser.cookies.set("__Host-pmhealth_session", "planted", domain="health.example.org")
    browser.get(local(authorize(url, "p-ada")))
    tokens = [one.value for one in browser.cookies.jar if one.name == "__Host-pmhealth_session"]
    assert tokens != ["planted"]
    (begun,) = stand.house.directory.sessions.active(stand.house.now())
    assert begun.person_id == "p-ada"


def test_provider_when_it_cannot_be_reached_then_says_so(new_stand):
    stand = new_stand(provider=settings_of("http://localhost:9"))
    assert refused(stand.browser().get("/sign-in/provider")) == "unreachable"


def test_provider_when_it_calls_itself_otherwise_then_is_refused(new_stand, mock_issuer):
    stand = new_stand(provider=settings_of(mock_issuer + "/"))
    assert refused(stand.browser().get("/sign-in/provider")) == "issuer"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=y",
     "/sign-out", "/media/x", "/_stcore/stream", "/x" * 600, "units", "", "/ä", "http:///x", "/[::1"],
)  # fmt: skip
def test_way_back_when_it_leads_elsewhere_then_is_the_first_page(stand, mock_issuer, target):
    know(mock_issuer, "p-ada")
    browser, url = set_off(stand, target)
    location = browser.get(local(authorize(url, "p-ada"))).headers["location"]
    assert location == ("/[::1" if target == "/[::1" else "/")


def test_too_many_tries_when_from_one_client_then_are_slowed_down(stand):
    browser = stand.browser()
    codes = [browser.get("/sign-in/callback").status_code for _ in range(301)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {400}


def test_answers_when_signing_in_fails_then_the_log_holds_a_code_and_nothing_else(stand, caplog):
    browser, _ = set_off(stand)
    browser.get("/sign-in/callback?state=topsecret&code=verysecret")
    assert [record.getMessage() for record in caplog.records if record.name.startswith("pmhealth")] == [
        "signing in failed: state"
    ]
