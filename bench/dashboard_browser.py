"""How long a browser takes to the last figure of a page, with an empty cache and with a warm one.

A warm cache is that of a browser which had the page open before, as long as somebody reads: it lies in a profile on
disk, with the scripts as the browser compiled them. What is opened incognito keeps no such thing.

Whether the figure is there is looked at in the page, with every frame: Playwright's own waiting looks every half second.
"""

import shutil
import tempfile
import time
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

LOADS = 5
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
_VISITS_BEFORE, _READING_MILLISECONDS = 3, 5_000

_SEEN = """count => new Promise((seen, failed) => {
    const look = () => {
        const lines = [...document.querySelectorAll(".js-plotly-plot")].map(one => one.querySelector(".trace path"));
        const isSeen = lines.length >= count && lines.every(one => one?.checkVisibility({visibilityProperty: true}));
        if (performance.now() > 60_000) failed(new Error("no figure within a minute"));
        else isSeen ? seen() : requestAnimationFrame(look);
    };
    look();
})"""
"""Waits until there are so many figures, and in each of them a line can be seen."""

Cookie = tuple[str, str]


def last_figures(address: str, cookie: Cookie, figures: int) -> tuple[float, float]:
    """Returns the median seconds with an empty cache, and with a warm one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        cold = [_cold(browser, address, cookie, figures) for _ in range(LOADS)]
        browser.close()
        with (
            tempfile.TemporaryDirectory() as profile,
            playwright.chromium.launch_persistent_context(
                profile, executable_path=chromium, args=list(_ARGUMENTS)
            ) as context,
        ):
            _let_in(context, address, cookie)
            for _ in range(_VISITS_BEFORE):
                _seconds(context, address, figures, reading=_READING_MILLISECONDS)
            warm = [_seconds(context, address, figures) for _ in range(LOADS)]
    return median(cold), median(warm)


def _cold(browser: Browser, address: str, cookie: Cookie, figures: int) -> float:
    with browser.new_context() as context:
        _let_in(context, address, cookie)
        return _seconds(context, address, figures)


def _let_in(context: BrowserContext, address: str, cookie: Cookie) -> None:
    name, value = cookie
    context.add_cookies([{"name": name, "value": value, "url": address}])


def _seconds(context: BrowserContext, address: str, figures: int, *, reading: float = 0) -> float:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.evaluate(_SEEN, figures)
    seconds = time.perf_counter() - started
    page.wait_for_timeout(reading)
    page.close()
    return seconds
