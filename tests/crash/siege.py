"""A wave under load whose form is killed again and again, and what was seen after each kill."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

from survey.participation import ParticipationState
from tests.crash.crowd_world import CrowdWorld
from tests.crash.form_process import FormProcess
from tests.crash.respondents import Task, respondents

BROWSERS = 8
LONGEST_SECONDS = 0.4
FRESH_EVERY = 20


class Siege:
    """A wave, its form processes, the raters, and what was seen after each kill."""

    def __init__(self, world: CrowdWorld, processes: list[FormProcess], seed: int) -> None:
        self.world = world
        self.processes = processes
        self.random = Random(seed)  # noqa: S311 - chance, not secrecy
        ports = tuple(process.port for process in processes)
        self.crowd = respondents(world, ports, BROWSERS, seed)
        self.seen: Counter[str] = Counter()
        self.half_done: frozenset[tuple[str, str]] = frozenset()

    @property
    def tasks(self) -> list[Task]:
        return [task for one in self.crowd for task in one.tasks]

    def kill_under_load(self, number: int) -> None:
        """Lets the raters go, kills one server, starts it again, and looks."""
        victim = self.processes[number % len(self.processes)]
        with self.load():
            self._wait_for_load(is_early=number % 4 == 3)
            victim.kill()
            self.seen["kills"] += 1
            if len(self.processes) > 1:
                time.sleep(0.15)  # those who were cut go on at the other server
        victim.start(is_fresh=number % FRESH_EVERY == FRESH_EVERY - 1)
        self.look()

    @contextmanager
    def load(self) -> Iterator[None]:
        """Lets every rater go, each in a thread of its own; afterwards they have stopped."""
        over = threading.Event()
        with ThreadPoolExecutor(len(self.crowd)) as threads:
            going = [threads.submit(one.run, over) for one in self.crowd]
            try:
                yield
            finally:
                over.set()
        for one in going:
            one.result()

    def _wait_for_load(self, *, is_early: bool) -> None:
        """Mostly until answers flow, then a moment of chance; early: any moment, the first page included."""
        before, deadline = self.acknowledged, time.monotonic() + 20
        while not is_early and self.acknowledged == before and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, LONGEST_SECONDS))

    @property
    def acknowledged(self) -> int:
        return self.told("sent") + self.told("changed") + self.told("withdrawn")

    def look(self) -> None:
        kept = self.world.kept()
        assert kept.keys() == {task.key for task in self.tasks}
        self.half_done = frozenset(
            key for key, one in kept.items() if one.state is ParticipationState.SUBMITTING and one.comments
        )
        for task in self.tasks:
            found = kept[task.key]
            task.check(found)
            self.seen["compared"] += 1
            if found.state is ParticipationState.SUBMITTING:
                self.seen["half done, stored" if found.comments else "half done, not stored"] += 1
            elif task.wish is not None:
                comment = found.comments[0] if found.comments else ""
                self.seen["cut, done" if comment == task.wish else "cut, nothing done"] += 1

    def told(self, name: str) -> int:
        return sum(getattr(one.tally, name) for one in self.crowd)

    def summary(self) -> str:
        self.seen["acknowledged"] = self.acknowledged
        names = ("sent", "changed", "withdrawn", "cut", "retried", "busy")
        said = [f"{name} {count:,}" for name, count in sorted(self.seen.items())]
        return "; ".join([*said, *(f"{name} {self.told(name):,}" for name in names)])
