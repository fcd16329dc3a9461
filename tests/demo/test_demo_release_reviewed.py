"""The review of the demo's units as workbook and file, cell by cell against the release they came from."""

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from dashboard.access import Role, Viewer
from dashboard.catalogue import FRONT_TRAITS, front_shelf, shelves
from dashboard.reading import Reading
from dashboard.report.paper import render_html
from dashboard.report.review import Kept, Review, quarters, read_review, until
from dashboard.report.workbook import render_xlsx
from dashboard.spoken import speak
from pipeline.release import Group, Measure, Released, Releases, Scope
from survey.language import wording

pytestmark = pytest.mark.slow

ALL = Viewer(name="executive", roles=frozenset({Role.EXECUTIVE}))
TRAITS = dict(zip(FRONT_TRAITS, ("Taste", "Honesty", "Clarity", "Focus"), strict=True))


@pytest.fixture(scope="module")
def reading(home: Path) -> Reading:
    speak(wording("en"))
    release = Releases(home / "releases").current()
    assert release is not None
    return Reading(release=release, viewer=ALL)


def review_of(reading: Reading, unit_id: str) -> Review:
    shelf = front_shelf(shelves(reading))
    assert shelf is not None
    unit = next(one for one in reading.units_in_scope() if one.unit_id == unit_id)
    waves = quarters(reading, shelf, unit_id)
    return read_review(reading, shelf, unit, until(waves, next(iter(waves.values()))), Kept())


def expected(reading: Reading, unit_id: str, wave_id: str) -> dict[str, str]:
    """What a reader should find about a unit on the four traits, straight from the release's cells."""
    found = {}
    for cell in reading.release.cells(Scope.UNIT, unit_id):
        key = cell.key
        if (key.wave_id, key.group, key.measure) == (wave_id, Group.OTHERS, Measure.TRAIT):
            is_shown = isinstance(cell, Released)
            words = f"{cell.score:.1f} ({cell.low:.1f} to {cell.high:.1f})" if is_shown else "not shown"
            found[key.measure_id] = words
    return {TRAITS[trait_id]: words for trait_id, words in found.items() if trait_id in TRAITS}


def test_files_when_made_for_the_demo_then_every_cell_of_the_map_is_the_releases(reading):
    review = review_of(reading, "Product")
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(review, reading.number)))
    head, *rows = book.get_sheet_by_name("Units side by side").to_python()
    html = render_html(review, reading.number).decode()
    by_name = {unit.name: unit.unit_id for unit in reading.units_in_scope()}
    assert len(rows) == len(review.rows) == len(by_name)
    for row in rows:
        cells = dict(zip(head[2:6], row[2:6], strict=True))
        for trait, words in expected(reading, by_name[row[1]], review.wave.wave_id).items():
            assert cells[trait].partition(",")[0] == words
            assert f"<td>{cells[trait]}</td>" in html


@pytest.mark.parametrize("unit_id", ["Product", "Product/Growth", "Product/Growth/Activation"])
def test_files_when_made_for_a_unit_then_hold_no_unit_outside_it_and_no_pm(reading, unit_id):
    review = review_of(reading, unit_id)
    html = render_html(review, reading.number).decode()
    names = {one.name for one in reading.release.subjects() if one.kind == "pm"}
    assert not [name for name in names if name in html]
    inside = {unit.name for unit in reading.units_in_scope() if f"{unit.unit_id}/".startswith(f"{unit_id}/")}
    assert {row.name for row in review.rows} <= inside


def test_files_when_made_again_then_have_the_same_bytes(reading):
    for render in (render_html, render_xlsx):
        once, again = (render(review_of(reading, "Product"), reading.number) for _ in range(2))
        assert once == again
