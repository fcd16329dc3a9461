"""What an instrument file must meet, and the instrument that comes of it.

Every rule notes its problem with a line and a hint; an `Instrument` is made only of a file without
problems, so nothing behind this module has to doubt one. Each rule stands with an example in
tests/survey/test_definition_problems.py.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import yaml

from survey.definition_nodes import (
    Findings,
    Part,
    called,
    entries,
    fields,
    parse_choice,
    parse_each,
    parse_text,
)
from survey.definition_scales import Reading, parse_scale, parse_translated
from survey.definition_traits import Surroundings, parse_prompt, parse_trait
from survey.instrument import Instrument, SubjectKind

RESPONDENTS = ("self", "manager", "others")

RESERVED_IDS = frozenset(
    {
        "item", "line", "rater", "rater_id", "relationship", "response", "response_id", "subject",
        "subject_id", "submitted_at", "value", "wave",
    }
)  # fmt: skip
"""Columns of the canonical answers file, where every item and prompt is a column beside them."""

_INSTRUMENT_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_VERSION = re.compile(r"\d+\.\d+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")

FORMS = {
    _INSTRUMENT_ID: "write small letters, digits and '-', like great-pm",
    _ID: "write small letters, digits and '_', beginning with a letter, like taste_reasons",
    _VERSION: "write two numbers, like 1.0",
    _LANGUAGE: "write a language code, like en or de",
}


def check_instrument(root: Part, found: Findings) -> Instrument | None:
    """Returns the instrument that a file defines, without its hash, or None with its problems noted."""
    parts = fields(
        root,
        found,
        required=("id", "version", "title", "languages", "subject", "respondents", "scales", "traits"),
        optional=("areas", "front", "prompts", "short_form"),
    )
    draft = _draft(parts, _reading(parts, found))
    _check_columns(parts["traits"], parts["prompts"], found)
    return None if found.problems else draft()


def _reading(parts: Mapping[str, Part], found: Findings) -> Reading:
    languages, respondents = parts["languages"], parts["respondents"]
    reading = Reading(
        found=found,
        languages=parse_each(languages, found, lambda part: _parse_form(part, _LANGUAGE, found)),
        respondents=parse_each(
            respondents, found, lambda part: parse_choice(part, found, RESPONDENTS, "respondent-unknown")
        ),
    )
    _refuse_empty(languages, found)
    _refuse_empty(respondents, found)
    return reading


def _draft(parts: Mapping[str, Part], reading: Reading) -> Callable[[], Instrument]:
    """Returns what makes the instrument, to be called once the whole file is known to be sound."""
    found = reading.found
    scales = {key: parse_scale(part, key, reading) for key, part in _named(parts["scales"], found)}
    areas = {key: parse_translated(part, reading) for key, part in _named(parts["areas"], found)}
    around = Surroundings(scales=scales, areas=areas)
    traits = tuple(parse_trait(part, key, around, reading) for key, part in _named(parts["traits"], found))
    items = tuple(item for _, below in traits for item in below)
    trait_ids = tuple(trait.trait_id for trait, _ in traits)
    return partial(
        Instrument,
        instrument_id=_parse_form(parts["id"], _INSTRUMENT_ID, found),
        version=_parse_form(parts["version"], _VERSION, found),
        title=parse_translated(parts["title"], reading),
        languages=reading.languages,
        subject_kind=_parse_subject(parts["subject"], parts["respondents"], reading),
        respondents=reading.respondents,
        scales=tuple(scales.values()),
        areas=areas,
        traits=tuple(trait for trait, _ in traits),
        front=_parse_ids(parts["front"], trait_ids, "trait-unknown", found) or trait_ids,
        items=items,
        prompts=tuple(
            parse_prompt(part, key, reading) for key, part in entries(parts["prompts"], found).items()
        ),
        short_form=_parse_ids(
            parts["short_form"], tuple(item.item_id for item in items), "item-unknown", found
        ),
        content_hash="",
    )


def _parse_subject(part: Part, respondents: Part, reading: Reading) -> SubjectKind:
    subject = parse_choice(part, reading.found, SubjectKind, "choice-unknown")
    if subject == SubjectKind.UNIT and reading.asks_self:
        hint = "leave 'self' out: the people of a unit answer about it, as others"
        reading.found.add(respondents.line, "respondent-self", "a unit cannot answer about itself", hint)
    return SubjectKind(subject or "pm")


def _parse_form(part: Part, form: re.Pattern[str], found: Findings) -> str:
    word = parse_text(part, found)
    if word and not form.fullmatch(word):
        found.add(part.line, "form", f"{called(part)}: '{word}' is not in its form", FORMS[form])
    return word


def _parse_ids(part: Part, known: tuple[str, ...], code: str, found: Findings) -> tuple[str, ...]:
    return parse_each(part, found, lambda element: parse_choice(element, found, known, code))


def _named(part: Part, found: Findings) -> Iterable[tuple[str, Part]]:
    """Yields the entries of a mapping whose keys are ids that outlive the file."""
    _refuse_empty(part, found)
    for key, below in entries(part, found).items():
        _check_id(key, below, found)
        yield key, below


def _check_id(key: str, part: Part, found: Findings) -> None:
    if not _ID.fullmatch(key):
        found.add(part.line, "form", f"'{key}' cannot be an id", FORMS[_ID])


def _check_columns(traits: Part, prompts: Part, found: Findings) -> None:
    """Notes ids of items and prompts that could not be columns beside each other in a file of answers."""
    quiet = Findings("")  # the shape of these parts was noted before
    items = [fields(trait, quiet, required=("items",))["items"] for trait in entries(traits, quiet).values()]
    first: dict[str, int] = {}
    for key, part in (pair for below in (*items, prompts) for pair in entries(below, quiet).items()):
        _check_id(key, part, found)
        if key in RESERVED_IDS:
            message = f"'{key}' is a column of every answers file and cannot be an item"
            found.add(part.line, "id-reserved", message, "choose another id")
        if key in first:
            hint = f"choose another id; the other is in line {first[key]}"
            found.add(part.line, "id-twice", f"the id '{key}' is used twice", hint)
        first.setdefault(key, part.line)


def _refuse_empty(part: Part, found: Findings) -> None:
    if isinstance(part.node, yaml.CollectionNode) and not part.node.value:
        found.add(
            part.line, "nothing", f"{called(part)} holds nothing", "add at least one entry, or delete it"
        )
