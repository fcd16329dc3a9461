"""What holds when a process dies at any moment: acknowledged is stored, and nothing counts twice."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from sqlalchemy import insert

from survey import store as module
from survey.answers import Answers, StoredResponse, make_answers, open_answers
from survey.assignment import Assignment
from survey.participation import Claim, ClaimOutcome, LinkPurpose, ParticipationState
from survey.register_participation import Participation
from survey.register_schema import link
from survey.relationship import Relationship

pytestmark = pytest.mark.thorough

ROOT = Path(module.__file__).resolve().parents[1]
WAVE = "great-pm/2026Q4"
KILLS, PER_RUN = 12, 250

SUBMIT_UNTIL_KILLED = """
import sys
from pathlib import Path
from survey.answers import StoredResponse, open_answers
from survey.config import read_settings
from survey.participation import Claim
from survey.register import open_register
from survey.register_participation import Participation

settings = read_settings(Path(sys.argv[1]))
first, last = int(sys.argv[2]), int(sys.argv[3])
with open_register(settings.register_address) as register, open_answers(settings, "great-pm/2026Q4") as answers:
    participation = Participation(register.store)
    print("ready", flush=True)
    for start in range(first, last, 3):
        numbers = range(start, min(start + 3, last))
        claims = [Claim(assignment_no=number, link_no=number) for number in numbers]
        participation.claim(claims)
        answers.put_batch([
            StoredResponse(response_key=b"%032d" % number, subject_id="ann", reporting_group="others",
                           content="{}", is_straight=False, is_fast=False)
            for number in numbers
        ])
        participation.finish(claims)
        print(*numbers, flush=True)
"""


def assignments(count: int) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            rater_id=f"r{number}",
            subject_id="ann",
            relationship=Relationship.PEER,
            reporting_group="others",
            place=1,
        )
        for number in range(1, count + 1)
    )


@pytest.mark.slow
def test_submissions_when_their_process_is_killed_then_acknowledged_is_stored(
    settings, register, collections, participation, draft, opening
):
    collections.add(draft)
    collections.open(replace(opening, assignments=assignments(KILLS * PER_RUN)))
    make_answers(settings, WAVE)
    add_links(register, range(1, KILLS * PER_RUN + 1))
    acknowledged: set[int] = set()
    for kill in range(KILLS):
        acknowledged |= submit_until_killed(settings, kill * PER_RUN + 1, 0.15 * kill / KILLS)
    with open_answers(settings, WAVE) as answers:
        stored = {int(one.response_key) for one in answers.responses()}
        assert acknowledged
        assert acknowledged <= stored
        done = {int(one.rater_id[1:]) for one in participation.responders(WAVE)}
        assert acknowledged <= done <= stored
        finish_what_was_left(participation, answers, stored - done)
    assert {int(one.rater_id[1:]) for one in participation.responders(WAVE)} == stored


def add_links(register, numbers: range) -> None:
    rows = [
        {
            "link_no": number,
            "wave_id": WAVE,
            "person_id": f"r{number}",
            "purpose": LinkPurpose.ANSWER.value,
            "secret_hash": b"hash %d" % number,
        }
        for number in numbers
    ]
    with register.store.writing() as connection:
        connection.execute(insert(link), rows)


def submit_until_killed(settings, first: int, seconds: float) -> set[int]:
    environment = os.environ | {
        "PMHEALTH_REGISTER": settings.register_url,
        "PMHEALTH_ANSWERS": settings.answers_url,
    }
    command = [
        sys.executable,
        "-c",
        SUBMIT_UNTIL_KILLED,
        str(settings.home),
        str(first),
        str(first + PER_RUN),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        time.sleep(seconds)
        os.kill(started.pid, signal.SIGKILL)
        complete = [line for line in started.stdout if line.endswith("\n")]
    return {int(number) for line in complete for number in line.split()}


def finish_what_was_left(participation: Participation, answers: Answers, numbers: set[int]) -> None:
    """The rater presses send once more, with the same link."""
    claims = [Claim(assignment_no=number, link_no=number) for number in sorted(numbers)]
    assert set(participation.claim(claims)) <= {ClaimOutcome.CLAIMED}
    answers.put_batch([answers.get(b"%032d" % number) for number in sorted(numbers)])
    participation.finish(claims)


# Each attempt: which of the rater's two links, what is wanted, and after how many of its three steps it dies.
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from((1, 2)), st.sampled_from(("send", "withdraw")), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)
KEYS = {1: b"1" * 32, 2: b"2" * 32}


@given(ATTEMPTS)
@tries(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_attempts_when_each_may_die_after_any_step_then_at_most_one_response_counts(
    settings, register, participation, anns_link, attempts
):
    second = second_link(participation)
    assignment_no = forget_everything(register, participation)
    make_answers(settings, WAVE)
    with open_answers(settings, WAVE) as answers:
        answers.remove(list(KEYS.values()))
        for number, wish, steps in attempts:
            claim = Claim(assignment_no=assignment_no, link_no={1: anns_link, 2: second}[number])
            attempt(participation, answers, claim, KEYS[number], wish, steps)
            stored = {one.response_key for one in answers.responses()}
            task = participation.visit(b"ann-1")[1][0]
            holder = KEYS[1 if task.is_mine else 2]
            assert len(stored) <= 1
            assert stored <= {holder}, "what is stored is the holder's"
            if task.state is ParticipationState.DONE:
                assert stored == {holder}
            if task.state is ParticipationState.INVITED:
                assert not stored


def second_link(participation: Participation) -> int:
    found = participation.find_link(b"ann-2")
    return found.link_no if found else participation.add_link(WAVE, "ann", LinkPurpose.ANSWER, b"ann-2")


def forget_everything(register, participation: Participation) -> int:
    with register.store.writing() as connection:
        connection.exec_driver_sql("update participation set state = 'invited', link_no = null")
    return participation.visit(b"ann-1")[1][0].assignment_no


def attempt(
    participation: Participation, answers: Answers, claim: Claim, key: bytes, wish: str, steps: int
) -> None:
    """Goes as far as it lives, and as far as the claim lets it."""
    response = StoredResponse(
        response_key=key,
        subject_id="ann",
        reporting_group="self",
        content="{}",
        is_straight=False,
        is_fast=False,
    )
    claims = participation.claim if wish == "send" else participation.claim_withdrawals
    if steps == 0 or claims([claim]) != (ClaimOutcome.CLAIMED,):
        return
    if steps > 1:
        answers.put_batch([response]) if wish == "send" else answers.remove([key])
    if steps > 2:
        participation.finish([claim]) if wish == "send" else participation.release([claim])
