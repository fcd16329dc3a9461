"""From facts to sums: the marts that publishing reads, rebuilt per wave in the caller's transaction."""

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
    }
    for mart in ("member", "item"):
        warehouse.delete(f"mart.{mart}", "wave_no", wave_no)
        warehouse.append(f"mart.{mart}", f"marts/{mart}", parameters)
