"""`pmhealth wave preview`: what a planned wave will be able to show, and where one more rater helps."""

from datetime import date
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import (
    say_dropped,
    say_small,
    say_unapproved,
    shortened,
    subject_words,
)
from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from pipeline.preview import Preview
    from survey.opening import PlannedWave

_RISKY_PCT = 10.0
_HELPED = 10
_RISKY_SHOWN = 20


@click.command("preview")
@click.argument("wave")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, with every subject.")
@click.pass_obj
def preview_wave(settings: Settings, *, wave: str, is_json: bool) -> None:
    """Show what a planned wave will be able to show, if 60, 75 or 90 % answer.

    Answers are made up 20 to 200 times and go through the same rules that publishing applies, so
    this holds whatever people will say. Run it again after you changed who is asked.

    \b
    Examples:
      pmhealth wave preview 2026Q4
      pmhealth wave preview great-pm/2026Q4 --json
    """  # noqa: D301
    from pipeline.preview import look_ahead  # noqa: PLC0415 - imports numpy
    from survey.opening import plan_wave  # noqa: PLC0415 - imports SQLAlchemy
    from survey.planning import day_of, find_draft  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        draft = find_draft(register, wave)
        planned = plan_wave(settings, register, draft, day_of(draft, date.today()))
        if not is_json:
            say_unapproved(register, draft)
    found = look_ahead(planned)
    if is_json:
        say_json(_as_json(planned, found))
        return
    say_size(planned)
    say_dropped(planned.plan)
    say_small(planned.plan, planned.instrument)
    if found.subjects:
        say_outlooks(found, planned)
        _say_subjects(found, planned)
    say_next(f"pmhealth wave open {draft.wave_id} --dry-run")


def say_size(planned: "PlannedWave") -> None:
    """Says how many would be asked about how many."""
    asked = planned.plan.assignments
    raters, subjects = {one.rater_id for one in asked}, {one.subject_id for one in asked}
    say(
        f"{planned.collection.wave_id} would ask {counted(len(raters), 'person', 'people')} "
        f"about {counted(len(subjects), *subject_words(planned.instrument))}: "
        f"{counted(len(asked), 'assignment')}, by the roster of {planned.opens_on}."
    )


def say_outlooks(found: "Preview", planned: "PlannedWave") -> None:
    """Shows which share of the numbers will be visible."""
    many = subject_words(planned.instrument)[1]
    title = "Share of numbers that can be shown"
    rows = [
        (
            f"{one.response_pct} %",
            f"{one.subject_pct:.0f} %",
            "-" if one.unit_pct is None else f"{one.unit_pct:.0f} %",
            f"{one.comment_pct:.0f} %",
        )
        for one in found.outlooks
    ]
    columns = ("if so many answer", many, "units above" if many == "units" else "units", "comments")
    show_table(columns, rows, title=title, numeric=columns)
    if planned.policy.turnover_guard and found.usual:
        say(
            f"turnover_guard acts on waves from files only: there it would hide {found.usual.guarded_pct:.0f} % of "
            f"{many} at {found.usual.response_pct} %, about whom one more or one fewer answers than the time before."
        )


def _say_subjects(found: "Preview", planned: "PlannedWave") -> None:
    risky = found.at_risk(_RISKY_PCT)
    if risky:
        rows = [
            (one.subject_id, one.invited, len(one.known), *(f"{pct:.0f} %" for pct in one.below_pct))
            for one in risky[:_RISKY_SHOWN]
        ]
        columns = (
            "subject",
            "others",
            "known",
            *(f"hidden at {one.response_pct} %" for one in found.outlooks),
        )
        who = counted(len(risky), *subject_words(planned.instrument))
        show_table(columns, rows, title=f"{who} may well stay hidden", numeric=columns[1:])
        if len(risky) > _RISKY_SHOWN:
            say(f"... and {len(risky) - _RISKY_SHOWN} more; --json lists all")
    helped = [f"{one.subject_id} (+{one.gain_pct:.0f} %)" for one in found.most_helped(_HELPED)]
    if helped:
        say(f"One more rater helps most here: {shortened(helped)}")
    known = {rater for one in found.subjects for rater in one.known}
    if known:
        say(
            f"{counted(len(known), 'rater')} may view pages of those they rate, so they do not count there: "
            f"{shortened(sorted(known))}"
        )


def _as_json(planned: "PlannedWave", found: "Preview") -> dict[str, object]:
    from dataclasses import asdict  # noqa: PLC0415

    return {
        "wave_id": planned.collection.wave_id,
        "roster_date": planned.opens_on,
        "min_raters": planned.policy.min_raters,
        "assignments": len(planned.plan.assignments),
        "dropped": [asdict(one) for one in planned.plan.dropped],
        "small": [asdict(one) for one in planned.plan.small],
        "outlooks": [asdict(one) for one in found.outlooks],
        "subjects": [asdict(one) for one in found.subjects],
    }
