"""`pmhealth demo` guards its folder: it keeps a finished demo and never touches anybody else's files."""

import json
from pathlib import Path

import pytest

from dashboard.cli import run
from dashboard.commands.demo import INPUT
from survey.config import DEMO_MARKER, demo_settings, read_settings

CONFIG_REFUSED = 6


def mark(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / DEMO_MARKER).write_text(text, encoding="utf-8")
    return home


def finished(home: Path, seed: int = 2026) -> Path:
    return mark(home, json.dumps({"seed": seed, "is_finished": True}))


def demo(home: Path, *more: str) -> int:
    return run(["demo", "--home", str(home), *more])


def test_demo_when_finished_is_kept_and_says_so(tmp_path, capsys):
    home = finished(tmp_path / "home")
    (home / "kept.txt").write_text("still here", encoding="utf-8")
    assert demo(home) == 0
    assert (home / "kept.txt").exists()
    said = capsys.readouterr().out
    assert "was kept" in said
    assert said.splitlines()[-1] == f"next: pmhealth serve --demo --home {home}"


def test_demo_when_made_with_another_seed_asks_before_it_is_replaced(tmp_path, capsys):
    home = finished(tmp_path / "home", seed=1)
    assert demo(home, "--seed", "2") == CONFIG_REFUSED
    assert "--fresh" in capsys.readouterr().err
    assert (home / DEMO_MARKER).exists()


@pytest.mark.parametrize("marker", ["", "{", "[]", '{"seed": "x", "is_finished": true}', '{"seed": 1}'])
def test_demo_when_the_folder_is_not_its_own_touches_nothing(tmp_path, capsys, marker):
    home = mark(tmp_path / "home", marker)
    (home / "precious.txt").write_text("mine", encoding="utf-8")
    assert demo(home, "--fresh") == CONFIG_REFUSED
    assert "not a demo" in capsys.readouterr().err
    assert (home / "precious.txt").read_text(encoding="utf-8") == "mine"


def test_demo_when_the_folder_holds_files_without_a_marker_touches_nothing(tmp_path):
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    assert demo(tmp_path) == CONFIG_REFUSED
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_demo_help_says_where_it_writes(capsys):
    assert run(["demo", "--help"]) == 0
    said = capsys.readouterr().out
    assert "data/demo/home" in said
    assert INPUT not in said.split()


def test_demo_when_the_program_names_a_home_is_there(tmp_path, capsys):
    home = finished(tmp_path / "home")
    assert run(["--home", str(home), "demo"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"next: pmhealth --home {home} serve --demo"


def test_demo_and_its_dashboard_when_no_home_is_named_are_apart_from_a_deployment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PMHEALTH_HOME", raising=False)
    assert read_settings().home == tmp_path / "data" / "home"
    assert demo_settings(read_settings()).home == tmp_path / "data" / "demo" / "home"
    finished(tmp_path / "data" / "demo" / "home")
    assert run(["demo"]) == 0
