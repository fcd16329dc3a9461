"""`pmhealth ingest`: takes in what another survey tool exported, and accounts for every row of it."""

import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.ingest_mapping import Wish, propose_for, read_named_mapping
from dashboard.commands.ingest_report import plain_report, show_own_report, show_report
from dashboard.terminal import say, say_json, say_next, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport, Order
    from pipeline.mapping.mapping import Mapping


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--wave", required=True, help="The wave, like great-pm/2026Q1. A new one is opened.")
@click.option("--mapping", "mapping_name", help="A mapping file, or the name of a saved one.")
@click.option(
    "--instrument", "instrument_id", default="", help="For a new wave not named like its instrument."
)
@click.option("--source", "source_name", default="", help="Whose export it is. Default: the mapping's name.")
@click.option("--add", "is_addition", is_flag=True, help="A further part; it replaces no earlier file.")
@click.option("--dry-run", "is_trial", is_flag=True, help="Show what would happen; take nothing in.")
@click.option(
    "--save-mapping",
    "save_as",
    metavar="NAME",
    default="",
    help="Keep the proposed mapping under this name, or a draft to complete.",
)
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
    save_as: str,
    is_confirmed: bool,
    as_json: bool,
) -> None:
    """Take in FILES: exports of Qualtrics, SurveyMonkey or Google Forms, or our own CSV.

    Without FILES, the answers are taken in that our own form collected in a wave that is closed.

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
      pmhealth ingest --wave great-pm/2026Q4
    """  # noqa: D301
    from pipeline.ingest import Order, find_wave_instrument  # noqa: PLC0415 - kept off the path of --help

    order = Order(
        path=files[0] if files else None,
        wave=wave,
        instrument_id=instrument_id,
        source_name=source_name,
        is_addition=is_addition,
        is_trial=is_trial,
    )
    if not files:
        _take_in_own(settings, order, as_json=as_json)
        return
    if mapping_name:
        mapping: Mapping | None = read_named_mapping(settings, mapping_name)
    else:
        wish = Wish(save_as=save_as, is_confirmed=is_confirmed, is_trial=is_trial, is_quiet=as_json)
        mapping = propose_for(settings, files[0], find_wave_instrument(settings, order), wish)
    _take_in_all(settings, files, replace(order, mapping=mapping), as_json=as_json)
    if not as_json:
        keeps = "--save-mapping NAME" if mapping and not (mapping_name or save_as) else ""
        _say_next(files, order, f"--mapping {mapping_name or save_as}" if mapping_name or save_as else keeps)


def _take_in_own(settings: Settings, order: "Order", *, as_json: bool) -> None:
    """What our own form collected needs no mapping, and replaces nothing."""
    report = _take_in(settings, order)
    if as_json:
        say_json([plain_report(None, report)])
        return
    show_own_report(report)
    _say_next((), order, "")


def _take_in_all(settings: Settings, files: tuple[Path, ...], order: "Order", *, as_json: bool) -> None:
    """Says of each file what became of it before the next one is opened: that one may be refused."""
    told: list[dict[str, object]] = []
    try:
        for place, path in enumerate(files):
            part = replace(order, path=path, is_addition=order.is_addition or place > 0)
            report = _take_in(settings, part)
            if as_json:
                told.append(plain_report(path, report))
            else:
                show_report(path, report)
    finally:
        if as_json:
            say_json(told)


def _take_in(settings: Settings, order: "Order") -> "IngestReport":
    from pipeline.ingest import ingest  # noqa: PLC0415

    with working("taking in") as progress:
        now = datetime.now(UTC).replace(tzinfo=None)
        return ingest(settings, order, now=now, progress=progress)


def _say_next(files: tuple[Path, ...], order: "Order", mapping: str) -> None:
    if not order.is_trial:
        say_next(f"pmhealth publish --wave {order.wave}")
        return
    say("This was a dry run: nothing was taken in.")
    words = ["pmhealth ingest", *(shlex.quote(str(path)) for path in files), f"--wave {order.wave}", mapping]
    words += [f"--instrument {order.instrument_id}"] if order.instrument_id else []
    words += [f"--source {shlex.quote(order.source_name)}"] if order.source_name else []
    words += ["--add"] if order.is_addition else []
    say_next(" ".join(word for word in words if word))
