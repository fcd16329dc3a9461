"""The questionnaire as a value: what is asked, on which scale, and which trait it measures.

An `Instrument` cannot be built in an invalid state. `definition.py` makes one from YAML and
reports every problem with its line; nothing else builds instruments.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Text: TypeAlias = Mapping[str, str]
"""One wording per language code, for example `{"en": "...", "de": "..."}`."""


class SubjectKind(StrEnum):
    """What an instrument is about."""

    PM = "pm"
    UNIT = "unit"


class ScaleKind(StrEnum):
    """POINTS: labelled points. RANGE: any number between two ends. EVENT: happened or did not."""

    POINTS = "points"
    RANGE = "range"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseScale:
    """The ordered options of an item.

    `low`, `high` and `step` are in scale points; an event scale is 0 (no) to 1 (yes). `labels`
    holds, per language, one label per point from low to high (for a range: the two ends; for an
    event: no, yes).
    `not_observed` are the labels of the options that are no rating ("not enough exposure to judge").
    """

    scale_id: str
    kind: ScaleKind
    low: Decimal
    high: Decimal
    step: Decimal
    labels: Mapping[str, tuple[str, ...]]
    not_observed: Mapping[str, tuple[str, ...]]

    @property
    def points(self) -> tuple[Decimal, ...]:
        """The values an answer may take; empty for a range, where any number between the ends may."""
        if self.kind is ScaleKind.RANGE:
            return ()
        count = int((self.high - self.low) / self.step)
        return tuple(self.low + self.step * place for place in range(count + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What several items measure together.

    `area_id` groups traits on a page ("" where the instrument has no areas). `provenance` says
    where the idea comes from, `grow` what helps to get better at it, `anchors` what the points
    low, middle and high look like in behaviour.
    """

    trait_id: str
    title: Text
    scale_id: str
    area_id: str
    provenance: str
    grow: tuple[Text, ...]
    anchors: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One statement. `scale_id` is the trait's, or the event scale's for an event item."""

    item_id: str
    trait_id: str
    scale_id: str
    is_reverse: bool
    is_event: bool
    text: Text
    text_self: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One open question, answered in words."""

    prompt_id: str
    text: Text
    text_self: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A versioned questionnaire.

    `respondents` are the groups asked: `self`, `manager`, `others`. `front` lists the traits of
    the dashboard's first row, in order. `short_form` lists the items kept when an item set is
    rotated. `content_hash` is the SHA-256 of the whole content; a wave freezes it.
    """

    instrument_id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    subject_kind: SubjectKind
    respondents: tuple[str, ...]
    scales: tuple[ResponseScale, ...]
    areas: Mapping[str, Text]
    traits: tuple[Trait, ...]
    front: tuple[str, ...]
    items: tuple[Item, ...]
    prompts: tuple[Prompt, ...]
    short_form: tuple[str, ...]
    content_hash: str

    def __post_init__(self) -> None:
        """Refuses references that lead nowhere; what else a definition must meet, its file's check says."""
        scales = {scale.scale_id for scale in self.scales}
        traits = {trait.trait_id for trait in self.traits}
        items = {item.item_id for item in self.items}
        used_scales = {*(trait.scale_id for trait in self.traits), *(item.scale_id for item in self.items)}
        used_traits = {*self.front, *(item.trait_id for item in self.items)}
        if not (used_scales <= scales and used_traits <= traits and items.issuperset(self.short_form)):
            raise ValueError("an instrument names a scale, trait or item that it does not have")

    def scale(self, scale_id: str) -> ResponseScale:
        """Returns the scale with that id; a missing one is a bug, since the definition was checked."""
        return next(scale for scale in self.scales if scale.scale_id == scale_id)

    def trait(self, trait_id: str) -> Trait:
        """Returns the trait with that id."""
        return next(trait for trait in self.traits if trait.trait_id == trait_id)

    def scaled_items(self, trait_id: str) -> tuple[Item, ...]:
        """Returns the items that enter the trait's score: event items are reported apart."""
        return tuple(item for item in self.items if item.trait_id == trait_id and not item.is_event)
