"""Streamlit's page says which language it is in: a screen reader pronounces it by that."""

from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.auth.routes import wanted_wording

SAID = b'<html lang="en">'
"""What the page says of itself, whoever reads it."""


class ShellLanguage:
    """Sends the page in the language that the link or the browser asks for; all else passes untouched.

    Codes of languages have two letters, so the page stays as long as it was said to be.
    """

    def __init__(self, app: ASGIApp, page: Path) -> None:
        self.app = app
        self._page = page.read_bytes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_language(message: Message) -> None:
            if message.get("body") == self._page:
                wanted = wanted_wording(Request(scope)).language.encode()
                message = {**message, "body": self._page.replace(SAID, SAID.replace(b"en", wanted), 1)}
            await send(message)

        await self.app(scope, receive, send_in_language if scope["type"] == "http" else send)
