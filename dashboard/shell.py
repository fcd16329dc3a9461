"""The page around every page of the dashboard: Streamlit's own, with what it is missing.

It says which language it is in, since a screen reader pronounces it by that. It has a browser fetch what all our pages
need before Streamlit asks for it. And it says where the server is, so that Streamlit does not look for it first.
"""

import gzip
import re
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import figure_script
from dashboard.auth.routes import wanted_wording
from dashboard.bundle import takes_gzip
from survey.language import languages

SAID = b'<html lang="en">'
"""What the page says of itself, whoever reads it."""

HERE = (
    b"<script>window.__streamlit = {BACKEND_BASE_URL: location.origin, HOST_CONFIG: {"
    b"allowedOrigins: [location.origin], useExternalAuthToken: false}}</script>"
)
"""Streamlit else asks whether somebody answers below the page's own path, then a level up, and connects after that.
Only our own pages may send it messages."""

PARTS = (
    "ButtonGroup", "Selectbox", "Button", "DownloadButton", "Html", "rehype-raw", "withFullScreenWrapper"
)  # fmt: skip
"""Scripts of Streamlit that nearly every page of ours needs, by what stands before the hash in their names.

One that is missing here comes late: what it draws then pushes away what stands below, buttons among it.
"""

_FONT = re.compile(rb"\./static/media/SourceSans[^\"]+")
_OUR_FONT = b"/assets/fonts/inter-latin.woff2"
_HEAD = re.compile(r'(?:import(?:[^;"]*from)?"\./[^"]+";)*')
_IMPORTED = re.compile(r'"\./([^"]+)"')


def shell_of(static: Path) -> bytes:
    """Returns the page as it is sent, made from Streamlit's own in that folder."""
    page = (static / "index.html").read_bytes()
    named = [_link(name) for name in ahead(static / "static" / "js") if name.encode() not in page]
    page = _FONT.sub(_OUR_FONT, page).replace(b"<head>", b"<head>" + HERE, 1)
    return page.replace(b"</head>", "".join(named).encode() + b"</head>", 1)


def ahead(scripts: Path) -> tuple[str, ...]:
    """Returns the names of the scripts that are fetched with the page, with all that these import."""
    parts = (*PARTS, figure_script.NAME)
    waiting = [path.name for part in parts for path in sorted(scripts.glob(f"{part}.*.js"))]
    found = list[str]()
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += imported(scripts / name)
    return tuple(found)


def imported(script: Path) -> list[str]:
    """Returns the scripts that one needs before it runs: they stand at its head. What it asks for later is not among them."""
    head = _HEAD.match(script.read_text(encoding="utf-8"))
    return _IMPORTED.findall(head[0]) if head else []


def _link(name: str) -> str:
    late = ' fetchpriority="low"' if name.startswith(f"{figure_script.NAME}.") else ""
    return f'<link rel="modulepreload" crossorigin href="./static/js/{name}"{late}>'


class Shell:
    """Sends our page where Streamlit would send its own, in the language that the link or the browser asks for.

    All else passes untouched.

    Args:
        theirs: the page as Streamlit sends it.
        ours: the page to send in its place.
    """

    def __init__(self, app: ASGIApp, theirs: bytes, ours: bytes) -> None:
        self.app = app
        self._theirs = theirs
        pages = {code: ours.replace(SAID, SAID.replace(b"en", code.encode()), 1) for code in languages()}
        self._plain = pages
        self._packed = {code: gzip.compress(page) for code, page in pages.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_ask_for_page(scope):
            await self.app(scope, receive, send)
            return
        start: Message = {}

        async def send_ours(message: Message) -> None:
            """The start says how long the page is, so it waits for what follows."""
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message.get("body") == self._theirs:
                message = {**message, "body": self._page(scope, MutableHeaders(scope=start))}
            if start:
                await send(start)
                start = {}
            await send(message)

        await self.app(_without_packing(scope), receive, send_ours)

    def _page(self, scope: Scope, headers: MutableHeaders) -> bytes:
        """Returns the page for who asks, and says in the headers what is sent."""
        pages = self._plain
        if takes_gzip(scope):
            pages, headers["Content-Encoding"] = self._packed, "gzip"
        page = pages[wanted_wording(Request(scope)).language]
        headers["Content-Length"] = str(len(page))
        headers["Vary"] = "Accept-Encoding"
        return page


def _may_ask_for_page(scope: Scope) -> bool:
    """True of what browsers ask for when they open a page; files to take along have a dot in their names."""
    return (
        scope["type"] == "http"
        and "." not in scope["path"]
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _without_packing(scope: Scope) -> Scope:
    """What Streamlit packs could not be told from any other page."""
    return {
        **scope,
        "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"],
    }
