"""What goes out: status, headers and body, ready to be sent. Every answer carries the same protections."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

from starlette.types import Send

from survey.form.packed import Packed, gzip_body

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

PROTECTION: Headers = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex"),
)
_NOT_KEPT: Headers = (*PROTECTION, (b"cache-control", b"no-store"))
_HTML: Headers = (*_NOT_KEPT, (b"content-type", b"text/html; charset=utf-8"), (b"vary", b"accept-encoding"))
_GZIPPED: Headers = (*_HTML, (b"content-encoding", b"gzip"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer to one request."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


def page(pieces: tuple[Packed, ...], *, takes_gzip: bool, status: int = 200) -> Reply:
    """Returns a page made of pieces."""
    if takes_gzip:
        return Reply(status=status, headers=_GZIPPED, body=gzip_body(pieces))
    return Reply(status=status, headers=_HTML, body=b"".join(piece.plain for piece in pieces))


def see_other(place: str) -> Reply:
    """Returns the way on after something was sent, so that reloading sends nothing twice."""
    return Reply(status=303, headers=(*_NOT_KEPT, (b"location", place.encode("latin-1"))), body=b"")


def bare(status: int, text: str = "", *headers: tuple[bytes, bytes]) -> Reply:
    """Returns an answer for machines."""
    kind = ((b"content-type", b"text/plain; charset=utf-8"),)
    return Reply(status=status, headers=(*_NOT_KEPT, *kind, *headers), body=text.encode())


def not_allowed(*methods: str) -> Reply:
    """Returns the answer to a method that means nothing here."""
    return bare(405, "", (b"allow", ", ".join(methods).encode()))


async def send_reply(reply: Reply, send: Send) -> None:
    """Sends an answer whole, with its length; one without content must not even say that it is empty."""
    headers = list(reply.headers)
    if reply.status != HTTPStatus.NO_CONTENT:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": int(reply.status), "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
