"""How often one client may try. Counted in memory, per process: it slows guessing and flooding down.

Secrets are too long to be guessed anyway, and a whole company may come from one address on the day
results are ready, so the numbers are generous. How many links one person is mailed is counted in the register.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from threading import Lock

WINDOW_SECONDS = 600.0
_MOST_CLIENTS = 20_000


class Limited(StrEnum):
    """What is counted apart."""

    PROVIDER = "provider"
    MAIL = "mail"
    LINK = "link"


ALLOWED = {Limited.PROVIDER: 300, Limited.MAIL: 60, Limited.LINK: 300}
"""Tries of one client within ten minutes."""


class Limits:
    """Counts tries per client; a window that is over is forgotten."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._began_at = now()
        self._counts: dict[tuple[Limited, str], int] = {}

    def allow(self, what: Limited, client: str) -> bool:
        """True if that client may try once more; too many clients in one window are one client."""
        with self._lock:
            if self._now() - self._began_at >= WINDOW_SECONDS:
                self._began_at, self._counts = self._now(), {}
            key = (what, client)
            if key not in self._counts and len(self._counts) >= _MOST_CLIENTS:
                key = (what, "")
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= ALLOWED[what]
