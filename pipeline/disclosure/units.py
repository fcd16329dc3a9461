"""Which units' numbers may be shown, so that no PM can be worked out from them.

Counts of PMs in, a reason per unit out. A unit is shown only with enough PMs, and only if what is
left of it after taking away the shown units inside it is nobody or again enough PMs: whoever
subtracts shown numbers from each other gets sums over such remainders and nothing finer.
"""

from collections import defaultdict
from collections.abc import Mapping

from pipeline.release import Reason
from survey.roster import parent_unit, unit_lineage


def decide_units(pm_counts: Mapping[str, int], *, min_pms: int) -> dict[str, Reason | None]:
    """Returns for every unit with PMs why it is hidden, or None where it may be shown.

    From the leaves up; where a remainder is too small, the smallest shown part is hidden until it
    is not (ties by unit id, so the same counts give the same answer).

    Args:
        pm_counts: how many PMs' blocks end in each unit itself, not in a unit inside it.
        min_pms: how many PMs a shown number and every remainder rests on (s).
    """
    totals = total_pms(pm_counts)
    reasons: dict[str, Reason | None] = {}
    parts: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(totals, key=lambda unit: (-unit.count("/"), unit)):
        if totals[unit] < min_pms:
            reasons[unit] = Reason.TOO_FEW_PMS
            continue
        for hidden in _hide_parts(unit, totals, parts, min_pms):
            reasons[hidden] = Reason.PROTECTS_OTHERS
        reasons[unit] = None
        parts[parent_unit(unit)].append(unit)
    return reasons


def total_pms(pm_counts: Mapping[str, int]) -> dict[str, int]:
    """Returns how many PMs are in each unit or below it.

    >>> total_pms({"Product": 1, "Product/Growth": 2})
    {'Product': 3, 'Product/Growth': 2}
    """
    totals: dict[str, int] = defaultdict(int)
    for unit, count in pm_counts.items():
        for above in unit_lineage(unit):
            totals[above] += count
    return dict(totals)


def _hide_parts(
    unit: str, totals: Mapping[str, int], parts: Mapping[str, list[str]], min_pms: int
) -> list[str]:
    """Drops the smallest shown parts of a unit until its remainder is safe; returns the dropped."""
    shown = parts[unit]
    hidden = []
    while 0 < totals[unit] - sum(totals[part] for part in shown) < min_pms:
        smallest = min(shown, key=lambda part: (totals[part], part))
        shown.remove(smallest)
        shown.extend(parts[smallest])
        hidden.append(smallest)
    return hidden
