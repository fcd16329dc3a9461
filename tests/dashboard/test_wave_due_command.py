"""`pmhealth wave run-due`: a wave goes its whole way by the calendar, each step once."""

import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard import cli
from pipeline.due import MOST_ATTEMPTS, run_due
from survey.assignment import NominationState
from survey.campaign import WaveState
from survey.config import Settings
from survey.post_office import PostOffice
from survey.register import open_register
from survey.register_collection import Collections
from tests.mail_server import Inbox, mail_server
from tests.mail_world import (
    COLLEAGUES,
    FORM_URL,
    PMS,
    World,
    add_wave,
    approved,
    collection,
    person,
    roster,
    world,
)

WAVE = "great-pm/2026Q4"
EVERYBODY = {"lee", *PMS, *COLLEAGUES}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs what is due on a day, and returns exit code, lines and what was said on stderr."""

    def run_program(day: str, *more: str) -> tuple[int, list[str], str]:
        options = ("--today", day, "--per-second", "100")
        code = cli.run(["--home", str(home), "wave", "run-due", *options, *more])
        captured = capsys.readouterr()
        return code, captured.out.splitlines()[:-1], captured.err

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


@contextmanager
def again(home: Path, period: str = "2026Q4"):
    settings = Settings(home=home)
    with open_register(settings.register_address) as register:
        yield World(settings=settings, register=register, collection=collection(period))


def draft(home: Path, *, people=None, is_settled: bool = True) -> None:
    """A draft whose raters are approved, as it stands before its first day."""
    with world(home, is_open=False, people=people or roster()) as one:
        if is_settled:
            approve(one)


def approve(one: World, colleagues=COLLEAGUES) -> None:
    chosen = [approved(pm, colleague) for pm in PMS for colleague in colleagues]
    Collections(one.register.store).put_nominations(one.collection.wave_id, chosen)


def state(home: Path, period: str = "2026Q4") -> WaveState:
    with again(home, period) as one:
        return Collections(one.register.store).state(one.collection.wave_id)


def recipients(inbox: Inbox) -> list[str]:
    return sorted(mail["To"].addresses[0].username for mail in inbox.received)


def test_run_when_nothing_is_planned_then_nothing_is_due(run, home):
    assert run("2026-11-01")[:2] == (0, ["Nothing is due."])


def test_nominations_when_due_then_pms_are_asked_once_and_leads_when_a_list_waits(run, home, inbox):
    draft(home, is_settled=False)
    assert run("2026-11-09")[1] == ["Nothing is due."]
    assert run("2026-11-10")[1] == [f"{WAVE}: nominate: 2 mails sent"]
    assert run("2026-11-11")[1] == ["Nothing is due."]
    with again(home) as one:
        proposed = [approved("pam", "r1", NominationState.PROPOSED)]
        Collections(one.register.store).put_nominations(WAVE, proposed)
    assert run("2026-11-12")[1] == [f"{WAVE}: nominate: 1 mail sent"]
    assert recipients(inbox) == ["lee", "pam", "pip"]


def test_opening_when_its_day_comes_then_it_opens_and_invites_once(run, home, inbox):
    draft(home)
    expected = [f"{WAVE}: open: opened until 2026-12-21", f"{WAVE}: invite: 11 mails sent"]
    assert run("2026-12-01")[:2] == (0, expected)
    assert run("2026-12-01")[1] == ["Nothing is due."]
    assert recipients(inbox) == sorted(EVERYBODY)
    assert state(home) is WaveState.OPEN


def test_opening_when_somebody_has_too_few_others_then_it_waits_for_hr_and_says_so(run, home, inbox):
    with world(home, is_open=False) as one:
        approve(one, COLLEAGUES[:5])
    code, lines, error = run("2026-12-01")
    assert (code, lines) == (5, [])
    assert f"{WAVE}: open failed: error[wave-small]" in error
    assert "--accept-small" in error
    assert state(home) is WaveState.DRAFT
    assert inbox.received == []


def test_reminders_when_due_then_each_day_of_the_schedule_has_one(run, home, inbox):
    draft(home)
    told = {day: run(f"2026-12-{day:02}")[1] for day in range(1, 22)}
    assert {day for day, lines in told.items() if lines == [f"{WAVE}: remind: 11 mails sent"]} == {8, 18}
    assert [day for day, lines in told.items() if lines != ["Nothing is due."]] == [1, 8, 18]


def test_run_when_mail_is_not_set_up_then_the_wave_opens_all_the_same_and_closing_goes_on(
    run, home, monkeypatch
):
    monkeypatch.delenv("PMHEALTH_SMTP_HOST", raising=False)
    draft(home)
    code, lines, error = run("2026-12-01")
    assert (code, lines) == (6, [f"{WAVE}: open: opened until 2026-12-21"])
    assert "invite failed: error[mail-not-set-up]" in error


def test_mail_when_an_address_is_dead_then_it_is_tried_some_times_and_then_left(run, home, inbox):
    draft(home, people=roster(r2=person("r2", email="")))
    inbox.faults = {"r1@example.org": ["550 gone"] * 99}
    assert run("2026-12-01")[1][1] == f"{WAVE}: invite: 9 mails sent, 1 failed"
    told = [run(f"2026-12-{day:02}")[1][0] for day in range(2, 8)]
    assert told == [f"{WAVE}: invite: 0 mails sent, 1 failed"] * (MOST_ATTEMPTS - 1) + ["Nothing is due."] * 2
    assert "r1" not in recipients(inbox)


def test_run_when_one_wave_fails_then_the_others_go_on(run, home, inbox):
    draft(home)
    with again(home, "2026H2") as one:
        add_wave(one.settings, one.register, collection("2026H2"), is_open=False)
    code, lines, error = run("2026-12-01")
    assert code == 5
    assert "great-pm/2026H2: open failed" in error
    assert f"{WAVE}: invite: 11 mails sent" in lines


def test_run_when_it_meets_a_bug_then_the_others_go_on_and_nothing_is_quoted(home):
    draft(home)
    moments = iter((datetime(2026, 12, 1, 8, tzinfo=UTC),))
    with again(home, "2026H2") as one:
        add_wave(one.settings, one.register, collection("2026H2"), is_open=False)
        approve(one)
    office = PostOffice(settings=Settings(home=home), environment={}, now=lambda: next(moments), done_by="x")
    found = run_due(office, today=date(2026, 12, 1), progress=lambda _: None)
    told = {(done.wave_id, done.step.value): done.error.code if done.error else "" for done in found}
    assert told[("great-pm/2026H2", "open")] == ""
    assert told[(WAVE, "open")] == "unexpected"
    assert {done.exit_code for done in found} == {0, 6, 70}


def test_run_when_another_is_at_work_then_it_leaves_it_alone(run, home, inbox):
    draft(home)
    hold = (
        "import sys, time; from pathlib import Path; from survey.lock import only_one\n"
        "with only_one(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    lock = str(Settings(home=home).lock_path("run-due"))
    with subprocess.Popen([sys.executable, "-c", hold, lock], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert cli.run(["--home", str(home), "wave", "run-due", "--today", "2026-12-01"]) == 0
        holder.kill()
    assert state(home) is WaveState.DRAFT


def repeated(home: Path) -> None:
    with world(home, is_open=False) as one:
        Collections(one.register.store).repeat(WAVE, is_repeated=True)


def plans(home: Path) -> list[str]:
    with again(home) as one:
        return [each.wave_id for each, _ in Collections(one.register.store).list()]


def test_repeated_campaign_when_a_week_before_nominations_then_the_next_wave_is_planned_once(
    run, home, inbox
):
    repeated(home)
    assert run("2027-02-10")[1] == ["Nothing is due."]
    expected = "plan: planned; PMs are asked whom to ask from 2027-02-18, it opens on 2027-03-11"
    assert run("2027-02-11")[1] == [f"great-pm/2027Q1: {expected}"]
    assert run("2027-02-11")[1] == ["Nothing is due."]
    assert run("2027-02-18")[1] == ["great-pm/2027Q1: nominate: 2 mails sent"]
    assert plans(home) == [WAVE, "great-pm/2027Q1"]


def test_repeated_campaign_when_run_late_then_pms_are_asked_at_once_and_have_their_time(run, home, inbox):
    repeated(home)
    expected = "plan: planned; PMs are asked whom to ask from 2027-03-05, it opens on 2027-03-26"
    assert run("2027-03-05")[1] == [
        f"great-pm/2027Q1: {expected}",
        "great-pm/2027Q1: nominate: 2 mails sent",
    ]


def test_repeated_campaign_when_run_each_week_of_a_year_then_each_quarter_has_one_wave(run, home, inbox):
    repeated(home)
    for week in range(56):
        run(str(date(2026, 12, 1) + timedelta(days=7 * week)))
    assert plans(home) == [WAVE, *(f"great-pm/2027Q{number}" for number in range(1, 5))]


def test_repeated_campaign_when_switched_off_then_nothing_more_is_planned(run, home):
    repeated(home)
    assert cli.run(["--home", str(home), "wave", "repeat", "great-pm", "--off"]) == 0
    assert run("2027-02-11")[1][-1] == "Nothing is due."
    assert plans(home) == [WAVE]


def test_run_when_asked_for_json_then_a_script_can_read_it(home, inbox, capsys):
    draft(home)
    arguments = ("wave", "run-due", "--today", "2026-12-01", "--per-second", "100", "--json")
    assert cli.run(["--home", str(home), *arguments]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first == {"wave_id": WAVE, "step": "open", "told": "opened until 2026-12-21", "error": None}
    assert second["told"] == "11 mails sent"
