"""Carries out a mailing: one at a time on this machine, with the deployment's server, written into the audit.

Who gets a mail is decided only once the lock is held, so that two mailings started at the same
moment never send the same mail twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path

from survey.campaign import WaveState
from survey.config import Settings
from survey.invitation import Round
from survey.lock import only_one
from survey.mail import DEFAULT_PER_SECOND, Postbox, open_folder, open_postbox
from survey.mail_settings import parse_sender, read_form_url, read_mail_settings
from survey.mailing import Desk, Order, Tally, send_all, send_trial
from survey.message import Envelope
from survey.register import AuditEntry
from survey.secret import WaveKeys, make_keys, read_keys

_TRIAL_SENDER = "Team health <health@example.org>"
_TRIAL_URL = "https://survey.example.org"

Choose = Callable[[], Sequence[Order]]
"""Says who gets a mail now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """How this deployment sends. `environment` is read when a mail is to be sent, not before."""

    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime]
    done_by: str
    per_second: float = DEFAULT_PER_SECOND


def deliver(office: PostOffice, wave: Round, choose: Choose, progress: Callable[[str], None]) -> Tally:
    """Sends what is chosen, and returns what became of it; nothing to send needs no mail server.

    Raises:
        ConfigError: mail is not set up, or the wave's keys are gone.
        MailError: the server takes nothing from us.
        StoreError: another mailing runs.
    """
    with only_one(office.settings.lock_path("mail")):
        orders = choose()
        if not orders:
            return Tally(sent=0)
        mail = read_mail_settings(office.environment)
        desk = desk_for(office, wave) if any(order.purpose for order in orders) else _plain_desk(wave)
        with open_postbox(mail, per_second=office.per_second) as postbox:
            tally = send_all(desk, orders, postbox, _envelopes(office, wave, mail.sender), progress)
    wave.register.record(_entry(office, wave, orders[0], tally))
    return tally


def deliver_trial(office: PostOffice, wave: Round, orders: Sequence[Order], folder: Path) -> Tally:
    """Writes what would be sent into a folder; works before a mail server is set up, and keeps no link.

    Raises:
        ConfigError: the folder is in use or cannot be made, or a variable that is set is wrong.
    """
    postbox: Postbox = open_folder(folder)
    environment = office.environment
    sender = parse_sender(environment.get("PMHEALTH_MAIL_FROM") or _TRIAL_SENDER)
    form_url = read_form_url(environment) if environment.get("PMHEALTH_FORM_URL") else _TRIAL_URL
    desk = Desk(register=wave.register, wave_id=wave.wave_id, form_url=form_url)
    return send_trial(desk, orders, postbox, _envelopes(office, wave, sender))


def desk_for(office: PostOffice, wave: Round) -> Desk:
    """Returns where the links of a wave are made.

    Raises:
        ConfigError: the form's address is not set, or the wave's keys are gone.
    """
    return Desk(
        register=wave.register,
        wave_id=wave.wave_id,
        form_url=read_form_url(office.environment),
        keys=_keys(office.settings, wave),
    )


def _keys(settings: Settings, wave: Round) -> WaveKeys:
    """A draft's first link makes the keys; those of an open wave must be there."""
    path = settings.wave_keys_path(wave.wave_id)
    return make_keys(path) if wave.state is WaveState.DRAFT else read_keys(path)


def _plain_desk(wave: Round) -> Desk:
    return Desk(register=wave.register, wave_id=wave.wave_id, form_url="")


def _envelopes(office: PostOffice, wave: Round, sender: Address) -> Callable[[], Envelope]:
    return lambda: Envelope(sender=sender, reply_to=wave.collection.reply_to, written_at=office.now())


def _entry(office: PostOffice, wave: Round, order: Order, tally: Tally) -> AuditEntry:
    return AuditEntry(
        done_at=office.now(),
        done_by=office.done_by,
        action=f"wave.{order.kind}",
        target=wave.wave_id,
        detail=f"{tally.sent} mails sent, {len(tally.failures)} not",
    )
