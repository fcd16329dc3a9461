"""The demo's planted changes, over many seeds: how many does a page call real?

From `survey.synthesis` straight to the statistics, without files and warehouse: responses of others,
coded sums, items with three ratings or more, blocks of the policy's k.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bench.calibration.mix_trial import try_mixes
from bench.calibration.organisation import Floats
from bench.calibration.scores import spread_of, sum_up
from bench.calibration.trial import HIGH, LOW, Tally
from pipeline.statistics.change import Question, Verdict, judge_pages
from pipeline.statistics.course import Courses, change_between, fit_to_scale, half_year_change, slope_over
from pipeline.statistics.noise import estimate_noise
from survey.instrument import Instrument
from survey.policy import default_policy
from survey.relationship import ATTRIBUTED
from survey.roster import Roster
from survey.synthesis import company
from survey.synthesis.responses import Response
from survey.synthesis.truth import Truth
from survey.synthesis.world import Campaign, Cycle, make_campaign, make_organisation

SURE_RATERS = 6
"""The promise is about PMs with so many raters in both waves."""


def try_demo(instrument: Instrument, seeds: range) -> Tally:
    """Returns what became of the planted changes, and of pages on which nothing was planted."""
    tally = Tally()
    for seed in seeds:
        roster = make_organisation(company.COMPANY, seed)
        campaign = _make_campaign(roster, instrument, seed)
        answers = _answers_of(campaign)
        _try_campaign(tally, campaign, answers)
        try_mixes(tally, roster, campaign, answers)
    return tally


def _make_campaign(roster: Roster, instrument: Instrument, seed: int) -> Campaign:
    cycles = tuple(
        Cycle(period=one, response_share=company.RESPONSE_SHARES[one], quiet=company.QUIET[one])
        for one in company.QUARTERS
    )
    return make_campaign(roster, instrument, cycles, seed, company.PLANTED)


def _try_campaign(tally: Tally, campaign: Campaign, answers: NDArray[np.float32]) -> None:
    found = sum_up(answers)
    raters = np.isfinite(answers).any(axis=(4, 5)).sum(axis=3)[0]
    is_enough = raters >= default_policy().min_raters
    for wave in range(1, len(company.QUARTERS)):
        both = is_enough[:, wave - 1] & is_enough[:, wave]
        sure = np.asarray((raters[:, wave - 1 : wave + 1] >= SURE_RATERS).all(axis=1), dtype=np.bool_)
        sigmas, degrees = _spreads(found.rater_scores[0, :, wave - 1 : wave + 1])
        scores = np.where(is_enough[:, :, None], found.scores[0], np.nan)[:, : wave + 1]
        counts = found.raters[0][:, : wave + 1]
        verdicts = _judge(scores, counts, sigmas, degrees)
        _count(tally, campaign.truth, company.QUARTERS[wave], verdicts, both, sure)


def _judge(scores: Floats, counts: Floats, sigmas: Floats, degrees: int) -> NDArray[np.uint8]:
    """The verdicts of the last quarter's change, on a page that asks for all there is by then."""
    points, raters = np.moveaxis(scores, 1, 2), np.moveaxis(counts, 1, 2)
    kinds = [change_between(points, raters)]
    if points.shape[-1] >= 4:  # noqa: PLR2004 - two half-years
        kinds += [
            half_year_change(points, raters),
            slope_over(points, raters, np.arange(points.shape[-1])),
        ]
    return judge_pages(*(_question(kind, sigmas, degrees) for kind in kinds))[0].verdicts


def _question(courses: Courses, sigmas: Floats, degrees: int) -> Question:
    fitted = fit_to_scale(courses, low=LOW, high=HIGH)
    return Question(courses=fitted, sigmas=sigmas, noise=estimate_noise(fitted, sigmas, degrees))


def _spreads(rater_scores: Floats) -> tuple[Floats, int]:
    """Of two waves, (subjects, 2, raters, traits): pooled sigma by trait and its degrees of freedom."""
    found = [
        spread_of(rater_scores[:, wave, :, trait])
        for trait in range(rater_scores.shape[-1])
        for wave in (0, 1)
    ]
    sigmas = np.array([np.nan if one is None else float(one.sigma) for one in found]).reshape(-1, 2)
    degrees = min(one.degrees_of_freedom for one in found if one is not None)
    return np.sqrt((sigmas**2).mean(axis=1)), degrees


def _count(
    tally: Tally,
    truth: Truth,
    period: str,
    verdicts: NDArray[np.uint8],
    both: NDArray[np.bool_],
    sure: NDArray[np.bool_],
) -> None:
    is_real = (verdicts == Verdict.RISEN) | (verdicts == Verdict.FALLEN)
    planted = np.zeros(verdicts.shape[0], dtype=np.bool_)
    for shift in truth.shifts:
        row, column = truth.subjects.index(shift.subject_id), truth.traits.index(shift.trait_id)
        planted[row] |= shift.period == period
        if shift.period != period or not both[row]:
            continue
        right = Verdict.RISEN if shift.points > 0 else Verdict.FALLEN
        hit = np.array([verdicts[row, column] == right])
        tally.add("planted", hit, np.array([True]))
        tally.add("planted, six raters or more", hit, sure[[row]])
    tally.add("alarm", np.asarray(is_real.any(axis=1), dtype=np.bool_), both & ~planted)


def _answers_of(campaign: Campaign) -> NDArray[np.float32]:
    """(1, subjects, waves, raters, traits, items), turned; NaN = no rating or no such rater."""
    truth, instrument = campaign.truth, campaign.instrument
    places = _item_places(instrument, truth)
    by_subject: dict[tuple[int, int], list[Response]] = {}
    for wave, period in enumerate(truth.periods):
        for response in campaign.responses[period]:
            if response.relationship not in ATTRIBUTED:
                key = truth.subjects.index(response.subject_id), wave
                by_subject.setdefault(key, []).append(response)
    most = max(map(len, by_subject.values()))
    items = 1 + max(place for _, place in places.values())
    shape = (1, len(truth.subjects), len(truth.periods), most, len(truth.traits), items)
    found = np.full(shape, np.nan, dtype=np.float32)
    for (subject, wave), responses in by_subject.items():
        for rater, response in enumerate(responses):
            _put(found[0, subject, wave, rater], instrument, response, places)
    return found


def _item_places(instrument: Instrument, truth: Truth) -> dict[str, tuple[int, int]]:
    return {
        item.item_id: (column, place)
        for column, trait in enumerate(truth.traits)
        for place, item in enumerate(instrument.scaled_items(trait))
    }


def _put(
    cells: NDArray[np.float32],
    instrument: Instrument,
    response: Response,
    places: Mapping[str, tuple[int, int]],
) -> None:
    for item in instrument.items:
        value = response.values.get(item.item_id)
        if value is not None and item.item_id in places:
            points = LOW + HIGH - float(value) if item.is_reverse else float(value)
            cells[places[item.item_id]] = points
