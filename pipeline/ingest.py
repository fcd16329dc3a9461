"""The way in: receive, land, judge, validate, load; the rooms themselves do the work.

A file is taken in wholly or not at all. The same file again changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline import load
from pipeline.batch import BatchCheck, batch_checks
from pipeline.collected import receive_collected
from pipeline.errors import BatchRefusedError, ReconciliationError
from pipeline.frame import Frame, find_frame, find_own_frame
from pipeline.ledger import Batch, Entry, active_batches, next_batch_no, write_entry
from pipeline.load import Landing, Places, Tally
from pipeline.mapping.mapping import Mapping as ColumnMapping
from pipeline.mapping.receive import receive
from pipeline.numbering import (
    match_subjects,
    number_items,
    number_rests,
    number_subjects,
    number_wave,
    subject_ids,
    subject_units,
)
from pipeline.pseudonym import read_key, wave_key
from pipeline.received import Received
from pipeline.rules import Rule, instrument_rules, suite_hash
from pipeline.validation_report import ValidationReport
from pipeline.warehouse import Warehouse, open_warehouse
from survey.campaign import Wave
from survey.config import Settings
from survey.instrument import Instrument, SubjectKind
from survey.register import Register, open_register
from survey.roster import Roster

Progress = Callable[[str], None]
Validator = Callable[[Warehouse, tuple[Rule, ...], tuple[BatchCheck, ...], dict[str, int]], ValidationReport]


class Outcome(StrEnum):
    """What an ingest came to."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One file to take in; or, without a `path`, what our own form collected in a wave that is closed.

    `mapping` None lets the header speak. `instrument_id` is needed only where the wave is new and
    its campaign is not named like an instrument. `source_name` is by default the mapping's name; a
    file replaces the earlier ones of its source unless `is_addition`.
    """

    path: Path | None
    wave: str
    mapping: ColumnMapping | None = None
    instrument_id: str = ""
    source_name: str = ""
    is_addition: bool = False
    is_trial: bool = False

    @property
    def where(self) -> str:
        """What to call it in an error."""
        return self.wave if self.path is None else self.path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of one file.

    `opened` is the roster that a new wave freezes, None where the wave stands already. `broken`
    counts the rows or answers that break each rule, `places` says where by rule id. `replaced` are
    the earlier files that make room for this one, `others` those that count beside it.
    """

    wave: Wave
    opened: Roster | None
    outcome: Outcome
    batch_no: int
    tool: str
    mapping_name: str
    source_name: str
    file_lines: int
    unmapped: tuple[str, ...]
    notices: tuple[str, ...]
    tally: Tally | None
    broken: tuple[tuple[Rule, int], ...]
    places: Mapping[str, Places]
    report: ValidationReport
    replaced: tuple[Batch, ...]
    others: tuple[Batch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """One file on its way in."""

    order: Order
    frame: Frame
    received: Received
    active: tuple[Batch, ...]
    key: bytes
    now: datetime

    @property
    def source_name(self) -> str:
        return self.order.source_name or self.received.mapping_name

    @property
    def is_known(self) -> bool:
        """True where these very answers count already: read the same way, for the same source."""
        return any(
            (one.sha256, one.mapping_hash) == (self.received.sha256, self.received.mapping_hash)
            and (self.order.is_addition or one.source_name == self.source_name)
            for one in self.active
        )

    @property
    def replaced(self) -> tuple[Batch, ...]:
        """The earlier files of the same source, since exports are cumulative, and this very file."""
        if self.order.is_addition:
            return ()
        return tuple(
            one
            for one in self.active
            if one.source_name == self.source_name or one.sha256 == self.received.sha256
        )

    @property
    def others(self) -> tuple[Batch, ...]:
        """The files that the wave keeps beside this one."""
        return tuple(one for one in self.active if one not in self.replaced)


def ingest(
    settings: Settings,
    order: Order,
    *,
    now: datetime,
    progress: Progress,
    validator: Validator | None = None,
) -> IngestReport:
    """Takes one file in, wholly or not at all.

    Args:
        settings: where the stores are.
        order: what to take in, and into which wave.
        now: the moment to note in the ledger.
        progress: told what is being done, in a few words.
        validator: judges the landed rows; by default Great Expectations.

    Raises:
        SourceError, MappingError: the file cannot be read as it should.
        WaveError: the wave takes no files, or cannot be opened; our own form still collects it.
        StoreError: what our own form collected cannot be read.
        BatchRefusedError: validation refused the batch; nothing was loaded.
        ReconciliationError: the counts do not add up; nothing was loaded.
    """
    with open_register(settings.register_address) as register:
        frame, received = _receive(settings, register, order, progress)
        with open_warehouse(settings.warehouse_path) as warehouse:
            active = active_batches(warehouse, frame.wave.wave_id)
            key = read_key(settings.pseudonym_key_path, is_in_use=next_batch_no(warehouse) > 1)
            arrival = _Arrival(
                order=order,
                frame=frame,
                received=received,
                active=active,
                key=wave_key(key, frame.wave.wave_id),
                now=now,
            )
            if arrival.is_known:
                return _unchanged(arrival)
            verdict = _take_in(register, warehouse, arrival, progress, validator or _great_expectations)
    return _report(arrival, verdict)


def _receive(
    settings: Settings, register: Register, order: Order, progress: Progress
) -> tuple[Frame, Received]:
    if order.path is None:
        frame = find_own_frame(register, order.wave)
        progress("reading the answers")
        return frame, receive_collected(settings, frame.wave.wave_id, frame.instrument)
    frame = find_frame(settings, register, order.wave, order.instrument_id)
    progress("reading the file")
    return frame, receive(order.path, mapping=order.mapping, instrument=frame.instrument)


def find_wave_instrument(settings: Settings, order: Order) -> Instrument:
    """Returns the instrument that a file's wave has, or would be opened with."""
    with open_register(settings.register_address) as register:
        return find_frame(settings, register, order.wave, order.instrument_id).instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What was found in a file before anything of it is kept."""

    batch_no: int
    wave_no: int
    tally: Tally
    broken: tuple[tuple[Rule, int], ...]
    places: Mapping[str, Places]
    report: ValidationReport
    suite: str


def _take_in(
    register: Register, warehouse: Warehouse, arrival: _Arrival, progress: Progress, validator: Validator
) -> _Verdict:
    """A new wave opens only for a file that counts: a refused one freezes nothing.

    It opens before the answers are kept, so that no crash leaves answers without their wave.
    """
    with warehouse.transaction() as transaction:
        verdict = _judge(warehouse, arrival, progress, validator)
        is_kept = transaction.is_kept = not (arrival.order.is_trial or verdict.report.refusals)
        if not verdict.report.refusals:
            progress("adding up" if arrival.order.is_trial else "loading")
            _load(warehouse, arrival, verdict)
        if is_kept and arrival.frame.is_new:
            register.add_wave(arrival.frame.wave, arrival.frame.instrument, arrival.frame.members)
    if verdict.report.refusals:
        _refuse(warehouse, arrival, verdict)
    return verdict


def _unchanged(arrival: _Arrival) -> IngestReport:
    return IngestReport(
        wave=arrival.frame.wave,
        opened=None,
        outcome=Outcome.UNCHANGED,
        batch_no=0,
        tool=arrival.received.tool,
        mapping_name=arrival.received.mapping_name,
        source_name=arrival.source_name,
        file_lines=arrival.received.file_lines,
        unmapped=arrival.received.unmapped,
        notices=arrival.received.notices,
        tally=None,
        broken=(),
        places={},
        report=ValidationReport(checks=()),
        replaced=(),
        others=(),
    )


def _judge(warehouse: Warehouse, arrival: _Arrival, progress: Progress, validator: Validator) -> _Verdict:
    progress("matching subjects, items and raters")
    wave_no = number_wave(warehouse, arrival.frame.wave, arrival.frame.instrument)
    for batch in arrival.replaced:
        load.forget(warehouse, batch.batch_no)
    rules = instrument_rules(arrival.frame.instrument)
    checks = batch_checks(arrival.frame.instrument)
    tally = load.land(warehouse, arrival.received, _landing(warehouse, arrival, wave_no, rules))
    broken = load.broken_counts(warehouse)
    _make_profile(warehouse, arrival)
    progress("validating")
    return _Verdict(
        batch_no=next_batch_no(warehouse),
        wave_no=wave_no,
        tally=tally,
        broken=tuple((rule, broken[rule.rule_id]) for rule in rules),
        places=load.broken_places(warehouse) if any(broken.values()) else {},
        report=validator(warehouse, rules, checks, broken),
        suite=suite_hash(rules, checks),
    )


def _landing(warehouse: Warehouse, arrival: _Arrival, wave_no: int, rules: tuple[Rule, ...]) -> Landing:
    frame = arrival.frame
    kind = frame.instrument.subject_kind
    numbers = number_subjects(warehouse, kind, frame.members)
    has_rests = kind is SubjectKind.PM and not frame.wave.is_external
    rests = subject_units(kind, frame.members) if has_rests else ()
    return Landing(
        wave_id=frame.wave.wave_id,
        wave_no=wave_no,
        period=frame.wave.period.name,
        instrument=frame.instrument,
        subjects=match_subjects(numbers, kind, frame.members, frame.everybody)
        | number_rests(warehouse, rests),
        item_numbers=number_items(warehouse, frame.instrument),
        rules=rules,
        key=arrival.key,
        has_other_files=bool(arrival.others),
    )


def _make_profile(warehouse: Warehouse, arrival: _Arrival) -> None:
    instrument = arrival.frame.instrument
    parameters = {
        "subject_count": len(subject_ids(instrument.subject_kind, arrival.frame.members)),
        "item_count": len(instrument.items),
    }
    warehouse.create_temporary("profile", "load/profile", parameters)


def _load(warehouse: Warehouse, arrival: _Arrival, verdict: _Verdict) -> None:
    if not verdict.tally.is_even:
        raise ReconciliationError(
            "counts-uneven",
            "received is not loaded + superseded + quarantined",
            where=arrival.order.where,
            hint="nothing was loaded; please report this with the counts, it is a bug",
        )
    load.store(
        warehouse,
        arrival.received,
        batch_no=verdict.batch_no,
        wave_no=verdict.wave_no,
        has_other_files=bool(arrival.others),
    )
    _note(warehouse, arrival, verdict, "loaded")


def _note(warehouse: Warehouse, arrival: _Arrival, verdict: _Verdict, state: str) -> None:
    entry = Entry(
        batch_no=verdict.batch_no,
        wave_id=arrival.frame.wave.wave_id,
        source_name=arrival.source_name,
        suite_hash=verdict.suite,
        state=state,
        is_addition=arrival.order.is_addition,
        is_long=arrival.received.is_long,
        loaded_at=arrival.now,
        received=arrival.received,
        tally=verdict.tally,
    )
    write_entry(warehouse, entry, verdict.report)


def _refuse(warehouse: Warehouse, arrival: _Arrival, verdict: _Verdict) -> None:
    """A refused file leaves its counts and what validation said in the ledger, and nothing else."""
    if not arrival.order.is_trial:
        with warehouse.transaction():
            _note(warehouse, arrival, verdict, "refused")
    hints = {check.check_id: check.hint for check in batch_checks(arrival.frame.instrument)}
    first = verdict.report.refusals[0]
    raise BatchRefusedError(
        "batch-refused",
        "; ".join(check.message for check in verdict.report.refusals) + ": nothing was loaded",
        where=arrival.order.where,
        hint=hints[first.check_id] + _worst_rules(verdict),
    )


def _worst_rules(verdict: _Verdict) -> str:
    worst = sorted((one for one in verdict.broken if one[1]), key=lambda one: -one[1])[:3]
    return "".join(f"; {count} times: {rule.message}" for rule, count in worst)


def _report(arrival: _Arrival, verdict: _Verdict) -> IngestReport:
    received = arrival.received
    return IngestReport(
        wave=arrival.frame.wave,
        opened=arrival.frame.members if arrival.frame.is_new else None,
        outcome=Outcome.TRIED if arrival.order.is_trial else Outcome.LOADED,
        batch_no=verdict.batch_no,
        tool=received.tool,
        mapping_name=received.mapping_name,
        source_name=arrival.source_name,
        file_lines=received.file_lines,
        unmapped=received.unmapped,
        notices=received.notices,
        tally=verdict.tally,
        broken=verdict.broken,
        places=verdict.places,
        report=verdict.report,
        replaced=arrival.replaced,
        others=arrival.others,
    )


def _great_expectations(
    warehouse: Warehouse,
    rules: tuple[Rule, ...],
    checks: tuple[BatchCheck, ...],
    broken: dict[str, int],
) -> ValidationReport:
    """Great Expectations takes seconds to import, so only a file that is really judged pays for it."""
    from pipeline.validate import validate  # noqa: PLC0415

    return validate(warehouse, rules, checks, broken)
