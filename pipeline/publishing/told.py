"""Every number of others that a release tells about subjects and units, of all its waves: lines and changes are made from it.

There are millions of them, and what is asked is how those of one scope go together: as grids that is a step of numpy
over all scopes at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.values import Floats, Numbers, ranked
from pipeline.release import GROUPS, Group
from pipeline.warehouse import Warehouse

MILLION = 1_000_000

_NOWHERE = -1
"""The last column of a grid, in which nothing is."""

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
    found = warehouse.query("publish/told", {"others_group": GROUPS.index(Group.OTHERS)})
    scope_nos, rows = ranked(integers(found, "scope_no"))
    waves, measures = integers(found, "wave_no"), integers(found, "measure_no")
    width = int(measures.max(initial=0)) + 1
    pairs, columns = ranked(waves * width + measures)
    index = columns * len(scope_nos) + rows
    units = integers(warehouse.query("publish/told_unit"), "scope_no")
    return Told(
        scope_nos=scope_nos,
        is_unit=np.isin(scope_nos, units),
        columns={divmod(pair, width): column for column, pair in enumerate(pairs.tolist())},
        scores=_grid(found, "score", index, (len(pairs) + 1, len(scope_nos))),
        ratings=_grid(found, "rater_count", index, (len(pairs) + 1, len(scope_nos))),
        loads=_loads(warehouse, scope_nos),
        items=_items(warehouse),
    )


def integers(table: pa.Table, name: str) -> Numbers:
    """Returns a column of whole numbers, to count and to point with."""
    return np.asarray(table[name].to_numpy(), dtype=np.int64)


def _grid(found: pa.Table, name: str, index: Numbers, shape: tuple[int, int]) -> Counts:
    made = np.zeros(shape, dtype=np.int32)
    made.reshape(-1)[index] = found[name].to_numpy()
    return made


def _loads(warehouse: Warehouse, scope_nos: Numbers) -> dict[int, tuple[Floats, Floats]]:
    found = warehouse.query("publish/told_load")
    found = found.filter(pa.array(np.isin(integers(found, "scope_no"), scope_nos)))
    waves, places = integers(found, "wave_no"), np.searchsorted(scope_nos, integers(found, "scope_no"))

    def of_wave(wave_no: int, name: str) -> Floats:
        made, is_here = np.full(len(scope_nos), np.nan), waves == wave_no
        made[places[is_here]] = found[name].to_numpy()[is_here]
        return made

    return {
        no: (of_wave(no, "response_count"), of_wave(no, "people_count")) for no in np.unique(waves).tolist()
    }


def _items(warehouse: Warehouse) -> dict[int, dict[int, tuple[int, ...]]]:
    """By trait, then by wave in the order of time."""
    found: dict[int, dict[int, tuple[int, ...]]] = {}
    for row in warehouse.query("publish/told_item").to_pylist():
        of_trait = found.setdefault(row["trait_no"], {})
        of_trait[row["wave_no"]] = (*of_trait.get(row["wave_no"], ()), row["measure_no"])
    return found
