"""`pmhealth instrument` as a person types it: what it prints, what it writes, how it refuses."""

import json
from datetime import date
from pathlib import Path

import pytest

from dashboard import terminal
from dashboard.cli import run
from survey.campaign import Wave, WaveState, parse_period
from survey.config import Settings
from survey.definition import BUILT_IN, read_instrument
from survey.register import open_register
from survey.roster import Roster

GREAT_PM = read_instrument(BUILT_IN / "great-pm.yaml")
SOURCE = (BUILT_IN / "great-pm.yaml").read_text(encoding="utf-8")
REWORDED = SOURCE.replace("Turns down requests", "Declines requests")
REFUSED = 3


@pytest.fixture
def pmhealth(tmp_path, capsys):
    """Runs the program in a deployment of its own; returns exit code, output and errors."""

    def type_in(*arguments: object) -> tuple[int, str, str]:
        code = run(["--home", str(tmp_path / "home"), *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_in


@pytest.fixture
def used(tmp_path) -> Path:
    """The home of a deployment in which a wave has used great-pm 1.0."""
    home = tmp_path / "home"
    home.mkdir()
    wave = Wave(
        wave_id="great-pm/2026Q1",
        campaign="great-pm",
        period=parse_period("2026Q1"),
        instrument_id=GREAT_PM.instrument_id,
        instrument_version=GREAT_PM.version,
        instrument_hash=GREAT_PM.content_hash,
        state=WaveState.OPEN,
        is_external=True,
        roster_date=date(2026, 3, 31),
        policy="",
    )
    with open_register(Settings(home=home).register_path) as register:
        register.add_wave(wave, GREAT_PM, Roster(people=()))
    return home


def test_list_when_nothing_was_used_then_shows_five_without_waves(pmhealth):
    code, out, _ = pmhealth("instrument", "list")
    assert code == 0
    rows = {row[0]: row for row in map(str.split, out.splitlines()) if len(row) > 5}
    assert set(rows) >= {"great-pm", "great-pm-pulse", "core-competencies", "three-lenses", "stage-fit"}
    assert rows["great-pm"][1:] == [
        "1.0",
        "pm",
        "self,",
        "manager,",
        "others",
        "24",
        "en,",
        "de",
        "program",
        "-",
    ]
    assert out.splitlines()[-1].startswith("next: pmhealth")


def test_list_when_a_wave_uses_one_then_names_it(pmhealth, used):
    assert "great-pm/2026Q1" in pmhealth("instrument", "list")[1]
    listed = {one["instrument"]: one for one in json.loads(pmhealth("instrument", "list", "--json")[1])}
    assert listed["great-pm"]["waves"] == ["great-pm/2026Q1"]
    assert listed["stage-fit"]["waves"] == []
    assert listed["great-pm"]["content_hash"] == GREAT_PM.content_hash


def test_show_when_read_then_has_scales_items_with_direction_and_prompts(pmhealth):
    _, out, _ = pmhealth("instrument", "show", "great-pm")
    assert (
        "frequency: 1 never | 2 seldom | 3 about half the time | 4 mostly | 5 every time || not enough" in out
    )
    assert "  - Piles new work on top of a full plan.  [focus_overloads]" in out
    assert "  ? Proposed this quarter to end a project of their own because of the evidence." in out
    assert "Open questions" in out


def test_show_when_there_are_areas_or_no_prompts_then_shows_what_there_is(pmhealth, tmp_path):
    assert (
        "Strategic thinking: Vision translation (vision_translation"
        in pmhealth("instrument", "show", "core-competencies")[1]
    )
    own = tmp_path / "home" / "instruments"
    own.mkdir(parents=True)
    text = SOURCE[: SOURCE.index("prompts:")].replace("id: great-pm", "id: mine")
    text = text.replace("kind: points\n    low: 1\n    high: 5", "kind: range\n    low: 0\n    high: 2.50")
    text = text.replace("[never, seldom, about half the time, mostly, every time]", "[never, every time]")
    text = text.replace(
        "[nie, selten, etwa in der Hälfte der Fälle, meistens, jedes Mal]", "[nie, jedes Mal]"
    )
    (own / "mine.yaml").write_text(text, encoding="utf-8")
    _, out, _ = pmhealth("instrument", "show", "mine")
    assert "frequency: 0 never ... 2.5 every time" in out
    assert "Open questions" not in out


def test_show_when_asked_in_german_or_json_then_answers_in_it(pmhealth):
    assert (
        "Klarheit (clarity, frequency, first row)"
        in pmhealth("instrument", "show", "great-pm", "--language", "de")[1]
    )
    shown = json.loads(pmhealth("instrument", "show", "great-pm", "--json")[1])
    assert (shown["id"], shown["content_hash"]) == ("great-pm", GREAT_PM.content_hash)


def test_show_when_the_language_or_id_is_unknown_then_says_what_there_is(pmhealth):
    code, _, err = pmhealth("instrument", "show", "great-pm", "--language", "fr")
    assert (code, "use one of: en, de" in err) == (REFUSED, True)
    code, _, err = pmhealth("instrument", "show", "great")
    assert (code, "did you mean 'great-pm'?" in err) == (REFUSED, True)


def test_check_when_all_are_sound_then_says_ok_for_each(pmhealth):
    code, out, _ = pmhealth("instrument", "check")
    assert code == 0
    assert out.count("ok  ") == 5


def test_check_when_files_are_broken_then_prints_every_problem_of_every_file(pmhealth, tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(
        SOURCE.replace("subject: pm", "subject: team").replace("  high: 5", "  high: five"), "utf-8"
    )
    two.write_text(SOURCE.replace("languages: [en, de]", "languages: [en]"), "utf-8")
    sound = BUILT_IN / "stage-fit.yaml"
    code, _, err = pmhealth("instrument", "check", one, sound, two)
    assert code == REFUSED
    assert (
        f"{one}:{line(one, 'subject: team')}: subject: 'team' is not known here -> use one of: pm, unit"
        in err
    )
    assert f"{one}:{line(one, 'high: five')}: scales.frequency.high is no number" in err
    assert f"{two}:" in err
    assert "1 could be read" in err


def test_check_when_a_used_version_changed_then_names_the_line_and_the_next_version(pmhealth, used, tmp_path):
    path = tmp_path / "great-pm.yaml"
    path.write_text(REWORDED, encoding="utf-8")
    code, _, err = pmhealth("instrument", "check", path)
    assert code == REFUSED
    assert f"{path}:{line(path, 'version:')}: version 1.0 has changed since a wave used it" in err
    assert "raise the version to 1.1" in err
    path.write_text(REWORDED.replace('version: "1.0"', 'version: "1.1"'), encoding="utf-8")
    assert pmhealth("instrument", "check", path)[0] == 0
    moved = REWORDED.replace('version: "1.0"', 'version: "1.1"').replace("focus_overloads:", "x:")
    path.write_text(moved.replace("clarity_new_topics:", "focus_overloads:"), encoding="utf-8")
    _, _, err = pmhealth("instrument", "check", path)
    assert f"{path}:{line(path, 'focus_overloads:')}: 'focus_overloads' meant something else" in err


def test_texts_when_taken_out_and_in_then_a_new_file_is_written_beside_the_old(pmhealth, used, tmp_path):
    sheet, new = tmp_path / "texts.xlsx", tmp_path / "new.yaml"
    assert "105 texts of great-pm 1.0" in pmhealth("instrument", "texts", "great-pm", "--out", sheet)[1]
    back = ("instrument", "texts-in", sheet, "--instrument", "great-pm")
    code, out, _ = pmhealth(*back, "--version", "1.1", "--out", new)
    assert code == 0
    assert out.splitlines()[-1].endswith(f"instrument check {new}")
    assert read_instrument(new).items == GREAT_PM.items
    assert (BUILT_IN / "great-pm.yaml").read_text(encoding="utf-8") == SOURCE


def test_texts_when_the_file_is_there_or_has_no_folder_then_nothing_is_written(pmhealth, tmp_path):
    there = tmp_path / "there.xlsx"
    there.write_bytes(b"mine")
    code, _, err = pmhealth("instrument", "texts", "great-pm", "--out", there)
    assert (code, there.read_bytes(), "choose another name" in err) == (6, b"mine", True)
    assert pmhealth("instrument", "texts", "great-pm", "--out", tmp_path / "no" / "x.xlsx")[0] == 6


def test_texts_when_the_file_would_be_of_another_kind_then_nothing_is_written(pmhealth, tmp_path):
    code, _, err = pmhealth("instrument", "texts", "great-pm", "--out", tmp_path / "texts.csv")
    assert code == 6
    assert "error[file-kind]: the file to write has to end in .xlsx" in err
    sheet = tmp_path / "texts.xlsx"
    pmhealth("instrument", "texts", "great-pm", "--out", sheet)
    into = ("instrument", "texts-in", sheet, "--instrument", "great-pm", "--out", tmp_path / "new.yml")
    assert pmhealth(*into)[0] == 6
    assert list(tmp_path.glob("new*")) == []


def test_list_when_the_terminal_is_narrow_then_no_id_is_folded(pmhealth, monkeypatch):
    monkeypatch.setattr(terminal, "PIPED_WIDTH", 80)
    out = pmhealth("instrument", "list")[1]
    assert "core-competencies 1.0" in out
    assert max(len(line) for line in out.splitlines() if not line.startswith("next:")) <= 80


def test_texts_in_when_a_used_version_would_change_then_nothing_is_written(pmhealth, used, tmp_path):
    own = used / "instruments"
    own.mkdir()
    (own / "great-pm.yaml").write_text(REWORDED, encoding="utf-8")
    sheet, new = tmp_path / "texts.xlsx", tmp_path / "new.yaml"
    pmhealth("instrument", "texts", "great-pm", "--out", sheet)
    code, _, err = pmhealth("instrument", "texts-in", sheet, "--instrument", "great-pm", "--out", new)
    assert (code, "raise the version to 1.1" in err, new.exists()) == (REFUSED, True, False)


@pytest.mark.parametrize("verb", ["list", "show", "check", "texts", "texts-in"])
def test_help_when_asked_then_teaches_with_an_example(pmhealth, verb):
    _, out, _ = pmhealth("instrument", verb, "--help")
    assert f"pmhealth instrument {verb}" in out.partition("Example")[2]


def line(path: Path, text: str) -> int:
    """The first line of a file that begins with a text, indented or not."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.lstrip().startswith(text))
