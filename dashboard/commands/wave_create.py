"""`pmhealth wave create`: plans a wave that our own form collects."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry, next_of_draft
from dashboard.day import Day
from dashboard.terminal import say, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.collection import Collection
    from survey.policy import Policy


@click.command("create")
@click.argument("wave")
@click.option("--instrument", help="What is asked. Default: the instrument with the campaign's name.")
@click.option(
    "--opens", type=Day(), metavar="DATE", help="First day. Default: so that it ends with the period."
)
@click.option(
    "--closes", type=Day(), metavar="DATE", help="Last day, 14 to 28 days in all. Default: 21 days."
)
@click.option(
    "--asked-by", help="Who asks, as raters read it: 'Ann Lee, People team'. Default: as last time."
)
@click.option("--reply-to", help="Where replies to mails go. Default: as last time.")
@click.option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False), help="A policy of your own (TOML)."
)
@click.option(
    "--unit-days",
    type=click.IntRange(0, 30),
    help="Working days PMs see their results before units do. Default: as last time, or 3.",
)
@click.option(
    "--repeat/--no-repeat",
    "is_repeated",
    default=None,
    help="Let 'run-due' plan the next period's wave by itself, and so on. Default: as last time, or no.",
)
@click.pass_obj
def create_wave(
    settings: Settings,
    *,
    wave: str,
    instrument: str | None,
    opens: date | None,
    closes: date | None,
    asked_by: str | None,
    reply_to: str | None,
    policy: Path | None,
    unit_days: int | None,
    is_repeated: bool | None,
) -> None:
    """Plan a wave of our own form, or change its plan while it is a draft.

    WAVE is CAMPAIGN/PERIOD, like great-pm/2026Q4; a period is 2026Q4, 2026H2, 2026-11 or 2026. What
    you leave out is taken from the campaign's last wave. Nobody is asked anything yet: next you
    settle who is asked, then you open it.

    With --repeat the campaign goes on: four weeks before each next wave opens, 'run-due' plans it
    with the same words, a week later it asks PMs whom to ask. 'wave repeat' changes that later.

    \b
    Examples:
      pmhealth wave create great-pm/2026Q4 --asked-by "Ann Lee, People team"
      pmhealth wave create great-pm/2026Q4 --asked-by "Ann Lee, HR" --repeat
      pmhealth wave create 2026Q4 --opens 2026-12-01 --closes 2026-12-18
      pmhealth wave create great-pm/2026Q4 --closes 2026-12-20    (changes the draft)
    """  # noqa: D301
    from survey.planning import check_draft, plan_draft, wave_id_of  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    given = {
        "instrument_id": instrument,
        "opens_on": opens,
        "closes_on": closes,
        "asked_by": asked_by,
        "reply_to": reply_to,
        "unit_days": unit_days,
        "is_repeated": is_repeated,
        "policy_text": None if policy is None else _read_policy(policy),
    }
    with open_register(settings.register_address) as register:
        collections = Collections(register.store)
        draft, is_new = plan_draft(collections, wave_id_of(wave, instrument), given, date.today())
        promised = check_draft(settings, draft, date.today())
        entry = audit_entry("wave.create" if is_new else "wave.change", draft.wave_id)
        (collections.add if is_new else collections.update)(draft, entry=entry)
    say(f"{draft.wave_id} is {'planned' if is_new else 'changed'}; nobody was asked anything yet.")
    show_table(("wave", draft.wave_id), facts(draft, promised))
    next_step = next_of_draft(settings, draft)
    if " assign " in next_step:
        say(f"Who is asked comes from a file, or from the PMs: pmhealth wave nominate {draft.wave_id}")
    say_next(next_step)


def facts(draft: "Collection", promised: "Policy") -> list[tuple[str, object]]:
    """Returns what is planned about a wave, in lines."""
    return [
        ("instrument", draft.instrument_id),
        ("takes answers", f"{draft.opens_on} to {draft.closes_on}, {draft.window_days} days"),
        ("asked by", draft.asked_by),
        ("replies go to", draft.reply_to or "the sender of the mails"),
        ("shown", f"PMs at once, units {draft.unit_days} working days later"),
        after_it(draft),
        (
            "policy",
            f"{promised.min_raters} raters behind each number, {promised.min_pms} PMs behind each unit's",
        ),
    ]


def after_it(collection: "Collection") -> tuple[str, object]:
    """Returns the line that says whether the campaign goes on by itself."""
    return "after it", "run-due plans the next wave" if collection.is_repeated else "nothing by itself"


def _read_policy(path: Path) -> str:
    from survey.errors import ConfigError  # noqa: PLC0415
    from survey.policy import parse_policy  # noqa: PLC0415

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "policy-unreadable",
            "the policy file cannot be read",
            where=path.name,
            hint="check the path; it is a text file in UTF-8",
        ) from error
    parse_policy(text, where=path.name)
    return text
