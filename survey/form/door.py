"""The door of every personal link: where it leads, or the one page that tells a guesser nothing.

Unknown, used up, expired, closed, of another kind: same status, same bytes, and the same work before
it, so that neither the page nor the time it takes says which.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from survey.campaign import WaveState
from survey.form.limit import LINK_RATE, UNKNOWN_RATE, Limit
from survey.form.packed import Packed, pack
from survey.form.page import language_choice, render
from survey.form.reply import Reply, page
from survey.form.request import Asked
from survey.form.waves import Found, Waves
from survey.language import MEASURE, Wording, choose_language, languages, wording
from survey.participation import LinkPurpose

_SECRET = re.compile(r"[A-Za-z0-9_-]{22,86}")
_RETRY_SECONDS = b"5"
_NOT_CLOSED = frozenset({WaveState.DRAFT, WaveState.OPEN})
_GOOD = {
    LinkPurpose.ANSWER: frozenset({WaveState.OPEN}),
    LinkPurpose.TRY: _NOT_CLOSED,
    LinkPurpose.NOMINATE: _NOT_CLOSED,
    LinkPurpose.APPROVE: _NOT_CLOSED,
}
"""In which states of its wave a link of each kind is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What the form asks the world: the day, milliseconds since 1970, and seconds that never jump."""

    today: Callable[[], date] = date.today
    now_ms: Callable[[], int] = field(default=lambda: time.time_ns() // 1_000_000)
    steady: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody with a good link."""

    secret: str = field(repr=False)
    found: Found
    words: Wording


class Door:
    """Lets in who has a good link of the right kind, and not too often."""

    def __init__(self, waves: Waves, clock: Clock) -> None:
        self._waves = waves
        self._clock = clock
        self._links = Limit(LINK_RATE)
        self._unknown = Limit(UNKNOWN_RATE)

    def enter(self, asked: Asked, purpose: LinkPurpose) -> Guest | Reply:
        """Returns the guest, or what to answer instead."""
        secret = asked.pieces[1] if len(asked.pieces) > 1 else ""
        now = self._clock.steady()
        found = (
            self._waves.find(secret, now, is_fresh=asked.method == "GET")
            if _SECRET.fullmatch(secret)
            else None
        )
        if found is None or found.link.purpose is not purpose or self._is_over(found):
            allowed = self._unknown.takes("", now)
            return gone(asked) if allowed else slow(asked)
        if not self._links.takes(found.link.link_no, now):
            return slow(asked)
        return Guest(secret=secret, found=found, words=words_for(asked))

    def _is_over(self, found: Found) -> bool:
        link = found.link
        return self._clock.today() > link.closes_on or link.wave_state not in _GOOD[link.purpose]


def words_for(asked: Asked) -> Wording:
    """Returns the texts in the language of the address or of the browser; it is not kept."""
    return _words(asked.wished_language, asked.accepted_languages)


@lru_cache(maxsize=512)
def _words(wished: str, accepted: str) -> Wording:
    return wording(choose_language(wished, accepted, offered_languages()))


def offered_languages() -> tuple[str, ...]:
    """Returns the languages of the form, the one for everybody else first."""
    return (MEASURE, *(code for code in languages() if code != MEASURE))


def gone(asked: Asked) -> Reply:
    """Returns the page behind every link that leads nowhere."""
    return _plain(asked, 404, "gone")


def slow(asked: Asked) -> Reply:
    """Returns the page for somebody who asks too often."""
    return _with_retry(_plain(asked, 429, "slow"), b"60")


def busy(asked: Asked) -> Reply:
    """Returns the page for when nothing more can be taken at the moment."""
    return _with_retry(_plain(asked, 503, "busy"), _RETRY_SECONDS)


def refused(asked: Asked, status: int) -> Reply:
    """Returns the page for what is no answer of our form."""
    return _plain(asked, status, "refused")


def _plain(asked: Asked, status: int, name: str) -> Reply:
    return page((_piece(words_for(asked).language, name),), takes_gzip=asked.takes_gzip, status=status)


@lru_cache(maxsize=128)
def _piece(language: str, name: str) -> Packed:
    words = wording(language)
    keys = [key for key in (f"{name}_text", f"{name}_text_more") if key in words.texts]
    html = render(
        "plain.html",
        words,
        title=words.say(f"{name}_title"),
        lines=[words.say(key) for key in keys],
        list_path="",
        about="",
        skip="",
        is_try=False,
        choices=language_choice(language),
    )
    return pack(html)


def _with_retry(reply: Reply, seconds: bytes) -> Reply:
    return Reply(status=reply.status, headers=(*reply.headers, (b"retry-after", seconds)), body=reply.body)
