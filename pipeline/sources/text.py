"""From the bytes of a file to its text, or a plain refusal of what is no text.

UTF-8 and UTF-16 are taken at their word. A file that is UTF-8 but for a few damaged bytes keeps
its other letters; anything else is read in the code page that charset-normalizer finds, the two
western ones that spreadsheets write (Windows and Mac) first.
"""

import codecs
import re

from charset_normalizer import from_bytes

from pipeline.errors import SourceError

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"$FL2", "an SPSS file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_MARKUP = re.compile(r"\s*(?:<!doctype|<html|<\?xml|<table|<head|<body|<!--|\{\s*\"|\[\s*\{)", re.IGNORECASE)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ["cp1252", "mac_roman"]
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_BYTES = 4096
_SHORTEST_JUDGED = 8


def read_text(raw: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """Returns the text of a file and what its reader should know about how it was read.

    Raises:
        SourceError: the file is empty, another kind of file, or no text at all.
    """
    _refuse_other_kinds(raw, file)
    text, notices = _decode(raw, file)
    if not text.strip():
        raise SourceError("source-empty", "the file is empty", where=file, hint="export the responses again")
    if _MARKUP.match(text[:_HEAD_BYTES]):
        raise _wrong_kind("a web page, XML or JSON", file)
    _refuse_control_characters(text, file)
    return text, notices


def _refuse_other_kinds(raw: bytes, file: str) -> None:
    for signature, kind in _SIGNATURES:
        if raw.startswith(signature):
            raise _wrong_kind(kind, file)


def _wrong_kind(kind: str, file: str) -> SourceError:
    return SourceError(
        "source-kind",
        f"this is {kind}, not a table of responses",
        where=file,
        hint="export the responses as CSV or XLSX, one row per response",
    )


def _decode(raw: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    encoding = _declared_encoding(raw)
    try:
        return raw.decode(encoding), ()
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            raise _no_text(file) from None
    return _decode_damaged(raw) or _decode_code_page(raw, file)


def _declared_encoding(raw: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return encoding
    return _unmarked_utf16(raw[:_HEAD_BYTES]) or "utf-8"


def _unmarked_utf16(head: bytes) -> str:
    """Western text in UTF-16 has a zero in almost every second byte, and only there."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < _SHORTEST_JUDGED or max(even, odd) < 0.4 * len(head) / 2 or min(even, odd) > 0:
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _decode_damaged(raw: bytes) -> tuple[str, tuple[str, ...]] | None:
    """It says that it is UTF-8, or has more good letters beyond ASCII than damaged bytes."""
    text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - damaged
    if good <= damaged and not raw.startswith(codecs.BOM_UTF8):
        return None
    return text, (f"{damaged} damaged characters could not be read",)


def _decode_code_page(raw: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    found = from_bytes(raw, cp_isolation=_WESTERN, enable_fallback=False).best()
    found = found or from_bytes(raw, enable_fallback=False).best()
    if found is None:
        raise _no_text(file)
    return raw.decode(found.encoding), (f"the file is not UTF-8; it was read as {found.encoding}",)


def _no_text(file: str) -> SourceError:
    return SourceError(
        "source-encoding",
        "the file holds no readable text",
        where=file,
        hint="export it again as CSV in UTF-8, or as XLSX",
    )


def _refuse_control_characters(text: str, file: str) -> None:
    place = text.find("\0")
    if place >= 0:
        raise SourceError(
            "source-nul",
            "the line holds a NUL character, so the file is damaged",
            where=f"{file}:{_line_at(text, place)}",
            hint="export the file again",
        )
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise _no_text(file)


def _line_at(text: str, place: int) -> int:
    return 1 + len(re.findall(r"\r\n|\r|\n", text[:place]))
