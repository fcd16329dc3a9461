"""One trait over time: others as a line with its interval, self and manager as single marks."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.figures.drawing import add_shape, add_text, add_traces, blank, scatter
from dashboard.figures.figure import Drawing, Drawn, Figure, Table
from dashboard.figures.palette import Palette, Theme, palette, trait_colour, with_opacity
from dashboard.figures.template import escape_label
from dashboard.panel import TraitPanel, released
from dashboard.spoken import spoken
from dashboard.wording import (
    cell_words,
    counted,
    points,
    scale_words,
    trait_title,
    verdict_words,
    with_interval,
)
from pipeline.release import Cell, LinePoint, Released, ReleasedWave, Suppressed

HEIGHT = 220
_PLOT_HEIGHT = 170
_LABEL_GAP = 19
"""Pixels between two direct labels, one line of text."""


def draw_trend(panel: TraitPanel, theme: Theme) -> Figure:
    """Returns the figure of one trait over all waves of its panel."""
    colours = palette(theme)
    colour = trait_colour(panel.trait.trait_id, colours)
    drawing = _blank(panel, theme)
    _mark_hidden_waves(drawing, panel, colours)
    _mark_expected(drawing, panel, colours)
    diamond = {"symbol": "diamond", "size": 10, "color": colours.quiet}
    add_traces(drawing, [_marks(panel, panel.manager_ratings, "manager", diamond)])
    for segment in panel.segments:
        add_traces(drawing, _segment_traces(segment, panel, colour, colours))
    add_traces(drawing, _single_traces(panel, colour, colours))
    _label_ends(drawing, panel, colours)
    return Figure(
        plotly=drawing,
        title=trait_title(panel.name, panel.latest, panel.moved, panel.since),
        subtitle=_subtitle(panel),
        alt=_alt(panel),
        table=_table(panel),
        drawn=tuple(_drawn(panel)),
    )


def _blank(panel: TraitPanel, theme: Theme) -> Drawing:
    low, high = float(panel.scale.low), float(panel.scale.high)
    margin = (high - low) * 0.06
    ticks = [low, (low + high) / 2, high]
    return blank(
        theme,
        height=HEIGHT,
        margin={"l": 24, "r": 92, "t": 8, "b": 42},
        xaxis={
            "range": [-0.35, len(panel.waves) - 1 + 0.25],
            "tickvals": list(range(len(panel.waves))),
            "ticktext": period_labels(tuple(wave.period for wave in panel.waves)),
        },
        yaxis={
            "range": [low - margin, high + margin],
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
            "showgrid": True,
        },
    )


def period_labels(periods: tuple[str, ...]) -> list[str]:
    """Returns short axis labels: the year stands once, under the first of its periods.

    >>> period_labels(("2025Q4", "2026Q1", "2026Q2"))
    ['Q4<br>2025', 'Q1<br>2026', 'Q2']
    """
    labels, year = [], ""
    for period in periods:
        own, rest = period[:4], period[4:].lstrip("-")
        labels.append(
            escape_label(rest or own) if own == year or not rest else f"{escape_label(rest)}<br>{own}"
        )
        year = own
    return labels


def _places(panel: TraitPanel) -> Mapping[str, int]:
    return {wave.wave_id: place for place, wave in enumerate(panel.waves)}


def _segment_traces(
    segment: tuple[LinePoint, ...], panel: TraitPanel, colour: str, colours: Palette
) -> list[Drawing]:
    """Gaps stay gaps: a wave that is not shown interrupts the line."""
    places = _places(panel)
    runs: list[list[LinePoint]] = []
    for point in segment:
        if runs and places[point.wave_id] == places[runs[-1][-1].wave_id] + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    traces: list[Drawing] = []
    for run in runs:
        xs = [places[point.wave_id] for point in run]
        traces += [_band(xs, run, colour), _line(xs, run, colour, colours)]
    return traces


def _band(xs: list[int], run: list[LinePoint], colour: str) -> Drawing:
    if len(run) == 1:
        return _whisker(xs[0], run[0].low, run[0].high, colour)
    return scatter(
        x=xs + xs[::-1],
        y=[point.high for point in run] + [point.low for point in reversed(run)],
        fill="toself",
        fillcolor=with_opacity(colour, 0.22),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        name="interval",
    )


def _whisker(x: int, low: float, high: float, colour: str) -> Drawing:
    return scatter(
        x=[x, x],
        y=[low, high],
        mode="lines",
        line={"color": with_opacity(colour, 0.4), "width": 6},
        hoverinfo="skip",
        name="interval",
    )


def _line(xs: list[int], run: list[LinePoint], colour: str, colours: Palette) -> Drawing:
    who = spoken().say("who_others")
    return scatter(
        x=xs,
        y=[point.score for point in run],
        mode="lines+markers",
        line={"color": colour, "width": 3},
        marker={"size": 9, "color": colour, "line": {"color": colours.surface, "width": 1.5}},
        text=[f"{who} {with_interval(point)}, {counted((point.rater_count,))}" for point in run],
        hovertemplate="%{text}<extra></extra>",
        name="others",
    )


def _single_traces(panel: TraitPanel, colour: str, colours: Palette) -> list[Drawing]:
    on_line = {point.wave_id for segment in panel.segments for point in segment}
    alone = {wave_id: cell for wave_id, cell in panel.others.items() if wave_id not in on_line}
    places = _places(panel)
    traces = [
        _whisker(places[wave_id], cell.low, cell.high, colour)
        for wave_id, cell in alone.items()
        if isinstance(cell, Released) and cell.low is not None and cell.high is not None
    ]
    ring = {"symbol": "circle-open", "size": 11, "color": colours.ink, "line": {"width": 2}}
    dot = {"symbol": "circle", "size": 9, "color": colour}
    traces.append(_marks(panel, alone, "others", dot))
    traces.append(_marks(panel, panel.self_ratings, "you", ring))
    return traces


def _marks(panel: TraitPanel, cells: Mapping[str, Cell], name: str, marker: dict[str, Any]) -> Drawing:
    places, who = _places(panel), spoken().say(f"who_{name}")
    shown = [cell for cell in cells.values() if isinstance(cell, Released) and cell.key.wave_id in places]
    return scatter(
        x=[places[cell.key.wave_id] for cell in shown],
        y=[cell.score for cell in shown],
        mode="markers",
        marker=marker,
        text=[f"{who} {with_interval(cell)}" for cell in shown],
        hovertemplate="%{text}<extra></extra>",
        name=name,
    )


def _hidden_waves(panel: TraitPanel) -> list[int]:
    places = _places(panel)
    return [
        places[key] for key, cell in panel.others.items() if isinstance(cell, Suppressed) and key in places
    ]


def _mark_hidden_waves(drawing: Drawing, panel: TraitPanel, colours: Palette) -> None:
    for place in _hidden_waves(panel):
        add_shape(
            drawing,
            type="rect",
            x0=place - 0.22,
            x1=place + 0.22,
            y0=float(panel.scale.low),
            y1=float(panel.scale.high),
            line={"color": colours.quiet, "width": 1, "dash": "dot"},
            fillcolor=with_opacity(colours.rule, 0.35),
            layer="below",
        )


def _mark_expected(drawing: Drawing, panel: TraitPanel, colours: Palette) -> None:
    """A dotted line behind everything: what is expected is context, never a goal line to pass."""
    if panel.expected is None:
        return
    add_shape(
        drawing,
        type="line",
        x0=-0.35,
        x1=len(panel.waves) - 1 + 0.25,
        y0=panel.expected,
        y1=panel.expected,
        line={"color": colours.quiet, "width": 1.5, "dash": "dot"},
        layer="below",
        name="expected",
    )


def _ends(panel: TraitPanel) -> list[tuple[str, float]]:
    latest = panel.waves[-1].wave_id
    ends = []
    if panel.latest is not None and not isinstance(panel.latest, Suppressed):
        ends.append(("others", panel.latest.score))
    for name, cells in (("you", panel.self_ratings), ("manager", panel.manager_ratings)):
        cell = released(cells.get(latest))
        if cell is not None:
            ends.append((name, cell.score))
    if panel.expected is not None:
        ends.append(("expected", panel.expected))
    return ends


def _label_ends(drawing: Drawing, panel: TraitPanel, colours: Palette) -> None:
    ends = _ends(panel)
    reach = float(panel.scale.high - panel.scale.low) * 1.12
    per_point = _PLOT_HEIGHT / reach
    places = spread_labels([score * per_point for _, score in ends], _LABEL_GAP)
    for (name, score), place in zip(ends, places, strict=True):
        text = f"{spoken().say(f'who_{name}')} {points(score)}"
        add_text(
            drawing,
            x=len(panel.waves) - 1,
            y=score,
            yshift=place - score * per_point,
            xshift=11,
            xanchor="left",
            text=f"<b>{text}</b>" if name == "others" else text,
            font={"color": colours.ink if name == "others" else colours.quiet},
        )


def spread_labels(places: list[float], gap: float) -> list[float]:
    """Returns the places moved apart to at least `gap`, in the same order, as little as possible.

    >>> spread_labels([10.0, 12.0, 50.0], 10.0)
    [6.0, 16.0, 50.0]
    """
    clusters: list[tuple[float, list[int]]] = []
    for place in sorted(range(len(places)), key=places.__getitem__):
        clusters.append((places[place], [place]))
        while len(clusters) > 1 and _touch(clusters[-2], clusters[-1], gap):
            upper, lower = clusters.pop(), clusters.pop()
            members = lower[1] + upper[1]
            middle = (lower[0] * len(lower[1]) + upper[0] * len(upper[1])) / len(members)
            clusters.append((middle, members))
    moved = list(places)
    for middle, members in clusters:
        for number, member in enumerate(members):
            moved[member] = middle + (number - (len(members) - 1) / 2) * gap
    return moved


def _touch(lower: tuple[float, list[int]], upper: tuple[float, list[int]], gap: float) -> bool:
    reach = (len(lower[1]) + len(upper[1])) / 2 * gap
    return upper[0] - lower[0] < reach


def _subtitle(panel: TraitPanel) -> str:
    latest = panel.latest
    parts = []
    if latest is not None and not isinstance(latest, Suppressed):
        parts += [verdict_words(panel.moved, panel.since), counted((latest.rater_count,))]
    parts.append(spoken().say("figure_scale_band", scale=scale_words(panel.scale)))
    hidden = [panel.waves[place].period for place in sorted(_hidden_waves(panel))]
    if hidden:
        parts.append(spoken().say("figure_hidden_waves", periods=", ".join(hidden)))
    return " · ".join(part for part in parts if part)


def _alt(panel: TraitPanel) -> str:
    lines = (
        f"{wave}: {who} {score}{f', {counted((int(count),))}' if count else ''}."
        for wave, who, score, count in _table(panel).rows
    )
    return " ".join((f"{panel.name}, {scale_words(panel.scale)}.", *lines))


def _drawn(panel: TraitPanel) -> Iterator[Drawn]:
    """The latest wave first; of what others say, the point that is drawn."""
    on_line = {point.wave_id: point for segment in panel.segments for point in segment}
    for wave in reversed(panel.waves):
        others = on_line.get(wave.wave_id) or panel.others.get(wave.wave_id)
        for who, number in (
            ("others", others),
            ("you", panel.self_ratings.get(wave.wave_id)),
            ("manager", panel.manager_ratings.get(wave.wave_id)),
        ):
            if number is not None:
                yield Drawn(label=f"{wave.period}, {spoken().say(f'who_{who}')}", number=number)
    if panel.decisive is not None:
        yield Drawn(label=spoken().say("drawn_change", since=panel.since), number=panel.decisive)


def _table(panel: TraitPanel) -> Table:
    drawn = {point.wave_id: point for segment in panel.segments for point in segment}
    rows = []
    for wave in panel.waves:
        rows.append(_others_row(wave, drawn.get(wave.wave_id) or panel.others.get(wave.wave_id)))
        for name, cells in (("you", panel.self_ratings), ("manager", panel.manager_ratings)):
            cell = released(cells.get(wave.wave_id))
            if cell is not None:
                rows.append((wave.period, spoken().say(f"who_{name}"), points(cell.score), ""))
    if panel.expected is not None:
        expected = points(panel.expected)
        rows.append((panel.waves[-1].period, spoken().say("who_expected"), expected, ""))
    columns = (spoken().say("table_wave"), spoken().say("table_who"), spoken().say("table_score"), "n")
    return Table(columns=columns, rows=tuple(rows))


def _others_row(wave: ReleasedWave, shown: LinePoint | Cell | None) -> tuple[str, str, str, str]:
    who = spoken().say("who_others")
    if isinstance(shown, LinePoint):
        return wave.period, who, with_interval(shown), str(shown.rater_count)
    count = str(shown.rater_count) if isinstance(shown, Released) else ""
    return wave.period, who, cell_words(shown), count
