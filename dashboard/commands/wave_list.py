"""`pmhealth wave list` and `show`: which waves there are, and what was promised with each."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from dashboard.commands.wave_create import after_it
from dashboard.commands.wave_draft import next_of_draft
from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survey.campaign import Wave, WaveState
    from survey.collection import Collection
    from survey.register import Register
    from survey.roster import Roster

_COLUMNS = ("wave", "instrument", "state", "roster of", "takes answers", "reason")
_HASH_SHOWN = 12


@click.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def list_waves(settings: Settings, *, is_json: bool) -> None:
    """List every wave with its state.

    \b
    Examples:
      pmhealth wave list
      pmhealth wave list --json
    """  # noqa: D301
    waves, collections = _stored(settings)
    drafts = [one for one, state in collections if state == "draft"]
    windows = {one.wave_id: one for one, _ in collections}
    if is_json:
        say_json(
            [_as_json(wave, windows.get(wave.wave_id)) for wave in waves]
            + [_draft_json(one) for one in drafts]
        )
        return
    if not waves and not drafts:
        say("There are no waves yet: you plan one, or the first ingest of an export opens one.")
        say_next("pmhealth wave create --help")
        return
    lines = [_line(wave, windows.get(wave.wave_id)) for wave in waves]
    _show_lines(lines + [_draft_line(one) for one in drafts])
    _say_repeated(waves, [one for one, _ in collections])
    say_next(next_of_draft(settings, drafts[-1]) if drafts else _next_step(waves[-1]))


@click.command("show")
@click.argument("wave")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def show_wave(settings: Settings, wave: str, *, is_json: bool) -> None:
    """Show one wave: its state, and what was frozen when it opened.

    \b
    Examples:
      pmhealth wave show great-pm/2026Q1
      pmhealth wave show 2026Q1 --json
    """  # noqa: D301
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        draft = _find_draft(register, wave)
        if draft is not None:
            _show_draft(settings, register, draft, is_json=is_json)
            return
        found = register.wave(wave)
        members = register.wave_roster(found.wave_id)
        collection = _collection_of(register, found)
    if is_json:
        say_json(_as_json(found, collection) | _sizes(members))
        return
    show_table(("wave", found.wave_id), _facts(found, members, collection))
    say("The policy that was promised:")
    say()
    say(found.policy.rstrip())
    say()
    say_next("pmhealth wave list" if found.state == "published" else _next_step(found))


def _find_draft(register: "Register", name: str) -> "Collection | None":
    """A draft of that name; where a wave has it too, the wave is meant."""
    from survey.register_collection import Collections  # noqa: PLC0415

    if register.find_wave(name) is not None:
        return None
    drafts = [one for one, state in Collections(register.store).list() if state == "draft"]
    return next((one for one in drafts if name in {one.wave_id, one.period.name}), None)


def _collection_of(register: "Register", wave: "Wave") -> "Collection | None":
    from survey.register_collection import Collections  # noqa: PLC0415

    return Collections(register.store).find(wave.wave_id)


def _show_draft(settings: Settings, register: "Register", draft: "Collection", *, is_json: bool) -> None:
    from dashboard.commands.wave_create import facts  # noqa: PLC0415
    from survey.policy import parse_policy  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    nominations = Collections(register.store).nominations(draft.wave_id)
    approved = sum(one.state == "approved" for one in nominations)
    if is_json:
        say_json(_draft_json(draft) | {"nominations": len(nominations), "approved": approved})
        return
    lines = facts(draft, parse_policy(draft.policy_text, where=draft.wave_id))
    lines.append(("nominations", f"{approved} approved of {len(nominations)}"))
    show_table(("wave", draft.wave_id), [("state", "draft"), *lines])
    say_next(next_of_draft(settings, draft))


def _stored(settings: Settings) -> "tuple[tuple[Wave, ...], tuple[tuple[Collection, WaveState], ...]]":
    """A register that is not there yet is not made by looking."""
    if not settings.has_register:
        return (), ()
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        return register.waves(), Collections(register.store).list()


def _show_lines(lines: "Sequence[tuple[object, ...]]") -> None:
    """Few waves are withdrawn with a reason; without one its column is left out, and 80 columns do."""
    shown = len(_COLUMNS) if any(line[-1] for line in lines) else len(_COLUMNS) - 1
    show_table(_COLUMNS[:shown], [line[:shown] for line in lines])


def _say_repeated(waves: "Sequence[Wave]", collections: "Sequence[Collection]") -> None:
    """Says of each campaign that goes on by itself when its next wave is planned."""
    from dashboard.commands.wave_repeat import repeat_line  # noqa: PLC0415
    from survey.collection import last_collections  # noqa: PLC0415

    for last in last_collections(collections):
        if last.is_repeated:
            say(repeat_line(last, [wave.wave_id for wave in waves], date.today()))


def _line(wave: "Wave", collection: "Collection | None") -> tuple[object, ...]:
    instrument = f"{wave.instrument_id} {wave.instrument_version}"
    return wave.wave_id, instrument, wave.state, wave.roster_date, _window(collection), wave.reason


def _draft_line(draft: "Collection") -> tuple[object, ...]:
    return draft.wave_id, draft.instrument_id, "draft", "", _window(draft), ""


def _window(collection: "Collection | None") -> str:
    return "" if collection is None else f"{collection.opens_on} to {collection.closes_on}"


def _facts(wave: "Wave", members: "Roster", collection: "Collection | None") -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("state", wave.state),
        ("period", f"{wave.period.starts_on} to {wave.period.ends_on}"),
        (
            "instrument",
            f"{wave.instrument_id} {wave.instrument_version} ({wave.instrument_hash[:_HASH_SHOWN]})",
        ),
        ("answers come from", "another survey tool" if wave.is_external else "our own form"),
        (
            "roster of",
            f"{wave.roster_date}: {_told(members)}",
        ),
    ]
    if collection is not None:
        facts.append(("takes answers", f"{_window(collection)}, asked by {collection.asked_by}"))
        facts.append(after_it(collection))
    if wave.unit_date is not None:
        facts.append(("units see it from", wave.unit_date))
    return facts + ([("withdrawn because", wave.reason)] if wave.reason else [])


def _told(members: "Roster") -> str:
    sizes = _sizes(members)
    people = counted(sizes["people"], "person", "people")
    return f"{people}, {counted(sizes['pms'], 'PM')}, {counted(sizes['units'], 'unit')}"


def _sizes(members: "Roster") -> dict[str, int]:
    return {
        "people": len(members.people),
        "pms": sum(person.is_pm for person in members.people),
        "units": len({person.org_unit for person in members.people}),
    }


def _as_json(wave: "Wave", collection: "Collection | None") -> dict[str, Any]:
    return {
        "wave_id": wave.wave_id,
        "campaign": wave.campaign,
        "period": wave.period.name,
        "starts_on": wave.period.starts_on,
        "ends_on": wave.period.ends_on,
        "instrument_id": wave.instrument_id,
        "instrument_version": wave.instrument_version,
        "instrument_hash": wave.instrument_hash,
        "state": wave.state,
        "is_external": wave.is_external,
        "roster_date": wave.roster_date,
        "policy": wave.policy,
        "reason": wave.reason,
        "opens_on": None if collection is None else collection.opens_on,
        "closes_on": None if collection is None else collection.closes_on,
        "is_repeated": collection is not None and collection.is_repeated,
        "unit_date": wave.unit_date,
    }


def _draft_json(draft: "Collection") -> dict[str, Any]:
    return {
        "wave_id": draft.wave_id,
        "campaign": draft.campaign,
        "period": draft.period.name,
        "starts_on": draft.period.starts_on,
        "ends_on": draft.period.ends_on,
        "instrument_id": draft.instrument_id,
        "state": "draft",
        "is_external": False,
        "opens_on": draft.opens_on,
        "closes_on": draft.closes_on,
        "asked_by": draft.asked_by,
        "unit_days": draft.unit_days,
        "is_repeated": draft.is_repeated,
        "policy": draft.policy_text,
    }


def _next_step(wave: "Wave") -> str:
    from survey.campaign import WaveState  # noqa: PLC0415

    match wave.state:
        case WaveState.OPEN if not wave.is_external:
            return f"pmhealth wave status {wave.wave_id}"
        case WaveState.DRAFT | WaveState.OPEN:
            return f"pmhealth ingest FILE --wave {wave.wave_id} --dry-run"
        case WaveState.CLOSED if not wave.is_external:
            return f"pmhealth ingest --wave {wave.wave_id}"
        case WaveState.CLOSED | WaveState.WITHDRAWN:
            return f"pmhealth publish --wave {wave.wave_id}"
        case WaveState.PUBLISHED:
            return f"pmhealth wave show {wave.wave_id}"
