"""The fields of the form and what they mean: fields to a `Response`, and a `Response` to fields.

Item 3 of the instrument is the field `q3` (a value, or `n0`, `n1` for an option that is no rating),
on a numeric range with `q3n` beside it; prompt 0 is `p0`, its signature `s0`. What makes no sense
counts as not answered: only a changed page sends it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from survey.instrument import Instrument, Item, ResponseScale, ScaleKind
from survey.response import Comment, Response

LONGEST_COMMENT = 2000
"""Characters; two comments of this length fit into the limit of a request in every script."""

_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Choices: TypeAlias = Mapping[str, Decimal | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldItem:
    """An item with its field; `choices` are the values the field may have, a rating or an option."""

    item: Item
    field: str
    scale: ResponseScale
    choices: Choices


def field_items(instrument: Instrument) -> tuple[FieldItem, ...]:
    """Returns every item with its field, in the instrument's order."""
    return tuple(
        FieldItem(item=item, field=f"q{place}", scale=scale, choices=_choices(scale))
        for place, item in enumerate(instrument.items)
        for scale in [instrument.scale(item.scale_id)]
    )


def read_entry(
    fields: Mapping[str, str], items: tuple[FieldItem, ...], instrument: Instrument, rater_id: str
) -> Response:
    """Returns what was filled in; the rater's id stands under comments they signed, and nowhere else."""
    ratings: dict[str, Decimal] = {}
    not_observed: dict[str, int] = {}
    for one in items:
        match _answer(fields, one):
            case Decimal() as rating:
                ratings[one.item.item_id] = rating
            case int() as option:
                not_observed[one.item.item_id] = option
            case None:
                continue
    return Response(
        ratings=ratings, not_observed=not_observed, comments=dict(_comments(fields, instrument, rater_id))
    )


def write_entry(
    response: Response, items: tuple[FieldItem, ...], instrument: Instrument
) -> Iterator[tuple[str, str]]:
    """Yields the fields of a response, by name and value."""
    for one in items:
        item_id = one.item.item_id
        if item_id in response.ratings:
            yield one.field, f"{response.ratings[item_id]:f}"
        elif item_id in response.not_observed:
            is_range = one.scale.kind is ScaleKind.RANGE
            yield f"{one.field}n" if is_range else one.field, f"n{response.not_observed[item_id]}"
    for place, prompt in enumerate(instrument.prompts):
        comment = response.comments.get(prompt.prompt_id)
        if comment:
            yield f"p{place}", comment.text
            if comment.signed_by:
                yield f"s{place}", "1"


def _choices(scale: ResponseScale) -> Choices:
    options: dict[str, Decimal | int] = {f"{point:f}": point for point in scale.points}
    labels = next(iter(scale.not_observed.values()), ())
    return options | {f"n{place}": place for place in range(len(labels))}


def _answer(fields: Mapping[str, str], one: FieldItem) -> Decimal | int | None:
    text = fields.get(one.field, "")
    if one.scale.kind is not ScaleKind.RANGE:
        return one.choices.get(text)
    if _NUMBER.fullmatch(text.strip()):
        number = Decimal(text.strip().replace(",", "."))
        return number if one.scale.low <= number <= one.scale.high else None
    return one.choices.get(fields.get(f"{one.field}n", ""))


def _comments(
    fields: Mapping[str, str], instrument: Instrument, rater_id: str
) -> Iterator[tuple[str, Comment]]:
    for place, prompt in enumerate(instrument.prompts):
        text = _CONTROL.sub("", fields.get(f"p{place}", "").replace("\r\n", "\n")).strip()[:LONGEST_COMMENT]
        if text:
            yield prompt.prompt_id, Comment(text=text, signed_by=rater_id if f"s{place}" in fields else "")
