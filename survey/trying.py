"""A look at the real form: a link that stores nothing, and the invitation as raters get it."""

from email.headerregistry import Address

from survey import letters
from survey.campaign import WaveState
from survey.errors import MailError, WaveError
from survey.instrument import SubjectKind
from survey.invitation import Round
from survey.language import wording
from survey.mail import SENT, open_postbox
from survey.mail_settings import MailSettings
from survey.message import Envelope, Letter, write
from survey.participation import LinkPurpose
from survey.post_office import PostOffice, desk_for
from survey.register import AuditEntry


def make_try_link(office: PostOffice, wave: Round) -> str:
    """Returns a new link to look at the form of a wave; it works until the wave closes.

    Raises:
        WaveError: the wave is closed.
        ConfigError: the form's address is not set.
    """
    _check_state(wave)
    link = desk_for(office, wave).new_link("", LinkPurpose.TRY)
    wave.register.record(
        AuditEntry(done_at=office.now(), done_by=office.done_by, action="wave.try", target=wave.wave_id)
    )
    return link


def send_try_link(office: PostOffice, mail: MailSettings, wave: Round, to: Address) -> None:
    """Mails the invitation with a link to look at the form, as raters get it.

    Raises:
        WaveError: the wave is closed.
        ConfigError: the form's address is not set.
        MailError: the server cannot be reached, or does not take the mail.
    """
    letter = _letter(wave, to, make_try_link(office, wave))
    envelope = Envelope(sender=mail.sender, reply_to=wave.collection.reply_to, written_at=office.now())
    with open_postbox(mail) as postbox:
        code = postbox.send(write(letter, to, envelope))
    if code != SENT:
        raise MailError(
            "mail-try-refused",
            f"the mail server did not take the mail: {code}",
            where=wave.wave_id,
            hint="check the address, or look at the form with --print",
        )


def _check_state(wave: Round) -> None:
    """The keys of a closed wave are gone for good, and are not made again for a look."""
    if wave.state not in {WaveState.DRAFT, WaveState.OPEN}:
        raise WaveError(
            "wave-try-state",
            f"the wave is {wave.state}; its form is closed",
            where=wave.wave_id,
            hint="try the next wave: pmhealth wave create --help",
        )


def _letter(wave: Round, to: Address, link: str) -> Letter:
    """About the person who does not exist and whom the form shows."""
    reader = letters.Reader(name=to.username, language="")
    words = wording(wave.occasion.language_of(reader.language))
    is_unit = wave.instrument.subject_kind is SubjectKind.UNIT
    about = letters.About(name=words.say("try_unit" if is_unit else "try_subject"), is_unit=is_unit)
    return letters.invitation(wave.occasion, reader, (about,), link)
