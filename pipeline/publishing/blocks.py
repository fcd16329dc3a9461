"""Blocks of a wave, from who answered; and which blocks lie in which unit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from pipeline.disclosure.blocks import Block, Membership, form_blocks
from pipeline.publishing.edition import RestGroup
from pipeline.publishing.known import stage_known
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
_COUNT = {"scope_no": _INT, "group_no": pa.uint8(), "rater_count": _INT, "pm_count": _INT}


def stage_blocks(staging: Staging) -> None:
    """Stages `block`, `block_member`, `unit_block` and `scope_count`."""
    stage_known(staging)
    scopes = _subject_scopes(staging)
    blocks = dict(enumerate(_blocks(staging), start=1))
    above = _units_above(staging, blocks.values())
    staging.put("block", _BLOCK, [_block_row(no, block, scopes, above) for no, block in blocks.items()])
    members = ((subject_no, no) for no, block in blocks.items() for subject_no in block.subjects)
    staging.put("block_member", {"subject_no": _INT, "block_no": _INT}, members)
    inside = ((scope_no, no) for no, block in blocks.items() for scope_no in above[block.unit_id])
    staging.put("unit_block", {"scope_no": _INT, "block_no": _INT}, inside)
    staging.put("scope_count", _COUNT, _scope_counts(staging, blocks.values(), scopes, above))


def _blocks(staging: Staging) -> tuple[Block, ...]:
    """What closing decided from who took part stands; for files of other tools it is decided here."""
    min_raters = staging.policy.min_raters
    memberships = tuple(_memberships(staging))
    if staging.edition.rests is None:
        return form_blocks(memberships, min_raters=min_raters).blocks
    own = form_blocks((replace(one, unit_id="") for one in memberships), min_raters=min_raters)
    homes = {one.subject_no: one.unit_id for one in memberships}
    kept = (replace(block, unit_id=homes[block.subjects[0]]) for block in own.blocks)
    return (*kept, *_closed_rests(staging, staging.edition.rests))


def _closed_rests(staging: Staging, rests: Iterable[RestGroup]) -> Iterator[Block]:
    numbers = {row["unit_id"]: row["subject_no"] for row in staging.query("rest_subject")}
    for rest in rests:
        if rest.unit_id in numbers:
            yield Block(
                unit_id=rest.unit_id,
                subjects=(numbers[rest.unit_id],),
                rater_count=rest.rater_count,
                known_count=0,
                pm_count=rest.subject_count,
                is_rest=True,
            )


def _subject_scopes(staging: Staging) -> dict[int, int]:
    return {row["subject_no"]: row["scope_no"] for row in staging.query("subject_scope")}


def _units_above(staging: Staging, blocks: Iterable[Block]) -> dict[str, tuple[int, ...]]:
    """The numbers of a unit and every unit above it, the unit's own first."""
    units = {block.unit_id for block in blocks}
    return {
        unit: tuple(staging.scopes[Scope.UNIT.value, one] for one in unit_lineage(unit)) for unit in units
    }


def _memberships(staging: Staging) -> Iterator[Membership]:
    if not staging.parameters()["has_others"]:
        return
    raters = defaultdict[tuple[int, bool], set[int]](set)
    for row in staging.query("few_raters"):
        raters[row["subject_no"], row["is_known"]].add(row["rater_no"])
    homes = _homes(staging)
    for row in staging.query("membership"):
        yield Membership(
            subject_no=row["subject_no"],
            unit_id=homes.get(row["subject_id"], ""),
            rater_count=row["rater_count"],
            known_count=row["known_count"],
            raters=frozenset(raters.get((row["subject_no"], False), ())),
            known=frozenset(raters.get((row["subject_no"], True), ())),
        )


def _homes(staging: Staging) -> dict[str, str]:
    """Teams have no rest block: a team below k is not merged with another."""
    if staging.instrument.subject_kind is SubjectKind.UNIT:
        return {}
    return {person.person_id: person.org_unit for person in staging.members.people}


def _block_row(
    block_no: int, block: Block, scopes: Mapping[int, int], above: Mapping[str, tuple[int, ...]]
) -> tuple[object, ...]:
    scope_no = above[block.unit_id][0] if block.is_rest else scopes[block.subjects[0]]
    return block_no, block.is_rest, block.unit_id, scope_no, block.rater_count, block.pm_count


def _scope_counts(
    staging: Staging,
    blocks: Collection[Block],
    scopes: Mapping[int, int],
    above: Mapping[str, tuple[int, ...]],
) -> Iterator[tuple[int, int, int, int]]:
    """Raters and PMs behind every number of others about a subject or a unit."""
    others: int = staging.parameters()["others_group"]
    raters: dict[int, int] = defaultdict(int)
    pms: dict[int, int] = defaultdict(int)
    for block in blocks:
        own = () if block.is_rest else (scopes[block.subjects[0]],)
        for scope_no in (*own, *above[block.unit_id]):
            raters[scope_no] += block.rater_count + block.known_count
            pms[scope_no] += block.pm_count
    for scope_no, count in raters.items():
        yield scope_no, others, count, pms[scope_no]
