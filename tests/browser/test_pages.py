"""Journeys through the dashboard, and every page on a phone and a desktop, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).with_name("shots")
WAIT_MILLISECONDS = 120_000
expect.set_options(timeout=WAIT_MILLISECONDS)
HEIGHTS = {390: 844, 1440: 900}
PAGES = {
    "pm": ("/?as=pm:p-ada", 4),
    "pm-first-wave": ("/?as=pm:p-noa", 1),
    "pm-hidden": ("/?as=pm:p-bo", 1),
    "pm-nothing": ("/?as=pm:p-kim", 0),
    "pm-trait": ("/?as=pm:p-ada&trait=Honesty", 2),
    "unit": ("/?as=hr", 4),
    "unit-side-by-side": ("/units?as=hr&look=units", 1),
    "unit-further": ("/units?as=hr&look=further", 2),
    "who-looked": ("/who-looked?as=pm:p-ada", 0),
    "my-team": ("/my-team?as=lead:Product/Growth", 4),
    "council": ("/council?as=council", 0),
    "number": ("/number?as=hr&name=great-pm/2026Q2:unit/Product/Growth:line:trait/focus", 0),
    "core-competencies": ("/core-competencies?as=pm:p-ada", 3),
    "three-lenses": ("/three-lenses?as=lead:Product/Growth", 1),
    "stage-fit": ("/stage-fit?as=pm:p-sam", 1),
    "about": ("/about?as=hr", 0),
}
"""Where each page is, and how many figures it draws."""


def open_page(browser: Browser, url: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": HEIGHTS[1440]})
    context.set_default_timeout(WAIT_MILLISECONDS)
    page = context.new_page()
    page.goto(url)
    expect(page.locator("h1")).to_be_visible(timeout=WAIT_MILLISECONDS)
    return page


def wait_for_figures(page: Page, count: int) -> None:
    expect(page.locator(".js-plotly-plot .main-svg:first-child")).to_have_count(
        count, timeout=WAIT_MILLISECONDS
    )
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def take_shot(page: Page, name: str, width: int) -> None:
    """Streamlit scrolls inside the page, so the window is made as high as its content."""
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, HEIGHTS[width])})
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture(scope="module", params=("light", "dark"))
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    """One visitor per theme, who keeps what the browser has loaded already."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 390, "height": HEIGHTS[390]})
    context.set_default_timeout(WAIT_MILLISECONDS)
    yield context.new_page(), request.param
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_on_phone_and_desktop_then_fits_and_axe_finds_nothing(visitor, address, name):
    (page, theme), (path, figures) = visitor, PAGES[name]
    page.set_viewport_size({"width": 390, "height": HEIGHTS[390]})
    page.goto(address + path)
    expect(page.get_by_text("Demo without sign-in")).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        wait_for_figures(page, figures)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        take_shot(page, f"{name}-{width}-{theme}", width)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"][:120]) for violation in found] == []


def test_pm_when_they_look_closer_then_the_link_can_be_kept_and_the_numbers_taken_along(browser, address):
    page = open_page(browser, f"{address}/?as=pm:p-ada")
    outside = []
    page.on(
        "request",
        lambda request: outside.append(request.url) if not request.url.startswith((address, "ws")) else None,
    )
    page.get_by_role("radio", name="Honesty").click()
    expect(page.get_by_role("heading", name="Honesty at 4.1", exact=False).first).to_be_visible()
    expect(page.get_by_text("said yes")).to_be_visible()
    assert "trait=Honesty" in page.url
    expect(page.get_by_text("See these numbers as a table")).to_have_count(1)  # the overview's is gone
    page.get_by_text("See these numbers as a table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename == "honesty.csv"
    assert "turned round" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert outside == []
    page.context.close()


def test_number_when_explained_by_keyboard_then_a_dialog_opens_leads_to_its_link_and_closes(browser, address):
    page = open_page(browser, f"{address}/core-competencies?as=pm:p-ada")
    button = page.get_by_role("button", name="Explain this number").first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Where this number comes from")).to_be_visible()
    expect(dialog).to_contain_text("It rests on the answers of 7 people.")
    link = dialog.get_by_role("link", name="A link to this number").get_attribute("href")
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.goto(address + link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where this number comes from")
    expect(page.get_by_text("It rests on the answers of 7 people.")).to_be_visible()
    page.context.close()


def test_lead_when_they_compare_units_then_sees_only_their_own(browser, address):
    page = open_page(browser, f"{address}/units?as=lead:Product/Growth&unit=Product%2FPlatform")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Growth")
    page.get_by_role("radio", name="Units side by side").click()
    wait_for_figures(page, 1)
    expect(page.locator(".js-plotly-plot")).to_contain_text("Activation")
    expect(page.locator(".js-plotly-plot")).not_to_contain_text("Platform")
    page.context.close()


def test_name_when_it_holds_an_image_then_nothing_is_loaded(browser, address):
    page = open_page(browser, f"{address}/?as=pm:p-noa")
    assert page.locator("img[src*='example.invalid']").count() == 0
    page.context.close()


def test_persona_when_changed_then_pages_change_with_it(browser, address):
    page = open_page(browser, f"{address}/?as=hr")
    page.get_by_label("Look as").click()
    page.get_by_role("option", name="PM: Ada Example").click()
    expect(page.get_by_role("heading", level=1, name="Others see you between")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)  # the one before goes a moment later
    assert "as=pm" in page.url
    page.context.close()


def test_page_when_opened_then_it_knows_where_the_server_is_and_what_it_will_need(browser, address):
    page = browser.new_context().new_page()
    asked = list[str]()
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{address}/units?as=hr", wait_until="load")
    wait_for_figures(page, 4)
    assert {path for path in asked if "_stcore" in path} == {"/_stcore/health", "/_stcore/host-config"}
    scripts = [path for path in asked if path.endswith(".js")]
    assert len(scripts) == len(set(scripts))
    sent = page.request.get(page.url, headers={"accept": "text/html"}).text()
    assert [path for path in scripts if path not in sent] == []
    page.context.close()
