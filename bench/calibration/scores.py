"""Answers summed up as publishing does: coded item means, effective raters, one spread per trait."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.calibration.organisation import Answers, Floats
from pipeline.statistics.interval import effective_raters
from pipeline.statistics.scoring import needed_answers
from pipeline.statistics.spread import Spread, estimate_spread
from survey.synthesis.model import HIGH, LOW

MIN_ITEM_RATINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of all organisations; NaN where nothing may be shown.

    `scores`, `raters`: (organisations, subjects, waves, traits), of the items shown in that wave;
    `line_scores`, `line_raters`: of the items shown in every wave; `recent_scores`,
    `recent_raters`: (..., 2, traits), of the items shown in the last two.
    `rater_scores`: (organisations, subjects, waves, raters, traits).
    """

    scores: Floats
    raters: Floats
    line_scores: Floats
    line_raters: Floats
    recent_scores: Floats
    recent_raters: Floats
    rater_scores: Floats


def sum_up(answers: Answers) -> Scores:
    """Returns what the statistics get to see, from (..., waves, raters, traits, items)."""
    is_rated = np.isfinite(answers)
    counts = is_rated.sum(axis=3)
    sums = np.where(is_rated, answers, 0).sum(axis=3, dtype=np.float64)
    coded = np.clip(sums, counts * LOW + 1, counts * HIGH - 1)
    is_shown = counts >= MIN_ITEM_RATINGS
    means = coded / np.maximum(counts, 1)
    raters = is_rated.any(axis=(4, 5)).sum(axis=3)[..., None]
    items = is_rated.any(axis=(0, 1, 2, 3)).sum(axis=-1)  # a trait may have fewer than others
    scores, effective = _trait(means, counts, is_shown, raters, items)
    always = np.broadcast_to(is_shown.all(axis=2, keepdims=True), is_shown.shape)
    line_scores, line_raters = _trait(means, counts, always, raters, items)
    recent = is_shown[:, :, -2:]
    both = np.broadcast_to(recent.all(axis=2, keepdims=True), recent.shape)
    recent_scores, recent_raters = _trait(means[:, :, -2:], counts[:, :, -2:], both, raters[:, :, -2:], items)
    return Scores(
        scores=scores,
        raters=effective,
        line_scores=line_scores,
        line_raters=line_raters,
        recent_scores=recent_scores,
        recent_raters=recent_raters,
        rater_scores=_rater_scores(answers, is_rated),
    )


def spread_of(rater_scores: Floats) -> Spread | None:
    """Returns one trait's spread in one wave, from (subjects, raters); as publishing rounds it."""
    is_scored = np.isfinite(rater_scores)
    counts = is_scored.sum(axis=1, keepdims=True)
    filled = np.where(is_scored, rater_scores, 0.0)
    away = np.where(is_scored, filled - filled.sum(axis=1, keepdims=True) / np.maximum(counts, 1), 0.0)
    return estimate_spread(
        within_sum_squares=float((away**2).sum()),
        rater_count=int(counts.sum()),
        subject_count=int((counts > 0).sum()),
    )


def _trait(
    means: Floats,
    counts: NDArray[np.int64],
    is_shown: NDArray[np.bool_],
    raters: NDArray[np.int64],
    items: NDArray[np.int64],
) -> tuple[Floats, Floats]:
    shown = is_shown.sum(axis=-1)
    total = np.where(is_shown, means, 0.0).sum(axis=-1) / np.maximum(shown, 1)
    ratings = np.where(is_shown, counts, 0).sum(axis=-1)
    effective = effective_raters(raters, ratings, item_count=items)
    hidden = shown == 0
    return np.where(hidden, np.nan, total), np.where(hidden, np.nan, effective)


def _rater_scores(answers: Answers, is_rated: NDArray[np.bool_]) -> Floats:
    counts = is_rated.sum(axis=-1)
    total = np.where(is_rated, answers, 0).sum(axis=-1, dtype=np.float64)
    return np.where(counts >= needed_answers(answers.shape[-1]), total / np.maximum(counts, 1), np.nan)
