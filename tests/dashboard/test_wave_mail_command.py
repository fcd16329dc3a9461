"""`pmhealth wave invite`, `remind`, `nominate`, `thanks`, `results`, `tell` and `links`, with a real mail server."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.commands.wave_mail_run import say_failures
from survey.assignment import NominationState
from survey.campaign import WaveState
from survey.config import Settings
from survey.mailing import Failure, Tally
from survey.register import open_register
from survey.register_collection import Collections
from survey.register_mail import MailLog
from tests.mail_server import Inbox, mail_server
from tests.mail_world import (
    COLLEAGUES,
    FORM_URL,
    LINK,
    PMS,
    World,
    approved,
    collection,
    move,
    person,
    roster,
    world,
)

WAVE = "great-pm/2026Q4"
EVERYBODY = {"lee", *PMS, *COLLEAGUES}
FAST = ("--per-second", "100")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    def run_program(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), "wave", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch):
    """What reaches the mail server that this deployment is set up for."""
    received = Inbox()
    with mail_server(received) as port:
        for name, value in {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_TLS": "none",
            "MAIL_FROM": "People Team <people@example.org>",
            "FORM_URL": FORM_URL,
            "DASHBOARD_URL": "https://dashboard.example.org",
        }.items():
            monkeypatch.setenv(f"PMHEALTH_{name}", value)
        yield received


def make(home: Path, *states: WaveState, **options) -> None:
    with world(home, **options) as one:
        move(one, *states)


PUBLISHED = (WaveState.CLOSED, WaveState.PUBLISHED)


def audit(home: Path) -> list[tuple[str, str]]:
    with open_register(Settings(home=home).register_address) as register:
        return [(entry.action, entry.detail) for entry in register.audit() if entry.action != "wave.open"]


def recipients(inbox: Inbox) -> list[str]:
    return sorted(mail["To"].addresses[0].username for mail in inbox.received)


def reached(text: str, home: Path) -> set[str]:
    """Whom the links in a text belong to, as the form finds them."""
    with world_again(home) as one:
        return {one.find(secret).person_id for _, secret in LINK.findall(text)}


@contextmanager
def world_again(home: Path) -> Iterator[World]:
    settings = Settings(home=home)
    with open_register(settings.register_address) as register:
        yield World(settings=settings, register=register, collection=collection())


def test_invite_when_run_then_everybody_gets_a_mail_and_counts_and_next_step_are_said(run, home, inbox):
    make(home)
    code, shown, progress = run("invite", "2026Q4", *FAST)
    assert code == 0
    assert shown.splitlines() == ["11 mails sent.", f"next: pmhealth --home {home} wave status {WAVE}"]
    assert recipients(inbox) == sorted(EVERYBODY)
    texts = "".join(mail.get_body(("plain",)).get_content() for mail in inbox.received)
    assert reached(texts, home) == EVERYBODY
    assert not [secret for _, secret in LINK.findall(texts) if secret in shown + progress]
    assert audit(home) == [("wave.invite", "11 mails sent, 0 not")]
    assert run("invite", WAVE, *FAST)[1].startswith("0 mails sent.")
    assert len(inbox.received) == 11


def test_invite_when_some_are_not_reached_then_they_are_listed_without_name_or_address(run, home, inbox):
    people = roster(r1=person("r1", email=""))
    make(home, people=people)
    inbox.faults = {"r2@example.org": ["550 no r2@example.org here"]}
    code, shown, progress = run("invite", WAVE, *FAST)
    assert code == 0
    assert "9 mails sent." in shown
    assert "2 people got no mail:" in shown
    assert re.search(r"r1 +the roster has no usable address", shown)
    assert re.search(r"r2 +the mail server refused it \(reply 550\)", shown)
    assert "Sekrit" not in shown + progress
    assert "@" not in shown + progress


def test_invite_when_very_many_are_not_reached_then_the_rest_is_counted(run, home, inbox):
    crowd = {f"x{number}": person(f"x{number}", "pm", email="") for number in range(45)}
    make(home, people=roster(**crowd))
    _, shown, _ = run("invite", WAVE, *FAST)
    assert "... and 5 more. In all: the roster has no usable address 45" in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("no-address", "the roster has no usable address"),
        ("smtp-gone", "the connection broke each time"),
        ("smtp-450", "the mail server asks to try later (reply 450)"),
        ("smtp-550", "the mail server refused it (reply 550)"),
    ],
)
def test_failures_when_listed_then_each_code_is_said_in_words(code, words, capsys):
    say_failures(Tally(sent=0, failures=(Failure(person_id="r1", code=code),)))
    assert words in capsys.readouterr().out


def test_invite_when_dry_then_mails_are_files_with_links_that_do_not_work(run, home, tmp_path):
    make(home)
    folder = tmp_path / "mails"
    code, shown, _ = run("invite", WAVE, "--dry-run", "--folder", str(folder))
    assert code == 0
    assert f"11 mails written to {folder}; nothing was sent." in shown
    assert shown.splitlines()[-1].endswith(f"wave invite {WAVE}")
    mails = [message_from_bytes(path.read_bytes(), policy=SMTP) for path in folder.iterdir()]
    texts = [mail.get_body(("plain",)).get_content() for mail in mails]
    assert len(texts) == 11
    assert all("/f/NOT-A-WORKING-LINK" in text for text in texts)
    assert audit(home) == []
    assert run("invite", WAVE, "--dry-run")[0] == 0
    assert len(list((home / "trial-mails").glob("*-invite/*.eml"))) == 11


def test_invite_when_mail_is_not_set_up_then_it_says_what_is_missing(run, home, monkeypatch):
    make(home)
    monkeypatch.delenv("PMHEALTH_SMTP_HOST", raising=False)
    code, _, error = run("invite", WAVE)
    assert code == 6
    assert "PMHEALTH_SMTP_HOST, PMHEALTH_MAIL_FROM" in error


def test_invite_when_the_wave_is_a_draft_then_it_is_refused(run, home, inbox):
    make(home, is_open=False)
    code, _, error = run("invite", WAVE)
    assert code == 5
    assert "its state is draft; this mail is for a wave that is open" in error
    assert f"open it first: pmhealth wave open {WAVE}" in error


def test_invite_when_the_keys_are_gone_then_no_dead_link_is_sent(run, home, inbox):
    make(home)
    Settings(home=home).wave_keys_path(WAVE).unlink()
    code, _, error = run("invite", WAVE, *FAST)
    assert code == 6
    assert "keys-unusable" in error
    assert inbox.received == []


def test_remind_when_run_then_those_with_a_recent_mail_are_left_in_peace(run, home, inbox):
    make(home)
    run("invite", WAVE, *FAST)
    assert "11 people had a mail within the last three days" in run("remind", WAVE, *FAST)[1]
    long_ago = datetime.now(UTC) - timedelta(days=4)
    with world_again(home) as one:
        log = MailLog(one.register.store)
        for record in log.records(WAVE)[:5]:
            log.sent(record.mail_no, long_ago)
    inbox.received.clear()
    _, shown, _ = run("remind", WAVE, *FAST)
    assert "5 mails sent." in shown
    assert "6 people had a mail" in shown
    assert all("Still open until" in mail["Subject"] for mail in inbox.received if "r1@" not in mail["To"])


def test_nominate_when_run_then_pms_name_people_and_leads_approve_what_waits(run, home, inbox):
    make(home, is_open=False)
    assert run("nominate", WAVE, *FAST)[1].splitlines()[0] == "2 mails sent."
    with world_again(home) as one:
        proposed = [approved("pam", "r1", NominationState.PROPOSED)]
        Collections(one.register.store).put_nominations(WAVE, proposed)
    assert run("nominate", WAVE, *FAST)[1].splitlines()[0] == "1 mail sent."
    assert recipients(inbox) == ["lee", "pam", "pip"]


def test_thanks_when_run_then_everybody_who_was_asked_gets_them_once(run, home, inbox):
    make(home, WaveState.CLOSED)
    code, shown, _ = run("thanks", WAVE, *FAST)
    assert code == 0
    assert shown.splitlines()[-1].endswith(f"pmhealth --home {home} ingest --wave {WAVE}")
    assert recipients(inbox) == sorted(EVERYBODY)
    assert run("thanks", WAVE, *FAST)[1].startswith("0 mails sent.")


def test_results_when_run_then_pms_get_the_way_to_their_page(run, home, inbox):
    make(home, *PUBLISHED)
    assert run("results", WAVE, *FAST)[0] == 0
    assert recipients(inbox) == ["pam", "pip"]
    text = inbox.received[0].get_body(("plain",)).get_content()
    assert "https://dashboard.example.org/my-results?wave=great-pm%2F2026Q4" in text
    assert "wave results" in run("thanks", WAVE, *FAST)[1].splitlines()[-1]


def test_results_when_dry_then_no_address_of_the_dashboard_is_needed(run, home, monkeypatch):
    make(home, *PUBLISHED)
    monkeypatch.delenv("PMHEALTH_DASHBOARD_URL", raising=False)
    assert run("results", WAVE, "--dry-run")[0] == 0
    assert run("results", WAVE)[0] == 6


def test_tell_when_run_then_raters_read_what_hr_wrote(run, home, inbox, tmp_path):
    make(home, *PUBLISHED)
    text = tmp_path / "told.md"
    text.write_text("# Heard\n\nReviews come late.\n\n- two days\n", encoding="utf-8")
    assert run("tell", WAVE, "--text", str(text), "--dry-run")[0] == 0
    assert run("tell", WAVE, "--text", str(text), *FAST)[0] == 0
    assert recipients(inbox) == sorted(EVERYBODY)
    assert "- two days" in inbox.received[0].get_body(("plain",)).get_content()


def read_links(text: str) -> dict[str, str]:
    return {row["person_id"]: row["link"] for row in csv.DictReader(io.StringIO(text))}


def test_links_when_asked_for_then_each_works_and_that_it_was_asked_is_kept(run, home, inbox):
    make(home)
    code, shown, said = run("links", WAVE, "--yes")
    assert code == 0
    links = read_links(shown)
    assert set(links) == EVERYBODY
    for person_id, link in links.items():
        assert reached(link, home) == {person_id}
    assert audit(home) == [("wave.links", "links made for 11 people")]
    assert "11 links made; they cannot be shown again." in said


def test_links_when_written_to_a_file_then_only_its_owner_reads_it_and_it_is_never_overwritten(
    run, home, inbox, tmp_path
):
    make(home, people=roster(r1=person("r1", email="")))
    out = tmp_path / "links.csv"
    code, shown, _ = run("links", WAVE, "--without-mail", "--out", str(out), "--yes")
    assert (code, shown) == (0, "")
    assert set(read_links(out.read_text())) == {"r1"}
    assert out.stat().st_mode & 0o777 == 0o600
    assert run("links", WAVE, "--out", str(out), "--yes")[0] == 6
    assert len(audit(home)) == 1


def test_links_when_for_some_people_then_only_they_get_one(run, home, inbox):
    make(home)
    assert set(read_links(run("links", WAVE, "--person", "r1", "--person", "pam", "--yes")[1])) == {
        "r1",
        "pam",
    }
    code, _, error = run("links", WAVE, "--person", "nobody", "--yes")
    assert code == 5
    assert "not asked in this wave: nobody" in error


def test_links_when_nobody_is_left_then_none_is_made(run, home, inbox):
    make(home)
    code, shown, said = run("links", WAVE, "--without-mail", "--yes")
    assert (code, shown) == (0, "")
    assert "Nobody of these has anything left to answer." in said
    assert audit(home) == []


def test_links_when_not_confirmed_then_none_is_made(run, home, inbox, monkeypatch):
    make(home)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, shown, _ = run("links", WAVE)
    assert (code, shown) == (130, "")
    assert audit(home) == []
