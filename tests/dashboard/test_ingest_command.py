"""`pmhealth ingest` as a person types it: proposal, reconciliation, what is next, what goes wrong."""

import csv
import io
import json
from pathlib import Path

import pytest

from dashboard import cli
from survey.campaign import WaveState
from survey.config import Settings
from survey.register import open_register

pytestmark = pytest.mark.thorough

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
FORMS = SAMPLES / "google-forms.csv"
WAVE = "great-pm/2026Q1"
SUBJECT_COLUMN = 2
RELATIONSHIP_COLUMN = 3


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the program in a home with the sample roster; returns exit code, stdout and stderr."""

    def run_program(*arguments: object) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    assert run_program("roster", "import", SAMPLES / "roster.csv")[0] == 0
    return run_program


def changed(tmp_path: Path, column: int, word: str, *, count: int, name: str = "changed.csv") -> Path:
    """The Google Forms sample with a word in a column of its first rows."""
    with FORMS.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    for row in rows[:count]:
        row[column] = word
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows((header, *rows))
    return path


def test_dry_run_when_the_wave_is_new_then_says_what_would_open_and_the_next_command(run, home):
    code, out, _ = run("ingest", FORMS, "--wave", WAVE, "--dry-run")
    assert code == 0
    assert "Recognised as Google Forms" in out
    assert "google-forms.csv (Google Forms) would be loaded into great-pm/2026Q1" in out
    assert (
        "The wave would be new: great-pm 1.0, roster of 2026-03-31 (19 people, 4 PMs). Both stay as they are now."
        in out
    )
    assert out.splitlines()[-2:] == [
        "This was a dry run: nothing was taken in.",
        f"next: pmhealth --home {home} ingest {FORMS} --wave {WAVE} --save-mapping NAME",
    ]
    with open_register(Settings(home=home).register_path) as register:
        assert register.waves() == ()


def test_dry_run_when_options_were_given_then_the_next_command_keeps_them(run, home):
    options = ("--instrument", "great-pm", "--source", "two words", "--add", "--save-mapping", "quarterly")
    out = run("ingest", FORMS, "--wave", "spring/2026Q1", "--dry-run", *options)[1]
    kept = "--mapping quarterly --instrument great-pm --source 'two words' --add"
    assert out.splitlines()[-1].endswith(f"--wave spring/2026Q1 {kept}")


def test_proposal_when_shown_then_says_how_much_of_each_column_can_be_read(run, tmp_path):
    out = run("ingest", changed(tmp_path, 4, "dunno", count=5), "--wave", WAVE, "--dry-run")[1]
    line = next(line for line in out.splitlines() if line.startswith("taste_reasons"))
    filled = int(line.split("/")[-1])
    assert f"{filled - 5}/{filled}" in line
    assert "dunno" not in out


def test_rows_when_quarantined_then_their_lines_are_said_and_never_their_words(run, tmp_path):
    path = changed(tmp_path, RELATIONSHIP_COLUMN, "Sekrit", count=2)
    code, out, err = run("ingest", path, "--wave", WAVE, "--yes")
    assert code == 0
    said = out.splitlines()
    place = said.index("quarantined: 2 rows, the row's relationship is none we know [relationship_unknown]")
    assert said[place + 1] == "  lines 2, 3"
    assert said[place + 2].startswith("  try: ")
    assert "Sekrit" not in out + err


def test_answers_when_quarantined_then_their_columns_are_said_too(run, tmp_path):
    out = run("ingest", changed(tmp_path, 4, "9", count=30), "--wave", WAVE, "--yes")[1]
    assert "  lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...; column 5\n" in out


def test_file_when_refused_then_no_wave_was_opened(run, tmp_path, home):
    path = changed(tmp_path, SUBJECT_COLUMN, "Nobody Sekrit", count=30)
    code, out, err = run("ingest", path, "--wave", WAVE, "--yes")
    assert code == 12
    assert "Sekrit" not in out + err
    with open_register(Settings(home=home).register_path) as register:
        assert register.waves() == ()
    assert run("ingest", FORMS, "--wave", WAVE, "--yes")[0] == 0


def test_json_when_a_mapping_is_proposed_then_stdout_is_json_alone(run):
    code, out, _ = run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly", "--json")
    (told,) = json.loads(out)
    assert code == 0
    assert (told["file"], told["outcome"], told["is_wave_new"]) == ("google-forms.csv", "loaded", True)
    assert told["source"] == "quarterly"


def test_json_when_a_later_file_is_refused_then_tells_of_the_earlier_one(run, tmp_path):
    bad = changed(tmp_path, SUBJECT_COLUMN, "Nobody", count=30)
    code, out, err = run("ingest", FORMS, bad, "--wave", WAVE, "--yes", "--json")
    assert code == 12
    assert [told["file"] for told in json.loads(out)] == ["google-forms.csv"]
    assert "changed.csv" in err


def test_files_when_a_later_one_is_refused_then_the_earlier_report_stands(run, tmp_path):
    bad = changed(tmp_path, SUBJECT_COLUMN, "Nobody", count=30)
    code, out, _ = run("ingest", FORMS, bad, "--wave", WAVE, "--yes")
    assert code == 12
    assert "google-forms.csv (Google Forms) is loaded into great-pm/2026Q1" in out


def test_file_when_of_another_source_then_says_that_both_count(run):
    run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")
    out = run("ingest", SAMPLES / "surveymonkey.csv", "--wave", WAVE, "--yes")[1]
    assert "the wave holds other files too, and all of them count: 'quarterly' (30 rows)" in out


def test_file_when_given_the_source_of_another_then_replaces_it(run):
    run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")
    run("ingest", SAMPLES / "surveymonkey.csv", "--wave", WAVE, "--yes")
    again = ("ingest", SAMPLES / "surveymonkey.csv", "--wave", WAVE, "--yes", "--source", "quarterly")
    told = json.loads(run(*again, "--json")[1])[0]
    assert (told["outcome"], told["replaced"], told["others"]) == ("loaded", [1, 2], [])


def test_same_file_when_taken_in_again_then_says_that_nothing_changed(run):
    run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")
    out = run("ingest", FORMS, "--wave", WAVE, "--mapping", "quarterly")[1]
    assert (
        "google-forms.csv (Google Forms) is loaded into great-pm/2026Q1 already; nothing was changed." in out
    )


def test_proposal_when_nobody_can_confirm_it_then_refused_and_nothing_taken_in(run, home):
    code, _, err = run("ingest", FORMS, "--wave", WAVE)
    assert code == 6
    assert "error[mapping-unconfirmed]" in err
    assert not Settings(home=home).warehouse_path.exists()


@pytest.mark.parametrize("name", ["../evil", "a/b", ".hidden", "two words"])
def test_mapping_name_when_more_than_a_name_then_refused(run, home, name):
    code, _, err = run("ingest", FORMS, "--wave", WAVE, "--save-mapping", name)
    assert code == 6
    assert "error[mapping-save-name]" in err
    assert list(home.parent.rglob("*.yaml")) == []


def test_mapping_when_saved_again_then_only_the_same_one_is_well(run):
    assert run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")[0] == 0
    assert run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")[0] == 0
    code, _, err = run("ingest", SAMPLES / "surveymonkey.csv", "--wave", WAVE, "--save-mapping", "quarterly")
    assert code == 6
    assert "error[mapping-exists]" in err


def test_mapping_when_unknown_then_the_saved_ones_are_named(run):
    run("ingest", FORMS, "--wave", WAVE, "--save-mapping", "quarterly")
    code, _, err = run("ingest", FORMS, "--wave", WAVE, "--mapping", "nosuch")
    assert code == 6
    assert "give a file, or one of: quarterly" in err


def test_file_when_nobody_is_named_then_a_draft_can_be_completed(run, home, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("colour,Backs a verdict on a proposal with specific reasons.\nred,4\n")
    code, _, err = run("ingest", path, "--wave", WAVE, "--save-mapping", "mine")
    draft = home / "mappings" / "mine.yaml"
    assert code == 11
    assert f"complete the draft {draft}" in err
    draft.write_text("subject: {constant: p001}\n" + draft.read_text())
    assert run("ingest", path, "--wave", WAVE, "--mapping", "mine", "--dry-run")[0] == 0


def test_file_when_not_of_this_instrument_then_says_so_in_one_line(run):
    code, _, err = run("ingest", FORMS, "--wave", "three-lenses/2026Q1", "--yes")
    assert code == 11
    assert err.count("\n") == 4
    assert "no column is a question of three-lenses 1.0" in err


@pytest.mark.parametrize(
    ("wave", "exit_code", "said"),
    [
        ("2026Q1", 5, "for example great-pm/2026Q1"),
        ("great-pm/2026Q9", 5, "'2026Q9' is not a period"),
        ("great-pm/2020Q1", 6, "the roster has nobody on 2020-03-31, the last day of the wave"),
        ("nosuch/2026Q1", 3, "there is no instrument 'nosuch'"),
    ],
)
def test_wave_when_it_cannot_open_then_says_why(run, wave, exit_code, said):
    code, _, err = run("ingest", FORMS, "--wave", wave, "--yes")
    assert code == exit_code
    assert said in err


def test_roster_when_empty_then_says_how_to_import_one(tmp_path, capsys):
    code = cli.run(["--home", str(tmp_path / "bare"), "ingest", str(FORMS), "--wave", WAVE, "--yes"])
    assert code == 6
    assert "try: pmhealth roster import FILE --dry-run" in capsys.readouterr().err


def test_wave_when_closed_by_a_publish_that_failed_then_the_way_out_is_said(run, home):
    run("ingest", FORMS, "--wave", WAVE, "--yes")
    with open_register(Settings(home=home).register_path) as register:
        register.move_wave(WAVE, WaveState.CLOSED)
    code, _, err = run("ingest", FORMS, "--wave", WAVE, "--yes")
    assert code == 5
    assert f"run: pmhealth publish --wave {WAVE}; then to correct it: pmhealth wave withdraw" in err


def test_instrument_when_changed_under_a_used_version_then_a_dry_run_refuses_too(run, home):
    run("ingest", FORMS, "--wave", WAVE, "--yes")
    source = (Path(cli.__file__).parents[1] / "survey" / "definitions" / "great-pm.yaml").read_text("utf-8")
    own = Settings(home=home).instruments_path
    own.mkdir()
    (own / "great-pm.yaml").write_text(source.replace("Backs a verdict", "Invents a verdict"), "utf-8")
    code, _, err = run("ingest", FORMS, "--wave", "great-pm/2026Q2", "--yes", "--dry-run")
    assert code == 3
    assert "error[definition-frozen]" in err


@pytest.mark.parametrize("name", ["canonical-wide.csv", "canonical-long.csv"])
def test_canonical_file_when_taken_in_then_needs_no_mapping_and_no_yes(run, name):
    code, out, _ = run("ingest", SAMPLES / name, "--wave", WAVE)
    assert code == 0
    assert out.startswith(f"{name} (the canonical table) is loaded into great-pm/2026Q1:")
    assert "Proposed" not in out


def test_proposal_when_columns_are_missing_then_they_are_listed(run, tmp_path):
    with FORMS.open(encoding="utf-8", newline="") as stream:
        rows = [row[:28] for row in csv.reader(stream)]
    path = tmp_path / "fewer.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    out = run("ingest", path, "--wave", WAVE, "--dry-run")[1]
    assert "No column was found for: helped_most, try_next" in out


def test_proposal_when_a_question_has_a_column_per_choice_then_they_are_one_line(run):
    out = run("ingest", SAMPLES / "surveymonkey.csv", "--wave", WAVE, "--dry-run")[1]
    assert any(line.split()[:2] == ["focus_declines", "31-36"] for line in out.splitlines())
    assert "note: 7 columns of the file not used" in out


@pytest.mark.parametrize(("typed", "exit_code"), [("y\n", 0), ("n\n", 130)])
def test_proposal_when_somebody_sits_there_then_asks_them(run, monkeypatch, typed, exit_code):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert run("ingest", FORMS, "--wave", WAVE)[0] == exit_code
