"""True scores of named subjects over periods, with the changes planted in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey.instrument import Instrument
from survey.synthesis.model import Floats, RatingModel, draw_true_scores, expected_rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A planted change: from this period on a subject's true score on a trait is `points` higher."""

    subject_id: str
    trait_id: str
    period: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What is not left to chance: changes, and scores by subject and trait that hold in every period."""

    shifts: tuple[Shift, ...] = ()
    scores: Mapping[tuple[str, str], float] = field(default_factory=dict)


NOTHING_PLANTED = Planted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true: `scores` (subjects, traits, periods) on 1 to 5; `ease` per item, mean 0 per trait."""

    model: RatingModel
    subjects: tuple[str, ...]
    traits: tuple[str, ...]
    periods: tuple[str, ...]
    shifts: tuple[Shift, ...]
    scores: Floats
    ease: Mapping[str, float]
    item_traits: Mapping[str, str]

    def expected(self, subject_id: str, trait_id: str, period: str) -> float:
        """Returns the mean rating, 1 to 5, that a score from answers estimates (reversed items turned)."""
        place = (
            self.subjects.index(subject_id), self.traits.index(trait_id), self.periods.index(period),
        )  # fmt: skip
        ease = tuple(self.ease[item] for item, trait in self.item_traits.items() if trait == trait_id)
        return expected_rating(self.model, float(self.scores[place]), ease)


def make_truth(
    instrument: Instrument,
    subjects: tuple[str, ...],
    periods: tuple[str, ...],
    planted: Planted,
    rng: np.random.Generator,
    model: RatingModel | None = None,
) -> Truth:
    """Returns true scores drawn for these subjects, with shifts planted around the middle."""
    model = model or RatingModel()
    traits = tuple(trait.trait_id for trait in instrument.traits)
    scores = draw_true_scores(model, len(subjects), len(traits), len(periods), rng)
    for (subject_id, trait_id), score in planted.scores.items():
        scores[subjects.index(subject_id), traits.index(trait_id)] = score
    for shift in planted.shifts:
        row, column = subjects.index(shift.subject_id), traits.index(shift.trait_id)
        _plant(scores[row, column], periods.index(shift.period), shift.points)
    return Truth(
        model=model, subjects=subjects, traits=traits, periods=periods, shifts=planted.shifts, scores=scores,
        ease=_draw_item_ease(instrument, model, rng),
        item_traits={
            item.item_id: trait for trait in traits for item in instrument.scaled_items(trait)
        },
    )  # fmt: skip


def _plant(line: NDArray[np.float64], start: int, points: float) -> None:
    # Centred on the middle of the scale, so that neither end swallows a part of the change.
    line += 3.1 - points / 2 - line[0]
    line[start:] += points


def _draw_item_ease(instrument: Instrument, model: RatingModel, rng: np.random.Generator) -> dict[str, float]:
    ease: dict[str, float] = {}
    for trait in instrument.traits:
        items = instrument.scaled_items(trait.trait_id)
        drawn = rng.normal(0, model.ease_sd, len(items))
        ease |= {item.item_id: float(value - drawn.mean()) for item, value in zip(items, drawn, strict=True)}
    return ease


def describe_truth(truth: Truth) -> dict[str, object]:
    """Returns the truth as JSON can hold it: scores and expected mean ratings by subject, trait, period."""
    return {
        "periods": list(truth.periods),
        "shifts": [
            {
                "subject_id": shift.subject_id,
                "trait_id": shift.trait_id,
                "period": shift.period,
                "points": shift.points,
            }
            for shift in truth.shifts
        ],
        "subjects": {
            subject: {trait: _describe_line(truth, subject, trait) for trait in truth.traits}
            for subject in truth.subjects
        },
    }


def _describe_line(truth: Truth, subject: str, trait: str) -> dict[str, list[float]]:
    scores = truth.scores[truth.subjects.index(subject), truth.traits.index(trait)]
    return {
        "score": [round(float(score), 4) for score in scores],
        "expected": [round(truth.expected(subject, trait, period), 4) for period in truth.periods],
    }
