"""What an ingest says in the end: what became of every row and answer, and what to do about the rest."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, show_table

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport
    from pipeline.load import Places, Tally
    from pipeline.rules import Rule

_PLACES_SHOWN = 10


def show_report(path: Path, report: "IngestReport") -> None:
    """Prints what became of one file."""
    from pipeline.sources.sniff import tool_title  # noqa: PLC0415 - only after a file was read

    _show(f"{click.format_filename(path.name)} ({tool_title(report.tool)})", report)


def show_own_report(report: "IngestReport") -> None:
    """Prints what became of the answers that our own form collected."""
    _show("What our own form collected", report)


def _show(file: str, report: "IngestReport") -> None:
    if report.tally is None:
        say(f"{file} is loaded into {report.wave.wave_id} already; nothing was changed.")
        return
    is_loaded = report.outcome.value == "loaded"
    say(f"{file} {'is' if is_loaded else 'would be'} loaded into {report.wave.wave_id}:")
    _show_tally(report.tally)
    for rule, count in report.broken:
        if count:
            _show_broken(rule, count, report.places.get(rule.rule_id))
    for line in (*_about_wave(report), *_about_files(report), *_notes(report)):
        say(line)


def plain_report(path: Path | None, report: "IngestReport") -> dict[str, object]:
    """Returns what `show_report` prints, for scripts."""
    from dataclasses import asdict  # noqa: PLC0415

    return {
        "file": path.name if path else "",
        "wave": report.wave.wave_id,
        "is_wave_new": report.opened is not None,
        "outcome": report.outcome,
        "batch_no": report.batch_no,
        "tool": report.tool,
        "source": report.source_name,
        "tally": asdict(report.tally) if report.tally else None,
        "broken": {rule.rule_id: count for rule, count in report.broken},
        "places": {rule_id: asdict(places) for rule_id, places in report.places.items()},
        "checks": [asdict(check) for check in report.report.checks],
        "replaced": [one.batch_no for one in report.replaced],
        "others": [one.batch_no for one in report.others],
        "unmapped": report.unmapped,
        "notices": report.notices,
    }


def _show_tally(tally: "Tally") -> None:
    rows = [
        ("rows", tally.row_received_count, tally.row_loaded_count, tally.row_superseded_count, tally.row_quarantined_count),
        (
            "answers", tally.answer_received_count, tally.answer_loaded_count, tally.answer_superseded_count,
            tally.answer_quarantined_count,
        ),
    ]  # fmt: skip
    columns = ("", "received", "= loaded", "+ superseded", "+ quarantined")
    show_table(columns, rows, numeric=columns[1:])


def _show_broken(rule: "Rule", count: int, places: "Places | None") -> None:
    say(f"quarantined: {counted(count, rule.level.value)}, {rule.message} [{rule.rule_id}]")
    if places:
        columns = f"; {_listed('column', places.columns)}" if places.columns else ""
        say(f"  {_listed('line', places.lines)}{columns}")
    say(f"  try: {rule.hint}")


def _listed(noun: str, numbers: tuple[int, ...]) -> str:
    more = ", ..." if len(numbers) == _PLACES_SHOWN else ""
    return f"{noun}{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}{more}"


def _about_wave(report: "IngestReport") -> list[str]:
    """Opening a wave freezes what was promised, so it is said, and in a dry run said before."""
    if report.opened is None:
        return []
    wave = report.wave
    will = "is" if report.outcome.value == "loaded" else "would be"
    people = counted(len(report.opened.people), "person", "people")
    pms = counted(sum(person.is_pm for person in report.opened.people), "PM")
    return [
        f"The wave {will} new: {wave.instrument_id} {wave.instrument_version}, roster of {wave.roster_date} "
        f"({people}, {pms}). Both stay as they are now."
    ]


def _about_files(report: "IngestReport") -> list[str]:
    verb = "replaces" if report.outcome.value == "loaded" else "would replace"
    lines = [
        f"It {verb} the file of source '{one.source_name}' from {one.loaded_at:%Y-%m-%d} "
        f"({counted(one.row_loaded_count, 'row')})."
        for one in report.replaced
    ]
    if report.others:
        told = ", ".join(
            f"'{one.source_name}' ({counted(one.row_loaded_count, 'row')})" for one in report.others
        )
        lines.append(
            f"note: the wave holds other files too, and all of them count: {told}. "
            "If this file should replace one, give it the same --source"
        )
    return lines


def _notes(report: "IngestReport") -> list[str]:
    notes = [f"{check.message} ({check.check_id} {check.observed:.2f})" for check in report.report.warnings]
    notes += report.notices
    if report.unmapped:
        notes.append(f"{counted(len(report.unmapped), 'column')} of the file not used")
    return [f"note: {note}" for note in notes]
