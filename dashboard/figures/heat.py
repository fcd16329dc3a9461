"""Units by traits in one wave: one shade per score on the whole scale, every value printed.

The shade is absolute (the ends of the scale), so that noise between units looks like noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, ink_on, palette
from dashboard.figures.template import escape_label, template
from dashboard.wording import NOT_SHOWN, cell_words, points, scale_words, trait_name, with_interval
from pipeline.release import Cell, Released, Suppressed
from survey.instrument import ResponseScale, Trait

_ROW = 54
_HEAD = 28
_NAMES = 128
_NAME_LENGTH = 16
_DIRECTIONS = {Theme.LIGHT: "darker", Theme.DARK: "brighter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One unit: its name, how deep it lies in the tree, and its cells by trait id."""

    name: str
    depth: int
    cells: Mapping[str, Cell]


def draw_heat(
    rows: Sequence[HeatRow], traits: Sequence[Trait], scale: ResponseScale, title: str, theme: Theme
) -> Figure:
    """Returns the heat map of those units; traits keep their order, units theirs."""
    colours = palette(theme)
    drawing = go.Figure(layout=_layout(len(rows), traits, colours, theme))
    for place, row in enumerate(rows):
        _write_name(drawing, row, place, colours)
        for column, trait in enumerate(traits):
            _draw_cell(drawing, row.cells.get(trait.trait_id), (column, place), scale, colours)
    drawing.add_trace(_hover(rows, traits, colours))
    return Figure(
        plotly=drawing,
        title=title,
        subtitle=f"{scale_words(scale)}, {_DIRECTIONS[theme]} is higher · 95 % interval below each score",
        alt=_alt(title, rows, traits),
        table=_table(rows, traits),
        drawn=tuple(
            Drawn(label=f"{row.name}, {trait_name(trait)}", number=row.cells[trait.trait_id])
            for row in rows
            for trait in traits
            if trait.trait_id in row.cells
        ),
    )


def _layout(count: int, traits: Sequence[Trait], colours: Palette, theme: Theme) -> Drawing:
    return go.Layout(
        template=template(theme),
        height=_HEAD + count * _ROW + 4,
        margin={"l": _NAMES, "r": 0, "t": _HEAD, "b": 4},
        xaxis={
            "range": [-0.5, len(traits) - 0.5],
            "side": "top",
            "tickvals": list(range(len(traits))),
            "ticktext": [escape_label(trait_name(trait)) for trait in traits],
            "tickfont": {"color": colours.ink},
        },
        yaxis={"range": [count - 0.5, -0.5], "visible": False},
    )


def _write_name(drawing: Drawing, row: HeatRow, place: int, colours: Palette) -> None:
    indent = 10 * row.depth
    room = _NAME_LENGTH - row.depth
    name = row.name if len(row.name) <= room else f"{row.name[: room - 1]}…"
    drawing.add_annotation(
        x=0, xref="paper", xshift=-_NAMES + indent, y=place, xanchor="left", align="left", showarrow=False,
        text=f"{escape_label(name)}<br><span style='color:{colours.quiet}'>{_counts(row)}</span>",
    )  # fmt: skip


def _counts(row: HeatRow) -> str:
    shown = [cell for cell in row.cells.values() if isinstance(cell, Released)]
    if not shown:
        return NOT_SHOWN
    return f"{max(cell.pm_count for cell in shown)} PMs, n = {max(cell.rater_count for cell in shown)}"


def shade(score: float, scale: ResponseScale, colours: Palette) -> str:
    """Returns the colour of a score: a place on the ramp between the ends of the scale."""
    place = (score - float(scale.low)) / float(scale.high - scale.low) * (len(colours.ramp) - 1)
    lower = min(max(int(place), 0), len(colours.ramp) - 2)
    return _between(colours.ramp[lower], colours.ramp[lower + 1], min(max(place - lower, 0.0), 1.0))


def _between(one: str, other: str, part: float) -> str:
    mixed = (
        round(int(one[at : at + 2], 16) * (1 - part) + int(other[at : at + 2], 16) * part) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _draw_cell(
    drawing: Drawing,
    cell: Cell | None,
    at: tuple[int, int],
    scale: ResponseScale,
    colours: Palette,
) -> None:
    x, y = at
    box = {"type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46, "layer": "below"}
    if isinstance(cell, Released):
        fill = shade(cell.score, scale, colours)
        drawing.add_shape(**box, fillcolor=fill, line={"width": 0})
        drawing.add_annotation(x=x, y=y, showarrow=False, text=_printed(cell), font={"color": ink_on(fill)})
    else:
        drawing.add_shape(**box, line={"color": colours.quiet, "width": 1, "dash": "dot"})
        words = "not<br>shown" if isinstance(cell, Suppressed) else "no<br>answer"
        drawing.add_annotation(x=x, y=y, showarrow=False, text=words, font={"color": colours.quiet})


def _printed(cell: Released) -> str:
    bound = {"low": "≤ ", "high": "≥ ", "": ""}[cell.bound]
    head = f"<b>{bound}{points(cell.score)}</b>"
    if cell.low is None or cell.high is None:
        return head
    return f"{head}<br>{points(cell.low)}–{points(cell.high)}"


def _hover(rows: Sequence[HeatRow], traits: Sequence[Trait], colours: Palette) -> Drawing:
    shown = [
        (column, place, f"{escape_label(row.name)}: {trait_name(trait)} {with_interval(cell)}")
        for place, row in enumerate(rows)
        for column, trait in enumerate(traits)
        for cell in (row.cells.get(trait.trait_id),)
        if isinstance(cell, Released)
    ]
    return go.Scatter(
        x=[point[0] for point in shown],
        y=[point[1] for point in shown],
        text=[point[2] for point in shown],
        mode="markers",
        marker={"size": 30, "opacity": 0, "color": colours.surface},
        hovertemplate="%{text}<extra></extra>",
        name="others",
    )


def _alt(title: str, rows: Sequence[HeatRow], traits: Sequence[Trait]) -> str:
    sentences = [f"{title}."]
    for row in rows:
        values = "; ".join(
            f"{trait_name(trait)} {cell_words(row.cells.get(trait.trait_id))}" for trait in traits
        )
        sentences.append(f"{row.name}: {values}.")
    return " ".join(sentences)


def _table(rows: Sequence[HeatRow], traits: Sequence[Trait]) -> Table:
    return Table(
        columns=("Unit", *(trait_name(trait) for trait in traits), "PMs and n"),
        rows=tuple(
            (row.name, *(cell_words(row.cells.get(trait.trait_id)) for trait in traits), _counts(row))
            for row in rows
        ),
    )
