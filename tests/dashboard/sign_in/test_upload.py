"""Handing in a file: who may, what is taken, and that nothing of its sender's choosing reaches the disk."""

import io
import re
import stat

import pytest
from starlette.applications import Starlette

from dashboard.auth.house import gate_of, routes_of
from dashboard.directory import Directory
from dashboard.inbox import MOST_AROUND, MOST_BYTES, MOST_FILES
from dashboard.uploading import uploads_of, uploads_of_demo
from survey.config import Settings
from tests.dashboard.sign_in.conftest import TestClient
from tests.made_up_people import POLICY

HR = next(iter(POLICY.hr))
EXPORT = b"subject_id,relationship\np1,peer\n"
NEXT = "/data?wave=great-pm%2F2026Q4"
NO_TOKEN = "x"  # noqa: S105 - it is none
NAME = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def place(stand, settings):
    """The stand with the routes of uploads behind its gate."""
    house = stand.house
    stand.app = Starlette(
        routes=[*routes_of(house), *uploads_of(settings, house).routes()], middleware=[gate_of(house)]
    )
    return stand


def token_in(page) -> str:
    return re.search(r'name="token" value="(\w+)"', page.text)[1]


def hand_in(stand, browser, content=EXPORT, *, token=None, name="export.csv", **more):
    if token is None:
        token = token_in(browser.get("/upload"))
    return browser.post(
        "/upload",
        params={"next": NEXT},
        headers={"origin": stand.house.settings.origin, **more.pop("headers", {})},
        data={"token": token},
        files={"file": (name, io.BytesIO(content), "text/csv")},
        **more,
    )


def kept(settings):
    return sorted(settings.inbox_path.glob("*"))


def test_upload_when_hr_hands_a_file_in_then_it_lies_there_under_a_name_of_ours(place, settings, register):
    browser = place.signed_in(HR)
    page = browser.get("/upload", params={"next": NEXT})
    assert page.status_code == 200
    assert "100 MB" in page.text
    done = hand_in(place, browser, name="../../Ada Nowak's answers.csv")
    (path,) = kept(settings)
    assert NAME.fullmatch(path.name)
    assert path.read_bytes() == EXPORT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (done.status_code, done.headers["location"]) == (303, f"{NEXT}&file={path.name}")
    (entry,) = [one for one in register.audit() if one.action == "file.upload"]
    assert (entry.done_by, entry.target) == (HR, path.name)


def test_upload_when_it_comes_in_pieces_then_it_is_whole(place, settings):
    browser = place.signed_in(HR)
    content = b"".join(b"%08d\r\n--not-the-boundary\r\n" % number for number in range(40_000))
    assert hand_in(place, browser, content).status_code == 303
    assert kept(settings)[0].read_bytes() == content


@pytest.mark.parametrize("person_id", ["p001", "lead"])
def test_upload_when_it_is_not_hr_then_nothing_is_read(place, settings, register, person_id):
    people = [one.person_id for one in register.roster().people if one.person_id not in POLICY.hr]
    browser = place.signed_in(people[0])
    assert browser.get("/upload").status_code == 403
    assert hand_in(place, browser, token=NO_TOKEN).status_code == 403
    assert kept(settings) == []


def test_upload_when_nobody_is_signed_in_then_they_are_sent_to_sign_in(place, settings):
    browser = place.browser()
    assert browser.get("/upload").headers["location"].startswith("/sign-in")
    assert hand_in(place, browser, token=NO_TOKEN).status_code in (303, 401)
    assert kept(settings) == []


def test_upload_when_it_comes_from_another_site_then_it_is_refused(place, settings):
    browser = place.signed_in(HR)
    token = token_in(browser.get("/upload"))
    other = hand_in(place, browser, token=token, headers={"origin": "https://evil.example"})
    assert other.status_code == 403
    assert hand_in(place, browser, token=token_in(place.signed_in(HR).get("/upload"))).status_code == 403
    assert kept(settings) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("token", "{token}"), ("file", "")], 400),
        ([("token", "{token}")], 400),
        ([("file", "a,b\n"), ("token", "{token}")], 403),
        ([("token", "wrong"), ("file", "a,b\n")], 403),
        ([("token", "{token}" * 90), ("file", "a,b\n")], 403),
        ([("token", "{token}"), ("file", "a,b\n"), ("file", "c,d\n")], 403),
        ([("token", "{token}"), ("other", "x" * 500), ("file", "a,b\n")], 303),
    ],
)
def test_form_when_it_is_not_ours_then_nothing_stays(place, settings, fields, status):
    browser = place.signed_in(HR)
    token = token_in(browser.get("/upload"))
    parts = [(name, (None, value.format(token=token))) for name, value in fields]
    sent = browser.post("/upload", files=parts, headers={"origin": place.house.settings.origin})
    assert sent.status_code == status
    assert len(kept(settings)) == (status == 303)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/csv", b"a,b", 400),
        ("multipart/form-data", b"a,b", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 400),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--\r\n", 400),
    ],
)
def test_body_when_it_is_no_form_then_it_is_refused(place, settings, kind, body, status):
    browser = place.signed_in(HR)
    headers = {"origin": place.house.settings.origin, "content-type": kind}
    assert browser.post("/upload", content=body, headers=headers).status_code == status
    assert kept(settings) == []


def test_size_when_it_is_too_much_or_not_said_then_nothing_is_read(place, settings):
    browser = place.signed_in(HR)
    headers = {"origin": place.house.settings.origin, "content-type": "multipart/form-data; boundary=x"}
    too_much = {**headers, "content-length": str(MOST_BYTES + MOST_AROUND + 1)}
    assert browser.post("/upload", content=b"--x", headers=too_much).status_code == 413
    assert browser.post("/upload", content=iter([b"--x"]), headers=headers).status_code == 411
    assert kept(settings) == []


def test_file_when_it_is_larger_than_what_was_said_of_the_form_allows_then_it_is_cut_off(
    place, settings, monkeypatch
):
    monkeypatch.setattr("dashboard.inbox.MOST_BYTES", 10)
    assert hand_in(place, place.signed_in(HR)).status_code == 413
    assert kept(settings) == []


def test_inbox_when_full_then_it_says_so(place, settings):
    settings.inbox_path.mkdir(parents=True)
    for number in range(MOST_FILES):
        (settings.inbox_path / f"{number:032x}").touch()
    refused = hand_in(place, place.signed_in(HR))
    assert refused.status_code == 507
    assert "wait to be taken in" in refused.text


def test_inbox_when_it_cannot_be_written_then_it_says_so(place, settings):
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.inbox_path.write_text("in the way")
    assert hand_in(place, place.signed_in(HR)).status_code == 507


def test_next_when_it_leads_elsewhere_then_the_first_page_is_next(place):
    browser = place.signed_in(HR)
    sent = browser.post(
        "/upload",
        params={"next": "//evil.example"},
        headers={"origin": place.house.settings.origin},
        files=[("token", (None, token_in(browser.get("/upload")))), ("file", ("x", EXPORT))],
    )
    assert sent.headers["location"].startswith("/?file=")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8501", "http://127.0.0.1:8501", 303),
        ("localhost:8501", "http://localhost:8501", 303),
        ("127.0.0.1:8501", "https://evil.example", 403),
        ("evil.example", "http://evil.example", 403),
    ],
)
def test_demo_when_a_page_of_this_machine_asks_then_its_made_up_hr_hands_in(
    settings, register, clock, host, origin, status
):
    directory = Directory(register, POLICY, clock.now)
    app = Starlette(routes=uploads_of_demo(settings, lambda: directory).routes())
    here = TestClient(app, base_url="http://127.0.0.1:8501", follow_redirects=False)
    token = token_in(here.get("/upload"))
    sent = here.post(
        "/upload",
        headers={"host": host, "origin": origin},
        files=[("token", (None, token)), ("file", ("x", EXPORT))],
    )
    assert sent.status_code == status
    assert len(kept(settings)) == (status == 303)
