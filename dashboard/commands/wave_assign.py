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
    from survey.assigning import list_of_file, list_of_wave, look_at_list, put_list  # noqa: PLC0415
    from survey.planning import find_draft  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    if (file is None) == (earlier is None):
        raise click.UsageError("Give a FILE, or --from-wave W0; one of the two.")
    with open_register(settings.register_address) as register:
        draft, today = find_draft(register, wave), date.today()
        listed = (
            list_of_file(register, draft, file, today)
            if file
            else list_of_wave(register, draft, earlier or "", today)
        )
        found = look_at_list(settings, register, draft, listed, today)
        if not is_dry_run:
            detail = f"{counted(len(listed), 'nomination')} about {counted(len(found.subject_ids), 'PM')}"
            put_list(register, draft, found, audit_entry("wave.assign", draft.wave_id, detail))
    say(
        f"{counted(len(listed), 'nomination')}: {counted(len(found.subject_ids), 'PM')}, "
        f"{counted(len(found.rater_ids), 'rater')}; "
        f"with self and manager {counted(len(found.plan.assignments), 'assignment')} if it opened now."
    )
    say_dropped(found.plan)
    say_small(found.plan, found.planned.instrument)
    if is_dry_run:
        say("Nothing was written.")
        source = shlex.quote(str(file)) if file else f"--from-wave {earlier}"
        say_next(f"pmhealth wave assign {draft.wave_id} {source}")
    else:
        say_next(f"pmhealth wave preview {draft.wave_id}")


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
        approved = _approve(register, draft) if is_approving else 0
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


def _approve(register: "Register", draft: "Collection") -> int:
    from survey.assigning import proposed_in  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    waiting = proposed_in(register, draft)
    entry = audit_entry("wave.approve", draft.wave_id, counted(len(waiting), "nomination"))
    Collections(register.store).put_nominations(draft.wave_id, waiting, entry=entry)
    return len(waiting)


def _counts(pms: Sequence[str], nominations: "Sequence[Nomination]") -> list[dict[str, object]]:
    counts = Counter((one.subject_id, one.state.value) for one in nominations)
    states = ("listed", "proposed", "approved", "declined")
    return [{"subject_id": pm, **{state: counts[pm, state] for state in states}} for pm in pms]
