"""What a release was asked before: its file never changes, so an answer holds for as long as the day does."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_REMEMBERED = 512
"""Answers of one release; most hold some hundred numbers, those about all units of a wave one per unit and trait."""


class Answered:
    """The last answers of one release. Numbers of units may wait for a day, so each day asks anew."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._once = lru_cache(maxsize=_REMEMBERED)(_ask)

    def ask(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Returns what `read` answered today to these arguments; asks it if it was not asked yet."""
        # What a method of a release is asked with are ids, so they can be looked up.
        answer: T = self._once(self._today(), read, *args, **kwargs)  # type: ignore[arg-type]
        return answer


class Remembers(Protocol):
    """What keeps its answers; two of them never share any."""

    answered: Answered


R = TypeVar("R", bound=Remembers)


def remembered(read: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """Makes a method remember its last answers, which must be frozen; its arguments must be hashable."""

    @wraps(read)
    def ask(self: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.answered.ask(read, self, *args, **kwargs)

    return ask


def _ask(_: date, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return read(*args, **kwargs)
