"""Where each statistic may be shown: to whom, about what, with how many decimals, from how many.

A table of what people were promised about numbers: a PM's page never holds an alpha, a p value or
a second decimal, and nobody gets a rank. Pages, reports and exports ask here; they don't decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.released import (
    BestGuess,
    FavourableShare,
    LinePoint,
    Released,
    ReleasedChange,
    ReleasedGap,
    ReleasedRelationship,
    ReleasedReliability,
    ReleasedSlice,
    ReleasedStanding,
    Suppressed,
)
from pipeline.released_unit import HiddenMix, NonResponse, ReleasedCoverage, ReleasedDistribution, ReleasedMix


class Audience(StrEnum):
    """Who reads. HR is also the survey's owner; the council reads policy, proof and audit."""

    PM = "pm"
    LEAD = "lead"
    EXECUTIVE = "executive"
    HR = "hr"
    COUNCIL = "council"
    RATER = "rater"


class About(StrEnum):
    """What a number is about."""

    PM = "pm"
    UNIT = "unit"
    ORGANISATION = "organisation"


class Statistic(StrEnum):
    """What can be worked out; `docs/methods.md` has a section on each."""

    SCORE = "score"
    INTERVAL = "interval"
    BEST_GUESS = "best_guess"
    SELF_GAP = "self_gap"
    ACCORD_WORD = "accord_word"
    STANDING_OUT = "standing_out"
    CHANGE = "change"
    CHANGE_NEEDED = "change_needed"
    TREND = "trend"
    RELIABLE_CHANGE = "reliable_change"
    P_VALUE = "p_value"
    REAL_CHANGE = "real_change"
    MIX_EFFECT = "mix_effect"
    SCORE_DISTRIBUTION = "score_distribution"
    STRENGTH_COVERAGE = "strength_coverage"
    FAVOURABLE_SHARE = "favourable_share"
    RESPONSE_SHARE = "response_share"
    NON_RESPONSE_BOUNDS = "non_response_bounds"
    NOT_OBSERVED_SHARE = "not_observed_share"
    SPREAD = "spread"
    ALPHA = "alpha"
    OMEGA = "omega"
    RATER_RELIABILITY = "rater_reliability"
    RWG = "rwg"
    AVERAGE_DEVIATION = "average_deviation"
    CARELESS_SHARE = "careless_share"
    RATERS_NEEDED = "raters_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a statistic may be shown to somebody.

    `decimals`: of scale points, or of per cent for shares; None: a word, never a number.
    `min_responses` and `min_pms`: what it must rest on at least, beside the policy's k and minimum
    of PMs, which hold for everything.
    """

    decimals: int | None
    min_responses: int = 0
    min_pms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """This reader does not get this statistic, or not from so few; `sentence` says which."""

    sentence: str


_PM_AND_LEAD = (Audience.PM, Audience.LEAD)
_REVIEW = (Audience.LEAD, Audience.EXECUTIVE, Audience.HR)
_OWNER = (Audience.HR,)

_POINTS = Rule(decimals=1)
_WORD = Rule(decimals=None)
_SHARE = Rule(decimals=0, min_responses=10)
_MODEL = Rule(decimals=2, min_responses=100, min_pms=10)
_SPREAD = Rule(decimals=2, min_responses=30, min_pms=10)

RULES: Mapping[tuple[Statistic, About], Mapping[Audience, Rule]] = {
    (statistic, about): dict.fromkeys(audiences, rule)
    for statistic, about, audiences, rule in (
        (Statistic.SCORE, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.INTERVAL, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.BEST_GUESS, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.SELF_GAP, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.ACCORD_WORD, About.PM, _PM_AND_LEAD, _WORD),
        (Statistic.STANDING_OUT, About.PM, _PM_AND_LEAD, _WORD),
        (Statistic.CHANGE, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.CHANGE_NEEDED, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.TREND, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.RESPONSE_SHARE, About.PM, _PM_AND_LEAD, Rule(decimals=0)),
        (Statistic.NON_RESPONSE_BOUNDS, About.PM, _PM_AND_LEAD, _POINTS),
        (Statistic.SCORE, About.UNIT, (Audience.PM, *_REVIEW), _POINTS),
        (Statistic.INTERVAL, About.UNIT, (Audience.PM, *_REVIEW), _POINTS),
        (Statistic.CHANGE, About.UNIT, _REVIEW, _POINTS),
        (Statistic.CHANGE_NEEDED, About.UNIT, _REVIEW, _POINTS),
        (Statistic.TREND, About.UNIT, _REVIEW, _POINTS),
        (Statistic.REAL_CHANGE, About.UNIT, _REVIEW, _POINTS),
        (Statistic.MIX_EFFECT, About.UNIT, _REVIEW, _POINTS),
        (Statistic.SCORE_DISTRIBUTION, About.UNIT, _REVIEW, Rule(decimals=0, min_pms=10)),
        (Statistic.STRENGTH_COVERAGE, About.UNIT, _REVIEW, Rule(decimals=None, min_pms=10)),
        (Statistic.FAVOURABLE_SHARE, About.UNIT, _REVIEW, _SHARE),
        (Statistic.STANDING_OUT, About.UNIT, _REVIEW, _WORD),
        (Statistic.RESPONSE_SHARE, About.UNIT, _REVIEW, Rule(decimals=0)),
        (Statistic.NON_RESPONSE_BOUNDS, About.UNIT, _REVIEW, _POINTS),
        (Statistic.SCORE, About.ORGANISATION, (Audience.PM, *_REVIEW), _POINTS),
        (Statistic.INTERVAL, About.ORGANISATION, (Audience.PM, *_REVIEW), _POINTS),
        (Statistic.CHANGE, About.ORGANISATION, _REVIEW, _POINTS),
        (Statistic.CHANGE_NEEDED, About.ORGANISATION, _REVIEW, _POINTS),
        (Statistic.TREND, About.ORGANISATION, _REVIEW, _POINTS),
        (Statistic.REAL_CHANGE, About.ORGANISATION, _REVIEW, _POINTS),
        (Statistic.MIX_EFFECT, About.ORGANISATION, _REVIEW, _POINTS),
        (Statistic.SCORE_DISTRIBUTION, About.ORGANISATION, _REVIEW, Rule(decimals=0, min_pms=10)),
        (Statistic.STRENGTH_COVERAGE, About.ORGANISATION, _REVIEW, Rule(decimals=None, min_pms=10)),
        (Statistic.FAVOURABLE_SHARE, About.ORGANISATION, _REVIEW, _SHARE),
        (Statistic.RESPONSE_SHARE, About.ORGANISATION, _REVIEW, Rule(decimals=0)),
        (Statistic.NOT_OBSERVED_SHARE, About.ORGANISATION, _OWNER, Rule(decimals=0, min_responses=30)),
        (Statistic.SPREAD, About.ORGANISATION, _OWNER, _SPREAD),
        (Statistic.RELIABLE_CHANGE, About.ORGANISATION, _OWNER, _SPREAD),
        (Statistic.P_VALUE, About.ORGANISATION, _OWNER, Rule(decimals=3, min_responses=30, min_pms=10)),
        (Statistic.ALPHA, About.ORGANISATION, _OWNER, _MODEL),
        (Statistic.OMEGA, About.ORGANISATION, _OWNER, _MODEL),
        (Statistic.RATER_RELIABILITY, About.ORGANISATION, (*_OWNER, Audience.COUNCIL), _SPREAD),
        (Statistic.RWG, About.ORGANISATION, _OWNER, _SPREAD),
        (Statistic.AVERAGE_DEVIATION, About.ORGANISATION, _OWNER, _SPREAD),
        (Statistic.CARELESS_SHARE, About.ORGANISATION, _OWNER, Rule(decimals=0, min_responses=100)),
        (Statistic.RATERS_NEEDED, About.ORGANISATION, _OWNER, Rule(decimals=0)),
    )
}
"""Every place a statistic may stand; what is not here is shown to nobody."""


def audiences_of(statistic: Statistic, about: About) -> frozenset[Audience]:
    """Returns who may ever read it.

    >>> sorted(audiences_of(Statistic.ALPHA, About.ORGANISATION))
    [<Audience.HR: 'hr'>]
    >>> sorted(audiences_of(Statistic.ALPHA, About.PM))
    []
    """
    return frozenset(RULES.get((statistic, about), {}))


def rule_for(
    statistic: Statistic, about: About, audience: Audience, *, response_count: int = 0, pm_count: int = 1
) -> Rule | NotShown:
    """Returns how a number may be shown to somebody, or that it may not.

    >>> rule_for(Statistic.SCORE, About.PM, Audience.PM)
    Rule(decimals=1, min_responses=0, min_pms=0)
    >>> rule_for(Statistic.SCORE, About.PM, Audience.EXECUTIVE).sentence
    'executive does not get score of a pm'

    Args:
        statistic: what was worked out.
        about: what it is about.
        audience: who reads.
        response_count: responses it rests on.
        pm_count: PMs it rests on.
    """
    rule = RULES.get((statistic, about), {}).get(audience)
    if rule is None:
        return NotShown(sentence=f"{audience} does not get {statistic} of a {about}".replace("_", " "))
    if response_count < rule.min_responses:
        return NotShown(sentence=f"{statistic} needs {rule.min_responses} responses".replace("_", " "))
    if pm_count < rule.min_pms:
        return NotShown(sentence=f"{statistic} needs {rule.min_pms} PMs".replace("_", " "))
    return rule


def render_number(value: float, rule: Rule) -> str:
    """Returns a number as it may be read: no more decimals than the rule has, and never a minus zero.

    >>> render_number(3.649, Rule(decimals=1)), render_number(-0.04, Rule(decimals=1))
    ('3.6', '0.0')

    Raises:
        ValueError: the rule allows a word only.
    """
    if rule.decimals is None:
        raise ValueError("this statistic is shown as a word")
    return f"{round(value, rule.decimals) + 0.0:.{rule.decimals}f}"


SHOWN_AS: Mapping[type, Statistic] = {
    Released: Statistic.SCORE,
    Suppressed: Statistic.SCORE,
    ReleasedSlice: Statistic.SCORE,
    ReleasedRelationship: Statistic.SCORE,
    LinePoint: Statistic.TREND,
    ReleasedChange: Statistic.CHANGE,
    ReleasedGap: Statistic.SELF_GAP,
    ReleasedStanding: Statistic.STANDING_OUT,
    BestGuess: Statistic.BEST_GUESS,
    FavourableShare: Statistic.FAVOURABLE_SHARE,
    ReleasedReliability: Statistic.RATER_RELIABILITY,
    ReleasedMix: Statistic.REAL_CHANGE,
    HiddenMix: Statistic.REAL_CHANGE,
    ReleasedDistribution: Statistic.SCORE_DISTRIBUTION,
    ReleasedCoverage: Statistic.STRENGTH_COVERAGE,
    NonResponse: Statistic.NON_RESPONSE_BOUNDS,
}
"""The statistic that each shape of a release is; a shape that is not here is read by nobody."""


_ENOUGH = max(rule.min_responses + rule.min_pms for rules in RULES.values() for rule in rules.values())


def may_read(number: object, about: About, audiences: frozenset[Audience]) -> bool:
    """Returns True if a number of a release is for one of these readers.

    Args:
        number: of one of the shapes that leave a release.
        about: what it is about.
        audiences: everything that the reader is.
    """
    statistic = SHOWN_AS.get(type(number))
    return statistic is not None and _is_for(statistic, about, audiences, *_support(number))


@lru_cache(maxsize=4096)  # a page asks it of thousands of numbers that differ in nothing else
def _is_for(
    statistic: Statistic, about: About, audiences: frozenset[Audience], responses: int, pms: int
) -> bool:
    return any(
        isinstance(rule_for(statistic, about, one, response_count=responses, pm_count=pms), Rule)
        for one in audiences
    )


def _support(number: object) -> tuple[int, int]:
    """Responses and PMs that it says it rests on; where it says nothing, publishing saw to it."""
    if isinstance(number, FavourableShare):
        return number.rating_count, _ENOUGH
    if isinstance(number, ReleasedDistribution | ReleasedCoverage):
        return _ENOUGH, number.pm_count
    return _ENOUGH, _ENOUGH
