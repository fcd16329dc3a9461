"""`pmhealth wave repeat`: lets a campaign go on by itself, period after period, or ends that."""

from datetime import date
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry
from dashboard.terminal import say, say_next
from survey.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survey.collection import Collection


@click.command("repeat")
@click.argument("campaign")
@click.option("--off", "is_off", is_flag=True, help="Plan no further wave by itself.")
@click.pass_obj
def repeat_campaign(settings: Settings, *, campaign: str, is_off: bool) -> None:
    """Let a campaign go on: 'run-due' plans the next period's wave in time, with the same words.

    CAMPAIGN is what stands before the slash of a wave, like great-pm. The next wave is planned four
    weeks before it opens, for the last weeks of its period, as long as this one; change that draft
    as any other. A week later PMs are asked whom to ask, if you have brought no list. A period that
    is too far gone when the timer runs is left out. What is planned already stays.

    \b
    Examples:
      pmhealth wave repeat great-pm
      pmhealth wave repeat great-pm --off
    """  # noqa: D301
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        collections = Collections(register.store)
        last = _last_of(campaign, [one for one, _ in collections.list()])
        entry = audit_entry("wave.repeat", last.wave_id, "off" if is_off else "on")
        collections.repeat(last.wave_id, is_repeated=not is_off, entry=entry)
        taken = [wave.wave_id for wave in register.waves()]
    if is_off:
        say(f"{campaign} ends with {last.wave_id}; no further wave is planned by itself.")
    else:
        say(repeat_line(last, taken, date.today()))
    say_next("pmhealth wave list")


def repeat_line(last: "Collection", taken: "Iterable[str]", today: date) -> str:
    """Returns what a campaign that goes on will do next."""
    from survey.collection import next_collection, planned_on  # noqa: PLC0415 - kept off the path of --help

    following = next_collection(last, frozenset(taken), today)
    day = max(planned_on(following), today)
    return (
        f"{last.campaign} goes on: 'run-due' plans {following.wave_id} from {day} on, "
        f"to open on {following.opens_on}."
    )


def _last_of(campaign: str, collections: "list[Collection]") -> "Collection":
    from survey.collection import last_collections  # noqa: PLC0415
    from survey.errors import WaveError  # noqa: PLC0415

    names = {one.campaign: one for one in last_collections(collections)}
    if campaign not in names:
        raise WaveError(
            "campaign-unknown",
            "our form has collected no wave of that campaign, and none is planned",
            where=campaign,
            hint=f"there is: {', '.join(names)}" if names else "plan one: pmhealth wave create --help",
        )
    return names[campaign]
