"""Units by traits in one wave: every score printed, coloured only where it stands apart from the whole.

A score whose interval holds the whole's score keeps the quiet colour of its neighbours, so that noise
looks like noise. An arrow marks what really changed.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.figures.drawing import add_shape, add_text, add_traces, blank, scatter
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, ink_on, palette
from dashboard.figures.template import escape_label
from dashboard.spoken import spoken
from dashboard.wording import cell_words, points, scale_words, trait_name, with_interval
from pipeline.release import Cell, Released, Suppressed, Verdict
from survey.instrument import ResponseScale, Trait

_HEAD = 28
_INDENT = 10
_ARROWS = {Verdict.RISEN: "▲", Verdict.FALLEN: "▼"}
_BOUNDS = {"low": "≤ ", "high": "≥ ", "": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One unit: its name, how deep it lies in the tree, its cells, and by trait what really changed."""

    name: str
    depth: int
    cells: Mapping[str, Cell]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRoom:
    """How much room a map has: the height of a row and the width of names in pixels, and how long a name may be."""

    row: int
    names: int
    letters: int
    lines: int


ON_SCREEN = HeatRoom(row=64, names=128, letters=16, lines=2)
"""Names are narrow, so that a phone has room for the squares."""

ON_PAPER = HeatRoom(row=44, names=210, letters=30, lines=1)
"""Rows are low, so that a sheet has room for many."""


def draw_heat(
    rows: Sequence[HeatRow],
    traits: Sequence[Trait],
    scale: ResponseScale,
    title: str,
    theme: Theme,
    *,
    room: HeatRoom = ON_SCREEN,
) -> Figure:
    """Returns the heat map of those units; the first row is the whole that the others stand beside."""
    colours, shown = palette(theme), _squares(rows, traits)
    drawing = _blank(len(rows), traits, room, theme)
    for place, row in enumerate(rows):
        _write_name(drawing, row, place, room, colours)
    for square in shown:
        _draw_square(drawing, square, colours)
    add_traces(drawing, [_hover(shown, colours)])
    return Figure(
        plotly=drawing,
        title=title,
        subtitle=spoken().say("heat_subtitle", scale=scale_words(scale), whole=rows[0].name),
        alt=" ".join((f"{title}.", *(_sentence(row, traits, rows[0]) for row in rows))),
        table=_table(rows, traits),
        drawn=tuple(
            Drawn(label=f"{one.unit}, {trait_name(one.trait)}", number=one.cell)
            for one in shown
            if one.cell is not None
        ),
    )


def stands(cell: Cell | None, whole: Cell | None) -> str:
    """Returns "above" or "below" where the whole's score lies outside a score's interval, else ""."""
    if not isinstance(cell, Released) or not isinstance(whole, Released) or cell is whole:
        return ""
    if cell.low is None or cell.high is None or cell.bound or whole.bound:
        return ""
    return "above" if cell.low > whole.score else "below" if cell.high < whole.score else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Square:
    """One place of the map."""

    at: tuple[int, int]
    unit: str
    trait: Trait
    cell: Cell | None
    stands: str
    arrow: str


def _squares(rows: Sequence[HeatRow], traits: Sequence[Trait]) -> list[_Square]:
    return [
        _Square(
            at=(column, place),
            unit=row.name,
            trait=trait,
            cell=row.cells.get(trait.trait_id),
            stands=stands(row.cells.get(trait.trait_id), rows[0].cells.get(trait.trait_id)),
            arrow=_ARROWS.get(row.verdicts.get(trait.trait_id, Verdict.CANNOT_TELL), ""),
        )
        for place, row in enumerate(rows)
        for column, trait in enumerate(traits)
    ]


def _blank(count: int, traits: Sequence[Trait], room: HeatRoom, theme: Theme) -> Drawing:
    return blank(
        theme,
        height=_HEAD + count * room.row + 4,
        margin={"l": room.names, "r": 0, "t": _HEAD, "b": 4},
        xaxis={
            "range": [-0.5, len(traits) - 0.5],
            "side": "top",
            "tickvals": list(range(len(traits))),
            "ticktext": [escape_label(trait_name(trait)) for trait in traits],
            "tickfont": {"color": palette(theme).ink},
        },
        yaxis={"range": [count - 0.5, -0.5], "visible": False},
    )


def _write_name(drawing: Drawing, row: HeatRow, place: int, room: HeatRoom, colours: Palette) -> None:
    lines = [escape_label(line) for line in name_lines(row.name, row.depth, room)]
    counts = f"<span style='color:{colours.quiet}'>{escape_label(_counts(row))}</span>"
    add_text(
        drawing, x=0, xref="paper", xshift=-room.names + _INDENT * row.depth, y=place, xanchor="left", align="left",
        text="<br>".join((*lines, counts)),
    )  # fmt: skip


def name_lines(name: str, depth: int, room: HeatRoom = ON_SCREEN) -> list[str]:
    """Returns a unit's name on the lines beside the map, cut off where it is longer; the table has it whole."""
    return textwrap.wrap(name, room.letters - depth, max_lines=room.lines, placeholder="…") or [""]


def _counts(row: HeatRow) -> str:
    shown = [cell for cell in row.cells.values() if isinstance(cell, Released)]
    if not shown:
        return spoken().say("heat_hidden")
    pms, raters = max(cell.pm_count for cell in shown), max(cell.rater_count for cell in shown)
    return spoken().say("heat_counts", pms=pms, raters=raters)


def _draw_square(drawing: Drawing, square: _Square, colours: Palette) -> None:
    x, y = square.at
    box = {"type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46, "layer": "below"}
    if isinstance(square.cell, Released):
        fill = {"above": colours.above, "below": colours.below, "": colours.neutral}[square.stands]
        add_shape(drawing, **box, fillcolor=fill, line={"width": 0})
        text, colour = _printed(square.cell, square.arrow), ink_on(fill)
    else:
        add_shape(drawing, **box, line={"color": colours.quiet, "width": 1, "dash": "dot"})
        key = "heat_square_hidden" if isinstance(square.cell, Suppressed) else "heat_square_empty"
        text, colour = escape_label(spoken().say(key)).replace("|", "<br>"), colours.quiet
    add_text(drawing, x=x, y=y, text=text, font={"color": colour})


def _printed(cell: Released, arrow: str) -> str:
    head = f"<b>{_BOUNDS[cell.bound]}{points(cell.score)}</b>{f' {arrow}' if arrow else ''}"
    if cell.low is None or cell.high is None:
        return head
    return f"{head}<br>{points(cell.low)}–{points(cell.high)}"


def _hover(squares: Sequence[_Square], colours: Palette) -> Drawing:
    shown = [square for square in squares if isinstance(square.cell, Released)]
    return scatter(
        x=[square.at[0] for square in shown],
        y=[square.at[1] for square in shown],
        text=[
            f"{escape_label(square.unit)}: {escape_label(trait_name(square.trait))} {with_interval(square.cell)}"
            for square in shown
            if isinstance(square.cell, Released)
        ],
        mode="markers",
        marker={"size": 30, "opacity": 0, "color": colours.surface},
        hovertemplate="%{text}<extra></extra>",
        name="others",
    )


def _words(row: HeatRow, trait: Trait, whole: HeatRow) -> str:
    """A square in words: the score, and what colour and arrow say."""
    cell, verdict = row.cells.get(trait.trait_id), row.verdicts.get(trait.trait_id)
    side = stands(cell, whole.cells.get(trait.trait_id))
    parts = [cell_words(cell)]
    if side:
        parts.append(spoken().say(f"heat_{side}"))
    if verdict in _ARROWS:
        parts.append(spoken().say(f"heat_{verdict.value}"))
    return ", ".join(parts)


def _sentence(row: HeatRow, traits: Sequence[Trait], whole: HeatRow) -> str:
    values = "; ".join(f"{trait_name(trait)} {_words(row, trait, whole)}" for trait in traits)
    return f"{row.name}: {values}."


def _table(rows: Sequence[HeatRow], traits: Sequence[Trait]) -> Table:
    say = spoken().say
    return Table(
        columns=(say("heat_unit"), *(trait_name(trait) for trait in traits), say("heat_basis")),
        rows=tuple(
            (row.name, *(_words(row, trait, rows[0]) for trait in traits), _counts(row)) for row in rows
        ),
    )
