"""`pmhealth session`: who is signed in, and ending that."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings
from survey.errors import ConfigError

if TYPE_CHECKING:
    from survey.register_sessions import Session, Sessions


@click.group()
def command() -> None:
    """List who is signed in to the dashboard, and sign them out."""


@command.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print it for a script.")
@click.pass_obj
def list_sessions(settings: Settings, *, is_json: bool) -> None:
    """List every session that holds, the oldest first."""
    with _open_sessions(settings) as sessions:
        found = sessions.active(datetime.now(UTC))
    if is_json:
        say_json([_facts(one) for one in found])
        return
    if not found:
        say("Nobody is signed in.")
        return
    show_table(
        ("session", "person", "over", "since", "until"), [tuple(_facts(one).values()) for one in found]
    )
    say_next(f"pmhealth session revoke {found[-1].session_id}")


@command.command("revoke")
@click.argument("session_id", required=False)
@click.option("--person", "person_id", metavar="ID", help="End every session of this person.")
@click.pass_obj
def revoke(settings: Settings, *, session_id: str | None, person_id: str | None) -> None:
    """End a session, or all of one person; it is cut at the next click."""
    if (session_id is None) == (person_id is None):
        raise click.UsageError("Name either a session or --person.")
    with _open_sessions(settings) as sessions:
        now = datetime.now(UTC)
        if person_id is not None:
            count = sessions.revoke_person(person_id, now, by="cli")
        else:
            count = int(sessions.revoke(session_id or "", now, by="cli"))
    if count == 0:
        raise ConfigError(
            "session-unknown",
            "there is no such session that holds",
            where=person_id or session_id or "",
            hint="'pmhealth session list' names those that do",
        )
    say(f"Ended {counted(count, 'session')}.")


@contextmanager
def _open_sessions(settings: Settings) -> Iterator["Sessions"]:
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register_sessions import Sessions  # noqa: PLC0415 - likewise

    with open_register(settings.register_address) as register:
        yield Sessions(register.store)


def _facts(one: "Session") -> dict[str, str]:
    return {
        "session": one.session_id,
        "person": one.person_id,
        "over": one.method.value,
        "since": f"{one.began_at:%Y-%m-%d %H:%M}",
        "until": f"{one.ends_at:%Y-%m-%d %H:%M}",
    }
