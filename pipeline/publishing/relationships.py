"""Which numbers by relationship (engineering, design ...) may be shown, of the organisation and product groups.

Unlike every other number these cut through blocks, so the auditor decides: from memberships, and of an
item also from who rated it. All that are hidden say the same, whoever answered.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipeline.disclosure.relationships import ORGANISATION, Share, Table, decide_relationships
from pipeline.numbering import subject_units
from pipeline.publishing.earlier import Name
from pipeline.publishing.rulings import ItemRuling, ItemRulings, Rulings
from pipeline.publishing.staging import Staging
from pipeline.release import Reason, Scope
from pipeline.rules import code
from survey.instrument import Instrument, SubjectKind
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Roster, unit_lineage

MOST_SUBJECTS = 2_000
"""The auditor's work grows with PMs times numbers; what it does not get to is not shown."""

_ASKED = tuple(one.value for one in Relationship if one not in ATTRIBUTED)
_TABLE = {"scope_no": pa.int32(), "relationship": pa.uint8(), "unit_no": pa.int32()}


def relationship_names(instrument: Instrument, members: Roster) -> tuple[Name, ...]:
    """Returns every relationship in the organisation and each product group, whoever will answer."""
    if instrument.subject_kind is not SubjectKind.PM:
        return ()
    units = subject_units(instrument.subject_kind, members)
    places = (_organisation(units), *(unit for unit in units if unit.count("/") == 1))
    return tuple(relationship_name((unit, one)) for unit in places for one in _ASKED)


def relationship_name(table: Table) -> Name:
    """Returns the name in releases: `("relationship", "design/Product/Growth")`, of everybody `"design"`."""
    unit_id, relationship = table
    return Scope.RELATIONSHIP.value, f"{relationship}/{unit_id}".rstrip("/")


def rule_relationships(staging: Staging, units: Rulings, given: pa.Table | None) -> Rulings:
    """Stages the sums by relationship that are shown, and returns what is.

    Stages `relationship_table` (which are shown), `relationship_block` (what each reaches into) and
    `relationship_item` (its coded sums), and adds to `scope_count`.

    Args:
        staging: the wave, with its blocks staged.
        units: what is shown of units.
        given: the coded sums of the items that are shown, where there are no answers to add up.
    """
    names = relationship_names(staging.instrument, staging.members) if staging.is_about_pms else ()
    audit = _Audit.of(staging, units) if names else None
    whole = audit.whole() if audit else {}
    shown = {relationship_name(table): table for table, reason in whole.items() if reason is None}
    rows = [_table_row(staging, name, table) for name, table in shown.items()]
    staging.put("relationship_table", _TABLE, rows)
    staging.create("relationship_block")
    staging.warehouse.append("stage.scope_count", "publish/relationship_count", staging.parameters())
    if given is None:
        ruled = audit.items(whole) if audit and shown else ()
        items = [(staging.scopes[name], measure_no) for name, measure_no in ruled]
        staging.put("relationship_ruled", {"scope_no": pa.int32(), "measure_no": pa.uint16()}, items)
        staging.create("relationship_item")
    else:
        staging.warehouse.put_rows("stage.relationship_item", given)
    scopes = {name: None if name in shown else Reason.PROTECTS_OTHERS for name in names}
    return Rulings(scopes=scopes, items=tuple(_items(staging, shown)))


def _items(staging: Staging, shown: Iterable[Name]) -> Iterator[ItemRulings]:
    """Those that are shown; of the others, too few have seen enough."""
    names = {staging.scopes[name]: name for name in shown}
    for measure_no, rows in staging.by_item("relationship_item_pm").items():
        ruled = {names[scope_no]: ItemRuling(reason=None, pm_count=pm_count) for scope_no, pm_count in rows}
        yield ItemRulings(measure_nos=(measure_no,), by_name=ruled)


def _table_row(staging: Staging, name: Name, table: Table) -> tuple[int, int, int]:
    """A unit's number 0 stands for everybody."""
    unit_no = staging.scopes[Scope.UNIT.value, table[0]] if table[0] else 0
    return staging.scopes[name], code(Relationship(table[1])), unit_no


def _organisation(units: Iterable[str]) -> str:
    """The unit that everybody is in, or "" where there are several at the top."""
    tops = [unit for unit in units if "/" not in unit]
    return tops[0] if len(tops) == 1 else ORGANISATION


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audit:
    """Everything the auditor looks at; a share's row is one block, subject and relationship."""

    staging: Staging
    units: Rulings
    organisation: str
    homes: Mapping[int, str]
    rows: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, staging: Staging, units: Rulings) -> "_Audit":
        blocks = staging.query("block_unit")
        is_small = sum(row["subject_count"] for row in blocks) <= MOST_SUBJECTS
        return cls(
            staging=staging,
            units=units,
            organisation=_organisation(unit_id for _, unit_id in units.scopes),
            homes={row["block_no"]: row["unit_id"] for row in blocks},
            rows=tuple(staging.query("share")) if is_small else (),
        )

    def whole(self) -> dict[Table, Reason | None]:
        """From memberships alone."""
        return self._decide(self.rows, self.homes, self.units.shown(), self.staging.policy.min_raters)

    def items(self, whole: Mapping[Table, Reason | None]) -> Iterator[tuple[Name, int]]:
        """Yields the shown items: with the blocks that released them, and with those who rated them there."""
        hidden = {table for table, reason in whole.items() if reason}
        rated: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.staging.query("share_item"):
            rated[row["measure_no"]].append(row)
        shown_units, known = self.units.shown_items(), {}
        for measure_no, rows in rated.items():
            key = frozenset(row["block_no"] for row in rows), shown_units.get(measure_no, frozenset())
            if key not in known:
                known[key] = self._hidden_by_blocks(*key, hidden)
            least = self.staging.policy.min_item_ratings
            decided = self._decide(rows, *key, least, known[key])
            yield from ((relationship_name(one), measure_no) for one, reason in decided.items() if not reason)

    def _hidden_by_blocks(
        self, blocks: frozenset[int], shown_units: frozenset[str], hidden: Collection[Table]
    ) -> frozenset[Table]:
        """What who answered in these blocks forbids."""
        if blocks == self.homes.keys() and shown_units == self.units.shown():
            return frozenset(hidden)
        here = [row for row in self.rows if row["block_no"] in blocks]
        decided = self._decide(here, blocks, shown_units, self.staging.policy.min_raters, hidden)
        return frozenset(hidden).union(table for table, reason in decided.items() if reason)

    def _decide(
        self,
        rows: Iterable[Mapping[str, Any]],
        blocks: Iterable[int],
        shown_units: frozenset[str],
        min_raters: int,
        hidden: Collection[Table] = (),
    ) -> dict[Table, Reason | None]:
        """The organisation's numbers go by its unit, where it is one."""
        tops = {next(reversed(unit_lineage(self.homes[no])), "") for no in blocks}
        everybody = {ORGANISATION} if tops <= shown_units else set()
        decided = decide_relationships(
            (self._share(row) for row in rows),
            shown_units=shown_units | everybody,
            min_raters=min_raters,
            min_pms=self.staging.policy.min_pms,
            hidden={self._inside(table) for table in hidden},
        )
        return {(unit or self.organisation, one): reason for (unit, one), reason in decided.items()}

    def _inside(self, table: Table) -> Table:
        return (ORGANISATION, table[1]) if table[0] == self.organisation else table

    def _share(self, row: Mapping[str, Any]) -> Share:
        return Share(
            block_no=row["block_no"],
            subject_no=row["subject_no"],
            group_id=self._group(row["block_no"]),
            relationship=tuple(Relationship)[row["relationship"]].value,
            raters=frozenset(row["raters"]),
            unnamed_count=row["unnamed_count"],
        )

    def _group(self, block_no: int) -> str:
        """The product group that the block lies in as a whole."""
        return next((unit for unit in unit_lineage(self.homes[block_no]) if unit.count("/") == 1), "")
