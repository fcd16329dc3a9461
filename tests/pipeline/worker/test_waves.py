"""A wave of our own form, step by step as jobs, with a real mail server."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.worker import utc_now
from survey.assignment import Nomination
from survey.collection import Step
from survey.config import Settings
from survey.job_kind import JobKind
from survey.register import open_register
from survey.register_collection import Collections
from tests.asked_world import ENGINEERS, PMS, ROSTER, WAVE, person
from tests.mail_server import Inbox, mail_server
from tests.mail_world import approved
from tests.pipeline.worker.conftest import Desk

TODAY = utc_now().astimezone().date()
PLAN = {
    "wave_id": WAVE,
    "instrument_id": "great-pm",
    "asked_by": "Ann Lee, People team",
    "opens_on": TODAY.isoformat(),
    "closes_on": (TODAY + timedelta(days=20)).isoformat(),
}


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def desk(on_either_store: Settings, inbox: Inbox):
    hr = replace(person("p4", "hr"), manager_id="")
    with mail_server(inbox) as port, open_register(on_either_store.register_address) as register:
        register.replace_roster(replace(ROSTER, people=(*ROSTER.people, hr)))
        environment = {
            "PMHEALTH_SMTP_HOST": "127.0.0.1",
            "PMHEALTH_SMTP_PORT": str(port),
            "PMHEALTH_SMTP_TLS": "none",
            "PMHEALTH_MAIL_FROM": "People Team <people@example.org>",
            "PMHEALTH_FORM_URL": "https://survey.example.org",
            "PMHEALTH_DASHBOARD_URL": "https://health.example.org",
        }
        yield Desk(settings=on_either_store, register=register, environment=environment)


def nominated() -> list[Nomination]:
    return [approved(pm, rater) for place, pm in enumerate(PMS) for rater in ENGINEERS[8 * place :][:8]]


def step(desk: Desk, kind: JobKind, **payload: object) -> dict[str, object]:
    return desk.result(kind, **{"wave_id": WAVE, **payload})


@pytest.mark.slow
def test_wave_when_asked_for_step_by_step_then_each_job_says_what_came_of_it(desk, inbox):
    assert step(desk, JobKind.CREATE, **PLAN)["is_new"]
    changed = step(desk, JobKind.CREATE, asked_by="Bob Ray, People team", unit_days=5)
    assert (changed["is_new"], changed["opens_on"]) == (False, PLAN["opens_on"])
    assert step(desk, JobKind.NOMINATE)["sent_count"] == 3
    collections = Collections(desk.register.store)
    collections.put_nominations(WAVE, nominated())

    ahead = step(desk, JobKind.PREVIEW)
    assert (ahead["subject_count"], ahead["small"]) == (3, [])
    assert [one["response_pct"] for one in ahead["outlooks"]] == [60, 75, 90]
    assert step(desk, JobKind.TRY) == {"state": "draft"}
    assert inbox.received[-1]["To"].addresses[0].addr_spec == "p4@example.org"

    opened = step(desk, JobKind.OPEN)
    assert opened["assignment_count"] == ahead["assignment_count"]
    invited = step(desk, JobKind.INVITE)
    assert invited == {"sent_count": 28, "failure_count": 0, "resting_count": 0, "failures": []}
    assert step(desk, JobKind.INVITE)["sent_count"] == 0
    assert step(desk, JobKind.REMIND)["resting_count"] == 28
    tried = step(desk, JobKind.CLOSE, is_trial=True)
    assert (tried["is_trial"], tried["assigned_count"]) == (True, ahead["assignment_count"])
    assert not step(desk, JobKind.CLOSE)["is_trial"]
    assert step(desk, JobKind.THANK)["sent_count"] == 28

    said = json.dumps([[one.result, str(one.problem)] for one in desk.jobs.latest()])
    assert "Sekrit" not in said
    assert "@" not in said
    assert {entry.done_by for entry in desk.register.audit()} == {"p4", "closing"}


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        (JobKind.OPEN, {}, "collection-unknown"),
        (JobKind.INVITE, {}, "collection-unknown"),
        (JobKind.CREATE, {"asked_by": ""}, "wave-asked-by"),
        (JobKind.CREATE, {"opens_on": "soon"}, "job-payload"),
        (JobKind.CREATE, {"unit_days": "3"}, "job-payload"),
        (JobKind.CLOSE, {}, "wave-unknown"),
        (JobKind.ANNOUNCE, {}, "collection-unknown"),
    ],
)
def test_wave_when_a_step_is_refused_then_the_job_says_why(desk, kind, payload, code):
    assert desk.do(kind, **{"wave_id": WAVE, **payload}).problem.code == code


def test_wave_when_mail_is_not_set_up_then_only_its_mails_fail(desk):
    desk.environment.clear()
    step(desk, JobKind.CREATE, **PLAN)
    assert desk.do(JobKind.TRY, wave_id=WAVE).problem.code.startswith("mail-")
    assert desk.do(JobKind.NOMINATE, wave_id=WAVE).problem.code.startswith("mail-")


def test_open_when_begun_again_after_it_was_done_then_it_says_the_same(desk):
    step(desk, JobKind.CREATE, **PLAN)
    Collections(desk.register.store).put_nominations(WAVE, nominated())
    first = step(desk, JobKind.OPEN)
    asked = desk.ask(JobKind.OPEN, wave_id=WAVE)
    desk.jobs.take("dead", utc_now() - timedelta(hours=1))
    desk.worker().do_next(desk.jobs)
    assert desk.jobs.find(asked.job_id).result == first


def test_open_when_it_is_open_then_a_further_wish_is_refused(desk):
    step(desk, JobKind.CREATE, **PLAN)
    Collections(desk.register.store).put_nominations(WAVE, nominated())
    step(desk, JobKind.OPEN)
    assert desk.do(JobKind.OPEN, wave_id=WAVE).problem.code == "wave-not-draft"


def test_due_when_a_day_asks_for_it_then_the_worker_opens_and_invites(desk, inbox):
    step(desk, JobKind.CREATE, **PLAN)
    Collections(desk.register.store).put_nominations(WAVE, nominated())
    done = [(one.step, one.error) for one in desk.worker().do_due()]
    assert done == [(Step.OPEN, None), (Step.INVITE, None)]
    assert len(inbox.received) == 28
    assert desk.worker().do_due() == ()
    assert {entry.done_by for entry in desk.register.audit()} >= {"worker"}
