"""What a roster file may look like, and how each thing that is wrong with one is said."""

from datetime import date
from pathlib import Path

import pytest

from survey.errors import Problem, RosterError
from survey.roster_file import read_roster, render_roster

HEADER = "person_id,name,email,manager_id,org_unit,role,level,pm_type,stage,active_from,active_to"
ANN = "ann,Ann A,ann@example.org,,Product,director,L8,,,2025-01-01,"
BOB = "bob,Bob B,bob@example.org,ann,Product/Growth,pm,L5,growth,early,2025-01-01,"


def write(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding, newline="")
    return path


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(RosterError) as refused:
        read_roster(path)
    return refused.value.problems


def said(path: Path) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in problems(path)]


def test_roster_with_every_column_is_read_as_written(tmp_path):
    bob = read_roster(write(tmp_path, HEADER, ANN, BOB)).people[1]
    assert (bob.person_id, bob.name, bob.email, bob.manager_id) == ("bob", "Bob B", "bob@example.org", "ann")
    assert (bob.org_unit, bob.role, bob.level) == ("Product/Growth", "pm", "L5")
    assert (bob.pm_type, bob.stage) == ("growth", "early")
    assert (bob.active_from, bob.active_to) == (date(2025, 1, 1), None)


def test_roster_with_only_the_needed_columns_leaves_the_others_empty(tmp_path):
    path = write(tmp_path, "active_from,role,org_unit,name,person_id", "2025-01-01,pm,Product,Ann,ann")
    (ann,) = read_roster(path).people
    assert (ann.email, ann.manager_id, ann.level, ann.pm_type, ann.stage, ann.active_to) == (
        "",
        "",
        "",
        "",
        "",
        None,
    )


def test_records_are_ordered_by_person_and_first_day_whatever_the_file_says(tmp_path):
    later = BOB.replace("2025-01-01,", "2025-07-01,")
    earlier = BOB.replace("2025-01-01,", "2025-01-01,2025-06-30")
    roster = read_roster(write(tmp_path, HEADER, later, earlier, ANN))
    assert [(person.person_id, person.active_from.month) for person in roster.people] == [
        ("ann", 1),
        ("bob", 1),
        ("bob", 7),
    ]


@pytest.mark.parametrize(
    ("written", "column", "read"),
    [
        ("Product Manager", "role", "pm"),
        ("PM", "role", "pm"),
        ("Engineer", "role", "Engineer"),
        (" Product / Growth ", "org_unit", "Product/Growth"),
        ("AI/ML", "pm_type", "ai_ml"),
        ("B2B", "pm_type", "b2b"),
        ("Enterprise", "stage", "enterprise"),
    ],
)
def test_a_cell_written_another_way_is_read_as_meant(tmp_path, written, column, read):
    cells = dict(zip(HEADER.split(","), BOB.split(","), strict=True)) | {
        "pm_type": "",
        "stage": "",
        column: written,
    }
    bob = read_roster(write(tmp_path, HEADER, ANN, ",".join(cells.values()))).people[1]
    assert getattr(bob, column) == read


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_separator_is_recognised(tmp_path, mark):
    lines = [line.replace(",", mark) for line in (HEADER, ANN, BOB)]
    assert len(read_roster(write(tmp_path, *lines)).people) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_recognised(tmp_path, encoding):
    line = (
        ANN.replace("Ann A", "Zoë Müller-Lefèvre, geb. Größe")
        .replace("Zoë", '"Zoë')
        .replace("Größe", 'Größe"')
    )
    (zoe,) = read_roster(write(tmp_path, HEADER, line, encoding=encoding)).people
    assert zoe.name == "Zoë Müller-Lefèvre, geb. Größe"


@pytest.mark.parametrize("name", ["José", "Zoë Lefèvre"])
def test_a_short_western_name_is_not_taken_for_an_eastern_one(tmp_path, name):
    (person,) = read_roster(write(tmp_path, HEADER, ANN.replace("Ann A", name), encoding="cp1252")).people
    assert person.name == name


def test_header_names_may_have_capitals_and_blanks(tmp_path):
    path = write(tmp_path, "Person ID,NAME,Org Unit, role ,Active From", "ann,Ann,Product,pm,2025-01-01")
    assert read_roster(path).people[0].person_id == "ann"


def test_empty_lines_count_as_lines_but_not_as_records(tmp_path):
    path = write(tmp_path, "", HEADER, "", ",,,,,,,,,,", ANN, BOB.replace(",ann,", ",nobody,"))
    assert said(path) == [(6, "manager_id nobody is nobody in this file")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (BOB.replace("bob,", ",", 1), "person_id is empty"),
        (BOB.replace("Bob B", ""), "name is empty"),
        (BOB.replace("Product/Growth", ""), "org_unit is empty"),
        (BOB.replace(",pm,L5,growth,early", ",,L5,,"), "role is empty"),
        (BOB.replace("2025-01-01", ""), "active_from is empty"),
        (BOB.replace("bob,", "bob@example.org,", 1), "person_id is not an id"),
        (BOB.replace("bob,", "b" * 65 + ",", 1), "person_id is not an id"),
        (BOB.replace(",ann,", ",ann a,"), "manager_id is not an id"),
        (BOB.replace("bob@example.org", "bob at example"), "email is not an address"),
        (BOB.replace("bob@example.org", "a@b.org c@d.org"), "email is not an address"),
        (BOB.replace("Product/Growth", "/Growth"), "org_unit has an empty part"),
        (BOB.replace("Product/Growth", "Product//Growth"), "org_unit has an empty part"),
        (BOB.replace("L5", "level five, or thereabouts, it depends"), "13 cells where the header has 11"),
        (BOB.replace("L5", "senior or thereabouts"), "level is not a short code"),
        (BOB.replace("growth", "spaceship"), "pm_type is none that we know"),
        (BOB.replace("early", "late"), "stage is none that we know"),
        (BOB.replace(",pm,", ",designer,").replace("early", ""), "pm_type is for PMs only"),
        (BOB.replace(",pm,", ",designer,").replace("growth", ""), "stage is for PMs only"),
        (BOB.replace("2025-01-01", "01.01.2025"), "active_from is not a date"),
        (BOB.replace("2025-01-01", "2025-02-29"), "active_from is not a date"),
        (BOB.replace("2025-01-01", "20250101"), "active_from is not a date"),
        (BOB + "soon", "active_to is not a date"),
        (BOB + "2024-12-31", "active_to is before active_from"),
        (BOB.replace("Bob B", "Bob\x07B"), "name holds an invisible control character"),
        (BOB.replace("Bob B", '"Bob\nB"'), "name holds an invisible control character"),
        (BOB.replace("Bob B", "Bob\u202eB"), "name holds an invisible control character"),
        (BOB.replace(",2025-01-01,", ""), "9 cells where the header has 11"),
        (BOB + ",", "12 cells where the header has 11"),
        (BOB.replace(",ann,", ",zed,"), "manager_id zed is nobody in this file"),
        (BOB.replace(",ann,", ",bob,"), "a circle of managers on 2025-01-01: bob -> bob"),
        (BOB.replace("bob@", "ANN@"), "email belongs to another person at the same time, on line 2"),
        (BOB.replace("Product/", "product/"), "org_unit differs only in capitals from the one on line 2"),
        (ANN, "the same record as line 2"),
        (ANN.replace("L8", "L9"), "overlaps the record of the same person on line 2"),
        (
            BOB.replace("Bob B", '"Bob B'),
            "a quote in this record does not match, so the lines below cannot be read",
        ),
        (
            BOB.replace("Bob B", '"Bob" B'),
            "a quote in this record does not match, so the lines below cannot be read",
        ),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(tmp_path, line, message):
    assert (3, message) in said(write(tmp_path, HEADER, ANN, line))


def test_every_problem_of_a_file_is_in_one_report_ordered_by_line(tmp_path):
    path = write(
        tmp_path,
        HEADER.replace("stage", "stges"),
        ANN.replace("2025-01-01", "1.1.2025").replace("ann@example.org", "ann"),
        BOB.replace("early", "").replace("growth", "what"),
        "bob,,,,,,,,,,",
        '"',
    )
    assert [line for line, _ in said(path)] == [1, 2, 2, 3, 4, 4, 4, 4, 5]


def test_a_bad_line_does_not_make_its_reports_look_like_orphans(tmp_path):
    assert said(write(tmp_path, HEADER, ANN.replace("L8", "?"), BOB)) == [(2, "level is not a short code")]
    assert said(write(tmp_path, HEADER, "ann,too short", BOB)) == [(2, "2 cells where the header has 11")]


def test_a_line_after_a_cell_of_two_lines_keeps_its_number(tmp_path):
    path = write(tmp_path, HEADER, ANN.replace("Ann A", '"Ann\nA"'), BOB.replace("L5", "?"))
    assert [line for line, _ in said(path)] == [2, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (HEADER + "\n", "no records below the header"),
        (HEADER.replace("person_id,", "") + "\n" + ANN, "the column person_id is missing"),
        (HEADER.replace("stage", "role") + "\n" + ANN, "the column role is there twice"),
        ('"' + HEADER, "a quote in this record does not match, so the lines below cannot be read"),
        ("PK\x03\x04", "an Excel workbook, not CSV"),
        ("person_id\x00", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_judged_line_by_line_says_why(tmp_path, text, message):
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    assert said(path) == [(1, message)]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(bytes(range(128, 256)) * 40 + b"\x00\x81\x8d\xff\xfe")
    assert problems(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert said(tmp_path / "absent.csv") == [(1, "the file cannot be opened")]


@pytest.mark.parametrize(
    ("column", "hint"),
    [
        ("stges", "did you mean stage? Rename it"),
        ("e-mail", "did you mean email? Rename it"),
        ("salary", "delete it; known are: " + HEADER.replace(",", ", ") + ", language"),
    ],
)
def test_an_unknown_column_is_refused_with_the_nearest_known_one(tmp_path, column, hint):
    header = HEADER.replace("stage", column) if column == "stges" else HEADER.replace("email", column)
    (problem,) = problems(write(tmp_path, header, ANN))
    assert problem.hint == hint
    assert column not in problem.message


def test_a_pm_without_a_unit_is_told_why_a_unit_matters(tmp_path):
    (problem,) = problems(write(tmp_path, HEADER, ANN, BOB.replace("Product/Growth", "")))
    assert problem.hint == "a PM counts in a unit: write its path, like Product/Growth"


def test_no_problem_quotes_a_name_or_an_address(tmp_path):
    careless = "careless,Sekrit Person,sekrit@,ann,Product,pm,Sekrit-level-code-that-is-long,sekrit,sekrit,sekrit,sekrit"
    twin = BOB.replace("bob,", "twin,", 1).replace("Bob B", "Sekrit Twin")
    shown = " ".join(str(problem) for problem in problems(write(tmp_path, HEADER, ANN, BOB, twin, careless)))
    assert "sekrit" not in shown.casefold()
    assert "bob@" not in shown


def test_an_address_may_pass_on_to_another_person_later(tmp_path):
    first = ANN + "2025-06-30"
    second = BOB.replace("bob@", "ann@").replace("2025-01-01", "2025-07-01")
    assert len(read_roster(write(tmp_path, HEADER, first, second)).people) == 2


def test_render_without_people_is_the_header():
    from survey.roster import Roster  # noqa: PLC0415

    assert render_roster(Roster(people=())) == HEADER + "\n"


def test_columns_of_another_system_are_named_together_and_misspelt_ones_each(tmp_path):
    path = write(
        tmp_path, "person_id,full_name,cost_centre,org_unit,role,active_from,building", "ann,A,1,P,pm,x,y"
    )
    assert said(path) == [
        (1, "the column name is missing"),
        (1, "column 2 of the header is none that we know"),
        (1, "columns 3, 7 of the header are none that we know"),
    ]


@pytest.mark.parametrize(("written", "read"), [("de", "de"), ("pt_BR", "pt-br"), ("EN", "en"), ("", "")])
def test_a_language_is_optional_and_read_as_one_code_however_it_is_written(tmp_path, written, read):
    roster = read_roster(write(tmp_path, HEADER + ",language", f"{ANN},{written}"))
    assert roster.people[0].language == read
    assert read_roster(write(tmp_path, *render_roster(roster).splitlines())) == roster


def test_a_language_that_is_no_code_is_a_problem(tmp_path):
    (problem,) = problems(write(tmp_path, HEADER + ",language", f"{ANN},German please"))
    assert problem.message == "language is not a language code"


def test_a_roster_without_languages_is_written_without_the_column(tmp_path):
    roster = read_roster(write(tmp_path, HEADER, ANN))
    assert render_roster(roster).splitlines()[0] == HEADER
