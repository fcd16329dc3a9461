"""The look that every figure shares: one type family, quiet axes, no decoration."""

from functools import cache

from dashboard.figures.figure import Drawing
from dashboard.figures.palette import Palette, Theme, palette

FONT = "Inter, system-ui, sans-serif"
TEXT_SIZE = 14
"""Pixels; the smallest of the four sizes of a page (28, 20, 16, 14)."""

CONFIG: dict[str, object] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""How Plotly behaves in a page: nothing floats over a figure, nothing zooms by accident."""


@cache
def template(theme: Theme) -> Drawing:
    """Returns the Plotly template of a theme."""
    colours = palette(theme)
    axis = _axis(colours)
    layout = {
        "font": {"family": FONT, "size": TEXT_SIZE, "color": colours.ink},
        "paper_bgcolor": colours.surface,
        "plot_bgcolor": colours.surface,
        "colorway": [colours.accent],
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"font": {"family": FONT, "size": TEXT_SIZE}},
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
        "xaxis": axis,
        "yaxis": axis,
    }
    return {"layout": layout}


def _axis(colours: Palette) -> Drawing:
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": False,
        "tickfont": {"size": TEXT_SIZE, "color": colours.quiet},
        "gridcolor": colours.rule,
    }


def escape_label(text: str) -> str:
    """Returns text that Plotly draws as it is: names of people and units may hold its markup.

    >>> escape_label("R&D <b>")
    'R&amp;D &lt;b&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
