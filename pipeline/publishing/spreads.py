"""How wide intervals are: one spread per trait, and the margins that lines over all waves need."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pipeline.publishing.earlier import EarlierSpread, EarlierWave, Name
from pipeline.publishing.names import POINTS
from pipeline.publishing.scatter import Scatter
from pipeline.publishing.staging import Staging, put
from pipeline.release import Measure
from pipeline.statistics.interval import margin_of_one
from pipeline.statistics.spread import Spread, SpreadSource, assume_spread
from pipeline.warehouse import Warehouse

_SPREAD = {
    "wave_no": pa.uint16(),
    "measure_no": pa.uint16(),
    "sigma_points": POINTS,
    "degrees_of_freedom": pa.int32(),
    "source": pa.string(),
}
_MARGIN = {
    "wave_no": pa.uint16(),
    "trait_no": pa.uint16(),
    "margin_of_one": pa.float64(),
    "low": POINTS,
    "high": POINTS,
}
_WAVE_ITEM = {
    "wave_no": pa.uint16(),
    "measure_no": pa.uint16(),
    "trait_no": pa.uint16(),
    "is_event": pa.bool_(),
}


def stage_spreads(staging: Staging, scatter: Scatter) -> None:
    """Stages the `spread` of this wave, and what lines over all waves need."""
    own = tuple(_own_spreads(staging, scatter))
    staging.put("spread", _SPREAD, [_spread_row(spread) for spread in own])
    days = {**staging.earlier.days(staging.wave_no), staging.wave_no: staging.wave.period.starts_on}
    spreads = (*staging.earlier.spreads_without(staging.wave_no), *own)
    stage_waves(staging.warehouse, days, spreads, staging.measures)


def stage_waves(
    warehouse: Warehouse,
    days: Mapping[int, date],
    spreads: Iterable[EarlierSpread],
    measures: Mapping[Name, int],
) -> None:
    """Stages `wave`, `wave_item` and `margin` of the published waves, which lines are drawn from.

    Args:
        warehouse: the warehouse, with `stage` attached.
        days: the first day of each published wave, by wave number.
        spreads: their spreads.
        measures: the release's number of every trait and item.
    """
    ordered = sorted(days, key=lambda wave_no: (days[wave_no], wave_no))
    put(
        warehouse,
        "wave",
        {"wave_no": pa.uint16(), "place": pa.int32()},
        [(no, i) for i, no in enumerate(ordered)],
    )
    found = warehouse.query("publish/wave_item").to_pylist()
    items = [_WaveItem(row, measures) for row in found if row["wave_no"] in days]
    put(warehouse, "wave_item", _WAVE_ITEM, [item.row for item in items])
    scales = {item.trait: item.scale for item in items if not item.is_event}
    margins = [
        (one.wave_no, one.measure_no, _margin(one), *scales[one.wave_no, one.measure_no]) for one in spreads
    ]
    put(warehouse, "margin", _MARGIN, margins)


class _WaveItem:
    """One item of one wave, with the numbers it has in the release."""

    def __init__(self, row: Mapping[str, Any], measures: Mapping[Name, int]) -> None:
        self.is_event: bool = row["is_event"]
        self.scale = row["low"], row["high"]
        self.trait = row["wave_no"], measures.get((Measure.TRAIT.value, row["trait_id"]), 0)
        name = (Measure.EVENT if self.is_event else Measure.ITEM).value, row["item_id"]
        self.row = row["wave_no"], measures[name], self.trait[1], self.is_event


def _margin(spread: EarlierSpread) -> float:
    return margin_of_one(float(spread.sigma_points), spread.degrees_of_freedom)


def _spread_row(spread: EarlierSpread) -> tuple[int, int, Decimal, int, str]:
    return (
        spread.wave_no,
        spread.measure_no,
        spread.sigma_points,
        spread.degrees_of_freedom,
        spread.source,
    )


def _own_spreads(staging: Staging, scatter: Scatter) -> Iterator[EarlierSpread]:
    for trait in staging.instrument.traits:
        measure_no = staging.measures.get((Measure.TRAIT.value, trait.trait_id))
        if measure_no is None:
            continue
        spread = (
            scatter.spreads.get(trait.trait_id)
            or _latest(staging, measure_no)
            or _assumed(staging, trait.scale_id)
        )
        yield EarlierSpread(
            wave_no=staging.wave_no,
            measure_no=measure_no,
            sigma_points=spread.sigma,
            degrees_of_freedom=spread.degrees_of_freedom,
            source=spread.source.value,
        )


def _latest(staging: Staging, measure_no: int) -> Spread | None:
    """The organisation's last own estimate with the same instrument: of as many items, asked alike."""
    waves = {wave.wave_no: wave for wave in staging.earlier.waves if _is_before(wave, staging)}
    spreads = [
        spread
        for spread in staging.earlier.spreads
        if spread.measure_no == measure_no and spread.wave_no in waves and spread.source == SpreadSource.WAVE
    ]
    if not spreads:
        return None
    last = max(spreads, key=lambda spread: (waves[spread.wave_no].starts_on, spread.wave_no))
    return Spread(
        sigma=last.sigma_points, degrees_of_freedom=last.degrees_of_freedom, source=SpreadSource.EARLIER
    )


def _is_before(wave: EarlierWave, staging: Staging) -> bool:
    same = wave.instrument_id == staging.instrument.instrument_id
    return same and wave.starts_on < staging.wave.period.starts_on


def _assumed(staging: Staging, scale_id: str) -> Spread:
    scale = staging.instrument.scale(scale_id)
    return assume_spread(low=scale.low, high=scale.high, share=staging.policy.fallback_sigma_share)
