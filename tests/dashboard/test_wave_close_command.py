"""`pmhealth wave close` and the way from there to a release, as an operator goes it."""

import io
import json
import re

import pytest

from dashboard import cli
from pipeline.release import Group, Releases, Scope, Suppressed
from survey.config import Settings
from survey.response import Comment
from tests.form_world import WAVE, nomination, open_world, person, rate, rate_all, seeded

pytestmark = pytest.mark.thorough

PMS = ("pa", "pb", "pc", "pd")
FEW = "pd"


@pytest.fixture
def world(tmp_path):
    """Four PMs of one unit; three are answered about by six others, one by two, and one by two more."""
    people = [person("boss", "P", role="executive")]
    people += [person(pm, "P/A", "boss", role="pm") for pm in (*PMS, "pe")]
    people += [person(f"{pm}{seat}", "P/E", "boss") for pm in (*PMS, "pe") for seat in range(6)]
    asked = [nomination(pm, f"{pm}{seat}") for pm in (*PMS, "pe") for seat in range(6)]
    world = open_world(Settings(home=tmp_path / "home"), people, asked)
    chance = seeded(7)
    for pm in (*PMS, "pe"):
        count = 2 if pm in (FEW, "pe") else 6
        world.submit([(f"{pm}{seat}", pm, rate_all(world.instrument, chance)) for seat in range(count)])
        world.submit([(pm, pm, rate_all(world.instrument, chance))])
        world.submit([("boss", pm, rate_all(world.instrument, chance))])
    return world


@pytest.fixture
def run(world, capsys):
    def run_program(*arguments):
        code = cli.run(["--home", str(world.settings.home), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


def test_close_when_tried_then_shows_counts_and_leaves_the_wave_open(run, world):
    code, out, _ = run("wave", "close", WAVE, "--dry-run")
    assert code == 0
    assert "Nothing was done." in out
    assert re.search(r"40\s+32\s+8", out)
    assert re.search(r"32\s+28\s+4\s+0", out)
    assert "1 unit count" in out
    assert world.settings.wave_keys_path(WAVE).exists()
    assert json.loads(run("wave", "close", WAVE, "--dry-run", "--json")[1])["is_trial"]


def test_close_when_nobody_says_yes_then_nothing_happens(run, world, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, err = run("wave", "close", WAVE)
    assert code == 130
    assert "stopped" in err
    assert world.settings.wave_keys_path(WAVE).exists()


def test_whole_way_when_a_wave_closes_then_its_numbers_reach_pm_and_unit(run, world):
    assert run("ingest", "--wave", WAVE)[2].startswith("error[wave-still-open]")
    assert run("publish", "--wave", WAVE)[2].startswith("error[wave-still-open]")

    code, out, _ = run("wave", "close", WAVE, "--yes")
    assert code == 0
    assert f"ingest --wave {WAVE}" in out
    assert json.loads(run("wave", "close", WAVE, "--json")[1])["kept_count"] == 28

    code, out, _ = run("ingest", "--wave", WAVE)
    assert code == 0
    assert re.search(r"rows\s+32\s+32\s+0\s+0", out)
    assert "already" in run("ingest", "--wave", WAVE)[1]

    code, out, _ = run("publish", "--wave", WAVE)
    assert code == 0
    assert "Pages of units show it from" in out

    release = Releases(world.settings.releases_path).current()
    assert release.unit_cells(WAVE) == ()
    assert [wave.wave_id for wave in release.waiting()] == [WAVE]
    few = release.cells(Scope.SUBJECT, FEW)
    assert {cell.key.group for cell in few if not isinstance(cell, Suppressed)} == {Group.SELF, Group.MANAGER}
    assert {cell.reason.value for cell in few if isinstance(cell, Suppressed)} == {"too_few_raters"}

    later = Releases(world.settings.releases_path, today=lambda: release.waiting()[0].unit_date).current()
    taste = next(
        cell
        for cell in later.unit_cells(WAVE)
        if cell.key.scope_id == "P/A" and cell.key.measure_id == "taste"
    )
    assert (taste.rater_count, taste.pm_count) == (22, 5)

    assert run("ingest", "--wave", WAVE)[2].startswith("error[wave-takes-no-files]")
    code, out, _ = run("wave", "withdraw", WAVE, "--reason", "a mistake", "--yes")
    assert "as closing left them" in out
    assert run("publish", "--wave", WAVE)[0] == 0


def test_files_when_our_own_form_collects_then_are_refused(run, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("subject_id,relationship,taste_reasons\npa,peer,4\n", encoding="utf-8")
    code, _, err = run("ingest", str(path), "--wave", WAVE, "--yes")
    assert code == 5
    assert err.startswith("error[wave-own-form]")


def test_ingest_when_there_is_no_file_and_another_tool_collects_then_asks_for_one(run):
    assert "error[wave-unknown]" in run("ingest", "--wave", "great-pm/2026Q1")[2]


def test_ingest_when_as_json_then_is_machine_readable(run):
    run("wave", "close", WAVE, "--yes")
    (report,) = json.loads(run("ingest", "--wave", WAVE, "--json")[1])
    assert (report["tool"], report["tally"]["row_loaded_count"]) == ("form", 32)


def test_close_when_some_are_unfinished_or_signed_then_says_so(run, world):
    signed = rate(world.instrument, [3], helped_most=Comment(text="Thanks.", signed_by="pa5"))
    world.submit([("pd2", "pd", rate(world.instrument, [3]))], is_finished=False)
    world.submit([("pa5", "pa", signed)])
    out = run("wave", "close", WAVE, "--yes")[1]
    assert "1 answer was stored without the rater hearing so" in out
    assert "1 comment is signed and stands apart from the ratings." in out


def test_close_when_answers_come_in_while_one_thinks_then_shows_the_counts_again(run, world, monkeypatch):
    class Late:
        """Somebody who sends an answer before they say yes."""

        def readline(self, *_):
            world.submit([("pd2", "pd", rate(world.instrument, [3]))])
            return "y\n"

    monkeypatch.setattr("sys.stdin", Late())
    code, out, _ = run("wave", "close", WAVE)
    assert code == 0
    assert "More answers came in before the wave was closed." in out
    assert re.search(r"33\s+28\s+5\s+0", out)
