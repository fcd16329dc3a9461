"""`pmhealth comment`: HR reads the words that passed the gate, and may hold one back."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_json, say_next
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.holding import Asking


@click.group()
def command() -> None:
    """For HR: read the comments that passed the gate, hold one back. Audited."""


@command.command("list")
@click.argument("wave")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def list_comments(settings: Settings, *, wave: str, is_json: bool) -> None:
    """List the words of others that are shown, or will be once the wave is published.

    What waits, because too few answered or wrote, is not there. That you looked is written down.

    \b
    Examples:
      pmhealth comment list great-pm/2026Q3
    """  # noqa: D301
    from pipeline.holding import list_passed  # noqa: PLC0415 - imports the whole pipeline

    passed = list_passed(_asking(settings, wave))
    if is_json:
        say_json([asdict(one) for one in passed])
        return
    for one in passed:
        held = " (held back)" if one.is_held else ""
        say(f"{one.comment_no} about {one.subject_id}{held}: {one.words}")
    say_next(
        f"pmhealth comment hold {wave} NUMBER --reason WHY" if passed else f"pmhealth publish --wave {wave}"
    )


@command.command("hold")
@click.argument("wave")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why, without a name. It is kept in the audit.")
@click.pass_obj
def hold(settings: Settings, *, wave: str, number: int, reason: str) -> None:
    """Hold a comment back. What others wrote is shown all the same.

    It counts from the next time the wave is published. Of a published wave: withdraw it and publish it
    again; nothing else in it changes.
    """
    from pipeline.holding import hold_comment  # noqa: PLC0415

    hold_comment(_asking(settings, wave), number, reason)
    say(f"Comment {number} is held back from the next time {wave} is published.")
    say_next(f"pmhealth publish --wave {wave}")


@command.command("release")
@click.argument("wave")
@click.argument("number", type=int)
@click.pass_obj
def release(settings: Settings, *, wave: str, number: int) -> None:
    """Let a comment that was held back be shown, from the next time the wave is published."""
    from pipeline.holding import release_comment  # noqa: PLC0415

    release_comment(_asking(settings, wave), number)
    say(f"Comment {number} is no longer held back.")
    say_next(f"pmhealth publish --wave {wave}")


def _asking(settings: Settings, wave: str) -> "Asking":
    from pipeline.holding import Asking  # noqa: PLC0415

    return Asking(settings=settings, wave=wave, done_by="cli", done_at=datetime.now(UTC))
