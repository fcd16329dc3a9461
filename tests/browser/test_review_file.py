"""The file of a review in a real Chromium: at most four clean pages of A4, accessible, and nothing from outside."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from python_calamine import CalamineWorkbook

from dashboard.access import Role, Viewer
from dashboard.catalogue import front_shelf, shelves
from dashboard.reading import Reading
from dashboard.report.paper import render_html
from dashboard.report.review import Effect, Kept, Review, Reviewed, quarters, read_review, until
from dashboard.spoken import speak
from pipeline.release import Releases, Verdict
from pipeline.released_unit import MixPart, ReleasedDistribution, ReleasedMix
from survey.language import wording
from survey.register_promises import MOST_PROMISE_LETTERS, Outcome, Promise
from tests.browser.conftest import write_made_up_home

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).with_name("shots")
WAIT_MILLISECONDS = 120_000
BUTTONS = {"html": "To print", "xlsx": "As a workbook"}
MOST_PAGES, MOST_ROWS, MANY_PROMISES = 4, 24, 8


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    home = tmp_path_factory.mktemp("review")
    write_made_up_home(home)
    release = Releases(home / "releases").current()
    assert release is not None
    reading = Reading(release=release, viewer=Viewer(name="HR", roles=frozenset({Role.HR})))
    shelf = front_shelf(shelves(reading))
    assert shelf is not None
    waves = quarters(reading, shelf, "Product")
    unit = reading.units_in_scope()[0]
    return read_review(reading, shelf, unit, until(waves, waves["2026Q2"]), Kept())


def parted(trait_id: str, wave_id: str) -> ReleasedMix:
    part = MixPart(points=0.3, low=0.1, high=0.5, verdict=Verdict.RISEN)
    return ReleasedMix(
        scope_id="Product", trait_id=trait_id, wave_id=wave_id, since_wave_id="great-pm/2026Q1", change=0.6,
        real=part, mix=part, arrived=0.3, left=0.0, moved_in=None, moved_out=None, item_count=3,
        stayed_pm_count=30, arrived_pm_count=4, left_pm_count=4,
    )  # fmt: skip


def placed(trait_id: str, wave_id: str) -> ReleasedDistribution:
    return ReleasedDistribution(
        scope_id="Product", trait_id=trait_id, wave_id=wave_id, edges=(1.0, 3.0, 3.5, 4.0, 5.0),
        at_least=(3, 12, 12, 3), unplaced=9,
    )  # fmt: skip


def fullest(review: Review) -> Review:
    """As much as a page can hold: the longest map, all groups, and many long promises."""
    name = "A unit with a rather long name"
    rows = (review.rows[0], *(replace(review.rows[1], name=f"{name} {place}", depth=2) for place in range(MOST_ROWS - 1)))  # fmt: skip
    promise = Promise(
        promise_no=1, unit_id="Product", trait_id="focus", wave_id=review.wave.wave_id,
        words="long words " * (MOST_PROMISE_LETTERS // 11), made_by="p-exec", made_at=datetime(2026, 7, 1, tzinfo=UTC),
        outcome=Outcome.OPEN, closed_by="", closed_at=None,
    )  # fmt: skip
    mixes = tuple(parted(panel.trait.trait_id, review.wave.wave_id) for panel in review.panels)
    bins = tuple(placed(panel.trait.trait_id, review.wave.wave_id) for panel in review.panels)
    told = Reviewed(promise=promise, effect=Effect.WAITING, change=None)
    return replace(
        review,
        rows=rows,
        slices=rows[:9],
        relationships=rows[:12],
        promises=(told,) * MANY_PROMISES,
        mixes=mixes,
        bins=lambda: bins,
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 900, "height": 1000})
    yield page
    page.close()


def show(page: Page, tmp_path: Path, review: Review) -> list[str]:
    """Opens the file, and returns what the browser asked for beside it."""
    file, asked = tmp_path / "review.html", list[str]()
    file.write_bytes(render_html(review, 1))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    return [url for url in asked if not url.startswith(("data:", file.as_uri()))]


@pytest.mark.parametrize("language", ["en", "de"])
def test_fullest_file_when_printed_then_has_at_most_four_pages(page, tmp_path, review, language):
    speak(wording(language))
    assert show(page, tmp_path, fullest(review)) == []
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_PAGES


@pytest.mark.parametrize("width", [390, 900])
def test_file_when_opened_then_fits_and_axe_finds_nothing(page, tmp_path, review, width):
    speak(wording("en"))
    page.set_viewport_size({"width": width, "height": 900})
    show(page, tmp_path, fullest(review))
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"review-file-{width}.png", full_page=True)


def test_executive_when_reading_the_review_then_takes_it_along_and_opens_it_again(browser, address, tmp_path):
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    page.set_default_timeout(WAIT_MILLISECONDS)
    page.goto(f"{address}/?as=executive")
    headline = page.get_by_role("heading", level=1).filter(has_text="Product")
    headline.wait_for()
    said = headline.inner_text()
    files = {kind: take(page, button, tmp_path) for kind, button in BUTTONS.items()}
    assert [file.name for file in files.values()] == [
        "review-Product-2026Q2.html",
        "review-Product-2026Q2.xlsx",
    ]
    page.screenshot(path=SHOTS / "executive-review.png")
    page.goto(files["html"].as_uri())
    assert page.get_by_role("heading", level=1).inner_text() == said
    page.screenshot(path=SHOTS / "executive-file.png", full_page=True)
    front, *_ = CalamineWorkbook.from_path(files["xlsx"]).sheet_names
    rows = CalamineWorkbook.from_path(files["xlsx"]).get_sheet_by_name(front).to_python()
    assert said in [row[0] for row in rows]
    page.close()


def take(page: Page, button: str, folder: Path) -> Path:
    """Takes a file along, as a browser does."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file
