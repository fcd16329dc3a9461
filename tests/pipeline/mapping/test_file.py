"""A mapping is YAML: every problem at once, and writing it down loses nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MappingError
from pipeline.mapping.file import parse_mapping, read_mapping
from pipeline.mapping.mapping import (
    AnswerColumn,
    Choice,
    ColumnReference,
    Constant,
    FieldColumn,
    Mapping,
    PerRow,
    SkipRule,
    SubjectGroup,
)
from pipeline.mapping.text import hash_mapping, render_mapping
from survey.definition_nodes import one_line

WHOLE = """\
tool: surveymonkey
sheet: Form responses 1
header_line: 3
subject: {column: About whom, recode: {Bob: p07}}
relationship: {constant: peer}
wave: {column: 2}
rater: row
response: {column: Respondent ID}
submitted_at: {column: End Date}
skip: {column: Status, labels: [Preview]}
recode: {Yes: 1}
not_observed: [N/A]
items:
  taste_reasons: Q1
  taste_cuts: {column: 7, recode: {Often: 4}, not_observed: [Never saw it]}
  focus_share: {choices: {12: 1, '13': 2}}
prompts:
  keep: What to keep?
groups:
  - prefix: 'PM 2:'
    subject: {column: PM 2}
    relationship: {column: R2}
"""


def parsed(text: str) -> Mapping:
    return parse_mapping(text.encode(), name="m", file="m.yaml")


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(MappingError) as refusal:
        parsed(text)
    return [(problem.line, problem.code) for problem in refusal.value.problems]


def test_mapping_when_whole_then_read_as_written():
    mapping = parsed(WHOLE)
    assert mapping.subject == FieldColumn(column=ColumnReference(name="About whom"), recode=(("Bob", "p07"),))
    assert mapping.relationship == Constant(text="peer")
    assert mapping.rater is PerRow.ROW
    assert mapping.recode == (("Yes", "1"),)
    assert mapping.items[2].choices == (
        Choice(column=ColumnReference(name=12), value="1"),
        Choice(column=ColumnReference(name="13"), value="2"),
    )
    assert mapping.items[1].column == ColumnReference(name=7)
    assert mapping.items[1].line == 15
    assert mapping.groups[0].prefix == "PM 2:"


def test_mapping_when_rendered_then_reads_back_equal_with_the_same_hash():
    mapping = parsed(WHOLE)
    again = parsed(render_mapping(mapping))
    assert again == mapping
    assert hash_mapping(again) == hash_mapping(mapping)


def test_hash_when_one_label_changes_then_it_changes():
    assert hash_mapping(parsed(WHOLE)) != hash_mapping(parsed(WHOLE.replace("N/A", "n.a.")))


def test_mapping_when_much_is_wrong_then_every_line_is_named():
    text = """\
tool: mentimeter
header_line: none
subject: Anna
rater: each
skip: {labels: [x]}
items:
  taste_reasons: {recode: {a: high}}
  taste_cuts: {column: a, choices: {b: 1}}
groups:
  - subject: {constant: x}
colour: blue
"""
    assert problems(text) == [
        (1, "tool"),
        (2, "number"),
        (3, "shape"),
        (4, "row"),
        (5, "key-missing"),
        (7, "answer"),
        (7, "value"),
        (8, "answer"),
        (10, "key-missing"),
        (11, "key-unknown"),
    ]


def test_mapping_when_no_yaml_then_refused():
    assert problems("tool: [") == [(2, "yaml")]


def test_mapping_when_the_file_is_missing_then_refused(tmp_path):
    with pytest.raises(MappingError) as refusal:
        read_mapping(tmp_path / "gone.yaml")
    assert refusal.value.code == "mapping-missing"


def test_mapping_when_read_from_a_file_then_its_name_is_the_stem(tmp_path):
    path = tmp_path / "spring.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert read_mapping(path).name == "spring"


WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).map(
    one_line
)
WORDS = WORD.filter(lambda word: bool(word) and word.isprintable())
REFERENCE = st.builds(ColumnReference, name=WORDS | st.integers(1, 900))
VALUE = st.sampled_from(["1", "2.5", "-1", "not_observed"])


def by_label(values):
    return st.dictionaries(WORDS, values, max_size=3).map(lambda found: tuple(found.items()))


FIELD_COLUMN = st.builds(FieldColumn, column=REFERENCE, recode=by_label(WORDS))
FIELD = st.none() | FIELD_COLUMN | st.builds(Constant, text=WORDS)
KEY_FIELD = st.none() | FIELD_COLUMN | st.just(PerRow.ROW)
LABELS = st.lists(WORDS, max_size=3).map(tuple)


def key_text(choice: Choice) -> str:
    return str(choice.column.name)


@st.composite
def answers(draw):
    ids = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
    return tuple(draw(answer(answer_id)) for answer_id in ids)


@st.composite
def answer(draw, answer_id):
    own = {"recode": draw(by_label(VALUE)), "not_observed": draw(LABELS)}
    if draw(st.booleans()):
        return AnswerColumn(answer_id=answer_id, column=draw(REFERENCE), **own)
    choice = st.builds(Choice, column=REFERENCE, value=VALUE)
    choices = draw(st.lists(choice, min_size=1, max_size=4, unique_by=key_text))
    return AnswerColumn(answer_id=answer_id, choices=tuple(choices), **own)


MAPPING = st.builds(
    Mapping,
    name=st.just("m"),
    tool=st.sampled_from(["csv", "qualtrics", "canonical"]),
    sheet=st.just("") | WORDS,
    header_line=st.integers(0, 9),
    subject=FIELD,
    relationship=FIELD,
    wave=FIELD,
    rater=KEY_FIELD,
    response=KEY_FIELD,
    submitted_at=st.none() | FIELD_COLUMN,
    skip=st.none() | st.builds(SkipRule, column=REFERENCE, labels=LABELS),
    recode=by_label(VALUE),
    not_observed=LABELS,
    items=answers(),
    prompts=answers(),
    groups=st.lists(st.builds(SubjectGroup, prefix=WORDS, subject=FIELD, relationship=FIELD), max_size=2).map(
        tuple
    ),
)


@settings(max_examples=150, deadline=None)
@given(MAPPING)
def test_any_mapping_when_rendered_then_reads_back_equal(mapping):
    assert parsed(render_mapping(mapping)) == mapping
