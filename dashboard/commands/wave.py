"""`pmhealth wave`: the life of a wave, from its plan to its withdrawal. Each command has its own module."""

import click

from dashboard.lazy import LazyCommand, LazyGroup

COMMANDS: dict[str, LazyCommand] = {
    "list": LazyCommand(
        target="dashboard.commands.wave_list:list_waves",
        summary="List every wave with its state.",
    ),
    "show": LazyCommand(
        target="dashboard.commands.wave_list:show_wave",
        summary="Show one wave, and what was frozen when it opened.",
    ),
    "create": LazyCommand(
        target="dashboard.commands.wave_create:create_wave",
        summary="Plan a wave of our own form.",
    ),
    "repeat": LazyCommand(
        target="dashboard.commands.wave_repeat:repeat_campaign",
        summary="Let a campaign go on by itself, or end that.",
    ),
    "assign": LazyCommand(
        target="dashboard.commands.wave_assign:assign_wave",
        summary="Say who works with whom, from a file or an earlier wave.",
    ),
    "nominate": LazyCommand(
        target="dashboard.commands.wave_mail:ask_for_nominations",
        summary="Ask PMs by mail whom to ask, and leads to approve.",
    ),
    "nominations": LazyCommand(
        target="dashboard.commands.wave_assign:show_nominations",
        summary="Show and approve whom PMs proposed.",
    ),
    "preview": LazyCommand(
        target="dashboard.commands.wave_preview:preview_wave",
        summary="Show what the wave will be able to show.",
    ),
    "try": LazyCommand(
        target="dashboard.commands.wave_try:try_wave",
        summary="Look at the real form oneself; nothing is stored.",
    ),
    "open": LazyCommand(
        target="dashboard.commands.wave_open:open_planned_wave",
        summary="Freeze who is asked, and take answers.",
    ),
    "invite": LazyCommand(
        target="dashboard.commands.wave_mail:invite_raters",
        summary="Invite everybody who is asked, by mail.",
    ),
    "remind": LazyCommand(
        target="dashboard.commands.wave_mail:remind_raters",
        summary="Remind those who have not answered all.",
    ),
    "links": LazyCommand(
        target="dashboard.commands.wave_links:hand_out_links",
        summary="Make personal links to hand out yourself.",
    ),
    "status": LazyCommand(
        target="dashboard.commands.wave_status:show_status",
        summary="Show how many answered; who did stays open.",
    ),
    "thanks": LazyCommand(
        target="dashboard.commands.wave_mail:thank_raters",
        summary="Thank everybody who was asked.",
    ),
    "results": LazyCommand(
        target="dashboard.commands.wave_mail:announce_results",
        summary="Tell PMs that their results are ready.",
    ),
    "tell": LazyCommand(
        target="dashboard.commands.wave_mail:tell_raters",
        summary="Tell raters what was heard and what will be done.",
    ),
    "close": LazyCommand(
        target="dashboard.commands.wave_close:close_one_wave",
        summary="End the collection; nobody can join answers to people.",
    ),
    "run-due": LazyCommand(
        target="dashboard.commands.wave_due:run_what_is_due",
        summary="Do what is due today; for cron or a timer.",
    ),
    "withdraw": LazyCommand(
        target="dashboard.commands.wave_withdraw:withdraw_wave",
        summary="Take a published wave out of the next release, visibly.",
    ),
}
"""In the order in which a wave lives."""


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Plan a wave, say who is asked, open it, follow it, close it.

    A wave is one instrument put to one roster over one period, like great-pm/2026Q1. Where only
    one campaign has a wave of a period, the period alone names it: 2026Q1.

    \b
    draft      it is planned: who is asked is still being settled
    open       it takes answers in
    closed     it takes no more
    published  its numbers are in the current release
    withdrawn  it was published, and was taken out again
    """  # noqa: D301
