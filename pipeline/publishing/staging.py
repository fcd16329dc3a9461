"""One wave on its way into a release.

Names and memberships are settled in Python, once per subject or unit; whatever is per item or per
answer is done by the SQL in `sql/publish/`. Both meet in the tables of the attached database
`stage`, which lives in memory and vanishes in the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipeline.numbering import REST_KIND
from pipeline.publishing.earlier import Earlier, Name
from pipeline.publishing.edition import Edition
from pipeline.release import GROUPS, REASONS, Group, Reason
from pipeline.rules import code
from pipeline.warehouse import Warehouse
from survey.campaign import Wave
from survey.instrument import Instrument, SubjectKind
from survey.policy import Policy
from survey.relationship import Relationship
from survey.reporting_group import REST_PREFIX
from survey.roster import Roster

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A wave, what it builds on, and the numbers that names have in the release to come."""

    warehouse: Warehouse
    wave_no: int
    edition: Edition
    earlier: Earlier
    scopes: Mapping[Name, int]
    measures: Mapping[Name, int]

    @property
    def wave(self) -> Wave:
        return self.edition.wave

    @property
    def instrument(self) -> Instrument:
        return self.edition.instrument

    @property
    def members(self) -> Roster:
        return self.edition.members

    @property
    def policy(self) -> Policy:
        return self.edition.policy

    @property
    def is_about_pms(self) -> bool:
        """True if others answer about PMs: only then are there numbers over several of them."""
        has_others = bool(self.parameters()["has_others"])
        return has_others and self.instrument.subject_kind is SubjectKind.PM

    def put(self, table: str, columns: Mapping[str, pa.DataType], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a staged table from rows whose values are in the order of its columns."""
        put(self.warehouse, table, columns, rows)

    def create(self, table: str) -> None:
        """Makes a staged table from the SQL file of the same name."""
        self.warehouse.create(f"stage.{table}", f"publish/{table}", self.parameters())

    def query(self, name: str) -> list[dict[str, Any]]:
        """Returns the rows of one of publishing's SQL files."""
        rows: list[dict[str, Any]] = self.read(name).to_pylist()
        return rows

    def rows(self, name: str) -> Rows:
        """Returns the same as tuples, in the order of the query's columns."""
        return tuple(zip(*(column.to_pylist() for column in self.read(name).columns), strict=True))

    def by_item(self, name: str) -> dict[int, Rows]:
        """Returns the rows of a query by their first column, the item's number, and without it."""
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for measure_no, *row in self.rows(name):
            found[measure_no].append(tuple(row))
        return {measure_no: tuple(rows) for measure_no, rows in found.items()}

    def read(self, name: str) -> pa.Table:
        """Returns the same as columns, for what is worked out for many at once."""
        return self.warehouse.query(f"publish/{name}", self.parameters())

    def parameters(self) -> dict[str, Any]:
        """Returns every parameter that publishing's SQL files may name."""
        groups = [GROUPS.index(Group(group)) for group in self.instrument.respondents]
        return {
            "wave_no": self.wave_no,
            "wave_id": self.wave.wave_id,
            "release_no": self.earlier.release_no + 1,
            "instrument_id": self.instrument.instrument_id,
            "instrument_version": self.instrument.version,
            "kind": self.instrument.subject_kind.value,
            "rest_kind": REST_KIND,
            "rest_place": len(REST_PREFIX) + 1,
            "self": code(Relationship.SELF),
            "manager": code(Relationship.MANAGER),
            "others_group": GROUPS.index(Group.OTHERS),
            "self_group": GROUPS.index(Group.SELF),
            "manager_group": GROUPS.index(Group.MANAGER),
            "groups": groups,
            "has_others": GROUPS.index(Group.OTHERS) in groups,
            "largest_load": self.edition.largest_load,
            "min_raters": self.policy.min_raters,
            "min_item_ratings": self.policy.min_item_ratings,
            "too_few_raters": REASONS.index(Reason.TOO_FEW_RATERS),
            "too_little_exposure": REASONS.index(Reason.TOO_LITTLE_EXPOSURE),
        }


def put(
    warehouse: Warehouse, table: str, columns: Mapping[str, pa.DataType], rows: Iterable[Sequence[Any]]
) -> None:
    """Makes a staged table from rows whose values are in the order of its columns."""
    warehouse.put_rows(f"stage.{table}", arrow_table(columns, rows))


def arrow_table(columns: Mapping[str, pa.DataType], rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Returns rows as an Arrow table of the given columns."""
    values = list(zip(*rows, strict=True)) or [() for _ in columns]
    arrays = [pa.array(column, kind) for column, kind in zip(values, columns.values(), strict=True)]
    return pa.table(dict(zip(columns, arrays, strict=True)))
