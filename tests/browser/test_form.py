"""The form in a real Chromium: the whole way without JavaScript, what script adds, and every page looked at.

Pictures of all pages are left in tests/browser/shots/.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from survey.participation import LinkPurpose
from tests.rating_world import World, built_in, open_world

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).with_name("shots")
WIDTHS = {320: 640, 390: 844, 1440: 900}


class Served:
    """A world, its address, and links whose pages stand in every state."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        self.address = address

    def url(self, person_id: str, purpose: LinkPurpose = LinkPurpose.ANSWER) -> str:
        root = "t" if purpose is LinkPurpose.TRY else "f"
        return f"{self.address}/{root}/{self.world.link(person_id, purpose)}"


def serve(world: World) -> Iterator[Served]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    with world.app() as app:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        yield Served(world, f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join()
    listening.close()


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("form")
    yield from serve(open_world(home / "home", built_in("great-pm", home)))


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A phone on which scripts are switched off."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="en"
    )
    yield context
    context.close()


def choose_all(page: Page, leave_out: int = 0) -> None:
    sets = page.locator("fieldset")
    for place in range(sets.count() - leave_out):
        sets.nth(place).get_by_role("radio").nth(place % 2).check()


def test_rater_when_scripts_are_off_then_the_whole_way_is_open(plain, form):
    url = form.url("p-lee")
    page = plain.new_page()
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it like to work with Ada Lovelace?")
    choose_all(page, leave_out=2)
    page.get_by_role("textbox").first.fill("You asked before you decided.")
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_role("status")).to_contain_text("Saved. Go on whenever you like")

    page.goto(url)
    expect(page.get_by_role("textbox").first).to_have_value("You asked before you decided.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("2 questions are open. You may leave them so.")
    page.get_by_role("button", name="Answer this").first.click()
    choose_all(page)
    page.get_by_label("Sign this comment with my name").first.check()
    page.get_by_role("button", name="Look over first").click()
    expect(page.get_by_role("status")).to_contain_text("All 24 questions are answered")
    expect(page.get_by_text("signed with your name")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")

    page.get_by_role("link", name="Change my answers").click()
    expect(page.get_by_role("status")).to_contain_text("Your answers are in")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("link", name="Withdraw my answers").click()
    page.get_by_role("button", name="Yes, withdraw them").click()
    expect(page.get_by_role("status")).to_contain_text("withdrawn and deleted")
    assert form.world.done() == {}


def test_rater_of_two_when_scripts_are_off_then_the_list_leads_through(plain, form):
    page = plain.new_page()
    page.goto(form.url("p-max") + "?lang=de")
    page.get_by_role("link", name="Ada Lovelace").click()
    expect(page.get_by_text("als die der Führungskraft").first).to_be_visible()
    choose_all(page)
    page.get_by_role("button", name="Abschicken", exact=True).click()
    page.get_by_role("link", name="Weiter mit der Liste").click()
    expect(page.get_by_text("1 von 2 erledigt")).to_be_visible()
    page.get_by_role("link", name="Bo <b>Nilsson</b>").click()
    page.get_by_role("link", name="Alle, zu denen du gefragt wirst").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 Menschen freuen sich über deine Sicht")


def test_rater_when_scripts_are_on_then_progress_shows_and_drafts_save_themselves(browser, form):
    url = form.url("p-ron")
    context = browser.new_context(locale="en")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(url)
    page.get_by_role("radio").first.check()
    expect(page.get_by_text("1 of 24 answered")).to_be_visible()
    expect(page.get_by_text("Saved just now. Not sent yet.")).to_be_visible(timeout=15_000)
    context.close()
    other = browser.new_context(java_script_enabled=False, locale="en").new_page()
    other.goto(url)
    expect(other.get_by_role("status")).to_contain_text("Here is what you had saved")
    expect(other.get_by_role("radio").first).to_be_checked()
    assert refused == []
    other.context.close()


def test_form_when_used_by_keyboard_then_every_step_is_reached_and_seen(browser, form):
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(form.url("p-kim"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the questions")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    assert (
        page.evaluate("() => getComputedStyle(document.activeElement.parentElement).outlineStyle") == "solid"
    )
    context.close()


def pages_of(form: Served, page: Page, language: str) -> Iterator[str]:
    """Brings the page to every kind of page there is, and yields its name."""
    query = f"?lang={language}"
    others = form.url("p-eve")
    page.goto(f"{others}{query}")
    yield "list"
    page.goto(f"{others}/1{query}")
    yield "letter"
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")
    choose_all(page, leave_out=3)
    yield "form"
    page.locator("button[value=review]").click()
    expect(page.locator("ol.answers")).to_be_visible()
    yield "review"
    page.goto(f"{form.url('p-ada')}{query}")
    yield "self"
    url = form.url("p-bo")
    page.goto(f"{url}{query}")
    choose_all(page)
    page.locator("button[value=send]").click()
    page.wait_for_url("**/thanks*")
    yield "thanks"
    page.goto(f"{url}/1/withdraw{query}")
    yield "withdraw"
    page.goto(f"{form.url('p-bo')}{query}")
    yield "elsewhere"
    page.goto(f"{form.address}/f/{'x' * 32}{query}")
    yield "gone"
    page.goto(f"{form.url('', LinkPurpose.TRY)}/1{query}")
    yield "try"
    page.goto(f"{url}/1/withdraw{query}")
    page.locator("button[value=withdraw]").click()
    page.wait_for_url("**withdrawn**")
    yield "withdrawn"


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_when_looked_at_then_they_fit_every_width_and_axe_finds_nothing(browser, form, language, theme):
    context = browser.new_context(color_scheme=theme, viewport={"width": 390, "height": 844})
    page = context.new_page()
    SHOTS.mkdir(exist_ok=True)
    for name in pages_of(form, page, language):
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width, (name, width)
            page.screenshot(
                path=SHOTS / f"form-{name}-{language}-{width}-{theme}.png", full_page=name != "form"
            )
        page.set_viewport_size({"width": 390, "height": 844})
        found = Axe().run(page).response["violations"]
        assert [(name, one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    context.close()


@pytest.mark.parametrize("instrument", ["great-pm-pulse", "core-competencies", "three-lenses", "stage-fit"])
def test_other_instruments_when_shown_then_they_can_be_filled_in_too(browser, tmp_path, instrument):
    for form in serve(open_world(tmp_path / "home", built_in(instrument, tmp_path))):
        page = browser.new_context(locale="en", viewport={"width": 390, "height": 844}).new_page()
        page.goto(form.url("p-ada" if instrument == "stage-fit" else "p-kim"))
        choose_all(page)
        assert Axe().run(page).response["violations"] == []
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        page.context.close()
