"""What a wave will be able to show, before it opens: assignments in, expected shares out.

Responses are made up with a fixed seed, then judged by the same functions that decide when the wave is
published. From memberships alone, so it holds whatever people will answer.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from pipeline.disclosure.blocks import Blocks, Membership, form_blocks
from pipeline.disclosure.units import decide_units
from survey.assignment import AssignmentPlan, subjects_of
from survey.instrument import Instrument, SubjectKind
from survey.opening import PlannedWave
from survey.policy import Policy
from survey.relationship import ATTRIBUTED
from survey.reporting_group import KnownRaters
from survey.roster import Roster, unit_lineage

RESPONSE_PCTS = (60, 75, 90)
"""The shares of raters who answer, in percent, for which a wave is looked at."""

USUAL_PCT = 75
"""The share for which it is said who needs help."""

PREVIEW_SEED = 2026

_MOST_ROUNDS, _FEWEST_ROUNDS, _SUBJECT_ROUNDS = 200, 20, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What can be shown if so many raters answer: shares of all subjects and units, in percent.

    `unit_pct` is None where the subjects are units themselves. `guarded_pct` is what a turnover guard costs
    in a wave from files: of how many one more or one fewer answers than the time before.
    """

    response_pct: int
    subject_pct: float
    unit_pct: float | None
    comment_pct: float
    guarded_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectOutlook:
    """One subject: who is asked about it, and how often it stays below k.

    `invited` counts the others who are asked, `known` names those of them who may view the page and
    so do not count. `below_pct` is the share of rounds below k, for each of `RESPONSE_PCTS`;
    `gain_pct` is by how much one more rater lowers it, at the usual share.
    """

    subject_id: str
    invited: int
    known: tuple[str, ...]
    below_pct: tuple[float, ...]
    gain_pct: float

    @property
    def usual_below_pct(self) -> float:
        """How often it stays below k at the usual share."""
        return self.below_pct[RESPONSE_PCTS.index(USUAL_PCT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a wave will be able to show; both are empty where the instrument asks no others."""

    outlooks: tuple[Outlook, ...]
    subjects: tuple[SubjectOutlook, ...]

    @property
    def usual(self) -> Outlook | None:
        """What can be shown at the usual share of answers."""
        return next((one for one in self.outlooks if one.response_pct == USUAL_PCT), None)

    def at_risk(self, pct: float) -> tuple[SubjectOutlook, ...]:
        """Returns the subjects that stay below k more often than that, the most often first."""
        risky = (one for one in self.subjects if one.usual_below_pct > pct)
        return tuple(sorted(risky, key=lambda one: (-one.usual_below_pct, one.subject_id)))

    def most_helped(self, count: int) -> tuple[SubjectOutlook, ...]:
        """Returns the subjects for which one more rater does the most."""
        ordered = sorted(self.subjects, key=lambda one: (-one.gain_pct, one.subject_id))
        return tuple(one for one in ordered[:count] if one.gain_pct > 0)


def look_ahead(planned: PlannedWave) -> Preview:
    """Returns the preview of a planned wave, the same every time."""
    rng = np.random.default_rng(PREVIEW_SEED)
    return preview(planned.plan, planned.members, planned.instrument, planned.policy, rng)


def preview(
    plan: AssignmentPlan, members: Roster, instrument: Instrument, policy: Policy, rng: np.random.Generator
) -> Preview:
    """Returns what a wave with these assignments will be able to show.

    Whoever answers, answers about everybody on their list: people respond, or do not.

    Args:
        plan: who is asked about whom.
        members: the roster of the wave's day.
        instrument: says whether PMs or units are rated.
        policy: k and the smallest number of PMs of a unit.
        rng: the source of chance; seed it with `PREVIEW_SEED` for the same answer every time.
    """
    world = _World.of(plan, members, instrument)
    if not world.subjects:
        return Preview(outlooks=(), subjects=())
    rounds = max(_FEWEST_ROUNDS, min(_MOST_ROUNDS, _SUBJECT_ROUNDS // len(world.subjects)))
    chances = rng.random((len(world.raters), rounds))
    # The same chances for every share: who answers at 60 % answers at 75 %, so more never shows less.
    counts = {pct: world.counts(chances < pct / 100) for pct in RESPONSE_PCTS}
    return Preview(
        outlooks=tuple(
            _outlook(world, counts[pct], chances < pct / 100, policy, pct) for pct in RESPONSE_PCTS
        ),
        subjects=tuple(_subjects(world, counts, policy.min_raters)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Who is asked, by number. `unknown` holds the places in `raters` of a subject's unknown raters."""

    subjects: tuple[str, ...]
    raters: tuple[str, ...]
    unknown: tuple[NDArray[np.intp], ...]
    known: tuple[tuple[str, ...], ...]
    homes: Mapping[str, str]

    @classmethod
    def of(cls, plan: AssignmentPlan, members: Roster, instrument: Instrument) -> "_World":
        others: dict[str, list[str]] = defaultdict(list)
        for one in plan.assignments:
            if one.relationship not in ATTRIBUTED:
                others[one.subject_id].append(one.rater_id)
        subjects = subjects_of(members, instrument)
        finder = KnownRaters(members)
        known = {subject: finder.of(subject) for subject in subjects}
        raters = tuple(sorted({rater for asked in others.values() for rater in asked}))
        places = {rater: place for place, rater in enumerate(raters)}
        is_team = instrument.subject_kind is SubjectKind.UNIT
        return cls(
            subjects=subjects,
            raters=raters,
            unknown=tuple(
                np.array([places[one] for one in others[subject] if one not in known[subject]], dtype=np.intp)
                for subject in subjects
            ),
            known=tuple(tuple(sorted(known[subject].intersection(others[subject]))) for subject in subjects),
            homes={} if is_team else {person.person_id: person.org_unit for person in members.people},
        )

    def counts(self, answered: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Returns how many unknown raters answered: (subjects, rounds)."""
        return np.array([answered[places].sum(axis=0) for places in self.unknown], dtype=np.intp)

    def memberships(
        self, counts: NDArray[np.intp], answered: NDArray[np.bool_], min_raters: int
    ) -> Iterator[Membership]:
        """Yields what one round gives to `form_blocks`; raters are named where they are few."""
        for number, count in enumerate(counts.tolist()):
            if count:
                places = self.unknown[number]
                named = frozenset(places[answered[places]].tolist()) if count < min_raters else frozenset()
                yield Membership(
                    subject_no=number,
                    unit_id=self.homes.get(self.subjects[number], ""),
                    rater_count=count,
                    raters=named,
                )


def _outlook(
    world: _World, counts: NDArray[np.intp], answered: NDArray[np.bool_], policy: Policy, pct: int
) -> Outlook:
    enough_to_comment = max(policy.min_comment_submitters, policy.min_raters)
    return Outlook(
        response_pct=pct,
        subject_pct=float((counts >= policy.min_raters).mean() * 100),
        unit_pct=_unit_pct(world, counts, answered, policy) if world.homes else None,
        comment_pct=float((counts >= enough_to_comment).mean() * 100),
        guarded_pct=_guarded_pct(counts, policy.min_raters),
    )


def _guarded_pct(counts: NDArray[np.intp], min_raters: int) -> float:
    """Each round is compared with the one before it, as if these were two waves."""
    before = np.roll(counts, 1, axis=1)
    is_shown_twice = (counts >= min_raters) & (before >= min_raters)
    return float((is_shown_twice & (abs(counts - before) == 1)).mean() * 100)


def _unit_pct(world: _World, counts: NDArray[np.intp], answered: NDArray[np.bool_], policy: Policy) -> float:
    units = {above for subject in world.subjects for above in unit_lineage(world.homes[subject])}
    rounds = counts.shape[1]
    shown = 0
    for one in range(rounds):
        asked = world.memberships(counts[:, one], answered[:, one], policy.min_raters)
        shown += _shown_units(form_blocks(asked, min_raters=policy.min_raters), policy)
    return 100 * shown / (rounds * len(units)) if units else 0.0


def _shown_units(found: Blocks, policy: Policy) -> int:
    pms: dict[str, int] = defaultdict(int)
    for block in found.blocks:
        pms[block.unit_id] += len(block.subjects)
    return sum(reason is None for reason in decide_units(pms, min_pms=policy.min_pms).values())


def _subjects(
    world: _World, counts: Mapping[int, NDArray[np.intp]], min_raters: int
) -> Iterator[SubjectOutlook]:
    for number, subject in enumerate(world.subjects):
        unknown = len(world.unknown[number])
        yield SubjectOutlook(
            subject_id=subject,
            invited=unknown + len(world.known[number]),
            known=world.known[number],
            below_pct=tuple(float((counts[pct][number] < min_raters).mean() * 100) for pct in RESPONSE_PCTS),
            gain_pct=gain_of_one(unknown, USUAL_PCT, min_raters),
        )


def gain_of_one(unknown: int, response_pct: int, min_raters: int) -> float:
    """Returns by how many percent one more rater raises the chance that k of them answer.

    That is the chance that exactly k-1 of those there are answer, and the new one too.

    >>> round(gain_of_one(4, 75, 4), 1)
    31.6
    """
    share = response_pct / 100
    if unknown < min_raters - 1:
        return 0.0
    missing = unknown - min_raters + 1
    exactly_one_short = comb(unknown, min_raters - 1) * share ** (min_raters - 1) * (1 - share) ** missing
    return 100 * share * exactly_one_short
