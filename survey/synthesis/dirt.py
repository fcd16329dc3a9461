"""What goes wrong in real exports, done to rows in known amounts.

Each `Soiling` takes rows and a generator and returns rows; it touches only rows that are still
clean, so the counts stay known. What does no harm (case, spaces, German labels) changes no fate.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

import numpy as np

from survey.instrument import Instrument, ScaleKind
from survey.synthesis.sheet import Fate, Row

Rows: TypeAlias = tuple[Row, ...]
Soiling: TypeAlias = Callable[[Rows, np.random.Generator], Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typo:
    """One way to refuse a row: which field says what instead, and which rule that breaks."""

    field: str
    text: str
    rule: str


UNKNOWN_SUBJECT = Typo(field="subject", text="Somebody Else", rule="subject_unknown")
UNKNOWN_RELATIONSHIP = Typo(field="relationship", text="We share a desk", rule="relationship_unknown")
OTHER_WAVE = Typo(field="wave", text="2024Q4", rule="wave_mismatch")


def soil(rows: Rows, soilings: tuple[Soiling, ...], rng: np.random.Generator) -> Rows:
    """Returns the rows after one soiling after the other."""
    for soiling in soilings:
        rows = soiling(rows, rng)
    return rows


def refuse(typo: Typo, count: int) -> Soiling:
    """Makes so many rows unusable by writing something else into one of their fields."""

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count, rng)
        return tuple(_refused(row, typo) if place in chosen else row for place, row in enumerate(rows))

    return apply


def name_ambiguously(names: dict[str, str], count: int) -> Soiling:
    """Writes the shared name instead of the address into so many rows about people in `names`."""

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count, rng, lambda row: row.subject_id in names)
        return tuple(
            _refused(row, Typo(field="subject", text=names[row.subject_id], rule="subject_ambiguous"))
            if place in chosen
            else row
            for place, row in enumerate(rows)
        )

    return apply


def break_answers(instrument: Instrument, text: str, rule: str, count: int) -> Soiling:
    """Writes something that is no rating into one rated item of so many rows.

    `rule` may end in ':' and is then completed with the id of the item's scale. The last trait is
    left alone: where a tool has a column for each point of it, words have no place to stand.
    """
    spared = instrument.traits[-1].trait_id
    scales = {
        item.item_id: item.scale_id
        for item in instrument.items
        if not item.is_event and item.trait_id != spared
    }

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count, rng, lambda row: any(item in scales for item in row.cells))
        return tuple(
            _broken(row, scales, text, rule, rng) if place in chosen else row
            for place, row in enumerate(rows)
        )

    return apply


def submit_again(count: int) -> Soiling:
    """Puts an earlier version of so many rows before them: the later one counts."""

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count, rng)
        earlier = tuple(
            replace(row, fate=Fate.SUPERSEDED, submitted_at=row.submitted_at - timedelta(hours=20))
            for place, row in enumerate(rows)
            if place in chosen
        )
        return tuple(sorted(rows + earlier, key=lambda row: row.submitted_at))

    return apply


def preview(count: int) -> Soiling:
    """Adds so many tries of whoever built the survey, which the tool marks as such."""

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = sorted(_choose(rows, count, rng))
        tries = tuple(replace(rows[place], rater="", is_preview=True) for place in chosen)
        return (*tries, *rows)

    return apply


def pad_and_shout(count: int) -> Soiling:
    """Writes so many rows' answers with other case and spaces around them: harmless."""

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count, rng)
        return tuple(
            replace(
                row, subject=f"{row.subject} ", relationship=f" {row.relationship.upper()}",
                cells={item: f" {text.upper()}  " for item, text in row.cells.items()},
            )
            if place in chosen
            else row
            for place, row in enumerate(rows)
        )  # fmt: skip

    return apply


def translate(instrument: Instrument, language: str, count: int) -> Soiling:
    """Writes so many rows' labels in another language of the instrument: harmless."""
    words = _dictionary(instrument, language)

    def apply(rows: Rows, rng: np.random.Generator) -> Rows:
        chosen = _choose(rows, count if words else 0, rng)
        return tuple(
            replace(row, cells={item: words.get(text, text) for item, text in row.cells.items()})
            if place in chosen
            else row
            for place, row in enumerate(rows)
        )

    return apply


def _dictionary(instrument: Instrument, language: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for scale in instrument.scales:
        if language not in instrument.languages or scale.kind is ScaleKind.RANGE:
            continue
        words |= dict(zip(scale.labels["en"], scale.labels[language], strict=True))
        words |= (
            {scale.not_observed["en"][-1]: scale.not_observed[language][-1]} if scale.not_observed else {}
        )
    return words


def _choose(
    rows: Rows, count: int, rng: np.random.Generator, suits: Callable[[Row], bool] = lambda _: True
) -> frozenset[int]:
    clean = [place for place, row in enumerate(rows) if row.is_clean and suits(row)]
    return frozenset(int(place) for place in rng.choice(clean, size=min(count, len(clean)), replace=False))


def _refused(row: Row, typo: Typo) -> Row:
    refused = replace(row, fate=Fate.QUARANTINED, rule=typo.rule)
    match typo.field:
        case "subject":
            return replace(refused, subject=typo.text)
        case "relationship":
            return replace(refused, relationship=typo.text)
        case _:
            return replace(refused, wave=typo.text)


def _broken(row: Row, scales: dict[str, str], text: str, rule: str, rng: np.random.Generator) -> Row:
    item = str(rng.choice([item for item in row.cells if item in scales]))
    complete = f"{rule}{scales[item]}" if rule.endswith(":") else rule
    return replace(row, cells={**row.cells, item: text}, broken={item: complete})
