"""Which numbers of which units may be shown, so that no PM can be worked out from them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pipeline.disclosure.units import decide_units, total_pms
from pipeline.numbering import subject_units
from pipeline.publishing.earlier import Name
from pipeline.publishing.rulings import ItemRuling, ItemRulings, Rulings, item_reason
from pipeline.publishing.staging import Rows, Staging
from pipeline.release import Reason, Scope

Counts = Mapping[str, int]


def rule_units(staging: Staging) -> Rulings:
    """Returns what may be shown of the units above the subjects; of a team instrument there are none."""
    if not staging.is_about_pms:
        return Rulings(scopes={}, items=())
    units = _decide(_block_counts(staging), staging)
    return Rulings(
        scopes={(Scope.UNIT.value, unit): reason for unit, reason in units.items()},
        items=tuple(_items(staging, units)),
    )


def _decide(counts: Counts, staging: Staging) -> dict[str, Reason | None]:
    decided = decide_units(counts, min_pms=staging.policy.min_pms)
    units = subject_units(staging.instrument.subject_kind, staging.members)
    return {unit: decided.get(unit, Reason.TOO_FEW_PMS) for unit in units}


def _block_counts(staging: Staging) -> Counts:
    return {row["unit_id"]: row["pm_count"] for row in staging.query("unit_pm")}


def _items(staging: Staging, units: Mapping[str, Reason | None]) -> Iterator[ItemRulings]:
    """A unit's item rests on fewer PMs than the unit where some blocks did not release it.

    So the same rule is applied to each item by itself, with its own PMs, among the units that are
    shown at all.
    """
    alike: dict[Rows, list[int]] = defaultdict(list)
    for measure_no, rows in staging.by_item("unit_item_pm").items():
        alike[rows].append(measure_no)
    for rows, measure_nos in alike.items():
        yield ItemRulings(measure_nos=measure_nos, by_name=_ruled(staging, dict(rows), units))


def _ruled(staging: Staging, counts: Counts, units: Mapping[str, Reason | None]) -> Mapping[Name, ItemRuling]:
    hidden = {unit for unit, reason in units.items() if reason}
    decided, scope = decide_units(counts, min_pms=staging.policy.min_pms, hidden=hidden), Scope.UNIT.value
    return {
        (scope, unit): ItemRuling(reason=units[unit] or item_reason(decided[unit]), pm_count=total)
        for unit, total in total_pms(counts).items()
    }
