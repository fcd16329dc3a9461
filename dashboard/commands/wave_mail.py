"""`pmhealth wave invite`, `remind`, `nominate`, `thanks`, `results` and `tell`: the mails of a wave."""

import os
import random
from pathlib import Path

import click

from dashboard.commands.wave_mail_run import How, mail_options, open_wave_round, run_mailing
from dashboard.terminal import counted, say, say_next
from survey.config import Settings


@click.command("invite")
@click.argument("wave")
@mail_options
@click.pass_obj
def invite_raters(
    settings: Settings, *, wave: str, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Invite everybody who is asked, by mail.

    Each person gets one mail with one personal link, however many people they are asked about. Who
    was invited already gets nothing, so running this again only tries those who were not reached.

    Mail needs a server: docs/operations.md lists the variables. --dry-run works without one.

    \b
    Examples:
      pmhealth wave invite 2026Q4 --dry-run
      pmhealth wave invite 2026Q4
      pmhealth wave invite 2026Q4 --per-second 0.5
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415 - kept off the path of --help
    from survey.invitation import check_state, invitations  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.OPEN)
        run_mailing(settings, one, lambda: invitations(one), how, "invite")
    say_next(f"pmhealth wave {'invite' if is_trial else 'status'} {one.wave_id}")


@click.command("remind")
@click.argument("wave")
@mail_options
@click.pass_obj
def remind_raters(
    settings: Settings, *, wave: str, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Remind everybody who was invited and has not answered all.

    Nobody is reminded within three days of an invitation or reminder, of whatever wave. A reminder
    carries a further link; it says that a draft stays with the link it was begun with.

    \b
    Examples:
      pmhealth wave remind 2026Q4 --dry-run
      pmhealth wave remind 2026Q4
    """  # noqa: D301
    from datetime import UTC, datetime  # noqa: PLC0415

    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import check_state, reminders  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.OPEN)
        resting = reminders(one, datetime.now(UTC)).resting
        run_mailing(settings, one, lambda: reminders(one, datetime.now(UTC)).orders, how, "remind")
    if resting:
        say(f"{counted(resting, 'person', 'people')} had a mail within the last three days and got none now.")
    say_next(f"pmhealth wave {'remind' if is_trial else 'status'} {one.wave_id}")


@click.command("nominate")
@click.argument("wave")
@mail_options
@click.pass_obj
def ask_for_nominations(
    settings: Settings, *, wave: str, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Ask PMs who should be asked about them, and leads to approve their lists.

    Each PM gets one mail with a personal link. A lead gets one when a list waits for them, at most
    every three days; so run this again until the wave opens, or let 'run-due' do it.

    \b
    Examples:
      pmhealth wave nominate 2026Q4 --dry-run
      pmhealth wave nominate 2026Q4
    """  # noqa: D301
    from datetime import UTC, datetime  # noqa: PLC0415

    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import approvals, check_state, nominations  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.DRAFT)
        run_mailing(
            settings, one, lambda: (*nominations(one), *approvals(one, datetime.now(UTC))), how, "nominate"
        )
    say_next(f"pmhealth wave {'nominate' if is_trial else 'nominations'} {one.wave_id}")


@click.command("thanks")
@click.argument("wave")
@mail_options
@click.pass_obj
def thank_raters(
    settings: Settings, *, wave: str, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Thank everybody who was asked, once the wave is closed.

    The mail goes to all who were asked, whether they answered or not, in an order of chance: who
    watches the mail server learns nothing about who answered.

    \b
    Examples:
      pmhealth wave thanks 2026Q4
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import check_state, thanks  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.CLOSED, WaveState.PUBLISHED)
        run_mailing(settings, one, lambda: thanks(one, random.SystemRandom()), how, "thanks")
        is_published = one.state is WaveState.PUBLISHED
    say_next(
        f"pmhealth wave results {one.wave_id}" if is_published else f"pmhealth ingest --wave {one.wave_id}"
    )


@click.command("results")
@click.argument("wave")
@mail_options
@click.pass_obj
def announce_results(
    settings: Settings, *, wave: str, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Tell the people a published wave is about that their results are ready.

    The mail leads to the dashboard, at PMHEALTH_DASHBOARD_URL; it holds no number and no secret.

    \b
    Examples:
      pmhealth wave results 2026Q4
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import check_state, results  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    url = _dashboard_url(is_trial=is_trial)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.PUBLISHED)
        run_mailing(settings, one, lambda: results(one, url), how, "results")
    say_next(f"pmhealth wave tell {one.wave_id} --text FILE --dry-run")


@click.command("tell")
@click.argument("wave")
@click.option(
    "--text",
    "path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="What you heard and what you do: plain text, or a little Markdown.",
)
@mail_options
@click.pass_obj
def tell_raters(
    settings: Settings, *, wave: str, path: Path, is_trial: bool, folder: Path | None, per_second: float
) -> None:
    """Tell everybody who was asked what was heard and what will be done.

    The text is yours: paragraphs, '# headings' and '- lists'. It is sent as written, once to each
    person. Leave out names, and what only one person can have said.

    \b
    Examples:
      pmhealth wave tell 2026Q4 --text told.md --dry-run
      pmhealth wave tell 2026Q4 --text told.md
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import check_state, told  # noqa: PLC0415
    from survey.told_text import read_told  # noqa: PLC0415

    how = How(is_trial=is_trial, folder=folder, per_second=per_second)
    blocks = read_told(path.read_bytes(), file=path.name)
    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.PUBLISHED)
        run_mailing(settings, one, lambda: told(one, blocks, random.SystemRandom()), how, "tell")
    say_next(f"pmhealth wave {f'tell {one.wave_id} --text FILE' if is_trial else 'list'}")


def _dashboard_url(*, is_trial: bool) -> str:
    """A dry run works before anything is set up."""
    from survey.mail_settings import read_dashboard_url  # noqa: PLC0415

    is_unset = not os.environ.get("PMHEALTH_DASHBOARD_URL")
    return "https://dashboard.example.org" if is_trial and is_unset else read_dashboard_url(os.environ)
