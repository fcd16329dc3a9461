"""Traits with their items, and open prompts, read from their parts of an instrument file."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from survey.definition_nodes import Part, called, elements, entries, fields, parse_choice, parse_text
from survey.definition_scales import Reading, parse_translated
from survey.instrument import Item, Prompt, ResponseScale, ScaleKind, Text, Trait

ANCHORS = ("low", "middle", "high")

FEWEST_ITEMS = {ScaleKind.POINTS: 2, ScaleKind.RANGE: 1, ScaleKind.EVENT: 1}
"""One answer on a few points measures little; a number on a range may be a score of many answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the traits of a file may refer to."""

    scales: Mapping[str, ResponseScale]
    areas: Mapping[str, Text]

    @property
    def usual_scale(self) -> str:
        """The scale of a trait that names none: the first of the file."""
        return next(iter(self.scales), "")


def parse_trait(
    part: Part, trait_id: str, around: Surroundings, reading: Reading
) -> tuple[Trait, tuple[Item, ...]]:
    """Returns a trait and its items, in the order of the file."""
    needed = ("title", "provenance", "anchors", "grow", "items", *(("area",) if around.areas else ()))
    parts = fields(part, reading.found, required=needed, optional=("scale", "area"))
    anchors = fields(parts["anchors"], reading.found, required=ANCHORS)
    trait = Trait(
        trait_id=trait_id,
        title=parse_translated(parts["title"], reading),
        scale_id=_parse_trait_scale(parts["scale"], around, reading),
        area_id=parse_choice(parts["area"], reading.found, around.areas, "area-unknown"),
        provenance=parse_text(parts["provenance"], reading.found),
        grow=_parse_grow(parts["grow"], reading),
        anchors={point: parse_translated(anchors[point], reading) for point in ANCHORS},
    )
    return trait, _parse_items(parts["items"], trait, around, reading)


def _parse_trait_scale(part: Part, around: Surroundings, reading: Reading) -> str:
    scale_id = around.usual_scale
    if part.is_there:
        scale_id = parse_choice(part, reading.found, around.scales, "scale-unknown")
    if scale_id and around.scales[scale_id].kind is ScaleKind.EVENT:
        message = f"{called(part)}: a trait is not scored on the event scale '{scale_id}'"
        hint = "name a scale of kind points or range here, and the event scale in the event item"
        reading.found.add(part.line, "scale-kind", message, hint)
    return scale_id


def _parse_grow(part: Part, reading: Reading) -> tuple[Text, ...]:
    suggestions = elements(part, reading.found)
    if part.is_there and not suggestions:
        hint = "say what one can do next week"
        reading.found.add(part.line, "grow-none", f"{called(part)} has no suggestion", hint)
    return tuple(parse_translated(suggestion, reading) for suggestion in suggestions)


def _parse_items(part: Part, trait: Trait, around: Surroundings, reading: Reading) -> tuple[Item, ...]:
    parts = entries(part, reading.found)
    items = tuple(_parse_item(below, key, trait, around, reading) for key, below in parts.items())
    scaled = [item for item in items if not item.is_event]
    scale = around.scales.get(trait.scale_id)
    fewest = FEWEST_ITEMS[scale.kind] if scale else 0
    if isinstance(part.node, yaml.MappingNode) and len(scaled) < fewest:
        message = f"{called(part)} has {len(scaled)} scored items, at least {fewest} are needed"
        hint = "add items; event items do not count, they are reported apart"
        reading.found.add(part.line, "items-few", message, hint)
    if scaled and scaled[0].is_reverse:
        line = parts[scaled[0].item_id].line
        message = f"{called(part)} begins with the reverse item '{scaled[0].item_id}'"
        reading.found.add(line, "reverse-first", message, "put another item of the trait before it")
    return items


def _parse_item(part: Part, item_id: str, trait: Trait, around: Surroundings, reading: Reading) -> Item:
    text, text_self, parts = _parse_wording(part, reading, optional=("reverse", "scale"))
    event_scale = parse_choice(parts["scale"], reading.found, around.scales, "scale-unknown")
    if event_scale and around.scales[event_scale].kind is not ScaleKind.EVENT:
        message = f"{called(parts['scale'])}: an item answers on its trait's scale"
        hint = "delete the line; only an event item names a scale, one of kind event"
        reading.found.add(parts["scale"].line, "scale-kind", message, hint)
    is_reverse = parse_choice(parts["reverse"], reading.found, ("true", "false"), "choice-unknown") == "true"
    if is_reverse and event_scale:
        message = f"{called(part)}: an event item cannot be reverse, it has no place in the mean"
        reading.found.add(
            parts["reverse"].line, "reverse-event", message, "delete one of 'reverse' and 'scale'"
        )
    return Item(
        item_id=item_id,
        trait_id=trait.trait_id,
        scale_id=event_scale or trait.scale_id,
        is_reverse=is_reverse,
        is_event=bool(event_scale),
        text=text,
        text_self=text_self,
    )


def parse_prompt(part: Part, prompt_id: str, reading: Reading) -> Prompt:
    """Returns an open question."""
    text, text_self, _ = _parse_wording(part, reading)
    return Prompt(prompt_id=prompt_id, text=text, text_self=text_self)


def _parse_wording(
    part: Part, reading: Reading, optional: tuple[str, ...] = ()
) -> tuple[Text, Text, dict[str, Part]]:
    """Returns the wording for others and for self; a group that is not asked shares the other's."""
    needed = (("text",) if reading.asks_others else ()) + (("self",) if reading.asks_self else ())
    parts = fields(part, reading.found, required=needed, optional=("text", "self", *optional))
    text = parse_translated(parts["text"], reading)
    text_self = parse_translated(parts["self"], reading)
    return text or text_self, text_self or text, parts
