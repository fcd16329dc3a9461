"""What comes in, read with limits: the body while it streams, and where a request comes from."""

from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

MOST_BYTES = 64 * 1024
MOST_FIELDS = 400
_FORM = b"application/x-www-form-urlencoded"

Fields: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: the pieces of its path, its query, and the headers we look at."""

    method: str
    pieces: tuple[str, ...]
    query: Fields
    headers: dict[bytes, bytes]

    @property
    def takes_gzip(self) -> bool:
        return b"gzip" in self.headers.get(b"accept-encoding", b"")

    @property
    def accepted_languages(self) -> str:
        return self.headers.get(b"accept-language", b"").decode("latin-1")

    @property
    def wished_language(self) -> str:
        return self.query.get("lang", "")


class RefusedBodyError(Exception):
    """A body that is none of our forms; `status` says which kind of wrong it is."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_request(scope: Scope) -> Asked:
    """Returns a request without its body. The path is taken as sent: a secret needs no decoding."""
    path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    return Asked(
        method=scope["method"],
        pieces=tuple(path.decode("latin-1").split("/")[1:]),
        query=_query(scope["query_string"]),
        headers=dict(scope["headers"]),
    )


async def read_fields(asked: Asked, receive: Receive) -> Fields:
    """Returns the fields of a form; of a name that comes twice, the last.

    Raises:
        RefusedBodyError: it is no form, too large, or has too many fields.
    """
    if asked.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _FORM:
        raise RefusedBodyError(415)
    body = await _body(asked, receive)
    try:
        pairs = parse_qsl(body.decode("latin-1"), max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        raise RefusedBodyError(413) from None
    return dict(pairs)


def is_foreign(asked: Asked) -> bool:
    """True if another site's page sent this form. Who sends neither header is no browser of today."""
    site = asked.headers.get(b"sec-fetch-site")
    if site is not None:
        return site != b"same-origin"
    origin = asked.headers.get(b"origin")
    if origin is None:
        return False
    return origin.partition(b"://")[2] != asked.headers.get(b"host", b"")


async def _body(asked: Asked, receive: Receive) -> bytes:
    declared = asked.headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared[:12]) > MOST_BYTES:
        raise RefusedBodyError(413)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedBodyError(400)
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MOST_BYTES:
            raise RefusedBodyError(413)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _query(text: bytes) -> Fields:
    if not text:
        return {}
    try:
        return dict(parse_qsl(text.decode("latin-1"), max_num_fields=10, errors="replace"))
    except ValueError:
        return {}
