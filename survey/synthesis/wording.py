"""How a value looks in a cell: as a label, as a number, as a tool's own code."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from survey.instrument import ResponseScale, ScaleKind

CellText: TypeAlias = Callable[[ResponseScale, Decimal | None], str]
"""Turns a value (None: not enough exposure) into the text of a cell."""


def label_text(language: str) -> CellText:
    """Returns how a tool writes answers that exports its labels."""

    def write(scale: ResponseScale, value: Decimal | None) -> str:
        if value is None:
            return scale.not_observed[language][-1]
        if scale.kind is ScaleKind.RANGE:
            return number_text(scale, value)
        return scale.labels[language][scale.points.index(value)]

    return write


def number_text(scale: ResponseScale, value: Decimal | None) -> str:
    """Returns the answer in scale points, as a canonical file holds it."""
    return "not_observed" if value is None else format(value.normalize(), "f")


def code_text(scale: ResponseScale, value: Decimal | None) -> str:
    """Returns the place of the answer among the options, from 1; 'not enough exposure' comes last."""
    if scale.kind is ScaleKind.RANGE:
        return number_text(scale, value)
    return str(len(scale.points) + 1 if value is None else scale.points.index(value) + 1)
