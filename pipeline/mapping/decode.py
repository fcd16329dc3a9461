"""From the text of a cell to the value of an answer, by the item's scale and the mapping.

A cell that cannot be read stays as it came: a rule quarantines it later, so that nothing is lost
and nothing is guessed. `4 - mostly` is 4 unless the scale says that `mostly` is something else;
`25-Jun`, which a spreadsheet made of a label, is no number.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pipeline.received import NOT_OBSERVED
from pipeline.sources.export import plain_text
from survey.instrument import ResponseScale, ScaleKind

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,30}|,\d{1,2})?")
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,9})\s*(?:[-=:]\s+|[.)]\s+|\(\s*)(?P<label>\D+?)\)?")
_NUMBER_LAST = re.compile(r"(?P<label>\D+?)\s*(?:[\(\[]\s*|[-=:]\s+)(?P<number>\d{1,9})\s*[\)\]]?")


def number_text(text: str) -> str | None:
    """Returns a plain number in its shortest form, or None if the text is none.

    >>> number_text("4.0"), number_text("3,5"), number_text("25-Jun")
    ('4', '3.5', None)
    """
    if not _NUMBER.fullmatch(text):
        return None
    value = format(Decimal(text.replace(",", ".")), "f")
    short = value.rstrip("0").rstrip(".") if "." in value else value
    return "0" if short == "-0" else short


def scale_labels(scale: ResponseScale) -> dict[str, str]:
    """Returns the value of each label of a scale, in any of its languages.

    A label that stands for two values in two languages stands for none.
    """
    pairs = [pair for labels in scale.labels.values() for pair in _labelled(scale, labels)]
    pairs += [(label, NOT_OBSERVED) for labels in scale.not_observed.values() for label in labels]
    if scale.kind is ScaleKind.EVENT:
        pairs += [("false", _point(scale.low)), ("true", _point(scale.high))]
    values: dict[str, set[str]] = {}
    for label, value in pairs:
        values.setdefault(plain_text(label), set()).add(value)
    return {label: next(iter(found)) for label, found in values.items() if label and len(found) == 1}


def _labelled(scale: ResponseScale, labels: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    points = scale.points or (scale.low, scale.high)
    if len(labels) != len(points):
        return ()
    return zip(labels, map(_point, points), strict=True)


def _point(value: Decimal) -> str:
    return number_text(format(value, "f")) or str(value)


class Decoder(dict[str, str]):
    """Cell text -> value text, "" for no answer; each text is worked out once."""

    def __init__(self, labels: Mapping[str, str], recode: Iterable[tuple[str, str]]) -> None:
        """Takes labels in `plain_text` form; `recode` comes before them, the first of it first."""
        super().__init__({"": ""})
        declared: dict[str, str] = {}
        for label, value in recode:
            declared.setdefault(plain_text(label), number_text(value) or value)
        self._labels = {NOT_OBSERVED: NOT_OBSERVED, **labels, **declared}

    def __missing__(self, cell: str) -> str:
        text = cell.strip()
        value = self._value(text) if text else ""
        self[cell] = value
        return value

    def _value(self, text: str) -> str:
        label = plain_text(text)
        number = number_text(text) or ""
        known = self._labels.get(label) or self._labels.get(number) or number
        return known or self._labelled_number(label) or text

    def _labelled_number(self, label: str) -> str | None:
        found = _NUMBER_FIRST.fullmatch(label) or _NUMBER_LAST.fullmatch(label)
        if found is None:
            return None
        number = number_text(found["number"])
        meant = self._labels.get(plain_text(found["label"]))
        return number if meant in (None, number) else None


class WordsDecoder(dict[str, str]):
    """Cell text -> the words of a prompt."""

    def __missing__(self, cell: str) -> str:
        words = cell.strip()
        self[cell] = words
        return words
