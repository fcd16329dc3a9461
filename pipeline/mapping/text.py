"""A mapping as YAML text, always in the same order, so that its hash says whether it changed."""

import hashlib
from typing import Any, TypeAlias

import yaml

from pipeline.mapping.mapping import (
    AnswerColumn,
    Choice,
    Constant,
    FieldColumn,
    Mapping,
    PerRow,
    SubjectGroup,
)

Said: TypeAlias = dict[str, Any]
"""Plain entries on their way to YAML; empty ones are left out."""


def render_mapping(mapping: Mapping) -> str:
    """Returns the mapping as YAML; reading it gives an equal mapping."""
    said = _filled(
        {
            "tool": mapping.tool,
            "sheet": mapping.sheet,
            "header_line": mapping.header_line,
            **{key.value: _field(value) for key, value in mapping.fields.items()},
            "skip": _skip(mapping),
            "recode": dict(mapping.recode),
            "not_observed": list(mapping.not_observed),
            "items": {answer.answer_id: _answer(answer) for answer in mapping.items},
            "prompts": {answer.answer_id: _answer(answer) for answer in mapping.prompts},
            "groups": [_group(group) for group in mapping.groups],
        }
    )
    text: str = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110)
    return text


def render_draft(mapping: Mapping, missing: tuple[str, ...]) -> str:
    """Returns an incomplete mapping as YAML, with what is missing as comments to fill in.

    Args:
        mapping: what the header said.
        missing: `subject`, and the ids of items and prompts that no column fits.
    """
    lines = [
        "# The header does not say the following. Where the file holds it, write the entry above,",
        "# with the column's header text or its number; what the file does not ask may be left out.",
    ]
    if "subject" in missing:
        lines.append(
            "#   subject: {column: ...}, or {constant: PERSON_ID} where all rows are about one person"
        )
    lines += [f"#   {answer_id}: ..." for answer_id in missing if answer_id != "subject"]
    return render_mapping(mapping) + "\n".join(lines) + "\n"


def hash_mapping(mapping: Mapping) -> str:
    """Returns the SHA-256 of the mapping's text, in hex."""
    return hashlib.sha256(render_mapping(mapping).encode()).hexdigest()


def _filled(said: Said) -> Said:
    return {key: value for key, value in said.items() if value not in (None, "", 0, {}, [])}


def _field(value: FieldColumn | Constant | PerRow | None) -> Said | str | None:
    match value:
        case None:
            return None
        case PerRow():
            return value.value
        case Constant():
            return {"constant": value.text}
        case FieldColumn():
            return _filled({"column": value.column.name, "recode": dict(value.recode)})


def _skip(mapping: Mapping) -> Said | None:
    if mapping.skip is None:
        return None
    return {"column": mapping.skip.column.name, "labels": list(mapping.skip.labels)}


def _answer(answer: AnswerColumn) -> Said | str | int:
    if answer.column and not answer.recode and not answer.not_observed:
        return answer.column.name
    return _filled(
        {
            "column": answer.column.name if answer.column else None,
            "choices": dict(map(_choice, answer.choices)),
            "recode": dict(answer.recode),
            "not_observed": list(answer.not_observed),
        }
    )


def _choice(choice: Choice) -> tuple[str | int, str]:
    return choice.column.name, choice.value


def _group(group: SubjectGroup) -> Said:
    own = _filled({"subject": _field(group.subject), "relationship": _field(group.relationship)})
    return {"prefix": group.prefix, **own}
