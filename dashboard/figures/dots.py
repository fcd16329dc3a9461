"""Several traits or items in one wave: a dot with its interval, self and manager beside it.

Each row carries its own words above its marks, so no legend is needed and a phone has room.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.drawing import add_shape, add_text, add_traces, blank, scatter, write_line
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, palette, trait_colour, with_opacity
from dashboard.figures.template import escape_label
from dashboard.panel import Row, released
from dashboard.spoken import spoken
from dashboard.wording import (
    cell_words,
    counted,
    points,
    scale_labels,
    scale_words,
    with_interval,
)
from pipeline.release import Reason, Released, Suppressed
from survey.instrument import ResponseScale

_LINE = 20
"""Pixels of one line of text."""
_MARKS = 34
"""Pixels for the marks of a row, with the space below them."""
_FEW_POINTS, _LONG_LABEL = 3, 20
"""Points of a scale that all fit below a figure, and characters of a label that does not."""
_EDGE = 9
"""Pixels beside the axis: half a mark, so that one at the end of the scale is whole."""
_WRAP = 46
"""Characters of a label line; fits a phone of 360 pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Title and subtitle that a caller has already found for a dot plot."""

    title: str
    subtitle: str


def draw_dots(rows: Sequence[Row], sentence: Sentence, theme: Theme) -> Figure:
    """Returns the figure of several rows on one axis; all rows share one scale."""
    colours = palette(theme)
    tops = _tops(rows)
    drawing = _blank(rows, tops[-1], theme)
    for row, top in zip(rows, tops, strict=False):
        _draw_row(drawing, row, top, colours)
    _write_axis(drawing, rows[0].scale, tops[-1], colours)
    return Figure(
        plotly=drawing,
        title=sentence.title,
        subtitle=sentence.subtitle or _subtitle(rows),
        alt=_alt(sentence.title, rows),
        table=_table(rows),
        drawn=tuple(_drawn(rows)),
    )


def _label_lines(row: Row) -> list[str]:
    return textwrap.wrap(row.label, _WRAP) or [""]


def _tops(rows: Sequence[Row]) -> list[float]:
    """Top of each row in pixels from the top, and the end of the last one."""
    tops = [0.0]
    for row in rows:
        tops.append(tops[-1] + (len(_label_lines(row)) + 1) * _LINE + _MARKS)
    return tops


def _blank(rows: Sequence[Row], height: float, theme: Theme) -> Drawing:
    scale = rows[0].scale
    low, high = float(scale.low), float(scale.high)
    return blank(
        theme,
        height=height + 30,
        margin={"l": _EDGE, "r": _EDGE, "t": 4, "b": 26},
        xaxis={"range": [low, high], "showticklabels": False},
        yaxis={"range": [height, 0], "visible": False},
    )


def _draw_row(drawing: Drawing, row: Row, top: float, colours: Palette) -> None:
    lines = _label_lines(row)
    middle = top + (len(lines) + 1) * _LINE + _MARKS / 2 - 4
    label = "<br>".join(escape_label(line) for line in lines)
    write_line(drawing, f"<b>{label}</b>", top, colours.ink, edge=_EDGE)
    write_line(drawing, escape_label(_values(row)), top + len(lines) * _LINE, colours.ink, edge=_EDGE)
    _draw_track(drawing, row, middle, colours)
    add_traces(drawing, _traces(row, middle, colours))


def _write_axis(drawing: Drawing, scale: ResponseScale, top: float, colours: Palette) -> None:
    """Both ends and the middle of the scale, with the words the raters read where they are short."""
    low, high = float(scale.low), float(scale.high)
    for place, (value, anchor) in enumerate(((low, "left"), ((low + high) / 2, "center"), (high, "right"))):
        edge = (-_EDGE, 0, _EDGE)[place]
        add_text(
            drawing, x=value, xshift=edge, y=top, xanchor=anchor, yanchor="top", borderpad=0,
            text=escape_label(tick_words(scale, value)), font={"color": colours.quiet},
        )  # fmt: skip


def tick_words(scale: ResponseScale, value: float) -> str:
    """Returns a value of a scale with its label, where it is one of few points or an end of the scale."""
    labels = scale_labels(scale)
    place = int((value - float(scale.low)) / float(scale.step)) if scale.points else -1
    is_end = value in (float(scale.low), float(scale.high))
    if not scale.points or not (is_end or len(labels) <= _FEW_POINTS) or len(labels[place]) > _LONG_LABEL:
        return f"{value:g}"
    return f"{value:g} {labels[place]}"


def _draw_track(drawing: Drawing, row: Row, middle: float, colours: Palette) -> None:
    dash = "dot" if isinstance(row.others, Suppressed) else "solid"
    add_shape(
        drawing,
        type="line",
        x0=float(row.scale.low),
        x1=float(row.scale.high),
        y0=middle,
        y1=middle,
        line={"color": colours.quiet if dash == "dot" else colours.rule, "width": 1, "dash": dash},
        layer="below",
    )


def _traces(row: Row, middle: float, colours: Palette) -> list[Drawing]:
    colour = trait_colour(row.trait_id, colours)
    others = released(row.others)
    traces = [_bar(others, middle, colour)] if others is not None and others.low is not None else []
    if row.expected is not None:
        traces.append(_tick(row.expected, middle, colours))
    dot = {"symbol": "circle", "size": 13, "color": colour, "line": {"color": colours.surface, "width": 1.5}}
    diamond = {"symbol": "diamond", "size": 11, "color": colours.quiet}
    ring = {"symbol": "circle-open", "size": 13, "color": colours.ink, "line": {"width": 2}}
    for cell, name, marker in (
        (others, "others", dot),
        (released(row.manager_rating), "manager", diamond),
        (released(row.self_rating), "you", ring),
    ):
        if cell is not None:
            hover = f"{spoken().say(f'who_{name}')} {with_interval(cell)}"
            traces.append(_mark(cell.score, name, middle, marker, hover))
    return traces


def _bar(others: Released, middle: float, colour: str) -> Drawing:
    return scatter(
        x=[others.low, others.high],
        y=[middle, middle],
        mode="lines",
        line={"color": with_opacity(colour, 0.4), "width": 8},
        hoverinfo="skip",
        name="interval",
    )


def _tick(expected: float, middle: float, colours: Palette) -> Drawing:
    """An upright stroke: a place on the axis, not a rating."""
    stroke = {"symbol": "line-ns", "size": 11, "line": {"color": colours.ink, "width": 2}}
    hover = f"{spoken().say('who_expected')} {points(expected)}"
    return _mark(expected, "expected", middle, stroke, hover)


def _mark(score: float, name: str, middle: float, marker: dict[str, Any], hover: str) -> Drawing:
    return scatter(
        x=[score],
        y=[middle],
        mode="markers",
        marker=marker,
        text=[hover],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
        name=name,
    )


def _values(row: Row) -> str:
    parts = [_others_words(row)] if row.others is not None else []
    parts += [
        f"{_GLYPHS[name]} {spoken().say(f'who_{name}')} {points(score)}" for name, score in _single(row)
    ]
    return "   ".join(parts) or spoken().say("no_answer")


_GLYPHS = {"you": "○", "manager": "◆", "expected": "|"}


def _single(row: Row) -> list[tuple[str, float]]:
    """What stands beside others: one number each, without an interval."""
    cells = (("you", released(row.self_rating)), ("manager", released(row.manager_rating)))
    found = [(name, cell.score) for name, cell in cells if cell is not None]
    return found if row.expected is None else [*found, ("expected", row.expected)]


def _others_words(row: Row) -> str:
    if isinstance(row.others, Suppressed):
        is_exposure = row.others.reason is Reason.TOO_LITTLE_EXPOSURE
        return spoken().say("figure_too_few" if is_exposure else "figure_others_hidden")
    shown = cell_words(row.others)
    return f"● {spoken().say('who_others')} {_RANGE.sub('–', shown)}"


_RANGE = re.compile(r"(?<=\d) \w+ (?=\d)")
"""The word between the ends of an interval, which is too long for a row."""


def _subtitle(rows: Sequence[Row]) -> str:
    counts = [row.others.rater_count for row in rows if isinstance(row.others, Released)]
    parts = [counted(counts)] if counts else []
    parts.append(scale_words(rows[0].scale))
    if any(isinstance(row.others, Released) and row.others.low is not None for row in rows):
        parts.append(spoken().say("figure_bar"))
    return " · ".join(parts)


def _alt(title: str, rows: Sequence[Row]) -> str:
    lines = (
        f"{what}, {who}: {score}{f', {counted((int(count),))}' if count else ''}."
        for what, who, score, count in _table(rows).rows
    )
    return " ".join((f"{title}.", *lines))


def _drawn(rows: Sequence[Row]) -> Iterator[Drawn]:
    for row in rows:
        for who, cell in (("others", row.others), ("you", row.self_rating), ("manager", row.manager_rating)):
            if cell is not None:
                yield Drawn(label=f"{row.label}, {spoken().say(f'who_{who}')}", number=cell)


def _table(rows: Sequence[Row]) -> Table:
    lines = []
    for row in rows:
        count = str(row.others.rater_count) if isinstance(row.others, Released) else ""
        if row.others is not None:
            lines.append((row.label, spoken().say("who_others"), cell_words(row.others), count))
        for name, score in _single(row):
            lines.append((row.label, spoken().say(f"who_{name}"), points(score), ""))
    columns = (spoken().say("table_what"), spoken().say("table_who"), spoken().say("table_score"), "n")
    return Table(columns=columns, rows=tuple(lines))
