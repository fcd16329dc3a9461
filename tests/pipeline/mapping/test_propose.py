"""An export of a survey built from our texts maps itself; what is not said is named as missing."""

import csv
from pathlib import Path

import pytest

from pipeline.errors import MappingError
from pipeline.mapping.describe import describe_mapping
from pipeline.mapping.file import parse_mapping
from pipeline.mapping.mapping import Choice, ColumnReference, FieldColumn
from pipeline.mapping.propose import propose, propose_mapping
from pipeline.mapping.receive import receive
from pipeline.mapping.text import render_draft
from pipeline.sources.sniff import open_export
from survey.definition import BUILT_IN, read_instrument

SMALL = read_instrument(Path(__file__).parents[2] / "exports" / "small.instrument.yaml")
ITEMS = tuple(item.item_id for item in SMALL.items)


def written(tmp_path: Path, *rows: list[str]) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def texts(language: str) -> list[str]:
    return [*(item.text[language] for item in SMALL.items), SMALL.prompts[0].text[language]]


CELLS = ["Mostly", "4", "Yes", "70", "More drafts"]


def google_forms(language: str) -> list[list[str]]:
    shown = texts(language)
    grid = [f"How often?  [{text}]" for text in shown[:2]]
    head = ["Timestamp", "Email Address", "Which PM is this about?", "How do you work with them?"]
    return [[*head, *grid, *shown[2:]], ["2026/03/01 9:00:00 AM EST", "a@b.example", "Anna", "Peer", *CELLS]]


def surveymonkey(language: str) -> list[list[str]]:
    shown = texts(language)
    head = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address", "About whom"]
    return [
        [*head, "Relationship", "How often?", "", *shown[2:]],
        ["", "", "", "", "", "Open-Ended Response", "Response", *shown[:2]] + ["Response"] * 3,
        [
            "11",
            "7",
            "03/01/2026 09:00:00 AM",
            "03/01/2026 09:05:00 AM",
            "a@b.example",
            "Anna",
            "Peer",
            *CELLS,
        ],
    ]


def qualtrics(language: str) -> list[list[str]]:
    shown = texts(language)
    codes = [
        "StartDate",
        "EndDate",
        "Status",
        "ResponseId",
        "RecipientEmail",
        "Q1",
        "Q2",
        "Q3_1",
        "Q3_2",
        "Q4",
        "Q5",
        "Q6",
    ]
    labels = [
        "Start Date",
        "End Date",
        "Response Type",
        "Response ID",
        "Recipient Email",
        "About whom is this?",
    ]
    labels += [
        "What is your relationship to them?",
        *(f"How often? - {text}" for text in shown[:2]),
        *shown[2:],
    ]
    ids = ["startDate", "endDate", "status", "_recordId", "recipientEmail"] + [f"QID{n}" for n in range(1, 8)]
    values = [
        "2026-03-01 09:00:00",
        "2026-03-01 09:05:00",
        "IP Address",
        "R_1",
        "a@b.example",
        "Anna",
        "Peer",
        *CELLS,
    ]
    return [codes, labels, [f'{{"ImportId":"{name}"}}' for name in ids], values]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("tool", [google_forms, surveymonkey, qualtrics])
def test_export_when_built_from_our_texts_then_it_maps_itself_fully(tmp_path, tool, language):
    path = written(tmp_path, *tool(language))
    proposal = propose(open_export(path), SMALL)
    assert proposal.missing == ()
    assert proposal.mapping.name == tool.__name__
    table = receive(path, mapping=None, instrument=SMALL).answers
    assert dict(zip(table["item"].to_pylist(), table["value"].to_pylist(), strict=True)) == {
        "taste_reasons": "4",
        "taste_cuts": "4",
        "taste_shown": "1",
        "focus_share": "70",
        "keep": "More drafts",
    }
    row = table.to_pylist()[0]
    assert (row["subject"], row["relationship"], row["rater"]) == ("Anna", "Peer", "a@b.example")
    assert row["submitted_at"].startswith("2026-03-01T09:0")


def test_proposal_when_described_then_each_line_says_how_sure_it_is(tmp_path):
    export = open_export(written(tmp_path, *google_forms("en")))
    proposal = propose(export, SMALL)
    lines = describe_mapping(proposal.mapping, export, SMALL, proposal.matches)
    sure = {line.target: line.confidence for line in lines}
    assert sure == {"submitted_at": 1.0, "subject": 0.9, "relationship": 0.9, "rater": 0.9} | dict.fromkeys(
        [*ITEMS, "keep"], 1.0
    )


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.yaml")), ids=lambda path: path.stem)
def test_built_in_instrument_when_asked_by_its_texts_then_every_item_finds_its_own_column(tmp_path, path):
    instrument = read_instrument(path)
    asked = (*instrument.items, *instrument.prompts)
    header = ["Timestamp", "Subject", *(one.text[instrument.languages[0]] for one in asked)]
    proposal = propose(open_export(written(tmp_path, header, ["", "x", *["1"] * len(asked)])), instrument)
    assert proposal.missing == ()
    columns = {match.target: match.column_numbers for match in proposal.matches}
    ids = [*(item.item_id for item in instrument.items), *(prompt.prompt_id for prompt in instrument.prompts)]
    assert [columns[one] for one in ids] == [(place,) for place in range(3, 3 + len(asked))]


def test_text_when_slightly_reworded_then_found_with_less_confidence(tmp_path):
    path = written(tmp_path, ["PM", "1. Explains why one design is better than another one"], ["Anna", "4"])
    match = propose(open_export(path), SMALL).matches[-1]
    assert match.target == "taste_reasons"
    assert 0.85 <= match.confidence < 0.97


def test_columns_when_one_per_scale_point_then_proposed_as_choices(tmp_path):
    item = SMALL.items[1].text["en"]
    path = written(
        tmp_path,
        ["Respondent ID", "PM name", item, "", "", ""],
        ["", "Response", " - 1", " - 2", "Mostly", "Other (please specify)"],
        ["1", "Anna", "", "2", "", ""],
    )
    mapping = propose_mapping(path, SMALL)
    assert mapping.subject == FieldColumn(column=ColumnReference(name="PM name"))
    assert [(choice.value, type(choice)) for choice in mapping.items[0].choices] == [
        ("1", Choice),
        ("2", Choice),
        ("4", Choice),
    ]


def test_columns_when_a_header_stands_twice_then_referred_to_by_number(tmp_path):
    item = SMALL.items[1].text["en"]
    mapping = propose_mapping(written(tmp_path, ["PM", item, item], ["Anna", "1", "2"]), SMALL)
    assert mapping.items[0].column == ColumnReference(name=2)


def test_column_when_never_filled_then_it_is_no_field(tmp_path):
    path = written(tmp_path, ["E-mail", "PM", "taste_cuts"], ["", "Anna", "2"])
    assert propose_mapping(path, SMALL).rater is None


def test_header_when_it_says_nothing_then_refused_with_all_that_is_missing(tmp_path):
    with pytest.raises(MappingError) as refusal:
        receive(written(tmp_path, ["a", "b"], ["1", "2"]), mapping=None, instrument=SMALL)
    assert [problem.message for problem in refusal.value.problems] == [
        "no column is a question of small-pm 1.0",
        "no column says who is rated",
    ]
    assert "--save-mapping NAME" in refusal.value.hint


def test_header_when_only_the_subject_is_missing_then_only_that_is_said(tmp_path):
    path = written(tmp_path, ["colour", "taste_cuts"], ["red", "2"])
    with pytest.raises(MappingError) as refusal:
        receive(path, mapping=None, instrument=SMALL)
    assert [problem.message for problem in refusal.value.problems] == ["no column says who is rated"]


def test_draft_when_completed_then_reads_the_file(tmp_path):
    path = written(tmp_path, ["colour", "taste_cuts"], ["red", "2"])
    proposal = propose(open_export(path), SMALL)
    draft = render_draft(proposal.mapping, proposal.missing)
    assert "#   subject: {column: ...}" in draft
    missing = [item_id for item_id in ITEMS if item_id != "taste_cuts"]
    assert [item_id for item_id in ITEMS if f"#   {item_id}: ..." in draft] == missing
    whole = parse_mapping(f"subject: {{constant: p01}}\n{draft}".encode(), name="draft", file="draft.yaml")
    assert receive(path, mapping=whole, instrument=SMALL).file_lines == 1


def test_wording_when_it_holds_a_placeholder_then_the_name_in_it_does_not_matter(tmp_path):
    instrument = read_instrument(Path(__file__).parents[2] / "exports" / "small.instrument.yaml")
    named = type(SMALL.items[0])(
        item_id="asked",
        trait_id="taste",
        scale_id="often",
        is_reverse=False,
        is_event=False,
        text={"en": "{name} decides what comes first"},
        text_self={"en": ""},
    )
    instrument = type(instrument)(
        **{field: getattr(instrument, field) for field in instrument.__slots__} | {"items": (named,)}
    )
    path = written(tmp_path, ["PM", "Anna decides what comes first"], ["Anna", "1"])
    assert propose_mapping(path, instrument).items[0].answer_id == "asked"
