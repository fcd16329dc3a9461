"""How made-up true scores become ratings, and what mean rating a true score stands for.

Everything is thought on a scale of 1 to 5 and stretched to other scales where it is written down.
A rating is the subject's true score on the trait, plus the item's ease, plus what the rater brings
(leniency, halo about this subject, an own view of this trait), plus noise, rounded to a point and
cut off at the ends. Vectorised: thousands of subjects take a moment.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

LOW, HIGH = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingModel:
    """Standard deviations, in points of a 1 to 5 scale.

    The defaults give an ICC(1) of about .26 and a spread of raters' trait scores (four items) of
    about .57 around their subject. `halo_share` is the part of the variance between subjects that
    all traits have in common; `stability` the part of a rater's view that lasts into the next wave.
    """

    mean: float = 3.6
    subject_sd: float = 0.34
    halo_share: float = 0.6
    drift_sd: float = 0.06
    leniency_sd: float = 0.27
    pair_sd: float = 0.27
    view_sd: float = 0.30
    noise_sd: float = 0.60
    ease_sd: float = 0.15
    stability: float = 0.6
    not_observed_share: float = 0.15

    @property
    def rating_sd(self) -> float:
        """Spread of single ratings of one item around the true score, before rounding."""
        return sqrt(self.leniency_sd**2 + self.pair_sd**2 + self.view_sd**2 + self.noise_sd**2)


def draw_true_scores(
    model: RatingModel, subject_count: int, trait_count: int, wave_count: int, rng: np.random.Generator
) -> Floats:
    """Returns true scores, shape (subjects, traits, waves), that drift a little from wave to wave."""
    common = rng.standard_normal((subject_count, 1))
    own = rng.standard_normal((subject_count, trait_count))
    start = model.mean + model.subject_sd * (
        sqrt(model.halo_share) * common + sqrt(1 - model.halo_share) * own
    )
    steps = rng.normal(0, model.drift_sd, (subject_count, trait_count, wave_count))
    steps[:, :, 0] = 0
    return np.asarray(start[:, :, None] + np.cumsum(steps, axis=2), dtype=np.float64)


def draw_ease(model: RatingModel, trait_count: int, item_count: int, rng: np.random.Generator) -> Floats:
    """Returns how easily each item is rated high, shape (traits, items), mean 0 within each trait."""
    ease = rng.normal(0, model.ease_sd, (trait_count, item_count))
    return np.asarray(ease - ease.mean(axis=1, keepdims=True), dtype=np.float64)


def round_to_points(latent: Floats) -> Floats:
    """Returns ratings: whole points, cut off at the ends of the scale."""
    return np.clip(np.rint(latent), LOW, HIGH)


def expected_rating(model: RatingModel, true_score: float, ease: tuple[float, ...]) -> float:
    """Returns the mean rating that raters without number would give: what a trait score estimates.

    Rounding and the ends of the scale pull it a little towards the middle.

    >>> round(expected_rating(RatingModel(), 3.0, (0.0,)), 6)
    3.0
    """
    thresholds = [point + 0.5 for point in range(LOW, HIGH)]
    means = []
    for item_ease in ease:
        ratings = NormalDist(true_score + item_ease, model.rating_sd)
        means.append(LOW + sum(1 - ratings.cdf(threshold) for threshold in thresholds))
    return sum(means) / len(means)


def answers_as_arrays(
    model: RatingModel, true_scores: Floats, ease: Floats, rater_count: int, rng: np.random.Generator
) -> Floats:
    """Returns ratings of one wave in which every subject has raters of its own, for calibration.

    Args:
        model: the spreads.
        true_scores: (subjects, traits), points.
        ease: (traits, items), points.
        rater_count: raters of each subject.
        rng: where chance comes from.

    Returns:
        (subjects, raters, traits, items), points 1 to 5; NaN = not enough exposure to judge.
    """
    subject_count, trait_count = true_scores.shape
    brought_sd = sqrt(model.leniency_sd**2 + model.pair_sd**2)
    brought = rng.normal(0, brought_sd, (subject_count, rater_count, 1, 1))
    view = rng.normal(0, model.view_sd, (subject_count, rater_count, trait_count, 1))
    noise = rng.normal(0, model.noise_sd, (subject_count, rater_count, *ease.shape))
    ratings = round_to_points(true_scores[:, None, :, None] + ease + brought + view + noise)
    ratings[rng.random(ratings.shape) < model.not_observed_share] = np.nan
    return ratings
