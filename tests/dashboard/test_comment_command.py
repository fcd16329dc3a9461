"""`pmhealth comment`: HR reads what passed the gate, holds one back with a reason; all of it audited."""

import json
from pathlib import Path

import pytest

from dashboard import cli
from pipeline.release import Releases
from survey.config import Settings
from survey.register import open_register

pytestmark = pytest.mark.thorough

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
WAVE = "great-pm/2026Q1"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def run(home, capsys):
    """Runs the program in a home with the sample wave taken in."""

    def run_program(*arguments):
        code = cli.run(["--home", str(home), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    run_program("roster", "import", SAMPLES / "roster.csv")
    assert run_program("ingest", SAMPLES / "google-forms.csv", "--wave", WAVE, "--yes")[0] == 0
    return run_program


def numbers_shown(home):
    release = Releases(home / "releases").current()
    pms = {one.subject_id for one in release.subjects()}
    return {one.comment_no for pm in pms for one in release.comments(pm) if one.group == "others"}


def test_hold_and_release_when_done_then_count_from_the_next_publication_and_are_audited(run, home):
    listed = json.loads(run("comment", "list", "2026Q1", "--json")[1])
    first, *others = [one["comment_no"] for one in listed]
    assert run("comment", "hold", WAVE, first, "--reason", "tells a customer's name")[0] == 0
    assert "(held back)" in run("comment", "list", WAVE)[1]
    assert run("publish", "--wave", WAVE)[0] == 0
    assert numbers_shown(home) == set(others)

    assert run("comment", "release", WAVE, first)[0] == 0
    assert run("comment", "hold", WAVE, others[0], "--reason", "again")[0] == 0
    assert run("wave", "withdraw", WAVE, "--reason", "a comment", "--yes")[0] == 0
    assert run("publish", "--wave", WAVE)[0] == 0
    assert numbers_shown(home) == {first, *others[1:]}
    assert run("prove")[0] == 0

    with open_register(Settings(home=home).register_address) as register:
        entries = [one for one in register.audit() if one.action.startswith("comment-")]
    assert [one.action for one in entries] == [
        "comment-list", "comment-hold", "comment-list", "comment-release", "comment-hold",
    ]  # fmt: skip
    assert {one.target for one in entries} == {WAVE}
    assert not any(one["words"] in entry.detail for one in listed for entry in entries)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("hold", WAVE, "1", "--reason", "why"), "comment-unknown"),
        (("hold", WAVE, "1", "--reason", " "), "comment-reason"),
        (("release", WAVE, "1"), "comment-unknown"),
        (("list", "2027Q1"), "wave-unknown"),
    ],
)
def test_comment_when_it_cannot_be_then_is_refused(run, arguments, refusal):
    code, _, err = run("comment", *arguments)
    assert code
    assert err.startswith(f"error[{refusal}]")
