"""The report of the attackers as it lies beside a release: counts and promises, no score and no name."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPromise:
    """What was promised for a wave, by its frozen policy."""

    wave_id: str
    policy_hash: str
    min_raters: int
    min_pms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedTable:
    """A table of a release: how many numbers were read, worked out again from blocks, and came out otherwise.

    `excepted` are those that the promise excepts: attributed to self or manager, or once for the whole organisation.
    """

    name: str
    read: int
    recomputed: int
    mismatched: int
    excepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAttack:
    """What one attacker tried, how often, and how often something was found.

    `name` is what follows `proof_attack_` in a key of `survey/text`.
    """

    name: str
    tried: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProof:
    """The report on a release. `sha256` is the release file's, so that it can be seen which one was attacked."""

    release_no: int
    file: str
    sha256: str
    is_held: bool
    shown_count: int
    hidden_count: int
    promises: tuple[KeptPromise, ...]
    tables: tuple[ProvedTable, ...]
    attacks: tuple[KeptAttack, ...]


def proof_path(release: Path) -> Path:
    """Returns where the report on a release file lies."""
    return release.with_suffix(".proof.json")


def read_proof(release: Path) -> KeptProof | None:
    """Returns the report on a release file, or None where nobody has attacked it yet."""
    try:
        content = json.loads(proof_path(release).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    content["promises"] = tuple(KeptPromise(**row) for row in content["promises"])
    content["tables"] = tuple(ProvedTable(**row) for row in content["tables"])
    content["attacks"] = tuple(KeptAttack(**row) for row in content["attacks"])
    return KeptProof(**content)
