"""Attacks a real release, and puts the report beside it: `release-000005.proof.json`.

The attackers are in `disclosure.proof`; this module brings them the release's rows, and from the
warehouse who answered in which block. Answers are not read.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.disclosure.comment_proof import ProvedComment, ProvedCommentRule
from pipeline.disclosure.evidence import (
    Evidence,
    ProvedBlock,
    ProvedCell,
    ProvedMix,
    ProvedPoint,
    ProvedRelationship,
    ProvedShare,
    ProvedSlice,
    ProvedSum,
    ProvedWave,
    Response,
)
from pipeline.disclosure.proof import Proof, prove
from pipeline.disclosure.proof_tallies import ProvedTally
from pipeline.errors import PublishError
from pipeline.pseudonym import read_key, watcher_numbers, wave_key
from pipeline.publish import Edition
from pipeline.release import GROUPS, Group, current_name, release_name, release_number
from pipeline.released_proof import KeptAttack, KeptPromise, KeptProof, ProvedTable, proof_path
from pipeline.replay import replay
from pipeline.rules import code
from pipeline.run import edition_of
from pipeline.warehouse import Warehouse, open_warehouse
from survey.campaign import WaveState
from survey.config import Settings
from survey.register import Register, open_register
from survey.relationship import Relationship
from survey.reporting_group import KnownRaters

_LATER = {
    "comment": "comment",
    "comment_rule": "comment_rule",
    "relationship": "relationship_item",
    "mix": "mix_item",
    "tally": "distribution",
    "share": "nonresponse",
}
"""What is read of tables that a release of an older format does not have."""

Progress = Callable[[str], None]
Watching = Mapping[str, Callable[[int, str], bool]]
"""By wave id: may the rater with this pseudonym open a page with this subject's number?"""


def prove_release(settings: Settings, release_no: int | None, *, progress: Progress) -> KeptProof:
    """Runs every attacker on a release and stores the report beside it.

    Args:
        settings: where the stores are.
        release_no: the release's number, or None for the current one.
        progress: told what is being done, in a few words.

    Raises:
        PublishError: there is no such release.
    """
    path = _find(settings.releases_path, release_no)
    number = release_number(path.name)
    progress("gathering what there is to know")
    with open_register(settings.register_address) as register, open_warehouse(settings.warehouse_path) as wh:
        evidence = gather(wh, path, number, watching(settings, register))
        progress("publishing it again from its blocks")
        tables = replay(wh, path, _editions(settings, register))
    progress("attacking the release")
    found = _report(path, number, prove(evidence), tables)
    proof_path(path).write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    return found


def _editions(settings: Settings, register: Register) -> dict[str, Edition]:
    seen = (WaveState.PUBLISHED, WaveState.WITHDRAWN)
    waves = [wave for wave in register.waves() if wave.state in seen]
    return {wave.wave_id: edition_of(settings, register, wave) for wave in waves}


def _report(path: Path, release_no: int, proof: Proof, tables: tuple[ProvedTable, ...]) -> KeptProof:
    promises = (
        KeptPromise(
            wave_id=wave.wave_id,
            policy_hash=wave.policy_hash,
            min_raters=wave.min_raters,
            min_pms=wave.min_pms,
        )
        for wave in proof.waves
    )
    return KeptProof(
        release_no=release_no,
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        is_held=proof.is_held and not any(one.mismatched for one in tables),
        shown_count=proof.shown_count,
        hidden_count=proof.hidden_count,
        promises=tuple(promises),
        tables=tables,
        attacks=tuple(KeptAttack(name=one.name, tried=one.tried, found=one.found) for one in proof.attacks),
    )


def gather(warehouse: Warehouse, path: Path, release_no: int, watching: Watching) -> Evidence:
    """Returns what the attackers get of a release file: its rows, and who answered in its blocks."""
    parameters = {
        "release_no": release_no,
        "others_group": GROUPS.index(Group.OTHERS),
        "self": code(Relationship.SELF),
        "manager": code(Relationship.MANAGER),
    }
    with warehouse.attached(path, "proved", "(read_only)"):
        rows = {
            name: warehouse.query(f"prove/{name}", parameters).to_pylist()
            for name in ("wave", "block", "sum", "cell", "point", "response", "slice")
        }
        there = {row["table_name"] for row in warehouse.query("prove/table").to_pylist()}
        later = {
            name: warehouse.query(f"prove/{name}", parameters).to_pylist() if table in there else []
            for name, table in _LATER.items()
        }
    return Evidence(
        waves=tuple(ProvedWave(**row) for row in rows["wave"]),
        blocks=tuple(ProvedBlock(**row) for row in rows["block"]),
        sums=tuple(ProvedSum(**row) for row in rows["sum"]),
        cells=tuple(ProvedCell(**row) for row in rows["cell"]),
        points=tuple(ProvedPoint(**row) for row in rows["point"]),
        responses=tuple(_responses(rows["response"], watching)),
        comments=tuple(ProvedComment(**row) for row in later["comment"]),
        comment_rules=tuple(ProvedCommentRule(**row) for row in later["comment_rule"]),
        slices=tuple(ProvedSlice(**row) for row in rows["slice"]),
        relationships=tuple(_relationship(row) for row in later["relationship"]),
        mixes=tuple(ProvedMix(**row) for row in later["mix"]),
        tallies=tuple(ProvedTally(**{**row, "at_least": tuple(row["at_least"])}) for row in later["tally"]),
        shares=tuple(ProvedShare(**row) for row in later["share"]),
    )


def watching(settings: Settings, register: Register) -> Watching:
    """Returns who of the raters of files may open which pages; our own form's raters are never known."""
    waves = [wave for wave in register.waves() if wave.is_external]
    if not waves:
        return {}
    key = read_key(settings.pseudonym_key_path, is_in_use=True)
    found: dict[str, Callable[[int, str], bool]] = {}
    for wave in waves:
        members = register.wave_roster(wave.wave_id)
        numbers = watcher_numbers(wave_key(key, wave.wave_id), members)
        found[wave.wave_id] = _may_open(numbers, KnownRaters(members))
    return found


def _relationship(row: dict[str, Any]) -> ProvedRelationship:
    names = {name: row.pop(name) for name in ("scope_no", "unit_id")}
    relationship = code(Relationship(row.pop("relationship")))
    return ProvedRelationship(
        wave_no=row["wave_no"], relationship=relationship, sum=ProvedSum(block_no=0, **row), **names
    )


def _may_open(numbers: Mapping[int, frozenset[str]], known: KnownRaters) -> Callable[[int, str], bool]:
    return lambda rater, subject_id: bool(numbers.get(rater, frozenset()) & known.of(subject_id))


def _responses(rows: Iterable[dict[str, Any]], watching: Watching) -> Iterator[Response]:
    """Whoever may open a page about one subject of a block reads the number of the whole block."""
    several = list(rows)
    known: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in several:
        may_open = watching.get(row.pop("wave_id"))
        subject_id, rater = row.pop("subject_id"), row["rater"]
        if may_open and rater is not None and may_open(rater, subject_id):
            known[row["release_no"], row["block_no"]].add(rater)
    for row in several:
        is_known = row["rater"] in known[row["release_no"], row["block_no"]]
        yield Response(**{**row, "content_no": int(row["content_no"]), "is_known": is_known})


def _find(releases: Path, release_no: int | None) -> Path:
    name = current_name(releases) if release_no is None else release_name(release_no)
    if name is None or not (releases / name).is_file():
        raise PublishError(
            "prove-unknown",
            "there is no such release",
            where=name or "the current release",
            hint="run: pmhealth publish --wave WAVE, or name a release that is there",
        )
    return releases / name
