"""Blocks of a wave, from who answered; and which blocks lie in which unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from pipeline.disclosure.blocks import Block, Membership, form_blocks
from pipeline.publishing.staging import Staging
from pipeline.release import Scope
from survey.instrument import SubjectKind
from survey.roster import unit_lineage

_INT = pa.int32()
_BLOCK = {
    "block_no": _INT,
    "is_rest": pa.bool_(),
    "unit_id": pa.string(),
    "scope_no": _INT,
    "rater_count": _INT,
    "subject_count": _INT,
}


def stage_blocks(staging: Staging) -> None:
    """Stages `block`, `block_member`, `unit_block` and `scope_count`."""
    found = form_blocks(_memberships(staging), min_raters=staging.policy.min_raters)
    ids = {row["subject_no"]: row["subject_id"] for row in staging.query("subject")}
    blocks = dict(enumerate(found.blocks, start=1))
    rows = [(block_no, *_block_row(staging, block, ids)) for block_no, block in blocks.items()]
    staging.put("block", _BLOCK, rows)
    members = [(subject_no, no) for no, block in blocks.items() for subject_no in block.subjects]
    staging.put("block_member", {"subject_no": _INT, "block_no": _INT}, members)
    inside = [(staging.scopes[Scope.UNIT.value, unit], no) for no, unit in _units_of_blocks(blocks)]
    staging.put("unit_block", {"scope_no": _INT, "block_no": _INT}, inside)
    columns = {"scope_no": _INT, "rater_count": _INT, "pm_count": _INT}
    staging.put("scope_count", columns, _scope_counts(staging, blocks, ids))


def _memberships(staging: Staging) -> Iterator[Membership]:
    if not staging.parameters()["has_others"]:
        return
    raters = defaultdict[int, set[int]](set)
    for row in staging.query("few_raters"):
        raters[row["subject_no"]].add(row["rater_no"])
    homes = _homes(staging)
    for row in staging.query("membership"):
        yield Membership(
            subject_no=row["subject_no"],
            unit_id=homes.get(row["subject_id"], ""),
            rater_count=row["rater_count"],
            raters=frozenset(raters.get(row["subject_no"], ())),
        )


def _homes(staging: Staging) -> dict[str, str]:
    """Teams have no rest block: a team below k is not merged with another."""
    if staging.instrument.subject_kind is SubjectKind.UNIT:
        return {}
    return {person.person_id: person.org_unit for person in staging.members.people}


def _block_row(staging: Staging, block: Block, ids: Mapping[int, str]) -> tuple[object, ...]:
    name = (
        (Scope.UNIT.value, block.unit_id) if block.is_rest else (Scope.SUBJECT.value, ids[block.subjects[0]])
    )
    return block.is_rest, block.unit_id, staging.scopes[name], block.rater_count, len(block.subjects)


def _units_of_blocks(blocks: Mapping[int, Block]) -> Iterator[tuple[int, str]]:
    for block_no, block in blocks.items():
        for unit in unit_lineage(block.unit_id):
            yield block_no, unit


def _scope_counts(
    staging: Staging, blocks: Mapping[int, Block], ids: Mapping[int, str]
) -> Iterable[tuple[int, int, int]]:
    """Raters and PMs behind every number about a subject or a unit."""
    own = [block for block in blocks.values() if not block.is_rest]
    for block in own:
        yield staging.scopes[Scope.SUBJECT.value, ids[block.subjects[0]]], block.rater_count, 1
    raters: dict[str, int] = defaultdict(int)
    pms: dict[str, int] = defaultdict(int)
    for block_no, unit in _units_of_blocks(blocks):
        raters[unit] += blocks[block_no].rater_count
        pms[unit] += len(blocks[block_no].subjects)
    for unit, count in raters.items():
        yield staging.scopes[Scope.UNIT.value, unit], count, pms[unit]
