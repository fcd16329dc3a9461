"""The routes by which HR hands in an export: a page with a form, and what takes the file.

Outside Streamlit, whose own uploads pass through its memory and its temporary files. Who may is asked
before the first byte is read, and again by whoever starts a job with the file.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.access import Role
from dashboard.auth.gate import House, session_of
from dashboard.auth.paths import local_path
from dashboard.auth.routes import show_page
from dashboard.directory import Directory
from dashboard.inbox import MOST_BYTES, Inbox, UploadRefusal
from survey.audit import AuditEntry
from survey.config import Settings

PATH = "/upload"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Somebody who may hand in a file; the token stands in their page and nowhere else."""

    person_id: str
    token: str


FindUploader = Callable[[Request], Uploader | None]


class Uploads:
    """Takes files from HR into the inbox."""

    def __init__(self, settings: Settings, directory: Callable[[], Directory], find: FindUploader) -> None:
        self._inbox = Inbox(settings.inbox_path)
        self._directory = directory
        self._find = find

    def routes(self) -> list[Route]:
        """Returns the page and what its form is sent to."""
        return [
            Route(PATH, self.ask, methods=["GET"]),
            Route(PATH, self.take, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Shows the form; `next` says which page goes on with the file."""
        try:
            uploader = await self._uploader(request)
        except UploadRefusal as refusal:
            return _refused(request, refusal)
        return show_page(
            request,
            "upload.html",
            token=uploader.token,
            action=_with(PATH, next=_next(request)),
            back=_next(request),
            most=MOST_BYTES // 1024**2,
        )

    async def take(self, request: Request) -> Response:
        """Takes one file and sends the browser on to the page that goes on with it, as `file=`."""
        try:
            name = await self._receive(request, await self._uploader(request))
        except UploadRefusal as refusal:
            return _refused(request, refusal)
        return RedirectResponse(_with(_next(request), file=name), 303)

    async def _uploader(self, request: Request) -> Uploader:
        uploader = await run_in_threadpool(self._find, request)
        if uploader is None:
            raise UploadRefusal("upload_not_yours", 403)
        return uploader

    async def _receive(self, request: Request, uploader: Uploader) -> str:
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            raise UploadRefusal("upload_form", 411)
        await run_in_threadpool(self._inbox.check_room, int(length))
        try:
            name = await self._inbox.receive(
                request.stream(), request.headers.get("content-type", ""), uploader.token
            )
        except ClientDisconnect:
            raise UploadRefusal("upload_form", 400) from None
        await run_in_threadpool(self._note, uploader, name, int(length))
        return name

    def _note(self, uploader: Uploader, name: str, size: int) -> None:
        directory = self._directory()
        directory.register.record(
            AuditEntry(
                done_at=directory.now(),
                done_by=uploader.person_id,
                action="file.upload",
                target=name,
                detail=f"{size} bytes",
            )
        )


def _refused(request: Request, refusal: UploadRefusal) -> Response:
    page = show_page(
        request, "upload_refused.html", status=refusal.status, code=refusal.code, back=_next(request)
    )
    page.headers["Connection"] = "close"  # the rest of what is sent is not read
    return page


def uploads_of(settings: Settings, house: House) -> Uploads:
    """Returns the uploads of a deployment: for who is HR today, in a session that holds."""

    def find(request: Request) -> Uploader | None:
        session = session_of(request.scope)
        viewer = None if session is None else house.directory.viewer_of(session.person_id)
        if session is None or viewer is None or Role.HR not in viewer.roles:
            return None
        cookie = house.cookies.read(request.scope["headers"], house.cookies.session_name)
        return Uploader(person_id=session.person_id, token=_token(cookie))

    return Uploads(settings, lambda: house.directory, find)


def uploads_of_demo(settings: Settings, directory: Callable[[], Directory]) -> Uploads:
    """Returns the uploads of a demo, where everybody may be HR; only for pages of this very server."""
    secret = secrets.token_hex()

    def find(request: Request) -> Uploader | None:
        people = sorted(directory().policy.hr)
        if not people or not _is_from_here(request.headers):
            return None
        return Uploader(person_id=people[0], token=_token(secret))

    return Uploads(settings, directory, find)


def _is_from_here(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    is_here = urlsplit(f"//{host}").hostname in _THIS_MACHINE
    return is_here and origin in (None, f"http://{host}")


def _token(secret: str) -> str:
    """Known to who has the cookie and to the page they were shown: another site can read neither."""
    return hmac.new(secret.encode(), b"upload", hashlib.sha256).hexdigest()


def _next(request: Request) -> str:
    return local_path(request.query_params.get("next", ""))


def _with(path: str, **more: str) -> str:
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | more
    return f"{parts.path}?{urlencode(query)}"
