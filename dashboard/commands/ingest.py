"""`pmhealth ingest`: takes in what another survey tool exported, and accounts for every row of it."""

import sys
from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_json, say_next, show_table, working
from survey.config import Settings
from survey.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport, Order
    from pipeline.mapping.mapping import Mapping
    from pipeline.mapping.propose import Proposal
    from survey.instrument import Instrument


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option("--wave", required=True, help="The wave, like great-pm/2026Q1. A new one is opened.")
@click.option("--mapping", "mapping_name", help="A mapping file, or the name of a saved one.")
@click.option(
    "--instrument", "instrument_id", default="", help="For a new wave not named like its instrument."
)
@click.option("--source", "source_name", default="", help="Whose export it is. Default: the mapping's name.")
@click.option("--add", "is_addition", is_flag=True, help="A further part; it replaces no earlier file.")
@click.option("--dry-run", "is_trial", is_flag=True, help="Show what would happen; write nothing.")
@click.option("--save-mapping", "save_as", metavar="NAME", help="Keep the proposed mapping under this name.")
@click.option("--yes", "is_confirmed", is_flag=True, help="Use the proposed mapping without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
@click.pass_obj
def command(
    settings: Settings,
    files: tuple[Path, ...],
    *,
    wave: str,
    mapping_name: str | None,
    instrument_id: str,
    source_name: str,
    is_addition: bool,
    is_trial: bool,
    save_as: str | None,
    is_confirmed: bool,
    as_json: bool,
) -> None:
    """Take in FILES: exports of Qualtrics, SurveyMonkey or Google Forms, or our own CSV.

    The tool is recognised from the file. Without --mapping, one is proposed from the questions and
    shown; look at it with --dry-run, keep it with --save-mapping.

    A newer export of the same source replaces the older one; the same file again changes nothing.
    Several FILES are parts of one export. Rows and answers that break a rule are kept apart with
    file, line, column and reason, never with their content; everything received is accounted for.

    \b
    Examples:
      pmhealth ingest export.csv --wave great-pm/2026Q1 --dry-run
      pmhealth ingest export.csv --wave great-pm/2026Q1 --save-mapping quarterly
      pmhealth ingest export2.csv --wave great-pm/2026Q1 --mapping quarterly
    """  # noqa: D301
    from pipeline.ingest import Order, find_wave_instrument  # noqa: PLC0415 - kept off the path of --help

    order = Order(
        path=files[0],
        wave=wave,
        instrument_id=instrument_id,
        source_name=source_name,
        is_addition=is_addition,
        is_trial=is_trial,
    )
    if mapping_name:
        order = replace(order, mapping=_read_mapping(settings, mapping_name))
    else:
        order = _with_proposal(settings, order, find_wave_instrument(settings, order), save_as, is_confirmed)
    reports = _ingest_all(settings, files, order)
    if as_json:
        say_json([_plain(report) for report in reports])
    else:
        for path, report in zip(files, reports, strict=True):
            _show(path, report)
        _say_next(wave, is_trial)


def _ingest_all(settings: Settings, files: tuple[Path, ...], order: "Order") -> list["IngestReport"]:
    from pipeline.ingest import ingest  # noqa: PLC0415

    reports = []
    with working("taking in") as progress:
        for place, path in enumerate(files):
            part = replace(order, path=path, is_addition=order.is_addition or place > 0)
            reports.append(
                ingest(settings, part, now=datetime.now(UTC).replace(tzinfo=None), progress=progress)
            )
    return reports


def _read_mapping(settings: Settings, name: str) -> "Mapping":
    from pipeline.mapping.file import read_mapping  # noqa: PLC0415

    saved = settings.mappings_path / f"{name}.yaml"
    path = saved if saved.is_file() else Path(name)
    if not path.is_file():
        raise ConfigError(
            "mapping-name",
            "there is no such mapping",
            where=name,
            hint=f"give a file, or one of: {', '.join(_saved_names(settings)) or 'none is saved yet'}",
        )
    return read_mapping(path)


def _saved_names(settings: Settings) -> list[str]:
    return sorted(path.stem for path in settings.mappings_path.glob("*.yaml"))


def _with_proposal(
    settings: Settings, order: "Order", instrument: "Instrument", save_as: str | None, is_confirmed: bool
) -> "Order":
    """A canonical file says itself what its columns are; for any other a mapping is proposed and shown."""
    from pipeline.mapping.propose import propose  # noqa: PLC0415
    from pipeline.received import LONG_TOOL  # noqa: PLC0415
    from pipeline.sources import canonical  # noqa: PLC0415
    from pipeline.sources.sniff import open_export  # noqa: PLC0415

    if canonical.find_long_file(order.path) is not None:
        return order
    export = open_export(order.path)
    if export.tool in (canonical.TOOL, LONG_TOOL):
        return order
    proposal = propose(export, instrument)
    if not proposal.is_usable:
        return order
    _show_proposal(proposal, export.tool)
    mapping = proposal.mapping
    if save_as:
        mapping = replace(mapping, name=save_as)
        _save(settings, mapping)
    elif not order.is_trial and not is_confirmed:
        _confirm()
    return replace(order, mapping=mapping)


def _show_proposal(proposal: "Proposal", tool: str) -> None:
    say(f"Recognised as {tool}. Proposed mapping:")
    names = {answer.answer_id: answer for answer in (*proposal.mapping.items, *proposal.mapping.prompts)}
    rows = [
        (match.target, _columns(names, match.target, match.column_numbers), f"{match.confidence:.0%}")
        for match in proposal.matches
    ]
    show_table(("what", "column", "sure"), rows, numeric=("sure",))
    if proposal.missing:
        say(f"No column was found for: {', '.join(proposal.missing)}")


def _columns(names: Container[str], target: str, numbers: tuple[int, ...]) -> str:
    kind = "one per choice: " if target in names and len(numbers) > 1 else ""
    return kind + ", ".join(str(number) for number in numbers)


def _save(settings: Settings, mapping: "Mapping") -> None:
    from pipeline.mapping.text import render_mapping  # noqa: PLC0415

    settings.mappings_path.mkdir(parents=True, exist_ok=True)
    path = settings.mappings_path / f"{mapping.name}.yaml"
    if path.exists():
        raise ConfigError(
            "mapping-exists",
            "a mapping of that name is saved already",
            where=path.name,
            hint=f"use it with --mapping {mapping.name}, or choose another name",
        )
    path.write_text(render_mapping(mapping), encoding="utf-8")
    say(f"Saved as {mapping.name}.")


def _confirm() -> None:
    if sys.stdin.isatty():
        click.confirm("Use this mapping?", abort=True)
        return
    raise ConfigError(
        "mapping-unconfirmed",
        "nobody has confirmed the proposed mapping",
        hint="look at it above, then run this again with --yes, or with --save-mapping NAME to keep it",
    )


def _show(path: Path, report: "IngestReport") -> None:
    say(f"{click.format_filename(path.name)}: {report.outcome} into {report.wave_id} ({report.tool})")
    if report.tally is None:
        say("This file is loaded already; nothing was changed.")
        return
    tally = report.tally
    rows = [
        ("rows", tally.row_received_count, tally.row_loaded_count, tally.row_superseded_count, tally.row_quarantined_count),
        (
            "answers", tally.answer_received_count, tally.answer_loaded_count, tally.answer_superseded_count,
            tally.answer_quarantined_count,
        ),
    ]  # fmt: skip
    columns = ("", "received", "= loaded", "+ superseded", "+ quarantined")
    show_table(columns, rows, numeric=columns[1:])
    broken = [
        (rule.rule_id, rule.level, count, rule.message, rule.hint) for rule, count in report.broken if count
    ]
    if broken:
        show_table(("rule", "level", "times", "why", "what to do"), broken, numeric=("times",))
    for check in report.report.warnings:
        say(f"note: {check.message} ({check.check_id} {check.observed:.2f})")
    for notice in report.notices:
        say(f"note: {notice}")
    if report.unmapped:
        say(f"note: {len(report.unmapped)} columns of the file are not used")


def _say_next(wave: str, is_trial: bool) -> None:
    if is_trial:
        say("Nothing was written.")
        say_next(f"pmhealth ingest FILE --wave {wave}")
    else:
        say_next(f"pmhealth publish --wave {wave}")


def _plain(report: "IngestReport") -> dict[str, object]:
    from dataclasses import asdict  # noqa: PLC0415

    return {
        "wave": report.wave_id,
        "outcome": report.outcome,
        "batch_no": report.batch_no,
        "tool": report.tool,
        "tally": asdict(report.tally) if report.tally else None,
        "broken": {rule.rule_id: count for rule, count in report.broken},
        "checks": [asdict(check) for check in report.report.checks],
        "replaced": report.replaced,
        "unmapped": report.unmapped,
        "notices": report.notices,
    }
