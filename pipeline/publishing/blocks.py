"""Blocks of a wave, from who answered; and which blocks lie in which unit and slice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

import pyarrow as pa

from pipeline.disclosure.blocks import Block, Membership, form_blocks
from pipeline.disclosure.turnover import may_have_changed_by_one
from pipeline.publishing.edition import RestGroup
from pipeline.publishing.known import stage_known
from pipeline.publishing.staging import Staging
from survey.instrument import SubjectKind

_INT = pa.int32()
_FORMED = {
    "block_no": _INT,
    "is_rest": pa.bool_(),
    "unit_id": pa.string(),
    "rater_count": _INT,
    "known_count": _INT,
    "pm_count": _INT,
}
_NOBODY = frozenset[int]()
_formed = attrgetter("is_rest", "unit_id", "rater_count", "known_count", "pm_count")


def stage_blocks(staging: Staging) -> None:
    """Stages `block`, `block_member`, `place`, `unit_place` (which lie in a unit or slice) and `scope_count`."""
    stage_known(staging)
    blocks = tuple(enumerate(_blocks(staging), start=1))
    staging.put("formed", _FORMED, ((no, *_formed(block)) for no, block in blocks))
    members = ((subject_no, no) for no, block in blocks for subject_no in block.subjects)
    staging.put("block_member", {"subject_no": _INT, "block_no": _INT}, members)
    for table in ("block", "place", "unit_place", "scope_count"):
        staging.create(table)


def _blocks(staging: Staging) -> tuple[Block, ...]:
    """What closing decided from who took part stands; for files of other tools it is decided here."""
    min_raters = staging.policy.min_raters
    memberships = tuple(_memberships(staging))
    if staging.edition.rests is None:
        return form_blocks(memberships, min_raters=min_raters, guarded=_guarded(staging, memberships)).blocks
    own = form_blocks((replace(one, unit_id="") for one in memberships), min_raters=min_raters)
    homes = {one.subject_no: one.unit_id for one in memberships}
    kept = (replace(block, unit_id=homes[block.subjects[0]]) for block in own.blocks)
    return (*kept, *_closed_rests(staging, staging.edition.rests))


def _guarded(staging: Staging, memberships: Iterable[Membership]) -> frozenset[int]:
    """Compared with the wave before of the same campaign; blocks that closing decided stay as they are."""
    earlier = staging.earlier.before(staging.wave) if staging.policy.turnover_guard else None
    if earlier is None:
        return frozenset()
    rows = staging.warehouse.query("publish/earlier_own_block", {"earlier_no": earlier.wave_no}).to_pylist()
    before = {row["subject_no"]: row["rater_count"] for row in rows}
    return may_have_changed_by_one(before, {one.subject_no: one.rater_count for one in memberships})


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


def _memberships(staging: Staging) -> Iterator[Membership]:
    if not staging.parameters()["has_others"]:
        return
    unknown, known = _named_raters(staging)
    homes = _homes(staging)
    for subject_no, subject_id, known_count, rater_count in staging.rows("membership"):
        yield Membership(
            subject_no=subject_no,
            unit_id=homes.get(subject_id, ""),
            rater_count=rater_count,
            known_count=known_count,
            raters=unknown.get(subject_no, _NOBODY),
            known=known.get(subject_no, _NOBODY),
        )


def _named_raters(staging: Staging) -> tuple[Mapping[int, frozenset[int]], ...]:
    """The pseudonyms of the unknown and of the known raters of subjects with few."""
    found = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for subject_no, rater_no, is_known in staging.rows("few_raters"):
        found[is_known][subject_no].add(rater_no)
    return tuple({subject_no: frozenset(several) for subject_no, several in one.items()} for one in found)


def _homes(staging: Staging) -> dict[str, str]:
    """Teams have no rest block: a team below k is not merged with another."""
    if staging.instrument.subject_kind is SubjectKind.UNIT:
        return {}
    return {person.person_id: person.org_unit for person in staging.members.people}
