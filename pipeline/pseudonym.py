"""Raters' names become keyed numbers before anything is written.

The key is a random file of the deployment, readable by the pipeline alone. Each wave has its own
key derived from it, so that two waves' numbers have nothing in common.
"""

import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa


def read_key(path: Path) -> bytes:
    """Returns the deployment's pseudonym key, made on first use with mode 0600."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def wave_key(key: bytes, wave_id: str) -> bytes:
    """Returns the key of one wave."""
    return hmac.digest(key, wave_id.encode(), "sha256")


def pseudonyms(key: bytes, parties: Iterable[str]) -> pa.Table:
    """Returns the table `party` (text), `party_no` (64 bits of HMAC-SHA-256 under the key)."""
    texts = list(parties)
    numbers = [_number(key, text) for text in texts]
    return pa.table({"party": pa.array(texts, pa.string()), "party_no": pa.array(numbers, pa.uint64())})


def _number(key: bytes, text: str) -> int:
    """Case and outer blanks say nothing about who a person is."""
    return int.from_bytes(hmac.digest(key, text.strip().casefold().encode(), "sha256")[:8], "big")
