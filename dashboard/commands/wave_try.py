"""`pmhealth wave try`: the real form to look at oneself, watermarked and stored nowhere."""

import os
from email.headerregistry import Address

import click

from dashboard.commands.wave_mail_run import open_wave_round, post_office
from dashboard.terminal import say, say_next
from survey.config import Settings


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
    from survey.trying import make_try_link, send_try_link  # noqa: PLC0415

    if (recipient is None) == (not is_printed):
        raise click.UsageError("Say where the link goes: --print, or --to E-MAIL.")
    address = _address(recipient) if recipient else None
    mail = read_mail_settings(os.environ) if recipient else None
    with open_wave_round(settings, wave) as one:
        office = post_office(settings)
        if address is None or mail is None:
            link = make_try_link(office, one)
            say(f"The form of {one.wave_id}, to look at; what you type there is stored nowhere:")
            say(link)
        else:
            send_try_link(office, mail, one, address)
            say(
                f"The invitation to {one.wave_id} is on its way; what you type in its form is stored nowhere."
            )
        is_draft = one.state is WaveState.DRAFT
    say_next(
        f"pmhealth wave {'open' if is_draft else 'status'} {one.wave_id}{' --dry-run' if is_draft else ''}"
    )


def _address(recipient: str) -> Address:
    from survey.message import read_address  # noqa: PLC0415

    address = read_address(recipient)
    if address is None:
        raise click.BadParameter("this is no address that mail can go to", param_hint="'--to'")
    return address
