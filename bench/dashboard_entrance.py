"""A way in for made-up visitors: sessions in the register, as signing in begins them."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.dashboard_world import HR
from dashboard.auth.cookies import Cookies
from dashboard.auth.settings import URL_VARIABLE
from survey.config import Settings
from survey.listening import HOST
from survey.register import open_register
from survey.register_sessions import Sessions, SignInMethod

COOKIE = Cookies(is_protected=False).session_name
_NO_MAIL = {
    "PMHEALTH_SMTP_HOST": HOST,
    "PMHEALTH_SMTP_TLS": "none",
    "PMHEALTH_MAIL_FROM": "bench@example.org",
}
"""Links by mail are a way in that asks nobody at the start; nobody here asks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A dashboard's home and port, and who lets visitors in."""

    home: Path
    port: int
    sessions: Sessions

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Returns what the dashboard finds in its environment."""
        return {**os.environ, URL_VARIABLE: self.url, **_NO_MAIL}

    def sign_in(self) -> str:
        """Returns the token of a session of HR that has just begun."""
        return self.sessions.begin(HR, SignInMethod.LINK, datetime.now(UTC)).token


@contextmanager
def open_entrance(home: Path) -> Iterator[Entrance]:
    """Yields the entrance of a home, at a port that is free."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    with open_register(Settings(home=home).register_address) as register:
        yield Entrance(home=home, port=port, sessions=Sessions(register.store))
