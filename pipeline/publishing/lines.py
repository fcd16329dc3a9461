"""Lines over every wave, drawn anew for each release."""

from pipeline.publishing.worth import stage_worth
from pipeline.release import GROUPS, Group
from pipeline.warehouse import Warehouse


def draw_lines(warehouse: Warehouse) -> None:
    """Makes `fresh.line`, and stages `line_point`, from every cell that the release tells."""
    parameters = {"others_group": GROUPS.index(Group.OTHERS)}
    for table in ("line_item", "line_set", "line_point"):
        warehouse.create(f"stage.{table}", f"publish/{table}", parameters)
    warehouse.drop("stage.line_set")  # the largest table of all
    stage_worth(warehouse, "line_point")
    warehouse.create("fresh.line", "publish/line")
