"""`pmhealth wave open`: freezes what is asked of whom, and starts to take answers."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import say_dropped, say_small, say_unapproved
from dashboard.commands.wave_preview import say_outlooks, say_size
from dashboard.terminal import say, say_next
from survey.config import Settings

if TYPE_CHECKING:
    from survey.opening import PlannedWave


@click.command("open")
@click.argument("wave")
@click.option(
    "--accept-small", "is_small_accepted", is_flag=True, help="Open it though some have too few others."
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only show what would be frozen; write nothing.")
@click.pass_obj
def open_planned_wave(settings: Settings, *, wave: str, is_small_accepted: bool, is_dry_run: bool) -> None:
    """Open a planned wave today: from now on the form takes answers, until its last day.

    Instrument, roster, policy and who is asked about whom are frozen with it; what raters are told
    cannot be loosened afterwards. Nobody gets a mail yet: inviting is the next step.

    With fewer than 7 others about somebody, chances are that too few answer and the number stays
    hidden. Ask more people first, or say --accept-small.

    \b
    Examples:
      pmhealth wave open 2026Q4 --dry-run
      pmhealth wave open 2026Q4
      pmhealth wave open great-pm/2026Q4 --accept-small
    """  # noqa: D301
    from survey.opening import check_opening, open_wave, plan_wave  # noqa: PLC0415 - imports SQLAlchemy
    from survey.planning import find_draft  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        draft = find_draft(register, wave)
        planned = plan_wave(settings, register, draft, date.today())
        _show(planned)
        say_unapproved(register, draft)
        if not is_dry_run:
            open_wave(
                settings, register, planned, is_small_accepted=is_small_accepted, done_at=datetime.now(UTC)
            )
    if is_dry_run:
        check_opening(planned, is_small_accepted=is_small_accepted)
        accepted = " --accept-small" if is_small_accepted else ""
        say("Nothing was written.")
        say_next(f"pmhealth wave open {draft.wave_id}{accepted}")
        return
    say(f"{draft.wave_id} is open: it takes answers up to and including {draft.closes_on}.")
    say_next(f"pmhealth wave invite {draft.wave_id} --dry-run")


def _show(planned: "PlannedWave") -> None:
    from pipeline.preview import look_ahead  # noqa: PLC0415 - imports numpy

    say_size(planned)
    say_dropped(planned.plan)
    say_small(planned.plan, planned.instrument)
    found = look_ahead(planned)
    if found.subjects:
        say_outlooks(found, planned)
