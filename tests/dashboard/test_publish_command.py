"""`pmhealth publish` as a person types it: what it says, and that a cut-off withdrawal is finished."""

import json
from pathlib import Path

import pytest

from dashboard import cli
from survey.campaign import WaveState
from survey.config import Settings
from survey.register import open_register

pytestmark = pytest.mark.thorough

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
WAVE = "great-pm/2026Q1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the program in a home with the sample wave taken in; returns exit code, stdout and stderr."""

    def run_program(*arguments: object) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    run_program("roster", "import", SAMPLES / "roster.csv")
    assert run_program("ingest", SAMPLES / "google-forms.csv", "--wave", WAVE, "--yes")[0] == 0
    return run_program


def test_publish_when_done_then_says_what_is_shown_and_what_hidden(run, home):
    code, out, _ = run("publish", "--wave", "2026Q1")
    assert code == 0
    assert out.splitlines()[0] == f"{WAVE} is published, in release 1 (release-000001.duckdb):"
    assert "  4 subjects, " in out
    assert "hidden, since too few people stand behind them" in out
    assert out.splitlines()[-1] == f"next: pmhealth --home {home} wave show {WAVE}"


def test_publish_as_json_when_done_then_prints_the_manifest(run, home):
    told = json.loads(run("publish", "--wave", WAVE, "--json")[1])
    assert told == json.loads((home / "releases" / "release-000001.json").read_text())


def test_publish_when_the_wave_is_unknown_then_no_progress_is_pretended(run):
    code, _, err = run("publish", "--wave", "2027Q1")
    assert code == 5
    assert err.startswith("error[wave-unknown]")


def test_publish_when_a_withdrawal_was_cut_off_then_the_old_numbers_do_not_stay(run, home):
    assert run("publish", "--wave", WAVE)[0] == 0
    with open_register(Settings(home=home).register_path) as register:
        register.move_wave(WAVE, WaveState.WITHDRAWN, "wrong file")
    told = json.loads(run("publish", "--wave", WAVE, "--json")[1])
    assert (told["release_no"], told["waves"][0]["state"]) == (3, "published")
