"""Blocks of a wave, from who answered; and which blocks lie in which unit and slice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from pipeline.disclosure.blocks import Block, Membership, form_blocks
from pipeline.disclosure.slices import KINDS
from pipeline.disclosure.turnover import may_have_changed_by_one
from pipeline.publishing.edition import RestGroup
from pipeline.publishing.known import stage_known
from pipeline.publishing.slices import Values, slice_name, subject_values, whole_values
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
    "place_no": _INT,
}
_PLACE = {"place_no": _INT, "unit_id": pa.string(), "pm_type": pa.string(), "stage": pa.string()}
_COUNT = {"scope_no": _INT, "group_no": pa.uint8(), "rater_count": _INT, "pm_count": _INT}


_Place = tuple[str, ...]
"""Where a block lies as a whole: the unit it ends in, and its slice of each kind, "" where in none."""


def stage_blocks(staging: Staging) -> None:
    """Stages `block`, `block_member`, `place`, `unit_place` (which lie in a unit or slice) and `scope_count`."""
    stage_known(staging)
    scopes = _subject_scopes(staging)
    blocks, values = _blocks(staging), subject_values(staging)
    places = [_place(block, values) for block in blocks]
    numbers = {place: no for no, place in enumerate(dict.fromkeys(places), start=1)}
    placed = [(block, numbers[place]) for block, place in zip(blocks, places, strict=True)]
    staging.put("block", _BLOCK, _block_rows(staging, placed, scopes))
    members = ((subject_no, no) for no, block in enumerate(blocks, start=1) for subject_no in block.subjects)
    staging.put("block_member", {"subject_no": _INT, "block_no": _INT}, members)
    staging.put("place", _PLACE, [(no, *place) for place, no in numbers.items()])
    around = {no: _around(staging, place) for place, no in numbers.items()}
    inside = ((scope_no, no) for no, several in around.items() for scope_no in several)
    staging.put("unit_place", {"scope_no": _INT, "place_no": _INT}, inside)
    staging.put("scope_count", _COUNT, _scope_counts(staging, placed, scopes, around))


def _place(block: Block, values: Mapping[int, Values]) -> _Place:
    slices = whole_values(block.subjects, values)
    return (block.unit_id, *(slices.get(kind, "") for kind in KINDS))


def _around(staging: Staging, place: _Place) -> tuple[int, ...]:
    """The numbers of all units and slices around a block."""
    unit_id, *slices = place
    units = ((Scope.UNIT.value, unit) for unit in unit_lineage(unit_id))
    names = (*units, *(slice_name(one) for one in zip(KINDS, slices, strict=True) if one[1]))
    return tuple(staging.scopes[name] for name in names)


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


def _subject_scopes(staging: Staging) -> dict[int, int]:
    return {row["subject_no"]: row["scope_no"] for row in staging.query("subject_scope")}


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


def _block_rows(
    staging: Staging, placed: Iterable[tuple[Block, int]], scopes: Mapping[int, int]
) -> Iterator[tuple[object, ...]]:
    for block_no, (block, place_no) in enumerate(placed, start=1):
        own = staging.scopes[Scope.UNIT.value, block.unit_id] if block.is_rest else scopes[block.subjects[0]]
        yield block_no, block.is_rest, block.unit_id, own, block.rater_count, block.pm_count, place_no


def _scope_counts(
    staging: Staging,
    placed: Iterable[tuple[Block, int]],
    scopes: Mapping[int, int],
    around: Mapping[int, Iterable[int]],
) -> Iterator[tuple[int, int, int, int]]:
    """Raters and PMs behind every number of others about a subject, a unit or a slice."""
    others: int = staging.parameters()["others_group"]
    raters: dict[int, int] = defaultdict(int)
    pms: dict[int, int] = defaultdict(int)
    for block, place_no in placed:
        own = () if block.is_rest else (scopes[block.subjects[0]],)
        for scope_no in (*own, *around[place_no]):
            raters[scope_no] += block.rater_count + block.known_count
            pms[scope_no] += block.pm_count
    for scope_no, count in raters.items():
        yield scope_no, others, count, pms[scope_no]
