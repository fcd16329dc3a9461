"""The one hidden field of a form: proof that it is our page for this link, and when it was opened.

It is encrypted and authenticated under a key made of the wave's key and the secret, so nobody else
can make one or read the time in it. The time travels with the page and is never stored.
"""

import base64
import binascii
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_CONTENT = struct.Struct(">QH")
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """When a page was opened (milliseconds since 1970; 0: its pace says nothing), and how much was filled in."""

    opened_ms: int
    filled_count: int


def make_seal(key: bytes, secret: str, subject_id: str, seal: Seal) -> str:
    """Returns the field's text. `key` is the wave's, or a process's own for pages that keep nothing."""
    nonce = os.urandom(_NONCE_BYTES)
    content = _CONTENT.pack(seal.opened_ms, min(seal.filled_count, 0xFFFF))
    sealed = _cipher(key, secret, subject_id).encrypt(nonce, content, None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def read_seal(key: bytes, secret: str, subject_id: str, text: str) -> Seal | None:
    """Returns what the field says, or None if it is not one that we made for this link and subject."""
    if len(text) > _LONGEST:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text.encode("ascii"))
        content = _cipher(key, secret, subject_id).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        opened_ms, filled_count = _CONTENT.unpack(content)
    except (InvalidTag, ValueError, binascii.Error, struct.error):
        return None
    return Seal(opened_ms=opened_ms, filled_count=filled_count)


def _cipher(key: bytes, secret: str, subject_id: str) -> AESGCM:
    parts = [part.encode("utf-8", "surrogatepass") for part in ("page", secret, subject_id)]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return AESGCM(hmac.digest(key, message, "sha256"))
