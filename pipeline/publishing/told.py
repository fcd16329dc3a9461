"""Every number of others that a release tells about subjects and units, of all its waves: lines and changes are made from it.

There are millions of them, and what is asked is how those of one scope go together: as grids that is a step of numpy
over all scopes at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.values import Floats, Numbers
from pipeline.release import GROUPS, Group
from pipeline.warehouse import Warehouse

MILLION = 1_000_000

_NOWHERE = -1
"""The last column of a grid, behind those that a measure has: nothing is in it."""

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`scores`, in millionths, and `ratings` are (n_columns, n_scopes), 0 where nothing is shown; a column is a measure in a wave.

    `loads` are responses and people by wave, each (n_scopes,), NaN where neither was counted: for a subject both are
    its raters. `items` are those of each trait, by wave.
    """

    scope_nos: Numbers
    is_unit: NDArray[np.bool_]
    columns: Mapping[tuple[int, int], int]
    scores: Counts
    ratings: Counts
    loads: Mapping[int, tuple[Floats, Floats]]
    items: Mapping[int, Mapping[int, tuple[int, ...]]]

    def places(self, wave_no: int, measure_nos: Iterable[int]) -> Numbers:
        """Returns the columns of measures in a wave; those that it does not show have an empty one."""
        return np.array([self.columns.get((wave_no, one), _NOWHERE) for one in measure_nos], dtype=np.int64)

    def load(self, wave_no: int, raters: Floats) -> tuple[Floats, Floats]:
        """Returns responses and people behind each scope in a wave, where so many raters stand behind its subjects."""
        if wave_no not in self.loads:
            return raters, raters
        responses, people = self.loads[wave_no]
        is_counted = np.isfinite(responses)
        return np.where(is_counted, responses, raters), np.where(is_counted, people, raters)


def read_told(warehouse: Warehouse) -> Told:
    """Returns what the release to come tells, of its waves and those before."""
    for table in ("told_scope", "told_column"):
        warehouse.create(f"stage.{table}", f"publish/{table}")
    scopes, columns = warehouse.rows("stage.told_scope"), warehouse.rows("stage.told_column").to_pylist()
    parameters = {"scope_count": len(scopes), "others_group": GROUPS.index(Group.OTHERS)}
    found = warehouse.query("publish/told", parameters)
    shape = len(columns) - _NOWHERE, len(scopes)
    return Told(
        scope_nos=integers(scopes, "scope_no"),
        is_unit=scopes["is_unit"].to_numpy(),
        columns={(row["wave_no"], row["measure_no"]): row["place"] for row in columns},
        scores=_grid(found, "score", shape),
        ratings=_grid(found, "rater_count", shape),
        loads=_loads(warehouse, len(scopes)),
        items=_items(columns),
    )


def integers(table: pa.Table, name: str) -> Numbers:
    """Returns a column of whole numbers, to count and to point with."""
    return np.asarray(table[name].to_numpy(), dtype=np.int64)


def _grid(found: pa.Table, name: str, shape: tuple[int, int]) -> Counts:
    made = np.zeros(shape, dtype=np.int32)
    made.reshape(-1)[integers(found, "place")] = found[name].to_numpy()
    return made


def _loads(warehouse: Warehouse, scope_count: int) -> dict[int, tuple[Floats, Floats]]:
    found = warehouse.query("publish/told_load")
    waves, places = integers(found, "wave_no"), integers(found, "place")

    def of_wave(wave_no: int, name: str) -> Floats:
        made, is_here = np.full(scope_count, np.nan), waves == wave_no
        made[places[is_here]] = found[name].to_numpy()[is_here]
        return made

    return {
        no: (of_wave(no, "response_count"), of_wave(no, "people_count")) for no in np.unique(waves).tolist()
    }


def _items(columns: Iterable[Mapping[str, int]]) -> dict[int, dict[int, tuple[int, ...]]]:
    """By trait, then by wave in the order of time."""
    found: dict[int, dict[int, tuple[int, ...]]] = {}
    for row in columns:
        if row["measure_no"] != row["trait_no"]:
            of_trait = found.setdefault(row["trait_no"], {})
            of_trait[row["wave_no"]] = (*of_trait.get(row["wave_no"], ()), row["measure_no"])
    return found
