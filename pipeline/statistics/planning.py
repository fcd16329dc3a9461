"""How many raters it takes: for an interval, for a change to be found, for means to be comparable."""

from math import ceil

from scipy.special import ndtri

from pipeline.statistics.false_discovery import RATE
from pipeline.statistics.interval import margin_of_one

POWER = 0.80


def raters_for_interval(half_width: float, *, sigma: float, degrees_of_freedom: int) -> int:
    """Returns how few raters give interval A at most this half width, in scale points.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, section 7.2.2.2, solved for N.

    >>> raters_for_interval(0.5, sigma=0.57, degrees_of_freedom=200)
    6
    """
    return max(1, ceil((margin_of_one(sigma, degrees_of_freedom) / half_width) ** 2 - 1e-9))


def raters_for_change(points: float, *, sigma: float, factor: float = 1.0, tests: int = 6) -> int:
    """Returns how many raters in each wave find a true change of so many points in 80 of 100 cases.

    n = 2 ((z(1 - .05 / 2 tests) + z(.80)) factor sigma / points)², as if each test stood alone at
    Bonferroni's level: the step-up procedure needs no more.
    Source: Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, chapter 2, normal
    approximation, with the noise of our changes.

    >>> raters_for_change(1.1, sigma=0.57)
    7

    Args:
        points: the true change, scale points.
        sigma: pooled spread of raters, scale points.
        factor: noise of changes against that of unlinked raters (see `noise`).
        tests: how many changes the page asks for at once.
    """
    reach = float(ndtri(1 - RATE / (2 * tests)) + ndtri(POWER))
    return max(1, ceil(2 * (reach * factor * sigma / points) ** 2 - 1e-9))


def raters_for_reliability(icc2: float, *, icc1: float) -> int:
    """Returns how many raters per subject give means of this reliability.

    k = icc2 (1 - icc1) / (icc1 (1 - icc2)).
    Source: Spearman and Brown's formula, solved for the number of raters (Shrout & Fleiss 1979).
    With the ICC(1) of .26 of measurement section 1.3 it is within the 6 to 10 raters of Hensel,
    Meijers, van der Leeden & Kessels, International Journal of Human Resource Management 21, 2010.

    >>> raters_for_reliability(0.70, icc1=0.26)
    7
    """
    return max(1, ceil(icc2 * (1 - icc1) / (icc1 * (1 - icc2)) - 1e-9))


def invitations_for(raters: int, *, response_share: float) -> int:
    """Returns how many to ask so that so many answer on average.

    >>> invitations_for(6, response_share=0.75)
    8
    """
    return ceil(raters / response_share - 1e-9)
