"""Raters who send, change and withdraw over HTTP, remember what they were told, and retry what was cut."""

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from random import Random
from urllib.parse import urlencode

from survey.participation import ParticipationState
from tests.crash.crowd_world import CrowdWorld, Kept, Rater
from tests.rating_world import seal_in

_HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
_TIMEOUT_SECONDS = 30
BUSY_SECONDS = 0.2


class Told(StrEnum):
    """What a rater was told about something sent."""

    RECEIPT = "receipt"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    BUSY = "busy"


class CutError(Exception):
    """No answer came, or not all of it: the rater knows nothing."""


class BusyError(CutError):
    """The rater was told to try again in a few seconds; nothing was acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Page:
    status: int
    location: str
    retry_after: str
    html: str


def ask(port: int, method: str, path: str, fields: dict[str, str] | None = None) -> Page:
    """One request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    body = urlencode(fields) if fields else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    try:
        connection.request(method, path, body=body, headers=_HEADERS | kind)
        answer = connection.getresponse()
        html = answer.read().decode()
    except (OSError, HTTPException) as error:
        raise CutError from error
    finally:
        connection.close()
    return Page(
        status=answer.status,
        location=answer.headers.get("Location", ""),
        retry_after=answer.headers.get("Retry-After", ""),
        html=html,
    )


def open_form(port: int, path: str) -> str:
    """Returns the seal of an opened form."""
    page = ask(port, "GET", path)
    if page.status == 503:
        assert page.retry_after
        raise BusyError
    assert page.status == 200, page.status
    return seal_in(page.html)


def send(port: int, path: str, fields: dict[str, str]) -> Told:
    """Sends a form, or withdraws it, and returns what the rater was told."""
    page = ask(port, "POST", path, fields)
    if page.status == 503:
        assert page.retry_after
        return Told.BUSY
    if page.status == 303:
        return Told.RECEIPT if page.location.partition("?")[0].endswith("/thanks") else Told.WITHDRAWN
    assert page.status == 200, page.status
    assert "seal" not in page.html
    return Told.ELSEWHERE


@dataclass(kw_only=True)
class Task:
    """One form of one rater: `sure` is what was acknowledged last, `wish` what was sent without an answer."""

    rater: Rater
    place: int
    sure: str = ""
    wish: str | None = None
    wished: dict[str, str] = field(default_factory=dict, repr=False)
    count: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.rater.person_id, self.rater.subjects[self.place - 1]

    @property
    def path(self) -> str:
        return f"/f/{self.rater.links[0]}/{self.place}"

    def check(self, kept: Kept) -> None:
        """What was acknowledged is what is there; where something was cut, that or what was cut."""
        assert len(kept.comments) <= 1, "counted twice"
        comment = kept.comments[0] if kept.comments else ""
        assert comment in ({self.sure} if self.wish is None else {self.sure, self.wish})
        if kept.state is ParticipationState.SUBMITTING:
            assert self.wish is not None, "nothing is left half done without its rater knowing"
        else:
            assert (kept.state is ParticipationState.DONE) is bool(comment)


@dataclass(kw_only=True)
class Tally:
    """What all respondents did and were told."""

    sent: int = 0
    changed: int = 0
    withdrawn: int = 0
    cut: int = 0
    retried: int = 0
    busy: int = 0


class Respondent:
    """A browser with the tasks of some raters; one request after the other, each on a form it opened."""

    def __init__(self, world: CrowdWorld, tasks: list[Task], ports: tuple[int, ...], seed: int) -> None:
        self._world = world
        self._ports = ports
        self._random = Random(seed)  # noqa: S311 - chance, not secrecy
        self.tasks = tasks
        self.tally = Tally()
        self._is_retry = False

    def run(self, until: threading.Event) -> None:
        """Goes on until told to stop, or, with one server, until it is gone."""
        while not until.is_set():
            try:
                self._act()
            except BusyError:
                until.wait(BUSY_SECONDS)
            except CutError:
                if len(self._ports) == 1:
                    return

    def finish(self, *, but: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Retries all that was cut."""
        for task in self.tasks:
            while task.wish is not None and task.key not in but:
                self._send(task)

    def _act(self) -> None:
        task = next((one for one in self.tasks if one.wish is not None), None)
        if task is None:
            task = self._random.choice(self.tasks)
            self._fill(task)
        self._send(task)

    def _fill(self, task: Task) -> None:
        seal = open_form(self._port(), task.path)
        task.count += 1
        if task.sure and self._random.random() < 0.35:
            task.wish, task.wished = "", {"seal": seal, "do": "withdraw"}
        else:
            comment = f"{task.rater.person_id} says {task.count} of {task.place}"
            task.wish = comment
            task.wished = {**self._world.fields(comment), "seal": seal, "do": "send"}
        self._is_retry = False

    def _send(self, task: Task) -> None:
        assert task.wish is not None
        self.tally.retried += self._is_retry
        self._is_retry = True
        try:
            told = send(self._port(), task.path, task.wished)
        except CutError:
            self.tally.cut += 1
            raise
        if told is Told.BUSY:
            self.tally.busy += 1
            raise BusyError
        assert told is (Told.RECEIPT if task.wish else Told.WITHDRAWN)
        self._note(task)

    def _note(self, task: Task) -> None:
        if not task.wish:
            self.tally.withdrawn += 1
        elif task.sure:
            self.tally.changed += 1
        else:
            self.tally.sent += 1
        task.sure, task.wish = task.wish or "", None

    def _port(self) -> int:
        return self._random.choice(self._ports)


def respondents(world: CrowdWorld, ports: tuple[int, ...], count: int, seed: int) -> list[Respondent]:
    """Shares the raters among so many browsers."""
    tasks = [[Task(rater=rater, place=place) for place in (1, 2)] for rater in world.raters]
    return [
        Respondent(world, [task for both in tasks[start::count] for task in both], ports, seed + start)
        for start in range(count)
    ]
