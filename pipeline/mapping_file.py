"""YAML -> `Mapping`: every problem of the file at once, each with its line."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import yaml

from pipeline.errors import MappingError
from pipeline.mapping import (
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
_Read = TypeVar("_Read")

Parts = dict[str, Part]


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
        raise MappingError("mapping-file", "the mapping cannot be used", found.problems, hint="mend every line")
    return mapping


def _mapping(root: Part, name: str, file: str, found: Findings) -> Mapping:
    parts = fields(root, found, required=("tool",), optional=_KEYS)
    return Mapping(
        name=name,
        file=file,
        tool=_read(parts, "tool", lambda part: parse_choice(part, found, TOOLS, "tool"), ""),
        sheet=_read(parts, "sheet", lambda part: parse_text(part, found), ""),
        header_line=_read(parts, "header_line", lambda part: _line_number(part, found), 0),
        subject=_read(parts, "subject", lambda part: _field(part, found), None),
        relationship=_read(parts, "relationship", lambda part: _field(part, found), None),
        wave=_read(parts, "wave", lambda part: _field(part, found), None),
        rater=_read(parts, "rater", lambda part: _key_field(part, found), None),
        response=_read(parts, "response", lambda part: _key_field(part, found), None),
        submitted_at=_read(parts, "submitted_at", lambda part: _field_column(part, found), None),
        skip=_read(parts, "skip", lambda part: _skip(part, found), None),
        recode=_read(parts, "recode", lambda part: _recode(part, found), ()),
        not_observed=_read(parts, "not_observed", lambda part: parse_words(part, found), ()),
        items=_read(parts, "items", lambda part: _answers(part, found), ()),
        prompts=_read(parts, "prompts", lambda part: _answers(part, found), ()),
        groups=_read(parts, "groups", lambda part: _groups(part, found), ()),
    )


def _read(parts: Parts, key: str, read: Callable[[Part], _Read], absent: _Read) -> _Read:
    return read(parts[key]) if key in parts else absent


def _is_scalar(part: Part) -> bool:
    return isinstance(part.node, yaml.ScalarNode)


def _line_number(part: Part, found: Findings) -> int:
    text = parse_text(part, found)
    if text.isdecimal() and int(text) > 0:
        return int(text)
    found.add(part.line, "number", f"{called(part)} is no line number", "count lines from 1")
    return 0


def _reference(part: Part, found: Findings) -> ColumnReference:
    text = parse_text(part, found)
    if part.node.tag == _INTEGER and text.isdecimal():
        return ColumnReference(name=int(text), line=part.line)
    return ColumnReference(name=text, line=part.line)


def _field(part: Part, found: Findings) -> FieldColumn | Constant | None:
    if not _is_scalar(part) and "constant" in entries(part, Findings("")):
        own = fields(part, found, required=("constant",))
        return Constant(text=parse_text(own["constant"], found))
    return _field_column(part, found)


def _field_column(part: Part, found: Findings) -> FieldColumn | None:
    """`subject: {column: X}`; a bare word could be a column or a constant, so it is refused."""
    own = fields(part, found, required=("column",), optional=("recode",))
    if "column" not in own:
        return None
    recode = own.get("recode")
    return FieldColumn(
        column=_reference(own["column"], found), recode=_words_by_label(recode, found) if recode else ()
    )


def _key_field(part: Part, found: Findings) -> FieldColumn | PerRow | None:
    if not _is_scalar(part):
        return _field_column(part, found)
    word = parse_choice(part, found, (PerRow.ROW.value,), "row")
    return PerRow.ROW if word else None


def _skip(part: Part, found: Findings) -> SkipRule | None:
    own = fields(part, found, required=("column", "labels"))
    if len(own) < 2:
        return None
    return SkipRule(column=_reference(own["column"], found), labels=parse_words(own["labels"], found))


def _words_by_label(part: Part, found: Findings) -> tuple[tuple[str, str], ...]:
    return tuple((label, parse_text(word, found)) for label, word in entries(part, found).items())


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
    if ("column" in own) == ("choices" in own):
        found.add(part.line, "answer", f"{called(part)} needs either column or choices", "keep one of the two")
    return AnswerColumn(
        answer_id=answer_id,
        column=_reference(own["column"], found) if "column" in own else None,
        choices=_choices(own["choices"], found) if "choices" in own else (),
        recode=_recode(own["recode"], found) if "recode" in own else (),
        not_observed=parse_words(own["not_observed"], found) if "not_observed" in own else (),
        line=part.line,
    )


def _choices(part: Part, found: Findings) -> tuple[Choice, ...]:
    """Keys of entries are texts, so a bare number among them is a column's number."""
    by_key = entries(part, found)
    numbers = _bare_numbers(part.node)
    return tuple(
        Choice(
            column=ColumnReference(name=int(key) if key in numbers else key, line=value.line),
            value=_value(value, found),
        )
        for key, value in by_key.items()
    )


def _bare_numbers(node: yaml.Node) -> set[str]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value for key, _ in pairs if key.tag == _INTEGER and key.value.isdecimal()}


def _groups(part: Part, found: Findings) -> tuple[SubjectGroup, ...]:
    return tuple(_group(element, found) for element in elements(part, found))


def _group(part: Part, found: Findings) -> SubjectGroup:
    own = fields(part, found, required=("prefix",), optional=("subject", "relationship"))
    return SubjectGroup(
        prefix=parse_text(own["prefix"], found) if "prefix" in own else "",
        subject=_field(own["subject"], found) if "subject" in own else None,
        relationship=_field(own["relationship"], found) if "relationship" in own else None,
        line=part.line,
    )
