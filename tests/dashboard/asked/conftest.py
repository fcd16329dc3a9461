"""A deployment with a roster, a draft in it, and the same wave open."""

from pathlib import Path

import pytest

from dashboard import cli
from survey.register import open_register
from tests.asked_world import ASKED_BY, ROSTER, TODAY, WAVE, pairs_file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with open_register(home / "register.sqlite") as register:
        register.replace_roster(ROSTER)
    return home


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs the program in that home and returns exit code, stdout and stderr."""
    monkeypatch.setenv("PMHEALTH_FORM_URL", "https://form.example.org")

    def run_program(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


@pytest.fixture
def planned(run):
    """A draft that opens today."""
    assert run("wave", "create", WAVE, *ASKED_BY, "--opens", str(TODAY))[0] == 0
    return run


@pytest.fixture
def opened(planned, tmp_path):
    """An open wave with eight others per PM."""
    assert planned("wave", "assign", WAVE, pairs_file(tmp_path))[0] == 0
    assert planned("wave", "open", WAVE)[0] == 0
    return planned
