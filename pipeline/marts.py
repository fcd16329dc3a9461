"""From facts to sums: the marts that publishing reads, rebuilt per wave in the caller's transaction."""

from pipeline.numbering import REST_KIND
from pipeline.rules import code
from pipeline.warehouse import Warehouse
from survey.relationship import Relationship


def build(warehouse: Warehouse, wave_no: int) -> None:
    """Makes one wave's rows of every mart anew."""
    parameters = {
        "wave_no": wave_no,
        "self": code(Relationship.SELF),
        "manager": code(Relationship.MANAGER),
        "other": code(Relationship.OTHER),
        "rest_kind": REST_KIND,
    }
    for mart in ("member", "item", "rater_score", "trait", "spread"):
        warehouse.delete(f"mart.{mart}", "wave_no", wave_no)
        warehouse.append(f"mart.{mart}", f"marts/{mart}", parameters)
