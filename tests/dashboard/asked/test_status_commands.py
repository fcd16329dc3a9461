"""`pmhealth wave list`, `show`, `try` and `status` of a wave of our own form."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from survey.campaign import WaveState
from survey.participation import Claim, LinkPurpose
from survey.register import open_register
from survey.register_participation import Participation
from tests.asked_world import (
    ASKED_BY,
    ENGINEERS,
    PERIOD,
    TODAY,
    WAVE,
    stored,
)
from tests.mail_server import Inbox, mail_server

# list and show


def test_a_draft_is_listed_and_shown(planned):
    shown = planned("wave", "list")[1]
    assert next("draft" in line for line in shown.splitlines() if WAVE in line)
    assert shown.splitlines()[-1].endswith(f"wave assign {WAVE} FILE --dry-run")
    assert json.loads(planned("wave", "list", "--json")[1])[0]["state"] == "draft"
    assert "0 approved of 0" in planned("wave", "show", PERIOD)[1]
    assert json.loads(planned("wave", "show", WAVE, "--json")[1])["nominations"] == 0


def test_an_open_wave_shows_its_days(opened):
    assert (
        f"{TODAY} to {TODAY + timedelta(days=20)}, asked by Ann Lee, People team"
        in opened("wave", "show", WAVE)[1]
    )
    assert json.loads(opened("wave", "show", WAVE, "--json")[1])["opens_on"] == str(TODAY)
    assert opened("wave", "list")[1].splitlines()[-1].endswith(f"wave status {WAVE}")


# try


def test_try_prints_a_link_once_and_stores_only_its_hash(planned, home):
    code, shown, _ = planned("wave", "try", WAVE, "--print")
    link = shown.splitlines()[1]
    assert (code, link.startswith("https://form.example.org/t/")) == (0, True)
    secret = link.rpartition("/")[2]
    assert secret.encode() not in (home / "register.sqlite").read_bytes()
    assert stored(home)[1][-1].action == "wave.try"


def test_try_of_a_closed_wave_makes_no_keys(opened, home):
    with open_register(home / "register.sqlite") as register:
        register.move_wave(WAVE, WaveState.CLOSED)
    (path,) = (home / "form" / "keys").iterdir()
    path.unlink()
    code, _, said = opened("wave", "try", WAVE, "--print")
    assert (code, "error[wave-try-state]" in said) == (5, True)
    assert not path.exists()


@pytest.mark.parametrize("arguments", [(), ("--print", "--to", "me@example.org"), ("--to", "no address")])
def test_try_wants_to_know_where_the_link_goes(planned, arguments):
    assert planned("wave", "try", WAVE, *arguments)[0] == 2


@pytest.fixture
def inbox(monkeypatch):
    """What reaches the mail server that this deployment is set up for."""
    received = Inbox()
    with mail_server(received) as port:
        settings = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none"}
        for name, value in settings.items():
            monkeypatch.setenv(f"PMHEALTH_SMTP_{name}", value)
        monkeypatch.setenv("PMHEALTH_MAIL_FROM", "People Team <people@example.org>")
        yield received


@pytest.mark.parametrize(
    ("wave", "name"), [(WAVE, "Alex Example"), (f"three-lenses/{PERIOD}", "Example/Team")]
)
def test_try_mails_the_invitation_as_raters_get_it(run, inbox, wave, name):
    run("wave", "create", wave, *ASKED_BY, "--opens", str(TODAY))
    code, shown, _ = run("wave", "try", wave, "--to", "me@example.org")
    assert (code, "is on its way" in shown) == (0, True)
    assert shown.splitlines()[-1].endswith(f"wave open {wave} --dry-run")
    (mail,) = inbox.of("me@example.org")
    text = mail.get_body(("plain",)).get_content()
    assert name in text
    assert "https://form.example.org/t/" in text


def test_try_says_if_the_server_does_not_take_the_mail(planned, inbox):
    inbox.faults["me@example.org"] = ["550 no such user"]
    code, _, said = planned("wave", "try", WAVE, "--to", "me@example.org")
    assert (code, "error[mail-try-refused]" in said) == (8, True)
    assert "me@example.org" not in said


# status


def answer(home: Path, *raters: str) -> None:
    """Marks everything these raters were asked as answered."""
    with open_register(home / "register.sqlite") as register:
        participation = Participation(register.store)
        for number, rater in enumerate(raters):
            hashed = f"{rater}-{number}".encode()
            participation.add_link(WAVE, rater, LinkPurpose.ANSWER, hashed)
            link, tasks = participation.visit(hashed)
            claims = [Claim(assignment_no=task.assignment_no, link_no=link.link_no) for task in tasks]
            participation.claim(claims)
            participation.finish(claims)


def test_status_tells_steps_and_no_names(opened, home):
    answer(home, *ENGINEERS[:9])
    code, shown, _ = opened("wave", "status", WAVE)
    assert code == 0
    lines = [line.split() for line in shown.splitlines()]
    assert ["all", "28", "at", "least", "8"] in lines
    assert ["engineering", "24", "at", "least", "8"] in lines
    assert ["Product/Growth", "28", "at", "least", "8"] in lines
    assert "Sekrit" not in shown
    assert not any(one in shown.split() for one in ENGINEERS)
    found = json.loads(opened("wave", "status", WAVE, "--json")[1])
    assert found["total"] == {"name": "all", "invited": 28, "at_least": 8}
    assert found["state"] == "open"


def test_status_of_a_draft_says_so(planned):
    assert planned("wave", "status", WAVE)[1].startswith(f"{WAVE} is a draft")
    assert json.loads(planned("wave", "status", WAVE, "--json")[1])["state"] == "draft"


def test_status_names_the_missing_for_reminding_and_writes_that_down(opened, home):
    answer(home, *ENGINEERS[:9])
    code, shown, _ = opened("wave", "status", WAVE, "--missing")
    assert code == 0
    assert "e9@example.org" in shown
    assert "e8@example.org" not in shown
    assert "at least" not in shown
    assert len(json.loads(opened("wave", "status", WAVE, "--missing", "--json")[1])) == 19
    last = stored(home)[1][-1]
    assert (last.action, last.detail) == ("wave.missing", "19 people named")


def test_status_names_nobody_once_the_wave_is_closed(opened, home):
    with open_register(home / "register.sqlite") as register:
        register.move_wave(WAVE, WaveState.CLOSED)
    code, shown, said = opened("wave", "status", WAVE, "--missing")
    assert (code, shown, "error[wave-missing-state]" in said) == (5, "", True)
    assert opened("wave", "status", WAVE)[1].splitlines()[-1].endswith(f"wave show {WAVE}")
