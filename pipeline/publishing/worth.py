"""How many raters each score of others is worth: what its interval is made from."""

from collections.abc import Sequence

import pyarrow as pa

from pipeline.statistics.interval import allow_for_overlap, effective_raters
from pipeline.warehouse import Warehouse


def stage_trait_worth(warehouse: Warehouse, sums: pa.Table) -> None:
    """Stages `trait_worth` from the rows of `publish/trait_sum`."""
    _stage(warehouse, "trait_worth", sums, ("scope_no", "trait_no"))


def stage_line_worth(warehouse: Warehouse, points: pa.Table) -> None:
    """Stages `line_worth` from the rows of `publish/line_point`."""
    _stage(warehouse, "line_worth", points, ("scope_no", "trait_no", "segment_no", "wave_no"))


def _stage(warehouse: Warehouse, table: str, sums: pa.Table, keys: Sequence[str]) -> None:
    columns = {key: sums[key] for key in keys}
    warehouse.put_rows(f"stage.{table}", pa.table({**columns, "raters": pa.array(_raters(sums))}))


def _raters(sums: pa.Table) -> pa.Array:
    """The raters a score is worth; one person who answered about several PMs of a unit is not several."""
    responses = sums["response_count"].to_numpy()
    raters = effective_raters(
        responses, sums["rating_count"].to_numpy(), item_count=sums["item_count"].to_numpy()
    )
    return allow_for_overlap(raters, response_count=responses, people_count=sums["people_count"].to_numpy())
