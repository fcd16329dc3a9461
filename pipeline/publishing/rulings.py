"""What was decided about numbers over several PMs: shown, or hidden for which reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipeline.publishing.earlier import Name
from pipeline.publishing.staging import Staging
from pipeline.release import REASONS, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRuling:
    """About one item (`measure_no`) of a unit, slice or relationship, and how many PMs it rests on."""

    name: Name
    measure_no: int
    reason: Reason | None
    pm_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """About whole scopes by name, and about their items; an item is shown only where its scope is."""

    scopes: Mapping[Name, Reason | None]
    items: tuple[ItemRuling, ...]

    def shown(self) -> frozenset[str]:
        """Returns the ids of the scopes that are shown."""
        return frozenset(scope_id for (_, scope_id), reason in self.scopes.items() if reason is None)

    def shown_items(self) -> dict[int, frozenset[str]]:
        """Returns the ids of the scopes that show each item."""
        found: dict[int, set[str]] = {one.measure_no: set() for one in self.items}
        for one in self.items:
            if one.reason is None:
                found[one.measure_no].add(one.name[1])
        return {measure_no: frozenset(ids) for measure_no, ids in found.items()}


def item_reason(reason: Reason | None) -> Reason | None:
    """Returns why an item is hidden: where too few PMs have it, too few of those who answered have seen it."""
    return Reason.TOO_LITTLE_EXPOSURE if reason is Reason.TOO_FEW_PMS else reason


def stage_rulings(staging: Staging, several: Iterable[Rulings]) -> None:
    """Stages `unit` (is this unit, slice or relationship shown at all?) and `unit_item` (is this item?)."""
    scopes: list[tuple[int, str, int]] = []
    items: list[tuple[int, int, int, int]] = []
    for rulings in several:
        for name, reason in rulings.scopes.items():
            scopes.append((staging.scopes[name], name[0], REASONS.index(reason)))
        for one in rulings.items:
            key = staging.scopes[one.name], one.measure_no
            items.append((*key, REASONS.index(one.reason), one.pm_count))
    staging.put("unit", {"scope_no": pa.int32(), "scope": pa.string(), "reason_no": pa.uint8()}, scopes)
    columns = {
        "scope_no": pa.int32(),
        "measure_no": pa.uint16(),
        "reason_no": pa.uint8(),
        "pm_count": pa.int32(),
    }
    staging.put("unit_item", columns, items)
