"""Lines over every wave, drawn anew for each release: over the items that every wave of a segment released.

A segment ends where no item is left that all its waves released. It is as long as can be, from the first wave on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.told import MILLION, Told
from pipeline.publishing.values import Floats, Numbers
from pipeline.statistics.interval import allow_for_overlap, effective_raters
from pipeline.warehouse import Warehouse

Flags = NDArray[np.bool_]


def draw_lines(warehouse: Warehouse, told: Told) -> None:
    """Makes `fresh.line`, and stages `line_point`, from all that the release tells."""
    lines = [_line(told, trait_no, items) for trait_no, items in told.items.items()]
    warehouse.put_rows("stage.line_point", pa.concat_tables([_NOTHING, *lines]))
    warehouse.create("fresh.line", "publish/line")


_NOTHING = pa.table(
    {
        **{name: np.zeros(0, dtype=np.int32) for name in ("scope_no", "trait_no", "segment_no", "wave_no")},
        **{name: np.zeros(0, dtype=np.int32) for name in ("item_count", "rater_count")},
        **{name: np.zeros(0) for name in ("score", "raters")},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    """The points of a trait's lines: (n_waves, n_scopes), 0 where there is none."""

    segments: Numbers
    item_counts: Numbers
    rater_counts: Numbers
    scores: Floats
    raters: Floats


def _line(told: Told, trait_no: int, items: Mapping[int, tuple[int, ...]]) -> pa.Table:
    points = _points(told, trait_no, items)
    scopes, waves = np.nonzero(points.segments.T)
    columns = {
        "segment_no": points.segments,
        "item_count": points.item_counts,
        "rater_count": points.rater_counts,
        "score": points.scores,
        "raters": points.raters,
    }
    keys = {
        "scope_no": told.scope_nos[scopes],
        "trait_no": np.full(len(scopes), trait_no),
        "wave_no": np.array(list(items))[waves],
    }
    found = {**keys, **{name: grid[waves, scopes] for name, grid in columns.items()}}
    return pa.table(found).select(_NOTHING.column_names).cast(_NOTHING.schema)


def _points(told: Told, trait_no: int, items: Mapping[int, tuple[int, ...]]) -> _Points:
    measures = sorted({measure_no for several in items.values() for measure_no in several})
    asked = [[one if one in several else 0 for one in measures] for several in items.values()]
    columns = np.array([told.places(*one) for one in zip(items, asked, strict=True)])
    of_trait = np.array([told.places(wave_no, (trait_no,))[0] for wave_no in items])
    segments, kept = follow(told.ratings[columns] > 0)
    item_counts, rater_counts = kept.sum(axis=1), told.ratings[of_trait]
    sums = np.where(kept, told.scores[columns], 0).sum(axis=1)
    ratings = np.where(kept, told.ratings[columns], 0).sum(axis=1)
    return _Points(
        segments=segments,
        item_counts=item_counts,
        rater_counts=rater_counts,
        scores=sums / MILLION / np.maximum(item_counts, 1),
        raters=_raters(told, items, rater_counts, ratings),
    )


def _raters(
    told: Told, items: Mapping[int, tuple[int, ...]], rater_counts: Numbers, ratings: Numbers
) -> Floats:
    """What each point is worth; one person who answered about several PMs of a unit is not several."""
    loads = [told.load(no, row.astype(np.float64)) for no, row in zip(items, rater_counts, strict=True)]
    responses, people = (np.stack(several) for several in zip(*loads, strict=True))
    counts = np.array([len(several) for several in items.values()])
    raters = effective_raters(responses, ratings, item_count=counts[:, None])
    return allow_for_overlap(raters, response_count=responses, people_count=people)


def follow(shown: Flags) -> tuple[Numbers, Flags]:
    """Returns the segment of each point, 0 where there is none, and which items all waves of its segment released.

    Args:
        shown: (n_waves, n_items, n_scopes), which items each wave released.
    """
    segments: Numbers = np.zeros((len(shown), shown.shape[2]), dtype=np.int64)
    left = np.zeros_like(shown)
    common, segment = np.zeros_like(shown[0]), np.zeros_like(segments[0])
    for place, here in enumerate(shown):
        both = common & here
        is_there, goes_on = here.any(axis=0), both.any(axis=0)
        left[place] = np.where(goes_on, both, here)
        common = np.where(is_there, left[place], common)
        segment = segment + (is_there & ~goes_on)
        segments[place] = np.where(is_there, segment, 0)
    return segments, _to_the_end(segments, left)


def _to_the_end(segments: Numbers, left: Flags) -> Flags:
    """What is left in the last wave of each segment is what all its waves released."""
    kept, later, common = left.copy(), np.zeros_like(segments[0]), np.zeros_like(left[0])
    for place in reversed(range(len(segments))):
        is_there, goes_on = segments[place] > 0, segments[place] == later
        kept[place] = np.where(goes_on, common, left[place])
        common = np.where(is_there, kept[place], common)
        later = np.where(is_there, segments[place], later)
    return kept
