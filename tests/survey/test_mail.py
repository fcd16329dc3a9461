"""Sending over SMTP, against a real server: protection, login, faults that pass and faults that stay."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP

import pytest

from survey.errors import ConfigError, MailError
from survey.mail import (
    CONNECT_SECONDS,
    GONE,
    ROUND_SECONDS,
    SENT,
    SmtpPostbox,
    open_folder,
    open_postbox,
    send_in_rounds,
)
from survey.mail_settings import Protection
from survey.message import Block, Envelope, Letter, Mail, write
from tests.mail_server import PASSWORD, SENDER, USER, Inbox, mail_server, make_certificate, settings_for

ENVELOPE = Envelope(sender=SENDER, reply_to="", written_at=datetime(2026, 12, 1, 9, tzinfo=UTC))


@dataclass(kw_only=True)
class StandingClock:
    """A clock that moves only when somebody waits."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


def mail_to(address: str) -> Mail:
    letter = Letter(
        language="en",
        subject="Grüße",
        greeting="Hello Ann,",
        blocks=(Block(lines=("Ünwahrscheinlich.",)),),
        regards="Regards,",
        signature="Bob",
    )
    return write(letter, Address("Ann", addr_spec=address), ENVELOPE)


def send_all(port: int, *addresses: str, clock: StandingClock | None = None, **settings) -> list[str]:
    """Sends a mail to each address, and returns what became of each."""
    codes: dict[str, str] = {}
    with open_postbox(settings_for(port, **settings), clock=clock or StandingClock()) as postbox:
        mails = (mail_to(address) for address in addresses)
        send_in_rounds(postbox, mails, lambda mail, code: codes.update({mail.recipient: code}))
    return [codes[address] for address in addresses]


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate that this process trusts, as an organisation's own authority would be trusted."""
    paths = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    return paths


def test_mails_when_sent_then_one_connection_takes_them_all_and_they_arrive_whole():
    inbox = Inbox()
    with mail_server(inbox) as port:
        assert send_all(port, *(f"p{number}@example.org" for number in range(5))) == [SENT] * 5
    assert len(inbox.received) == 5
    assert len(inbox.sessions) == 1
    (mail,) = inbox.of("p3@example.org")
    assert mail["Subject"] == "Grüße"
    assert "Ünwahrscheinlich." in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("is_tls", [False, True])
def test_server_when_it_protects_and_wants_a_login_then_mail_goes_through(certificate, is_tls):
    inbox = Inbox()
    protection = Protection.TLS if is_tls else Protection.STARTTLS
    with mail_server(inbox, certificate=certificate, is_tls=is_tls, login=True) as port:
        sent = send_all(port, "a@example.org", protection=protection, user=USER, password=PASSWORD)
    assert sent == [SENT]
    assert len(inbox.received) == 1
    assert is_tls or inbox.was_protected == {True}


@pytest.mark.parametrize("is_tls", [False, True])
def test_server_when_nobody_vouches_for_its_certificate_then_nothing_is_sent(tmp_path, is_tls):
    protection = Protection.TLS if is_tls else Protection.STARTTLS
    inbox = Inbox()
    certificate = make_certificate(tmp_path)
    with (
        mail_server(inbox, certificate=certificate, is_tls=is_tls) as port,
        pytest.raises(MailError) as refused,
    ):
        send_all(port, "a@example.org", protection=protection)
    assert refused.value.code == "mail-certificate"
    assert inbox.received == []


def test_server_when_its_certificate_is_for_another_host_then_nothing_is_sent(tmp_path, monkeypatch):
    paths = make_certificate(tmp_path, host="other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    with mail_server(Inbox(), certificate=paths) as port, pytest.raises(MailError) as refused:
        send_all(port, "a@example.org", protection=Protection.STARTTLS)
    assert refused.value.code == "mail-certificate"


def test_login_when_wrong_then_it_is_refused_and_the_password_shown_nowhere(certificate):
    login = {"user": USER, "password": "sekrit"}
    with (
        mail_server(Inbox(), certificate=certificate, login=True) as port,
        pytest.raises(MailError) as refused,
    ):
        send_all(port, "a@example.org", protection=Protection.STARTTLS, **login)
    assert refused.value.code == "mail-login"
    assert "sekrit" not in repr((refused.value.message, refused.value.hint, refused.value.where))
    assert "sekrit" not in repr(settings_for(1, **login))


def test_server_when_it_offers_no_starttls_then_nothing_is_sent_in_the_clear():
    inbox = Inbox()
    with mail_server(inbox) as port, pytest.raises(MailError) as refused:
        send_all(port, "a@example.org", protection=Protection.STARTTLS)
    assert refused.value.code == "mail-no-protection"
    assert inbox.received == []


def test_server_when_nobody_answers_then_it_is_tried_again_and_refused():
    inbox, clock = Inbox(), StandingClock()
    with mail_server(inbox) as port:
        pass
    with pytest.raises(MailError) as refused:
        send_all(port, "a@example.org", clock=clock)
    assert refused.value.code == "mail-unreachable"
    assert clock.waits == list(CONNECT_SECONDS)


@pytest.mark.parametrize("reply", ["550 no such user a@example.org", "data 554 not this"])
def test_recipient_when_refused_for_good_then_it_is_tried_once_and_others_get_theirs(reply):
    inbox, clock = Inbox(faults={"a@example.org": [reply]}), StandingClock()
    with mail_server(inbox) as port:
        codes = send_all(port, "a@example.org", "b@example.org", clock=clock)
    assert codes == [f"smtp-{reply.removeprefix('data ')[:3]}", SENT]
    assert len(inbox.received) == 1
    assert not set(ROUND_SECONDS) & set(clock.waits)


@pytest.mark.parametrize("reply", ["450 later", "data 451 later", "hang up", "421 too many"])
def test_recipient_when_refused_for_now_then_it_is_tried_again_until_it_works(reply):
    inbox, clock = Inbox(faults={"a@example.org": [reply, reply]}), StandingClock()
    with mail_server(inbox) as port:
        assert send_all(port, "a@example.org", "b@example.org", clock=clock) == [SENT, SENT]
    assert [len(inbox.of("a@example.org")), len(inbox.of("b@example.org"))] == [1, 1]
    assert [wait for wait in clock.waits if wait in ROUND_SECONDS] == list(ROUND_SECONDS[:2])


@pytest.mark.parametrize(("reply", "code"), [("450 later", "smtp-450"), ("hang up", GONE)])
def test_recipient_when_refused_for_now_again_and_again_then_the_next_one_is_served(reply, code):
    inbox = Inbox(faults={"a@example.org": [reply] * 9})
    with mail_server(inbox) as port:
        assert send_all(port, "a@example.org", "b@example.org") == [code, SENT]
    assert len(inbox.received) == 1


def test_recipients_when_refused_for_now_then_all_others_have_their_turn_first():
    inbox, clock = (
        Inbox(faults={f"p{number}@example.org": ["450 later"] for number in range(3)}),
        StandingClock(),
    )
    addresses = [f"p{number}@example.org" for number in range(6)]
    with mail_server(inbox) as port:
        assert send_all(port, *addresses, clock=clock) == [SENT] * 6
    order = [mail["To"].addresses[0].username for mail in inbox.received]
    assert order == ["p3", "p4", "p5", "p0", "p1", "p2"]
    assert [wait for wait in clock.waits if wait in ROUND_SECONDS] == [ROUND_SECONDS[0]]


def test_mails_when_the_server_goes_away_in_the_middle_then_each_begun_one_is_settled_once():
    inbox = Inbox(faults={"a@example.org": ["450 later"]})
    settled: list[tuple[str, str]] = []
    with mail_server(inbox) as port, open_postbox(settings_for(port), clock=StandingClock()) as postbox:

        def mails():
            yield mail_to("a@example.org")
            yield mail_to("b@example.org")
            inbox.sender_reply = "550 not yours"
            yield mail_to("c@example.org")
            yield mail_to("d@example.org")

        with pytest.raises(MailError):
            send_in_rounds(postbox, mails(), lambda mail, code: settled.append((mail.recipient[0], code)))
    assert settled == [("b", SENT), ("a", "smtp-450"), ("c", "mail-sender-refused")]


def test_connection_when_cut_after_the_mail_was_taken_then_the_second_copy_is_known_as_one():
    inbox = Inbox(faults={"a@example.org": ["take, hang up"]})
    with mail_server(inbox) as port:
        assert send_all(port, "a@example.org") == [SENT]
    first, second = inbox.received
    assert first["Message-ID"] == second["Message-ID"]


def test_sender_when_refused_for_good_then_nothing_more_is_tried():
    with mail_server(Inbox(sender_reply="550 not yours")) as port, pytest.raises(MailError) as refused:
        send_all(port, "a@example.org", "b@example.org")
    assert refused.value.code == "mail-sender-refused"


def test_server_when_it_has_gone_by_the_end_then_leaving_it_is_no_error():
    inbox = Inbox()
    with mail_server(inbox) as port:
        postbox = SmtpPostbox(settings_for(port), clock=StandingClock(), per_second=2)
        assert postbox.send(mail_to("a@example.org")) == SENT
    postbox.close()
    postbox.close()
    assert len(inbox.received) == 1


def test_login_when_refused_for_now_then_it_is_tried_again(certificate):
    inbox, clock = Inbox(logins=["454 later"] * 2), StandingClock()  # the client knows two ways to log in
    with mail_server(inbox, certificate=certificate, login=True) as port:
        login = {"user": USER, "password": PASSWORD, "protection": Protection.STARTTLS}
        assert send_all(port, "a@example.org", clock=clock, **login) == [SENT]
    assert clock.waits == list(CONNECT_SECONDS[:1])


def test_sender_when_refused_for_now_then_each_mail_is_listed():
    with mail_server(Inbox(sender_reply="451 later")) as port:
        assert send_all(port, "a@example.org") == ["smtp-451"]


def test_mails_when_many_then_no_more_go_out_in_a_second_than_was_asked():
    inbox, clock = Inbox(), StandingClock()
    with (
        mail_server(inbox) as port,
        open_postbox(settings_for(port), per_second=4, clock=clock) as postbox,
    ):
        for number in range(9):
            postbox.send(mail_to(f"p{number}@example.org"))
    assert clock.seconds == pytest.approx(2.0)
    assert clock.waits == pytest.approx([0.25] * 8)


def test_folder_when_mails_are_written_then_each_is_a_file_of_its_owner(tmp_path):
    folder = open_folder(tmp_path / "out" / "mails")
    assert [folder.send(mail_to("a@example.org")), folder.send(mail_to("b@example.org"))] == [SENT, SENT]
    files = sorted((tmp_path / "out" / "mails").iterdir())
    assert [file.name for file in files] == ["0001.eml", "0002.eml"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    mail = message_from_bytes(files[1].read_bytes(), policy=SMTP)
    assert mail["To"].addresses[0].addr_spec == "b@example.org"


def test_folder_when_it_holds_files_or_is_none_then_it_is_refused(tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    for name, code in (("used", "mail-folder-used"), ("used/file", "mail-folder")):
        with pytest.raises(ConfigError) as refused:
            open_folder(tmp_path / name)
        assert refused.value.code == code
