"""`pmhealth roster`: what it shows, what it writes, and what it refuses."""

import json
from datetime import date
from pathlib import Path

import pytest

from dashboard import cli
from survey.config import Settings
from survey.register import open_register

HEADER = "person_id,name,email,manager_id,org_unit,role,pm_type,stage,active_from,active_to\n"
ANN = "ann,Ann Sekrit,ann@example.org,,Product,director,,,2025-01-01,\n"
BOB = "bob,Bob Sekrit,bob@example.org,ann,Product/Growth,pm,growth,early,2025-01-01,\n"
CY = "cy,Cy Sekrit,cy@example.org,bob,Product/Growth,engineer,,,2025-01-01,\n"
MOVED = BOB.replace("2025-01-01,", "2025-01-01,2025-06-30") + BOB.replace("Growth", "Core").replace(
    "-01-", "-07-"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the program in a home of its own and returns exit code, stdout and stderr."""

    def run_program(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(home), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_program


@pytest.fixture
def people(tmp_path: Path):
    """Writes a roster file of these lines and returns its path."""

    def write(*lines: str) -> str:
        path = tmp_path / "people.csv"
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return str(path)

    return write


def rows(shown: str) -> list[list[str]]:
    return [line.split() for line in shown.splitlines() if line]


def test_a_dry_run_shows_the_difference_and_writes_nothing(run, people, home):
    code, shown, _ = run("roster", "import", people(ANN, BOB), "--dry-run", "--as-of", "2025-06-01")
    assert code == 0
    assert "On 2025-06-01: joins 2, leaves 0, moves 0, new manager 0, new role 0, edited 0" in shown
    assert ["joins", "bob", "Product/Growth"] in rows(shown)
    assert "Nothing was written." in shown
    assert not home.exists()


def test_a_dry_run_over_a_roster_leaves_it_as_it_is(run, people, home):
    run("roster", "import", people(ANN, BOB))
    before = (Settings(home=home).register_path).read_bytes()
    run("roster", "import", people(ANN), "--dry-run")
    assert (Settings(home=home).register_path).read_bytes() == before


def test_an_import_shows_joins_leaves_moves_and_applies_them(run, people, home):
    run("roster", "import", people(ANN, BOB, CY))
    code, shown, _ = run(
        "roster", "import", people(ANN, MOVED, CY.replace("cy", "di")), "--as-of", "2025-08-01"
    )
    assert code == 0
    assert "joins 1, leaves 1, moves 1, new manager 0, new role 0, edited 0" in shown
    assert "On any day: records gained 3, lost 2" in shown
    assert ["joins", "di", "Product/Growth"] in rows(shown)
    assert ["leaves", "cy", "Product/Growth"] in rows(shown)
    assert ["moves", "bob", "Product/Growth", "Product/Core"] in rows(shown)
    with open_register(Settings(home=home).register_path) as register:
        assert len(register.roster().people) == 4


def test_an_import_is_kept_in_the_audit_with_counts_only(run, people, home):
    run("roster", "import", people(ANN, BOB))
    with open_register(Settings(home=home).register_path) as register:
        (entry,) = register.audit()
    assert (entry.done_by, entry.action, entry.target) == ("cli", "roster.import", "roster")
    assert entry.detail == "2 records gained, 0 lost"


def test_the_same_file_again_writes_nothing(run, people, home):
    run("roster", "import", people(ANN, BOB))
    code, shown, _ = run("roster", "import", people(ANN, BOB))
    assert code == 0
    assert "The roster holds these records already; nothing was written." in shown
    with open_register(Settings(home=home).register_path) as register:
        assert len(register.audit()) == 1


def test_a_long_difference_is_cut_unless_asked_for_in_full(run, people):
    crowd = people(*(CY.replace("cy", f"c{number}") for number in range(30)), ANN, BOB)
    assert "... and 12 more; --full lists them all" in run("roster", "import", crowd, "--dry-run")[1]
    assert "more" not in run("roster", "import", crowd, "--dry-run", "--full")[1]


def test_a_roster_without_a_pm_is_taken_with_a_note(run, people):
    code, shown, _ = run("roster", "import", people(ANN), "--as-of", "2025-06-01")
    assert code == 0
    assert "Note: nobody has the role pm on 2025-06-01" in shown


def test_a_file_with_problems_is_refused_with_each_line_and_nothing_is_written(run, people, home):
    code, shown, said = run(
        "roster", "import", people(ANN.replace("2025-", "25-"), BOB.replace("growth", "x"), CY)
    )
    assert code == 4
    assert shown == ""
    assert said.splitlines() == [
        "people.csv:2: active_from is not a date -> write year-month-day, like 2026-01-31",
        "people.csv:3: pm_type is none that we know -> "
        "write one of: growth, platform, ai_ml, b2b, b2c; or leave it empty",
        "error[roster-invalid]: 2 problems in the roster file; nothing of it was taken",
        "where: people.csv",
        "try: mend people.csv and run the same command again",
    ]
    assert not home.exists()


def test_no_command_shows_a_name_or_an_address(run, people):
    path = people(ANN, BOB, CY)
    shown = [run("roster", "import", path), run("roster", "show"), run("roster", "show", "--json")]
    shown.append(
        run("roster", "import", people(ANN, BOB.replace("bob@", "ann@"), CY.replace("cy@example.org", "@")))
    )
    assert "Sekrit" not in str(shown)
    assert "ann@" not in str(shown)


def test_show_counts_people_and_pms_of_each_unit_and_below(run, people):
    run("roster", "import", people(ANN, BOB, CY, "x,X,,,Data/Science,pm,,,2025-01-01,\n"))
    code, shown, _ = run("roster", "show", "--as-of", "2025-06-01")
    assert code == 0
    assert "2025-06-01: 4 people, 2 PMs" in shown
    assert rows(shown)[3:7] == [
        ["Data", "0", "0", "1"],
        ["Data/Science", "1", "1", "1"],
        ["Product", "1", "0", "1"],
        ["Product/Growth", "2", "1", "1"],
    ]


def test_show_looks_at_the_day_asked_for(run, people):
    run("roster", "import", people(ANN, MOVED))
    for day, unit in (("2025-06-30", "Product/Growth"), ("2025-07-01", "Product/Core")):
        found = json.loads(run("roster", "show", "--as-of", day, "--json")[1])
        assert found["as_of"] == day
        assert found["people"] == 2
        assert found["pms"] == [
            {"level": "", "org_unit": unit, "person_id": "bob", "pm_type": "growth", "stage": "early"}
        ]


def test_show_without_the_day_looks_at_today(run, people):
    run("roster", "import", people(ANN))
    assert json.loads(run("roster", "show", "--json")[1])["as_of"] == str(date.today())


def test_show_of_an_empty_roster_says_so_and_makes_no_register(run, home):
    code, shown, _ = run("roster", "show", "--as-of", "2025-01-01")
    assert code == 0
    assert shown.splitlines()[0] == "The roster is empty."
    assert shown.splitlines()[-1].endswith("roster import FILE --dry-run")
    assert not home.exists()


def test_the_last_line_is_the_next_command_for_the_same_home(run, people, home):
    path = people(ANN, BOB)
    _, shown, _ = run("roster", "import", path, "--dry-run")
    assert shown.splitlines()[-1] == f"next: pmhealth --home {home} roster import {path}"


@pytest.mark.parametrize("name", [(), ("import",), ("show",)])
def test_help_teaches_and_shows_examples(run, name):
    code, shown, _ = run("roster", *name, "--help")
    assert code == 0
    assert "Examples:" in shown or "needed:" in shown


def test_a_roster_that_starts_later_says_when(run, people):
    run("roster", "import", people(ANN.replace("2025-01-01", "2031-04-01")))
    shown = run("roster", "show", "--as-of", "2030-01-01")[1]
    assert "Nobody is on the roster on 2030-01-01, but on other days; the first is 2031-04-01." in shown
    assert shown.splitlines()[-1].endswith("roster show --as-of 2031-04-01")


@pytest.mark.parametrize("day", ["31.12.2025", "2025-13-01", "today"])
def test_a_day_that_is_none_is_refused_in_plain_words(run, day):
    code, _, said = run("roster", "show", "--as-of", day)
    assert code == 2
    assert "this is not a day; write year-month-day, like 2026-01-31" in said
