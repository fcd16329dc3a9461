"""A mailing on files and on a server: who is invited, answers, is reminded and thanked."""

from datetime import timedelta

from survey.campaign import WaveState
from survey.invitation import invitations, reminders, thanks
from survey.mailing import send_all
from survey.register_mail import MailLog, MailState
from tests.mail_world import OPENED, Letterbox, World, chance, envelope_at, move, world

DAY = timedelta(days=1)


def send(one: World, orders, days: int, faults: dict[str, str] | None = None) -> Letterbox:
    box = Letterbox(faults)
    send_all(one.desk(), orders, box, envelope_at(OPENED + days * DAY), lambda _: None)
    return box


def test_mails_when_the_register_is_of_either_kind_then_each_person_gets_theirs_once(settings):
    with world(settings) as one:
        first = send(one, invitations(one.round()), 0, {"r1@example.org": "smtp-451"})
        assert len(first.mails) == 10
        again = send(one, invitations(one.round()), 0)
        assert again.recipients == ["r1"]
        one.answer_all(again.secrets()["r1"])
        one.answer_all(first.secrets()["r2"], ("pam",))
        reminded = send(one, reminders(one.round(), OPENED + 7 * DAY).orders, 7)
        assert "r1" not in reminded.recipients
        assert len(reminded.mails) == 10
        assert reminders(one.round(), OPENED + 8 * DAY).orders == ()
        move(one, WaveState.CLOSED)
        assert len(send(one, thanks(one.round(), chance(1)), 21).mails) == 11
        counts = MailLog(one.register.store).counts("great-pm/2026Q4")
        assert counts == {
            ("invite", MailState.SENT): 11,
            ("remind", MailState.SENT): 10,
            ("thanks", MailState.SENT): 11,
        }
