"""Which changes of units are taken apart, and the sums of those who stayed, moved, came and left.

All of it comes from blocks in the release. An item counts only PMs whose block released it; who has a block in both
waves but not the item thus came or left there. So items are decided one by one, and a trait rests on those that pass.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.disclosure.mix import Detail, Path, Step, decide_mixes
from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Floats
from pipeline.release import REASONS, Reason
from pipeline.statistics.mix import Cohort
from survey.instrument import SubjectKind

BEFORE, NOW = 1, 2
"""Places of the two waves of a change; at place 0 is the wave before them, if there is one."""

MOST_WAVES = 3

NO_CHANGE, HIDDEN = -1, 0
"""What stands in the place of a `Detail` where there is no change to take apart, or where it is hidden."""

_FINEST = int(max(Detail))
_MOST_RESTS = 10
_Units = tuple[str, ...]

Decisions = Mapping[Step, Detail | Reason]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixGround:
    """Units by their ids, traits and items by their numbers in the release.

    `details` and `reasons` are (n_units, n_traits), `item_details` (n_units, n_items). `sums`, `counts` of
    ratings and `pms` are (n_units, 2 waves, 3 cohorts, n_items), `responses` (n_units, n_traits, 2, 3) and
    `loads`, responses per person, (n_units, n_traits, 2).
    """

    since_wave_no: int
    units: tuple[str, ...]
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


def read_mix_ground(staging: Staging, trait_nos: Numbers) -> MixGround | None:
    """Returns what changes up to this wave are taken apart from, or None where none may be.

    Args:
        staging: with this wave's cells, blocks and items in the release.
        trait_nos: the numbers of the traits that are asked about, in order.
    """
    waves = _stage_waves(staging)
    if not waves:
        return None
    for table in ("mix_pm", "mix_member"):
        staging.create(table)
    items = [row for row in staging.query("mix_item") if row["trait_no"] in set(trait_nos.tolist())]
    shown = _shown(staging)
    units = tuple(sorted({unit for row in items for unit in shown[row["measure_no"]][NOW]}))
    item_nos = np.array([row["measure_no"] for row in items], dtype=np.int64)
    item_traits = np.searchsorted(trait_nos, [row["trait_no"] for row in items])
    grids = _grids(_decide(staging, shown), units, item_nos)
    details, reasons = _by_trait(*grids, item_traits, len(trait_nos))
    is_used = (grids[0] > HIDDEN) & (details[:, item_traits] > HIDDEN)
    item_details = np.where(is_used, details[:, item_traits], HIDDEN)
    return MixGround(
        since_wave_no=waves[-2],
        units=units,
        item_nos=item_nos,
        item_traits=item_traits,
        details=details,
        reasons=reasons,
        item_details=item_details,
        **_read_sums(staging, units, item_nos, item_details),
        **_read_loads(staging, units, trait_nos, details),
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


_Shown = Mapping[int, tuple[frozenset[str], ...]]
"""By item, wave after wave: the units whose number is shown."""


def _shown(staging: Staging) -> _Shown:
    units: dict[int, list[set[str]]] = defaultdict(lambda: [set() for _ in range(MOST_WAVES)])
    for row in staging.query("mix_shown"):
        units[row["measure_no"]][row["mix_place"]].add(row["unit_id"])
    found = {measure_no: tuple(map(frozenset, places)) for measure_no, places in units.items()}
    return defaultdict(lambda: (frozenset(),) * MOST_WAVES, found)


def _decide(staging: Staging, shown: _Shown) -> dict[int, Decisions]:
    """Item by item; items that the same PMs' blocks released are decided once."""
    told: dict[int, dict[Step, Detail]] = defaultdict(dict)
    for row in staging.query("mix_told"):
        told[row["measure_no"]][row["unit_id"], 0] = Detail(row["detail_no"])
    known: dict[tuple[object, ...], Decisions] = {}
    decided: dict[int, Decisions] = {}
    for measure_no, paths in _paths(staging).items():
        units = shown[measure_no]
        key = paths, units, frozenset(told[measure_no].items())
        if paths is None:
            decided[measure_no] = {
                (unit, BEFORE): Reason.PROTECTS_OTHERS for unit in units[BEFORE] & units[NOW]
            }
            continue
        if key not in known:
            known[key] = decide_mixes(paths, units, min_pms=staging.policy.min_pms, told=told[measure_no])
        decided[measure_no] = known[key]
    return decided


def _paths(staging: Staging) -> dict[int, tuple[Path, ...] | None]:
    """By item; None where it is not clear which rest blocks a slice's number holds."""
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in staging.query("mix_path"):
        rows[row["measure_no"]].append(row)
    missing: dict[int, dict[tuple[int, str], int]] = defaultdict(dict)
    for row in staging.query("mix_rest_slice"):
        missing[row["measure_no"]][row["mix_place"], row["scope_id"]] = row["pm_count"]
    return {measure_no: _paths_of(several, missing[measure_no]) for measure_no, several in rows.items()}


def _paths_of(
    rows: Iterable[Mapping[str, Any]], missing: Mapping[tuple[int, str], int]
) -> tuple[Path, ...] | None:
    ways = [(_way(row, "unit"), _way(row, "slices"), row) for row in rows]
    rests = [(units, row["pm_count"]) for units, _, row in ways if row["is_rest"]]
    of_rests: dict[tuple[str, ...], list[set[str]]] = {
        units: [set() for _ in range(MOST_WAVES)] for units, _ in rests
    }
    for (place, one), pm_count in missing.items():
        inside = only_sum([(units, count) for units, count in rests if units[place]], pm_count)
        if inside is None:
            return None
        for units in inside:
            of_rests[units][place].add(one)
    paths = []
    for units, slices, row in ways:
        found = of_rests[units] if row["is_rest"] else [set(one) - {""} for one in slices]
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


def _grids(
    decided: Mapping[int, Decisions], units: tuple[str, ...], item_nos: Numbers
) -> tuple[Numbers, Numbers]:
    """(n_units, n_items): how finely each item's change is taken apart, and why it is not."""
    details = np.full((len(units), len(item_nos)), NO_CHANGE, dtype=np.int64)
    reasons = np.zeros_like(details)
    rows = {unit: row for row, unit in enumerate(units)}
    for column, measure_no in enumerate(item_nos.tolist()):
        for (unit, place), decision in decided.get(measure_no, {}).items():
            if place == BEFORE and isinstance(decision, Detail):
                details[rows[unit], column] = decision
            elif place == BEFORE:
                details[rows[unit], column] = HIDDEN
                reasons[rows[unit], column] = REASONS.index(decision)
    return details, reasons


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


def _read_sums(
    staging: Staging, units: tuple[str, ...], item_nos: Numbers, item_details: Numbers
) -> dict[str, Floats]:
    rows = staging.read("mix_cohort")
    index, kept = _index(rows, units, item_nos, "measure_no")
    shape = len(units), 2, len(Cohort), len(item_nos)
    grids = {}
    for name, column in (("sums", "sum_points"), ("counts", "rating_count"), ("pms", "pm_count")):
        grid = np.zeros(shape)
        grid[index[0], index[2], index[3], index[1]] = rows[column].to_numpy()[kept]
        grid = np.moveaxis(_folded(np.moveaxis(grid, 2, -1), item_details[:, None]), -1, 2)
        grids[name] = np.where(item_details[:, None, None] > HIDDEN, grid, 0.0)
    return grids


def _read_loads(
    staging: Staging, units: tuple[str, ...], trait_nos: Numbers, details: Numbers
) -> dict[str, Floats]:
    rows = staging.read("mix_load")
    index, kept = _index(rows, units, trait_nos, "trait_no")
    shape = len(units), len(trait_nos), 2
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
    rows: pa.Table, units: Iterable[str], numbers: Numbers, name: str
) -> tuple[tuple[Numbers, Numbers, Numbers, Numbers], NDArray[np.bool_]]:
    """Places of rows in a grid of units, numbers, waves and cohorts, and which rows have one."""
    places = {unit: row for row, unit in enumerate(units)}
    unit_rows = np.array([places.get(unit, -1) for unit in rows["unit_id"].to_pylist()], dtype=np.int64)
    wanted = rows[name].to_numpy().astype(np.int64)
    kept = (unit_rows >= 0) & np.isin(wanted, numbers)
    columns = np.searchsorted(numbers, wanted[kept])
    waves = rows["mix_place"].to_numpy().astype(np.int64)[kept] - BEFORE
    return (unit_rows[kept], columns, waves, rows["cohort"].to_numpy().astype(np.int64)[kept]), kept
