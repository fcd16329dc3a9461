"""What stands in the rows of a release: names kept as numbers, and the shapes that leave."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from pipeline.released import (
    BOUNDS,
    GROUPS,
    KINDS,
    REASONS,
    VERDICTS,
    Cell,
    CellKey,
    Measure,
    Released,
    ReleasedChange,
    ReleasedSlice,
    Scope,
    SliceKind,
    Suppressed,
)

Row = dict[str, Any]

BY_WAVE = ("wave_no", "group_no", "measure_no", "trait_no", "kind_no")
"""What rows about one subject or unit are put in order by, as far as they have it."""


class Names:
    """The names of a release, read once: joining them to a few rows takes DuckDB longer than finding the rows.

    Args:
        waves: `wave_no`, `wave_id` and `unit_date` of each wave, by time.
        measures: `measure_no`, `measure` and `measure_id` of each trait, item and event item.
    """

    def __init__(self, waves: Sequence[Row], measures: Sequence[Row]) -> None:
        self._waves = {row["wave_no"]: row["wave_id"] for row in waves}
        self._places = {wave_no: place for place, wave_no in enumerate(self._waves)}
        self._dates = {row["wave_no"]: row["unit_date"] for row in waves}
        self._measures = {row["measure_no"]: (row["measure"], row["measure_id"]) for row in measures}

    def waves_until(self, day: date, wave_id: str = "") -> list[int]:
        """Returns the numbers of the waves whose units are shown on a day, by time; of one wave where it is named."""
        shown = [wave_no for wave_no, unit_date in self._dates.items() if unit_date <= day]
        return [wave_no for wave_no in shown if wave_id in ("", self._waves[wave_no])]

    def measures_of(self, measures: Collection[Measure]) -> list[int]:
        """Returns the numbers of what is measured in those ways."""
        return [number for number, (measure, _) in self._measures.items() if measure in measures]

    def in_order(self, rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
        """Returns a few rows in the order of those keys, waves by time; DuckDB takes longer to plan that than to do it."""
        had = [key for key in keys if rows and key in rows[0]]
        return sorted(
            rows, key=lambda row: [self._places[row[key]] if key == "wave_no" else row[key] for key in had]
        )

    def named(self, row: Row) -> Row:
        """Returns a row with names in the place of numbers."""
        named = {**row, "wave_id": self._waves[row["wave_no"]]}
        del named["wave_no"]
        if "since_wave_no" in row:
            named["since_wave_id"] = self._waves[named.pop("since_wave_no")]
        if "trait_no" in row:
            named["trait_id"] = self._measures[named.pop("trait_no")][1]
        if "measure_no" in row:
            named["measure"], named["measure_id"] = self._measures[named.pop("measure_no")]
        return named


def read_cell(row: Row) -> Cell:
    """Returns the number a row holds, or the rule that hides it."""
    key = CellKey(
        wave_id=row["wave_id"],
        scope=Scope(row["scope"]),
        scope_id=row["scope_id"],
        group=GROUPS[row["group_no"]],
        measure=Measure(row["measure"]),
        measure_id=row["measure_id"],
    )
    reason = REASONS[row["reason_no"]]
    if reason is not None:
        return Suppressed(key=key, reason=reason)
    return Released(
        key=key,
        score=row["score"],
        low=row["low"],
        high=row["high"],
        rater_count=row["rater_count"],
        pm_count=row["pm_count"],
        bound=BOUNDS[row["bound_no"]],
    )


def read_slice(row: Row) -> ReleasedSlice:
    """Returns the number by PM type or stage that a row holds."""
    kind, _, value = row["scope_id"].partition("/")
    return ReleasedSlice(kind=SliceKind(kind), value=value, cell=read_cell(row))


def read_change(row: Row) -> ReleasedChange:
    """Returns the judged change that a row holds."""
    kind, verdict = KINDS[row.pop("kind_no")], VERDICTS[row.pop("verdict_no")]
    return ReleasedChange(kind=kind, verdict=verdict, **row)
