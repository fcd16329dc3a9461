"""A figure as a picture that stands in any file: SVG, drawn from the same Plotly figure without a browser.

Our figures use a handful of Plotly's words: scatter traces, shapes, annotations and two axes. Whatever
else a figure says is refused here, so that no mark is ever left out without anybody noticing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, TypeAlias
from xml.etree import ElementTree as Xml

import plotly.graph_objects as go

from dashboard.figures.figure import Figure
from dashboard.figures.palette import Theme, palette
from dashboard.figures.template import FONT, TEXT_SIZE

Part: TypeAlias = Any
"""A part of a figure in Plotly's own classes, which have every property and ship no types."""

_LINE_HEIGHT = 1.3
_BASELINE = 0.35
"""Of the text's size: from the middle of a line down to its baseline."""

_TAG = re.compile(r"<(?P<close>/?)(?P<tag>b|span)(?: style='color:(?P<colour>[^']*)')?>")
_DASHES = {"dot": "2 3", "dash": "6 4"}
_ANCHORS = {"left": "start", "center": "middle", "right": "end", "auto": "middle", None: "middle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where the axes of a figure lie in its picture, in pixels."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        low, high = self.y_range
        return self.top + (high - value) / (high - low) * self.height


def draw_svg(figure: Figure, name: str, width: int) -> str:
    """Returns a figure as SVG with its title and its content in words; `name` is unique in the file.

    Raises:
        ValueError: the figure uses a word of Plotly that is not known here.
    """
    drawing = go.Figure(figure.plotly)
    layout = drawing.layout
    frame = _frame(layout, width)
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {layout.height:g}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": FONT,
            "font-size": str(TEXT_SIZE),
        },
    )
    Xml.SubElement(root, "title", {"id": f"{name}-title"}).text = figure.title
    Xml.SubElement(root, "desc", {"id": f"{name}-desc"}).text = figure.alt
    _draw_shapes(root, layout.shapes, frame)
    _draw_axes(root, layout, frame)
    for trace in drawing.data:
        _draw_trace(root, trace, frame)
    for note in layout.annotations:
        _draw_note(root, note, frame)
    return Xml.tostring(root, encoding="unicode")


def _frame(layout: Part, width: int) -> _Frame:
    margin = layout.margin
    return _Frame(
        left=margin.l,
        top=margin.t,
        width=width - margin.l - margin.r,
        height=layout.height - margin.t - margin.b,
        x_range=tuple(layout.xaxis.range),
        y_range=tuple(layout.yaxis.range),
    )


def _draw_shapes(root: Xml.Element, shapes: Sequence[Part], frame: _Frame) -> None:
    for shape in shapes:
        x0, x1 = sorted((frame.x(shape.x0), frame.x(shape.x1)))
        y0, y1 = sorted((frame.y(shape.y0), frame.y(shape.y1)))
        line = _stroke(shape.line.color, shape.line.width, shape.line.dash)
        if shape.type == "rect":
            place = {"x": _px(x0), "y": _px(y0), "width": _px(x1 - x0), "height": _px(y1 - y0)}
            Xml.SubElement(root, "rect", {**place, **_fill(shape.fillcolor), **line})
        elif shape.type == "line":
            Xml.SubElement(root, "line", {"x1": _px(x0), "y1": _px(y0), "x2": _px(x1), "y2": _px(y1), **line})
        else:
            raise ValueError(f"shape {shape.type}")


def _draw_axes(root: Xml.Element, layout: Part, frame: _Frame) -> None:
    colours = palette(Theme.LIGHT)
    if layout.yaxis.visible is not False:
        for value, label in _ticks(layout.yaxis):
            y = frame.y(value)
            if layout.yaxis.showgrid:
                ends = {
                    "x1": _px(frame.left),
                    "x2": _px(frame.left + frame.width),
                    "y1": _px(y),
                    "y2": _px(y),
                }
                root.insert(2, Xml.Element("line", {**ends, **_stroke(colours.rule, 1, None)}))
            _write(root, label, (frame.left - 5, y), anchor="right", colour=colours.quiet)
    colour = layout.xaxis.tickfont.color or colours.quiet
    is_above = layout.xaxis.side == "top"
    for value, label in _ticks(layout.xaxis):
        lines = label.count("<br>") + 1
        half = lines * TEXT_SIZE * _LINE_HEIGHT / 2
        y = frame.top - half - 3 if is_above else frame.top + frame.height + half + 3
        _write(root, label, (frame.x(value), y), anchor="center", colour=colour)


def _ticks(axis: Part) -> Iterator[tuple[float, str]]:
    if axis.showticklabels is False or axis.visible is False:
        return
    yield from zip(axis.tickvals or (), axis.ticktext or (), strict=True)


def _draw_trace(root: Xml.Element, trace: Part, frame: _Frame) -> None:
    if trace.type != "scatter":
        raise ValueError(f"trace {trace.type}")
    places = [(frame.x(x), frame.y(y)) for x, y in zip(trace.x or (), trace.y or (), strict=True)]
    if trace.fill == "toself":
        Xml.SubElement(root, "polygon", {"points": _points(places), **_fill(trace.fillcolor)})
    elif "lines" in trace.mode and places:
        line = _stroke(trace.line.color, trace.line.width, trace.line.dash)
        Xml.SubElement(root, "polyline", {"points": _points(places), "fill": "none", **line})
    if "markers" in trace.mode and trace.marker.opacity != 0:
        for place in places:
            _draw_mark(root, trace.marker, place)


def _draw_mark(root: Xml.Element, marker: Part, place: tuple[float, float]) -> None:
    x, y = place
    radius = marker.size / 2
    if marker.symbol in ("circle", "circle-open", None):
        look = _open(marker) if marker.symbol == "circle-open" else _solid(marker)
        Xml.SubElement(root, "circle", {"cx": _px(x), "cy": _px(y), "r": _px(radius), **look})
    elif marker.symbol == "diamond":
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        Xml.SubElement(root, "polygon", {"points": _points(corners), **_solid(marker)})
    else:
        raise ValueError(f"mark {marker.symbol}")


def _solid(marker: Part) -> dict[str, str]:
    return {**_fill(marker.color), **_stroke(marker.line.color, marker.line.width, None)}


def _open(marker: Part) -> dict[str, str]:
    return {"fill": "none", **_stroke(marker.color, marker.line.width, None)}


def _draw_note(root: Xml.Element, note: Part, frame: _Frame) -> None:
    x = frame.left + note.x * frame.width if note.xref == "paper" else frame.x(note.x)
    y = frame.y(note.y) - (note.yshift or 0)
    height = (note.text.count("<br>") + 1) * TEXT_SIZE * _LINE_HEIGHT
    middle = {"top": y + height / 2, "bottom": y - height / 2}.get(note.yanchor, y)
    colour = note.font.color or palette(Theme.LIGHT).ink
    _write(root, note.text, (x + (note.xshift or 0), middle), anchor=note.xanchor, colour=colour)


def _write(
    root: Xml.Element, text: str, middle: tuple[float, float], *, anchor: str | None, colour: str
) -> None:
    """Lines of text around their middle; of Plotly's markup bold, colour and new lines are known."""
    x, y = middle
    lines = text.split("<br>")
    step = TEXT_SIZE * _LINE_HEIGHT
    top = y - step * (len(lines) - 1) / 2 + TEXT_SIZE * _BASELINE
    written = Xml.SubElement(root, "text", {"text-anchor": _ANCHORS[anchor], "fill": colour})
    for number, line in enumerate(lines):
        placed = Xml.SubElement(written, "tspan", {"x": _px(x), "y": _px(top + number * step)})
        for words, look in _pieces(line):
            Xml.SubElement(placed, "tspan", look).text = words


def _pieces(line: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The stretches of a line, each with its look."""
    look, end = dict[str, str](), 0
    for found in _TAG.finditer(line):
        if found.start() > end:
            yield unescape(line[end : found.start()]), dict(look)
        name = "font-weight" if found["tag"] == "b" else "fill"
        if found["close"]:
            look.pop(name, None)
        else:
            look[name] = "650" if found["tag"] == "b" else found["colour"]
        end = found.end()
    if end < len(line):
        yield unescape(line[end:]), dict(look)


def _stroke(colour: str | None, width: float | None, dash: str | None) -> dict[str, str]:
    if not colour or width == 0:
        return {}
    dashes = {"stroke-dasharray": _DASHES[dash]} if dash in _DASHES else {}
    return {"stroke": colour, "stroke-width": _px(1 if width is None else width), **dashes}


def _fill(colour: str | None) -> dict[str, str]:
    return {"fill": colour or "none"}


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_px(x)},{_px(y)}" for x, y in places)


def _px(value: Any) -> str:  # noqa: ANN401 - a number of Plotly's, which has no types
    """Returns a length in pixels, short and the same on every machine."""
    return f"{round(float(value), 2) + 0.0:g}"
