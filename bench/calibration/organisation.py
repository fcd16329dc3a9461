"""Made-up organisations of known truth, many at once: subjects, traits, items, waves, raters.

As in survey.synthesis: discrete answers from 1 to 5, halo, raters who mostly stay and partly keep
their view, "not enough exposure". Here every subject has raters of its own.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from survey.synthesis.model import HIGH, LOW, RatingModel

Answers = NDArray[np.float32]
Floats = NDArray[np.float64]

MIDDLE, CEILING, HARD_CEILING = 3.6, 4.2, 4.5
"""Mean true scores: an ordinary organisation, and two in which many tick the highest point."""

SELF_BIAS = 0.2
_ROUNDING = 1 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of the organisations of one row of the tables.

    `icc` is of a single rater's trait score, before rounding. `shift` is the true change of one
    trait of every tenth subject in the last half of the waves, in points of the underlying scale.
    """

    raters: int
    icc: float = 0.26
    mean: float = MIDDLE
    shift: float = 0.0
    subjects: int = 40
    waves: int = 4
    traits: int = 6
    items: int = 4
    replaced_share: float = 0.25
    not_observed_share: float = 0.15

    @property
    def model(self) -> RatingModel:
        """The rating model with the spread of subjects that this ICC(1) needs."""
        model = RatingModel(mean=self.mean, drift_sd=0.0, not_observed_share=self.not_observed_share)
        noise = (model.noise_sd**2 + _ROUNDING) / self.items
        within = model.leniency_sd**2 + model.pair_sd**2 + model.view_sd**2 + noise
        return replace(model, subject_sd=sqrt(within * self.icc / (1 - self.icc)))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Many organisations; NaN in answers is "not enough exposure". Expected values are of ratings.

    `answers`: (organisations, subjects, waves, raters, traits, items), `selves`: (organisations,
    subjects, traits), `expected`: (organisations, subjects, waves, traits), `expected_self` as
    `selves`; all scale points. `is_shifted`: (subjects, traits).
    """

    answers: Answers
    selves: Floats
    expected: Floats
    expected_self: Floats
    is_shifted: NDArray[np.bool_]


def draw_world(setting: Setting, count: int, rng: np.random.Generator) -> World:
    """Returns so many organisations of one setting."""
    model = setting.model
    shape = count, setting.subjects, setting.traits
    common = rng.standard_normal((count, setting.subjects, 1))
    own = rng.standard_normal(shape)
    true = model.mean + model.subject_sd * (
        sqrt(model.halo_share) * common + sqrt(1 - model.halo_share) * own
    )
    is_shifted = _shifted(setting)
    by_wave = np.repeat(true[:, :, None, :], setting.waves, axis=2)
    if setting.shift:
        by_wave = _shift(by_wave, is_shifted, setting)
    ease = rng.normal(0, model.ease_sd, (count, 1, setting.traits, setting.items))
    ease -= ease.mean(axis=3, keepdims=True)
    last = by_wave[:, :, -1]
    return World(
        answers=_answer(model, setting, by_wave, ease, rng),
        selves=_rate_self(model, last + SELF_BIAS, ease, rng),
        expected=_expected(model, by_wave, ease[:, :, None]),
        expected_self=_expected(model, last + SELF_BIAS, ease),
        is_shifted=is_shifted,
    )


def _shifted(setting: Setting) -> NDArray[np.bool_]:
    """Every tenth subject, each in one trait."""
    found = np.zeros((setting.subjects, setting.traits), dtype=np.bool_)
    for place, subject in enumerate(range(0, setting.subjects, 10)):
        found[subject, place % setting.traits] = bool(setting.shift)
    return found


def _shift(by_wave: Floats, is_shifted: NDArray[np.bool_], setting: Setting) -> Floats:
    """Centred on the middle of the scale, as in the demo, so that neither end swallows a part."""
    half = setting.shift / 2
    line = np.where(np.arange(setting.waves) < setting.waves - 1, 3.1 - half, 3.1 + half)
    return np.where(is_shifted[:, None, :], line[:, None], by_wave)


def _answer(
    model: RatingModel, setting: Setting, by_wave: Floats, ease: Floats, rng: np.random.Generator
) -> Answers:
    count, subjects, waves, traits = by_wave.shape
    people = count, subjects, setting.raters
    brought, view = _draw_people(model, people, traits, rng)
    found = np.empty((count, subjects, waves, setting.raters, traits, setting.items), dtype=np.float32)
    for wave in range(waves):
        fresh_brought, fresh_view = _draw_people(model, people, traits, rng)
        is_new = rng.random(people) < (setting.replaced_share if wave else 0.0)
        brought = np.where(is_new, fresh_brought, brought)
        view = np.where(is_new[..., None], fresh_view, view)
        now = model.view_sd * rng.standard_normal((*people, traits), dtype=np.float32)
        seen = sqrt(model.stability) * view + sqrt(1 - model.stability) * now
        mean = by_wave[:, :, wave, None, :] + brought[..., None] + seen
        noise = model.noise_sd * rng.standard_normal((*people, traits, setting.items), dtype=np.float32)
        ratings = np.clip(np.rint(mean[..., None] + ease[:, :, None] + noise), LOW, HIGH)
        ratings[rng.random(ratings.shape, dtype=np.float32) < model.not_observed_share] = np.nan
        found[:, :, wave] = ratings
    return found


def _draw_people(
    model: RatingModel, people: tuple[int, int, int], traits: int, rng: np.random.Generator
) -> tuple[Answers, Answers]:
    brought = sqrt(model.leniency_sd**2 + model.pair_sd**2) * rng.standard_normal(people, dtype=np.float32)
    view = model.view_sd * rng.standard_normal((*people, traits), dtype=np.float32)
    return brought.astype(np.float32), view.astype(np.float32)


def _rate_self(model: RatingModel, latent: Floats, ease: Floats, rng: np.random.Generator) -> Floats:
    brought = rng.normal(0, sqrt(model.leniency_sd**2 + model.pair_sd**2), (*latent.shape[:2], 1))
    view = rng.normal(0, model.view_sd, latent.shape)
    noise = rng.normal(0, model.noise_sd, (*latent.shape, ease.shape[-1]))
    ratings = np.clip(np.rint((latent + brought + view)[..., None] + ease + noise), LOW, HIGH)
    return np.asarray(ratings.mean(axis=-1), dtype=np.float64)


def _expected(model: RatingModel, latent: Floats, ease: Floats) -> Floats:
    """The mean rating that raters without number would give, over the trait's items."""
    middle = latent[..., None] + ease
    total = sum(ndtr((middle - point - 0.5) / model.rating_sd) for point in range(LOW, HIGH))
    return np.asarray(LOW + np.mean(total, axis=-1), dtype=np.float64)
