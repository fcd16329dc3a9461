"""The worker itself: one job at a time, alive while it works, plain about what goes wrong."""

import logging
import os
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from pipeline.tasks.handlers import HANDLERS
from pipeline.tasks.task import SAID, progress_of
from pipeline.worker import Worker, utc_now
from survey.job_kind import JobKind
from survey.language import languages, wording
from survey.lock import only_one
from survey.register import open_register
from survey.register_jobs import JobProgress, JobState
from tests.pipeline.worker.conftest import Desk


def test_handlers_when_counted_then_every_kind_has_one():
    assert set(HANDLERS) == set(JobKind)


def test_progress_when_said_then_every_language_has_a_text():
    keys = {*SAID.values(), "job_asked", "job_working", "job_done", "job_failed"}
    keys |= {progress_of("mail 1 of 2").said, progress_of("waiting for the server, for 3 mails more").said}
    for language in languages():
        assert keys <= set(wording(language).texts)
    assert progress_of("something new").said == "job_working"


def test_worker_when_there_is_nothing_to_do_then_says_so(desk):
    assert not desk.worker().do_next(desk.jobs)


def test_worker_when_a_handler_has_a_bug_then_its_text_is_told_nowhere(desk, caplog):
    def broken(_):
        raise ValueError("Ada said 5")

    asked = desk.ask(JobKind.PUBLISH)
    with caplog.at_level(logging.INFO, logger="pmhealth"):
        desk.worker(handlers={JobKind.PUBLISH: broken}).do_next(desk.jobs)
    failed = desk.jobs.find(asked.job_id)
    assert (failed.state, failed.problem.code) == (JobState.FAILED, "unexpected")
    assert "Ada" not in f"{failed}{caplog.text}"


def test_worker_when_a_job_runs_then_who_asked_sees_how_far_it_is(desk):
    seen = []

    def slow(task):
        task.say("mail 3 of 12")
        while not seen or seen[-1].progress.done != 3:
            seen.append(desk.jobs.find(task.job.job_id))
        return {"sent_count": 12}

    asked = desk.ask(JobKind.INVITE)
    desk.worker(handlers={JobKind.INVITE: slow}).do_next(desk.jobs)
    assert seen[-1].state is JobState.RUNNING
    assert seen[-1].progress == JobProgress(done=3, total=12, said="job_mailing")
    assert desk.jobs.find(asked.job_id).state is JobState.DONE


def test_worker_when_its_lease_was_taken_over_then_the_other_one_s_word_counts(desk):
    asked = desk.ask(JobKind.PUBLISH)

    def overtaken(_):
        taken = desk.jobs.take("w2", utc_now() + timedelta(hours=1))
        desk.jobs.finish(taken, {"release_no": 7}, utc_now())
        return {"release_no": 8}

    assert desk.worker(handlers={JobKind.PUBLISH: overtaken}).do_next(desk.jobs)
    assert desk.jobs.find(asked.job_id).result == {"release_no": 7}


def test_worker_when_another_is_at_work_then_it_stands_by(desk, caplog):
    stop, asked = Event(), desk.ask(JobKind.CREATE)
    worker = desk.worker()
    with caplog.at_level(logging.WARNING, logger="pmhealth"):
        with only_one(desk.settings.lock_path("worker")):
            thread = Thread(target=worker.run, args=(stop,))
            thread.start()
            while "already-running" not in caplog.text:
                assert thread.is_alive()
            assert desk.jobs.find(asked.job_id).state is JobState.ASKED
        while not desk.jobs.find(asked.job_id).has_ended:
            assert thread.is_alive()
        stop.set()
        thread.join()
    assert worker.is_alive
    assert caplog.text.count("already-running") == 1


@pytest.mark.parametrize(("hour", "is_time"), [(3, False), (12, True)])
def test_due_when_it_is_night_then_nobody_is_mailed(on_either_store, hour, is_time):
    noon = datetime.now(UTC).astimezone().replace(hour=hour)
    with open_register(on_either_store.register_address) as register:
        worker = Desk(settings=on_either_store, register=register).worker(now=lambda: noon)
        assert worker._is_time() is is_time
        assert worker.do_due() == ()


def test_inbox_when_it_cannot_be_emptied_then_the_worker_goes_on(desk, caplog):
    desk.settings.inbox_path.mkdir()
    (desk.settings.inbox_path / "folder").mkdir()
    os.utime(desk.settings.inbox_path / "folder", (0, 0))
    desk.do(JobKind.CREATE)
    assert "cannot be deleted" in caplog.text


def test_worker_when_it_stumbles_then_it_says_over_what_and_comes_back(settings, caplog):
    """A bug, or a register that cannot be opened, must not end the process again and again."""
    clock_of_a_fool = Worker(settings, {}, name="w1", now=lambda: "noon")
    assert clock_of_a_fool._work_alone(Event()) == "AttributeError"
    stopped = Event()
    stopped.set()
    assert clock_of_a_fool._work_alone(stopped) == ""
