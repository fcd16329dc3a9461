"""Where uploads are put for the worker: a stream in, a file under a name of ours out.

Only the bytes are taken. The name that the file had, and what it claims to be, stay with who sent it;
what it is, the worker finds out.
"""

import hmac
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

MOST_BYTES = 100 * 1024 * 1024
"""The largest file that is taken."""

MOST_AROUND = 64 * 1024
"""What a form may hold besides the file."""

MOST_FILES = 50
MOST_BYTES_IN_ALL = 1024 * 1024 * 1024
"""What may wait in the inbox at one time."""

_MODE = 0o640
_FOLDER_MODE = 0o750
_LONGEST_TOKEN = 100
_UNFINISHED = ".part"


class UploadRefusal(Exception):  # noqa: N818 - a refusal, like others here
    """An upload that is not taken; `code` is the text that says why, `status` what HTTP says."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Inbox:
    """The folder that the dashboard may write to and the worker empties."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check_room(self, size: int) -> None:
        """Refuses what is too large, or what the inbox has no room for.

        Raises:
            UploadRefusal: with which of the two.
        """
        if size > MOST_BYTES + MOST_AROUND:
            raise UploadRefusal("upload_too_large", 413)
        waiting = [path.stat().st_size for path in self._folder.glob("*")]
        if len(waiting) >= MOST_FILES or sum(waiting) + size > MOST_BYTES_IN_ALL:
            raise UploadRefusal("upload_full", 507)

    async def receive(self, chunks: AsyncIterator[bytes], content_type: str, token: str) -> str:
        """Takes the file of a form whose first field is the token, and returns its name in the inbox.

        Raises:
            UploadRefusal: it is no such form, the token is another, or the file is empty or too large;
                or the disk takes no more.
        """
        name = secrets.token_hex(16)
        part = self._folder / f"{name}{_UNFINISHED}"
        try:
            await _write(chunks, part, _boundary(content_type), token)
            part.rename(self._folder / name)
        except OSError as error:
            raise UploadRefusal("upload_disk", 507) from error
        return name


async def _write(chunks: AsyncIterator[bytes], part: Path, boundary: bytes, token: str) -> None:
    with _Form(part, boundary, token) as form:
        async for chunk in chunks:
            await run_in_threadpool(form.write, chunk)
        await run_in_threadpool(form.finish)


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadRefusal("upload_form", 400)
    return boundary


@dataclass(kw_only=True)
class _Field:
    """The field of the form that is being read."""

    name: str = ""
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)


class _Form:
    """Reads a form piece by piece: the token first, then the file, straight to the disk."""

    def __init__(self, path: Path, boundary: bytes, token: str) -> None:
        self._path = path
        self._token = token
        self._field = _Field()
        self._header_name = bytearray()
        self._is_known = self._has_file = False
        self._size = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_begin": self._header_name.clear,
                "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                "on_header_value": self._take_header,
                "on_headers_finished": self._name,
                "on_part_data": self._take,
                "on_part_end": self._end,
            },
        )

    def __enter__(self) -> "_Form":
        self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
        os.fchmod(self._file, _MODE)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """What did not come whole does not stay."""
        os.close(self._file)
        if kind is not None:
            self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise UploadRefusal("upload_form", 400) from None

    def finish(self) -> None:
        """Makes sure that all of it is there, and on the disk."""
        try:
            self._parser.finalize()
        except FormParserError:
            raise UploadRefusal("upload_form", 400) from None
        if not self._has_file or not self._size:
            raise UploadRefusal("upload_empty", 400)
        os.fsync(self._file)

    def _begin(self) -> None:
        self._field = _Field()

    def _take_header(self, data: bytes, start: int, end: int) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._field.header += data[start:end]

    def _name(self) -> None:
        _, options = parse_options_header(bytes(self._field.header))
        self._field.name = options.get(b"name", b"").decode("latin-1")
        if self._field.name == "file":
            if not self._is_known or self._has_file:
                raise UploadRefusal("upload_form", 403)
            self._has_file = True

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._field.name == "file":
            self._size += end - start
            if self._size > MOST_BYTES:
                raise UploadRefusal("upload_too_large", 413)
            _write_all(self._file, memoryview(data)[start:end])
        elif self._field.name == "token" and len(self._field.value) <= _LONGEST_TOKEN:
            self._field.value += data[start:end]

    def _end(self) -> None:
        if self._field.name == "token":
            self._is_known = hmac.compare_digest(bytes(self._field.value), self._token.encode())


def _write_all(file: int, data: memoryview) -> None:
    while data:
        data = data[os.write(file, data) :]
