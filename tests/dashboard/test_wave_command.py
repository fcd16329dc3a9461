"""`pmhealth wave`: which waves there are, and how one is taken back."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from dashboard import cli
from survey.campaign import Wave, WaveState, parse_period
from survey.config import Settings
from survey.definition import find_instrument
from survey.register import open_register
from survey.roster import Person, make_roster


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the program in a home of its own and returns exit code, stdout and stderr."""

    def run_program(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


def person(person_id: str, role: str) -> Person:
    return Person(
        person_id=person_id,
        name="Ann Sekrit",
        email="",
        manager_id="",
        org_unit="Product",
        role=role,
        level="",
        pm_type="",
        stage="",
        active_from=date(2025, 1, 1),
        active_to=None,
    )


def add_wave(home: Path, period: str, *states: WaveState, reason: str = "") -> None:
    """Puts an open wave into the register, and moves it through these states."""
    instrument = find_instrument(Settings(home=home), "great-pm")
    wave = Wave(
        wave_id=f"great-pm/{period}",
        campaign="great-pm",
        period=parse_period(period),
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=True,
        roster_date=date(2026, 3, 31),
        policy="[minimum]\nraters = 4\n",
    )
    with open_register(Settings(home=home).register_path) as register:
        register.add_wave(wave, instrument, make_roster([person("ann", "director"), person("bob", "pm")]))
        for state in states:
            register.move_wave(wave.wave_id, state, reason if state is WaveState.WITHDRAWN else "")


PUBLISHED = (WaveState.CLOSED, WaveState.PUBLISHED)
WITHDRAWN = (*PUBLISHED, WaveState.WITHDRAWN)


def test_list_without_waves_says_how_one_comes_and_makes_no_register(run, home):
    code, shown, _ = run("wave", "list")
    assert code == 0
    assert shown.startswith(
        "There are no waves yet: you plan one, or the first ingest of an export opens one."
    )
    assert json.loads(run("wave", "list", "--json")[1]) == []
    assert not home.exists()


def test_list_shows_each_wave_with_state_and_reason(run, home):
    add_wave(home, "2026Q1")
    add_wave(home, "2025Q4", *WITHDRAWN, reason="wrong file")
    code, shown, _ = run("wave", "list")
    assert code == 0
    lines = [line.split() for line in shown.splitlines() if "great-pm/" in line]
    assert lines[0] == ["great-pm/2025Q4", "great-pm", "1.0", "withdrawn", "2026-03-31", "wrong", "file"]
    assert lines[1] == ["great-pm/2026Q1", "great-pm", "1.0", "open", "2026-03-31"]


def test_list_as_json_holds_what_was_frozen(run, home):
    add_wave(home, "2026Q1")
    (wave,) = json.loads(run("wave", "list", "--json")[1])
    assert wave["wave_id"] == "great-pm/2026Q1"
    assert (wave["starts_on"], wave["ends_on"], wave["roster_date"]) == (
        "2026-01-01",
        "2026-03-31",
        "2026-03-31",
    )
    assert wave["policy"] == "[minimum]\nraters = 4\n"


def test_show_tells_what_was_frozen_and_the_size_of_the_roster(run, home):
    add_wave(home, "2026Q1")
    code, shown, _ = run("wave", "show", "2026Q1")
    assert code == 0
    assert "2026-01-01 to 2026-03-31" in shown
    assert "2026-03-31: 2 people, 1 PM, 1 unit" in shown
    assert "[minimum]\nraters = 4\n" in shown
    assert "Sekrit" not in shown


def test_show_tells_why_a_wave_was_withdrawn(run, home):
    add_wave(home, "2026Q1", *WITHDRAWN, reason="wrong file")
    shown = run("wave", "show", "great-pm/2026Q1")[1]
    assert ["withdrawn", "because", "wrong", "file"] in [line.split() for line in shown.splitlines()]


def test_show_as_json_adds_the_size_of_the_roster(run, home):
    add_wave(home, "2026Q1")
    found = json.loads(run("wave", "show", "2026Q1", "--json")[1])
    assert (found["people"], found["pms"], found["units"]) == (2, 1, 1)


def test_show_of_an_unknown_wave_names_those_there_are(run, home):
    add_wave(home, "2026Q1")
    code, _, said = run("wave", "show", "2027Q1")
    assert code == 5
    assert said == (
        "error[wave-unknown]: there is no such wave\nwhere: 2027Q1\ntry: the waves are: great-pm/2026Q1\n"
    )


@pytest.mark.parametrize(
    ("states", "following"),
    [
        ((), "ingest FILE --wave great-pm/2026Q1 --dry-run"),
        ((WaveState.CLOSED,), "publish --wave great-pm/2026Q1"),
        (WITHDRAWN, "publish --wave great-pm/2026Q1"),
    ],
)
def test_the_last_line_is_what_comes_next_for_that_state(run, home, states, following):
    add_wave(home, "2026Q1", *states, reason="wrong file")
    for name in (("list",), ("show", "2026Q1")):
        assert run("wave", *name)[1].splitlines()[-1] == f"next: pmhealth --home {home} {following}"


def test_the_last_line_for_a_published_wave_leads_to_no_refusal(run, home):
    add_wave(home, "2026Q1", *PUBLISHED)
    start = f"next: pmhealth --home {home} wave"
    assert run("wave", "list")[1].splitlines()[-1] == f"{start} show great-pm/2026Q1"
    assert run("wave", "show", "2026Q1")[1].splitlines()[-1] == f"{start} list"


def test_the_next_step_where_no_wave_is_can_open_one(run, home):
    following = "wave create --help"
    assert run("wave", "list")[1].splitlines()[-1] == f"next: pmhealth --home {home} {following}"


@pytest.mark.parametrize(
    ("states", "reason", "code"),
    [
        ((), "wrong file", "wave-state"),
        ((WaveState.CLOSED,), "wrong file", "wave-state"),
        (PUBLISHED, " ", "wave-reason"),
    ],
)
def test_a_withdrawal_that_cannot_be_is_refused_before_it_is_asked_about(run, home, states, reason, code):
    add_wave(home, "2026Q1", *states)
    exit_code, shown, said = run("wave", "withdraw", "2026Q1", "--reason", reason)
    assert exit_code == 5
    assert shown == ""
    assert said.startswith(f"error[{code}]: ")


def test_a_withdrawal_without_a_reason_is_used_wrongly(run, home):
    add_wave(home, "2026Q1", *PUBLISHED)
    code, _, said = run("wave", "withdraw", "2026Q1")
    assert code == 2
    assert "--reason" in said


def test_a_withdrawal_that_is_not_confirmed_changes_nothing(run, home, monkeypatch):
    add_wave(home, "2026Q1", *PUBLISHED)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run("wave", "withdraw", "2026Q1", "--reason", "wrong file")[0] == cli.INTERRUPTED_EXIT_CODE
    with open_register(Settings(home=home).register_path) as register:
        assert register.wave("2026Q1").state is WaveState.PUBLISHED


@pytest.mark.parametrize("name", [(), ("list",), ("show",), ("withdraw",)])
def test_help_teaches_and_shows_examples(run, name):
    code, shown, _ = run("wave", *name, "--help")
    assert code == 0
    assert "Examples:" in shown or "published" in shown
