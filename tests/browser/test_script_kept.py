"""What a browser makes of Streamlit's scripts as we send them: read right, and compiled once."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext
from starlette.responses import HTMLResponse

from dashboard.bundle import Bundle

pytestmark = pytest.mark.browser

PAGE = (
    "<!doctype html><script type=module>import {word} from '/static/js/a.1.js'; window.word = word</script>"
)
WORD = "größer ≥ ★"
SCRIPT = f"export const word = '{WORD}'\n" + "\n".join(f"function f{number}() {{}}" for number in range(2000))
VISITS = 3
"""The first marks the script, the second keeps what it compiled, the third takes it."""

READING_MILLISECONDS = 3_000


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a page with one script, sent as Streamlit's are."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.1.js").write_text(SCRIPT, encoding="utf-8")
    app = Bundle(HTMLResponse(PAGE), folder=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def profile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that keeps what it compiled; nothing is kept of what is opened incognito."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
    )
    yield context
    context.close()


def visit(context: BrowserContext, address: str) -> tuple[str, dict[str, Any]]:
    """Opens the page, and returns the script's word and how the browser came by the compiled script."""
    page = context.new_page()
    session, events, ended = context.new_cdp_session(page), list[dict[str, Any]](), list[object]()
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.append(told))  # noqa: PLW0108 - marked by Playwright
    session.send("Tracing.start", {"categories": "devtools.timeline,v8", "transferMode": "ReportEvents"})
    page.goto(address)
    page.wait_for_function("window.word")
    word = page.evaluate("window.word")
    page.wait_for_timeout(READING_MILLISECONDS)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    page.close()
    compiled = [one["args"]["data"] for one in events if one["name"] == "v8.compileModule"]
    (ours,) = (one for one in compiled if "a.1.js" in json.dumps(one))
    return word, ours


def test_script_when_visited_again_then_is_read_as_utf8_and_not_compiled_anew(profile, address):
    visits = [visit(profile, address) for _ in range(VISITS)]
    assert {word for word, _ in visits} == {WORD}
    assert "consumedCacheSize" not in visits[0][1]
    assert visits[-1][1]["consumedCacheSize"] > 0
    assert visits[-1][1]["cacheRejected"] is False
