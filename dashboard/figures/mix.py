"""What made a unit's change: those who were there both times, or who came and left; each with its interval."""

from collections.abc import Sequence

from dashboard.figures.drawing import add_shape, add_text, add_traces, blank, scatter, write_line
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, palette, trait_colour, with_opacity
from dashboard.figures.template import escape_label
from dashboard.spoken import spoken
from dashboard.wording import signed, trait_name
from pipeline.released_unit import MixPart, ReleasedMix
from survey.instrument import Trait

_LINE, _MARK = 20, 26
_ROW = _LINE + 2 * (_LINE + _MARK) + 10
_AXIS = 26
_EDGE = 9
_LEAST_REACH = 0.5
"""Scale points: so far the axis goes at least, so that small changes look small."""

Parted = tuple[Trait, ReleasedMix]


def draw_mix(rows: Sequence[Parted], title: str, since: str, theme: Theme) -> Figure:
    """Returns the figure: for each trait both parts of its change around the line of no change."""
    colours, height = palette(theme), float(len(rows) * _ROW)
    drawing = _blank(height, _reach(rows), theme)
    for place, row in enumerate(rows):
        _draw_row(drawing, row, place * _ROW, colours)
    _write_axis(drawing, _reach(rows), height, colours)
    return Figure(
        plotly=drawing,
        title=title,
        subtitle=spoken().say("mix_subtitle", since=since),
        alt=" ".join((f"{title}.", *(f"{trait_name(trait)}: {in_words(mix)}." for trait, mix in rows))),
        table=_table(rows),
        drawn=tuple(Drawn(label=trait_name(trait), number=mix) for trait, mix in rows),
    )


def in_words(mix: ReleasedMix) -> str:
    """Returns a change and its two parts in words."""
    return spoken().say(
        "mix_row",
        change=signed(mix.change),
        real=with_bounds(mix.real),
        stayed=spoken().count("review_pms", mix.stayed_pm_count),
        mix=with_bounds(mix.mix),
        arrived=mix.arrived_pm_count,
        left=mix.left_pm_count,
    )


def with_bounds(part: MixPart) -> str:
    """Returns a part of a change with its interval."""
    return spoken().say(
        "mix_interval", points=signed(part.points), low=signed(part.low), high=signed(part.high)
    )


def _reach(rows: Sequence[Parted]) -> float:
    ends = [abs(end) for _, mix in rows for part in (mix.real, mix.mix) for end in (part.low, part.high)]
    return max(_LEAST_REACH, *ends) * 1.05


def _blank(height: float, reach: float, theme: Theme) -> Drawing:
    return blank(
        theme,
        height=height + _AXIS,
        margin={"l": _EDGE, "r": _EDGE, "t": 0, "b": _AXIS},
        xaxis={"range": [-reach, reach], "showticklabels": False},
        yaxis={"range": [height, 0], "visible": False},
    )


def _draw_row(drawing: Drawing, row: Parted, top: float, colours: Palette) -> None:
    trait, mix = row
    head = spoken().say("mix_head", trait=trait_name(trait), change=signed(mix.change))
    write_line(drawing, f"<b>{escape_label(head)}</b>", top, colours.ink, edge=_EDGE)
    colour = trait_colour(trait.trait_id, colours)
    for number, (part, text, symbol) in enumerate(
        ((mix.real, _stayed(mix), "circle"), (mix.mix, _moved(mix), "diamond"))
    ):
        line = top + _LINE + number * (_LINE + _MARK)
        write_line(drawing, escape_label(text), line, colours.quiet, edge=_EDGE)
        mark = colour if symbol == "circle" else colours.quiet
        _draw_ground(drawing, line + _LINE, colours)
        add_traces(drawing, _marks(part, line + _LINE + _MARK / 2, symbol, mark))


def _draw_ground(drawing: Drawing, top: float, colours: Palette) -> None:
    """The mark of no change, beside the marks only, so that it crosses no words."""
    ends = {"x0": 0, "x1": 0, "y0": top + 3, "y1": top + _MARK - 3}
    add_shape(drawing, type="line", **ends, line={"color": colours.quiet, "width": 1}, layer="below")


def _stayed(mix: ReleasedMix) -> str:
    pms = spoken().count("review_pms", mix.stayed_pm_count)
    return spoken().say("mix_stayed", pms=pms, points=with_bounds(mix.real))


def _moved(mix: ReleasedMix) -> str:
    return spoken().say(
        "mix_moved", arrived=mix.arrived_pm_count, left=mix.left_pm_count, points=with_bounds(mix.mix)
    )


def _marks(part: MixPart, y: float, symbol: str, colour: str) -> list[Drawing]:
    bar = {"color": with_opacity(colour, 0.4), "width": 6}
    marker = {"symbol": symbol, "size": 11, "color": colour}
    return [
        scatter(x=[part.low, part.high], y=[y, y], mode="lines", line=bar, hoverinfo="skip", name="interval"),
        scatter(
            x=[part.points],
            y=[y],
            mode="markers",
            marker=marker,
            text=[with_bounds(part)],
            hovertemplate="%{text}<extra></extra>",
            name="part",
        ),
    ]


def _write_axis(drawing: Drawing, reach: float, top: float, colours: Palette) -> None:
    for x, anchor, text in (
        (-reach, "left", spoken().say("mix_down")),
        (0, "center", "0"),
        (reach, "right", spoken().say("mix_up")),
    ):
        edge = {"left": -_EDGE, "right": _EDGE}.get(anchor, 0)
        add_text(
            drawing, x=x, xshift=edge, y=top, xanchor=anchor, yanchor="top", borderpad=0,
            text=escape_label(text), font={"color": colours.quiet},
        )  # fmt: skip


def _table(rows: Sequence[Parted]) -> Table:
    keys = ("trait", "change", "real", "stayed_pms", "mix", "arrived_pms", "left_pms")
    return Table(
        columns=tuple(spoken().say(f"mix_column_{key}") for key in keys),
        rows=tuple(
            (
                trait_name(trait),
                signed(mix.change),
                with_bounds(mix.real),
                str(mix.stayed_pm_count),
                with_bounds(mix.mix),
                str(mix.arrived_pm_count),
                str(mix.left_pm_count),
            )
            for trait, mix in rows
        ),
    )
