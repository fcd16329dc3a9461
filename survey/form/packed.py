"""Pieces of a page, compressed once and put together many times.

A page is the same for thousands of raters but for a few bytes, and compressing it costs more than
all else. Each piece here is a stretch of a deflate stream that refers to nothing outside itself, so
pieces can be joined in any order into one valid gzip body.
"""

import zlib
from dataclasses import dataclass, field

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_DEFLATE_END = b"\x03\x00"
_MOST_STORED = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A piece as it is, and compressed."""

    plain: bytes = field(repr=False)
    deflated: bytes = field(repr=False)


def pack(plain: bytes, *, level: int = 9) -> Packed:
    """Returns a piece that is worth compressing."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Packed(plain=plain, deflated=deflated)


def wrap(plain: bytes) -> Packed:
    """Returns a short piece, not compressed: five bytes of wrapping cost less than the work."""
    size = len(plain)
    if size > _MOST_STORED:
        return pack(plain, level=1)
    return Packed(
        plain=plain,
        deflated=b"\x00" + size.to_bytes(2, "little") + (size ^ _MOST_STORED).to_bytes(2, "little") + plain,
    )


def gzip_body(pieces: tuple[Packed, ...]) -> bytes:
    """Returns the pieces, one after the other, as one gzip body."""
    plain = b"".join(piece.plain for piece in pieces)
    tail = zlib.crc32(plain).to_bytes(4, "little") + len(plain).to_bytes(4, "little")
    return b"".join((_GZIP_HEAD, *(piece.deflated for piece in pieces), _DEFLATE_END, tail))
