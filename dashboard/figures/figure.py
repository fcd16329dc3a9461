"""What a figure is: the drawing, the finding it shows, and the same numbers in words and rows."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from pipeline.numbers import Number

Drawing: TypeAlias = dict[str, Any]
"""A Plotly figure, or a part of one, as Plotly's JSON has it. Its classes check every property they are given,
which takes longer than all else about a page; tests hold each figure against them instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a figure as text, exactly those that are drawn."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A number that a figure draws, and what it is called beside the figure's title."""

    label: str
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with everything a reader needs who cannot see it.

    `plotly` has `data` and `layout`. `title` is the finding, `subtitle` says units, how
    many people answered and the interval, `alt` says the whole content in sentences. `drawn` are the
    numbers it shows, those to explain first at the beginning.
    """

    plotly: Drawing
    title: str
    subtitle: str
    alt: str
    table: Table
    drawn: tuple[Drawn, ...] = ()
