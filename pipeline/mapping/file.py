"""YAML -> `Mapping`: every problem of the file at once, each with its line."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from pipeline.errors import MappingError
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
from pipeline.received import NOT_OBSERVED
from pipeline.sources.sniff import TOOLS
from survey.definition_nodes import (
    Findings,
    Part,
    called,
    compose,
    elements,
    entries,
    fields,
    parse_choice,
    parse_text,
    parse_words,
)

_FIELDS = ("subject", "relationship", "wave", "rater", "response", "submitted_at")
_KEYS = ("sheet", "header_line", *_FIELDS, "skip", "recode", "not_observed", "items", "prompts", "groups")
_INTEGER = "tag:yaml.org,2002:int"


def read_mapping(path: Path) -> Mapping:
    """Returns the mapping in a file.

    Raises:
        MappingError: the file is missing or no mapping; it names every problem.
    """
    try:
        source = path.read_bytes()
    except OSError:
        raise MappingError(
            "mapping-missing", f"there is no mapping {path.name}", (), hint="check the path"
        ) from None
    return parse_mapping(source, name=path.stem, file=path.name)


def parse_mapping(source: bytes, *, name: str, file: str) -> Mapping:
    """Returns the mapping in the bytes of a file. See `read_mapping`."""
    found = Findings(file)
    root = compose(source, found)
    mapping = _mapping(replace(root, path="mapping"), name, file, found) if root else None
    if mapping is None or found.problems:
        raise MappingError(
            "mapping-file", "the mapping cannot be used", found.problems, hint="mend every line"
        )
    return mapping


def _mapping(root: Part, name: str, file: str, found: Findings) -> Mapping:
    parts = fields(root, found, required=("tool",), optional=_KEYS)
    return Mapping(
        name=name,
        file=file,
        tool=parse_choice(parts["tool"], found, TOOLS, "tool"),
        sheet=parse_text(parts["sheet"], found),
        header_line=_line_number(parts["header_line"], found),
        subject=_field(parts["subject"], found),
        relationship=_field(parts["relationship"], found),
        wave=_field(parts["wave"], found),
        rater=_key_field(parts["rater"], found),
        response=_key_field(parts["response"], found),
        submitted_at=_field_column(parts["submitted_at"], found),
        skip=_skip(parts["skip"], found),
        recode=_recode(parts["recode"], found),
        not_observed=parse_words(parts["not_observed"], found),
        items=_answers(parts["items"], found),
        prompts=_answers(parts["prompts"], found),
        groups=tuple(_group(element, found) for element in elements(parts["groups"], found)),
    )


def _is_scalar(part: Part) -> bool:
    return isinstance(part.node, yaml.ScalarNode)


def _line_number(part: Part, found: Findings) -> int:
    text = parse_text(part, found)
    if text.isdecimal() and int(text) > 0:
        return int(text)
    if text:
        found.add(part.line, "number", f"{called(part)} is no line number", "count lines from 1")
    return 0


def _reference(part: Part, found: Findings) -> ColumnReference:
    text = parse_text(part, found)
    is_number = part.node is not None and part.node.tag == _INTEGER and text.isdecimal()
    return ColumnReference(name=int(text) if is_number else text, line=part.line)


def _field(part: Part, found: Findings) -> FieldColumn | Constant | None:
    if "constant" not in entries(part, Findings("")):
        return _field_column(part, found)
    own = fields(part, found, required=("constant",))
    return Constant(text=parse_text(own["constant"], found))


def _field_column(part: Part, found: Findings) -> FieldColumn | None:
    """`subject: {column: X}`; a bare word could be a column or a constant, so it is refused."""
    own = fields(part, found, required=("column",), optional=("recode",))
    if not own["column"].is_there:
        return None
    recode = entries(own["recode"], found)
    return FieldColumn(
        column=_reference(own["column"], found),
        recode=tuple((label, parse_text(word, found)) for label, word in recode.items()),
    )


def _key_field(part: Part, found: Findings) -> FieldColumn | PerRow | None:
    if not _is_scalar(part):
        return _field_column(part, found)
    word = parse_choice(part, found, (PerRow.ROW.value,), "row")
    return PerRow.ROW if word else None


def _skip(part: Part, found: Findings) -> SkipRule | None:
    own = fields(part, found, required=("column", "labels"))
    if not own["column"].is_there:
        return None
    return SkipRule(column=_reference(own["column"], found), labels=parse_words(own["labels"], found))


def _recode(part: Part, found: Findings) -> tuple[tuple[str, str], ...]:
    return tuple((label, _value(value, found)) for label, value in entries(part, found).items())


def _value(part: Part, found: Findings) -> str:
    text = parse_text(part, found)
    if text and text != NOT_OBSERVED and not _is_number(text):
        found.add(
            part.line,
            "value",
            f"{called(part)} must be a number in scale points or {NOT_OBSERVED}",
            "write the point that the label stands for",
        )
    return text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _answers(part: Part, found: Findings) -> tuple[AnswerColumn, ...]:
    return tuple(_answer(answer_id, own, found) for answer_id, own in entries(part, found).items())


def _answer(answer_id: str, part: Part, found: Findings) -> AnswerColumn:
    if _is_scalar(part):
        return AnswerColumn(answer_id=answer_id, column=_reference(part, found), line=part.line)
    own = fields(part, found, required=(), optional=("column", "choices", "recode", "not_observed"))
    column, choices = own["column"], own["choices"]
    if column.is_there == choices.is_there:
        found.add(
            part.line, "answer", f"{called(part)} needs either column or choices", "keep one of the two"
        )
    return AnswerColumn(
        answer_id=answer_id,
        column=_reference(column, found) if column.is_there else None,
        choices=_choices(choices, found),
        recode=_recode(own["recode"], found),
        not_observed=parse_words(own["not_observed"], found),
        line=part.line,
    )


def _choices(part: Part, found: Findings) -> tuple[Choice, ...]:
    """Keys of entries are texts, so a bare number among them is a column's number."""
    numbers = _bare_numbers(part.node)
    return tuple(
        Choice(
            column=ColumnReference(name=int(key) if key in numbers else key, line=value.line),
            value=_value(value, found),
        )
        for key, value in entries(part, found).items()
    )


def _bare_numbers(node: yaml.Node | None) -> set[str]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value for key, _ in pairs if key.tag == _INTEGER and key.value.isdecimal()}


def _group(part: Part, found: Findings) -> SubjectGroup:
    own = fields(part, found, required=("prefix",), optional=("subject", "relationship"))
    return SubjectGroup(
        prefix=parse_text(own["prefix"], found),
        subject=_field(own["subject"], found),
        relationship=_field(own["relationship"], found),
        line=part.line,
    )
