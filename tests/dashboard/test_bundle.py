"""Streamlit's own files: sent to anybody, from memory, and nothing else with them."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.responses import PlainTextResponse

from dashboard.bundle import LASTING, Bundle

STREAMLIT = Path(streamlit.__file__).parent / "static"
SCRIPT = b'export const word = "\xc3\xa9"'


@pytest.fixture
def folder(tmp_path):
    for name, content in {
        "js/index.a1.js": SCRIPT,
        "css/index.b2.css": b"a{}",
        "media/x.c3.woff2": b"f",
    }.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "static"


def ask(app, path, method="GET", *, takes="gzip"):
    """Asks an ASGI app as a browser without a session does."""

    async def answer():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here.example") as client:
            return await client.request(method, path, headers={"accept-encoding": takes})

    return asyncio.run(answer())


def gated(folder):
    """The files before a gate that lets nobody through."""
    return Bundle(PlainTextResponse("sign in first", 401), folder=folder)


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("/static/js/index.a1.js", SCRIPT, "text/javascript; charset=x-user-defined"),
        ("/static/css/index.b2.css", b"a{}", "text/css"),
        ("/static/media/x.c3.woff2", b"f", "font/woff2"),
    ],
)
def test_file_when_anybody_asks_then_comes_whole_and_may_be_kept(folder, path, content, kind):
    answer = ask(gated(folder), path)
    assert (answer.status_code, answer.content) == (200, content)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, LASTING)
    assert ask(gated(folder), path).content == content


@pytest.mark.parametrize(
    ("name", "takes", "is_packed"),
    [
        ("js/index.a1.js", "gzip, br", True),
        ("css/index.b2.css", "gzip", True),
        ("media/x.c3.woff2", "gzip", False),
        ("js/index.a1.js", "identity", False),
    ],
)
def test_text_when_who_asks_can_unpack_then_comes_packed(folder, name, takes, is_packed):
    answer = ask(gated(folder), f"/static/{name}", takes=takes)
    assert ("content-encoding" in answer.headers) is is_packed
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/static"),
        ("GET", "/static/"),
        ("GET", "/static/js"),
        ("GET", "/static/js/none.js"),
        ("GET", "/static/%2e%2e/secret.txt"),
        ("GET", "/static//js/index.a1.js"),
        ("GET", "/js/index.a1.js"),
        ("POST", "/static/js/index.a1.js"),
    ],
)
def test_anything_else_when_asked_for_then_meets_the_gate(folder, method, path):
    assert ask(gated(folder), path, method).status_code == 401


def test_file_when_it_came_after_the_start_then_meets_the_gate(folder):
    app = gated(folder)
    (folder / "js" / "late.js").write_bytes(b"late")
    assert ask(app, "/static/js/late.js").status_code == 401


def test_websocket_when_opened_then_passes_untouched(folder):
    passed = []

    async def inner(scope, receive, send):
        passed.append(scope["type"])

    asyncio.run(
        Bundle(inner, folder=folder)({"type": "websocket", "path": "/static/js/index.a1.js"}, None, None)
    )
    assert passed == ["websocket"]


def test_streamlits_page_when_it_names_scripts_then_all_are_modules_and_are_sent():
    page = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script ([^>]*)src=\"\.([^\"]+)\"", page)
    assert scripts
    assert all('type="module"' in attributes for attributes, _ in scripts)
    assert [ask(gated(STREAMLIT / "static"), path).status_code for _, path in scripts] == [200] * len(scripts)
