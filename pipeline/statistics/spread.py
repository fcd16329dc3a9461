"""How much raters of the same subject differ: one number per trait and wave.

It is the only number that comes from single answers rather than from blocks, so it is made of many
people, and coarse.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from math import sqrt

MAX_DEGREES_OF_FREEDOM = 1000
"""Beyond it the t quantile no longer moves in the second digit; it also stands for a given sigma."""

_COARSE = Context(prec=2)


class SpreadSource(StrEnum):
    """Where a spread comes from: this wave's answers, an earlier wave's, or the policy."""

    WAVE = "wave"
    EARLIER = "earlier"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A pooled standard deviation within subjects, in scale points, with its degrees of freedom."""

    sigma: Decimal
    degrees_of_freedom: int
    source: SpreadSource


def estimate_spread(*, within_sum_squares: float, rater_count: int, subject_count: int) -> Spread | None:
    """Returns the pooled spread, to two significant digits, or None where there is none.

    sigma = sqrt(within_sum_squares / (rater_count - subject_count)), the square root of the mean
    square within groups of a one-way analysis of variance. A spread of zero is none: it would say
    that everybody agreed.

    >>> estimate_spread(within_sum_squares=5339.2, rater_count=20, subject_count=4).sigma
    Decimal('18')

    Source: Montgomery, Design and Analysis of Experiments, 8th ed. 2013, table 3.4 (plasma
    etching: error sum of squares 5339.20 over 20 runs of 4 settings, mean square 333.70).

    Args:
        within_sum_squares: squared distances of raters' trait scores from their subject's mean.
        rater_count: trait scores in it, over all subjects.
        subject_count: subjects in it.
    """
    degrees = rater_count - subject_count
    if degrees < 1 or within_sum_squares <= 0:
        return None
    sigma = _COARSE.create_decimal_from_float(sqrt(within_sum_squares / degrees))
    return Spread(sigma=sigma, degrees_of_freedom=_coarse_degrees(degrees), source=SpreadSource.WAVE)


def assume_spread(*, low: Decimal, high: Decimal, share: Decimal) -> Spread:
    """Returns the spread to use where none can be estimated: a share of the scale's length.

    >>> assume_spread(low=Decimal(1), high=Decimal(5), share=Decimal("0.25")).sigma
    Decimal('1.00')
    """
    return Spread(
        sigma=(high - low) * share, degrees_of_freedom=MAX_DEGREES_OF_FREEDOM, source=SpreadSource.POLICY
    )


def _coarse_degrees(degrees: int) -> int:
    """Rounded down to two digits, so that it does not count the raters of an organisation exactly.

    >>> _coarse_degrees(237)
    230
    """
    unit: int = 10 ** max(0, len(str(degrees)) - 2)
    return min(degrees // unit * unit, MAX_DEGREES_OF_FREEDOM)
