"""The writing thread: many at once, one bad one, full, dead, and closed while it waits."""

import asyncio
import threading

import pytest
from starlette.testclient import TestClient

from survey.answers import StoredResponse, open_answers
from survey.campaign import WaveState
from survey.errors import StoreError
from survey.form.app import FormApp, health
from survey.form.writer import Draft, FullError, Submission, Withdrawal, Writer, Written
from survey.register import open_register
from survey.register_participation import Claim, Participation
from tests.rating_world import OTHERS


class Stores:
    """The stores of a world, open, and the claims of its raters."""

    def __init__(self, world, register, answers) -> None:
        self.participation = Participation(register.store)
        self.answers = answers
        self.claims = {}
        for person in OTHERS:
            secret = world.link(person)
            link, tasks = self.participation.visit(world.hash_of(secret))
            self.claims[person] = Claim(assignment_no=tasks[0].assignment_no, link_no=link.link_no)

    def submission(self, person: str, *, content: str = "{}", key: bytes | None = None) -> Submission:
        response = StoredResponse(
            response_key=key or person.encode(),
            subject_id="p-ada",
            reporting_group="engineering",
            content=content,
            is_straight=False,
            is_fast=False,
        )
        return Submission(
            answers=self.answers, claim=self.claims[person], response=response, draft_key=b"draft"
        )


@pytest.fixture
def stores(world):
    with (
        open_register(world.settings.register_address) as register,
        open_answers(world.settings, world.wave_id) as answers,
    ):
        yield Stores(world, register, answers)


def written(writer, *works):
    async def write_all():
        return await asyncio.gather(*(writer.write(work) for work in works), return_exceptions=True)

    return asyncio.run(write_all())


def test_submissions_when_they_come_at_once_then_all_are_kept_and_done(stores, world):
    with Writer(stores.participation) as writer:
        outcomes = written(writer, *(stores.submission(person) for person in OTHERS))

    assert outcomes == [Written.KEPT] * len(OTHERS)
    assert world.done() == {("p-ada", "engineering"): len(OTHERS)}
    assert len(world.stored()) == len(OTHERS)


def test_submission_when_one_of_a_batch_is_bad_then_only_that_one_fails(stores, world):
    bad = stores.submission("p-lee", content=None)  # a row that no store takes
    with Writer(stores.participation) as writer:
        outcomes = written(writer, stores.submission("p-eve"), bad, stores.submission("p-kim"))

    assert outcomes[0] is outcomes[2] is Written.KEPT
    assert isinstance(outcomes[1], Exception)
    assert world.done() == {("p-ada", "engineering"): 2}


def test_submission_when_its_wave_closed_then_it_says_so_and_keeps_nothing(stores, world):
    with open_register(world.settings.register_address) as register:
        register.move_wave(world.wave_id, WaveState.CLOSED)
    with Writer(stores.participation) as writer:
        assert written(writer, stores.submission("p-eve")) == [Written.CLOSED]
    assert world.stored() == ()


def test_writing_when_the_store_is_sealed_then_everything_is_told_that_it_closed(stores, world):
    stores.answers.seal()
    works = [stores.submission("p-eve"), stores.submission("p-kim")]
    with Writer(stores.participation) as writer:
        draft = Draft(answers=stores.answers, draft_key=b"key", sealed=b"words")
        assert written(writer, *works, draft) == [Written.CLOSED] * 3
    assert world.done() == {}


def test_writer_when_nobody_empties_its_queue_then_it_takes_no_more(stores):
    writer = Writer(stores.participation, capacity=1)
    with pytest.raises(FullError):
        asyncio.run(writer.write(stores.submission("p-eve")))  # it was never started
    assert not writer.is_alive


def test_writer_when_its_queue_is_full_then_it_says_so_at_once(stores):
    entered, go_on = threading.Event(), threading.Event()

    class Slow(Participation):
        def claim(self, claims):
            entered.set()
            go_on.wait(10)
            return super().claim(claims)

    async def crowd():
        first = asyncio.create_task(slow_writer.write(stores.submission("p-eve")))
        await asyncio.to_thread(entered.wait, 10)
        second = asyncio.create_task(slow_writer.write(stores.submission("p-kim")))
        await asyncio.sleep(0.05)
        with pytest.raises(FullError):
            await slow_writer.write(stores.submission("p-lee"))
        go_on.set()
        return await asyncio.gather(first, second)

    store = stores.participation._store
    with Writer(Slow(store), capacity=1) as slow_writer:
        assert asyncio.run(crowd()) == [Written.KEPT, Written.KEPT]


def test_health_when_the_writer_has_ended_then_it_notices(stores):
    writer = Writer(stores.participation)
    with writer:
        alive = TestClient(FormApp({"health": health(writer)})).get("/health")
    ended = TestClient(FormApp({"health": health(writer)})).get("/health")

    assert (alive.status_code, ended.status_code) == (200, 503)


def test_submissions_when_a_store_refuses_then_all_hear_it_at_once_and_health_tells(stores, world):
    asked = []

    class Refusing(Participation):
        def claim(self, claims):
            asked.append(len(claims))
            raise StoreError("store-unwritable", "no room")

    store = stores.participation._store
    with Writer(Refusing(store)) as writer:
        outcomes = written(writer, *(stores.submission(person) for person in OTHERS))
        told = TestClient(FormApp({"health": health(writer)})).get("/health")

    assert [type(outcome) for outcome in outcomes] == [StoreError] * len(OTHERS)
    assert sum(asked) == len(OTHERS), "nobody waits for a store that has just refused"
    assert told.status_code == 503
    assert world.stored() == ()


def test_health_when_something_is_written_again_then_it_is_green(stores):
    class RefusingOnce(Participation):
        has_refused = False

        def claim(self, claims):
            if not self.has_refused:
                self.has_refused = True
                raise StoreError("store-busy", "busy")
            return super().claim(claims)

    with Writer(RefusingOnce(stores.participation._store)) as writer:
        assert isinstance(written(writer, stores.submission("p-eve"))[0], StoreError)
        assert writer.is_refused
        assert written(writer, stores.submission("p-eve")) == [Written.KEPT]
        assert not writer.is_refused


class Interfering(Participation):
    """Between claim and store, another process with the same link does something else, so many times."""

    times = 1

    def finish(self, claims, store=lambda: None):
        if self.times:
            self.times -= 1
            super().claim_withdrawals(claims)
            assert super().release(claims)
        return super().finish(claims, store)

    def release(self, claims, remove=lambda: None):
        if self.times:
            self.times -= 1
            super().claim(claims)
            assert super().finish(claims)
        return super().release(claims, remove)


def test_submission_when_another_process_gave_its_claim_back_then_it_claims_again(stores, world):
    with Writer(Interfering(stores.participation._store)) as writer:
        assert written(writer, stores.submission("p-eve")) == [Written.KEPT]
    assert world.done() == {("p-ada", "engineering"): 1}
    assert len(world.stored()) == 1


def test_withdrawal_when_another_process_finished_its_claim_then_it_claims_again(stores, world):
    sent = stores.submission("p-eve")
    withdrawal = Withdrawal(
        answers=sent.answers,
        claim=sent.claim,
        response_key=sent.response.response_key,
        draft_key=sent.draft_key,
    )
    with Writer(stores.participation) as writer:
        written(writer, sent)
    with Writer(Interfering(stores.participation._store)) as writer:
        assert written(writer, withdrawal) == [Written.KEPT]
    assert (world.done(), world.stored()) == ({}, ())


def test_submission_when_its_claim_is_always_given_back_then_the_rater_tries_again_later(stores, world):
    class Always(Interfering):
        times = 1000

    with Writer(Always(stores.participation._store)) as writer:
        assert isinstance(written(writer, stores.submission("p-eve"))[0], FullError)
    assert (world.done(), world.stored()) == ({}, ())
