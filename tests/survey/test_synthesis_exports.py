"""Made-up exports look like those of the tools: what stands in them comes back through the pipeline."""

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from pipeline.mapping.file import read_mapping
from pipeline.mapping.receive import receive
from pipeline.received import NOT_OBSERVED, Received
from pipeline.sources.sniff import recognise_tool
from pipeline.sources.table import read_sheet
from survey.definition import BUILT_IN, read_instrument
from survey.instrument import Instrument
from survey.relationship import parse_relationship
from survey.synthesis.__main__ import main
from survey.synthesis.export_file import (
    CANONICAL_WIDE,
    GOOGLE_FORMS,
    QUALTRICS,
    SURVEYMONKEY,
    Recipe,
    Tool,
    export_wave,
    write_export,
)
from survey.synthesis.mappings import write_mapping
from survey.synthesis.samples import COMPANY, PERIOD, SEED, write_samples
from survey.synthesis.world import Campaign, Cycle, make_campaign, make_organisation, make_rng

ROSTER = make_organisation(COMPANY, SEED)
PEOPLE = {person.person_id: person for person in ROSTER.people}
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
WIDE_TOOLS = (GOOGLE_FORMS, SURVEYMONKEY, QUALTRICS, CANONICAL_WIDE)


@pytest.fixture(scope="module")
def great_pm() -> Instrument:
    return read_instrument(BUILT_IN / "great-pm.yaml")


@pytest.fixture(scope="module")
def campaign(great_pm) -> Campaign:
    return make_campaign(ROSTER, great_pm, (Cycle(period=PERIOD),), SEED)


def received_from(tool: Tool, campaign: Campaign, folder: Path, name: str = "answers.csv") -> Received:
    recipe = Recipe(tool=tool, file_name=name, empty_row_count=2)
    instrument = campaign.instrument
    file = export_wave(recipe, instrument, PERIOD, campaign.responses[PERIOD], PEOPLE, make_rng(1, "x"))
    path = write_export(file, folder)
    mapping = None
    if text := write_mapping(tool.name, instrument):
        (folder / "mapping.yaml").write_text(text, encoding="utf-8")
        mapping = read_mapping(folder / "mapping.yaml")
    return receive(path, mapping=mapping, instrument=instrument)


def given(campaign: Campaign) -> Counter[tuple[str, str, str, str]]:
    """Every answer that was made up: submission time, relationship, item, value."""
    return Counter(
        (response.submitted_at.isoformat(), response.relationship.value, item, text)
        for response in campaign.responses[PERIOD]
        for item, text in (
            *(
                (item, NOT_OBSERVED if value is None else str(value))
                for item, value in response.values.items()
            ),
            *response.words.items(),
        )
    )


def taken(received: Received) -> Counter[tuple[str, str, str, str]]:
    return Counter(
        (row["submitted_at"], parse_relationship(row["relationship"]).value, row["item"], row["value"])
        for row in received.answers.to_pylist()
    )


@pytest.mark.parametrize("tool", WIDE_TOOLS, ids=lambda tool: tool.name)
def test_export_when_received_gives_every_answer_back(tool, campaign, tmp_path):
    received = received_from(tool, campaign, tmp_path)
    assert received.tool == tool.name
    assert taken(received) == given(campaign)


def test_google_forms_workbook_when_received_gives_every_answer_back(campaign, tmp_path):
    received = received_from(GOOGLE_FORMS, campaign, tmp_path, "answers.xlsx")
    assert received.tool == "google_forms"
    assert taken(received) == given(campaign)


def test_exports_name_subjects_as_their_tools_do(campaign, tmp_path):
    subjects = {
        tool.name: set(received_from(tool, campaign, tmp_path).answers["subject"].to_pylist())
        for tool in (GOOGLE_FORMS, SURVEYMONKEY, QUALTRICS)
    }
    rated = [PEOPLE[subject] for subject in campaign.truth.subjects]
    assert subjects["google_forms"] == {person.email for person in rated}
    assert subjects["surveymonkey"] == {person.name for person in rated}
    assert subjects["qualtrics"] == {person.person_id for person in rated}


def test_surveymonkey_knows_no_raters_but_an_id_for_every_response(campaign, tmp_path):
    answers = received_from(SURVEYMONKEY, campaign, tmp_path).answers
    assert answers["rater"].null_count == len(answers)
    assert len(set(answers["response"].to_pylist())) == len(campaign.responses[PERIOD])


@pytest.mark.parametrize("file", ["google-forms.csv", "google-forms.xlsx"])
def test_sample_of_google_forms_is_recognised(file):
    assert recognise_tool(read_sheet(SAMPLES / file)) == "google_forms"


@pytest.mark.parametrize("tool", ["surveymonkey", "qualtrics"])
def test_sample_is_recognised_as_its_tool(tool):
    assert recognise_tool(read_sheet(SAMPLES / f"{tool}.csv")) == tool


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_sample_of_our_own_table_is_recognised(shape):
    assert recognise_tool(read_sheet(SAMPLES / f"canonical-{shape}.csv")) == "canonical"


def test_tracked_samples_are_those_that_the_documented_command_writes(great_pm, tmp_path):
    written = write_samples(great_pm, tmp_path)
    assert sorted(path.name for path in written) == sorted(path.name for path in SAMPLES.iterdir())
    for path in written:
        assert content(path) == content(SAMPLES / path.name), f"run: python -m survey.synthesis ({path.name})"


def content(path: Path) -> dict[str, bytes]:
    """A workbook's parts, since their packing depends on the zlib of the machine; else the bytes."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_documented_command_writes_the_samples_and_says_which(tmp_path, capsys):
    main([str(tmp_path)])
    said = capsys.readouterr().out.split()
    assert sorted(said) == sorted(str(path) for path in tmp_path.iterdir())
