"""Signing in over a mailed link: a real mail server, one use, fifteen minutes, the same answer for everybody."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SAME = "Look into your mailbox"


def load_mail_server():
    """The mail server that other tests use as well."""
    spec = importlib.util.spec_from_file_location("mail_server", ROOT / "tests" / "mail_server.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


post_office = load_mail_server()


@pytest.fixture
def inbox():
    return post_office.Inbox()


@pytest.fixture
def stand(new_stand, inbox):
    with post_office.mail_server(inbox) as port:
        yield new_stand(mail=post_office.settings_for(port))


def ask(stand, email, path="/"):
    return stand.post(stand.browser(), "/sign-in/mail", data={"email": email, "next": path})


def link_in(mail) -> str:
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"https://health\.example\.org(/sign-in/link/[\w-]{43})\b", text)[1]


def test_link_when_asked_for_then_is_mailed_and_signs_in_on_the_page_asked_for(stand, inbox):
    assert SAME in ask(stand, "P-Ada@example.org", "/my-results?trait=Focus").text
    (mail,) = inbox.of("p-ada@example.org")
    browser = stand.browser()
    page = browser.get(link_in(mail))
    assert "You are about to sign in as Ada Example." in page.text
    answer = stand.post(browser, link_in(mail))
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-results?trait=Focus")
    assert browser.get("/units").json()["sessions"]


def test_link_when_opened_by_a_scanner_then_still_works_afterwards(stand, inbox):
    ask(stand, "p-ada@example.org")
    link = link_in(inbox.received[0])
    for _ in range(5):
        assert stand.browser().get(link).status_code == 200
        stand.browser().head(link)
    assert stand.post(stand.browser(), link).status_code == 303


def test_link_when_used_once_then_is_over(stand, inbox):
    ask(stand, "p-ada@example.org")
    link = link_in(inbox.received[0])
    assert stand.post(stand.browser(), link).status_code == 303
    for answer in (stand.post(stand.browser(), link), stand.browser().get(link)):
        assert answer.status_code == 410
        assert "set-cookie" not in answer.headers


def test_link_when_fifteen_minutes_are_over_then_is_over(stand, inbox, clock):
    ask(stand, "p-ada@example.org")
    clock.wait(minutes=15)
    assert stand.post(stand.browser(), link_in(inbox.received[0])).status_code == 410


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "%2e%2e", "%2e%2e%2funits", "ä"])
def test_link_when_made_up_then_is_over(stand, secret):
    answer = stand.post(stand.browser(), f"/sign-in/link/{secret}")
    assert answer.status_code in (303, 401, 410)
    assert "set-cookie" not in answer.headers


def test_link_when_posted_from_another_site_then_is_refused_and_not_used_up(stand, inbox):
    ask(stand, "p-ada@example.org")
    link = link_in(inbox.received[0])
    assert stand.browser().post(link, headers={"origin": "https://evil.example"}).status_code == 403
    assert stand.post(stand.browser(), link).status_code == 303


@pytest.mark.parametrize(
    "email", ["nobody@example.org", "", "no address", "p-ada@example.org\r\nBcc: x@example.org", "a" * 300]
)
def test_answer_when_the_address_is_unknown_then_is_the_same_and_nothing_is_mailed(stand, inbox, email):
    known, unknown = ask(stand, "p-ada@example.org"), ask(stand, email)
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert dict(known.headers) == dict(unknown.headers)
    assert [mail["To"] for mail in inbox.received] == [inbox.received[0]["To"]]


def test_links_when_one_person_asks_too_often_then_no_more_are_mailed_and_the_answer_stays(stand, inbox):
    answers = {ask(stand, "p-ada@example.org").text for _ in range(8)}
    assert len(answers) == 1
    assert len(inbox.received) == 5


def test_links_when_one_client_asks_too_often_then_is_slowed_down(stand):
    codes = [ask(stand, "nobody@example.org").status_code for _ in range(61)]
    assert (codes[-1], set(codes[:-1])) == (429, {200})


@pytest.mark.parametrize("path", ["/sign-in/link/x", "/sign-in/callback"])
def test_ways_in_when_not_set_up_then_are_not_there(new_stand, path):
    assert new_stand().browser().get(path).json()["path"] == path


def test_mail_when_it_cannot_be_sent_then_the_answer_is_the_same_and_the_log_has_a_code(stand, inbox, caplog):
    inbox.faults["p-ada@example.org"] = ["550 no such box"]
    assert SAME in ask(stand, "p-ada@example.org").text
    assert caplog.messages == ["no link was mailed: smtp-550"]
    assert "example.org" not in caplog.text


def test_mail_when_written_then_is_in_the_language_of_the_reader_and_holds_one_address(stand, inbox):
    ask(stand, "p-ada@example.org")
    (mail,) = inbox.received
    assert mail["Subject"] == "Your link to sign in"
    assert "within 15 minutes" in mail.get_body(("plain",)).get_content().replace("\n", " ")
    found = set(re.findall(r"https?://[^\s\"<]+", mail.as_string().replace("=\n", "")))
    assert {address.split("/")[2] for address in found} == {"health.example.org"}


def test_sign_in_page_when_opened_then_offers_what_is_set_up(stand):
    page = stand.browser().get("/sign-in?next=//evil.example").text
    assert 'name="next" value="/"' in page
    assert "/sign-in/provider" not in page
    assert 'lang="en"' in page
    german = stand.browser(**{"accept-language": "de-AT,de;q=0.9,en;q=0.8"}).get("/sign-in").text
    assert 'lang="de"' in german
    assert "Anmelden" in german
    assert 'lang="en"' in stand.browser(**{"accept-language": "fr, *;q=0.1"}).get("/sign-in").text


def test_sign_in_page_when_signed_in_already_then_leads_on(stand):
    assert stand.signed_in("p-ada").get("/sign-in?next=/units").headers["location"] == "/units"


def test_sign_out_when_pressed_then_the_session_is_over_everywhere(stand):
    browser = stand.signed_in("p-ada")
    cookie = browser.cookies.get("__Host-pmhealth_session")
    assert "You are signed in as Ada Example" in browser.get("/sign-out").text
    assert browser.get("/units").status_code == 200
    answer = stand.post(browser, "/sign-out")
    assert answer.headers["location"] == "/sign-in/ended"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    copied = stand.browser().get("/units", headers={"cookie": f"__Host-pmhealth_session={cookie}"})
    assert copied.status_code == 303
    assert "You are signed out" in stand.browser().get("/sign-in/ended").text


def test_form_when_too_large_or_no_form_then_is_as_good_as_empty(stand, inbox):
    browser = stand.browser()
    for more in ({"data": {"email": "p-ada@example.org", "next": "x" * 20_000}}, {"content": b"\xff"}):
        assert SAME in stand.post(browser, "/sign-in/mail", **more).text
    assert inbox.received == []
