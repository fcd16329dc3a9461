"""`pmhealth wave withdraw`: takes a published wave back, visibly."""

from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_next, working
from survey.config import Settings

if TYPE_CHECKING:
    from survey.campaign import Wave


@click.command("withdraw")
@click.argument("wave")
@click.option("--reason", required=True, help="Why, in a few words that everyone may read. No names.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.pass_obj
def withdraw_wave(settings: Settings, wave: str, *, reason: str, is_sure: bool) -> None:
    """Take a published wave out of the next release, visibly.

    The release that replaces the current one holds no number of this wave, and says that it was
    withdrawn, and why. Its answers stay in the warehouse. Whoever has seen its numbers has seen
    them: withdrawing is for numbers that are wrong, not for numbers that are secret.

    \b
    Examples:
      pmhealth wave withdraw 2026Q1 --reason "wrong file taken in"
    """  # noqa: D301
    found = _check_withdrawal(settings, wave, reason)
    if not is_sure:
        click.confirm(f"Take {found.wave_id} out of the current release?", abort=True)
    from pipeline import run  # noqa: PLC0415 - imports the whole pipeline

    with working(f"Withdrawing {found.wave_id}") as progress:
        run.withdraw(settings, found.wave_id, reason=reason, progress=progress)
    say(f"{found.wave_id} is withdrawn; the current release does not hold it any more.")
    if not found.is_external:
        say("Its answers are kept, as closing left them.")
        say_next(f"pmhealth wave show {found.wave_id}")
        return
    say("Its answers are kept. It takes files again: correct them, then publish it again.")
    say_next(f"pmhealth ingest FILE --wave {found.wave_id} --dry-run")


def _check_withdrawal(settings: Settings, name: str, reason: str) -> "Wave":
    """Refuses before it asks: nobody should confirm what cannot be done.

    A wave that is withdrawn already may be withdrawn again: a crash may have come in between.
    """
    from survey.campaign import WaveState, move  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        wave = register.wave(name)
    if wave.state is not WaveState.WITHDRAWN:
        move(wave, WaveState.WITHDRAWN, reason)
    return wave
