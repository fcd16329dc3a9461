"""What is expected of PMs: read from a reviewed file, refused where it is not understood, the closest entry first."""

from pathlib import Path

import pytest

from dashboard.cli import run
from survey.config import Settings
from survey.definition import load_instruments
from survey.errors import ConfigError
from survey.expectation import Expectations, check_expectations, parse_expectations, read_expectations

INSTRUMENTS = load_instruments(Settings(home=Path("no-home-here")))
SCALE = next(one for one in INSTRUMENTS if one.instrument_id == "great-pm").scale("frequency")
TEXT = """
[[expected]]
focus = 3

[[expected]]
stage = "early"
focus = 3.2

[[expected]]
level = "Senior"
focus = 3.5
taste = 9

[[expected]]
level = "senior"
stage = "growth"
focus = 4
"""


@pytest.mark.parametrize(
    ("level", "stage", "score"),
    [
        ("senior", "growth", 4),
        ("SENIOR", "early", 3.5),
        ("associate", "early", 3.2),
        ("associate", "growth", 3),
        ("", "", 3),
    ],
)
def test_expectation_when_several_entries_fit_then_the_closest_counts(level, stage, score):
    assert parse_expectations(TEXT, where="x").of(level, stage, "focus", SCALE).score == score


def test_expectation_when_there_is_none_or_off_the_scale_then_nothing_is_expected():
    found = parse_expectations(TEXT, where="x")
    assert found.of("senior", "growth", "clarity", SCALE) is None
    assert found.of("senior", "growth", "taste", SCALE) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[expected", "expectations-toml"),
        ("focus = 3", "expectations-unknown"),
        ("expected = 3", "expectations-unknown"),
        ("[[expected]]\nlevel = 3", "expectations-whom"),
        ('[[expected]]\nstage = "big"', "expectations-whom"),
        ('[[expected]]\nfocus = "3"', "expectations-score"),
        ("[[expected]]\nfocus = true", "expectations-score"),
        ('[[expected]]\nlevel = "a"\n[[expected]]\nlevel = "A"', "expectations-twice"),
        ("[[expected]]\nfokus = 3", "expectations-trait"),
        ("[[expected]]\ngood_early = 3", "expectations-trait"),
        ("[[expected]]\nfocus = 5.5", "expectations-scale"),
    ],
)
def test_file_when_something_is_not_understood_then_says_what_and_where(tmp_path, text, code):
    path = tmp_path / "expectations.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        check_expectations(read_expectations(path), INSTRUMENTS, where=path.name)
    assert caught.value.code == code
    assert caught.value.where.startswith("expectations.toml")
    assert caught.value.hint


def test_file_when_it_is_not_there_then_nothing_is_expected(tmp_path):
    assert read_expectations(tmp_path / "expectations.toml") == Expectations()
    (tmp_path / "expectations.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_expectations(tmp_path / "expectations.toml")


def test_command_when_the_file_is_sound_then_shows_it(tmp_path, capsys):
    assert run(["--home", str(tmp_path), "expectations"]) == 0
    assert "Nothing is expected of anybody" in capsys.readouterr().out
    (tmp_path / "expectations.toml").write_text('[[expected]]\nlevel = "senior"\nfocus = 3.5\n')
    assert run(["--home", str(tmp_path), "expectations"]) == 0
    shown = capsys.readouterr().out
    assert "senior" in shown
    assert "3.5" in shown
    (tmp_path / "expectations.toml").write_text("[[expected]]\nfocus = 6\n")
    assert run(["--home", str(tmp_path), "expectations"]) == 6
    assert "expectations-scale" in capsys.readouterr().err
