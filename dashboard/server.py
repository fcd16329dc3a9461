"""The dashboard as an ASGI app: Streamlit behind our gate and headers, with sign-in and a health route.

It opens the releases folder and the register, nothing else. `announce` is called once the server answers.
"""

import asyncio
import base64
import gc
import hashlib
import logging
import os
import re
import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

import dashboard.navigation  # noqa: F401 - so that the first visitor does not wait for it
from dashboard.access import DEMO_VARIABLE, SESSION_KEY
from dashboard.auth.gate import IDENTITY_HEADER
from dashboard.auth.house import gate_of, make_house, ready_route, routes_of
from dashboard.auth.settings import URL_VARIABLE, SignInSettings, read_sign_in_settings
from dashboard.bundle import Bundle
from dashboard.directory import open_directory
from dashboard.shell import Shell, shell_of
from dashboard.uploading import uploads_of, uploads_of_demo
from dashboard.views import empty
from survey.config import Settings
from survey.errors import ConfigError
from survey.listening import HOST, listen
from survey.logs import take_over

_PUBLIC_SECONDS = 365 * 24 * 3600
_LASTING = ("/static/", "/assets/fonts/")
"""Files whose names change with their content, or never change: a browser may keep them."""

_APART_SECONDS, _MOST_IN_SIGHT = 5.0, 20_000
"""How often is looked whether there is much in the collector's sight, and how many objects that is."""

_HERE = Path(__file__).parent
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def inline_script_hashes(page: bytes) -> str:
    """Returns the CSP source for each inline script of Streamlit's own page, as `'sha256-...'`."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


_STREAMLIT = Path(st.__file__).parent / "static"
_PAGE = shell_of(_STREAMLIT)
_BUNDLE = Middleware(Bundle, folder=_STREAMLIT / "static")
_SHELL = Middleware(Shell, theirs=(_STREAMLIT / "index.html").read_bytes(), ours=_PAGE)

SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {inline_script_hashes(_PAGE)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

HSTS = {"Strict-Transport-Security": f"max-age={_PUBLIC_SECONDS}"}
"""Under TLS only; a browser then never comes without it again."""


class SecurityHeaders:
    """Adds the security headers to every answer; pure ASGI, so that websockets pass untouched."""

    def __init__(self, app: ASGIApp, *, is_protected: bool = False) -> None:
        self.app = app
        self._headers = {**SECURITY_HEADERS, **(HSTS if is_protected else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if not scope["path"].startswith(_LASTING):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def health(_: Request) -> Response:
    """Answers `ok`, for a proxy or a supervisor."""
    return PlainTextResponse("ok")


def own_routes() -> list[BaseRoute]:
    """Returns what we serve beside Streamlit: the health route and the fonts."""
    return [Route("/health", health), Mount("/assets", StaticFiles(directory=_HERE / "assets"))]


def build_app(settings: Settings, *, is_demo: bool) -> st.App:
    """Returns the ASGI app of the dashboard: the demo's, or the one behind sign-in.

    Raises:
        ConfigError: sign-in is not set up, the policy file is not in order, or a demo's folder is none.
        StoreError: the register cannot be opened.
    """
    os.environ["PMHEALTH_HOME"] = str(settings.home)
    os.environ[DEMO_VARIABLE] = "1" if is_demo else ""
    if is_demo:
        _check_made_up(settings)
        open_directory(settings).take_policy()
        routes = [
            *own_routes(),
            ready_route(lambda: open_directory(settings)),
            *uploads_of_demo(settings, lambda: open_directory(settings)).routes(),
        ]
        return _streamlit_app(routes, [Middleware(SecurityHeaders), _BUNDLE, _SHELL])
    house = make_house(read_sign_in_settings(os.environ), open_directory(settings))
    house.directory.take_policy()
    app = _streamlit_app(
        routes=[*own_routes(), *routes_of(house), *uploads_of(settings, house).routes()],
        middleware=[
            Middleware(SecurityHeaders, is_protected=house.settings.is_protected),
            _BUNDLE,
            gate_of(house),
            _SHELL,
        ],
    )
    configure_streamlit(house.settings)
    return app


def _streamlit_app(routes: Sequence[BaseRoute], middleware: Sequence[Middleware]) -> st.App:
    return st.App(_HERE / "app.py", routes=routes, middleware=middleware, on_script_error=empty.show_failure)


def _check_made_up(settings: Settings) -> None:
    """Without sign-in anybody may look as anybody, so the people have to be made up."""
    if not settings.is_made_up:
        raise ConfigError(
            "demo-missing",
            "the folder holds no demo, and without sign-in nothing else is shown",
            where=str(settings.home),
            hint="make one with 'pmhealth demo'; over real results set up sign-in: docs/operations.md",
        )


def configure_streamlit(settings: SignInSettings) -> None:
    """Sets what no file or variable of an operator may change: identity, hosts, secrets, errors.

    Streamlit reads its own files when an app is made, so this comes after.
    """
    for name, value in {
        "server.trustedUserHeaders": {IDENTITY_HEADER: SESSION_KEY},
        "server.allowedHosts": [urlsplit(settings.url).hostname or ""],
        "server.cookieSecret": secrets.token_urlsafe(32),
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.corsAllowedOrigins": [],
        "server.enableStaticServing": False,
        "client.showErrorDetails": "none",
    }.items():
        config.set_option(name, value, "pmhealth")


def serve(settings: Settings, *, port: int, is_demo: bool, announce: Callable[[str], None]) -> None:
    """Serves the dashboard until it is stopped; port 0 takes any free one.

    Raises:
        ConfigError: sign-in is not set up, the policy file is not in order, or the port is taken.
        StoreError: the register cannot be opened.
    """
    app = build_app(settings, is_demo=is_demo)
    listening = listen(port)
    local = f"http://{HOST}:{listening.getsockname()[1]}"
    address = local if is_demo else os.environ[URL_VARIABLE]
    options = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=HOST,
    )
    logging.getLogger("uvicorn.access").addFilter(_keep_nothing)
    logging.getLogger("uvicorn.error").addFilter(_is_warning)  # Streamlit lowers its level
    server = _AnnouncingServer(options, lambda: announce(address))
    with asyncio.Runner(loop_factory=options.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[listening]))


def _keep_nothing(_: logging.LogRecord) -> bool:
    """Addresses hold ids of people, and Streamlit switches the access log on by itself."""
    return False


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def set_apart() -> None:
    """Takes all that lives now out of the collector's sight, after it has looked at all of it once.

    Streamlit has it look at everything after every run of a page; at a quarter of a million objects
    of libraries and of numbers kept, that took longer than the page. This takes as long, once.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def _keep_apart() -> None:
    """Sets apart what was kept since, once it is much."""
    while True:
        if len(gc.get_objects()) > _MOST_IN_SIGHT:
            set_apart()
        await asyncio.sleep(_APART_SECONDS)


class _AnnouncingServer(uvicorn.Server):
    """Says where it is, once it really answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        take_over("streamlit", "uvicorn")
        self._apart = asyncio.create_task(_keep_apart())
        if self.started:
            self._announce()
