"""From what a file brought to facts in the warehouse: land, judge, load.

`land` makes the temporary table `landed` (numbers for subjects, relationships, items and raters,
and a bit for every broken rule). `store` moves what counts into core, within the caller's
transaction, and lets go of what the file replaces. Nothing here looks at what a value means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pyarrow as pa

from pipeline.pseudonym import pseudonyms
from pipeline.received import LongFile, Received
from pipeline.rules import Level, Rule, SubjectMatch, broken_condition, code
from pipeline.warehouse import Warehouse
from survey.instrument import Instrument
from survey.relationship import SYNONYMS, Relationship

_WITHIN = {True: "load/superseded_answer", False: "load/superseded_row"}
_ROW_COLUMNS = ("starts_row", "is_wave", "subject_match", "relationship")
_ANSWER_COLUMNS = ("item_no", "scale_no", "reading", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of every row and answer received. `is_even` is the promise that nothing is lost."""

    row_received_count: int
    row_loaded_count: int
    row_superseded_count: int
    row_quarantined_count: int
    answer_received_count: int
    answer_loaded_count: int
    answer_superseded_count: int
    answer_quarantined_count: int

    @property
    def is_even(self) -> bool:
        rows = self.row_loaded_count + self.row_superseded_count + self.row_quarantined_count
        answers = self.answer_loaded_count + self.answer_superseded_count + self.answer_quarantined_count
        return rows == self.row_received_count and answers == self.answer_received_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a rule is broken: the first ten lines of the file, and columns, each in order.

    `columns` is empty for a rule about whole rows.
    """

    lines: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Everything besides the answers that landing needs to know.

    `subjects` maps a lower-case person_id, e-mail or name to how it matches and to the subject's
    number; `item_numbers` maps item and prompt ids to theirs; `key` is the wave's pseudonym key. `has_other_files`
    says whether other files of the wave may hold the same responses.
    """

    wave_id: str
    wave_no: int
    period: str
    instrument: Instrument
    subjects: Mapping[str, tuple[SubjectMatch, int | None]]
    item_numbers: Mapping[str, int]
    rules: tuple[Rule, ...]
    key: bytes
    has_other_files: bool


def land(warehouse: Warehouse, received: Received, landing: Landing) -> Tally:
    """Makes `landed` from what a file brought, superseded rows marked; returns what became of it all."""
    _hold_keys(warehouse, landing)
    _define_rules(warehouse, landing.rules)
    _hold_received(warehouse, received)
    with warehouse.reading_file():
        parties = warehouse.query("load/party").column("party").drop_null().to_pylist()
        warehouse.hold_rows("party", pseudonyms(landing.key, parties))
        names = {"wave_id": landing.wave_id, "period": landing.period}
        warehouse.create_temporary("landed", "load/landed", names)
    warehouse.mark("landed", "is_superseded", _WITHIN[received.is_long])
    if landing.has_other_files:
        numbers = {"wave_no": landing.wave_no}
        warehouse.mark("landed", "is_superseded", "load/superseded_by_other_file", numbers)
    return read_tally(warehouse)


def read_tally(warehouse: Warehouse) -> Tally:
    """Returns what became of every row and answer of `landed`."""
    row = warehouse.query("load/tally").to_pylist()[0]
    return Tally(**{field.name: row[field.name] for field in fields(Tally)})


def broken_counts(warehouse: Warehouse) -> dict[str, int]:
    """Returns how many rows or answers of `landed` break each rule, by rule id."""
    return {row["rule_id"]: row["broken_count"] for row in warehouse.query("load/broken").to_pylist()}


def broken_places(warehouse: Warehouse) -> dict[str, Places]:
    """Returns where in `landed` each rule is broken, by rule id; rules that hold are left out."""
    rows = warehouse.query("load/broken_place").to_pylist()
    return {
        row["rule_id"]: Places(lines=tuple(row["lines"]), columns=tuple(row["column_numbers"]))
        for row in rows
    }


def store(
    warehouse: Warehouse, received: Received, *, batch_no: int, wave_no: int, has_other_files: bool
) -> None:
    """Moves what counts of `landed` into core, and what does not into quarantine."""
    numbers = {"batch_no": batch_no, "wave_no": wave_no}
    _hold_column_names(warehouse, received)
    warehouse.hold_rows("signature", received.signatures)
    warehouse.append("raw.quarantine", "load/quarantine", numbers)
    if has_other_files:
        _let_go(warehouse, wave_no=wave_no, is_long_file=received.is_long)
    warehouse.append("core.response", "load/response", numbers)
    warehouse.append("core.answer", "load/answer", numbers)
    warehouse.append("core.comment", "load/comment", numbers)


def forget(warehouse: Warehouse, batch_no: int) -> None:
    """Takes a batch's facts out of core; its ledger entry stays, as replaced."""
    for table in ("core.answer", "core.comment", "core.response", "raw.quarantine"):
        warehouse.delete(table, "batch_no", batch_no)
    warehouse.set_state("raw.batch", "replaced", "batch_no", batch_no)


def _hold_keys(warehouse: Warehouse, landing: Landing) -> None:
    names = list(landing.subjects)
    found = landing.subjects.values()
    codes = {match: code(match) for match in SubjectMatch}
    subject_key = {
        "name": pa.array(names, pa.string()),
        "subject_match": pa.array([codes[match] for match, _ in found], pa.uint8()),
        "subject_no": pa.array([number for _, number in found], pa.int32()),
    }
    warehouse.hold_rows("subject_key", pa.table(subject_key))
    labels = {"": Relationship.OTHER} | {one.value: one for one in Relationship} | SYNONYMS
    relationship_key = {
        "name": pa.array(list(labels), pa.string()),
        "relationship": pa.array([code(one) for one in labels.values()], pa.uint8()),
    }
    warehouse.hold_rows("relationship_key", pa.table(relationship_key))
    warehouse.hold_rows("item_key", _item_key(landing))


def _item_key(landing: Landing) -> pa.Table:
    places = {scale.scale_id: place for place, scale in enumerate(landing.instrument.scales, start=1)}
    scales = {item.item_id: places[item.scale_id] for item in landing.instrument.items}
    scales |= {prompt.prompt_id: 0 for prompt in landing.instrument.prompts}
    return pa.table(
        {
            "name": pa.array(list(scales), pa.string()),
            "item_no": pa.array([landing.item_numbers[item_id] for item_id in scales], pa.uint16()),
            "scale_no": pa.array(list(scales.values()), pa.uint8()),
        }
    )


def _hold_received(warehouse: Warehouse, received: Received) -> None:
    if isinstance(received.answers, LongFile):
        warehouse.view_long_file(received.answers, received.columns)
    else:
        warehouse.hold_rows("received", received.answers)


def _define_rules(warehouse: Warehouse, rules: tuple[Rule, ...]) -> None:
    bits = []
    for level, name, columns in (
        (Level.ROW, "broken_row", _ROW_COLUMNS),
        (Level.ANSWER, "broken_answer", _ANSWER_COLUMNS),
    ):
        masks = {rule.rule_id: (1 << place, rule) for place, rule in enumerate(_of_level(rules, level))}
        terms = (f"case when {broken_condition(rule)} then {bit} else 0 end" for bit, rule in masks.values())
        warehouse.define(name, columns, " + ".join(terms))
        bits += [{"rule_id": key, "level": level.value, "bit": bit} for key, (bit, _) in masks.items()]
    warehouse.hold_rows("rule_bit", pa.Table.from_pylist(bits))


def _of_level(rules: tuple[Rule, ...], level: Level) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.level is level)


def _hold_column_names(warehouse: Warehouse, received: Received) -> None:
    places = range(1, len(received.columns) + 1)
    names = {
        "column_no": pa.array(list(places), pa.uint16()),
        "name": pa.array(list(received.columns), pa.string()),
    }
    warehouse.hold_rows("column_name", pa.table(names))


def _let_go(warehouse: Warehouse, *, wave_no: int, is_long_file: bool) -> None:
    """Takes out of core what other files of the wave lose to this one, and corrects their counts."""
    parameters = {"wave_no": wave_no, "is_long": is_long_file}
    for kind in ("response", "answer", "comment"):
        warehouse.create_temporary(f"lost_{kind}", f"load/lost_{kind}", parameters)
    for lost in warehouse.query("load/lost_count").to_pylist():
        warehouse.move_to_superseded(lost["batch_no"], rows=lost["row_count"], answers=lost["answer_count"])
    for kind in ("response", "answer", "comment"):
        warehouse.delete_listed(f"core.{kind}", f"lost_{kind}")
