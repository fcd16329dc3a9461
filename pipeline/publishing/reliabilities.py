"""How far raters tell subjects apart: the analysis of variance of each trait, once per wave and organisation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.publishing.staging import Staging
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.one_way import OneWay, analyse_sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The traits of which enough people were rated by enough, by trait id."""

    tables: Mapping[str, OneWay]

    def table(self, trait_id: str) -> OneWay | None:
        """Returns the analysis of variance of a trait, or None from too few people."""
        return self.tables.get(trait_id)

    def between_variance(self, trait_id: str) -> float | None:
        """Returns tau² to two significant digits, or None from too few people."""
        table = self.table(trait_id)
        return None if table is None else float(f"{table.between_variance:.2g}")


def read_groups(staging: Staging) -> Groups:
    """Returns the analysis of each trait that may be made: it rests on single answers, so on many people."""
    squares = {row["trait_id"]: row for row in staging.query("wave_spread")}
    found = staging.read("trait_group")
    trait_ids = np.array(found["trait_id"].to_pylist(), dtype=object)
    sizes, means = found["rater_count"].to_numpy(), found["mean_points"].to_numpy()
    tables = {}
    for trait_id, row in squares.items():
        if is_enough(staging, row["subject_count"], row["rater_count"]):
            here = trait_ids == trait_id
            table = analyse_sums(sizes[here], means[here], row["within_sum_squares"])
            if not isinstance(table, CannotTell):
                tables[trait_id] = table
    return Groups(tables=tables)


def is_enough(staging: Staging, subject_count: int, rater_count: int) -> bool:
    """True if so many people stand behind a number that it may be made from their single answers."""
    policy = staging.policy
    return subject_count >= policy.min_pms_for_spread and rater_count >= policy.min_raters_for_spread
