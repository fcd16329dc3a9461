"""Why a statistic has no number: a result like any other, never an exception and never a NaN alone."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What is missing. Each is decided from counts and shapes, except NO_SPREAD and NO_FIT."""

    NO_ANSWERS = "no_answers"
    TOO_FEW_ITEMS = "too_few_items"
    TOO_FEW_RATERS = "too_few_raters"
    TOO_FEW_SUBJECTS = "too_few_subjects"
    NO_SPREAD = "no_spread"
    NO_FIT = "no_fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotTell:
    """Stands where a number would, and says what it lacks."""

    why: Why
