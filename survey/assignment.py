"""Who is asked about whom: a roster and nominations in, the frozen list of assignments out.

Self and manager come from the roster, everybody else from nominations; a unit's own people answer
about a unit. What cannot be asked is dropped with a reason, never in silence. Nothing here reads a
store, a clock or chance: the same input gives the same list.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey.instrument import Instrument, SubjectKind
from survey.relationship import ATTRIBUTED, Relationship
from survey.reporting_group import known_raters, merge_groups
from survey.roster import Roster

__all__ = [
    "DROP_REASONS",
    "ENOUGH_OTHERS",
    "MAX_SUBJECTS",
    "Assignment",
    "AssignmentPlan",
    "Drop",
    "Dropped",
    "Limits",
    "Nomination",
    "NominationState",
    "SmallSubject",
    "Source",
    "assign",
    "known_raters",
    "merge_groups",
    "subjects_of",
]

MAX_SUBJECTS = 3
"""About how many PMs a rater is asked in a quarter, besides own reports and themselves."""

ENOUGH_OTHERS = 7
"""Fewer others than this, and a PM's number is likely to stay hidden: not everybody answers."""

OTHERS_ASKED = "others"


class Source(StrEnum):
    """Where a nomination comes from: HR's file, an earlier wave, the PM, or the PM's lead."""

    FILE = "file"
    WAVE = "wave"
    PM = "pm"
    LEAD = "lead"


class NominationState(StrEnum):
    """What became of a nomination; only an approved one is asked.

    `listed` is on a list that the PM has not handed in yet, `removed` the PM took off it again;
    `declined` is what the lead said.
    """

    LISTED = "listed"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """Somebody proposed as a rater of a PM, before the wave opens."""

    subject_id: str
    rater_id: str
    relationship: Relationship
    source: Source
    state: NominationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One rater asked about one subject.

    `reporting_group` is all that is stored beside the answer: self, manager, a relationship that
    enough raters of this subject share, or `others`. `place` is the subject's place on the
    rater's list, from 1.
    """

    rater_id: str
    subject_id: str
    relationship: Relationship
    reporting_group: str
    place: int


class Drop(StrEnum):
    """Why somebody is not asked."""

    NOT_ASKED = "not_asked"
    NO_SUBJECT = "no_subject"
    NOT_ACTIVE = "not_active"
    ONESELF = "oneself"
    IS_MANAGER = "is_manager"
    NOT_MANAGER = "not_manager"
    TWICE = "twice"
    TOO_NEW = "too_new"
    OVERBOOKED = "overbooked"
    TOO_FEW = "too_few"


DROP_REASONS: Mapping[Drop, str] = {
    Drop.NOT_ASKED: "the instrument does not ask others",
    Drop.NO_SUBJECT: "the subject is no PM on the roster of this day",
    Drop.NOT_ACTIVE: "the rater is not on the roster of this day",
    Drop.ONESELF: "nobody is asked about themselves as another person",
    Drop.IS_MANAGER: "the rater is the PM's manager and is asked as such",
    Drop.NOT_MANAGER: "self and manager come from the roster, and this rater is neither",
    Drop.TWICE: "the rater is on the PM's list already",
    Drop.TOO_NEW: "one of the two is there for less than 6 weeks",
    Drop.OVERBOOKED: "the rater is asked about enough PMs this quarter",
    Drop.TOO_FEW: "too few others are left about the subject to hide each among them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Somebody who is not asked about a subject, and why."""

    subject_id: str
    rater_id: str
    relationship: Relationship
    reason: Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallSubject:
    """A subject with fewer others than are likely to be enough."""

    subject_id: str
    other_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPlan:
    """Everybody who is asked, everybody who is not, and the subjects with few others."""

    assignments: tuple[Assignment, ...]
    dropped: tuple[Dropped, ...]
    small: tuple[SmallSubject, ...]

    @property
    def plan_hash(self) -> str:
        """The SHA-256 of all assignments, which a wave freezes."""
        lines = (
            "\t".join((one.rater_id, one.subject_id, one.relationship, one.reporting_group, str(one.place)))
            for one in self.assignments
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a rater may be asked at most.

    `busy` counts the PMs whom a rater is asked about as one of the others in other waves of the
    quarter. `newcomers` are there for less than 6 weeks by the end of the wave.
    """

    busy: Mapping[str, int] = field(default_factory=dict)
    newcomers: frozenset[str] = frozenset()
    max_subjects: int = MAX_SUBJECTS


NO_LIMITS = Limits()


def assign(
    members: Roster,
    nominations: Iterable[Nomination],
    *,
    instrument: Instrument,
    min_raters: int,
    limits: Limits = NO_LIMITS,
) -> AssignmentPlan:
    """Returns who is asked about whom in a wave.

    Args:
        members: the roster of the wave's day: at most one record per person.
        nominations: proposed raters; those that are not approved are left alone.
        instrument: says whether PMs or units are rated, and which groups are asked.
        min_raters: k; fewer others than this about a subject, and none is asked.
        limits: how much raters are asked already, and who is new.
    """
    proposed = tuple(one for one in nominations if one.state is NominationState.APPROVED)
    if instrument.subject_kind is SubjectKind.UNIT:
        pairs, dropped = _teams(members, instrument, limits), [_drop(one, Drop.NOT_ASKED) for one in proposed]
        kept = _without_few(pairs, min_raters, dropped)
        return _plan((), kept, dropped, subjects_of(members, instrument), min_raters)
    attributed, dropped = _attributed(members, instrument, limits)
    judged = _judge(proposed, members, instrument, limits, dropped)
    # First without those who could not be asked anyway: they must not use up a rater's three PMs.
    able = _without_few(judged, min_raters, dropped)
    kept = _without_few(_within_load(able, limits, dropped), min_raters, dropped)
    return _plan(attributed, kept, dropped, subjects_of(members, instrument), min_raters)


def subjects_of(members: Roster, instrument: Instrument) -> tuple[str, ...]:
    """Returns whom, or which units, others are asked about, sorted; nobody if it asks no others."""
    if OTHERS_ASKED not in instrument.respondents:
        return ()
    if instrument.subject_kind is SubjectKind.UNIT:
        return tuple(sorted({person.org_unit for person in members.people if person.org_unit}))
    return tuple(sorted(person.person_id for person in members.people if person.is_pm))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A rater and a subject, before groups and places are known."""

    subject_id: str
    rater_id: str
    relationship: Relationship


def _drop(one: Nomination | _Pair, reason: Drop) -> Dropped:
    return Dropped(
        subject_id=one.subject_id, rater_id=one.rater_id, relationship=one.relationship, reason=reason
    )


def _attributed(
    members: Roster, instrument: Instrument, limits: Limits
) -> tuple[tuple[_Pair, ...], list[Dropped]]:
    """Self and manager, as far as the instrument asks them. Nobody has to work with themselves for long."""
    ids = {person.person_id for person in members.people}
    pairs: list[_Pair] = []
    dropped: list[Dropped] = []
    for pm in (person for person in members.people if person.is_pm):
        if Relationship.SELF in instrument.respondents:
            pairs.append(
                _Pair(subject_id=pm.person_id, rater_id=pm.person_id, relationship=Relationship.SELF)
            )
        if Relationship.MANAGER in instrument.respondents and pm.manager_id in ids:
            pair = _Pair(subject_id=pm.person_id, rater_id=pm.manager_id, relationship=Relationship.MANAGER)
            if _is_new(pair, limits):
                dropped.append(_drop(pair, Drop.TOO_NEW))
            else:
                pairs.append(pair)
    return tuple(pairs), dropped


def _teams(members: Roster, instrument: Instrument, limits: Limits) -> tuple[_Pair, ...]:
    """Everybody is asked about their own unit, alike: in a team the role would name its one designer."""
    units = set(subjects_of(members, instrument))
    return tuple(
        _Pair(subject_id=person.org_unit, rater_id=person.person_id, relationship=Relationship.OTHER)
        for person in members.people
        if person.org_unit in units and person.person_id not in limits.newcomers
    )


def _is_new(pair: Nomination | _Pair, limits: Limits) -> bool:
    return not limits.newcomers.isdisjoint((pair.subject_id, pair.rater_id))


def _judge(
    proposed: Iterable[Nomination],
    members: Roster,
    instrument: Instrument,
    limits: Limits,
    dropped: list[Dropped],
) -> tuple[_Pair, ...]:
    """Returns the nominations that can be asked each by itself, and writes down the others."""
    managers = {person.person_id: person.manager_id for person in members.people}
    subjects = set(subjects_of(members, instrument))
    taken: dict[tuple[str, str], _Pair] = {}
    for one in proposed:
        key = (one.subject_id, one.rater_id)
        reason = (
            Drop.TWICE if key in taken else _reason(one, managers, subjects, instrument.respondents, limits)
        )
        if reason is not None:
            dropped.append(_drop(one, reason))
        else:
            taken[key] = _Pair(
                subject_id=one.subject_id, rater_id=one.rater_id, relationship=one.relationship
            )
    return tuple(taken.values())


def _reason(
    one: Nomination,
    managers: Mapping[str, str],
    subjects: Collection[str],
    respondents: Collection[str],
    limits: Limits,
) -> Drop | None:
    is_manager = managers.get(one.subject_id) == one.rater_id
    rules = (
        (OTHERS_ASKED not in respondents, Drop.NOT_ASKED),
        (one.subject_id not in subjects, Drop.NO_SUBJECT),
        (one.rater_id not in managers, Drop.NOT_ACTIVE),
        (one.subject_id == one.rater_id, Drop.ONESELF),
        (is_manager and Relationship.MANAGER in respondents, Drop.IS_MANAGER),
        (one.relationship in ATTRIBUTED, Drop.NOT_MANAGER),
        (_is_new(one, limits), Drop.TOO_NEW),
    )
    return next((reason for is_broken, reason in rules if is_broken), None)


def _within_load(pairs: Iterable[_Pair], limits: Limits, dropped: list[Dropped]) -> tuple[_Pair, ...]:
    """Takes a rater who is asked too much away from the PMs who have the most others left."""
    counts = Counter(pair.subject_id for pair in pairs)
    by_rater: dict[str, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        by_rater[pair.rater_id].append(pair)
    kept: list[_Pair] = []
    for rater_id, own in sorted(by_rater.items()):
        room = max(0, limits.max_subjects - limits.busy.get(rater_id, 0))
        while len(own) > room:
            fullest = max(own, key=lambda pair: (counts[pair.subject_id], pair.subject_id))
            own.remove(fullest)
            counts[fullest.subject_id] -= 1
            dropped.append(_drop(fullest, Drop.OVERBOOKED))
        kept.extend(own)
    return tuple(kept)


def _without_few(pairs: Iterable[_Pair], min_raters: int, dropped: list[Dropped]) -> tuple[_Pair, ...]:
    """Below k, whoever answered would be one of fewer than k possible authors from the first day."""
    everybody = tuple(pairs)
    counts = Counter(pair.subject_id for pair in everybody)
    dropped.extend(_drop(pair, Drop.TOO_FEW) for pair in everybody if counts[pair.subject_id] < min_raters)
    return tuple(pair for pair in everybody if counts[pair.subject_id] >= min_raters)


def _plan(
    attributed: Iterable[_Pair],
    others: Collection[_Pair],
    dropped: Iterable[Dropped],
    subjects: Iterable[str],
    min_raters: int,
) -> AssignmentPlan:
    counts = Counter(pair.subject_id for pair in others)
    grouped = [(pair, pair.relationship.value) for pair in attributed]
    grouped.extend(_grouped(others, min_raters))
    return AssignmentPlan(
        assignments=tuple(_placed(grouped)),
        dropped=tuple(sorted(dropped, key=lambda one: (one.subject_id, one.rater_id, one.relationship))),
        small=tuple(
            SmallSubject(subject_id=subject, other_count=counts[subject])
            for subject in subjects
            if counts[subject] < ENOUGH_OTHERS
        ),
    )


def _grouped(others: Iterable[_Pair], min_raters: int) -> Iterator[tuple[_Pair, str]]:
    by_subject: dict[str, list[_Pair]] = defaultdict(list)
    for pair in others:
        by_subject[pair.subject_id].append(pair)
    for pairs in by_subject.values():
        counts = Counter(pair.relationship.value for pair in pairs)
        groups = merge_groups(counts, min_raters=min_raters)
        yield from ((pair, groups[pair.relationship.value]) for pair in pairs)


def _placed(grouped: Iterable[tuple[_Pair, str]]) -> Iterator[Assignment]:
    by_rater: dict[str, list[tuple[_Pair, str]]] = defaultdict(list)
    for pair, group in grouped:
        by_rater[pair.rater_id].append((pair, group))
    for rater_id, own in sorted(by_rater.items()):
        for place, (pair, group) in enumerate(sorted(own, key=_list_order), start=1):
            yield Assignment(
                rater_id=rater_id,
                subject_id=pair.subject_id,
                relationship=pair.relationship,
                reporting_group=group,
                place=place,
            )


def _list_order(grouped: tuple[_Pair, str]) -> tuple[int, str]:
    """Oneself first, own reports next, the others mixed: by name the same PMs would always come last."""
    pair, _ = grouped
    first = ATTRIBUTED.index(pair.relationship) if pair.relationship in ATTRIBUTED else len(ATTRIBUTED)
    return first, hashlib.sha256(f"{pair.rater_id}\n{pair.subject_id}".encode()).hexdigest()
