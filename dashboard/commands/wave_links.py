"""`pmhealth wave links`: personal links for other channels than mail, shown once."""

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry
from dashboard.commands.wave_mail_run import open_wave_round, post_office
from dashboard.terminal import counted
from survey.config import Settings

if TYPE_CHECKING:
    from survey.invitation import Round
    from survey.roster import Person


@click.command("links")
@click.argument("wave")
@click.option("--person", "person_ids", multiple=True, help="Only for this person, by id; may be repeated.")
@click.option("--without-mail", "is_unreachable", is_flag=True, help="Only for people without an address.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file, readable for you only. Default: print them.",
)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.pass_obj
def hand_out_links(
    settings: Settings,
    *,
    wave: str,
    person_ids: tuple[str, ...],
    is_unreachable: bool,
    out: Path | None,
    is_sure: bool,
) -> None:
    """Make personal links to hand out yourself, as CSV.

    For whoever mail does not reach. Each is a further link; those sent by mail go on working. Links
    are shown once and kept nowhere: who has one can answer as that person, so hand each to its person
    alone and delete the file. That you asked is written into the audit.

    \b
    Examples:
      pmhealth wave links 2026Q4 --without-mail --out links.csv
      pmhealth wave links 2026Q4 --person p017
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.invitation import check_state  # noqa: PLC0415

    with open_wave_round(settings, wave) as one:
        check_state(one, WaveState.OPEN)
        people = _choose(one, person_ids, is_unreachable=is_unreachable)
        if not people:
            click.echo("Nobody of these has anything left to answer.", err=True)
            return
        if not is_sure:
            _ask(len(people))
        _hand_out(settings, one, people, out)
    click.echo(f"{counted(len(people), 'link')} made; they cannot be shown again.", err=True)
    click.echo(f"next: pmhealth wave status {one.wave_id}", err=True)


def _ask(count: int) -> None:
    question = (
        f"This shows {counted(count, 'personal link')}. Whoever has one can answer as that person. Go on?"
    )
    click.confirm(question, abort=True, err=True)


def _choose(one: "Round", person_ids: tuple[str, ...], *, is_unreachable: bool) -> "tuple[Person, ...]":
    from survey.invitation import asked_people  # noqa: PLC0415
    from survey.message import address_of  # noqa: PLC0415

    people = asked_people(one)
    _check_known(one, person_ids)
    return tuple(
        person
        for person in people
        if (not person_ids or person.person_id in person_ids)
        and not (is_unreachable and address_of(person) is not None)
    )


def _check_known(one: "Round", person_ids: tuple[str, ...]) -> None:
    from survey.errors import WaveError  # noqa: PLC0415
    from survey.register_collection import Collections  # noqa: PLC0415

    raters = {found.rater_id for found in Collections(one.register.store).assignments(one.wave_id)}
    unknown = sorted(set(person_ids) - raters)
    if unknown:
        raise WaveError(
            "links-person",
            f"not asked in this wave: {', '.join(unknown)}",
            where=one.wave_id,
            hint="write ids of people who are asked, as the roster has them",
        )


def _hand_out(settings: Settings, one: "Round", people: "tuple[Person, ...]", out: Path | None) -> None:
    """The file is made first: a link that could not be written down is lost for its person."""
    from survey.participation import LinkPurpose  # noqa: PLC0415
    from survey.post_office import desk_for  # noqa: PLC0415

    desk = desk_for(post_office(settings), one)
    file = _new_file(out) if out else None
    one.register.record(audit_entry("wave.links", one.wave_id, f"links made for {len(people)} people"))
    rows = [(person.person_id, desk.new_link(person.person_id, LinkPurpose.ANSWER)) for person in people]
    text = _as_csv(rows)
    if file is None:
        click.echo(text, nl=False)
        return
    with os.fdopen(file, "w", encoding="utf-8", newline="") as target:
        target.write(text)


def _new_file(path: Path) -> int:
    from survey.errors import ConfigError  # noqa: PLC0415

    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise ConfigError(
            "links-file",
            "the file for the links is there already, or cannot be made",
            where=str(path),
            hint="name a new file in a folder that is yours to write",
        ) from None


def _as_csv(rows: list[tuple[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("person_id", "link"))
    writer.writerows(rows)
    return text.getvalue()
