"""The one thread that writes: many submissions, one commit.

Each submission is claimed in the register, stored with the answers, marked done in the register; only
then is it acknowledged. The answers change while the register is held, so that processes with the same
link take turns. After a crash in between the rater's retry finishes it. Up to 200 that wait are taken
together, so that a burst of mail costs a handful of commits. If a batch fails, its members are tried
one by one: one bad row stops nobody else. If a store refuses, it refuses all of them at once.
"""

import asyncio
import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from survey.answers import Answers, StoredResponse
from survey.errors import StoreError, WaveError
from survey.register_participation import Claim, ClaimOutcome, Participation

CAPACITY = 5000
BATCH = 200
REFUSED_SECONDS = 30.0
"""For so long a refusal of a store is told by `is_refused`, unless something is written before."""

_TRIES = 5
GATHER_SECONDS = 0.01
"""How long the first of a batch waits for others: unnoticed by one, and in a burst it saves commits."""


class Written(StrEnum):
    """What became of something to write."""

    KEPT = "kept"
    OTHER_LINK = "other_link"
    CLOSED = "closed"


class FullError(Exception):
    """Too much is waiting, or nobody writes any more: try again in a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Answers to keep, each in the place of the same rater's earlier ones; the draft goes."""

    answers: Answers
    claim: Claim
    response: StoredResponse = field(repr=False)
    draft_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Answers to take out again, with the draft."""

    answers: Answers
    claim: Claim
    response_key: bytes = field(repr=False)
    draft_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft to keep, in the place of the earlier one."""

    answers: Answers
    draft_key: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


Work: TypeAlias = Submission | Withdrawal | Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    work: Work
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Written]


class Writer:
    """Writes what it is given, in order, in a thread of its own."""

    def __init__(self, participation: Participation, *, capacity: int = CAPACITY) -> None:
        self._participation = participation
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(capacity)
        self._refused_at = -math.inf
        self._thread = threading.Thread(target=self._run, name="form-writer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Writes what is waiting still, then ends."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    @property
    def is_alive(self) -> bool:
        """False once the thread has ended: nothing would be written any more."""
        return self._thread.is_alive()

    @property
    def is_refused(self) -> bool:
        """True if a store refused something a short while ago, and nothing was written since: full, or out of reach."""
        return time.monotonic() < self._refused_at + REFUSED_SECONDS

    def note_refusal(self) -> None:
        """Says that a store refused something, read or written: until a write succeeds, `is_refused` tells."""
        self._refused_at = time.monotonic()

    async def write(self, work: Work) -> Written:
        """Returns what became of it, once it is on disk.

        Raises:
            FullError: it was not even taken.
            HealthError: a store refused it.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work=work, loop=loop, future=loop.create_future())
        if not self.is_alive:
            raise FullError
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise FullError from None
        return await waiting.future

    def _run(self) -> None:
        is_going_on = True
        while is_going_on:
            batch, is_going_on = self._take()
            for kind, members in groupby(batch, key=lambda waiting: type(waiting.work)):
                self._write(kind, tuple(members))

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Waits for one, and a moment for others, then takes whatever is there."""
        batch: list[_Waiting] = []
        taken = self._queue.get()
        if taken is not None:
            time.sleep(GATHER_SECONDS)
        while taken is not None:
            batch.append(taken)
            if len(batch) == BATCH or self._queue.empty():
                return batch, True
            taken = self._queue.get()
        return batch, False

    def _write(self, kind: type[Work], members: Sequence[_Waiting]) -> None:
        """A failed batch is tried again one by one; what fails alone fails for itself.

        Not where a store refuses: each would wait for it in turn, and all others behind them.
        """
        try:
            outcomes = self._written(kind, [waiting.work for waiting in members])
            self._refused_at = -math.inf
        except Exception as error:
            is_refused = isinstance(error, StoreError)
            if is_refused:
                self.note_refusal()
            if is_refused or len(members) == 1:
                failure = error
                _tell(members, lambda waiting: _fail(waiting, failure))
                return
            for waiting in members:
                self._write(kind, (waiting,))
            return
        told = dict(zip(map(id, members), outcomes, strict=True))
        _tell(members, lambda waiting: _resolve(waiting, told[id(waiting)]))

    def _written(self, kind: type[Work], works: Sequence[Work]) -> list[Written]:
        """Claims anew what another process with the same link has finished or given back meanwhile."""
        for _ in range(_TRIES):
            outcomes = self._tried(kind, works)
            if outcomes is not None:
                return outcomes
        raise FullError

    def _tried(self, kind: type[Work], works: Sequence[Work]) -> list[Written] | None:
        if kind is Submission:
            return self._submit([work for work in works if isinstance(work, Submission)])
        if kind is Withdrawal:
            return self._withdraw([work for work in works if isinstance(work, Withdrawal)])
        return _keep_drafts([work for work in works if isinstance(work, Draft)])

    def _submit(self, works: Sequence[Submission]) -> list[Written] | None:
        outcomes = _outcomes(self._participation.claim([work.claim for work in works]))
        kept = [work for work, outcome in zip(works, outcomes, strict=True) if outcome is Written.KEPT]
        try:
            is_held = self._participation.finish([work.claim for work in kept], lambda: _put(kept))
        except WaveError:
            return _closed(outcomes, works)
        return outcomes if is_held else None

    def _withdraw(self, works: Sequence[Withdrawal]) -> list[Written] | None:
        outcomes = _outcomes(self._participation.claim_withdrawals([work.claim for work in works]))
        kept = [work for work, outcome in zip(works, outcomes, strict=True) if outcome is Written.KEPT]
        try:
            is_held = self._participation.release([work.claim for work in kept], lambda: _remove(kept))
        except WaveError:
            return _closed(outcomes, works)
        return outcomes if is_held else None


def _put(works: Sequence[Submission]) -> None:
    for answers, members in _by_wave(works):
        answers.put_batch(
            [work.response for work in members], used_drafts=[work.draft_key for work in members]
        )


def _remove(works: Sequence[Withdrawal]) -> None:
    for answers, members in _by_wave(works):
        answers.remove([work.response_key for work in members])
        answers.put_batch((), used_drafts=[work.draft_key for work in members])


def _keep_drafts(works: Sequence[Draft]) -> list[Written]:
    try:
        for work in works:
            work.answers.put_draft(work.draft_key, work.sealed)
    except WaveError:
        return _closed([Written.KEPT] * len(works), works)
    return [Written.KEPT] * len(works)


def _closed(outcomes: Sequence[Written], works: Sequence[object]) -> list[Written]:
    """The store is sealed, so the wave is closing: nothing of the batch was kept, if it is of one wave."""
    if len(works) > 1:
        raise _TryOneByOneError
    return [Written.CLOSED if outcome is Written.KEPT else outcome for outcome in outcomes]


class _TryOneByOneError(Exception):
    """Part of a batch is refused; the members find out alone which."""


def _outcomes(claimed: Iterable[ClaimOutcome]) -> list[Written]:
    told = {ClaimOutcome.CLAIMED: Written.KEPT, ClaimOutcome.OTHER_LINK: Written.OTHER_LINK}
    return [told.get(outcome, Written.CLOSED) for outcome in claimed]


_Member = TypeVar("_Member", Submission, Withdrawal)


def _by_wave(works: Sequence[_Member]) -> Iterable[tuple[Answers, list[_Member]]]:
    waves: dict[int, tuple[Answers, list[_Member]]] = {}
    for work in works:
        waves.setdefault(id(work.answers), (work.answers, []))[1].append(work)
    return waves.values()


def _tell(members: Sequence[_Waiting], answer: Callable[[_Waiting], None]) -> None:
    """Wakes each event loop once for all its members; one that has ended meanwhile is left alone."""
    for loop, told in groupby(members, key=lambda waiting: waiting.loop):
        waiting = tuple(told)
        try:
            loop.call_soon_threadsafe(_answer_each, waiting, answer)
        except RuntimeError:
            continue


def _answer_each(members: Sequence[_Waiting], answer: Callable[[_Waiting], None]) -> None:
    for waiting in members:
        if not waiting.future.done():
            answer(waiting)


def _resolve(waiting: _Waiting, outcome: Written) -> None:
    waiting.future.set_result(outcome)


def _fail(waiting: _Waiting, error: Exception) -> None:
    waiting.future.set_exception(error)
