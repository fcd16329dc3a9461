"""What all commands that send mail share: their options, the mailing, and what is said of it."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from dashboard.terminal import counted, say, show_table, working
from survey.config import Settings

if TYPE_CHECKING:
    from survey.invitation import Round
    from survey.mailing import Tally
    from survey.post_office import Choose, PostOffice

P = ParamSpec("P")
R = TypeVar("R")

DEFAULT_PER_SECOND = 2.0
_MOST_PER_SECOND = 100.0
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a mailing is done: for real or into a folder, and how fast."""

    is_trial: bool
    folder: Path | None
    per_second: float


def per_second_option(function: Callable[P, R]) -> Callable[P, R]:
    """Adds the option that says how fast mails go out."""
    return click.option(
        "--per-second",
        type=click.FloatRange(0.01, _MOST_PER_SECOND),
        default=DEFAULT_PER_SECOND,
        show_default=True,
        help="How many mails to send in a second, at most.",
    )(function)


def mail_options(function: Callable[P, R]) -> Callable[P, R]:
    """Adds the options of every command that sends mail."""
    for option in (
        per_second_option,
        click.option(
            "--folder",
            type=click.Path(path_type=Path, file_okay=False),
            help="Where --dry-run writes. Default: a new folder below the home folder.",
        ),
        click.option(
            "--dry-run", "is_trial", is_flag=True, help="Write the mails as .eml files; send nothing."
        ),
    ):
        function = option(function)
    return function


@contextmanager
def open_wave_round(settings: Settings, name: str) -> Iterator["Round"]:
    """Yields the wave of our form with that name, as its mails see it."""
    from survey.invitation import open_round  # noqa: PLC0415 - imports SQLAlchemy
    from survey.planning import find_collection  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        yield open_round(settings, register, find_collection(register, name), date.today())


def post_office(settings: Settings, per_second: float = DEFAULT_PER_SECOND) -> "PostOffice":
    """Returns how this deployment sends mail, by its environment."""
    from survey.post_office import PostOffice  # noqa: PLC0415

    return PostOffice(
        settings=settings,
        environment=os.environ,
        now=lambda: datetime.now(UTC),
        done_by="cli",
        per_second=per_second,
    )


def run_mailing(settings: Settings, wave: "Round", choose: "Choose", how: How, name: str) -> "Tally":
    """Sends or writes what is chosen, says what became of it, and returns it."""
    from survey.post_office import deliver, deliver_trial  # noqa: PLC0415

    office = post_office(settings, how.per_second)
    if not how.is_trial:
        with working("sending mail") as progress:
            tally = deliver(office, wave, choose, progress)
        say(f"{counted(tally.sent, 'mail')} sent.")
    else:
        folder = how.folder or _trial_folder(settings, name)
        tally = deliver_trial(office, wave, choose(), folder)
        say(
            f"{counted(tally.sent, 'mail')} written to {folder}; nothing was sent. Links in them do not work."
        )
    say_failures(tally)
    return tally


def say_failures(tally: "Tally") -> None:
    """Lists who got no mail, by id, and why."""
    if not tally.failures:
        return
    say(f"{counted(len(tally.failures), 'person', 'people')} got no mail:")
    rows = [(one.person_id, _reason(one.code)) for one in tally.failures[:_SHOWN]]
    show_table(("person", "why"), rows)
    more = len(tally.failures) - len(rows)
    if more:
        counts = Counter(_reason(one.code) for one in tally.failures)
        say(f"... and {more} more. In all: " + ", ".join(f"{why} {n}" for why, n in counts.most_common()))
    say("Mend what can be mended, then run this again: only they are tried. Or hand out links yourself.")


def _reason(code: str) -> str:
    match code.partition("-"):
        case ("no", _, _):
            return "the roster has no usable address"
        case ("smtp", _, "gone"):
            return "the connection broke each time"
        case ("smtp", _, reply) if reply.startswith("4"):
            return f"the mail server asks to try later (reply {reply})"
        case (_, _, reply):
            return f"the mail server refused it (reply {reply})"


def _trial_folder(settings: Settings, name: str) -> Path:
    return settings.home / "trial-mails" / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{name}"
