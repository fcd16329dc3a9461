"""`pmhealth wave run-due`: what a day asks for, for cron or a systemd timer."""

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_mail_run import per_second_option
from dashboard.day import Day
from dashboard.terminal import say, say_json, say_next, working
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.due import Done
    from survey.errors import HealthError
    from survey.post_office import PostOffice


@click.command("run-due")
@click.option("--today", type=Day(), help="Act as on this day, year-month-day. Default: today.")
@per_second_option
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_context
def run_what_is_due(context: click.Context, *, today: date | None, per_second: float, is_json: bool) -> None:
    """Do what is due today, for every wave of our form.

    \b
    before it opens   asks PMs whom to ask, and leads to approve (not where HR brought a file)
    on its first day  opens it, unless somebody has too few others; then HR opens it
    while it is open  invites, and reminds a week in and three days before the end
    after its last    closes it, takes the answers in, publishes, thanks, tells PMs of their results

    Unit pages show a wave some working days after that by themselves. Every step is done once, so
    run this as often as you like; what failed is tried again the next time. A wave that fails holds
    up no other, and the exit code says that one failed. docs/operations.md shows a timer.

    \b
    Examples:
      pmhealth wave run-due
      pmhealth wave run-due --today 2026-12-11
    """  # noqa: D301
    from pipeline.due import run_due  # noqa: PLC0415 - imports the whole pipeline
    from survey.errors import StoreError  # noqa: PLC0415

    settings: Settings = context.obj
    office = _office(settings, today, per_second)
    try:
        with working("looking what is due") as progress:
            found = run_due(office, today=today or date.today(), progress=progress)
    except StoreError as error:
        if error.code != "already-running":
            raise
        say("Another run is at work; it does what is due.")
        return
    _show(found, is_json=is_json)
    context.exit(max((done.exit_code for done in found), default=0))


def _office(settings: Settings, today: date | None, per_second: float) -> "PostOffice":
    """Acting as on another day, mails are written down on that day too, since days are counted from them."""
    from survey.post_office import PostOffice  # noqa: PLC0415

    def now() -> datetime:
        moment = datetime.now(UTC)
        return moment if today is None else datetime.combine(today, moment.timetz())

    return PostOffice(
        settings=settings, environment=os.environ, now=now, done_by="run-due", per_second=per_second
    )


def _show(found: "tuple[Done, ...]", *, is_json: bool) -> None:
    if is_json:
        say_json([_as_json(done) for done in found])
        return
    for done in found:
        if done.error is None:
            say(f"{done.wave_id}: {done.step}: {done.told}")
        else:
            click.echo(f"{done.wave_id}: {done.step} failed: {_problem(done.error)}", err=True)
    if not found:
        say("Nothing is due.")
    say_next("pmhealth wave list")


def _problem(error: "HealthError") -> str:
    lines = [f"error[{error.code}]: {error.message}"]
    lines += [f"where: {error.where}"] if error.where else []
    return "\n".join([*lines, f"try: {error.hint}"])


def _as_json(done: "Done") -> dict[str, object]:
    failed = None if done.error is None else {"code": done.error.code, "message": done.error.message}
    return {"wave_id": done.wave_id, "step": done.step.value, "told": done.told, "error": failed}
