"""`pmhealth wave try`: the real form to look at oneself, watermarked and stored nowhere."""

import os
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import TYPE_CHECKING

import click

from dashboard.commands.wave_draft import audit_entry
from dashboard.commands.wave_mail_run import open_wave_round, post_office
from dashboard.terminal import say, say_next
from survey.config import Settings

if TYPE_CHECKING:
    from survey.invitation import Round
    from survey.mail_settings import MailSettings
    from survey.message import Letter


@click.command("try")
@click.argument("wave")
@click.option(
    "--to", "recipient", metavar="E-MAIL", help="Mail the invitation to yourself, as raters get it."
)
@click.option("--print", "is_printed", is_flag=True, help="Print the link; it cannot be shown again.")
@click.pass_obj
def try_wave(settings: Settings, *, wave: str, recipient: str | None, is_printed: bool) -> None:
    """Look at the real form as raters will see it, before or while a wave is open.

    The pages carry a watermark, and what you type is stored nowhere. The link works until the wave
    closes. PMHEALTH_FORM_URL says under which address the form is; for --to, mail has to be set up.

    \b
    Examples:
      pmhealth wave try 2026Q4 --print
      pmhealth wave try 2026Q4 --to me@example.org
    """  # noqa: D301
    from survey.campaign import WaveState  # noqa: PLC0415 - kept off the path of --help
    from survey.mail_settings import read_mail_settings  # noqa: PLC0415

    if (recipient is None) == (not is_printed):
        raise click.UsageError("Say where the link goes: --print, or --to E-MAIL.")
    address = _address(recipient) if recipient else None
    mail = read_mail_settings(os.environ) if recipient else None
    with open_wave_round(settings, wave) as one:
        _check_state(one)
        link = _make_link(settings, one)
        if address is None or mail is None:
            say(f"The form of {one.wave_id}, to look at; what you type there is stored nowhere:")
            say(link)
        else:
            _send(mail, one, address, _letter(one, address, link))
            say(
                f"The invitation to {one.wave_id} is on its way; what you type in its form is stored nowhere."
            )
        is_draft = one.state is WaveState.DRAFT
    say_next(
        f"pmhealth wave {'open' if is_draft else 'status'} {one.wave_id}{' --dry-run' if is_draft else ''}"
    )


def _check_state(one: "Round") -> None:
    """The keys of a closed wave are gone for good, and are not made again for a look."""
    from survey.campaign import WaveState  # noqa: PLC0415
    from survey.errors import WaveError  # noqa: PLC0415

    if one.state not in {WaveState.DRAFT, WaveState.OPEN}:
        raise WaveError(
            "wave-try-state",
            f"the wave is {one.state}; its form is closed",
            where=one.wave_id,
            hint="try the next wave: pmhealth wave create --help",
        )


def _address(recipient: str) -> Address:
    from survey.message import read_address  # noqa: PLC0415

    address = read_address(recipient)
    if address is None:
        raise click.BadParameter("this is no address that mail can go to", param_hint="'--to'")
    return address


def _make_link(settings: Settings, one: "Round") -> str:
    from survey.participation import LinkPurpose  # noqa: PLC0415
    from survey.post_office import desk_for  # noqa: PLC0415

    link = desk_for(post_office(settings), one).new_link("", LinkPurpose.TRY)
    one.register.record(audit_entry("wave.try", one.wave_id))
    return link


def _letter(one: "Round", address: Address, link: str) -> "Letter":
    """The invitation as raters get it, about the person who does not exist and whom the form shows."""
    from survey import letters  # noqa: PLC0415
    from survey.instrument import SubjectKind  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    reader = letters.Reader(name=address.username, language="")
    words = wording(one.occasion.language_of(reader.language))
    is_unit = one.instrument.subject_kind is SubjectKind.UNIT
    about = letters.About(name=words.say("try_unit" if is_unit else "try_subject"), is_unit=is_unit)
    return letters.invitation(one.occasion, reader, (about,), link)


def _send(mail: "MailSettings", one: "Round", address: Address, letter: "Letter") -> None:
    from survey.errors import MailError  # noqa: PLC0415
    from survey.mail import SENT, open_postbox  # noqa: PLC0415
    from survey.message import Envelope, write  # noqa: PLC0415

    envelope = Envelope(sender=mail.sender, reply_to=one.collection.reply_to, written_at=datetime.now(UTC))
    with open_postbox(mail) as postbox:
        code = postbox.send(write(letter, address, envelope))
    if code != SENT:
        raise MailError(
            "mail-try-refused",
            f"the mail server did not take the mail: {code}",
            where=one.wave_id,
            hint="check the address, or look at the form with --print",
        )
