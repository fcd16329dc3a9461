"""Jobs about files that were uploaded: what a file is, and taking it in with all that was refused of it.

A file lies in the inbox under a name of ours. It is deleted once its answers are taken in, and after a
week whatever became of it.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import MappingError
from pipeline.ingest import IngestReport, Order, find_wave_instrument, ingest
from pipeline.mapping.describe import MappingLine, describe_mapping
from pipeline.mapping.mapping import Mapping as ColumnMapping
from pipeline.mapping.propose import Match, about_one, choose_columns, refuse_unusable
from pipeline.mapping.saved import ProposedFile, propose_for_file, read_saved
from pipeline.mapping.text import hash_mapping
from pipeline.sources import canonical
from pipeline.sources.sniff import open_export
from pipeline.tasks.task import Task
from survey.config import Settings
from survey.enclosure import write_enclosure
from survey.errors import ConfigError
from survey.instrument import Instrument
from survey.job_kind import JobKind
from survey.register_jobs import Job, Jobs, JobState

INBOX_DAYS = 7
"""So long a file waits in the inbox for somebody to take it in."""

_TAKING_IN = (JobKind.INGEST, JobKind.ASSIGN, JobKind.IMPORT_ROSTER)
_FILE = re.compile(r"[0-9a-f]{32}")


def inbox_file(settings: Settings, name: str) -> Path:
    """Returns a file that was uploaded.

    Raises:
        ConfigError: it is not there, or the name is none of ours.
    """
    path = settings.inbox_path / name
    if _FILE.fullmatch(name) is None or not path.is_file():
        raise ConfigError(
            "inbox-file",
            "this file is not in the inbox any more",
            where=name if _FILE.fullmatch(name) else "the inbox",
            hint="upload it again",
        )
    return path


def sweep_inbox(settings: Settings, jobs: Jobs, now: datetime) -> int:
    """Deletes what was taken in or has waited for too long, and returns how many files that were.

    Only a job that is noted as done lets its file go: one that was cut off is begun again.
    """
    before = (now - timedelta(days=INBOX_DAYS)).timestamp()
    taken_in = {one.payload.get("file") for one in jobs.latest(*_TAKING_IN) if _is_taken_in(one)}
    over = [
        path
        for path in settings.inbox_path.glob("*")
        if path.name in taken_in or path.stat().st_mtime < before
    ]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _is_taken_in(job: Job) -> bool:
    return job.state is JobState.DONE and not job.payload.get("is_trial")


def propose_mapping(task: Task) -> Mapping[str, Any]:
    """Says which tool wrote a file and which column is what, without a header's or a cell's text."""
    path = inbox_file(task.settings, task.text("file"))
    task.say("reading the file")
    instrument = find_wave_instrument(task.settings, _order(task, path))
    if task.text("mapping"):
        return _named(path, read_saved(task.settings, task.text("mapping")), instrument)
    proposed = propose_for_file(path, instrument)
    if proposed is None:
        return {"tool": canonical.TOOL, "mapping_hash": "", "lines": [], "missing": [], "is_usable": True}
    columns = [{"number": column.number, "text": column.text} for column in proposed.export.columns]
    write_enclosure(task.settings, task.job.job_id, columns)
    return _proposed(_chosen(task, proposed, instrument), instrument)


def _chosen(task: Task, proposed: ProposedFile, instrument: Instrument) -> ProposedFile:
    """The proposal, with the columns and the one subject that a person chose in another way."""
    given = task.given("columns", dict) or {}
    chosen = {int(number): str(target) for number, target in given.items() if str(number).isdecimal()}
    proposal = proposed.proposal
    if chosen:
        proposal = choose_columns(proposal, proposed.export, instrument, chosen)
    if task.text("subject_id"):
        proposal = about_one(proposal, task.text("subject_id"))
    return replace(proposed, proposal=proposal)


def take_in(task: Task) -> Mapping[str, Any]:
    """Takes a file in, or tries it; without a file, what our own form collected."""
    name = task.text("file")
    path = inbox_file(task.settings, name) if name else None
    order = _order(task, path)
    if path is not None:
        order = replace(order, mapping=_mapping(task, path, order))
    return _plain(ingest(task.settings, order, now=task.utc, progress=task.say))


def _order(task: Task, path: Path | None) -> Order:
    return Order(
        path=path,
        wave=task.wave_id,
        instrument_id=task.text("instrument_id"),
        source_name=task.text("source_name"),
        is_addition=task.flag("is_addition"),
        is_trial=task.flag("is_trial"),
    )


def _mapping(task: Task, path: Path, order: Order) -> ColumnMapping | None:
    """A saved one, or the very proposal that a person has confirmed."""
    if task.text("mapping"):
        return read_saved(task.settings, task.text("mapping"))
    instrument = find_wave_instrument(task.settings, order)
    proposed = propose_for_file(path, instrument)
    if proposed is None:
        return None
    proposed = _chosen(task, proposed, instrument)
    refuse_unusable(proposed.proposal, proposed.export, instrument)
    mapping = proposed.proposal.mapping
    if hash_mapping(mapping) != task.text("mapping_hash"):
        raise MappingError(
            "mapping-changed",
            "another mapping is proposed now than the one that was confirmed",
            (),
            hint="look at what is proposed, and confirm it again",
        )
    return mapping


def _named(path: Path, mapping: ColumnMapping, instrument: Instrument) -> dict[str, Any]:
    export = open_export(path, tool=mapping.tool, sheet=mapping.sheet, header_line=mapping.header_line)
    lines = describe_mapping(mapping, export, instrument)
    return {
        "tool": export.tool,
        "mapping_hash": hash_mapping(mapping),
        "lines": [_line(line, ()) for line in lines],
        "missing": [],
        "is_usable": True,
    }


def _proposed(proposed: ProposedFile, instrument: Instrument) -> dict[str, Any]:
    proposal, export = proposed.proposal, proposed.export
    if proposal.is_usable:
        told = describe_mapping(proposal.mapping, export, instrument, proposal.matches)
        lines = [_line(line, proposal.matches) for line in told]
    else:
        lines = [_match(match) for match in proposal.matches]
    return {
        "tool": export.tool,
        "mapping_hash": hash_mapping(proposal.mapping),
        "lines": lines,
        "missing": list(proposal.missing),
        "is_usable": proposal.is_usable,
    }


def _match(match: Match) -> dict[str, Any]:
    """How much can be read is told once the mapping is one."""
    return {
        "target": match.target,
        "columns": list(match.column_numbers),
        "confidence": match.confidence,
        "filled": None,
        "readable": None,
    }


def _line(line: MappingLine, matches: tuple[Match, ...]) -> dict[str, Any]:
    """A header may hold a PM's name, so columns go by their numbers."""
    numbers = {match.target: match.column_numbers for match in matches}
    return {
        "target": line.target,
        "columns": list(numbers.get(line.target, ())),
        "confidence": line.confidence,
        "filled": line.filled,
        "readable": line.readable,
    }


def _plain(report: IngestReport) -> dict[str, Any]:
    return {
        "outcome": report.outcome.value,
        "tool": report.tool,
        "batch_no": report.batch_no,
        "source_name": report.source_name,
        "is_wave_new": report.opened is not None,
        "tally": None if report.tally is None else asdict(report.tally),
        "broken": [_broken(report, rule.rule_id, count) for rule, count in report.broken if count],
        "checks": [asdict(check) for check in report.report.checks],
        "notice_count": len(report.notices),
    }


def _broken(report: IngestReport, rule_id: str, count: int) -> dict[str, Any]:
    rule = next(rule for rule, _ in report.broken if rule.rule_id == rule_id)
    places = report.places.get(rule_id)
    return {
        "rule_id": rule_id,
        "level": rule.level.value,
        "count": count,
        "message": rule.message,
        "hint": rule.hint,
        "lines": list(places.lines) if places else [],
        "columns": list(places.columns) if places else [],
    }
