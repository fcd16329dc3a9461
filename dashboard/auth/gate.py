"""What stands before everything, requests and websockets alike: nobody passes who is not signed in.

Pure ASGI, since other middleware does not see websockets. Copies of our identity header that a client
sends are taken out; who passes carries the id of their session in it, and the pages ask again on every
run whether that session still holds.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.auth.cookies import Cookies
from dashboard.auth.paths import FIRST_PAGE, local_path
from dashboard.auth.settings import SignInSettings
from dashboard.directory import Directory
from survey.register_sessions import Session

IDENTITY_HEADER = "X-Pmhealth-Session"
OPEN_PATHS = frozenset(
    {
        "/health",
        "/ready",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/callback",
        "/sign-in/mail",
        "/sign-in/ended",
        "/assets/sign-in.css",
        "/assets/fonts/inter-latin.woff2",
        "/assets/fonts/inter-latin-ext.woff2",
    }
)
"""Everything one may open without being signed in, besides a mailed link."""

_LINK = re.compile(r"/sign-in/link/[A-Za-z0-9_-]{1,100}")
UNCHECKED_HOST = frozenset({"/health", "/ready"})
"""A supervisor asks these by the machine's own address."""

CLOSED_STARTS = ("/_stcore/agent", "/_stcore/upload_file")
"""Parts of Streamlit that no page of ours uses."""

SESSION_STATE = "pmhealth_session"
"""Where a request's scope holds the session for our own routes."""

_PREFIX = b"x-pmhealth-"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What gate and routes share."""

    settings: SignInSettings
    directory: Directory
    cookies: Cookies

    def now(self) -> datetime:
        return self.directory.now()


class Gate:
    """Lets through who is signed in, and everybody to the few open paths."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = without_identity(scope["headers"])
        refusal = self._refuse_stranger(scope, headers)
        session = None if refusal else await self._find(headers)
        if refusal is None and session is None and not is_open(scope["path"]):
            refusal = _to_sign_in(scope, headers)
        if refusal is not None:
            await _answer(refusal, scope, receive, send)
            return
        await self.app(_with_identity(scope, headers, session), receive, send)

    async def _find(self, headers: Headers) -> Session | None:
        token = self._house.cookies.read(headers, self._house.cookies.session_name)
        if not token:
            return None
        return await run_in_threadpool(self._house.directory.sessions.find, token, self._house.now())

    def _refuse_stranger(self, scope: Scope, headers: Headers) -> Response | None:
        """Another host, another site's page, or a part of Streamlit that nobody needs."""
        path = scope["path"]
        if path not in UNCHECKED_HOST and _one(headers, b"host").lower() != self._house.settings.host:
            return PlainTextResponse("this is not the address of the dashboard", 421)
        if path.startswith(CLOSED_STARTS):
            return PlainTextResponse("not found", 404)
        if not self._is_same_site(scope, headers):
            return PlainTextResponse("this came from a page of another site", 403)
        return None

    def _is_same_site(self, scope: Scope, headers: Headers) -> bool:
        """A browser names the page that a websocket or a changing request comes from; so must all others."""
        if scope["type"] == "http" and scope["method"] in _SAFE:
            return True
        return _one(headers, b"origin").lower() == self._house.settings.origin


def without_identity(headers: Headers) -> Headers:
    """Returns the headers without those that only we may set, however they are written."""
    return [(key, value) for key, value in headers if not _is_identity(key)]


def _is_identity(key: bytes) -> bool:
    return key.lower().replace(b"_", b"-").startswith(_PREFIX)


def is_open(path: str) -> bool:
    """True if a path needs no session: one of the few, or a mailed link with letters of a secret."""
    return path in OPEN_PATHS or _LINK.fullmatch(path) is not None


def session_of(scope: Scope) -> Session | None:
    """Returns the session that the gate found for a request."""
    found = scope.get(SESSION_STATE)
    return found if isinstance(found, Session) else None


def _with_identity(scope: Scope, headers: Headers, session: Session | None) -> Scope:
    if session is None:
        return {**scope, "headers": headers, SESSION_STATE: None}
    own = (IDENTITY_HEADER.lower().encode(), session.session_id.encode())
    return {**scope, "headers": [*headers, own], SESSION_STATE: session}


def _one(headers: Headers, name: bytes) -> str:
    """Returns the only header of a name, or "" if it is not there or there twice."""
    found = [value for key, value in headers if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _to_sign_in(scope: Scope, headers: Headers) -> Response:
    """A browser that opens a page is led to sign in, and then back to it; all else is told no."""
    wants_page = (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in _one(headers, b"accept")
    )
    if not wants_page:
        return PlainTextResponse("sign in first", 401)
    query = scope.get("query_string", b"").decode("latin-1")
    target = local_path(quote(scope["path"]) + (f"?{query}" if query else ""))
    asked = "" if target == FIRST_PAGE else f"?next={quote(target, safe='')}"
    return RedirectResponse(f"/sign-in{asked}", 303)


async def _answer(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await refusal(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": 1008})
