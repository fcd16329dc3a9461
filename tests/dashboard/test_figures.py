"""What a figure draws and says: its data, its title, its words for readers who cannot see it."""

from dataclasses import replace
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.heat import HeatRow, draw_heat
from dashboard.figures.palette import Theme, palette
from dashboard.figures.trend import draw_trend, period_labels, spread_labels
from dashboard.panel import Numbers, item_row, trait_panels, trait_row, waves_with_cells
from dashboard.spoken import speak
from pipeline.release import Measure, Scope, Suppressed
from survey.language import wording

ADA, BO = "p-ada", "p-bo"
FRONT = ("taste", "honesty", "clarity", "focus")


@pytest.fixture
def panels(release, instruments):
    return panels_of(release, instruments, ADA)


def panels_of(release, instruments, subject_id, keep_line=lambda point: True):
    cells = release.cells(Scope.SUBJECT, subject_id)
    line = [point for point in release.line(Scope.SUBJECT, subject_id) if keep_line(point)]
    waves = [wave for wave in release.waves() if wave.instrument_id == "great-pm"]
    own = waves_with_cells(waves, cells, FRONT)
    changes = release.changes(Scope.SUBJECT, subject_id)
    numbers = Numbers(waves=own, cells=cells, line=tuple(line), changes=changes)
    panels = trait_panels(instruments.great_pm, FRONT, numbers)
    return {panel.trait.trait_id: panel for panel in panels}


def drawn(figure, name):
    return [trace for trace in go.Figure(figure.plotly).data if trace.name == name]


def texts(figure):
    return [annotation.text for annotation in go.Figure(figure.plotly).layout.annotations]


@pytest.mark.parametrize("theme", list(Theme))
def test_trend_when_drawn_then_shows_the_released_numbers(panels, theme):
    figure = draw_trend(panels["focus"], theme)
    (line,) = drawn(figure, "others")[:1]
    assert list(line.y) == [2.4, 2.7, 3.5, 3.9]
    (band,) = drawn(figure, "interval")
    assert list(band.y) == pytest.approx([2.9, 3.2, 4.0, 4.4, 3.4, 3.0, 2.2, 1.9])
    assert list(drawn(figure, "you")[0].y) == pytest.approx([2.8, 3.1, 3.9, 4.3])
    assert drawn(figure, "you")[0].marker.symbol == "circle-open"
    assert list(drawn(figure, "manager")[0].y) == pytest.approx([2.2, 2.5, 3.3, 3.7])
    assert drawn(figure, "manager")[0].marker.symbol == "diamond"
    assert go.Figure(figure.plotly).layout.template.layout.paper_bgcolor == palette(theme).surface


def test_trend_when_a_change_was_judged_real_then_title_says_it_has_risen(panels):
    assert draw_trend(panels["focus"], Theme.LIGHT).title == "Focus has risen since 2025Q3"
    assert draw_trend(panels["taste"], Theme.LIGHT).title == "Taste at 3.8 (3.3 to 4.3)"


def test_trend_when_read_aloud_then_alt_and_table_hold_every_number(panels):
    figure = draw_trend(panels["taste"], Theme.LIGHT)
    assert figure.subtitle == "change: cannot tell yet · n = 7 · scale 1 to 5, band: 95 % interval"
    assert "2026Q2: others 3.8 (3.3 to 4.3), n = 7." in figure.alt
    assert "2026Q2: you 4.2." in figure.alt
    assert len(figure.table.rows) == 4 * 3
    assert figure.table.rows[-1] == ("2026Q2", "manager", "3.6", "")


def test_trend_when_labelled_then_needs_no_legend(panels):
    figure = draw_trend(panels["taste"], Theme.LIGHT)
    assert texts(figure) == ["<b>others 3.8</b>", "you 4.2", "manager 3.6"]
    assert go.Figure(figure.plotly).layout.template.layout.showlegend is False


def test_trends_on_one_page_then_share_their_axes(panels):
    layouts = [go.Figure(draw_trend(panel, Theme.LIGHT).plotly).layout for panel in panels.values()]
    assert len({tuple(layout.yaxis.range) for layout in layouts}) == 1
    assert len({tuple(layout.xaxis.range) for layout in layouts}) == 1


def test_trend_when_a_wave_is_missing_from_the_line_then_leaves_a_gap(release, instruments):
    figure = draw_trend(
        panels_of(release, instruments, ADA, lambda point: not point.wave_id.endswith("2026Q1"))["taste"],
        Theme.LIGHT,
    )
    assert [list(trace.x) for trace in drawn(figure, "others") if "lines" in trace.mode] == [[0, 1], [3]]


def test_trend_when_the_latest_wave_is_hidden_then_says_so_and_draws_no_number(release, instruments):
    panel = panels_of(release, instruments, BO)["taste"]
    figure = draw_trend(panel, Theme.LIGHT)
    assert isinstance(panel.latest, Suppressed)
    assert figure.title == "Taste is not shown this time"
    assert "2026Q2 not shown, to protect the people who answered" in figure.subtitle
    assert [len(trace.y) for trace in drawn(figure, "others")] == [0]
    assert len(go.Figure(figure.plotly).layout.shapes) == 1
    assert figure.table.rows == (("2026Q2", "others", "not shown", ""), ("2026Q2", "you", "4.0", ""))


def test_trend_when_there_is_no_line_then_draws_single_waves(release, instruments):
    figure = draw_trend(panels_of(release, instruments, ADA, lambda point: False)["taste"], Theme.LIGHT)
    assert list(drawn(figure, "others")[0].y) == pytest.approx([3.6, 3.7, 3.5, 3.8])
    assert len(drawn(figure, "interval")) == 4


@pytest.mark.parametrize(
    ("periods", "labels"),
    [
        (("2025Q4", "2026Q1", "2026Q2"), ["Q4<br>2025", "Q1<br>2026", "Q2"]),
        (("2025H2", "2026-03"), ["H2<br>2025", "03<br>2026"]),
        (("2025", "2026"), ["2025", "2026"]),
    ],
)
def test_periods_when_labelled_then_say_each_year_once(periods, labels):
    assert period_labels(periods) == labels


@pytest.mark.parametrize("places", [[1.0, 2.0, 3.0], [5.0, 5.0, 5.0, 5.0], [0.0, 100.0], []])
def test_labels_when_spread_then_keep_their_order_and_a_gap(places):
    moved = spread_labels(places, 10)
    ordered = [moved[place] for place in sorted(range(len(places)), key=places.__getitem__)]
    assert all(after - before >= 10 - 1e-9 for before, after in pairwise(ordered))


def dots(release, instruments, subject_id):
    wave_id = "great-pm/2026Q2"
    cells = release.cells(Scope.SUBJECT, subject_id)
    rows = [trait_row(instruments.great_pm, trait_id, wave_id, cells) for trait_id in FRONT]
    return draw_dots(rows, Sentence(title="Where you stand", subtitle=""), Theme.DARK)


def test_dots_when_drawn_then_each_row_says_its_values(release, instruments):
    figure = dots(release, instruments, ADA)
    assert texts(figure)[:2] == ["<b>Taste</b>", "● others 3.8 (3.3–4.3)   ○ you 4.2   ◆ manager 3.6"]
    assert [list(trace.x) for trace in drawn(figure, "others")] == [[3.8], [4.1], [3.4], [3.9]]
    assert figure.subtitle == "n = 7 · scale 1 to 5 · bar: 95 % interval"
    assert "Taste, others: 3.8 (3.3 to 4.3), n = 7." in figure.alt


def test_dots_when_others_are_hidden_then_show_only_the_attributed_ratings(release, instruments):
    figure = dots(release, instruments, BO)
    assert texts(figure)[1] == "others not shown   ○ you 4.0"
    assert drawn(figure, "others") == []
    assert figure.subtitle == "scale 1 to 5"
    assert all(shape.line.dash == "dot" for shape in go.Figure(figure.plotly).layout.shapes)


def test_dots_when_an_item_had_too_little_exposure_then_say_that(release, instruments):
    wave_id, cells = "great-pm/2026Q2", release.cells(Scope.SUBJECT, ADA)
    items = instruments.great_pm.scaled_items("taste")
    rows = [item_row(instruments.great_pm, item, "A <b>label</b> " * 6, wave_id, cells) for item in items]
    figure = draw_dots(rows, Sentence(title="Items", subtitle="given"), Theme.LIGHT)
    assert "too few could judge this" in texts(figure)
    assert texts(figure)[0].count("<br>") == 1
    assert "&lt;b&gt;" in texts(figure)[0]
    assert figure.subtitle == "given"


def test_trend_when_something_is_expected_then_a_quiet_line_and_a_label_say_so(panels):
    figure = draw_trend(replace(panels["taste"], expected=3.5), Theme.LIGHT)
    (line,) = [shape for shape in go.Figure(figure.plotly).layout.shapes if shape.name == "expected"]
    assert (line.y0, line.y1, line.line.dash) == (3.5, 3.5, "dot")
    assert "expected 3.5" in texts(figure)
    assert figure.table.rows[-1] == ("2026Q2", "expected", "3.5", "")
    assert figure.title == draw_trend(panels["taste"], Theme.LIGHT).title  # nothing is passed or failed


def test_dots_when_something_is_expected_then_a_stroke_and_a_word_say_so(release, instruments):
    wave_id, cells = "great-pm/2026Q2", release.cells(Scope.SUBJECT, ADA)
    row = replace(trait_row(instruments.great_pm, "taste", wave_id, cells), expected=3.5)
    figure = draw_dots([row], Sentence(title="x", subtitle=""), Theme.LIGHT)
    assert texts(figure)[1] == "● others 3.8 (3.3–4.3)   ○ you 4.2   ◆ manager 3.6   | expected 3.5"
    assert [list(trace.x) for trace in drawn(figure, "expected")] == [[3.5]]
    assert "Taste, expected: 3.5." in figure.alt


@pytest.mark.parametrize("language", ["en", "de"])
def test_figures_when_read_in_a_language_then_every_word_is_of_it(panels, release, instruments, language):
    speak(wording(language))
    try:
        said = " ".join(
            (draw_trend(panels["taste"], Theme.LIGHT).alt, *texts(dots(release, instruments, ADA)))
        )
    finally:
        speak(wording("en"))
    assert ("others" in said, "andere" in said) == (language == "en", language == "de")
    assert ("3.8" in said, "3,8" in said) == (language == "en", language == "de")


def heat(release, instruments, theme=Theme.LIGHT):
    cells = release.unit_cells("great-pm/2026Q2")
    rows = [
        HeatRow(
            name=name, depth=depth, cells={c.key.measure_id: c for c in cells if c.key.scope_id == unit_id}
        )
        for unit_id, name, depth in (
            ("Product", "Product with a very long name", 0),
            ("Product/Small <b>", "Small <b>", 1),
            ("Product/Gone", "Gone", 1),
        )
    ]
    traits = [instruments.great_pm.trait(trait_id) for trait_id in FRONT]
    return draw_heat(rows, traits, instruments.great_pm.scale("frequency"), "Units", theme)


def test_heat_when_drawn_then_prints_values_and_marks_what_is_not_shown(release, instruments):
    figure = heat(release, instruments)
    assert "<b>3.5</b><br>3.2–3.8" in texts(figure)
    assert texts(figure).count("not<br>shown") == 4
    assert texts(figure).count("no<br>answer") == 4
    dashed = [shape for shape in go.Figure(figure.plotly).layout.shapes if shape.line.dash == "dot"]
    assert len(dashed) == 8
    assert all(shape.fillcolor is None for shape in dashed)


def test_heat_when_a_unit_has_markup_in_its_name_then_draws_it_as_text(release, instruments):
    names = [text for text in texts(heat(release, instruments)) if "Small" in text]
    assert names == [f"Small &lt;b&gt;<br><span style='color:{palette(Theme.LIGHT).quiet}'>not shown</span>"]


def test_heat_when_read_aloud_then_alt_and_table_hold_every_number(release, instruments):
    figure = heat(release, instruments, Theme.DARK)
    assert figure.subtitle.startswith(
        "On a scale 1 to 5, 95 % interval below each score. Blue stands above Product"
    )
    assert "Product with a very long name: Taste 3.5 (3.2 to 3.8);" in figure.alt
    assert figure.table.columns == ("Unit", "Taste", "Honesty", "Clarity", "Focus", "PMs and n")
    assert figure.table.rows[0][-1] == "8 PMs, n = 40"
    assert figure.table.rows[1][1:] == ("not shown",) * 5


def test_release_when_read_for_figures_then_has_items_and_events(release):
    measures = {cell.key.measure for cell in release.cells(Scope.SUBJECT, ADA)}
    assert measures == set(Measure)
