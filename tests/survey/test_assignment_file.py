"""A file of who works with whom is taken whole, or refused with everything that is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from survey.assignment import NominationState, Source
from survey.assignment_file import read_nominations
from survey.errors import AssignmentError
from survey.roster import Person, make_roster

HEADER = "subject_id,rater_id,relationship\n"


def person(person_id: str, role: str = "engineering") -> Person:
    return Person(
        person_id=person_id, name="Sekrit Name", email=f"{person_id}@Example.org", manager_id="", org_unit="Product",
        role=role, level="", pm_type="", stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip


MEMBERS = make_roster([person("ada", "pm"), person("bob", "pm"), person("eng"), person("des")])


@pytest.fixture
def read(tmp_path: Path):
    def read_file(text: str | bytes):
        path = tmp_path / "pairs.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_nominations(path, MEMBERS)

    return read_file


@pytest.fixture
def problems(read):
    def found(text: str | bytes) -> list[tuple[int, str]]:
        with pytest.raises(AssignmentError) as refused:
            read(text)
        assert refused.value.code == "assignment-invalid"
        assert "sekrit" not in " ".join(map(str, refused.value.problems)).casefold()
        return [(problem.line, problem.message) for problem in refused.value.problems]

    return found


def test_ids_e_mails_and_other_tools_words_are_understood(read):
    found = read(
        "rater;name;PM;Relationship\neng;x;ada;Developer\nDES@example.ORG;x;ada@example.org;ux\nbob;;ada;\n"
    )
    assert [(one.subject_id, one.rater_id, one.relationship.value) for one in found] == [
        ("ada", "eng", "engineering"),
        ("ada", "des", "design"),
        ("ada", "bob", "other"),
    ]
    assert {(one.source, one.state) for one in found} == {(Source.FILE, NominationState.APPROVED)}


def test_every_problem_is_told_at_once_with_its_line(problems):
    lines = (
        "ada,eng,engineering\n"
        "sekrit,eng,peer\n"
        "ada,sekrit@example.org,peer\n"
        "eng,des,design\n"
        "ada,ada,peer\n"
        ",des,peer\n"
        "ada,des,desing\n"
        "ada,bob,manager\n"
        "ada,eng@example.org,design\n"
        "ada,des,peer,too much\n"
        "bob,eng,sekrit\n"
    )
    assert problems(HEADER + lines) == [
        (3, "subject_id is nobody on the roster of this day"),
        (4, "rater_id is nobody on the roster of this day"),
        (5, "subject_id eng is no PM"),
        (6, "subject and rater are the same person"),
        (7, "subject_id is empty"),
        (8, "relationship is none that we know"),
        (9, "self and manager do not belong in this file"),
        (10, "the same PM and rater as on line 2"),
        (11, "4 cells where the header has 3"),
        (12, "relationship is none that we know"),
    ]


def test_a_near_word_is_proposed(read):
    with pytest.raises(AssignmentError) as refused:
        read(HEADER + "ada,des,desing\nada,eng,xyz\n")
    near, far = refused.value.problems
    assert near.hint == "did you mean design?"
    assert far.hint.startswith("write one of: peer, report, engineering")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "the column subject_id is missing"), (1, "the column rater_id is missing"), (1, "the column relationship is missing")]),
        ("\nsubject_id,subject,rater_id,relationship\n", [(2, "the column subject_id is there twice")]),
        (HEADER, [(1, "no records below the header")]),
        (HEADER + 'ada,"eng,peer\n', [(2, "a quote in this record does not match, so the lines below cannot be read")]),
        (b"PK\x03\x04rest", [(1, "an Excel workbook, not CSV")]),
        (b"a\x00b", [(1, "not a text file")]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_list_is_refused(problems, text, found):
    assert problems(text) == found


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(AssignmentError) as refused:
        read_nominations(tmp_path / "none.csv", MEMBERS)
    assert refused.value.problems[0].message == "the file cannot be opened"
