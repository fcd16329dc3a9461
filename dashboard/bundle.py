"""Streamlit's own scripts, styles and fonts: public code, the same for everybody, sent before anybody is asked who they are.

Nothing else is sent from here: a path that is not one of these files goes on to the gate. Plotly's script is cut down first.
"""

import gzip
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import figure_script

PREFIX = "/static/"
LASTING = "public, max-age=31536000, immutable"
"""Names change with their content."""

MODULE = "text/javascript; charset=x-user-defined"
"""Browsers read modules as UTF-8 whatever is said here. Chromium compiles a module that could be read while it still
comes, which is only so of UTF-8 and Latin, anew on every visit; all others it compiles once, and keeps."""


class Bundle:
    """Answers for the files of a folder, as they were at the start; all else goes on."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        files = (path for path in folder.rglob("*") if path.is_file())
        self._files = {f"{PREFIX}{path.relative_to(folder).as_posix()}": path for path in files}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["method"] == "GET"
        path = self._files.get(scope["path"]) if is_asked else None
        app = self.app if path is None else answer_with(path, is_packed=takes_gzip(scope))
        await app(scope, receive, send)


def takes_gzip(scope: Scope) -> bool:
    """True if who asks can unpack."""
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


@cache
def answer_with(path: Path, *, is_packed: bool) -> Response:
    """Returns the answer with a file, kept from the first time it is asked for; texts packed, for a telephone's sake."""
    kind = MODULE if path.suffix == ".js" else guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind, "Cache-Control": LASTING, "Vary": "Accept-Encoding"}
    if is_packed and path.suffix in {".js", ".css"}:
        headers["Content-Encoding"] = "gzip"
        return Response(gzip.compress(content_of(path)), headers=headers)
    return Response(content_of(path), headers=headers)


def content_of(path: Path) -> bytes:
    """Returns what a file holds; of Plotly's script, what our figures need."""
    if not path.name.startswith(f"{figure_script.NAME}."):
        return path.read_bytes()
    return figure_script.trimmed(path.read_text(encoding="utf-8")).encode()
