"""`pmhealth wave list` and `show`: which waves there are, and what was promised with each."""

from typing import TYPE_CHECKING, Any

import click

from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.campaign import Wave
    from survey.roster import Roster

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
    waves = _waves(settings)
    if is_json:
        say_json([_as_json(wave) for wave in waves])
        return
    if not waves:
        say("There are no waves yet: the first ingest opens one.")
        say_next("pmhealth ingest FILE --wave great-pm/2026Q1 --dry-run")
        return
    columns = ("wave", "instrument", "state", "roster of", "reason")
    show_table(columns, [_line(wave) for wave in waves])
    say_next(_next_step(waves[-1]))


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
        found = register.wave(wave)
        members = register.wave_roster(found.wave_id)
    if is_json:
        say_json(_as_json(found) | _sizes(members))
        return
    show_table(("wave", found.wave_id), _facts(found, members))
    say("The policy that was promised:")
    say()
    say(found.policy.rstrip())
    say()
    say_next("pmhealth wave list" if found.state == "published" else _next_step(found))


def _waves(settings: Settings) -> "tuple[Wave, ...]":
    """A register that is not there yet is not made by looking."""
    if not settings.has_register:
        return ()
    from survey.register import open_register  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        return register.waves()


def _line(wave: "Wave") -> tuple[object, ...]:
    instrument = f"{wave.instrument_id} {wave.instrument_version}"
    return wave.wave_id, instrument, wave.state, wave.roster_date, wave.reason


def _facts(wave: "Wave", members: "Roster") -> list[tuple[str, object]]:
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


def _as_json(wave: "Wave") -> dict[str, Any]:
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
    }


def _next_step(wave: "Wave") -> str:
    from survey.campaign import WaveState  # noqa: PLC0415

    match wave.state:
        case WaveState.DRAFT | WaveState.OPEN:
            return f"pmhealth ingest FILE --wave {wave.wave_id} --dry-run"
        case WaveState.CLOSED | WaveState.WITHDRAWN:
            return f"pmhealth publish --wave {wave.wave_id}"
        case WaveState.PUBLISHED:
            return f"pmhealth wave show {wave.wave_id}"
