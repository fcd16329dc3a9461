"""Two forms on the same stores are asked for the same thing at the same moment: one of them counts."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from survey.participation import ParticipationState
from tests.crash.crowd_world import open_crowd_world
from tests.crash.form_process import running
from tests.crash.respondents import Told, open_form, send

RACES = max(20, int(os.environ.get("KILLS", "0")))


def at_once(*requests: tuple[int, str, dict[str, str]]) -> list[Told]:
    """Sends each request from a thread of its own, all let go at the same moment."""
    barrier = Barrier(len(requests))

    def go(request: tuple[int, str, dict[str, str]]) -> Told:
        barrier.wait()
        return send(*request)

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(go, requests))


@pytest.mark.slow
def test_links_when_two_of_a_rater_are_sent_at_once_then_exactly_one_counts(settings):
    world = open_crowd_world(settings, RACES, link_count=2)
    with running(settings, 2) as processes:
        winners = {}
        for rater in world.raters:
            requests = []
            for process, secret, word in zip(processes, rater.links, ("first", "second"), strict=True):
                path = f"/f/{secret}/1"
                seal = open_form(process.port, path)
                requests.append((process.port, path, {**world.fields(word), "seal": seal, "do": "send"}))
            told = at_once(*requests)
            assert sorted(told) == [Told.ELSEWHERE, Told.RECEIPT]
            winners[rater.person_id, rater.subjects[0]] = ("first", "second")[told.index(Told.RECEIPT)]

    kept = world.kept()
    assert {task: kept[task].comments for task in winners} == {
        task: (word,) for task, word in winners.items()
    }
    assert {kept[task].state for task in winners} == {ParticipationState.DONE}


@pytest.mark.slow
def test_link_when_it_sends_and_withdraws_at_once_then_done_means_that_a_response_is_there(settings):
    world = open_crowd_world(settings, RACES)
    with running(settings, 2) as processes:
        for rater in world.raters:
            path, port = f"/f/{rater.links[0]}/1", processes[0].port
            seal = open_form(port, path)
            assert send(port, path, {**world.fields("before"), "seal": seal, "do": "send"}) is Told.RECEIPT
            told = at_once(
                (port, path, {**world.fields("after"), "seal": seal, "do": "send"}),
                (processes[1].port, path, {"seal": seal, "do": "withdraw"}),
            )
            assert told == [Told.RECEIPT, Told.WITHDRAWN]

    for task, found in world.kept().items():
        is_done = found.state is ParticipationState.DONE
        assert found.state is not ParticipationState.SUBMITTING
        assert found.comments == (("after",) if is_done else ()), task
