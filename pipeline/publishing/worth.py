"""How many raters each score of others is worth: what its interval is made from."""

import pyarrow as pa

from pipeline.statistics.interval import allow_for_overlap, effective_raters
from pipeline.warehouse import Warehouse


def stage_worth(warehouse: Warehouse, table: str) -> None:
    """Adds `raters` to the staged `trait_sum`."""
    sums = warehouse.rows(f"stage.{table}")
    warehouse.put_rows(f"stage.{table}", sums.append_column("raters", pa.array(_raters(sums))))


def _raters(sums: pa.Table) -> pa.Array:
    """The raters a score is worth; one person who answered about several PMs of a unit is not several."""
    responses = sums["response_count"].to_numpy()
    raters = effective_raters(
        responses, sums["rating_count"].to_numpy(), item_count=sums["item_count"].to_numpy()
    )
    return allow_for_overlap(raters, response_count=responses, people_count=sums["people_count"].to_numpy())
