"""Templates to HTML: one environment, one base page, texts by language, and the static files.

Values are escaped by the templates; nothing here marks anything as safe. Whitespace at the edges of
lines is dropped, since a page travels over phones.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey.form.packed import gzip_body, pack
from survey.form.reply import PROTECTION, Headers, Reply
from survey.language import Wording, languages, wording

_HERE = Path(__file__).parent
_EDGES = re.compile(r"\s*\n\s*")
_KINDS = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}
_KEPT_A_YEAR: Headers = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"vary", b"accept-encoding"),
)

STATIC_ROOT = "form"
"""The first piece of every static file's path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file that never changes under its name, which holds its hash."""

    headers: Headers
    plain: bytes = field(repr=False)
    zipped: bytes = field(repr=False)

    def reply(self, *, takes_gzip: bool) -> Reply:
        if takes_gzip:
            headers = (*self.headers, (b"content-encoding", b"gzip"))
            return Reply(status=200, headers=headers, body=self.zipped)
        return Reply(status=200, headers=self.headers, body=self.plain)


@cache
def static_names() -> Mapping[str, str]:
    """Returns the address of each static file, by its plain name."""
    return {path.name: f"/{STATIC_ROOT}/{_hashed(path)}" for path in _static_paths()}


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Returns each static file by the last piece of its address."""
    return {_hashed(path): _static(path) for path in _static_paths()}


def render(name: str, words: Wording, /, **values: object) -> bytes:
    """Returns a template's HTML in one language.

    The template sees `t` (a text by key), `count` (a text by key and number), `day` (a day in words),
    the language and its direction, the addresses of static files, and the values.
    """
    text = (
        _environment()
        .get_template(name)
        .render(
            t=words.say,
            count=words.count,
            day=words.day,
            language=words.language,
            direction=words.direction,
            static=static_names(),
            **values,
        )
    )
    return _EDGES.sub("\n", text).strip().encode("utf-8", "replace")


def language_choice(language: str) -> tuple[tuple[str, str, bool], ...]:
    """Returns each language with its own name, and whether it is the one spoken."""
    return tuple((code, wording(code).say("language"), code == language) for code in languages())


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _static_paths() -> tuple[Path, ...]:
    return tuple(sorted((_HERE / "static").iterdir()))


def _hashed(path: Path) -> str:
    return f"{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


def _static(path: Path) -> StaticFile:
    plain = path.read_bytes()
    kind = (b"content-type", _KINDS[path.suffix[1:]])
    return StaticFile(
        headers=(*PROTECTION, *_KEPT_A_YEAR, kind), plain=plain, zipped=gzip_body((pack(plain),))
    )
