"""`pmhealth prove` as a person types it: what was tried, what was found, and the report beside the release."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from dashboard import cli
from pipeline.release import Releases
from pipeline.warehouse import open_warehouse
from survey.config import Settings

pytestmark = pytest.mark.thorough

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
WAVE = "great-pm/2026Q1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the program in a home with the sample wave published; returns exit code, stdout and stderr."""

    def run_program(*arguments: object) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    run_program("roster", "import", SAMPLES / "roster.csv")
    assert run_program("ingest", SAMPLES / "google-forms.csv", "--wave", WAVE, "--yes")[0] == 0
    assert run_program("publish", "--wave", WAVE)[0] == 0
    return run_program


def test_prove_when_the_release_is_sound_then_says_so_and_stores_the_report(run, home):
    code, out, _ = run("prove")
    report = home / "releases" / "release-000001.proof.json"
    assert code == 0
    assert "Nothing was found: the promise is kept." in out
    assert out.splitlines()[-1] == f"report: {report.name}, beside the release"
    stored = json.loads(report.read_text())
    assert stored == json.loads(run("prove", 1, "--json")[1])
    assert (stored["is_held"], stored["file"]) == (True, "release-000001.duckdb")
    assert [wave["min_raters"] for wave in stored["promises"]] == [4]
    tried = {attack["name"] for attack in stored["attacks"] if attack["tried"]}
    assert tried >= {"few_in_a_block", "few_raters", "few_pms", "not_from_blocks", "all_the_same"}
    assert {table["mismatched"] for table in stored["tables"]} == {0}
    assert all(table["read"] == table["recomputed"] + table["excepted"] for table in stored["tables"])


def test_report_when_read_back_then_is_what_was_found(run, home):
    run("prove")
    release = Releases(home / "releases").current()
    kept = release.proof()
    assert kept.is_held
    assert [one.wave_id for one in kept.promises] == [WAVE]
    assert asdict(kept) == json.loads(
        (home / "releases" / "release-000001.proof.json").read_text(), object_hook=_tupled
    )


def _tupled(found):
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def test_report_when_read_then_it_holds_counts_and_no_person(run, home):
    run("prove")
    text = (home / "releases" / "release-000001.proof.json").read_text()
    people = [line.split(",")[1] for line in (SAMPLES / "roster.csv").read_text().splitlines()[1:]]
    assert [name for name in people if name in text] == []
    assert "score" not in text


def test_prove_when_somebody_of_a_block_is_missing_then_fails_loudly(run, home):
    """Not a sound release any more: one block of it had fewer people than it says."""
    with open_warehouse(Settings(home=home).warehouse_path) as warehouse:
        warehouse.connection.execute(
            "delete from core.published_member where response_no in"
            " (select response_no from core.published_member where block_no = 1 order by all limit 4)"
        )
    code, out, _ = run("prove")
    assert code == 1
    assert "SOMETHING WAS FOUND: withdraw it." in out


def test_prove_when_there_is_no_such_release_then_says_which_was_meant(run):
    code, _, err = run("prove", 7)
    assert code == 14
    assert err.splitlines()[-3:-1] == [
        "error[prove-unknown]: there is no such release",
        "where: release-000007.duckdb",
    ]


def test_prove_when_nothing_was_published_then_says_so(tmp_path, capsys):
    assert cli.run(["--home", str(tmp_path), "prove"]) == 14
    assert "where: the current release" in capsys.readouterr().err
