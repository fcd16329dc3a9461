"""Stages side by side: good at as full marks, enjoyed as open ones, and a band where the PM works today."""

from collections.abc import Iterator, Mapping

from dashboard.figures.drawing import add_shape, add_text, add_traces, blank, scatter
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, palette, with_opacity
from dashboard.figures.template import escape_label
from dashboard.figures.trend import spread_labels
from dashboard.fit import Fit, fit_title
from dashboard.panel import released
from dashboard.spoken import spoken
from dashboard.wording import capital, cell_words, points, scale_words
from pipeline.release import Cell
from survey.instrument import ResponseScale
from survey.roster import STAGES

_HEIGHT, _TOP, _BOTTOM = 300, 30, 30
_LABEL_GAP = 19
"""Pixels between two direct labels, one line of text."""


def draw_stages(fit: Fit, scale: ResponseScale, theme: Theme) -> Figure:
    """Returns the figure of what a PM said of each stage."""
    colours = palette(theme)
    drawing = _blank(scale, theme)
    _mark_today(drawing, fit, scale, colours)
    full = {"symbol": "circle", "size": 13, "color": colours.accent}
    ring = {"symbol": "circle-open", "size": 14, "color": colours.ink, "line": {"width": 2}}
    add_traces(drawing, [_marks(fit.good, "good", full, colours.accent)])
    add_traces(drawing, [_marks(fit.enjoy, "enjoy", ring, colours.quiet)])
    _label_ends(drawing, fit, scale, colours)
    return Figure(
        plotly=drawing,
        title=fit_title(fit),
        subtitle=spoken().say("fit_subtitle", scale=scale_words(scale)),
        alt=_alt(fit),
        table=_table(fit),
        drawn=tuple(_drawn(fit)),
    )


def _blank(scale: ResponseScale, theme: Theme) -> Drawing:
    low, high = float(scale.low), float(scale.high)
    margin = (high - low) * 0.06
    ticks = [low, (low + high) / 2, high]
    return blank(
        theme,
        height=_HEIGHT,
        margin={"l": 24, "r": 96, "t": _TOP, "b": _BOTTOM},
        xaxis={
            "range": [-0.45, len(STAGES) - 0.55],
            "tickvals": list(range(len(STAGES))),
            "ticktext": [escape_label(_name(stage)) for stage in STAGES],
        },
        yaxis={
            "range": [low - margin, high + margin],
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
            "showgrid": True,
        },
    )


def _mark_today(drawing: Drawing, fit: Fit, scale: ResponseScale, colours: Palette) -> None:
    places = [STAGES.index(stage) for stage in fit.where]
    if not places:
        return
    add_shape(
        drawing,
        type="rect",
        x0=min(places) - 0.4,
        x1=max(places) + 0.4,
        y0=float(scale.low),
        y1=float(scale.high),
        fillcolor=with_opacity(colours.quiet, 0.16),
        line={"width": 0},
        layer="below",
    )
    add_text(
        drawing, x=sum(places) / len(places), y=float(scale.high), yshift=22,
        text=escape_label(spoken().say("fit_here")), font={"color": colours.quiet},
    )  # fmt: skip


def _marks(cells: Mapping[str, Cell], kind: str, marker: dict[str, object], colour: str) -> Drawing:
    shown = [(stage, one) for stage, cell in cells.items() if (one := released(cell)) is not None]
    what = spoken().say(f"fit_{kind}")
    return scatter(
        x=[STAGES.index(stage) for stage, _ in shown],
        y=[one.score for _, one in shown],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker=marker,
        text=[f"{what} {points(one.score)}" for _, one in shown],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
        name=kind,
    )


def _label_ends(drawing: Drawing, fit: Fit, scale: ResponseScale, colours: Palette) -> None:
    ends = [
        (kind, shown.score)
        for kind, cells in (("good", fit.good), ("enjoy", fit.enjoy))
        if (shown := released(cells.get(STAGES[-1]))) is not None
    ]
    per_point = (_HEIGHT - _TOP - _BOTTOM) / (float(scale.high - scale.low) * 1.12)
    places = spread_labels([score * per_point for _, score in ends], _LABEL_GAP)
    for (kind, score), place in zip(ends, places, strict=True):
        add_text(
            drawing, x=len(STAGES) - 1, y=score, yshift=place - score * per_point, xshift=14, xanchor="left",
            text=escape_label(spoken().say(f"fit_{kind}")),
            font={"color": colours.ink},
        )  # fmt: skip


def _name(stage: str) -> str:
    return capital(spoken().say(f"stage_{stage}"))


def _rows(fit: Fit) -> Iterator[tuple[str, str, Cell]]:
    for stage in STAGES:
        for kind, cells in (("good", fit.good), ("enjoy", fit.enjoy)):
            if stage in cells:
                yield _name(stage), spoken().say(f"fit_{kind}"), cells[stage]


def _drawn(fit: Fit) -> Iterator[Drawn]:
    for stage, what, cell in _rows(fit):
        yield Drawn(label=f"{stage}, {what}", number=cell)
    if fit.today is not None:
        yield Drawn(label=spoken().say("fit_here"), number=fit.today)


def _table(fit: Fit) -> Table:
    columns = (spoken().say("fit_stage"), spoken().say("table_what"), spoken().say("fit_score"))
    rows = tuple((stage, what, cell_words(cell)) for stage, what, cell in _rows(fit))
    today = (
        ((", ".join(_name(stage) for stage in fit.where), spoken().say("fit_here"), ""),) if fit.where else ()
    )
    return Table(columns=columns, rows=(*rows, *today))


def _alt(fit: Fit) -> str:
    lines = (f"{stage}: {what}{f' {score}' if score else ''}." for stage, what, score in _table(fit).rows)
    return " ".join((f"{fit_title(fit)}.", *lines))
