"""The mail log: what is on its way, sent or failed, and what a crash in between leaves behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from survey.register_mail import MailLog, MailRecord, MailState

WAVE = "great-pm/2026Q4"
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def log(register, open_wave) -> MailLog:
    return MailLog(register.store)


def test_mail_when_begun_and_sent_then_the_log_says_so(log):
    mail_no = log.begin(WAVE, "ann", "invitation", NOON)
    assert log.counts(WAVE) == {("invitation", MailState.SENDING): 1}

    log.sent(mail_no, LATER)

    assert log.counts(WAVE) == {("invitation", MailState.SENT): 1}
    assert log.records(WAVE) == (
        MailRecord(
            mail_no=mail_no,
            person_id="ann",
            kind="invitation",
            state=MailState.SENT,
            attempts=1,
            changed_at=LATER,
            error_code="",
        ),
    )


@pytest.mark.parametrize("is_crash", [True, False])
def test_mail_when_it_failed_or_nobody_knows_then_the_next_attempt_is_the_same_mail(log, is_crash):
    first = log.begin(WAVE, "ann", "invitation", NOON)
    if not is_crash:
        log.failed(first, NOON, "mail-refused")
        assert log.records(WAVE)[0].error_code == "mail-refused"

    again = log.begin(WAVE, "ann", "invitation", LATER)

    (record,) = log.records(WAVE)
    assert again == first
    assert (record.state, record.attempts, record.error_code) == (MailState.SENDING, 2, "")
    assert record.changed_at == LATER


def test_mail_when_one_of_its_kind_was_sent_then_the_next_is_a_new_one(log):
    first = log.begin(WAVE, "ann", "reminder", NOON)
    log.sent(first, NOON)

    assert log.begin(WAVE, "ann", "reminder", LATER) != first
    assert log.begin(WAVE, "bob", "reminder", LATER) != first
    assert len(log.records(WAVE)) == 3


def test_last_sent_when_asked_then_it_is_the_latest_over_all_waves(log, collections, draft):
    other = "great-pm/2027Q1"
    collections.add(replace(draft, wave_id=other))
    for wave, moment in ((WAVE, NOON), (other, LATER)):
        log.sent(log.begin(wave, "ann", "reminder", moment), moment)
    log.begin(WAVE, "bob", "reminder", NOON)
    log.failed(log.begin(WAVE, "cy", "reminder", NOON), NOON, "mail-refused")
    log.sent(log.begin(WAVE, "dee", "thanks", NOON), NOON)

    assert log.last_sent(["reminder"]) == {"ann": LATER, "bob": NOON}, "bob's may have arrived"
    assert log.last_sent(["reminder", "thanks"]) == {"ann": LATER, "bob": NOON, "dee": NOON}
    assert log.last_sent([]) == {}


def test_open_subjects_when_asked_then_they_are_what_a_mail_names(log):
    assert log.open_subjects(WAVE) == {"ann": ("ann", "bob"), "bob": ("ann",)}
