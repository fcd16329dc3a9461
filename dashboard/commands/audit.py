"""`pmhealth audit`: what was done and who looked at whom, and the proof that nobody changed it."""

from typing import TYPE_CHECKING

import click

from dashboard.terminal import counted, say, say_json, say_next, show_table
from survey.config import Settings
from survey.errors import StoreError

if TYPE_CHECKING:
    from survey.audit import AuditBreak, AuditLine


@click.group()
def command() -> None:
    """Read the audit, and prove that it is whole."""


@command.command("list")
@click.option("--about", "person_id", metavar="ID", help="Only what is about this person.")
@click.option(
    "--last", "count", type=click.IntRange(1), default=50, show_default=True, help="How many entries."
)
@click.option("--json", "is_json", is_flag=True, help="Print them for a script.")
@click.pass_obj
def list_entries(settings: Settings, *, person_id: str | None, count: int, is_json: bool) -> None:
    """List what was done, the latest first."""
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        lines = register.audit_lines()[::-1] if person_id is None else register.audit_about(person_id)
    shown = [_facts(line) for line in lines[:count]]
    if is_json:
        say_json(shown)
    elif shown:
        show_table(tuple(shown[0]), [tuple(facts.values()) for facts in shown])
        say_next("pmhealth audit verify")
    else:
        say("Nothing is written down yet." if person_id is None else "Nothing is written down about them.")


@command.command("verify")
@click.option(
    "--head", metavar="HASH", help="A hash that an earlier 'verify' printed; the audit must hold it still."
)
@click.pass_obj
def verify(settings: Settings, *, head: str | None) -> None:
    """Find entries that were changed, taken out or moved after they were written.

    Keep the hash it prints outside this machine: whoever can write the register could write every
    entry anew, but not so that it leads to a hash that you have.
    """
    from survey.audit import has_passed  # noqa: PLC0415 - imports SQLAlchemy
    from survey.register import open_register  # noqa: PLC0415 - likewise

    with open_register(settings.register_address) as register:
        breaks, lines = register.audit_breaks(), register.audit_lines()
    for found in breaks:
        click.echo(found.message, err=True)
    if breaks:
        raise _broken(breaks)
    if head is not None and not has_passed(lines, head):
        raise StoreError(
            "audit-rewritten",
            "the audit does not hold the hash that was noted: it was written anew",
            where="audit",
            hint="compare it with a backup from the day the hash was noted",
        )
    say(f"The audit is whole: {counted(len(lines), 'entry', 'entries')}.")
    if lines:
        say_next(f"pmhealth audit verify --head {lines[-1].entry_hash}")


def _broken(breaks: "tuple[AuditBreak, ...]") -> StoreError:
    return StoreError(
        "audit-broken",
        f"the audit was changed after it was written, in {counted(len(breaks), 'place')}",
        where=f"entry {breaks[0].entry_no}",
        hint="compare it with a backup, and find out who can write the register",
    )


def _facts(line: "AuditLine") -> dict[str, str]:
    entry = line.entry
    return {
        "entry": str(line.entry_no),
        "when": f"{entry.done_at:%Y-%m-%d %H:%M:%S}",
        "by": entry.done_by,
        "action": entry.action,
        "target": entry.target,
        "detail": entry.detail,
    }
