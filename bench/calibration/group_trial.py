"""Intervals of groups: a unit's score whose raters overlap, an item's favourable share, alpha."""

from math import sqrt

import numpy as np
from scipy.special import ndtr

from bench.calibration.organisation import Answers, Floats, Setting, draw_world
from bench.calibration.scores import spread_of
from bench.calibration.trial import Tally
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.consistency import estimate_alpha
from pipeline.statistics.favourable import favourable_shares
from pipeline.statistics.interval import allow_for_overlap, effective_raters, pooled_interval
from pipeline.statistics.scoring import score_raters
from survey.synthesis.model import HIGH, LOW, RatingModel, draw_ease, round_to_points

UNITS, PMS, RATERS, ITEMS = 10, 4, 6, 4
FAVOURABLE = 4.0
ALPHA_SETTING = Setting(raters=8, waves=1, traits=1, not_observed_share=0.0)


def try_units(load: int, count: int, seed: int) -> Tally:
    """Returns coverage of a unit's interval where each rater answers about `load` of its PMs."""
    tally, rng, model = Tally(), np.random.default_rng(seed), RatingModel()
    for _ in range(count):
        true = rng.normal(model.mean, model.subject_sd, (UNITS, PMS))
        ease = draw_ease(model, 1, ITEMS, rng)[0]
        ratings = _rate(model, true, ease, load, rng)
        _try_units(tally, model, true, ease, ratings, -(-PMS // load) * RATERS)
    return tally


def _rate(model: RatingModel, true: Floats, ease: Floats, load: int, rng: np.random.Generator) -> Floats:
    """(units, pms, raters, items); a rater's leniency is the same about `load` PMs next to each other."""
    people = rng.normal(0, model.leniency_sd, (UNITS, -(-PMS // load), RATERS))
    leniency = np.repeat(people, load, axis=1)[:, :PMS]
    own = rng.normal(0, sqrt(model.pair_sd**2 + model.view_sd**2), leniency.shape)
    noise = rng.normal(0, model.noise_sd, (*leniency.shape, ITEMS))
    ratings = round_to_points((true[..., None] + leniency + own)[..., None] + ease + noise)
    ratings[rng.random(ratings.shape) < model.not_observed_share] = np.nan
    return ratings


def _try_units(
    tally: Tally, model: RatingModel, true: Floats, ease: Floats, ratings: Floats, people: int
) -> None:
    spread = spread_of(score_raters(ratings).scores.reshape(UNITS * PMS, RATERS))
    if spread is None:
        return
    counts = np.isfinite(ratings).sum(axis=(1, 2))
    scores = (np.nansum(ratings, axis=(1, 2)) / counts).mean(axis=1)
    expected = _expected(model, true[..., None] + ease)
    shares = np.isfinite(ratings).sum(axis=2) / counts[:, None]
    truth = (expected * shares).sum(axis=1).mean(axis=1)  # of the PMs as they were rated
    responses = PMS * RATERS
    plain = effective_raters(np.full(UNITS, responses), counts.sum(axis=1), item_count=ITEMS)
    overlapping = allow_for_overlap(plain, response_count=responses, people_count=people)
    for name, size in (("unit", overlapping), ("unit, overlap ignored", plain)):
        found = pooled_interval(
            scores, size, sigma=float(spread.sigma), degrees_of_freedom=spread.degrees_of_freedom
        )
        is_hit = (found.low <= truth) & (truth <= found.high)
        tally.add(name, is_hit, np.ones(UNITS, dtype=np.bool_))
    _try_shares(tally, model, ratings, true[..., None] + ease, shares)


def _try_shares(tally: Tally, model: RatingModel, ratings: Floats, latent: Floats, shares: Floats) -> None:
    n = np.isfinite(ratings).sum(axis=(1, 2))
    hits = np.clip((ratings >= FAVOURABLE).sum(axis=(1, 2)), 1, n - 1)
    true = (ndtr((latent - FAVOURABLE + 0.5) / model.rating_sd) * shares).sum(axis=1)
    found = favourable_shares(hits, n)
    is_hit = (found.low <= true) & (true <= found.high)
    tally.add("favourable", is_hit, np.asarray(found.is_enough, dtype=np.bool_))


def _expected(model: RatingModel, latent: Floats) -> Floats:
    total = sum(ndtr((latent - point - 0.5) / model.rating_sd) for point in range(LOW, HIGH))
    return np.asarray(LOW + total, dtype=np.float64)


def try_alpha(count: int, seed: int) -> Tally:
    """Returns coverage of Feldt's interval over 40 PMs with 8 raters each, all items answered."""
    tally, rng = Tally(), np.random.default_rng(seed)
    world = draw_world(ALPHA_SETTING, count, rng)
    whom = np.repeat(np.arange(ALPHA_SETTING.subjects), ALPHA_SETTING.raters)
    found = [estimate_alpha(_flat(answers), subjects=whom) for answers in world.answers]
    known = [one for one in found if not isinstance(one, CannotTell)]
    # The truth is that of the population: of all organisations' answers together, ease taken out.
    centred = world.answers - world.answers.mean(axis=(1, 2, 3), keepdims=True)
    true = estimate_alpha(_flat(centred))
    if isinstance(true, CannotTell):
        return tally
    is_hit = np.array([one.low <= true.alpha <= one.high for one in known])
    tally.add("alpha", is_hit, np.ones(len(known), dtype=np.bool_))
    return tally


def _flat(answers: Answers) -> Answers:
    return answers.reshape(-1, answers.shape[-1])
