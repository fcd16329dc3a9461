"""The questions as HTML, ready before anybody asks: per language, part and order one piece.

Nothing in such a piece is about a rater or a subject, so one serves all. Answers given earlier are
put into its places; that is done only for those who come back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import escape

from survey.form.entry import LONGEST_COMMENT, FieldItem, field_items, write_entry
from survey.form.order import ORDER_COUNT, item_order
from survey.form.packed import Packed, pack
from survey.form.page import render
from survey.form.part import Part
from survey.instrument import Instrument, ScaleKind, Text
from survey.language import MEASURE, Wording, wording
from survey.response import Response

_READY = 256
"""Pieces kept: four parts and eight languages in all orders would be more, two waves at once are less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose: what is sent, and what it says."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item as the page shows it."""

    field: str
    text: str
    points: tuple[Option, ...]
    not_observed: tuple[Option, ...]
    anchors: tuple[tuple[str, str], ...]
    low: str
    high: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """One prompt as the page shows it."""

    place: int
    text: str


class Questionnaire:
    """One instrument, ready to be shown. Two with the same content are the same."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.items = field_items(instrument)
        self._by_id = {one.item.item_id: one for one in self.items}
        self._piece = lru_cache(maxsize=_READY)(self._packed)
        self._parts = lru_cache(maxsize=_READY)(self._rendered)
        self.order = lru_cache(maxsize=ORDER_COUNT)(self._ordered)

    def _ordered(self, number: int) -> tuple[FieldItem, ...]:
        return tuple(self._by_id[item.item_id] for item in item_order(self.instrument, number))

    def piece(self, words: Wording, part: Part, number: int) -> Packed:
        """Returns the questions, with nothing filled in, up to the end of the page."""
        return self._piece(words.language, part, number)

    def filled_piece(self, words: Wording, part: Part, number: int, response: Response) -> Packed:
        """Returns the questions with the answers a rater gave before."""
        html = self.piece(words, part, number).plain
        for name, value in write_entry(response, self.items, self.instrument):
            html = _filled(html, name, value)
        return pack(html, level=1)

    def questions(self, words: Wording, part: Part, number: int) -> tuple[Question, ...]:
        """Returns the items as the page shows them, in one of the orders."""
        return tuple(self._question(one, words, part) for one in self.order(number))

    def prompts(self, words: Wording, part: Part) -> tuple[OpenQuestion, ...]:
        """Returns the prompts that are asked in that part."""
        asked = (
            (place, _in(prompt.text_self if part.is_self else prompt.text, words))
            for place, prompt in enumerate(self.instrument.prompts)
        )
        return tuple(OpenQuestion(place=place, text=text) for place, text in asked if text)

    def _packed(self, language: str, part: Part, number: int) -> Packed:
        start, items, end = self._parts(language, part)
        ordered = (items[one.field] for one in self.order(number))
        return pack(b"\n".join((start, *ordered, end)))

    def _rendered(self, language: str, part: Part) -> tuple[bytes, Mapping[str, bytes], bytes]:
        """Each item is rendered once; an order only puts them side by side."""
        words = wording(language)
        items = {
            one.field: render("question.html", words, one=self._question(one, words, part))
            for one in self.items
        }
        start = render("questions.html", words)
        end = render(
            "prompts.html", words, part=part, prompts=self.prompts(words, part), longest=LONGEST_COMMENT
        )
        return start, items, end

    def _question(self, one: FieldItem, words: Wording, part: Part) -> Question:
        labels, others = _labels(one, words)
        is_range = one.scale.kind is ScaleKind.RANGE
        points = () if is_range else tuple(f"{point:f}" for point in one.scale.points)
        return Question(
            field=one.field,
            text=_in(one.item.text_self if part.is_self else one.item.text, words)
            or _in(one.item.text or one.item.text_self, words),
            points=tuple(
                Option(value=value, label=label) for value, label in zip(points, labels, strict=False)
            ),
            not_observed=tuple(Option(value=f"n{place}", label=label) for place, label in enumerate(others)),
            anchors=self._anchors(one, words),
            low=f"{one.scale.low:f}",
            high=f"{one.scale.high:f}",
            ends=labels if is_range else (),
        )

    def _anchors(self, one: FieldItem, words: Wording) -> tuple[tuple[str, str], ...]:
        if one.item.is_event:
            return ()
        anchors = self.instrument.trait(one.item.trait_id).anchors
        places = (
            (place, _in(anchors[place], words)) for place in ("low", "middle", "high") if place in anchors
        )
        return tuple((f"anchor_{place}", text) for place, text in places if text)


def _filled(html: bytes, name: str, value: str) -> bytes:
    """The places are the markup of questions.html: a choice, a number, a text, a tick."""
    field, text = name.encode(), str(escape(value)).encode()
    if name.startswith("p"):
        return html.replace(b"id=%b></textarea>" % field, b"id=%b>\n%b</textarea>" % (field, text))
    choice = b"name=%b value=%b>" % (field, text)
    if choice in html:
        return html.replace(choice, choice[:-1] + b" checked>")
    return html.replace(b"name=%b type=number" % field, b"name=%b value=%b type=number" % (field, text))


def _labels(one: FieldItem, words: Wording) -> tuple[tuple[str, ...], tuple[str, ...]]:
    labels, others = one.scale.labels, one.scale.not_observed
    return _of(labels, words.language), _of(others, words.language) if others else ()


def _of(by_language: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    return by_language.get(language) or by_language.get(MEASURE) or next(iter(by_language.values()), ())


def _in(text: Text, words: Wording) -> str:
    """An instrument that lacks the reader's language speaks English, or else its own first one."""
    return text.get(words.language) or text.get(MEASURE) or next(iter(text.values()), "")
