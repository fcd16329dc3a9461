"""Who gets which mail, once and not too often; and that every mail that arrives opens something."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from survey.assignment import NominationState, Source
from survey.campaign import WaveState
from survey.errors import MailError, WaveError
from survey.invitation import (
    approvals,
    asked_people,
    check_state,
    invitations,
    is_nominated_elsewhere,
    nominations,
    reminders,
    results,
    thanks,
    told,
)
from survey.mailing import NO_ADDRESS, NO_SECRET, Failure, MailKind, Tally, send_all, send_trial
from survey.message import Block
from survey.opening import open_wave, plan_wave
from survey.register_collection import Collections
from survey.register_mail import MailLog, MailState
from survey.register_participation import LinkPurpose
from tests.mail_world import (
    COLLEAGUES,
    OPENED,
    PMS,
    Letterbox,
    World,
    add_wave,
    approved,
    chance,
    collection,
    envelope_at,
    move,
    parse,
    person,
    roster,
    secret_in,
    text_of,
    world,
)

EVERYBODY = {"lee", *PMS, *COLLEAGUES}
DAY = timedelta(days=1)


@pytest.fixture
def opened(tmp_path: Path):
    with world(tmp_path) as one:
        yield one


@pytest.fixture
def draft(tmp_path: Path):
    with world(tmp_path, is_open=False) as one:
        yield one


def send(one: World, orders, at: datetime = OPENED, box: Letterbox | None = None) -> tuple[Letterbox, Tally]:
    box = box or Letterbox()
    return box, send_all(one.desk(), orders, box, envelope_at(at), lambda _: None)


def invite(one: World, **faults: str) -> Letterbox:
    box = Letterbox({f"{person_id}@example.org": code for person_id, code in faults.items()})
    return send(one, invitations(one.round()), box=box)[0]


def remind(one: World, at: datetime, *, is_scheduled: bool = False) -> list[str]:
    found = reminders(one.round(), at, is_scheduled=is_scheduled)
    return sorted(send(one, found.orders, at)[0].recipients)


def states(one: World) -> dict[str, MailState]:
    return {
        record.person_id: record.state
        for record in MailLog(one.register.store).records(one.collection.wave_id)
    }


def test_invitations_when_sent_then_everybody_has_one_mail_and_one_link_that_works(opened):
    box = invite(opened)
    assert sorted(box.recipients) == sorted(EVERYBODY)
    for person_id, secret in box.secrets().items():
        link = opened.find(secret)
        assert (link.person_id, link.purpose) == (person_id, LinkPurpose.ANSWER)
    assert set(states(opened).values()) == {MailState.SENT}


def test_invitation_when_a_rater_has_several_pms_then_it_names_them_in_their_language(opened):
    mails = {mail.recipient: mail for mail in invite(opened).mails}
    english, german = mails["r2@example.org"], mails["r1@example.org"]
    assert "- Sekrit Pam" in text_of(english)
    assert "- Sekrit Pip" in text_of(english)
    assert "about 10 minutes" in parse(english)["Subject"]
    assert text_of(german).startswith("Hallo Sekrit R1,")
    assert "you, about yourself" not in text_of(english)
    assert "how do you see your own work" in text_of(mails["pam@example.org"]).replace("\r\n", " ")


def test_invitations_when_asked_again_then_only_those_without_one_get_one(opened):
    invite(opened, r1="smtp-550", r2="smtp-451")
    assert {order.person.person_id for order in invitations(opened.round())} == {"r1", "r2"}
    assert sorted(invite(opened).recipients) == ["r1", "r2"]
    assert invitations(opened.round()) == ()


def test_invitations_when_some_fail_then_they_are_listed_by_id_and_code(opened):
    box = Letterbox({"r1@example.org": "smtp-550"})
    _, tally = send(opened, invitations(opened.round()), box=box)
    assert tally == Tally(sent=len(EVERYBODY) - 1, failures=(Failure(person_id="r1", code="smtp-550"),))
    (record,) = [
        one for one in MailLog(opened.register.store).records("great-pm/2026Q4") if one.person_id == "r1"
    ]
    assert (record.state, record.error_code) == (MailState.FAILED, "smtp-550")


def test_invitation_when_the_program_stopped_while_sending_then_a_further_link_is_sent(opened):
    log = MailLog(opened.register.store)
    lost = opened.desk().new_link("r1", LinkPurpose.ANSWER).rpartition("/")[2]
    log.begin("great-pm/2026Q4", "r1", MailKind.INVITE, OPENED)
    sent = invite(opened).secrets()["r1"]
    assert sent != lost
    assert opened.find(sent).person_id == opened.find(lost).person_id == "r1"


def test_person_without_an_address_when_invited_then_they_are_listed_and_others_get_theirs(tmp_path):
    people = roster(r1=person("r1", email=""), r2=person("r2", email="r2@example.org,x@example.org"))
    with world(tmp_path, people=people) as one:
        _, tally = send(one, invitations(one.round()))
        assert {failure.person_id: failure.code for failure in tally.failures} == {
            "r1": NO_ADDRESS,
            "r2": NO_ADDRESS,
        }
        assert tally.sent == len(EVERYBODY) - 2
        assert "r1" not in states(one)


def test_mail_when_the_server_is_gone_then_it_counts_as_failed_and_the_rest_waits(opened):
    class Broken(Letterbox):
        def send(self, mail):
            if len(self.mails) == 3:
                raise MailError("mail-unreachable", "gone")
            return super().send(mail)

    with pytest.raises(MailError):
        send(opened, invitations(opened.round()), box=Broken())
    counted = sorted(states(opened).values())
    assert counted == [MailState.FAILED, *[MailState.SENT] * 3]
    assert len(invitations(opened.round())) == len(EVERYBODY) - 3


def test_trial_when_run_then_links_do_not_work_and_the_register_holds_nothing(opened):
    box = Letterbox()
    tally = send_trial(opened.desk(), invitations(opened.round()), box, envelope_at(OPENED))
    assert tally.sent == len(box.mails) == len(EVERYBODY)
    assert set(box.secrets().values()) == {NO_SECRET}
    assert opened.find(NO_SECRET) is None
    assert states(opened) == {}


def test_trial_when_somebody_has_no_address_then_it_says_so(tmp_path):
    with world(tmp_path, people=roster(r1=person("r1", email=""))) as one:
        tally = send_trial(one.desk(), invitations(one.round()), Letterbox(), envelope_at(OPENED))
    assert tally.failures == (Failure(person_id="r1", code=NO_ADDRESS),)


def test_reminder_when_sent_then_it_goes_to_those_with_something_open_and_names_only_that(opened):
    secrets = invite(opened).secrets()
    opened.answer_all(secrets["r1"])
    opened.answer_all(secrets["r2"], ("pam",))
    box, _ = send(opened, reminders(opened.round(), OPENED + 7 * DAY).orders, OPENED + 7 * DAY)
    assert set(box.recipients) == EVERYBODY - {"r1"}
    text = next(text_of(mail) for mail in box.mails if mail.recipient.startswith("r2@"))
    assert "Sekrit Pip" in text
    assert "Sekrit Pam" not in text
    assert opened.find(secrets["r2"]).link_no != opened.find(box.secrets()["r2"]).link_no


def test_reminder_when_somebody_was_never_invited_then_they_get_none(opened):
    invite(opened, r1="smtp-550")
    assert "r1" not in remind(opened, OPENED + 7 * DAY)


@pytest.mark.parametrize(("days", "is_reminded"), [(0, False), (2.99, False), (3, True), (20, True)])
def test_reminder_when_three_days_have_not_passed_then_nobody_is_reminded(opened, days, is_reminded):
    invite(opened)
    found = reminders(opened.round(), OPENED + days * DAY)
    assert len(found.orders) == (len(EVERYBODY) if is_reminded else 0)
    assert found.resting == (0 if is_reminded else len(EVERYBODY))


def test_reminder_when_another_wave_has_just_asked_then_it_waits(opened):
    invite(opened)
    other = add_wave(opened.settings, opened.register, collection("2026H2", date(2026, 12, 5)))
    box = Letterbox({"r1@example.org": "smtp-550"})
    send(other, invitations(other.round()), OPENED + 5 * DAY, box)
    assert remind(opened, OPENED + 6 * DAY) == ["r1"]
    assert "r1" not in remind(opened, OPENED + 8 * DAY)


def test_reminder_when_one_may_have_gone_out_in_a_crash_then_it_counts(opened):
    invite(opened)
    MailLog(opened.register.store).begin("great-pm/2026Q4", "r1", MailKind.REMIND, OPENED + 7 * DAY)
    assert "r1" not in remind(opened, OPENED + 8 * DAY)


def test_reminder_when_scheduled_then_each_day_of_the_schedule_brings_one_at_most(opened):
    invite(opened)
    assert remind(opened, OPENED + 6 * DAY, is_scheduled=True) == []
    sent = {day: len(remind(opened, OPENED + day * DAY, is_scheduled=True)) for day in range(7, 21)}
    assert {day for day, count in sent.items() if count} == {7, 17}
    assert set(sent.values()) == {0, len(EVERYBODY)}


def test_nomination_when_asked_then_each_pm_has_a_link_of_that_purpose_once(draft):
    box, _ = send(draft, nominations(draft.round()))
    assert box.recipients == ["pam", "pip"]
    link = draft.find(box.secrets()["pam"])
    assert (link.person_id, link.purpose, link.wave_state) == ("pam", LinkPurpose.NOMINATE, WaveState.DRAFT)
    assert "/n/" in text_of(box.mails[0])
    assert nominations(draft.round()) == ()


def test_approval_when_lists_wait_then_the_lead_gets_one_mail_in_three_days(draft):
    assert approvals(draft.round(), OPENED) == ()
    proposed = [approved(pm, "r1", NominationState.PROPOSED) for pm in PMS]
    Collections(draft.register.store).put_nominations("great-pm/2026Q4", proposed)
    box, _ = send(draft, approvals(draft.round(), OPENED))
    assert box.recipients == ["lee"]
    assert "- Sekrit Pam" in text_of(box.mails[0])
    assert draft.find(secret_in(box.mails[0])).purpose is LinkPurpose.APPROVE
    assert approvals(draft.round(), OPENED + 2 * DAY) == ()
    assert len(approvals(draft.round(), OPENED + 3 * DAY)) == 1


def test_nomination_when_hr_has_said_who_is_asked_then_it_is_known(draft):
    assert not is_nominated_elsewhere(draft.round())
    from_file = approved("pam", "r1")
    Collections(draft.register.store).put_nominations("great-pm/2026Q4", [from_file])
    assert not is_nominated_elsewhere(draft.round())
    by_hr = [type(from_file)(**{**_values(from_file), "source": Source.FILE})]
    Collections(draft.register.store).put_nominations("great-pm/2026Q4", by_hr)
    assert is_nominated_elsewhere(draft.round())


def _values(nomination) -> dict[str, object]:
    return {name: getattr(nomination, name) for name in nomination.__dataclass_fields__}


def test_thanks_when_sent_then_everyone_who_was_asked_gets_the_same_in_an_order_of_chance(opened):
    secrets = invite(opened).secrets()
    opened.answer_all(secrets["r1"])
    move(opened, WaveState.CLOSED)
    orders = [thanks(opened.round(), chance(seed)) for seed in (1, 2)]
    first, second = ([order.person.person_id for order in one] for one in orders)
    assert sorted(first) == sorted(second) == sorted(EVERYBODY)
    assert first != second
    box, _ = send(opened, orders[0])
    bodies = {text_of(mail).partition(",")[2] for mail in box.mails if not mail.recipient.startswith("r1@")}
    assert len(bodies) == 1
    assert thanks(opened.round(), chance(1)) == ()


def test_results_when_ready_then_each_pm_is_told_once_with_a_link_that_holds_no_secret(opened):
    move(opened, WaveState.CLOSED, WaveState.PUBLISHED)
    box, _ = send(opened, results(opened.round(), "https://dashboard.example.org"))
    assert box.recipients == ["pam", "pip"]
    assert "https://dashboard.example.org/my-results?wave=great-pm%2F2026Q4" in text_of(box.mails[0])
    assert results(opened.round(), "https://dashboard.example.org") == ()


def test_told_when_hr_writes_then_every_rater_reads_it(opened):
    move(opened, WaveState.CLOSED, WaveState.PUBLISHED)
    box, _ = send(opened, told(opened.round(), (Block(lines=("Reviews <b>faster</b>.",)),), chance(1)))
    assert sorted(box.recipients) == sorted(EVERYBODY)
    assert "Reviews <b>faster</b>." in text_of(box.mails[0])
    assert "Reviews &lt;b&gt;faster" in parse(box.mails[0]).get_body(("html",)).get_content()


def test_wave_about_units_when_mailed_then_it_names_the_unit_and_nobody_nominates_or_has_results(draft):
    about_units = collection(campaign="three-lenses")
    before = add_wave(draft.settings, draft.register, about_units, is_open=False)
    assert nominations(before.round()) == ()
    planned = plan_wave(draft.settings, draft.register, about_units, OPENED.date())
    open_wave(draft.settings, draft.register, planned, is_small_accepted=True, done_at=OPENED)
    mails = invite(before).mails
    assert len(mails) == len(EVERYBODY)
    assert all(
        ("Product" in text_of(mail)) and ("Sekrit Pam" not in text_of(mail) or "pam@" in mail.recipient)
        for mail in mails
    )
    move(before, WaveState.CLOSED, WaveState.PUBLISHED)
    assert results(before.round(), "https://dashboard.example.org") == ()


def test_asked_people_when_some_are_done_then_they_are_left_out(opened):
    opened.answer_all(invite(opened).secrets()["r1"])
    assert {one.person_id for one in asked_people(opened.round())} == EVERYBODY - {"r1"}


def test_mail_when_the_wave_stands_elsewhere_then_it_is_refused(opened):
    check_state(opened.round(), WaveState.OPEN)
    with pytest.raises(WaveError) as refused:
        check_state(opened.round(), WaveState.CLOSED, WaveState.PUBLISHED)
    assert refused.value.code == "mail-wave-state"


def test_register_when_mails_were_sent_then_it_holds_no_secret_and_no_subject_line(opened, tmp_path):
    secrets = invite(opened).secrets()
    now = datetime.now(UTC)
    send(opened, reminders(opened.round(), now).orders, now)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [person_id for person_id, secret in secrets.items() if secret.encode() in content]
    assert b"Your feedback" not in content
    assert b"people@example.org" not in content
