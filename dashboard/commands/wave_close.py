"""`pmhealth wave close`: ends the collection of a wave, and makes its answers nobody's."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, say_next, show_table, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.closing import ClosingReport


@click.command("close")
@click.argument("wave")
@click.option("--dry-run", "is_trial", is_flag=True, help="Only show what would become of the answers.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--json", "is_json", is_flag=True, help="Print the counts as JSON; asks nothing.")
@click.pass_obj
def close_one_wave(settings: Settings, *, wave: str, is_trial: bool, is_sure: bool, is_json: bool) -> None:
    """Close a wave for good: the form takes no more answers, and nobody can join them to people.

    The answers are rewritten in the order of new random keys. The old store, all drafts, the keys of
    the wave and every personal link are deleted. What others said about a PM of whom fewer than k
    unknown raters answered counts for the unit only, or is erased where too few would stand
    together even there.

    After a crash, run it again: it goes on where it stopped.

    \b
    Examples:
      pmhealth wave close 2026Q4 --dry-run
      pmhealth wave close great-pm/2026Q4
    """  # noqa: D301
    from pipeline.closing import close_wave, try_closing  # noqa: PLC0415 - imports SQLAlchemy

    tried = try_closing(settings, wave)
    if not is_json:
        _show(tried)
        _say_early(settings, tried.wave_id)
    if not (is_trial or is_sure or is_json):
        click.confirm(f"Close {tried.wave_id}? Nothing leads back from here.", abort=True)
    if is_trial:
        _end_trial(tried, is_json=is_json)
        return
    with working(f"Closing {tried.wave_id}") as progress:
        report = close_wave(settings, tried.wave_id, now=datetime.now(UTC), progress=progress)
    if is_json:
        say_json(_plain(report))
        return
    if (report.stored_count, report.done_count) != (tried.stored_count, tried.done_count):
        say("More answers came in before the wave was closed. What became of all of them:")
        _show(report)
    say(f"{report.wave_id} is closed. Nothing on disk joins its answers to people any more.")
    say(f"Everybody who was asked can be thanked now: pmhealth wave thanks {report.wave_id}")
    say_next(f"pmhealth ingest --wave {report.wave_id}")


def _say_early(settings: Settings, wave_id: str) -> None:
    """Raters were told a last day, so HR should know before it is cut short."""
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        collections = Collections(register.store)
        is_open, closes_on = collections.state(wave_id) == "open", collections.get(wave_id).closes_on
    if is_open and date.today() <= closes_on:
        say(f"Raters were told that they can answer until {closes_on}; closing now cuts that short.")


def _end_trial(tried: "ClosingReport", *, is_json: bool) -> None:
    if is_json:
        say_json(_plain(tried))
        return
    say("Nothing was done.")
    say_next(f"pmhealth wave close {tried.wave_id}")


def _show(report: "ClosingReport") -> None:
    say(f"{report.wave_id}:")
    show_table(
        ("asked", "= answered", "+ not answered"),
        [(report.assigned_count, report.done_count, report.not_answered_count)],
        numeric=("asked", "= answered", "+ not answered"),
    )
    columns = ("stored", "= kept", "+ for units only", "+ erased")
    numbers = (report.stored_count, report.kept_count, report.readdressed_count, report.withheld_count)
    show_table(columns, [numbers], numeric=columns)
    for line in _notes(report):
        say(line)


def _notes(report: "ClosingReport") -> list[str]:
    notes = []
    if report.unfinished_count:
        told = counted(report.unfinished_count, "answer was", "answers were")
        notes.append(f"{told} stored without the rater hearing so, after a crash; they count.")
    if report.rest_count:
        notes.append(
            f"{counted(report.rest_count, 'unit')} count what was said about PMs with too few raters."
        )
    if report.signed_count:
        told = counted(report.signed_count, "comment is signed and stands", "comments are signed and stand")
        notes.append(f"{told} apart from the ratings.")
    return notes


def _plain(report: "ClosingReport") -> dict[str, object]:
    extra = {
        "not_answered_count": report.not_answered_count,
        "unfinished_count": report.unfinished_count,
    }
    return asdict(report) | extra
