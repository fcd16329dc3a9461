"""ICC(1) and ICC(2): whether means of raters tell subjects apart at all. For the survey's owner."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.one_way import OneWay

MIN_SUBJECTS = 10
COMPARABLE, INDICATIVE = 0.70, 0.50
"""From which ICC(2) means may be compared, and from which they are a hint."""


class Comparison(StrEnum):
    """What the reliability of means allows to say about differences between subjects."""

    COMPARABLE = "comparable"
    INDICATIVE = "indicative"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterReliability:
    """`icc1` is of a single rater, with c0 as size; `icc1_mean_size` with N / J; `icc2` of means."""

    icc1: float
    icc1_mean_size: float
    icc2: float
    comparison: Comparison
    subject_count: int
    rater_count: int


def estimate_reliability(
    found: OneWay | CannotTell, *, min_subjects: int = MIN_SUBJECTS
) -> RaterReliability | CannotTell:
    """Returns ICC(1) = (MSB - MSW) / (MSB + (c - 1) MSW) and ICC(2) = (MSB - MSW) / MSB.

    The shown ICC(1) takes c = c0; R's `multilevel` takes N / J, given beside it. Both may be
    negative: raters then differ more about one subject than subjects differ.
    Source: Shrout & Fleiss, Psychological Bulletin 86, 1979, table 4: ICC(1,1) = .17, ICC(1,4) = .44
    from mean squares of 11.24 between and 6.26 within six targets of four judges.

    >>> table = OneWay(between=11.24, within=6.26, group_count=6, value_count=24, effective_size=4)
    >>> found = estimate_reliability(table, min_subjects=6)
    >>> round(found.icc1, 2), round(found.icc2, 2)
    (0.17, 0.44)

    Args:
        found: the analysis of variance of one trait and wave.
        min_subjects: below so many subjects there is no answer.
    """
    if isinstance(found, CannotTell):
        return found
    if found.group_count < min_subjects:
        return CannotTell(why=Why.TOO_FEW_SUBJECTS)
    if found.between <= 0:
        return CannotTell(why=Why.NO_SPREAD)
    icc2 = (found.between - found.within) / found.between
    return RaterReliability(
        icc1=_icc1(found, found.effective_size),
        icc1_mean_size=_icc1(found, found.mean_size),
        icc2=icc2,
        comparison=compare(icc2),
        subject_count=found.group_count,
        rater_count=found.value_count,
    )


def compare(icc2: float) -> Comparison:
    """Returns what an ICC(2) allows.

    >>> compare(0.69).value
    'indicative'
    """
    if icc2 >= COMPARABLE:
        return Comparison.COMPARABLE
    return Comparison.INDICATIVE if icc2 >= INDICATIVE else Comparison.NOT_COMPARABLE


def _icc1(found: OneWay, size: float) -> float:
    return (found.between - found.within) / (found.between + (size - 1) * found.within)
