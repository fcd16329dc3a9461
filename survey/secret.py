"""The secret of a personal link and the two keys that keep people and answers apart.

A secret is made, mailed and forgotten. The register knows it by one keyed hash, the answers by
another; with both keys gone, nothing says any more which belongs to which. A draft is encrypted
under the secret itself, so that only who has the link can read it.
"""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.errors import ConfigError

_SECRET_BYTES = 24
_KEY_BYTES = 32
_NONCE_BYTES = 12
_UNFINISHED = ".new"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveKeys:
    """The two keys of a wave: one for hashes in the register, one for keys of answers."""

    participation: bytes = field(repr=False)
    answers: bytes = field(repr=False)


def new_secret() -> str:
    """Returns a new secret of 192 random bits, in letters that an address may hold."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def make_keys(path: Path) -> WaveKeys:
    """Returns the keys in the file, new ones if there is none; the file is its owner's only.

    Raises:
        ConfigError: the file cannot be written, or is none of keys.
    """
    if not path.exists():
        try:
            _write_keys(path)
        except OSError as error:
            raise ConfigError(
                "keys-unwritable",
                "the keys of the wave cannot be written",
                where=path.name,
                hint="check that the folder is yours to write and that the disk has room",
            ) from error
    return read_keys(path)


def read_keys(path: Path) -> WaveKeys:
    """Returns the keys in the file.

    Raises:
        ConfigError: there is no such file, it cannot be read, or is none of keys.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(path) from error
    if len(content) != 2 * _KEY_BYTES:
        raise _unusable(path)
    return WaveKeys(participation=content[:_KEY_BYTES], answers=content[_KEY_BYTES:])


def delete_keys(path: Path) -> None:
    """Deletes the keys for good; says nothing if they are gone already.

    A crash while they were made may have left a second copy beside them, which goes too.
    """
    for copy in _copies(path):
        copy.unlink(missing_ok=True)
    if path.parent.exists():
        _sync_folder(path.parent)


def secret_hash(keys: WaveKeys, secret: str) -> bytes:
    """Returns what the register keeps of a secret."""
    return _digest(keys.participation, "link", secret)


def response_key(keys: WaveKeys, secret: str, subject_id: str) -> bytes:
    """Returns the key of the response that the holder of a secret gives about a subject."""
    return _digest(keys.answers, "response", secret, subject_id)


def draft_key(keys: WaveKeys, secret: str, subject_id: str) -> bytes:
    """Returns the key of that rater's draft, of which nothing leads to the response."""
    return _digest(keys.answers, "draft", secret, subject_id)


def seal_draft(secret: str, subject_id: str, plain: bytes) -> bytes:
    """Returns a draft as only the holder of the secret can read it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(secret, subject_id).encrypt(nonce, plain, None)


def open_draft(secret: str, subject_id: str, sealed: bytes) -> bytes | None:
    """Returns the draft, or None if it is another rater's, about somebody else, or changed."""
    try:
        return _cipher(secret, subject_id).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        return None


def _cipher(secret: str, subject_id: str) -> AESGCM:
    """A secret is random enough to make a key by one keyed hash; no slow hashing is needed."""
    return AESGCM(_digest(_bytes(secret), "draft of", subject_id))


def _digest(key: bytes, *parts: str) -> bytes:
    """Each part goes in with its length, so that no two lists of parts are one text."""
    message = b"".join(len(part).to_bytes(4) + part for part in map(_bytes, parts))
    return hmac.digest(key, message, "sha256")


def _bytes(text: str) -> bytes:
    """A secret out of an address may be any bytes; what was never a secret just finds nothing."""
    return text.encode("utf-8", "surrogatepass")


def _copies(path: Path) -> tuple[Path, ...]:
    """The file of the keys itself comes first, since it is the one that opens something."""
    start, end = f"{path.name}.", _UNFINISHED
    beside = path.parent.iterdir() if path.parent.exists() else ()
    return (path, *(one for one in beside if one.name.startswith(start) and one.name.endswith(end)))


def _write_keys(path: Path) -> None:
    """Written whole beside the place, then linked to it: never half a key, never a second one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_UNFINISHED}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(2 * _KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        pass  # another process was first; its keys are the wave's
    finally:
        unfinished.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(path: Path) -> ConfigError:
    return ConfigError(
        "keys-unusable",
        "the keys of the wave are not there, or not readable",
        where=path.name,
        hint="an open wave needs them for its links; put the file back, they cannot be made again",
    )
