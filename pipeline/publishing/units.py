"""Which numbers of which units may be shown, so that no PM can be worked out from them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyarrow as pa

from pipeline.disclosure.units import decide_units, total_pms
from pipeline.numbering import subject_units
from pipeline.publishing.staging import Staging
from pipeline.release import REASONS, Reason, Scope
from survey.instrument import SubjectKind

Counts = Mapping[str, int]


def stage_units(staging: Staging) -> None:
    """Stages `unit` (is it shown at all?) and `unit_item` (is this item shown in it?)."""
    if staging.instrument.subject_kind is SubjectKind.UNIT or not staging.parameters()["has_others"]:
        units, items = {}, []
    else:
        units = _decide(_block_counts(staging), staging)
        items = list(_item_rows(staging, units))
    rows = [(staging.scopes[Scope.UNIT.value, unit], REASONS.index(reason)) for unit, reason in units.items()]
    staging.put("unit", {"scope_no": pa.int32(), "reason_no": pa.uint8()}, rows)
    columns = {
        "scope_no": pa.int32(),
        "measure_no": pa.uint16(),
        "reason_no": pa.uint8(),
        "pm_count": pa.int32(),
    }
    staging.put("unit_item", columns, items)


def _decide(counts: Counts, staging: Staging) -> dict[str, Reason | None]:
    decided = decide_units(counts, min_pms=staging.policy.min_pms)
    units = subject_units(staging.instrument.subject_kind, staging.members)
    return {unit: decided.get(unit, Reason.TOO_FEW_PMS) for unit in units}


def _block_counts(staging: Staging) -> Counts:
    return {row["unit_id"]: row["pm_count"] for row in staging.query("unit_pm")}


def _item_rows(staging: Staging, units: Mapping[str, Reason | None]) -> Iterator[tuple[int, int, int, int]]:
    """A unit's item rests on fewer PMs than the unit where some blocks did not release it.

    So the same rule is applied to each item by itself, with its own PMs, among the units that are
    shown at all.
    """
    hidden = {unit for unit, reason in units.items() if reason}
    for measure_no, counts in _item_counts(staging).items():
        decided = decide_units(counts, min_pms=staging.policy.min_pms, hidden=hidden)
        for unit, total in total_pms(counts).items():
            reason = units[unit] or _item_reason(decided[unit])
            yield staging.scopes[Scope.UNIT.value, unit], measure_no, REASONS.index(reason), total


def _item_reason(reason: Reason | None) -> Reason | None:
    return Reason.TOO_LITTLE_EXPOSURE if reason is Reason.TOO_FEW_PMS else reason


def _item_counts(staging: Staging) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for row in staging.query("unit_item_pm"):
        counts[row["measure_no"]][row["unit_id"]] = row["pm_count"]
    return counts
