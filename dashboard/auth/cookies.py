"""The two cookies: whose session a browser has, and which try of signing in it is on.

Under TLS they carry the prefix `__Host-`, which a browser accepts only from this very host, over TLS,
for every path. The plain names are for a dashboard on this machine alone.
"""

from dataclasses import dataclass

from starlette.responses import Response

from survey.register_sessions import SESSION_HOURS

_SESSION, _ATTEMPT = "pmhealth_session", "pmhealth_attempt"
_PREFIX = "__Host-"
_ATTEMPT_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """How cookies are named and set; `is_protected` under TLS."""

    is_protected: bool

    @property
    def session_name(self) -> str:
        return (_PREFIX if self.is_protected else "") + _SESSION

    @property
    def attempt_name(self) -> str:
        return (_PREFIX if self.is_protected else "") + _ATTEMPT

    def set_session(self, response: Response, token: str) -> None:
        self._set(response, self.session_name, token, SESSION_HOURS * 3600)

    def set_attempt(self, response: Response, browser: str) -> None:
        self._set(response, self.attempt_name, browser, _ATTEMPT_SECONDS)

    def drop_session(self, response: Response) -> None:
        self._set(response, self.session_name, "", 0)

    def drop_attempt(self, response: Response) -> None:
        self._set(response, self.attempt_name, "", 0)

    def read(self, headers: list[tuple[bytes, bytes]], name: str) -> str:
        """Returns a cookie's value, or "" if it is not there or there twice: then one is not ours."""
        wanted = name.encode("ascii") + b"="
        found = [
            part.strip().removeprefix(wanted)
            for key, value in headers
            if key == b"cookie"
            for part in value.split(b";")
            if part.strip().startswith(wanted)
        ]
        return found[0].decode("latin-1") if len(found) == 1 else ""

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.is_protected, httponly=True, samesite="lax"
        )
