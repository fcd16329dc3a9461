"""The way in: receive, land, judge, validate, load; the rooms themselves do the work.

A file is taken in wholly or not at all. The same file again changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline import load
from pipeline.batch import BatchCheck, batch_checks
from pipeline.disclosure.policy import default_policy_text
from pipeline.errors import BatchRefusedError, ReconciliationError
from pipeline.ledger import Batch, Entry, active_batches, next_batch_no, write_entry
from pipeline.load import Landing, Tally
from pipeline.mapping.mapping import Mapping
from pipeline.mapping.receive import receive
from pipeline.numbering import match_subjects, number_items, number_subjects, number_wave, subject_ids
from pipeline.pseudonym import read_key, wave_key
from pipeline.received import Received
from pipeline.rules import Rule, instrument_rules, suite_hash
from pipeline.validation_report import ValidationReport
from pipeline.warehouse import Warehouse, open_warehouse
from survey.campaign import Wave, WaveState, parse_period
from survey.config import Settings
from survey.definition import find_instrument
from survey.errors import ConfigError, WaveError
from survey.instrument import Instrument
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
    """One file to take in.

    `mapping` None lets the header speak. `instrument_id` is needed only where the wave is new and
    its campaign is not named like an instrument. `source_name` is by default the mapping's name; a
    file replaces the earlier ones of its source unless `is_addition`.
    """

    path: Path
    wave: str
    mapping: Mapping | None = None
    instrument_id: str = ""
    source_name: str = ""
    is_addition: bool = False
    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of one file. `broken` counts the rows or answers that break each rule."""

    wave_id: str
    outcome: Outcome
    batch_no: int
    tool: str
    mapping_name: str
    file_lines: int
    unmapped: tuple[str, ...]
    notices: tuple[str, ...]
    tally: Tally | None
    broken: tuple[tuple[Rule, int], ...]
    report: ValidationReport
    replaced: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What is settled before the file is opened: wave, people, instrument."""

    wave: Wave
    is_new: bool
    instrument: Instrument
    members: Roster
    everybody: Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One file on its way in."""

    order: Order
    frame: _Frame
    received: Received
    active: tuple[Batch, ...]
    key: bytes
    now: datetime

    @property
    def source_name(self) -> str:
        return self.order.source_name or self.received.mapping_name

    @property
    def has_other_files(self) -> bool:
        """True where the wave keeps other files beside this one."""
        return len(self.active) > len(self.replaced)

    @property
    def replaced(self) -> tuple[int, ...]:
        """The earlier files of the same source: exports are cumulative, so this one replaces them."""
        if self.order.is_addition:
            return ()
        return tuple(one.batch_no for one in self.active if one.source_name == self.source_name)


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
        WaveError: the wave takes no files, or cannot be opened.
        BatchRefusedError: validation refused the batch; nothing was loaded.
        ReconciliationError: the counts do not add up; nothing was loaded.
    """
    with open_register(settings.register_path) as register:
        frame = _frame(settings, register, order)
        progress("reading the file")
        received = receive(order.path, mapping=order.mapping, instrument=frame.instrument)
        if frame.is_new and not order.is_trial:
            register.add_wave(frame.wave, frame.instrument, frame.members)
    with open_warehouse(settings.warehouse_path) as warehouse:
        active = active_batches(warehouse, frame.wave.wave_id)
        if _is_known(received, active):
            return _unchanged(frame, received)
        key = wave_key(read_key(settings.pseudonym_key_path), frame.wave.wave_id)
        job = _Job(order=order, frame=frame, received=received, active=active, key=key, now=now)
        with warehouse.transaction() as transaction:
            verdict = _judge(warehouse, job, progress, validator or _great_expectations)
            if not verdict.report.refusals:
                progress("loading")
                _load(warehouse, job, verdict)
            transaction.is_kept = not (order.is_trial or verdict.report.refusals)
        if verdict.report.refusals:
            _refuse(warehouse, job, verdict)
    return _report(job, verdict)


def find_wave_instrument(settings: Settings, order: Order) -> Instrument:
    """Returns the instrument that a file's wave has, or would be opened with."""
    with open_register(settings.register_path) as register:
        return _frame(settings, register, order).instrument


def _frame(settings: Settings, register: Register, order: Order) -> _Frame:
    found = register.find_wave(order.wave)
    everybody = register.roster()
    if found is None:
        return _new_frame(settings, order, everybody)
    if found.state not in (WaveState.OPEN, WaveState.WITHDRAWN):
        raise WaveError(
            "wave-takes-no-files",
            f"the wave is {found.state} and takes no more files",
            where=found.wave_id,
            hint=f"to correct it: pmhealth wave withdraw {found.wave_id} --reason '...', ingest, publish again",
        )
    return _Frame(
        wave=found,
        is_new=False,
        instrument=register.wave_instrument(found.wave_id),
        members=register.wave_roster(found.wave_id),
        everybody=everybody,
    )


def _new_frame(settings: Settings, order: Order, everybody: Roster) -> _Frame:
    campaign, _, period_name = order.wave.rpartition("/")
    if not campaign:
        raise WaveError(
            "wave-unknown",
            "there is no such wave",
            where=order.wave,
            hint="write <campaign>/<period>, for example great-pm/2026Q1, to open a new one",
        )
    period = parse_period(period_name)
    members = everybody.as_of(period.ends_on)
    if not members.people:
        raise ConfigError(
            "roster-empty",
            "the roster has nobody on the wave's last day",
            where=order.wave,
            hint="run: pmhealth roster import FILE",
        )
    instrument = find_instrument(settings, order.instrument_id or campaign)
    policy = default_policy_text()
    wave = Wave(
        wave_id=order.wave,
        campaign=campaign,
        period=period,
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=True,
        roster_date=period.ends_on,
        policy=policy,
    )
    return _Frame(wave=wave, is_new=True, instrument=instrument, members=members, everybody=everybody)


def _is_known(received: Received, active: tuple[Batch, ...]) -> bool:
    return any((one.sha256, one.mapping_hash) == (received.sha256, received.mapping_hash) for one in active)


def _unchanged(frame: _Frame, received: Received) -> IngestReport:
    return IngestReport(
        wave_id=frame.wave.wave_id,
        outcome=Outcome.UNCHANGED,
        batch_no=0,
        tool=received.tool,
        mapping_name=received.mapping_name,
        file_lines=received.file_lines,
        unmapped=received.unmapped,
        notices=received.notices,
        tally=None,
        broken=(),
        report=ValidationReport(checks=()),
        replaced=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What was found in a file before anything of it is kept."""

    batch_no: int
    wave_no: int
    tally: Tally
    broken: tuple[tuple[Rule, int], ...]
    report: ValidationReport
    suite: str


def _judge(warehouse: Warehouse, job: _Job, progress: Progress, validator: Validator) -> _Verdict:
    progress("matching subjects, items and raters")
    wave_no = number_wave(warehouse, job.frame.wave, job.frame.instrument)
    for batch_no in job.replaced:
        load.forget(warehouse, batch_no)
    rules = instrument_rules(job.frame.instrument)
    checks = batch_checks(job.frame.instrument)
    tally = load.land(warehouse, job.received, _landing(warehouse, job, wave_no, rules))
    broken = load.broken_counts(warehouse)
    _make_profile(warehouse, job)
    progress("validating")
    return _Verdict(
        batch_no=next_batch_no(warehouse),
        wave_no=wave_no,
        tally=tally,
        broken=tuple((rule, broken[rule.rule_id]) for rule in rules),
        report=validator(warehouse, rules, checks, broken),
        suite=suite_hash(rules, checks),
    )


def _landing(warehouse: Warehouse, job: _Job, wave_no: int, rules: tuple[Rule, ...]) -> Landing:
    frame = job.frame
    kind = frame.instrument.subject_kind
    numbers = number_subjects(warehouse, kind, frame.members)
    return Landing(
        wave_id=frame.wave.wave_id,
        wave_no=wave_no,
        period=frame.wave.period.name,
        instrument=frame.instrument,
        subjects=match_subjects(numbers, kind, frame.members, frame.everybody),
        item_numbers=number_items(warehouse, frame.instrument),
        rules=rules,
        key=job.key,
        has_other_files=job.has_other_files,
    )


def _make_profile(warehouse: Warehouse, job: _Job) -> None:
    instrument = job.frame.instrument
    parameters = {
        "subject_count": len(subject_ids(instrument.subject_kind, job.frame.members)),
        "item_count": len(instrument.items),
    }
    warehouse.create_temporary("profile", "load/profile", parameters)


def _load(warehouse: Warehouse, job: _Job, verdict: _Verdict) -> None:
    if not verdict.tally.is_even:
        raise ReconciliationError(
            "counts-uneven",
            "received is not loaded + superseded + quarantined",
            where=job.order.path.name,
            hint="nothing was loaded; please report this with the counts, it is a bug",
        )
    load.store(
        warehouse,
        job.received,
        batch_no=verdict.batch_no,
        wave_no=verdict.wave_no,
        has_other_files=job.has_other_files,
    )
    _note(warehouse, job, verdict, "loaded")


def _note(warehouse: Warehouse, job: _Job, verdict: _Verdict, state: str) -> None:
    entry = Entry(
        batch_no=verdict.batch_no,
        wave_id=job.frame.wave.wave_id,
        source_name=job.source_name,
        suite_hash=verdict.suite,
        state=state,
        is_addition=job.order.is_addition,
        is_long=job.received.is_long,
        loaded_at=job.now,
        received=job.received,
        tally=verdict.tally,
    )
    write_entry(warehouse, entry, verdict.report)


def _refuse(warehouse: Warehouse, job: _Job, verdict: _Verdict) -> None:
    """A refused file leaves its counts and what validation said in the ledger, and nothing else."""
    if not job.order.is_trial:
        with warehouse.transaction():
            _note(warehouse, job, verdict, "refused")
    hints = {check.check_id: check.hint for check in batch_checks(job.frame.instrument)}
    first = verdict.report.refusals[0]
    raise BatchRefusedError(
        "batch-refused",
        "; ".join(check.message for check in verdict.report.refusals) + ": nothing was loaded",
        where=job.order.path.name,
        hint=hints[first.check_id] + _worst_rules(verdict),
    )


def _worst_rules(verdict: _Verdict) -> str:
    worst = sorted((one for one in verdict.broken if one[1]), key=lambda one: -one[1])[:3]
    return "".join(f"; {count} times: {rule.message}" for rule, count in worst)


def _report(job: _Job, verdict: _Verdict) -> IngestReport:
    received = job.received
    return IngestReport(
        wave_id=job.frame.wave.wave_id,
        outcome=Outcome.TRIED if job.order.is_trial else Outcome.LOADED,
        batch_no=verdict.batch_no,
        tool=received.tool,
        mapping_name=received.mapping_name,
        file_lines=received.file_lines,
        unmapped=received.unmapped,
        notices=received.notices,
        tally=verdict.tally,
        broken=verdict.broken,
        report=verdict.report,
        replaced=job.replaced,
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
