"""What made the demo's units change, over many seeds: is the move of the best team called mix, and no change?

Decided and worked out by the functions that publishing uses, wave after wave with the two before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.calibration.organisation import Floats
from bench.calibration.scores import MIN_ITEM_RATINGS, spread_of, sum_up
from bench.calibration.trial import HIGH, LOW, Tally
from pipeline.disclosure.mix import Detail, Path, Step, decide_mixes
from pipeline.disclosure.units import decide_units
from pipeline.release import Reason
from pipeline.statistics.change import Verdict
from pipeline.statistics.interval import allow_for_overlap, effective_raters
from pipeline.statistics.mix import Cohorts, Mix, judge_mixes, split_change
from survey.campaign import parse_period
from survey.policy import default_policy
from survey.relationship import ATTRIBUTED
from survey.roster import Roster, unit_lineage
from survey.synthesis.model import expected_rating
from survey.synthesis.world import Campaign

MOVED_FROM, MOVED_IN, MOVED_TRAIT = "Product/Growth", "2026Q2", "taste"
"""The team with the best taste leaves this unit in this quarter (`survey.synthesis.company`)."""

Decisions = Mapping[Step, Detail | Reason]
Item = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Of the subjects of a campaign: coded sums, counts, and the sums that would be expected, by item.

    All are (subjects, waves, traits, items), 0 where the item is not released; `raters` (subjects, waves).
    `homes`, wave after wave: the unit of each subject whose block can be followed, else "".
    `loads`: responses per person, wave after wave, by unit.
    """

    sums: Floats
    counts: Floats
    expected: Floats
    raters: Floats
    homes: tuple[tuple[str, ...], ...]
    loads: tuple[Mapping[str, float], ...]
    sigmas: tuple[Floats, ...]
    degrees_of_freedom: int


def try_mixes(tally: Tally, roster: Roster, campaign: Campaign, answers: NDArray[np.float32]) -> None:
    """Counts what is told of every change of every unit, and of the planted move."""
    world = _world(roster, campaign, answers)
    truth = campaign.truth
    items = [
        (trait, item)
        for trait, item in np.ndindex(*world.counts.shape[2:])
        if world.counts[:, :, trait, item].any()
    ]
    told: dict[Item, Decisions] = {}
    for last in range(1, len(truth.periods)):
        told = {item: _decide(world, item, last, told.get(item, {})) for item in items}
        for unit in sorted(
            {unit for decided in told.values() for unit, place in decided if place == min(last, 2) - 1}
        ):
            is_moved = (unit, truth.periods[last]) == (MOVED_FROM, MOVED_IN)
            _count(tally, world, unit, last, told, truth.traits.index(MOVED_TRAIT) if is_moved else None)


def _world(roster: Roster, campaign: Campaign, answers: NDArray[np.float32]) -> _World:
    truth, rated = campaign.truth, np.isfinite(answers[0])
    counts = rated.sum(axis=2)
    raters = rated.any(axis=(3, 4)).sum(axis=2)
    is_shown = (counts >= MIN_ITEM_RATINGS) & (raters >= default_policy().min_raters)[:, :, None, None]
    sums = np.clip(np.where(rated, answers[0], 0).sum(axis=2), counts * LOW + 1, counts * HIGH - 1)
    days = [parse_period(period).ends_on for period in truth.periods]
    units = [{one.person_id: one.org_unit for one in roster.as_of(day).people if one.is_pm} for day in days]
    scores = sum_up(answers).rater_scores[0]
    spreads = [
        [spread_of(scores[:, wave, :, t]) for t in range(len(truth.traits))] for wave in range(len(days))
    ]
    return _World(
        sums=np.where(is_shown, sums, 0.0),
        counts=np.where(is_shown, counts, 0).astype(np.float64),
        expected=np.where(is_shown, counts * _expected(campaign, counts.shape[3]), 0.0),
        raters=raters.astype(np.float64),
        homes=tuple(tuple(one.get(subject, "") for subject in truth.subjects) for one in units),
        loads=tuple(
            _loads(campaign, period, homes) for period, homes in zip(truth.periods, units, strict=True)
        ),
        sigmas=tuple(np.array([np.nan if s is None else float(s.sigma) for s in row]) for row in spreads),
        degrees_of_freedom=min(s.degrees_of_freedom for row in spreads for s in row if s is not None),
    )


def _expected(campaign: Campaign, item_count: int) -> Floats:
    """(subjects, waves, traits, items): the mean rating that raters without number would give."""
    truth = campaign.truth
    found = np.zeros((*np.moveaxis(truth.scores, 1, 2).shape, item_count))
    for column, trait in enumerate(truth.traits):
        for place, item in enumerate(campaign.instrument.scaled_items(trait)):
            for subject, wave in np.ndindex(found.shape[:2]):
                score = float(truth.scores[subject, column, wave])
                found[subject, wave, column, place] = expected_rating(
                    truth.model, score, (truth.ease[item.item_id],)
                )
    return found


def _loads(campaign: Campaign, period: str, homes: Mapping[str, str]) -> dict[str, float]:
    raters: dict[str, list[str]] = {}
    for one in campaign.responses[period]:
        if one.relationship not in ATTRIBUTED:
            for unit in unit_lineage(homes.get(one.subject_id, "")):
                raters.setdefault(unit, []).append(one.rater_id)
    return {unit: len(several) / len(set(several)) for unit, several in raters.items()}


def _decide(world: _World, item: Item, last: int, before: Decisions) -> Decisions:
    """As publishing: this wave and up to two before it, with what was told of the step before."""
    waves = range(max(0, last - 2), last + 1)
    homes = [[_home(world, item, wave, subject) for wave in waves] for subject in range(len(world.raters))]
    ways = {tuple(one) for one in homes}
    paths = [Path(units=way, pm_count=homes.count(list(way))) for way in sorted(ways) if any(way)]
    shown = []
    for place in range(len(waves)):
        inside = [one[place] for one in homes if one[place]]
        decided = decide_units(
            {unit: inside.count(unit) for unit in inside}, min_pms=default_policy().min_pms
        )
        shown.append({unit for unit, reason in decided.items() if reason is None})
    told = {
        (unit, 0): one
        for (unit, place), one in before.items()
        if place == min(last - 1, 2) - 1 and isinstance(one, Detail)
    }
    return decide_mixes(paths, shown, min_pms=default_policy().min_pms, told=told if last > 1 else {})


def _home(world: _World, item: Item, wave: int, subject: int) -> str:
    return world.homes[wave][subject] if world.counts[subject, wave, *item] else ""


def _count(
    tally: Tally, world: _World, unit: str, last: int, told: Mapping[Item, Decisions], moved_trait: int | None
) -> None:
    step = unit, min(last, 2) - 1
    found: dict[int, tuple[Mix, Mix]] = {}
    for trait in range(world.counts.shape[2]):
        used = {
            item: one
            for item, decided in told.items()
            if item[0] == trait and isinstance(one := decided.get(step), Detail)
        }
        if used:
            found[trait] = _split(world, unit, last, sorted(used), min(used.values()))
    if moved_trait is not None:
        tally.add("move told", np.array([moved_trait in found]), np.array([True]))
    if not found:
        return
    real, mix = judge_mixes(
        [one for one, _ in found.values()],
        lengths=np.ones(len(found)),
        degrees_of_freedom=world.degrees_of_freedom,
    )
    true_real = np.array([[float(true.stayers[0]) for _, true in found.values()]])
    true_mix = np.array([[float(true.composition[0]) for _, true in found.values()]])
    tally.add(
        "real change covers",
        np.abs(real.points - true_real) <= real.margins,
        np.ones_like(true_real, dtype=np.bool_),
    )
    tally.add("mix covers", np.abs(mix.points - true_mix) <= mix.margins, mix.margins > 0)
    if moved_trait in found:
        place = list(found).index(moved_trait)
        is_change = real.verdicts[0, place] in (Verdict.RISEN, Verdict.FALLEN)
        is_mix = mix.verdicts[0, place] == Verdict.FALLEN
        tally.add("move called mix", np.array([is_mix]), np.array([True]))
        tally.add("move called change", np.array([is_change]), np.array([True]))


def _split(world: _World, unit: str, last: int, items: Sequence[Item], detail: Detail) -> tuple[Mix, Mix]:
    """What is told, and the same from the ratings that would be expected."""
    before, now = (
        _cohorts(world, unit, here, there, items, detail)
        for here, there in ((last - 1, last), (last, last - 1))
    )
    sigma = float(
        np.sqrt((world.sigmas[last - 1][items[0][0]] ** 2 + world.sigmas[last][items[0][0]] ** 2) / 2)
    )
    told, true = (
        split_change(one, other, sigma=sigma, degrees_of_freedom=world.degrees_of_freedom)
        for one, other in zip(before, now, strict=True)
    )
    return told, true


def _cohorts(
    world: _World, unit: str, here: int, there: int, items: Sequence[Item], detail: Detail
) -> tuple[Cohorts, Cohorts]:
    shape = 1, 3, len(items)
    sums, counts, expected, responses = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((1, 3))
    for subject, cohort, column in _members(world, unit, here, there, items, detail):
        at = subject, here, *items[column]
        sums[0, cohort, column] += world.sums[at]
        counts[0, cohort, column] += world.counts[at]
        expected[0, cohort, column] += world.expected[at]
    for subject, cohort in {
        (subject, cohort) for subject, cohort, _ in _members(world, unit, here, there, items, detail)
    }:
        responses[0, cohort] += world.raters[subject, here]
    whole = effective_raters(responses, counts.sum(axis=-1), item_count=_item_count(world, items[0][0]))
    raters = allow_for_overlap(whole, response_count=world.loads[here][unit], people_count=1.0)
    return Cohorts(sums=sums, counts=counts, raters=raters), Cohorts(
        sums=expected, counts=counts, raters=raters
    )


def _item_count(world: _World, trait: int) -> int:
    return int(world.counts[:, :, trait].any(axis=(0, 1)).sum())


def _members(
    world: _World, unit: str, here: int, there: int, items: Sequence[Item], detail: Detail
) -> Iterator[tuple[int, int, int]]:
    """Each subject of the unit with its cohort, item by item."""
    for column, item in enumerate(items):
        for subject in range(len(world.raters)):
            if unit in unit_lineage(_home(world, item, here, subject)):
                other = _home(world, item, there, subject)
                moved = 1 if other and detail is Detail.MOVED_APART else 2
                yield subject, 0 if unit in unit_lineage(other) else moved, column
