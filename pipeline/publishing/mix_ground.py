"""Which changes of units are taken apart, and the sums of those who stayed, moved, came and left.

All of it comes from blocks in the release. An item counts only PMs whose block released it; who has a block in both
waves but not the item thus came or left there. So items are decided one by one, and a trait rests on those that pass.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.disclosure.combination import MOST_ATOMS
from pipeline.disclosure.mix import Detail, Path, Step, decide_mixes, rests_on_few
from pipeline.publishing.names import trait_numbers
from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Floats
from pipeline.release import REASONS, Reason, Scope
from pipeline.statistics.mix import Cohort
from survey.instrument import SubjectKind

BEFORE, NOW = 1, 2
"""Places of the two waves of a change; at place 0 is the wave before them, if there is one."""

MOST_WAVES = 3

NO_CHANGE, HIDDEN = -1, 0
"""What stands in the place of a `Detail` where there is no change to take apart, or where it is hidden."""

_TABLES = (
    *("mix_released", "mix_set", "mix_set_item", "mix_block", "mix_pair", "mix_shared"),
    *("mix_above", "mix_side", "mix_slice"),
)
_FINEST = int(max(Detail))
_TOO_FEW, _PROTECTS = REASONS.index(Reason.TOO_FEW_PMS), REASONS.index(Reason.PROTECTS_OTHERS)
_MOST_RESTS = 10
_Units = tuple[str, ...]

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixGround:
    """Units, traits and items by their numbers in the release.

    `details` and `reasons` are (n_units, n_traits), `item_details` (n_units, n_items). `sums`, `counts` of
    ratings and `pms` are (n_units, 2 waves, 3 cohorts, n_items), `responses` (n_units, n_traits, 2, 3) and
    `loads`, responses per person, (n_units, n_traits, 2).
    """

    since_wave_no: int
    unit_nos: Numbers
    item_nos: Numbers
    item_traits: Numbers
    details: Numbers
    reasons: Numbers
    item_details: Numbers
    sums: Floats
    counts: Floats
    pms: Floats
    responses: Floats
    loads: Floats


def read_mix_ground(staging: Staging) -> MixGround | None:
    """Returns what changes up to this wave are taken apart from, or None where none may be.

    Args:
        staging: with this wave's cells, blocks and items beside every other's.
    """
    waves = _stage_waves(staging)
    if not waves:
        return None
    trait_nos = np.array(trait_numbers(staging), dtype=np.int64)
    for table in _TABLES:
        staging.create(table)
    staging.warehouse.create("stage.mix_judged", "publish/mix_judged", {"most_ways": MOST_ATOMS})
    items = [row for row in staging.query("mix_item") if row["trait_no"] in set(trait_nos.tolist())]
    item_nos = np.array([row["measure_no"] for row in items], dtype=np.int64)
    item_traits = np.searchsorted(trait_nos, [row["trait_no"] for row in items])
    shown = _read_shown(staging, item_nos)
    sums = _read_sums(staging, shown.unit_nos, item_nos)
    grids = _decide(staging, shown, sums["pms"])
    details, reasons = _by_trait(*grids, item_traits, len(trait_nos))
    is_used = (grids[0] > HIDDEN) & (details[:, item_traits] > HIDDEN)
    item_details = np.where(is_used, details[:, item_traits], HIDDEN)
    return MixGround(
        since_wave_no=waves[-2],
        unit_nos=shown.unit_nos,
        item_nos=item_nos,
        item_traits=item_traits,
        details=details,
        reasons=reasons,
        item_details=item_details,
        **_folded_sums(sums, item_details),
        **_read_loads(staging, shown.unit_nos, trait_nos, details),
    )


def _stage_waves(staging: Staging) -> tuple[int, ...]:
    """Stages `mix_wave`: this wave and up to two before it; none where nothing may be taken apart.

    Parts of a change cut across those of its neighbours. So the wave must be the newest of its
    instrument, and no wave near it may have been seen in a form that is not in the release any more.
    """
    if staging.instrument.subject_kind is SubjectKind.UNIT or not staging.parameters()["has_others"]:
        return ()
    forms = {row["wave_no"]: row["form_count"] for row in staging.query("release_count")}
    same = [one for one in staging.earlier.waves if one.instrument_id == staging.instrument.instrument_id]
    others = sorted(
        (one for one in same if one.wave_no != staging.wave_no), key=lambda one: (one.starts_on, one.wave_no)
    )
    near = others[1 - MOST_WAVES :]
    is_newest = near and near[-1].starts_on < staging.wave.period.starts_on and staging.wave_no not in forms
    if not is_newest or any(not one.is_published or forms.get(one.wave_no, 1) > 1 for one in near):
        return ()
    waves = (*(one.wave_no for one in near), staging.wave_no)
    rows = [(wave_no, place) for place, wave_no in enumerate(waves, start=MOST_WAVES - len(waves))]
    staging.put("mix_wave", {"wave_no": pa.uint16(), "mix_place": pa.int32()}, rows)
    return waves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Units and items by their numbers, and whether a unit's number of an item is shown: (n_units, 3 waves, n_items)."""

    unit_nos: Numbers
    item_nos: Numbers
    is_shown: Flags

    def units(self, place: int, column: int, ids: Mapping[int, str]) -> frozenset[str]:
        """Returns the ids of the units whose number of an item is shown."""
        return frozenset(ids[number] for number in self.unit_nos[self.is_shown[:, place, column]].tolist())


def _read_shown(staging: Staging, item_nos: Numbers) -> _Shown:
    rows = staging.read("mix_shown")
    units, measures = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in ("unit_no", "measure_no")
    )
    unit_nos = np.unique(units)
    is_kept = np.isin(measures, item_nos)
    is_shown = np.zeros((len(unit_nos), MOST_WAVES, len(item_nos)), dtype=np.bool_)
    places = rows["mix_place"].to_numpy()[is_kept]
    columns = np.searchsorted(item_nos, measures[is_kept])
    is_shown[np.searchsorted(unit_nos, units[is_kept]), places, columns] = True
    return _Shown(unit_nos=unit_nos, item_nos=item_nos, is_shown=is_shown)


def _decide(staging: Staging, shown: _Shown, pms: Floats) -> tuple[Numbers, Numbers]:
    """(n_units, n_items): how finely each item's change is taken apart, and why it is not."""
    is_asked = shown.is_shown[:, BEFORE] & shown.is_shown[:, NOW]
    details, reasons = np.where(is_asked, HIDDEN, NO_CHANGE), np.where(is_asked, _PROTECTS, 0)
    stayers, others = pms[:, :, Cohort.STAYERS], pms[:, :, Cohort.MOVED :].sum(axis=2)
    is_few = is_asked & rests_on_few(stayers, others, min_pms=staging.policy.min_pms)
    ids = {number: name for (scope, name), number in staging.scopes.items() if scope == Scope.UNIT.value}
    judged = {row["measure_no"] for row in staging.warehouse.rows("stage.mix_judged").to_pylist()}
    judge = _Judge(staging=staging, shown=shown, ids=ids)
    for column, (measure_no, paths) in enumerate(_paths(staging, shown.item_nos, ids)):
        if paths is None:
            continue  # it is not clear which rest blocks a slice's number holds
        if measure_no in judged:
            details[:, column], reasons[:, column] = judge.column(column, paths)
        else:
            reasons[is_few[:, column], column] = _TOO_FEW
    return details, reasons


class _Judge:
    """Decides item by item; items that the same PMs' blocks released are decided once."""

    def __init__(self, *, staging: Staging, shown: _Shown, ids: Mapping[int, str]) -> None:
        self._shown, self._ids = shown, ids
        self._min_pms = staging.policy.min_pms
        self._told: dict[int, dict[Step, Detail]] = defaultdict(dict)
        for row in staging.query("mix_told") if "mix_item" in staging.earlier.tables else ():
            self._told[row["measure_no"]][ids[row["unit_no"]], 0] = Detail(row["detail_no"])
        self._decide = cache(self._decide_once)

    def column(self, column: int, paths: tuple[Path, ...]) -> tuple[Numbers, Numbers]:
        """Returns (n_units,) how finely the item's change is taken apart, and why it is not: of every unit."""
        units = tuple(self._shown.units(place, column, self._ids) for place in range(MOST_WAVES))
        told = self._told[int(self._shown.item_nos[column])]
        return self._decide(paths, units, frozenset(told.items()))

    def _decide_once(
        self,
        paths: tuple[Path, ...],
        units: tuple[frozenset[str], ...],
        told: frozenset[tuple[Step, Detail]],
    ) -> tuple[Numbers, Numbers]:
        decided = decide_mixes(paths, units, min_pms=self._min_pms, told=dict(told))
        found = {unit: one for (unit, _), one in decided.items()}
        rows = [found.get(self._ids[number]) for number in self._shown.unit_nos.tolist()]
        details = [NO_CHANGE if one is None else one if isinstance(one, Detail) else HIDDEN for one in rows]
        reasons = [REASONS.index(one) if isinstance(one, Reason) else 0 for one in rows]
        return np.array(details, dtype=np.int64), np.array(reasons, dtype=np.int64)


def _paths(
    staging: Staging, item_nos: Numbers, ids: Mapping[int, str]
) -> Iterator[tuple[int, tuple[Path, ...] | None]]:
    """By item; None where it is not clear which rest blocks a slice's number holds."""
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in staging.query("mix_path"):
        rows[row["measure_no"]].append(row)
    missing: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for row in staging.query("mix_rest_slice"):
        missing[row["measure_no"]][row["mix_place"], row["slice_no"]] = row["pm_count"]
    for measure_no in item_nos.tolist():
        yield measure_no, _paths_of(rows[measure_no], missing[measure_no], ids)


def _paths_of(
    rows: Iterable[Mapping[str, Any]], missing: Mapping[tuple[int, int], int], ids: Mapping[int, str]
) -> tuple[Path, ...] | None:
    ways = [(tuple(ids.get(no, "") for no in _way(row, "unit")), _way(row, "slices"), row) for row in rows]
    rests = [(units, row["pm_count"]) for units, _, row in ways if row["is_rest"]]
    of_rests: dict[_Units, list[set[int]]] = {units: [set() for _ in range(MOST_WAVES)] for units, _ in rests}
    for (place, one), pm_count in missing.items():
        inside = only_sum([(units, count) for units, count in rests if units[place]], pm_count)
        if inside is None:
            return None
        for units in inside:
            of_rests[units][place].add(one)
    paths = []
    for units, slices, row in ways:
        found = of_rests[units] if row["is_rest"] else [set(one) - {0} for one in slices]
        kept = tuple(frozenset(one) for one in found) if any(found) else ()
        paths.append(Path(units=units, pm_count=row["pm_count"], slices=kept))
    return tuple(paths)


def only_sum(counted: Sequence[tuple[_Units, int]], total: int) -> tuple[_Units, ...] | None:
    """Returns the only choice of what is counted that adds up to a total; None if there are others, or too many to try.

    >>> only_sum([(("A",), 2), (("B",), 3)], 3), only_sum([(("A",), 2), (("B",), 2)], 2)
    ((('B',),), None)
    """
    if len(counted) > _MOST_RESTS:
        return None
    choices = (some for size in range(len(counted) + 1) for some in combinations(counted, size))
    fitting = [some for some in choices if sum(count for _, count in some) == total]
    return tuple(units for units, _ in fitting[0]) if len(fitting) == 1 else None


def _way(row: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    return tuple(row[f"{name}_{place}"] for place in range(MOST_WAVES))


def _by_trait(
    details: Numbers, reasons: Numbers, item_traits: Numbers, trait_count: int
) -> tuple[Numbers, Numbers]:
    """A trait is taken apart as coarsely as any of its items that are, and hidden where none is."""
    found = np.full((len(details), trait_count), NO_CHANGE, dtype=np.int64)
    why = np.zeros_like(found)
    for place in range(trait_count):
        mine = details[:, item_traits == place]
        coarsest = np.where(mine > HIDDEN, mine, _FINEST + 1).min(axis=1, initial=_FINEST + 1)
        found[:, place] = np.where(coarsest > _FINEST, mine.max(axis=1, initial=NO_CHANGE), coarsest)
        is_hidden = found[:, place] == HIDDEN
        why[:, place] = np.where(is_hidden, reasons[:, item_traits == place].max(axis=1, initial=0), 0)
    return found, why


def _read_sums(staging: Staging, unit_nos: Numbers, item_nos: Numbers) -> dict[str, Floats]:
    rows = staging.read("mix_cohort")
    (units, columns, waves, cohorts), kept = _index(rows, unit_nos, item_nos, "measure_no")
    grids = {}
    for name, column in (("sums", "sum_points"), ("counts", "rating_count"), ("pms", "pm_count")):
        grids[name] = np.zeros((len(unit_nos), 2, len(Cohort), len(item_nos)))
        grids[name][units, waves, cohorts, columns] = rows[column].to_numpy()[kept]
    return grids


def _folded_sums(sums: Mapping[str, Floats], item_details: Numbers) -> dict[str, Floats]:
    """Of items that are taken apart."""
    folded = {
        name: np.moveaxis(_folded(np.moveaxis(grid, 2, -1), item_details[:, None]), -1, 2)
        for name, grid in sums.items()
    }
    return {name: np.where(item_details[:, None, None] > HIDDEN, grid, 0.0) for name, grid in folded.items()}


def _read_loads(
    staging: Staging, unit_nos: Numbers, trait_nos: Numbers, details: Numbers
) -> dict[str, Floats]:
    rows = staging.read("mix_load")
    index, kept = _index(rows, unit_nos, trait_nos, "trait_no")
    shape = len(unit_nos), len(trait_nos), 2
    responses, loads = np.zeros((*shape, len(Cohort))), np.ones(shape)
    responses[index] = rows["response_count"].to_numpy()[kept]
    loads[index[:3]] = rows["load"].to_numpy()[kept]
    return {"responses": _folded(responses, details[..., None]), "loads": loads}


def _folded(grid: Floats, details: Numbers) -> Floats:
    """Cohorts are the last axis. Who moved counts with the others where that is not told apart."""
    moved = np.where(details == Detail.REAL_AND_MIX, grid[..., Cohort.MOVED], 0.0)
    folded = grid.copy()
    folded[..., Cohort.MOVED] -= moved
    folded[..., Cohort.OTHERS] += moved
    return folded


def _index(
    rows: pa.Table, unit_nos: Numbers, numbers: Numbers, name: str
) -> tuple[tuple[Numbers, Numbers, Numbers, Numbers], Flags]:
    """Places of rows in a grid of units, numbers, waves and cohorts, and which rows have one."""
    units, wanted, waves, cohorts = (
        np.asarray(rows[column].to_numpy(), dtype=np.int64)
        for column in ("unit_no", name, "mix_place", "cohort")
    )
    kept = np.isin(units, unit_nos) & np.isin(wanted, numbers)
    places = np.searchsorted(unit_nos, units[kept]), np.searchsorted(numbers, wanted[kept])
    return (*places, waves[kept] - BEFORE, cohorts[kept]), kept
