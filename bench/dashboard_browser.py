"""How long a browser takes to the last figure of a page, with an empty cache and with a warm one."""

import shutil
import time
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

LOADS = 5
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def last_figures(address: str, figures: int) -> tuple[float, float]:
    """Returns the median seconds with an empty cache, and with a warm one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        cold = [_cold(browser, address, figures) for _ in range(LOADS)]
        with browser.new_context() as context:
            _seconds(context, address, figures)
            warm = [_seconds(context, address, figures) for _ in range(LOADS)]
        browser.close()
    return median(cold), median(warm)


def _cold(browser: Browser, address: str, figures: int) -> float:
    with browser.new_context() as context:
        return _seconds(context, address, figures)


def _seconds(context: BrowserContext, address: str, figures: int) -> float:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    last = page.locator(".js-plotly-plot").nth(figures - 1)
    last.locator(".main-svg").first.wait_for(state="visible", timeout=60_000)
    seconds = time.perf_counter() - started
    page.close()
    return seconds
