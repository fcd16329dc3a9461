"""`pmhealth wave assign` and `nominations`: who works with whom, from a file, an earlier wave, or the PMs."""

import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import (
    audit_entry,
    say_dropped,
    say_small,
)
from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.assignment import Nomination
    from survey.collection import Collection
    from survey.register import Register
    from survey.register_collection import Collections


@click.command("assign")
@click.argument("wave")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--from-wave", "earlier", metavar="W0", help="Take who was asked in an earlier wave, in place of a file."
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only show what it would do; write nothing.")
@click.pass_obj
def assign_wave(
    settings: Settings, *, wave: str, file: Path | None, earlier: str | None, is_dry_run: bool
) -> None:
    """Say who works with whom: FILE, or the list of an earlier wave.

    FILE is CSV with the columns subject_id, rater_id and relationship: one line per PM and rater,
    people by id or e-mail. Self and manager are not in it, since the roster knows them. Write engineering,
    design, peer, report, marketing, program, data, sales, support, executive or other. Other columns are
    left alone. A file with any problem is refused as a whole, with every problem and its line.

    The list takes the place of what the wave has so far for the PMs in it; other PMs keep theirs.

    \b
    Examples:
      pmhealth wave assign 2026Q4 pairs.csv --dry-run
      pmhealth wave assign 2026Q4 --from-wave 2026Q3
    """  # noqa: D301
    from survey.opening import plan_wave  # noqa: PLC0415 - imports SQLAlchemy
    from survey.planning import day_of, find_draft  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    if (file is None) == (earlier is None):
        raise click.UsageError("Give a FILE, or --from-wave W0; one of the two.")
    with open_register(settings.register_address) as register:
        draft = find_draft(register, wave)
        found = _read(register, draft, file) if file else _of_wave(register, draft, earlier or "")
        subjects = {one.subject_id for one in found}
        collections = Collections(register.store)
        kept = [one for one in collections.nominations(draft.wave_id) if one.subject_id not in subjects]
        planned = plan_wave(settings, register, draft, day_of(draft, date.today()), [*kept, *found])
        if not is_dry_run:
            detail = f"{counted(len(found), 'nomination')} about {counted(len(subjects), 'PM')}"
            entry = audit_entry("wave.assign", draft.wave_id, detail)
            collections.replace_nominations(draft.wave_id, subjects, found, entry=entry)
    raters = {one.rater_id for one in found}
    say(
        f"{counted(len(found), 'nomination')}: {counted(len(subjects), 'PM')}, {counted(len(raters), 'rater')}; "
        f"with self and manager {counted(len(planned.plan.assignments), 'assignment')} if it opened now."
    )
    say_dropped(planned.plan)
    say_small(planned.plan, planned.instrument)
    if is_dry_run:
        say("Nothing was written.")
        source = shlex.quote(str(file)) if file else f"--from-wave {earlier}"
        say_next(f"pmhealth wave assign {draft.wave_id} {source}")
    else:
        say_next(f"pmhealth wave preview {draft.wave_id}")


def _read(register: "Register", draft: "Collection", file: Path) -> "tuple[Nomination, ...]":
    from survey.assignment_file import read_nominations  # noqa: PLC0415
    from survey.planning import day_of  # noqa: PLC0415

    return read_nominations(file, register.roster().as_of(day_of(draft, date.today())))


def _of_wave(register: "Register", draft: "Collection", name: str) -> "tuple[Nomination, ...]":
    """The others of an earlier wave of our own form, as far as both are still there."""
    from survey.assignment import Nomination, NominationState, Source  # noqa: PLC0415
    from survey.errors import WaveError  # noqa: PLC0415
    from survey.planning import day_of, find_collection  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415
    from survey.relationship import ATTRIBUTED  # noqa: PLC0415

    earlier = find_collection(register, name)
    ids = {one.person_id for one in register.roster().as_of(day_of(draft, date.today())).people}
    found = tuple(
        Nomination(
            subject_id=one.subject_id,
            rater_id=one.rater_id,
            relationship=one.relationship,
            source=Source.WAVE,
            state=NominationState.APPROVED,
        )
        for one in Collections(register.store).assignments(earlier.wave_id)
        if one.relationship not in ATTRIBUTED and {one.subject_id, one.rater_id} <= ids
    )
    if not found:
        raise WaveError(
            "wave-no-list",
            "nobody who is still there was asked about others in that wave",
            where=earlier.wave_id,
            hint="choose a wave of our own form that was open, or give a file",
        )
    return found


@click.command("nominations")
@click.argument("wave")
@click.option(
    "--approve-all", "is_approving", is_flag=True, help="Approve every list that was handed in, for HR."
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def show_nominations(settings: Settings, *, wave: str, is_approving: bool, is_json: bool) -> None:
    """Show how far each PM's list of raters is.

    PMs write their lists on a page of their own and hand them in; their leads approve them. Only what
    is approved is asked. HR may approve for all leads at once. Leads hear of lists that wait, and PMs
    who were not asked yet, with each 'wave nominate'.

    \b
    listed    on the PM's list, which is not handed in yet
    proposed  handed in; the lead has not looked yet
    approved  will be asked when the wave opens

    \b
    Examples:
      pmhealth wave nominations 2026Q4
      pmhealth wave nominations 2026Q4 --approve-all
    """  # noqa: D301
    from survey.planning import day_of, find_draft  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register import open_register  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    with open_register(settings.register_address) as register:
        draft = find_draft(register, wave)
        collections = Collections(register.store)
        approved = _approve(collections, draft.wave_id) if is_approving else 0
        members = register.roster().as_of(day_of(draft, date.today()))
        pms = [person.person_id for person in members.people if person.is_pm]
        rows = _counts(pms, collections.nominations(draft.wave_id))
    if is_json:
        say_json({"wave_id": draft.wave_id, "approved_now": approved, "lists": rows})
        return
    if is_approving:
        say(f"{counted(approved, 'nomination')} approved.")
    columns = ("subject_id", "listed", "proposed", "approved", "declined")
    show_table(("PM", *columns[1:]), [[row[name] for name in columns] for row in rows], numeric=columns[1:])
    silent = sum(not any(row[name] for name in columns[1:]) for row in rows)
    if silent:
        say(f"{counted(silent, 'PM')} without a list yet.")
    is_settled = any(row["approved"] for row in rows) and not any(row["proposed"] for row in rows)
    say_next(f"pmhealth wave {'preview' if is_settled else 'nominate'} {draft.wave_id}")


def _approve(collections: "Collections", wave_id: str) -> int:
    from dataclasses import replace  # noqa: PLC0415

    from survey.assignment import NominationState  # noqa: PLC0415

    proposed = [
        replace(one, state=NominationState.APPROVED)
        for one in collections.nominations(wave_id)
        if one.state is NominationState.PROPOSED
    ]
    entry = audit_entry("wave.approve", wave_id, counted(len(proposed), "nomination"))
    collections.put_nominations(wave_id, proposed, entry=entry)
    return len(proposed)


def _counts(pms: Sequence[str], nominations: "Sequence[Nomination]") -> list[dict[str, object]]:
    counts = Counter((one.subject_id, one.state.value) for one in nominations)
    states = ("listed", "proposed", "approved", "declined")
    return [{"subject_id": pm, **{state: counts[pm, state] for state in states}} for pm in pms]
