"""Everybody in the demo opens every page they have: what is drawn, tabled, taken along and explained is one number."""

import csv
import io
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from python_calamine import CalamineWorkbook

from dashboard.access import DEMO_VARIABLE, Page, Role
from dashboard.cli import run
from dashboard.figures.palette import Theme
from dashboard.report.paper import render_html
from dashboard.report.story import on_screen, parts_of, tell
from dashboard.report.workbook import render_xlsx
from dashboard.spoken import speak
from dashboard.views import review as review_page
from pipeline.lineage import explain_number
from pipeline.numbers import name_of, numbers_about
from pipeline.release import Group, LinePoint, Released, ReleasedChange, Releases, Suppressed
from pipeline.released_unit import HiddenMix, ReleasedMix
from survey.language import wording
from tests.demo.walk import walk

pytestmark = pytest.mark.slow

HIDDEN, NOT_SHOWN = Suppressed | HiddenMix, "not shown"


@pytest.fixture(scope="module")
def release(home):
    return Releases(home / "releases").current()


@pytest.fixture(scope="module")
def visits(home, tmp_path_factory):
    """On a copy: that a lead looked at somebody's results is written down."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("walked") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMHEALTH_HOME", str(own))
        patch.setenv(DEMO_VARIABLE, "1")
        return tuple(walk(own))


@pytest.fixture(scope="module")
def named(release):
    """Finds a number of the release by its name, in the same list as `pmhealth explain` does."""

    @cache
    def about(kind, scope_id):
        return {str(name): number for name, number in numbers_about(release, kind, scope_id)}

    return lambda name: about(name.about, name.scope_id)[str(name)]


def drawn_in(visits):
    """Every figure once with everybody who saw it."""
    for visit in visits:
        for figure, reading in visit.figures:
            yield visit, figure, reading


def may_see(viewer, name):
    """Once more, by hand: PMs see themselves, leads their units and who shared, HR and executives every unit, the council none."""
    if name.about == "pm":
        return (
            Role.PM in viewer.roles and name.scope_id == viewer.person_id
        ) or name.scope_id in viewer.shared_ids
    if viewer.roles & {Role.HR, Role.EXECUTIVE}:
        return True
    unit_id = name.scope_id.partition("/")[2] if name.about == "relationship" else name.scope_id
    return any(f"{unit_id}/".startswith(f"{own}/") for own in viewer.unit_ids)


def test_pages_when_everybody_opens_theirs_then_each_has_some_and_the_council_none(visits):
    seen = defaultdict(set)
    for visit in visits:
        seen[visit.viewer.person_id] |= {visit.path} if visit.figures else set()
        assert bool(visit.reviews) is (visit.path == Page.UNITS)
    assert len(seen) == 48 - 1
    assert all(seen.values())
    assert {Page.MY_RESULTS, Page.MY_TEAM, Page.UNITS, Page.SHARED} <= set().union(*seen.values())
    assert {"core-competencies", "three-lenses", "stage-fit"} <= set().union(*seen.values())


def test_number_when_drawn_then_is_the_releases_and_theirs_to_read(visits, release, named):
    counted = Counter()
    for visit, figure, reading in drawn_in(visits):
        for one in figure.drawn:
            name = name_of(release, one.number)
            assert may_see(visit.viewer, name), (sorted(visit.viewer.roles), str(name))
            assert named(name) == one.number
            counted[name.about] += 1
        assert reading.number_called(str(name_of(release, figure.drawn[0].number))) == figure.drawn[0].number
    assert min(counted[about] for about in ("pm", "team", "unit", "slice", "relationship")) > 10, counted


def test_explanation_when_asked_for_then_rests_on_as_many_as_the_number_says(visits, release):
    tried = set()
    for _, figure, _ in drawn_in(visits):
        for number in (one.number for one in figure.drawn):
            if isinstance(number, Released | Suppressed) and number.key not in tried:
                tried.add(number.key)
                found = explain_number(release, number)
                assert found.is_shown is isinstance(number, Released)
                counts = (number.rater_count, number.pm_count) if found.is_shown else (None, None)
                assert (found.rater_count, found.pm_count) == counts
    assert len(tried) > 2_000


def test_command_when_asked_to_explain_then_says_the_same_n_or_none(visits, release, home, capsys):
    kinds = {}
    for _, figure, _ in drawn_in(visits):
        for number in (one.number for one in figure.drawn):
            kinds.setdefault(
                (name_of(release, number).about, type(number), getattr(number, "bound", "")), number
            )
    assert len(kinds) > 10
    for number in kinds.values():
        name = str(name_of(release, number))
        assert run(["--home", str(home), "explain", name]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"{name}, in release {release.number}")
        if isinstance(number, Released):
            assert f"  n = {number.rater_count}, PMs = {number.pm_count}\n" in out
        if isinstance(number, HIDDEN):
            assert "  n = " not in out


def test_table_when_shown_then_says_each_number_that_is_drawn_and_no_other(visits):
    kinds = Counter()
    for _, figure, _ in drawn_in(visits):
        kind = next(kind for column, kind in KINDS.items() if column in figure.table.columns)
        kinds[kind.__name__] += 1
        told, drawn = kind(figure)
        assert told == drawn, figure.title
    assert set(kinds) == {kind.__name__ for kind in KINDS.values()}


def scores(figure):
    """One row per score; what an organisation expects is a mark and no number of the release."""
    rows = (row for row in figure.table.rows if row[1] != "expected" and row[2] != "no answer")
    numbers = (one.number for one in figure.drawn if not isinstance(one.number, ReleasedChange))
    return Counter(row[2:] for row in rows), Counter((said(one), behind(one)) for one in numbers)


def stages(figure):
    """One row per answer of the PM; where they work is said in words."""
    told = Counter(row[2] for row in figure.table.rows if row[2])
    numbers = (one.number for one in figure.drawn)
    return told, Counter(said(one) for one in numbers if one.key.measure_id != "stage_today")


def squares(figure):
    """One row per unit or group, with a score for each trait, and on how many the fullest of them rests."""
    by_row = defaultdict(list)
    for one in figure.drawn:
        by_row[one.label.rpartition(", ")[0]].append(one.number)
    told = [(row[0], *(cell.partition(",")[0] for cell in row[1:-1]), row[-1]) for row in figure.table.rows]
    return told, [(name, *map(said, numbers), fullest(numbers)) for name, numbers in by_row.items()]


def fullest(numbers):
    shown = [one for one in numbers if isinstance(one, Released)]
    if not shown:
        return NOT_SHOWN
    pms, raters = max(one.pm_count for one in shown), max(one.rater_count for one in shown)
    return f"{pms} PMs, n = {raters}"


def parts(figure):
    """One row per trait whose change is taken apart."""
    return list(figure.table.rows), [(one.label, *parted(one.number)) for one in figure.drawn]


def parted(mix):
    return (
        signed(mix.change),
        *(
            f"{signed(mix.real.points)} ({signed(mix.real.low)} to {signed(mix.real.high)})",
            str(mix.stayed_pm_count),
        ),
        *(
            f"{signed(mix.mix.points)} ({signed(mix.mix.low)} to {signed(mix.mix.high)})",
            str(mix.arrived_pm_count),
        ),
        str(mix.left_pm_count),
    )


def bins(figure):
    """One row per stretch of each trait, and one for those who are told nowhere."""
    drawn = []
    for one in figure.drawn:
        found, ends = one.number, one.number.edges
        for count, low, high in zip(found.at_least, ends, ends[1:], strict=False):
            drawn.append((one.label, f"{low:.1f}–{high:.1f}", f"≥ {count}" if count else "none or a few"))
        drawn.append((one.label, "Told nowhere", str(found.unplaced)))
    return list(figure.table.rows), drawn


KINDS = {"n": scores, "Stage": stages, "PMs and n": squares, "Change": parts, "Between": bins}
"""How a table is held against its drawing, by a column that only such tables have."""


def said(number):
    """A number as a table should say it."""
    if isinstance(number, HIDDEN):
        return NOT_SHOWN
    bound = {"low": "at most ", "high": "at least "}.get(getattr(number, "bound", ""), "")
    if bound or number.low is None:
        return f"{bound}{number.score:.1f}"
    return f"{number.score:.1f} ({number.low:.1f} to {number.high:.1f})"


def behind(number):
    """How many others a number rests on; who said it alone is not counted."""
    is_of_others = isinstance(number, LinePoint) or (
        isinstance(number, Released) and number.key.group is Group.OTHERS
    )
    return str(number.rater_count) if is_of_others else ""


def signed(value):
    text = f"{value:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def test_csv_when_taken_then_is_the_table_of_the_page_and_the_table_is_that_of_its_figures(visits):
    for visit in visits:
        for figures, table in visit.tables:
            assert list(table.rows) == list(joined_by_hand(figures, table.columns))
        tabled = {figure.title for figures, _ in visit.tables for figure in figures}
        assert tabled == {figure.title for figure, _ in visit.figures}, visit.path
        assert len(visit.files) == len(visit.tables)
        for (table, content), (_, shown) in zip(visit.files, visit.tables, strict=True):
            columns, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
            assert table == shown
            assert tuple(columns) == table.columns
            assert [tuple(cell.removeprefix("'") for cell in row) for row in rows] == list(table.rows)
    assert sum(len(visit.files) for visit in visits) > 150


def joined_by_hand(figures, columns):
    """Several figures stand in one table: what a figure has no column for stays empty."""
    for figure in figures:
        place = {name: columns.index(name) for name in figure.table.columns}
        for row in figure.table.rows:
            cells = [""] * len(columns)
            if len(figures) > 1:
                cells[0] = figure.title
            for name, value in zip(figure.table.columns, row, strict=True):
                cells[place[name]] = value
            yield tuple(cells)


@pytest.fixture(scope="module")
def taken(visits):
    """Every review anybody may take along as (what the page tells, HTML, workbook); each distinct one once.

    For each persona with that page: every unit in scope in its latest quarter, and the whole in every quarter.
    Two who may read the same get the same.
    """
    speak(wording("en"))
    found = {}
    for visit in visits:
        for _, read, number in visit.reviews[:1]:
            for one in readable(*read.args[:3]):
                key = repr(replace(one, bins=one.bins(), strengths=one.strengths()))
                if key not in found:
                    found[key] = one, render_html(one, number), render_xlsx(one, number)
    return tuple(found.values())


def readable(reading, directory, shelf):
    for unit in reading.units_in_scope():
        waves = review_page.quarters(reading, shelf, unit.unit_id)
        for wave in list(waves.values())[: 1 if "/" in unit.unit_id else None]:
            yield review_page.read_anew(reading, directory, shelf, unit, review_page.until(waves, wave))


def test_files_when_taken_along_then_hold_the_tables_of_the_page_cell_by_cell(taken):
    speak(wording("en"))
    assert len(taken) > 20
    for review, html, xlsx in taken:
        told = [tell(review, part, on_screen(Theme.LIGHT)) for part in parts_of(review)]
        figures = [figure for part in told for figure in part.figures]
        expected = [(figure.title, figure.table.columns, figure.table.rows) for figure in figures]
        assert tables_of(html) == expected
        assert [row for part in told if part.figures for row in sheet_of(xlsx, part)] == [
            (title, *row) for title, _, rows in expected for row in rows
        ]


def test_workbook_when_taken_along_then_lists_each_number_as_the_page_has_it(taken):
    speak(wording("en"))
    for review, _, xlsx in taken:
        told = [tell(review, part, on_screen(Theme.LIGHT)) for part in parts_of(review)]
        drawn = [one for part in told for figure in part.figures for one in figure.drawn]
        _, *rows = CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_name("Numbers").to_python()
        assert [row[1] for row in rows] == [one.label for one in drawn]
        for row, one in zip(rows, drawn, strict=True):
            assert [cell for cell in row[2:] if cell != ""] == listed(one.number)


def listed(number):
    """A number as the workbook lists it: points to one decimal, then on how many it rests."""
    match number:
        case Suppressed() | HiddenMix():
            return [NOT_SHOWN]
        case ReleasedChange():
            numbers = [number.points, number.low, number.high]
        case ReleasedMix():
            numbers = [number.change]
        case Released() | LinePoint():
            ends = [] if number.low is None else [number.low, number.high]
            pms = [number.pm_count] if isinstance(number, Released) else []
            return [*(round(end, 1) + 0.0 for end in (number.score, *ends)), number.rater_count, *pms]
        case _:
            return []
    return [round(end, 1) + 0.0 for end in numbers]


def sheet_of(xlsx, part):
    """The rows of a part's sheet, without the heads that name their columns."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    widths = {figure.title: len(figure.table.columns) for figure in part.figures}
    rows = book.get_sheet_by_name(part.title[:31]).to_python()
    found = []
    for row in rows:
        if row[0] in widths:
            found.append(tuple(row[: widths[row[0]] + 1]))
        else:
            assert tuple(cell for cell in row[1:] if cell) in {one.table.columns for one in part.figures}
    return found


class Tables(HTMLParser):
    """Reads every table with what it is called."""

    def __init__(self):
        super().__init__()
        self.found, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "div" and dict(attrs).get("role") == "region":
            self.found.append((dict(attrs)["aria-label"], []))
        if tag == "tr":
            self.found[-1][1].append([])
        self.cell = "" if tag in ("th", "td") else self.cell

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.found[-1][1][-1].append(self.cell)
            self.cell = None


def tables_of(html):
    reader = Tables()
    reader.feed(html.decode())
    return [(title, tuple(head), tuple(map(tuple, rows))) for title, (head, *rows) in reader.found]
