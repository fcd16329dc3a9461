"""A campaign puts one instrument to one roster over time; a wave is one cycle of it."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from survey.errors import WaveError

MAX_REASON_LENGTH = 500
"""Characters of a reason; a release keeps texts of fewer than 4,096 bytes whole."""


class WaveState(StrEnum):
    """Where a wave stands. A withdrawn wave was published and leaves the next release."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[WaveState, frozenset[WaveState]] = {
    WaveState.DRAFT: frozenset({WaveState.OPEN}),
    WaveState.OPEN: frozenset({WaveState.CLOSED}),
    WaveState.CLOSED: frozenset({WaveState.PUBLISHED}),
    WaveState.PUBLISHED: frozenset({WaveState.WITHDRAWN}),
    WaveState.WITHDRAWN: frozenset({WaveState.PUBLISHED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A span of days with a short name: `2026Q1`, `2026H1`, `2026-03` or `2026`."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One instrument version over one period, with everything that was promised when it opened.

    An external wave was opened by the first ingest of another tool's export. `policy` is the
    frozen text of the disclosure policy (TOML), `roster_date` the day whose roster counts. Pages of
    units show the wave from `unit_date` on, or at once where it is None.
    """

    wave_id: str
    campaign: str
    period: Period
    instrument_id: str
    instrument_version: str
    instrument_hash: str
    state: WaveState
    is_external: bool
    roster_date: date
    policy: str
    reason: str = ""
    unit_date: date | None = None


def move(wave: Wave, state: WaveState, reason: str = "") -> Wave:
    """Returns the wave in its next state.

    Raises:
        WaveError: the wave cannot go there from where it stands, or is withdrawn without a reason,
            or with one that is too long.
    """
    if state not in TRANSITIONS[wave.state]:
        raise WaveError(
            "wave-state",
            f"the wave is {wave.state}; it cannot become {state}",
            where=wave.wave_id,
            hint=f"from {wave.state} a wave can become: {', '.join(sorted(TRANSITIONS[wave.state]))}",
        )
    if state is WaveState.WITHDRAWN:
        _check_reason(wave, reason.strip())
    return replace(wave, state=state, reason=reason.strip())


def _check_reason(wave: Wave, reason: str) -> None:
    if not reason:
        raise WaveError(
            "wave-reason",
            "a wave is withdrawn with a reason, which everyone will see",
            where=wave.wave_id,
            hint="say why in a few words, without names",
        )
    if len(reason) > MAX_REASON_LENGTH:
        raise WaveError(
            "wave-reason-long",
            f"the reason has more than {MAX_REASON_LENGTH} characters",
            where=wave.wave_id,
            hint="say it in a sentence or two; the release keeps it for everyone to read",
        )


_PERIOD = re.compile(
    r"(?P<year>[12][0-9]{3})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?"
)


def parse_period(name: str) -> Period:
    """Returns the period that a name stands for.

    >>> parse_period("2026Q1").ends_on
    datetime.date(2026, 3, 31)

    Raises:
        WaveError: the name is none of the four forms.
    """
    found = _PERIOD.fullmatch(name)
    if found is None:
        raise WaveError(
            "wave-period", f"'{name}' is not a period", hint="write 2026Q1, 2026H1, 2026-03 or 2026"
        )
    year = int(found["year"])
    first, months = 1, 12
    if found["quarter"]:
        first, months = 3 * int(found["quarter"]) - 2, 3
    elif found["half"]:
        first, months = 6 * int(found["half"]) - 5, 6
    elif found["month"]:
        first, months = int(found["month"]), 1
    after_year, after_month = divmod(first - 1 + months, 12)
    ends_on = date(year + after_year, after_month + 1, 1) - timedelta(days=1)
    return Period(name=name, starts_on=date(year, first, 1), ends_on=ends_on)
