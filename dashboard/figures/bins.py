"""Where a unit's PMs lie on each trait, without names: how many at least in each stretch of the scale.

Bars count PMs in steps, so a stretch without a bar may hold a few; how many are placed nowhere is said.
"""

from collections.abc import Sequence
from itertools import pairwise

from dashboard.figures.drawing import add_shape, add_text, blank, write_line
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, palette, trait_colour
from dashboard.figures.template import escape_label
from dashboard.spoken import spoken
from dashboard.wording import points, scale_words, trait_name
from pipeline.released_unit import ReleasedDistribution
from survey.instrument import ResponseScale, Trait

_LINE, _BARS, _GAP = 20, 66, 14
"""Pixels: a line of text, the room for bars with their numbers, and what parts two rows."""
_TALLEST = 44
_AXIS = 26
_ROW = 2 * _LINE + _BARS + _GAP
_EDGE = 9

Placed = tuple[Trait, ReleasedDistribution]


def draw_bins(rows: Sequence[Placed], scale: ResponseScale, title: str, theme: Theme) -> Figure:
    """Returns the figure: one row of bars per trait, all on one scale and to one measure."""
    colours = palette(theme)
    height = len(rows) * _ROW
    drawing = _blank(height, scale, theme)
    most = max((max(found.at_least) for _, found in rows), default=0)
    for place, row in enumerate(rows):
        _draw_row(drawing, row, place * _ROW, most, colours)
    _write_axis(drawing, scale, height, colours)
    return Figure(
        plotly=drawing,
        title=title,
        subtitle=spoken().say(
            "bins_subtitle",
            pms=spoken().count("review_pms", rows[0][1].pm_count),
            scale=scale_words(scale),
        ),
        alt=" ".join((f"{title}.", *(_sentence(row) for row in rows))),
        table=_table(rows),
        drawn=tuple(Drawn(label=trait_name(trait), number=found) for trait, found in rows),
    )


def reach(found: ReleasedDistribution) -> tuple[int, float, float] | None:
    """Returns how many PMs at least lie between two points of the scale; None where nobody is placed."""
    filled = [place for place, count in enumerate(found.at_least) if count]
    if not filled:
        return None
    return sum(found.at_least), found.edges[filled[0]], found.edges[filled[-1] + 1]


def _blank(height: float, scale: ResponseScale, theme: Theme) -> Drawing:
    return blank(
        theme,
        height=height + _AXIS,
        margin={"l": _EDGE, "r": _EDGE, "t": 0, "b": _AXIS},
        xaxis={"range": [float(scale.low), float(scale.high)], "showticklabels": False},
        yaxis={"range": [height, 0], "visible": False},
    )


def _draw_row(drawing: Drawing, row: Placed, top: float, most: int, colours: Palette) -> None:
    trait, found = row
    write_line(drawing, f"<b>{escape_label(trait_name(trait))}</b>", top, colours.ink, edge=_EDGE)
    write_line(drawing, escape_label(finding(found)), top + _LINE, colours.quiet, edge=_EDGE)
    ground = top + 2 * _LINE + _BARS
    ends = {"x0": found.edges[0], "x1": found.edges[-1], "y0": ground, "y1": ground}
    add_shape(drawing, type="line", **ends, line={"color": colours.rule, "width": 1})
    colour = trait_colour(trait.trait_id, colours)
    for place, count in enumerate(found.at_least):
        if count:
            _draw_bar(drawing, found.edges[place : place + 2], count, (ground, most), colour)
            middle = sum(found.edges[place : place + 2]) / 2
            _write_count(drawing, count, middle, ground - count / most * _TALLEST, colours)


def _draw_bar(
    drawing: Drawing, edges: Sequence[float], count: int, ground_and_most: tuple[float, int], colour: str
) -> None:
    ground, most = ground_and_most
    side = (edges[1] - edges[0]) * 0.06
    add_shape(
        drawing,
        type="rect",
        x0=edges[0] + side,
        x1=edges[1] - side,
        y0=ground,
        y1=ground - count / most * _TALLEST,
        fillcolor=colour,
        line={"width": 0},
    )


def _write_count(drawing: Drawing, count: int, x: float, top: float, colours: Palette) -> None:
    add_text(
        drawing, x=x, y=top, yanchor="bottom", borderpad=0, text=f"≥ {count}", font={"color": colours.ink}
    )  # fmt: skip


def _write_axis(drawing: Drawing, scale: ResponseScale, top: float, colours: Palette) -> None:
    """Both ends and the middle of the scale; traits may have stretches of their own."""
    low, high = float(scale.low), float(scale.high)
    for x, anchor in ((low, "left"), ((low + high) / 2, "center"), (high, "right")):
        edge = {"left": -_EDGE, "right": _EDGE}.get(anchor, 0)
        add_text(
            drawing, x=x, xshift=edge, y=top, xanchor=anchor, yanchor="top", borderpad=0,
            text=f"{x:g}", font={"color": colours.quiet},
        )  # fmt: skip


def finding(found: ReleasedDistribution) -> str:
    """Returns one row in words: how many lie where, and how many are placed nowhere."""
    placed = reach(found)
    if placed is None:
        return spoken().say("bins_nowhere")
    count, low, high = placed
    return spoken().say("bins_row", count=count, low=points(low), high=points(high), unplaced=found.unplaced)


def _sentence(row: Placed) -> str:
    trait, found = row
    stretches = "; ".join(
        spoken().say("bins_stretch", count=count, low=points(low), high=points(high))
        for count, (low, high) in zip(found.at_least, pairwise(found.edges), strict=True)
        if count
    )
    return f"{trait_name(trait)}: {stretches or finding(found)}."


def _table(rows: Sequence[Placed]) -> Table:
    """One line per stretch, and one for those who are placed nowhere."""
    say, lines = spoken().say, list[tuple[str, ...]]()
    for trait, found in rows:
        for count, (low, high) in zip(found.at_least, pairwise(found.edges), strict=True):
            told = f"≥ {count}" if count else say("bins_untold")
            lines.append((trait_name(trait), f"{points(low)}–{points(high)}", told))
        lines.append((trait_name(trait), say("bins_unplaced"), str(found.unplaced)))
    return Table(columns=(say("bins_trait"), say("bins_where"), say("bins_pms")), rows=tuple(lines))
