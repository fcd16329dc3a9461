"""Mails go out one by one, each written down before and after, each with a link of its own where it needs one.

A link's hash is in the register before its mail is on the way, so a mail that arrives always
opens something. A crash in between leaves the mail as `sending`: running it again sends a further
link, and whichever of the two arrived works. Secrets and addresses stay in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum

from survey.letters import Reader
from survey.mail import SENT, Postbox, send_in_rounds
from survey.message import Envelope, Letter, Mail, address_of, write
from survey.participation import LinkPurpose
from survey.register import Register
from survey.register_mail import MailLog
from survey.register_participation import Participation
from survey.roster import Person
from survey.secret import WaveKeys, new_secret, secret_hash

NO_ADDRESS = "no-address"
"""The code of a person whose roster line has no address that a mail can go to."""

NO_SECRET = "NOT-A-WORKING-LINK-this-is-a-dry-run"  # noqa: S105 - the words say what it is
"""What stands for the secret in a dry run: no secret is made, so no hash has to be kept."""

_PATHS = {LinkPurpose.ANSWER: "f", LinkPurpose.NOMINATE: "n", LinkPurpose.APPROVE: "a", LinkPurpose.TRY: "t"}


class MailKind(StrEnum):
    """What a mail is for; what the mail log says of it."""

    INVITE = "invite"
    REMIND = "remind"
    NOMINATE = "nominate"
    APPROVE = "approve"
    THANKS = "thanks"
    RESULTS = "results"
    TELL = "tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One mail to be sent. `letter` takes the personal link, which is "" where `purpose` is None."""

    person: Person
    kind: MailKind
    purpose: LinkPurpose | None
    letter: Callable[[str], Letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Who did not get a mail, by id, and why, as a code."""

    person_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of a list of orders."""

    sent: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a wave's links are made and its mails written down. `keys` is None where there is no link."""

    register: Register
    wave_id: str
    form_url: str
    keys: WaveKeys | None = field(default=None, repr=False)

    def new_link(self, person_id: str, purpose: LinkPurpose) -> str:
        """Returns a new personal link; of its secret, only the hash is kept."""
        assert self.keys is not None, "links need the wave's keys"  # noqa: S101 - guards a caller's bug
        secret = new_secret()
        Participation(self.register.store).add_link(
            self.wave_id, person_id, purpose, secret_hash(self.keys, secret)
        )
        return link_address(self.form_url, purpose, secret)


def link_address(form_url: str, purpose: LinkPurpose, secret: str) -> str:
    """Returns the address that a personal link has on the form."""
    return f"{form_url}/{_PATHS[purpose]}/{secret}"


def reader_of(person: Person) -> Reader:
    """Returns a person as the reader of a letter."""
    return Reader(name=person.name, language=person.language)


def send_all(
    desk: Desk,
    orders: Sequence[Order],
    postbox: Postbox,
    envelope: Callable[[], Envelope],
    progress: Callable[[str], None],
) -> Tally:
    """Sends mails in the given order, and returns what became of them.

    Raises:
        MailError: no mail can be sent; what was sent until then is written down.
    """
    log = _Log(desk, envelope, progress)
    send_in_rounds(postbox, log.begin_all(orders), log.settle)
    return Tally(sent=len(orders) - len(log.failures), failures=tuple(log.failures))


def send_trial(
    desk: Desk, orders: Sequence[Order], postbox: Postbox, envelope: Callable[[], Envelope]
) -> Tally:
    """Writes the same mails with links that do not work, and nothing into the register."""
    failures = []
    for order in orders:
        address = address_of(order.person)
        if address is None:
            failures.append(Failure(person_id=order.person.person_id, code=NO_ADDRESS))
            continue
        link = link_address(desk.form_url, order.purpose, NO_SECRET) if order.purpose else ""
        postbox.send(write(order.letter(link), address, envelope()))
    return Tally(sent=len(orders) - len(failures), failures=tuple(failures))


class _Log:
    """Writes down each mail before it is sent, and what became of it."""

    def __init__(self, desk: Desk, envelope: Callable[[], Envelope], progress: Callable[[str], None]) -> None:
        self.failures: list[Failure] = []
        self._desk = desk
        self._envelope = envelope
        self._progress = progress
        self._mails = MailLog(desk.register.store)
        self._begun: dict[Mail, tuple[str, int]] = {}

    def begin_all(self, orders: Sequence[Order]) -> Iterator[Mail]:
        """Without an address nothing is written down: there is nothing to try again."""
        for place, order in enumerate(orders, 1):
            self._progress(f"mail {place} of {len(orders)}")
            address = address_of(order.person)
            if address is None:
                self.failures.append(Failure(person_id=order.person.person_id, code=NO_ADDRESS))
            else:
                yield self._begin(order, address)
        if self._begun:
            self._progress(f"waiting for the server, for {len(self._begun)} mails more")

    def settle(self, mail: Mail, code: str) -> None:
        person_id, mail_no = self._begun.pop(mail)
        now = self._envelope().written_at
        if code == SENT:
            self._mails.sent(mail_no, now)
        else:
            self._mails.failed(mail_no, now, code)
            self.failures.append(Failure(person_id=person_id, code=code))

    def _begin(self, order: Order, address: Address) -> Mail:
        person_id, envelope = order.person.person_id, self._envelope()
        link = self._desk.new_link(person_id, order.purpose) if order.purpose else ""
        mail_no = self._mails.begin(self._desk.wave_id, person_id, order.kind, envelope.written_at)
        mail = write(order.letter(link), address, envelope)
        self._begun[mail] = person_id, mail_no
        return mail
