"""`pmhealth roster`: takes in who is where, and when; shows what would change before it does."""

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.day import Day
from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings

if TYPE_CHECKING:
    from survey.roster import Roster
    from survey.roster_difference import RosterDifference

_LINES_PER_KIND = 20


@click.group()
def command() -> None:
    """Import and show who is where, and when.

    The roster is a CSV file with one line per person and span of days. When someone changes
    unit, manager, role or level, their line ends (active_to) and another one starts.

    \b
    needed:   person_id, name, org_unit, role, active_from
    optional: email, manager_id, level, pm_type, stage, active_to, language

    Units are paths, like Product/Growth. Days are written 2026-01-31. The role of a product
    manager is pm. pm_type is growth, platform, ai_ml, b2b or b2c; stage is early, growth or
    enterprise.
    """  # noqa: D301


_as_of = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The day to look at, like 2026-01-31. Default: today.",
)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only show what would change; write nothing.")
@click.option("--full", "is_full", is_flag=True, help="List every person, however many there are.")
@_as_of
@click.pass_obj
def import_roster(
    settings: Settings, file: Path, *, is_dry_run: bool, is_full: bool, as_of: date | None
) -> None:
    """Replace the roster by the one in FILE, and show what changes.

    The file holds the whole roster: who is not in it any more is gone from it. A file with any
    problem is refused as a whole, with every problem and its line. Waves that are open keep the
    roster of their day.

    \b
    Examples:
      pmhealth roster import people.csv --dry-run
      pmhealth roster import people.csv
      pmhealth roster import people.csv --as-of 2026-03-31 --dry-run
    """  # noqa: D301
    from survey.roster_difference import compare_rosters  # noqa: PLC0415 - kept off the path of --help
    from survey.roster_file import read_roster  # noqa: PLC0415

    arriving = read_roster(file)
    difference = compare_rosters(_stored_roster(settings), arriving, _day(as_of))
    _show_difference(difference, is_full=is_full)
    _warn(arriving, difference)
    if is_dry_run:
        say("Nothing was written.")
        say_next(f"pmhealth roster import {shlex.quote(str(file))}")
    elif difference.is_empty:
        say("The roster holds these records already; nothing was written.")
        say_next("pmhealth roster show")
    else:
        _apply(settings, arriving, difference)
        say(f"The roster now holds {counted(len(arriving.people), 'record')}.")
        say_next("pmhealth roster show")


@command.command("show")
@_as_of
@click.option("--json", "is_json", is_flag=True, help="Print JSON, with every PM's id, unit, type and stage.")
@click.pass_obj
def show_roster(settings: Settings, *, as_of: date | None, is_json: bool) -> None:
    """Show how many people and PMs each unit has on a day.

    "with units below" counts the PMs of a unit and of all units under it: that is what a unit's
    number rests on.

    \b
    Examples:
      pmhealth roster show
      pmhealth roster show --as-of 2025-12-31 --json
    """  # noqa: D301
    day = _day(as_of)
    everybody = _stored_roster(settings)
    roster = everybody.as_of(day)
    if is_json:
        say_json(_as_json(roster, day))
        return
    if not roster.people:
        _show_nobody(everybody, day)
        return
    _show_units(roster, day)
    say_next("pmhealth instrument list")


def _show_nobody(everybody: "Roster", day: date) -> None:
    if not everybody.people:
        say("The roster is empty.")
        say_next("pmhealth roster import FILE --dry-run")
        return
    first = min(person.active_from for person in everybody.people)
    say(f"Nobody is on the roster on {day}, but on other days; the first is {first}.")
    say_next(f"pmhealth roster show --as-of {first}")


def _day(as_of: date | None) -> date:
    return as_of or date.today()


def _stored_roster(settings: Settings) -> "Roster":
    """A register that is not there yet is not made by looking."""
    from survey.roster import Roster  # noqa: PLC0415

    if not settings.has_register:
        return Roster(people=())
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        return register.roster()


def _apply(settings: Settings, roster: "Roster", difference: "RosterDifference") -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from survey.register import AuditEntry, open_register  # noqa: PLC0415

    entry = AuditEntry(
        done_at=datetime.now(UTC),
        done_by="cli",
        action="roster.import",
        target="roster",
        detail=f"{difference.gained_count} records gained, {difference.lost_count} lost",
    )
    with open_register(settings.register_address) as register:
        register.replace_roster(roster, entry=entry)


def _show_difference(difference: "RosterDifference", *, is_full: bool) -> None:
    lines = _difference_lines(difference)
    say(f"On {difference.day}: " + ", ".join(f"{kind} {len(rows)}" for kind, rows in lines.items()))
    say(f"On any day: records gained {difference.gained_count}, lost {difference.lost_count}")
    limit = None if is_full else _LINES_PER_KIND
    shown = [(kind, *row) for kind, rows in lines.items() for row in rows[:limit]]
    if shown:
        show_table(("change", "person", "before", "after"), shown)
    hidden = sum(map(len, lines.values())) - len(shown)
    if hidden:
        say(f"... and {hidden} more; --full lists them all")


def _difference_lines(difference: "RosterDifference") -> dict[str, list[tuple[str, str, str]]]:
    return {
        "joins": [(one.person_id, "", one.org_unit) for one in difference.joins],
        "leaves": [(one.person_id, one.org_unit, "") for one in difference.leaves],
        "moves": [(one.person_id, one.before, one.after) for one in difference.moves],
        "new manager": [(one.person_id, one.before, one.after) for one in difference.manager_changes],
        "new role": [(one.person_id, one.before, one.after) for one in difference.role_changes],
        "edited": [(person_id, "", "") for person_id in difference.edits],
    }


def _warn(roster: "Roster", difference: "RosterDifference") -> None:
    day = roster.as_of(difference.day)
    if not any(person.is_pm for person in day.people):
        say(f"Note: nobody has the role pm on {difference.day}, so there is nobody to ask about.")


def _show_units(roster: "Roster", day: date) -> None:
    pm_count = sum(person.is_pm for person in roster.people)
    rows = [tuple(unit.values()) for unit in _units(roster)]
    title = f"{day}: {counted(len(roster.people), 'person', 'people')}, {counted(pm_count, 'PM')}"
    columns = ("unit", "people", "PMs", "with units below")
    show_table(columns, rows, title=title, numeric=columns[1:])


def _units(roster: "Roster") -> list[dict[str, object]]:
    """One entry per unit that has people or units below it, in the order of the tree."""
    from collections import Counter  # noqa: PLC0415

    from survey.roster import unit_lineage  # noqa: PLC0415

    people = Counter(person.org_unit for person in roster.people)
    pms = Counter(person.org_unit for person in roster.people if person.is_pm)
    below = Counter(
        unit for person in roster.people if person.is_pm for unit in unit_lineage(person.org_unit)
    )
    units = {unit for own in people for unit in unit_lineage(own)}
    return [
        {"unit": unit, "people": people[unit], "pms": pms[unit], "pms_with_units_below": below[unit]}
        for unit in sorted(units, key=lambda unit: unit.split("/"))
    ]


def _as_json(roster: "Roster", day: date) -> dict[str, object]:
    shown = ("person_id", "org_unit", "level", "pm_type", "stage")
    return {
        "as_of": day,
        "people": len(roster.people),
        "units": _units(roster),
        "pms": [{name: getattr(person, name) for name in shown} for person in roster.people if person.is_pm],
    }
