"""How large a share of those asked answered about the PMs of a unit, told so that nobody's part can be read.

Who was asked is no secret, and how many answered stands beside every score. So a share is told in steps, as
turnout is while a wave is open: at least a whole step of k people may always be missing.
"""

from collections import Counter
from collections.abc import Mapping

from pipeline.disclosure.units import decide_units, total_pms
from survey.progress import round_down

PERCENT_STEP = 5
"""An exact share beside the number of answers would give away exactly how many were asked."""


def told_shares(
    asked: Mapping[str, int],
    answered: Mapping[str, int],
    units: Mapping[str, str],
    *,
    min_raters: int,
    min_pms: int,
) -> dict[str, int]:
    """Returns per cent of those asked who answered at least, of each unit where that may be told.

    Units are chosen like those of scores, by the PMs anybody was asked about: of fewer than s PMs
    nothing is left over by subtracting units from one another.

    >>> told_shares({"ada": 9, "bo": 9, "cy": 8}, {"P": 20}, dict.fromkeys(("ada", "bo", "cy"), "P"),
    ...             min_raters=4, min_pms=3)
    {'P': 75}

    Args:
        asked: how many others were asked about each PM.
        answered: how many answers count of each unit whose score is shown, those of units below included.
        units: the unit of each PM.
        min_raters: k.
        min_pms: s.
    """
    own_pms = Counter(units[pm] for pm in asked)
    reasons = decide_units(own_pms, min_pms=min_pms, hidden=total_pms(own_pms).keys() - answered.keys())
    totals = total_pms(_asked_in(asked, units))
    told = {
        unit: told_percent(answered[unit], totals[unit], min_raters=min_raters)
        for unit, reason in sorted(reasons.items())
        if reason is None
    }
    return {unit: percent for unit, percent in told.items() if percent}


def told_percent(answered: int, asked: int, *, min_raters: int) -> int:
    """Returns a share in per cent, in steps: never more than if k of those asked were missing.

    >>> [told_percent(answered, 24, min_raters=4) for answered in (3, 13, 20, 23, 24)]
    [0, 50, 80, 80, 80]
    """
    told = round_down(min(answered, asked), asked, min_raters)
    return 100 * told // (asked * PERCENT_STEP) * PERCENT_STEP


def _asked_in(asked: Mapping[str, int], units: Mapping[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for pm, count in asked.items():
        found[units[pm]] += count
    return found
