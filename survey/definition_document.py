"""An instrument as canonical JSON and back: what a wave freezes and a release carries.

The same instrument always gives the same text, byte for byte, so the SHA-256 of the text tells
whether two versions are the same. The text holds everything but that hash.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from survey.errors import DefinitionError
from survey.instrument import (
    Instrument,
    Item,
    Prompt,
    ResponseScale,
    ScaleKind,
    SubjectKind,
    Trait,
)

Json = dict[str, Any]


def document(instrument: Instrument) -> str:
    """Returns the canonical JSON of an instrument, without its hash."""
    content = {
        "id": instrument.instrument_id,
        "version": instrument.version,
        "title": _text(instrument.title),
        "languages": instrument.languages,
        "subject": instrument.subject_kind.value,
        "respondents": instrument.respondents,
        "scales": [_scale_content(scale) for scale in instrument.scales],
        "areas": [{"id": area_id, "title": _text(title)} for area_id, title in instrument.areas.items()],
        "traits": [_trait_content(trait) for trait in instrument.traits],
        "front": instrument.front,
        "items": [_item_content(item) for item in instrument.items],
        "prompts": [_prompt_content(prompt) for prompt in instrument.prompts],
        "short_form": instrument.short_form,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def sealed(instrument: Instrument) -> Instrument:
    """Returns the instrument with the hash of its content."""
    digest = hashlib.sha256(document(instrument).encode()).hexdigest()
    return replace(instrument, content_hash=digest)


def instrument_from_document(text: str) -> Instrument:
    """Returns the instrument that a canonical JSON text describes, with its hash.

    Raises:
        DefinitionError: the text is not one that `document` wrote.
    """
    try:
        return sealed(_instrument(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise DefinitionError(
            "definition-document",
            "a stored instrument cannot be read back",
            (),
            hint="restore the store from its backup; instruments are never edited there",
        ) from error


def _scale_content(scale: ResponseScale) -> Json:
    return {
        "id": scale.scale_id,
        "kind": scale.kind.value,
        "low": _number(scale.low),
        "high": _number(scale.high),
        "step": _number(scale.step),
        "labels": _text(scale.labels),
        "not_observed": _text(scale.not_observed),
    }


def _trait_content(trait: Trait) -> Json:
    return {
        "id": trait.trait_id,
        "title": _text(trait.title),
        "scale": trait.scale_id,
        "area": trait.area_id,
        "provenance": trait.provenance,
        "grow": [_text(suggestion) for suggestion in trait.grow],
        "anchors": {point: _text(trait.anchors[point]) for point in ("low", "middle", "high")},
    }


def _item_content(item: Item) -> Json:
    return {
        "id": item.item_id,
        "trait": item.trait_id,
        "scale": item.scale_id,
        "reverse": item.is_reverse,
        "event": item.is_event,
        "text": _text(item.text),
        "self": _text(item.text_self),
    }


def _prompt_content(prompt: Prompt) -> Json:
    return {"id": prompt.prompt_id, "text": _text(prompt.text), "self": _text(prompt.text_self)}


def _text(text: Mapping[str, Any]) -> Json:
    """Returns what is said per language, in one order whatever the order it was given in."""
    return dict(sorted(text.items()))


def _number(value: Decimal) -> str:
    """Returns a number in its shortest form: equal numbers give equal texts."""
    return f"{value.normalize():f}"


def _instrument(content: Json) -> Instrument:
    return Instrument(
        instrument_id=content["id"],
        version=content["version"],
        title=content["title"],
        languages=tuple(content["languages"]),
        subject_kind=SubjectKind(content["subject"]),
        respondents=tuple(content["respondents"]),
        scales=tuple(_scale(scale) for scale in content["scales"]),
        areas={area["id"]: area["title"] for area in content["areas"]},
        traits=tuple(_trait(trait) for trait in content["traits"]),
        front=tuple(content["front"]),
        items=tuple(_item(item) for item in content["items"]),
        prompts=tuple(_prompt(prompt) for prompt in content["prompts"]),
        short_form=tuple(content["short_form"]),
        content_hash="",
    )


def _scale(content: Json) -> ResponseScale:
    return ResponseScale(
        scale_id=content["id"],
        kind=ScaleKind(content["kind"]),
        low=Decimal(content["low"]),
        high=Decimal(content["high"]),
        step=Decimal(content["step"]),
        labels=_labels(content["labels"]),
        not_observed=_labels(content["not_observed"]),
    )


def _labels(content: Json) -> Mapping[str, tuple[str, ...]]:
    return {language: tuple(labels) for language, labels in content.items()}


def _trait(content: Json) -> Trait:
    return Trait(
        trait_id=content["id"],
        title=content["title"],
        scale_id=content["scale"],
        area_id=content["area"],
        provenance=content["provenance"],
        grow=tuple(content["grow"]),
        anchors=content["anchors"],
    )


def _item(content: Json) -> Item:
    return Item(
        item_id=content["id"],
        trait_id=content["trait"],
        scale_id=content["scale"],
        is_reverse=content["reverse"],
        is_event=content["event"],
        text=content["text"],
        text_self=content["self"],
    )


def _prompt(content: Json) -> Prompt:
    return Prompt(prompt_id=content["id"], text=content["text"], text_self=content["self"])
