"""Figures that were drawn already: the same numbers in the same language and theme are drawn once.

Drawing takes most of a page's time, and many look at the same few numbers. What a figure holds was
decided before, in `reading.py`: it is known by all that it is drawn from, so nobody gets another's.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import ParamSpec

from dashboard.figures.figure import Figure
from dashboard.spoken import spoken

_KEPT = 256
"""Figures of one kind; each takes some tens of kilobytes."""

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class _Wish:
    """A figure to draw; equal if everything it is drawn from is."""

    content: bytes
    draw: Callable[[], Figure] = field(compare=False)


def kept(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Makes a function that draws keep its last figures."""

    @lru_cache(maxsize=_KEPT)
    def once(wish: _Wish) -> Figure:
        return wish.draw()

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        content = pickle.dumps((spoken().language, args, kwargs))
        return once(_Wish(content, lambda: draw(*args, **kwargs)))

    return drawn
