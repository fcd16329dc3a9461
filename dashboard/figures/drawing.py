"""What our figures are made of, written as Plotly's JSON: a layout, scatter traces, shapes and texts."""

from collections.abc import Iterable

from dashboard.figures.figure import Drawing
from dashboard.figures.palette import Theme
from dashboard.figures.template import template


def blank(theme: Theme, **layout: object) -> Drawing:
    """Returns a figure with a layout and nothing drawn yet."""
    return {"data": [], "layout": {"template": template(theme), "shapes": [], "annotations": [], **layout}}


def add_traces(drawing: Drawing, traces: Iterable[Drawing]) -> None:
    """Draws traces over those that are there."""
    drawing["data"].extend(traces)


def add_shape(drawing: Drawing, **shape: object) -> None:
    """Draws a line or a rectangle."""
    drawing["layout"]["shapes"].append(shape)


def add_text(drawing: Drawing, **note: object) -> None:
    """Writes a text without an arrow; markup is obeyed."""
    drawing["layout"]["annotations"].append({"showarrow": False, **note})


def scatter(**trace: object) -> Drawing:
    """Returns a trace of points or lines."""
    return {"type": "scatter", **trace}


def write_line(drawing: Drawing, text: str, top: float, colour: str, *, edge: int) -> None:
    """Writes a line of text at the left of a figure whose axis is pixels from the top; markup is obeyed."""
    add_text(
        drawing, x=0, xref="paper", xshift=-edge, y=top, xanchor="left", yanchor="top", align="left",
        borderpad=0, text=text, font={"color": colour},
    )  # fmt: skip
