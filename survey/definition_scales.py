"""Texts in every language, and response scales, read from their parts of an instrument file."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import yaml

from survey.definition_nodes import (
    Findings,
    Part,
    called,
    entries,
    fields,
    nearest,
    parse_choice,
    parse_text,
    parse_words,
)
from survey.instrument import ResponseScale, ScaleKind, Text

LARGEST_END = Decimal(999)
"""The warehouse keeps values as decimal(9, 6)."""

MOST_POINTS = 25
"""Nobody reads more labelled points than that; such a scale is a range."""

RANGE_STEPS = 20
"""The step of a range, by which published sums are coded, is this part of it."""

Ends: TypeAlias = tuple[Decimal, Decimal, Decimal]
"""Low, high and step, in scale points."""

ENDS_OF_KIND = {"points": ("low", "high", "step"), "range": ("low", "high"), "event": ()}

_NUMBER = re.compile(r"-?\d+(\.\d{1,6})?")
_MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every part of a file is read with: its languages, who is asked, and the problems so far."""

    found: Findings
    languages: tuple[str, ...]
    respondents: tuple[str, ...]

    @property
    def asks_self(self) -> bool:
        return "self" in self.respondents

    @property
    def asks_others(self) -> bool:
        return self.respondents != ("self",)


def translations(part: Part, reading: Reading) -> dict[str, Part]:
    """Returns a part per language, in the order of the instrument's languages."""
    parts = entries(part, reading.found)
    if not parts or not reading.languages:
        return {}
    for language in parts.keys() - set(reading.languages):
        message = f"{called(part)}: '{language}' is none of the instrument's languages"
        hint = nearest(language, reading.languages)
        reading.found.add(parts[language].line, "language-unknown", message, hint)
    for language in reading.languages:
        if language not in parts:
            message = f"{called(part)} has no text in '{language}'"
            reading.found.add(part.line, "language-missing", message, f"add '{language}: ...' to it")
    return {language: parts[language] for language in reading.languages if language in parts}


def parse_translated(part: Part, reading: Reading) -> Text:
    """Returns a text in every language."""
    parts = translations(part, reading)
    return {language: parse_text(text, reading.found) for language, text in parts.items()}


def parse_scale(part: Part, scale_id: str, reading: Reading) -> ResponseScale:
    """Returns a response scale; one with problems comes back with ends 0 and 1."""
    parts = fields(
        part,
        reading.found,
        required=("kind", "labels"),
        optional=("low", "high", "step", "not_observed"),
    )
    kind = parse_choice(parts["kind"], reading.found, ScaleKind, "choice-unknown")
    ends = _parse_ends(part, parts, kind, reading.found)
    low, high, step = ends or (Decimal(0), Decimal(1), Decimal(1))
    labels = _parse_labels(parts["labels"], _label_count(kind, ends), reading)
    not_observed = _parse_labels(parts["not_observed"], None, reading)
    _refuse_equal_labels(part, labels, not_observed, reading.found)
    return ResponseScale(
        scale_id=scale_id,
        kind=ScaleKind(kind or "points"),
        low=low,
        high=high,
        step=step,
        labels=labels,
        not_observed=not_observed or dict.fromkeys(reading.languages, ()),
    )


def _parse_ends(part: Part, parts: dict[str, Part], kind: str, found: Findings) -> Ends | None:
    if kind not in ENDS_OF_KIND:
        return None
    for key in ("low", "high", "step"):
        if parts[key].is_there and key not in ENDS_OF_KIND[kind]:
            message = f"{called(part)}: a scale of kind {kind} has no '{key}'"
            found.add(parts[key].line, "scale-ends", message, "delete the line")
    if kind == "event":
        return Decimal(0), Decimal(1), Decimal(1)
    low, high = (_parse_number(parts[key], found, is_needed=True) for key in ("low", "high"))
    if low is None or high is None or not _are_ends(parts["high"], low, high, found):
        return None
    if kind == "range":
        return low, high, ((high - low) / RANGE_STEPS).quantize(_MICRO)
    step = _parse_number(parts["step"], found) if parts["step"].is_there else Decimal(1)
    if step is None or not _is_step(parts["step"], high - low, step, found):
        return None
    return low, high, step


def _parse_number(part: Part, found: Findings, *, is_needed: bool = False) -> Decimal | None:
    if is_needed and not part.is_there:
        found.add(part.line, "key-missing", f"{called(part)} is missing", "add a line with the number")
    written = parse_text(part, found)
    if _NUMBER.fullmatch(written):
        return Decimal(written)
    if written:
        hint = "write it as 5 or 0.5, with at most six decimals"
        found.add(part.line, "number", f"{called(part)} is no number", hint)
    return None


def _are_ends(part: Part, low: Decimal, high: Decimal, found: Findings) -> bool:
    if max(abs(low), abs(high)) > LARGEST_END:
        message = f"{called(part)}: a scale may not go beyond {LARGEST_END} on either side"
        found.add(part.line, "scale-ends", message, "use smaller units")
        return False
    if low >= high:
        message = f"{called(part)} must be above low"
        found.add(part.line, "scale-ends", message, "swap them; a reverse item says 'reverse: true'")
        return False
    return True


def _is_step(part: Part, span: Decimal, step: Decimal, found: Findings) -> bool:
    if step > 0 and span % step == 0 and span / step < MOST_POINTS:
        return True
    message = f"{called(part)}: equal steps must lead from low to high, with at most {MOST_POINTS} points"
    found.add(part.line, "scale-step", message, "choose another step, or 'kind: range' for any number")
    return False


def _label_count(kind: str, ends: Ends | None) -> int | None:
    if ends is None:
        return None
    low, high, step = ends
    return int((high - low) / step) + 1 if kind == "points" else 2


def _parse_labels(part: Part, count: int | None, reading: Reading) -> dict[str, tuple[str, ...]]:
    """Returns the labels per language; without a count, as many as the first language has."""
    parts = translations(part, reading)
    labels = {language: parse_words(below, reading.found) for language, below in parts.items()}
    for language, below in parts.items():
        expected = len(next(iter(labels.values()))) if count is None else count
        if isinstance(below.node, yaml.SequenceNode) and len(labels[language]) != expected:
            message = f"{called(below)} has {len(labels[language])} labels where {expected} belong"
            hint = "write one label per point from low to high; a range and an event have two"
            reading.found.add(below.line, "label-count", message, hint)
    return labels


def _refuse_equal_labels(
    part: Part,
    labels: dict[str, tuple[str, ...]],
    not_observed: dict[str, tuple[str, ...]],
    found: Findings,
) -> None:
    for language, words in labels.items():
        every = [word.casefold() for word in (*words, *not_observed.get(language, ()))]
        if len(set(every)) < len(every):
            message = f"{called(part)}: two labels in '{language}' are the same"
            found.add(part.line, "label-twice", message, "give each option its own words")
