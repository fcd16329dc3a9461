"""What made units' changes: those who stayed, or who came and left. Worked out once, when a wave is published."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.courses import Ground
from pipeline.publishing.derived import rounded
from pipeline.publishing.mix_ground import HIDDEN, NO_CHANGE, MixGround
from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Floats
from pipeline.statistics.interval import allow_for_overlap, effective_raters
from pipeline.statistics.mix import Cohort, Cohorts, Mix, Part, judge_mixes, split_change

MARGIN_DECIMALS = 2
PARTS = ("real", "mix")


def mix_tables(staging: Staging, ground: Ground, found: MixGround) -> Iterator[tuple[str, pa.Table]]:
    """Yields the rows of `release.mix` and `release.mix_item` of this wave, if there are any.

    Args:
        staging: the wave.
        ground: what this wave's changes were judged from.
        found: what they are taken apart from, of the same traits.
    """
    if len(found.unit_nos):
        yield "mix", _mix_table(staging, ground, found)
        yield "mix_item", _item_table(staging, found)


def _mix_table(staging: Staging, ground: Ground, found: MixGround) -> pa.Table:
    mixes = [_split(ground, found, place) for place in range(len(ground.trait_nos))]
    rows, places = np.nonzero(found.details != NO_CHANGE)
    columns: dict[str, object] = {
        "wave_no": np.full(len(rows), staging.wave_no),
        "scope_no": found.unit_nos[rows],
        "measure_no": ground.trait_nos[places],
        "since_wave_no": np.full(len(rows), found.since_wave_no),
        "reason_no": found.reasons[rows, places],
        "detail_no": found.details[rows, places],
    }
    grids = {**_part_grids(ground, mixes), **_cohort_grids(mixes), **_pm_grids(found)}
    grids["item_count"] = _item_counts(found)
    for name, grid in grids.items():
        columns[name] = np.where(found.details > HIDDEN, grid, 0)[rows, places]
    return pa.table(columns).sort_by([(name, "ascending") for name in ("scope_no", "measure_no")])


def _split(ground: Ground, found: MixGround, place: int) -> Mix:
    """The change of one trait of all units."""
    mine = found.item_traits == place
    ratings = found.counts[..., mine].sum(axis=-1)
    item_counts = ground.item_counts[place, -2:, None]
    whole = effective_raters(found.responses[:, place], ratings, item_count=item_counts)
    loads = found.loads[:, place, :, None]
    raters = allow_for_overlap(whole, response_count=loads, people_count=np.ones_like(loads))
    before, now = (
        Cohorts(
            sums=found.sums[:, wave][..., mine],
            counts=found.counts[:, wave][..., mine],
            raters=raters[:, wave],
        )
        for wave in (0, 1)
    )
    return split_change(
        before, now, sigma=float(ground.sigmas[place]), degrees_of_freedom=ground.degrees_of_freedom
    )


def _part_grids(ground: Ground, mixes: list[Mix]) -> dict[str, Floats]:
    """Each part with its interval and verdict; all that one unit is told of its traits is one family."""
    judged = judge_mixes(
        mixes, lengths=(ground.high - ground.low) / 4, degrees_of_freedom=ground.degrees_of_freedom
    )
    grids: dict[str, Floats] = {}
    for name, part in zip(PARTS, judged, strict=True):
        points, margins = rounded(part.points), np.round(part.margins, MARGIN_DECIMALS)
        grids[f"{name}_points"] = points
        grids[f"{name}_low"], grids[f"{name}_high"] = rounded(points - margins), rounded(points + margins)
        grids[f"{name}_verdict_no"] = part.verdicts.astype(np.float64)
    return grids


def _cohort_grids(mixes: list[Mix]) -> dict[str, Floats]:
    moved_in, joined, moved_out, left = (
        _stacked([one.parts[:, part] for one in mixes])
        for part in (Part.MOVED_IN, Part.JOINERS, Part.MOVED_OUT, Part.LEAVERS)
    )
    grids = {
        "arrived_points": moved_in + joined,
        "left_points": moved_out + left,
        "moved_in_points": moved_in,
        "moved_out_points": moved_out,
    }
    return {name: rounded(grid) for name, grid in grids.items()}


def _pm_grids(found: MixGround) -> dict[str, NDArray[np.int64]]:
    """Of the items of a trait the fewest PMs: a cohort is never said to be larger than it is."""
    before, now = found.pms[:, 0], found.pms[:, 1]
    counts = {
        "stayed_pm_count": now[:, Cohort.STAYERS],
        "arrived_pm_count": now[:, Cohort.MOVED] + now[:, Cohort.OTHERS],
        "left_pm_count": before[:, Cohort.MOVED] + before[:, Cohort.OTHERS],
    }
    return {name: _fewest(found, grid) for name, grid in counts.items()}


def _item_counts(found: MixGround) -> NDArray[np.int64]:
    is_used, traits = found.item_details > HIDDEN, np.arange(found.details.shape[1])
    is_mine = found.item_traits[:, None] == traits
    return np.asarray((is_used[..., None] & is_mine).sum(axis=1), dtype=np.int64)


def _fewest(found: MixGround, counts: Floats) -> NDArray[np.int64]:
    made = np.zeros(found.details.shape, dtype=np.int64)
    for place in np.unique(found.item_traits):
        mine = found.item_traits == place
        used = np.where(found.item_details[:, mine] > HIDDEN, counts[:, mine], np.inf)
        fewest = used.min(axis=1, initial=np.inf)
        made[:, place] = np.where(np.isfinite(fewest), fewest, 0)
    return made


def _item_table(staging: Staging, found: MixGround) -> pa.Table:
    rows, columns = np.nonzero(found.item_details > HIDDEN)
    made = {
        "wave_no": np.full(len(rows), staging.wave_no),
        "scope_no": found.unit_nos[rows],
        "measure_no": found.item_nos[columns],
        "since_wave_no": np.full(len(rows), found.since_wave_no),
        "detail_no": found.item_details[rows, columns],
    }
    return pa.table(made).sort_by([(name, "ascending") for name in ("scope_no", "measure_no")])


def _stacked(columns: list[Floats]) -> Floats:
    return np.stack(columns, axis=1)
