"""A mapping set on a file: small noise in a header is forgiven, doubt is not."""

from pathlib import Path

import pytest

from pipeline.errors import MappingError
from pipeline.mapping.binding import bind
from pipeline.mapping.describe import describe_mapping
from pipeline.mapping.file import parse_mapping
from pipeline.sources.sniff import open_export
from survey.definition import read_instrument

SMALL = read_instrument(Path(__file__).parents[2] / "exports" / "small.instrument.yaml")


def bound(tmp_path, header: str, mapping: str):
    path = tmp_path / "answers.csv"
    path.write_text(f"{header}\n1,2,3\n", encoding="utf-8")
    return bind(parse_mapping(mapping.encode(), name="m", file="m.yaml"), open_export(path), SMALL)


def problems(tmp_path, header: str, mapping: str) -> list[tuple[int, str, str]]:
    with pytest.raises(MappingError) as refusal:
        bound(tmp_path, header, mapping)
    return [(problem.line, problem.message, problem.hint) for problem in refusal.value.problems]


@pytest.mark.parametrize("name", ["'  how  WELL? '", "How well?", "HOW WELL? *", "2"])
def test_column_when_the_header_has_small_noise_then_found(tmp_path, name):
    text = f"tool: csv\nsubject: {{constant: x}}\nitems: {{taste_cuts: {name}}}"
    assert bound(tmp_path, "a,How well?,c", text).used == {2}


def test_column_when_two_differ_in_case_only_then_the_exact_one_is_taken(tmp_path):
    text = "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: q1}"
    assert bound(tmp_path, "Q1,q1,c", text).used == {2}


def test_mapping_when_it_does_not_fit_then_every_problem_has_its_line(tmp_path):
    text = """\
tool: csv
relationship: {column: Relation}
items:
  taste_cuts: same
  taste_reasons: 9
  tast_shown: c
  focus_share: c
prompts:
  keeep: c
"""
    assert problems(tmp_path, "same,same,c", text) == [
        (1, "the mapping does not say who is rated", "add subject: {column: ...} or {constant: ...}"),
        (2, "the file has no column 'Relation'", "write the column as the file's header has it"),
        (4, "column 'same' may be any of 1, 2", "write the number of the one meant"),
        (5, "the file has no column 9", "the file has columns 1 to 3"),
        (6, "small-pm has no item 'tast_shown'", "did you mean 'taste_shown'?"),
        (9, "small-pm has no prompt 'keeep'", "did you mean 'keep'?"),
    ]


def test_column_when_it_has_a_near_name_then_that_is_offered(tmp_path):
    text = "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: how wel}"
    assert problems(tmp_path, "a,how well,c", text) == [
        (3, "the file has no column 'how wel'", "did you mean 'how well'?")
    ]


def test_column_when_two_answers_read_it_then_refused(tmp_path):
    text = "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: a, taste_reasons: a}"
    assert problems(tmp_path, "a,b,c", text)[0][1] == "'taste_reasons' and 'taste_cuts' read the same column"


def test_mapping_when_nothing_is_mapped_then_refused(tmp_path):
    assert (
        problems(tmp_path, "a,b,c", "tool: csv\nsubject: {constant: x}")[0][1]
        == "no item is mapped to a column"
    )


def test_group_when_columns_carry_its_prefix_then_found_with_or_without_a_space(tmp_path):
    text = """\
tool: csv
items: {taste_cuts: well}
groups:
  - {prefix: 'A:', subject: {constant: a}}
  - {prefix: 'B:', subject: {constant: b}}
"""
    binding = bound(tmp_path, "A: well,B:well,c", text)
    assert [part.answers[0].place for part in binding.parts] == [0, 1]


def test_number_when_a_group_has_a_prefix_then_refused(tmp_path):
    text = "tool: csv\nsubject: {constant: x}\nitems: {taste_cuts: 1}\ngroups:\n  - {prefix: 'A:'}"
    assert problems(tmp_path, "a,b,c", text)[0][1] == "the file has no column 1"


def test_description_when_told_then_it_counts_and_never_quotes(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("who,how,say,x 1,x 2\nanna,4,well,1,\nbob,often,,,1\nbob,4,,,\n", encoding="utf-8")
    text = """\
tool: csv
subject: {column: who}
items: {taste_cuts: how, taste_shown: {choices: {x 1: 1, x 2: 0}}}
prompts: {keep: say}
"""
    lines = describe_mapping(parse_mapping(text.encode(), name="m", file=""), open_export(path), SMALL)
    assert [(line.target, line.column, line.filled, line.readable, line.label_count) for line in lines] == [
        ("subject", "who", 3, 3, 2),
        ("taste_cuts", "how", 3, 2, 2),
        ("taste_shown", "x 1", 2, 2, 1),
        ("keep", "say", 1, 1, 1),
    ]
    assert {line.confidence for line in lines} == {1.0}
