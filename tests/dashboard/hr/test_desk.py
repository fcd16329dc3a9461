"""HR's desk is for HR: everybody else gets nothing from it, whatever they ask, and what was handed over goes after an hour."""

import os
import time

import pytest

from dashboard.desk import Wish
from dashboard.desk_wave import DeskWave, Known, NextStep, next_step
from survey.campaign import parse_period
from survey.collection import Collection
from survey.enclosure import KEPT_MINUTES, read_enclosure, sweep_enclosures, write_enclosure
from survey.errors import ConfigError
from survey.job_kind import JobKind
from survey.register_sessions import SignInMethod
from tests.asked_world import PERIOD, TODAY, WAVE

WISH = Wish(kind=JobKind.PUBLISH, payload={"wave_id": WAVE})
PLANNED = Collection(
    wave_id=WAVE, campaign="great-pm", period=parse_period(PERIOD), instrument_id="great-pm", opens_on=TODAY,
    closes_on=TODAY, asked_by="HR", reply_to="", unit_days=3, created_on=TODAY, policy_text="",
)  # fmt: skip
QUESTIONS = {
    "waves": lambda desk: desk.waves(),
    "instruments": lambda desk: desk.instruments(),
    "nominations": lambda desk: desk.nominations(WAVE),
    "mails": lambda desk: desk.mails(WAVE),
    "missing": lambda desk: desk.missing(WAVE),
    "people": lambda desk: desk.people(),
    "names": lambda desk: desk.names(),
    "jobs": lambda desk: desk.jobs(JobKind.PUBLISH, {}),
    "job": lambda desk: desk.job(1),
    "ended": lambda desk: desk.ended(),
    "ask": lambda desk: desk.ask(WISH),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("person_id", ["ada", "e1", "e2", "e3"])
def test_desk_when_somebody_else_asks_then_is_closed_and_nothing_is_asked_for(office, person_id, question):
    desk = office.desk(person_id)
    assert not desk.is_open
    with pytest.raises(ConfigError) as refused:
        QUESTIONS[question](desk)
    assert refused.value.code == "desk-closed"
    assert office.desk().jobs(JobKind.PUBLISH, {}) == ()


def test_desk_when_the_session_is_revoked_then_closes(office):
    desk = office.desk()
    begun = desk.directory.sessions.begin("lead", SignInMethod.LINK, desk.directory.now())
    signed_in = desk.directory.viewer(begun.session.session_id)
    own = type(desk)(directory=desk.directory, viewer=signed_in, settings=desk.settings)
    assert own.is_open
    desk.directory.sessions.revoke(begun.session.session_id, desk.directory.now(), by="cli")
    assert not own.is_open


def test_enclosure_when_somebody_else_or_an_hour_later_then_is_not_there(office):
    desk = office.desk()
    job = desk.ask(WISH)
    write_enclosure(office.settings, job.job_id, [{"words": "Sekrit"}])
    assert desk.enclosure(job) == ({"words": "Sekrit"},)
    path = office.settings.enclosures_path / f"{job.job_id}.json"
    assert path.stat().st_mode & 0o007 == 0
    past = time.time() - KEPT_MINUTES * 60 - 1
    os.utime(path, (past, past))
    assert desk.enclosure(job) is None
    assert sweep_enclosures(office.settings, desk.directory.now()) == 1
    assert read_enclosure(office.settings, job.job_id, desk.directory.now()) is None


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (Known(mails={}), NextStep.ASSIGN),
        (Known(mails={}, has_nominations=True), NextStep.PREVIEW),
        (Known(mails={}, has_nominations=True, is_previewed=True), NextStep.OPEN),
    ],
)
def test_next_step_when_planned_then_goes_from_lists_to_opening(known, step):
    assert next_step(DeskWave(collection=PLANNED, wave=None), known, TODAY) is step
