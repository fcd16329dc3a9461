"""From the roster to a corrected wave, as a person types it: publish, withdraw, ingest, publish."""

from pathlib import Path

import pytest

from dashboard import cli
from pipeline.release import Releases
from survey.config import Settings
from survey.definition import find_instrument

pytestmark = pytest.mark.thorough

WAVE = "great-pm/2026Q1"
ROSTER = """\
person_id,name,email,manager_id,org_unit,role,pm_type,stage,active_from,active_to
ann,Ann Example,ann@example.org,,Product,director,,,2025-01-01,
bob,Bob Example,bob@example.org,ann,Product/Growth,pm,growth,early,2025-01-01,
"""
FIRST = (1, 2, 2, 3, 2, 3)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home, capsys):
    """Runs the program in a home of its own and returns exit code, stdout and stderr."""

    def run_program(*arguments: object) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


@pytest.fixture
def wave(run, home, tmp_path):
    """A published wave that was withdrawn; what takes in answers, one row per value."""
    roster = tmp_path / "people.csv"
    roster.write_text(ROSTER)
    assert run("roster", "import", roster)[0] == 0
    items = _items(home)

    def take_in(values):
        path = tmp_path / "answers.csv"
        rows = [
            ",".join(("bob", "peer", f"r{place}", *[str(value)] * len(items)))
            for place, value in enumerate(values)
        ]
        path.write_text("\n".join((",".join(("subject_id", "relationship", "rater", *items)), *rows)) + "\n")
        return run("ingest", path, "--wave", WAVE, "--yes")

    assert take_in(FIRST)[0] == 0
    assert run("publish", "--wave", WAVE)[0] == 0
    assert take_in((5, 5, 5, 5, 5, 5))[0] == 5
    assert run("wave", "withdraw", WAVE, "--reason", "wrong file", "--yes")[0] == 0
    assert _state(home) == "withdrawn"
    return take_in


def _items(home):

    return [item.item_id for item in find_instrument(Settings(home=home), "great-pm").items]


def _state(home):
    release = Releases(Settings(home=home).releases_path).current()
    assert release is not None
    (wave,) = release.waves()
    return wave.state


def test_withdrawn_wave_when_many_answers_were_corrected_then_is_published_again(run, home, wave):
    assert wave((5, 5, 4, 4, 5, 4))[0] == 0
    code, shown, _ = run("publish", "--wave", WAVE)
    assert (code, _state(home)) == (0, "published")
    assert f"{WAVE} is published, in release 3" in shown
    assert "published" in run("wave", "show", WAVE)[1]


def test_withdrawn_wave_when_one_response_was_corrected_then_is_refused_in_plain_words(run, home, wave):
    assert wave((2, *FIRST[1:]))[0] == 0
    code, shown, said = run("publish", "--wave", WAVE)
    assert (code, shown, _state(home)) == (14, "", "withdrawn")
    assert said.splitlines()[-3:] == [
        "error[publish-tells-on-few]: what changed since this wave was published would show what fewer than 4 "
        "people said",
        f"where: {WAVE}",
        "try: publish the files it had before, or leave it withdrawn",
    ]
    assert wave(FIRST)[0] == 0
    assert run("publish", "--wave", WAVE)[0] == 0
    assert _state(home) == "published"
