"""The demo's input: five quarters as files of three tools, with counts that are known beforehand."""

import json
from pathlib import Path

import pytest

from pipeline.mapping.file import read_mapping
from pipeline.mapping.receive import receive
from pipeline.received import LongFile
from pipeline.sources.sniff import recognise_tool
from pipeline.sources.table import read_sheet
from survey.definition import BUILT_IN, read_instrument
from survey.roster_file import read_roster
from survey.synthesis.company import QUARTERS
from survey.synthesis.demo import INSTRUMENTS, WrittenDemo, make_demo, write_demo
from survey.synthesis.sheet import Fate

DEFINITIONS = {name: read_instrument(BUILT_IN / f"{name}.yaml") for name in INSTRUMENTS}
FILES = (
    "2025Q3-google-forms.csv",
    "2025Q4-surveymonkey.csv",
    "2025H2-core-competencies.csv",
    "2026Q1-qualtrics.csv",
    "2026Q2-qualtrics.csv",
    "2026Q2-consumer-part.csv",
    "2026H1-core-competencies.csv",
    "2026Q2-three-lenses.csv",
    "2026Q3-canonical.csv",
    "2026Q3-three-lenses.csv",
    "2026Q3-stage-fit.csv",
)


@pytest.fixture(scope="module")
def demo():
    return make_demo(DEFINITIONS)


@pytest.fixture(scope="module")
def written(demo, tmp_path_factory) -> WrittenDemo:
    return write_demo(demo, tmp_path_factory.mktemp("demo"))


def find(written: WrittenDemo, name: str):
    return next(file for file in written.files if file.path.name == name)


def test_demo_has_its_files_in_the_order_of_their_waves(written):
    assert tuple(file.path.name for file in written.files) == FILES
    great_pm = [file.export.period for file in written.files if file.export.instrument_id == "great-pm"]
    assert list(dict.fromkeys(great_pm)) == list(QUARTERS)


@pytest.mark.parametrize("name", FILES)
def test_demo_file_is_recognised_as_its_tool(written, name):
    file = find(written, name)
    assert recognise_tool(read_sheet(file.path)) == file.export.tool_name


@pytest.mark.parametrize("name", [name for name in FILES if "three-lenses" not in name])
def test_demo_file_when_received_has_the_known_rows_and_answers(written, name):
    file = find(written, name)
    mapping = read_mapping(file.mapping_path) if file.mapping_path else None
    answers = receive(file.path, mapping=mapping, instrument=DEFINITIONS[file.export.instrument_id]).answers
    expected = file.export.expected
    assert sum(answers["starts_row"].to_pylist()) == expected.rows.received
    assert len(answers) - answers["value"].null_count == expected.answers.received


@pytest.mark.parametrize("name", [name for name in FILES if "three-lenses" in name])
def test_demo_file_of_a_team_instrument_is_long_and_has_a_line_for_each_answer(written, name):
    file = find(written, name)
    received = receive(file.path, mapping=None, instrument=DEFINITIONS["three-lenses"])
    assert isinstance(received.answers, LongFile)
    assert len(read_sheet(file.path).records) - 1 == file.export.expected.answers.received


def test_only_qualtrics_needs_a_mapping(written):
    assert {file.export.tool_name for file in written.files if file.mapping_path} == {"qualtrics"}


def test_demo_breaks_every_rule_that_an_export_can_break(demo):
    rules = {rule.partition(":")[0] for file in demo.files for rule in file.expected.rules}
    assert rules == {
        "relationship_unknown",
        "subject_ambiguous",
        "subject_not_in_wave",
        "subject_unknown",
        "value_off_scale",
        "value_unreadable",
        "wave_mismatch",
    }
    assert any(row.fate is Fate.SUPERSEDED for file in demo.files for row in file.rows)


def test_part_file_and_main_file_of_a_wave_share_no_subject(demo):
    main, part = (file for file in demo.files if file.wave_id == "great-pm/2026Q2")
    assert part.is_addition
    assert not main.is_addition
    assert {row.subject_id for row in main.rows}.isdisjoint(row.subject_id for row in part.rows)


def test_demo_roster_reads_back(demo, written):
    assert read_roster(written.roster_path) == demo.roster


def test_truth_lies_beside_the_exports(written):
    truth = json.loads((written.roster_path.parent / "truth.json").read_text(encoding="utf-8"))
    assert set(truth["campaigns"]) == set(INSTRUMENTS)
    assert truth["campaigns"]["great-pm"]["periods"] == list(QUARTERS)


def test_demo_when_the_seed_is_the_same_is_the_same_to_the_byte(written, tmp_path: Path):
    again = write_demo(make_demo(DEFINITIONS), tmp_path)
    for name in (path.name for path in written.roster_path.parent.iterdir()):
        assert (tmp_path / name).read_bytes() == (written.roster_path.parent / name).read_bytes()
    assert len(again.files) == len(written.files)


def test_demo_when_the_seed_differs_is_another_organisation(demo):
    other = make_demo(DEFINITIONS, seed=1)
    assert other.roster != demo.roster
    assert tuple(file.file_name for file in other.files) == FILES
