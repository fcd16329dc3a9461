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

from survey.errors import StoreError
from survey.reporting_group import WATCHING_ROLES
from survey.roster import Roster

_KEY_BYTES = 32


def read_key(path: Path, *, is_in_use: bool) -> bytes:
    """Returns the deployment's pseudonym key, made on first use with mode 0600.

    Args:
        path: the key file.
        is_in_use: whether answers are stored under the key; then no other one may take its place.

    Raises:
        StoreError: the key is in use, and gone or damaged.
    """
    key = path.read_bytes() if path.exists() else b""
    if len(key) == _KEY_BYTES:
        return key
    if is_in_use:
        raise StoreError(
            "key-missing",
            "the pseudonym key is gone or damaged; with another one the same rater would count twice",
            where=path.name,
            hint="put its last good copy in its place",
        )
    return _make_key(path)


def _make_key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # left half-written by a crash, and never used
    key = secrets.token_bytes(_KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def wave_key(key: bytes, wave_id: str) -> bytes:
    """Returns the key of one wave."""
    return hmac.digest(key, wave_id.encode(), "sha256")


def watcher_numbers(key: bytes, members: Roster) -> dict[int, frozenset[str]]:
    """Returns the pseudonyms of everybody who may open others' pages: managers, and roles that see all.

    A file may name a rater by id, e-mail or name, so each of the three has its number; whoever shares
    a name with one of them is taken for them.
    """
    managers = {person.manager_id for person in members.people}
    found: dict[int, frozenset[str]] = {}
    for person in members.people:
        if person.person_id in managers or person.role.casefold() in WATCHING_ROLES:
            for text in {person.person_id, person.email, person.name} - {""}:
                number = _number(key, text)
                found[number] = found.get(number, frozenset()) | {person.person_id}
    return found


def pseudonyms(key: bytes, parties: Iterable[str]) -> pa.Table:
    """Returns the table `party` (text), `party_no` (64 bits of HMAC-SHA-256 under the key)."""
    texts = list(parties)
    numbers = [_number(key, text) for text in texts]
    return pa.table({"party": pa.array(texts, pa.string()), "party_no": pa.array(numbers, pa.uint64())})


def _number(key: bytes, text: str) -> int:
    """Case and outer blanks say nothing about who a person is."""
    return int.from_bytes(hmac.digest(key, text.strip().casefold().encode(), "sha256")[:8], "big")
