"""The stores of a running form fill up, may only be read, or are away: the rater hears it, and nothing is lost."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from survey.config import Settings
from survey.participation import ParticipationState
from tests.crash.crowd_world import CrowdWorld, open_crowd_world
from tests.crash.form_process import FormProcess, running
from tests.crash.respondents import Told, ask, open_form, send
from tests.crash.siege import Siege

WAIT_SECONDS = 60
CUT = (
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}' and pid <> pg_backend_pid()"
)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def health(process: FormProcess) -> int:
    return ask(process.port, "GET", "/health").status


@contextmanager
def no_room(process: FormProcess) -> Iterator[None]:
    """No file of the process may become longer than it is, as on a full disk."""
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


def check_refusal(world: CrowdWorld, process: FormProcess, refusing: Callable[[], object]) -> None:
    """One is sent before, one while the store refuses, which is sent again afterwards: same link, same answers."""
    first, second = (f"/f/{rater.links[0]}/1" for rater in world.raters[:2])
    works = {
        path: {**world.fields(path[-8:]), "seal": open_form(process.port, path), "do": "send"}
        for path in (first, second)
    }
    assert send(process.port, first, works[first]) is Told.RECEIPT
    assert health(process) == 200
    with refusing():
        assert send(process.port, second, works[second]) is Told.BUSY
        assert send(process.port, first, {**works[first], "do": "withdraw"}) is Told.BUSY
        assert health(process) == 503
    kept = world.kept()
    assert kept[world.raters[0].person_id, world.raters[0].subjects[0]].comments == (first[-8:],)
    assert kept[world.raters[1].person_id, world.raters[1].subjects[0]].comments == ()
    assert send(process.port, second, works[second]) is Told.RECEIPT
    assert health(process) == 200
    assert [one.state for one in world.kept().values()].count(ParticipationState.DONE) in {1, 2}


@pytest.mark.slow
def test_form_when_the_disk_is_full_then_raters_hear_it_and_nothing_is_acknowledged(tmp_path):
    settings = Settings(home=tmp_path / "home")
    world = open_crowd_world(settings, 6)
    with running(settings, 1) as (process,):
        check_refusal(world, process, lambda: no_room(process))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["register", "answers"])
def test_form_when_a_database_may_only_be_read_then_raters_hear_it(tmp_path, postgres, name):
    settings = Settings(
        home=tmp_path / "home",
        register_url=postgres.empty_database("register"),
        answers_url=postgres.empty_database("answers"),
    )

    @contextmanager
    def read_only() -> Iterator[None]:
        change = f"alter database {name} set default_transaction_read_only = "
        postgres.run(change + "on", CUT.format(name))
        try:
            yield
        finally:
            postgres.run(change + "off", CUT.format(name))

    world = open_crowd_world(settings, 6)
    with running(settings, 1) as (process,):
        check_refusal(world, process, read_only)


@pytest.mark.slow
def test_form_when_the_server_crashes_and_comes_back_then_it_goes_on_by_itself(tmp_path, own_server):
    settings = Settings(
        home=tmp_path / "home",
        register_url=own_server.server.make_database("register"),
        answers_url=own_server.server.make_database("answers"),
    )
    world = open_crowd_world(settings, 24)
    with running(settings, 1) as (process,):
        siege = Siege(world, [process], seed=3)
        with siege.load():
            until(lambda: siege.acknowledged > 5)
            own_server.crash()
            until(lambda: health(process) == 503)
            own_server.start()
            before = siege.acknowledged
            until(lambda: siege.acknowledged > before + 20)
            assert health(process) == 200
        for one in siege.crowd:
            one.finish()
        siege.look()
    assert siege.told("busy") > 0


@pytest.mark.slow
def test_health_when_nobody_can_even_open_a_page_then_it_is_red_until_something_is_stored(
    tmp_path, own_server
):
    settings = Settings(
        home=tmp_path / "home",
        register_url=own_server.server.make_database("register"),
        answers_url=own_server.server.make_database("answers"),
    )
    world = open_crowd_world(settings, 6)
    first, second = (f"/f/{rater.links[0]}/1" for rater in world.raters[:2])
    with running(settings, 1) as (process,):
        work = {**world.fields(first[-8:]), "seal": open_form(process.port, first), "do": "send"}
        assert health(process) == 200
        own_server.crash()
        assert ask(process.port, "GET", second).status == 503
        assert health(process) == 503
        own_server.start()
        until(lambda: send(process.port, first, work) is Told.RECEIPT)
        assert health(process) == 200
