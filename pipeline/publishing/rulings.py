"""What was decided about numbers over several PMs: shown, or hidden for which reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline.publishing.earlier import Name
from pipeline.publishing.staging import Staging, arrow_table
from pipeline.release import REASONS, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRuling:
    """About one item of a unit, slice or relationship, and how many PMs it rests on."""

    reason: Reason | None
    pm_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRulings:
    """What was decided once about items that the same blocks released."""

    measure_nos: Sequence[int]
    by_name: Mapping[Name, ItemRuling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """About whole scopes by name, and about their items; an item is shown only where its scope is."""

    scopes: Mapping[Name, Reason | None]
    items: tuple[ItemRulings, ...]

    def shown(self) -> frozenset[str]:
        """Returns the ids of the scopes that are shown."""
        return frozenset(scope_id for (_, scope_id), reason in self.scopes.items() if reason is None)

    def shown_items(self) -> dict[int, frozenset[str]]:
        """Returns the ids of the scopes that show each item."""
        found: dict[int, frozenset[str]] = {}
        for ruled in self.items:
            shown = frozenset(name[1] for name, one in ruled.by_name.items() if one.reason is None)
            found |= dict.fromkeys(ruled.measure_nos, shown)
        return found


def item_reason(reason: Reason | None) -> Reason | None:
    """Returns why an item is hidden: where too few PMs have it, too few of those who answered have seen it."""
    return Reason.TOO_LITTLE_EXPOSURE if reason is Reason.TOO_FEW_PMS else reason


def stage_rulings(staging: Staging, several: Sequence[Rulings]) -> None:
    """Stages `unit` (is this unit, slice or relationship shown at all?) and `unit_item` (is this item?)."""
    scopes = (one for rulings in several for one in rulings.scopes.items())
    rows = ((staging.scopes[name], name[0], REASONS.index(reason)) for name, reason in scopes)
    staging.put("unit", {"scope_no": pa.int32(), "scope": pa.string(), "reason_no": pa.uint8()}, rows)
    items = [_item_table(staging, ruled) for rulings in several for ruled in rulings.items]
    nothing = arrow_table({**_ITEM, "measure_no": pa.uint16()}, ())
    staging.warehouse.put_rows("stage.unit_item", pa.concat_tables([nothing, *items]))


def _item_table(staging: Staging, ruled: ItemRulings) -> pa.Table:
    rows = (
        (staging.scopes[name], REASONS.index(one.reason), one.pm_count) for name, one in ruled.by_name.items()
    )
    once = arrow_table(_ITEM, rows)
    measure_nos = np.repeat(np.array(ruled.measure_nos, dtype=np.uint16), len(once))
    repeated = pa.concat_tables([once] * len(ruled.measure_nos))
    return repeated.append_column("measure_no", pa.array(measure_nos))


_ITEM = {"scope_no": pa.int32(), "reason_no": pa.uint8(), "pm_count": pa.int32()}
