"""A PM's journey without a mouse: they plan, share, and take it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).with_name("shots")
WAIT_MILLISECONDS = 120_000
MOST_TABS = 90
"""A page has fewer stops than this; a focus that never comes is a failure."""

PLAN = "In the next planning, I say no once, with the reason."
FOCUSED = """() => {
    const at = document.activeElement;
    const labels = Array.from(at.labels || []).map((one) => one.innerText);
    const own = ['A', 'BUTTON', 'SUMMARY'].includes(at.tagName) ? at.innerText : '';
    return [at.getAttribute('aria-label'), ...labels, own].filter(Boolean).join(' ');
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme="light", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    yield context.new_page()
    context.close()


def wait_for_page(page: Page, figures: int) -> None:
    expect(page.locator("h1")).to_be_visible(timeout=WAIT_MILLISECONDS)
    drawn = page.locator(".js-plotly-plot .main-svg:first-child")
    expect(drawn).to_have_count(figures, timeout=WAIT_MILLISECONDS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=WAIT_MILLISECONDS)


def assert_axe_finds_nothing(page: Page) -> None:
    """On the page as it stands, in both themes; test_pages.py looks at every state without a plan."""
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        violations = Axe().run(page).response["violations"]
        assert [(theme, one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []


def tab_to(page: Page, label: str) -> None:
    """Presses Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if label in page.evaluate(FOCUSED):
            return
    pytest.fail(f"no Tab leads to '{label}'")


def start_again(page: Page) -> None:
    """Puts the focus back before the page's first stop, as a fresh visit has it."""
    page.evaluate("() => document.activeElement.blur()")
    page.evaluate("() => { const first = document.querySelector('a, button'); first.focus(); first.blur(); }")


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"keyboard-{name}.png")


def test_pm_when_they_have_only_a_keyboard_then_plans_shares_and_takes_back(page, address):
    page.goto(f"{address}/?as=pm:p-ada")
    wait_for_page(page, 4)
    make_a_plan(page)
    share_results_and_plan(page)
    read_as_lead(page, address)
    take_it_back(page, address)


def make_a_plan(page: Page) -> None:
    tab_to(page, "Which trait")
    page.keyboard.type("Focus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="I do number 2 of focus.")).to_be_visible(timeout=WAIT_MILLISECONDS)
    tab_to(page, "I do number 1 of focus.")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="I do number 2 of focus.")).to_be_checked(timeout=WAIT_MILLISECONDS)
    tab_to(page, "What will you do?")
    page.keyboard.type(PLAN)
    shoot(page, "plan-written")
    tab_to(page, "Keep this plan")
    page.keyboard.press("Enter")
    expect(page.get_by_text(PLAN)).to_be_visible(timeout=WAIT_MILLISECONDS)
    expect(page.get_by_text("The next survey shows this behaviour first")).to_be_visible()


def share_results_and_plan(page: Page) -> None:
    start_again(page)
    tab_to(page, "Share with Lea Lead")
    page.keyboard.press("Enter")
    expect(page.get_by_text("sees your results, but not this plan")).to_be_visible(timeout=WAIT_MILLISECONDS)
    start_again(page)
    tab_to(page, "Show this plan to Lea Lead")
    page.keyboard.press("Enter")
    expect(page.get_by_text("reads this too, as long as you share")).to_be_visible(timeout=WAIT_MILLISECONDS)
    shoot(page, "plan-shown")
    assert_axe_finds_nothing(page)


def read_as_lead(page: Page, address: str) -> None:
    page.goto(f"{address}/shared?as=lead:Product/Growth")
    wait_for_page(page, 4)
    expect(page.get_by_text(PLAN)).to_be_visible(timeout=WAIT_MILLISECONDS)
    expect(page.get_by_role("button", name="Delete this plan")).to_have_count(0)
    shoot(page, "lead-reads")


def take_it_back(page: Page, address: str) -> None:
    page.goto(f"{address}/?as=pm:p-ada")
    wait_for_page(page, 4)
    tab_to(page, "Take it back")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Share with Lea Lead")).to_be_visible(timeout=WAIT_MILLISECONDS)
    expect(page.get_by_text("Only you read this.")).to_be_visible()
    start_again(page)
    tab_to(page, "Delete this plan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep this plan")).to_be_visible(timeout=WAIT_MILLISECONDS)
