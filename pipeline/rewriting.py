"""What becomes of each stored answer when a wave closes: who took part in, new rows out.

Decided from who answered about whom, never from what they said. Self and manager are attributed
and stay. What others said stays about its PM where at least k unknown raters answered; else it counts
for the rest of a unit only, or for nothing where too few would stand together.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.disclosure.blocks import Block, Membership, form_blocks
from survey.answers import StoredResponse
from survey.instrument import Instrument, SubjectKind
from survey.participation import Responder
from survey.register_closing import ClosedGroup
from survey.relationship import ATTRIBUTED
from survey.reporting_group import OTHERS, KnownRaters, merge_groups, rest_id
from survey.response import Response, parse_response, render_response, split_signed
from survey.roster import Roster

KEY_BYTES = 32
_ATTRIBUTED = frozenset(one.value for one in ATTRIBUTED)


class Fate(StrEnum):
    """What became of a stored response."""

    KEPT = "kept"
    READDRESSED = "readdressed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """The rows of the closed store, and how many stored responses came to which fate.

    `signed_count` is how many of the rows are comments that their raters signed; each is a row of
    its own, so that the name does not stand beside the ratings. `own_count` is how many subjects
    keep what others said about them.
    """

    responses: tuple[StoredResponse, ...]
    groups: tuple[ClosedGroup, ...]
    fates: Mapping[Fate, int]
    signed_count: int
    own_count: int


def rewrite(
    stored: Collection[StoredResponse],
    responders: Iterable[Responder],
    members: Roster,
    instrument: Instrument,
    *,
    min_raters: int,
) -> Rewriting:
    """Returns what the closed store holds.

    Args:
        stored: every response that was collected.
        responders: whose responses are stored for certain.
        members: the roster of the wave's day.
        instrument: what was asked; where it is about units, there is no rest to fall back on.
        min_raters: how many unknown raters have to stand together (k).
    """
    others = _Others(stored, responders, members, instrument.subject_kind)
    blocks = form_blocks(others.memberships(), min_raters=min_raters).blocks
    desk = _Desk(others, blocks, min_raters)
    rows: list[StoredResponse] = []
    fates: Counter[Fate] = Counter()
    signed_count = 0
    for one in stored:
        fate, moved = desk.address(one)
        unsigned, signed = _split(moved, one, instrument)
        rows.extend([] if fate is Fate.WITHHELD else [unsigned])
        rows.extend(signed)
        fates[fate] += 1
        signed_count += len(signed)
    return Rewriting(
        responses=tuple(rows),
        groups=tuple(_closed_group(block) for block in blocks if block.is_rest),
        fates=fates,
        signed_count=signed_count,
        own_count=sum(not block.is_rest for block in blocks),
    )


def count_fates(closed: Iterable[StoredResponse], withheld: int) -> tuple[Mapping[Fate, int], int]:
    """Returns, from a closed store, how many responses came to which fate, and how many rows are signed."""
    fates: Counter[Fate] = Counter({Fate.WITHHELD: withheld})
    signed = 0
    for one in closed:
        if not _is_attributed(one) and _is_signed(one):
            signed += 1
        else:
            fates[Fate.READDRESSED if one.subject_id.startswith(rest_id("")) else Fate.KEPT] += 1
    return fates, signed


class _Others:
    """What others said, by subject, with who said it."""

    def __init__(
        self,
        stored: Iterable[StoredResponse],
        responders: Iterable[Responder],
        members: Roster,
        kind: SubjectKind,
    ) -> None:
        self._known = KnownRaters(members)
        self._homes = {person.person_id: person.org_unit for person in members.people}
        self._kind = kind
        self._stored: dict[str, list[StoredResponse]] = defaultdict(list)
        for one in stored:
            if not _is_attributed(one):
                self._stored[one.subject_id].append(one)
        self._subjects = tuple(sorted(self._stored))
        self._raters: dict[str, list[Responder]] = defaultdict(list)
        for responder in responders:
            if responder.reporting_group not in _ATTRIBUTED:
                self._raters[responder.subject_id].append(responder)
        self._numbers: dict[str, int] = {}

    def memberships(self) -> Iterator[Membership]:
        """A response without an answer is nobody's; whose it is cannot be told, so no names then."""
        for place, subject in enumerate(self._subjects):
            known = self._known.of(subject)
            unknown = self._numbered({one.rater_id for one in self._raters[subject]} - known)
            silent = sum(_is_silent(one) for one in self._stored[subject])
            yield Membership(
                subject_no=place,
                unit_id=self._homes.get(subject, "") if self._kind is SubjectKind.PM else "",
                rater_count=max(0, len(unknown) - silent),
                raters=frozenset() if silent else unknown,
                known=self._numbered({one.rater_id for one in self._raters[subject]} & known),
            )

    def names(self, block: Block) -> Iterator[str]:
        return (self._subjects[place] for place in block.subjects)

    def counts(self, subject: str) -> Mapping[str, int]:
        """How many unknown raters answered, by each group that is stored."""
        known = self._known.of(subject)
        counts = dict.fromkeys((one.reporting_group for one in self._stored[subject]), 0)
        for one in self._raters[subject]:
            if one.reporting_group in counts:
                counts[one.reporting_group] += one.rater_id not in known
        return counts

    def _numbered(self, raters: Iterable[str]) -> frozenset[int]:
        return frozenset(self._numbers.setdefault(rater, len(self._numbers)) for rater in sorted(raters))


class _Desk:
    """Says where each response goes, given the blocks."""

    def __init__(self, others: _Others, blocks: Iterable[Block], min_raters: int) -> None:
        self._blocks = {subject: block for block in blocks for subject in others.names(block)}
        self._groups = {
            subject: _final_groups(others.counts(subject), min_raters)
            for subject, block in self._blocks.items()
            if not block.is_rest
        }

    def address(self, one: StoredResponse) -> tuple[Fate, StoredResponse]:
        block = self._blocks.get(one.subject_id)
        if _is_attributed(one):
            return Fate.KEPT, one
        if block is None:
            return Fate.WITHHELD, one
        if block.is_rest:
            rest = rest_id(block.unit_id)
            return Fate.READDRESSED, replace(one, subject_id=rest, reporting_group=OTHERS)
        group = self._groups[one.subject_id][one.reporting_group]
        return Fate.KEPT, replace(one, reporting_group=group)


def _final_groups(counts: Mapping[str, int], min_raters: int) -> Mapping[str, str]:
    """As at opening, with those who answered; a group whose every claim is unfinished counts nobody."""
    merged = merge_groups(counts, min_raters=min_raters)
    apart = [count for group, count in counts.items() if merged[group] == OTHERS]
    if apart and sum(apart) < min_raters:
        return dict.fromkeys(counts, OTHERS)
    return merged


def _split(
    moved: StoredResponse, one: StoredResponse, instrument: Instrument
) -> tuple[StoredResponse, list[StoredResponse]]:
    """The response under a new key, and what its rater signed as a row of its own about the subject.

    Whoever signs a comment signs that alone: the name must not stand beside the ratings.
    """
    said = parse_response(one.content)
    unsigned, signed = (said, {}) if _is_attributed(one) else split_signed(said)
    row = replace(moved, response_key=_new_key(), content=render_response(unsigned, instrument))
    if not signed:
        return row, []
    apart = StoredResponse(
        response_key=_new_key(),
        subject_id=one.subject_id,
        reporting_group=OTHERS,
        content=render_response(Response(comments=signed), instrument),
        is_straight=False,
        is_fast=False,
    )
    return row, [apart]


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _is_attributed(one: StoredResponse) -> bool:
    return one.reporting_group in _ATTRIBUTED


def _is_silent(one: StoredResponse) -> bool:
    said = parse_response(one.content)
    return not (said.ratings or said.not_observed)


def _is_signed(one: StoredResponse) -> bool:
    return any(comment.signed_by for comment in parse_response(one.content).comments.values())


def _closed_group(block: Block) -> ClosedGroup:
    return ClosedGroup(unit_id=block.unit_id, subject_count=block.pm_count, rater_count=block.rater_count)
