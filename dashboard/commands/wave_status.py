"""`pmhealth wave status`: how far a wave is, without telling who answered."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry
from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.campaign import WaveState
    from survey.collection import Collection
    from survey.progress import Progress, WaveProgress
    from survey.register import Register


@click.command("status")
@click.argument("wave")
@click.option(
    "--missing", "is_missing", is_flag=True, help="Name who has not answered all; for HR, to remind. Audited."
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def show_status(settings: Settings, *, wave: str, is_missing: bool, is_json: bool) -> None:
    """Show how many were asked and how many answered.

    Answers are counted in steps of k people (4 unless the policy says otherwise), and a row never tells
    that all have answered: at least k of its people may be missing, whoever they are. Rows with fewer
    than k people are put together. So the table can go to leads.

    --missing names people, for reminding and nothing else. That it was asked for is written down. It works
    only while the wave is open, never beside results.

    \b
    Examples:
      pmhealth wave status 2026Q4
      pmhealth wave status 2026Q4 --json
      pmhealth wave status 2026Q4 --missing
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.planning import find_collection  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        collection = find_collection(register, wave)
        state = Collections(register.store).state(collection.wave_id)
        if is_missing:
            _show_missing(register, collection, is_json=is_json)
            return
        if state is WaveState.DRAFT:
            _show_draft(collection, is_json=is_json)
            return
        progress = _progress(register, collection)
    if is_json:
        say_json(_head(collection, state) | asdict(progress))
        return
    _say_progress(collection, state, progress)


def _head(collection: "Collection", state: "WaveState") -> dict[str, object]:
    return {
        "wave_id": collection.wave_id,
        "state": state.value,
        "opens_on": collection.opens_on,
        "closes_on": collection.closes_on,
    }


def _show_draft(collection: "Collection", *, is_json: bool) -> None:
    from survey.campaign import WaveState  # noqa: PLC0415

    if is_json:
        say_json(_head(collection, WaveState.DRAFT))
        return
    say(
        f"{collection.wave_id} is a draft; it is planned to open on {collection.opens_on}. Nobody was asked yet."
    )
    say_next(f"pmhealth wave preview {collection.wave_id}")


def _progress(register: "Register", collection: "Collection") -> "WaveProgress":
    from survey.policy import parse_policy  # noqa: PLC0415
    from survey.register_turnout import Turnout  # noqa: PLC0415

    wave_id = collection.wave_id
    return Turnout(register.store).progress(
        wave_id,
        {person.person_id: person.org_unit for person in register.wave_roster(wave_id).people},
        min_raters=parse_policy(collection.policy_text, where=wave_id).min_raters,
    )


def _say_progress(collection: "Collection", state: "WaveState", progress: "WaveProgress") -> None:
    left = (collection.closes_on - date.today()).days
    say(f"{collection.wave_id} is {state}; {_takes_answers(collection, state, left)}.")
    _show("people", (progress.total,))
    _show("unit they are asked about", progress.units)
    _show("reporting group", progress.groups)
    say("Steps hide who answered: at least a whole step of each row may be missing.")
    say_next(f"pmhealth wave {_next_step(collection.wave_id, state, progress, is_over=left < 0)}")


def _takes_answers(collection: "Collection", state: "WaveState", left: int) -> str:
    if state != "open":
        return "it takes no more answers"
    when = (
        f"{counted(left, 'day')} left after today" if left > 0 else "over" if left else "this is the last day"
    )
    return f"it takes answers up to and including {collection.closes_on} ({when})"


def _next_step(wave_id: str, state: "WaveState", progress: "WaveProgress", *, is_over: bool) -> str:
    if state != "open":
        return f"show {wave_id}"
    if is_over:
        return f"close {wave_id}"
    return f"{'remind' if progress.total.at_least else 'invite'} {wave_id} --dry-run"


def _show(title: str, rows: "tuple[Progress, ...]") -> None:
    columns = (title, "asked", "answered")
    show_table(columns, [(one.name, one.invited, _words(one)) for one in rows], numeric=columns[1:])


def _words(one: "Progress") -> str:
    return f"at least {one.at_least}" if one.at_least else "-"


def _show_missing(register: "Register", collection: "Collection", *, is_json: bool) -> None:
    from survey.register_turnout import Turnout  # noqa: PLC0415

    ids = Turnout(register.store).missing(collection.wave_id)
    register.record(audit_entry("wave.missing", collection.wave_id, f"{len(ids)} people named"))
    people = {person.person_id: person for person in register.wave_roster(collection.wave_id).people}
    rows = [(one, people[one].name, people[one].org_unit, people[one].email) for one in ids]
    if is_json:
        say_json([dict(zip(("person_id", "name", "org_unit", "email"), row, strict=True)) for row in rows])
        return
    say("For reminding only. That you asked was written down.")
    show_table(("person", "name", "unit", "e-mail"), rows)
    say_next(f"pmhealth wave remind {collection.wave_id} --dry-run")
