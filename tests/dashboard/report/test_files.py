"""The files of a review: the page's numbers, self-contained, the same bytes twice, and texts that stay texts."""

import csv
import io
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as Xml

import plotly.graph_objects as go
import pytest
from python_calamine import CalamineWorkbook

from dashboard.export import render_csv
from dashboard.figures.palette import Theme
from dashboard.figures.trend import draw_trend
from dashboard.report.paper import render_html
from dashboard.report.review import Kept
from dashboard.report.story import ON_SHEET, file_stem, parts_of, tell
from dashboard.report.svg import draw_svg
from dashboard.report.workbook import render_xlsx
from dashboard.spoken import speak
from survey.language import wording

RELEASE_NO = 7
EVIL = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.invalid","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\tTab",
    "\u202eneddih",
    "![x](http://example.invalid/x.png)",
    "{{ 7 * 7 }}",
    "</title></svg><b>x",
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def english():
    speak(wording("en"))


@pytest.fixture
def review(read, promised):
    return read(kept=Kept(promises=(promised(),)))


def tables(review):
    return [figure.table for part in parts_of(review) for figure in tell(review, part, ON_SHEET).figures]


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parse(picture):
    return Xml.fromstring(picture)  # noqa: S314 - we have just drawn it


def plain(html):
    """The text of the file as a reader sees it, without its style."""
    body = html.partition("<body>")[2]
    text = re.sub(r"<[^>]+>", "\n", body)
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return text


def test_files_when_made_twice_then_are_the_same_bytes(review):
    for render in (render_html, render_xlsx):
        assert render(review, RELEASE_NO) == render(review, RELEASE_NO)


def test_files_when_compared_with_page_and_csv_then_agree_cell_by_cell(review):
    html, book = plain(render_html(review, RELEASE_NO).decode()), sheets(render_xlsx(review, RELEASE_NO))
    in_book = {cell for rows in book.values() for row in rows for cell in row}
    for table in tables(review):
        listed = list(csv.reader(io.StringIO(render_csv(table).decode("utf-8-sig"))))
        assert [tuple(row) for row in listed] == [table.columns, *table.rows]
        for cell in (cell for row in (table.columns, *table.rows) for cell in row):
            assert cell in html
            assert cell in in_book


def test_workbook_when_its_numbers_are_read_then_are_those_that_are_drawn(review):
    rows = sheets(render_xlsx(review, RELEASE_NO))["Numbers"]
    drawn = [
        one
        for part in parts_of(review)
        for figure in tell(review, part, ON_SHEET).figures
        for one in figure.drawn
    ]
    assert len(rows) == 1 + len(drawn)
    assert rows[0] == ["Part", "What", "Score", "Low end of the 95 % interval", "High end", "n", "PMs"]
    for row, one in zip(rows[1:], drawn, strict=True):
        value = getattr(one.number, "score", None) or getattr(one.number, "points", None)
        assert row[1] == one.label
        assert row[2] == ("not shown" if value is None else round(value, 1))


def test_file_when_read_then_holds_nothing_from_outside(review):
    html = render_html(review, RELEASE_NO).decode()
    assert re.findall(r"(?:src|href)\s*=\s*[\"'](?!data:)", html) == []
    assert re.findall(r"url\((?!data:)", html) == []
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert len(html) < 250_000


def test_file_when_read_aloud_then_every_picture_has_its_finding_and_its_numbers_in_words(review):
    html = render_html(review, RELEASE_NO).decode()
    pictures = [parse(found) for found in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]
    figures = [figure for part in parts_of(review) for figure in tell(review, part, ON_SHEET).figures]
    assert len(pictures) == len(figures)
    for picture, figure in zip(pictures, figures, strict=True):
        assert picture.findtext(f"{SVG}title") == figure.title
        assert picture.findtext(f"{SVG}desc") == figure.alt
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("words", EVIL)
def test_name_and_promise_when_hostile_then_are_text_in_every_file(read, promised, words):
    review = read(kept=Kept(promises=(promised(words=words),)))
    named = replace(
        review, unit=replace(review.unit, name=words), rows=(replace(review.rows[0], name=words),)
    )
    html = render_html(named, RELEASE_NO).decode()
    assert words in plain(html)
    assert "<script>alert" not in html
    assert html.count("</svg>") == 6
    assert "49" not in html.partition("<h1>")[2].partition("</h1>")[0]
    assert any(words in str(cell) for row in sheets(render_xlsx(named, RELEASE_NO))["Review"] for cell in row)


@pytest.mark.parametrize("words", EVIL[1:5])
def test_workbook_when_a_text_looks_like_a_formula_then_holds_no_formula(read, promised, words):
    import zipfile  # noqa: PLC0415 - for this one

    review = read(kept=Kept(promises=(promised(words=words),)))
    named = replace(review, unit=replace(review.unit, name=words))
    with zipfile.ZipFile(io.BytesIO(render_xlsx(named, RELEASE_NO))) as book:
        for name in book.namelist():
            content = book.read(name).decode()
            assert "<f>" not in content
            assert "<hyperlink " not in content
        assert 'quotePrefix="1"' in book.read("xl/styles.xml").decode()
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_file_when_named_then_a_unit_cannot_lead_out_of_the_folder(read):
    review = read()
    named = replace(review, unit=replace(review.unit, unit_id="../../etc/<b> Äpfel"))
    assert file_stem(named) == "review-etc-b-Äpfel-2026Q2"


def test_file_when_spoken_in_german_then_its_words_are_german(read):
    speak(wording("de"))
    html = render_html(read(), RELEASE_NO).decode()
    assert '<html lang="de" dir="ltr">' in html
    assert "Was sich verändert hat" in html
    assert "Bereiche nebeneinander" in sheets(render_xlsx(read(), RELEASE_NO))


def test_picture_when_drawn_then_marks_stand_where_the_numbers_say(read):
    panel = read().panels[3]
    picture = parse(draw_svg(draw_trend(panel, Theme.LIGHT), "x", 330))
    line = next(one for one in picture.iter(f"{SVG}polyline"))
    places = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    scores = [point.score for point in panel.last_segment]
    assert [round(after[0] - before[0], 1) for before, after in pairwise(places)] == [59.4] * 3
    per_point = 170 / (4 * 1.12)
    for (_, y), score in zip(places, scores, strict=True):
        assert y == pytest.approx(8 + (5.24 - score) * per_point, abs=0.1)
    assert len(list(picture.iter(f"{SVG}circle"))) == 4


def own_trend(review):
    """A figure that may be changed: those that are drawn are kept."""
    figure = draw_trend(review.panels[0], Theme.LIGHT)
    return replace(figure, plotly=go.Figure(figure.plotly))


@pytest.mark.parametrize(
    "change",
    [
        lambda drawing: drawing.add_trace(go.Bar(x=[1], y=[1])),
        lambda drawing: drawing.add_shape(type="circle", x0=0, x1=1, y0=0, y1=1),
        lambda drawing: drawing.add_trace(go.Scatter(x=[1], y=[1], mode="markers", marker={"symbol": "star", "size": 4})),
    ],
)  # fmt: skip
def test_picture_when_a_figure_says_what_is_not_known_then_is_refused(read, change):
    figure = own_trend(read())
    change(figure.plotly)
    with pytest.raises(ValueError, match=r"trace bar|shape circle|mark star"):
        draw_svg(figure, "x", 330)


def test_picture_when_it_has_marks_of_every_kind_then_draws_each(read):
    figure = own_trend(read())
    for symbol in ("diamond", "circle-open"):
        marker = {"symbol": symbol, "size": 10, "color": "#123456", "line": {"width": 2}}
        figure.plotly.add_trace(go.Scatter(x=[0], y=[3], mode="markers", marker=marker))
    figure.plotly.add_trace(
        go.Scatter(x=[0, 0], y=[2, 3], mode="lines", line={"color": "#123456", "dash": "dash"})
    )
    drawn = draw_svg(figure, "x", 330)
    assert drawn.count("#123456") == 3
    assert 'stroke-dasharray="6 4"' in drawn
