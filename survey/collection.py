"""How our own form collects a wave: its days, who asks, and what is to be done on a day.

Pure: days and states in, steps out. Carrying a step out is for commands and the worker.
"""

from collections.abc import Callable, Iterator
from collections.abc import Collection as Some
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from survey.campaign import Period, WaveState, parse_period
from survey.errors import WaveError

SHORTEST_WINDOW, LONGEST_WINDOW, USUAL_WINDOW = 14, 28, 21
"""How many days a wave takes answers, the first and the last day included."""

USUAL_UNIT_DAYS = 3
"""Working days that PMs have their results to themselves before unit pages and the review show them."""

NOMINATION_DAYS = 21
"""So many days before a wave opens, PMs are asked whom to ask."""

PLANNING_DAYS = NOMINATION_DAYS + 7
"""So many days before it opens, the next wave of a repeated campaign is planned: HR has a week to change it."""

MAIL_DAYS = 60
"""So many days after the last one, thanks and the news of results are still sent where they were not yet."""

_REMINDED_AFTER, _REMINDED_BEFORE = 7, 3
_DAY = timedelta(days=1)
_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A wave as our own form collects it; a draft until a wave of the same id is opened.

    `closes_on` is the last day on which answers are taken. `asked_by` says on the form and in mails
    who asks, `reply_to` is where answers to mails go. The two hashes are "" until the wave opens.
    The campaign goes on by itself, period after period, as long as its last collection `is_repeated`.
    """

    wave_id: str
    campaign: str
    period: Period
    instrument_id: str
    opens_on: date
    closes_on: date
    asked_by: str
    reply_to: str
    unit_days: int
    created_on: date
    policy_text: str
    assignments_hash: str = ""
    roster_hash: str = ""
    is_repeated: bool = False

    @property
    def window_days(self) -> int:
        """How many days the form takes answers."""
        return (self.closes_on - self.opens_on).days + 1


class Step(StrEnum):
    """What may be due; each can be done again without harm."""

    PLAN = "plan"
    NOMINATE = "nominate"
    OPEN = "open"
    INVITE = "invite"
    REMIND = "remind"
    CLOSE = "close"
    INGEST = "ingest"
    PUBLISH = "publish"
    THANK = "thank"
    TELL = "tell"


def usual_days(period: Period, today: date, window_days: int = USUAL_WINDOW) -> tuple[date, date]:
    """Returns the days a wave opens and closes if nobody says otherwise.

    The last three weeks of its period, while there is so much left of it; else three weeks from today.

    >>> usual_days(parse_period("2026Q4"), date(2026, 11, 25))
    (datetime.date(2026, 12, 11), datetime.date(2026, 12, 31))
    """
    span = timedelta(days=window_days - 1)
    opens_on = max(period.ends_on - span, today)
    return opens_on, opens_on + span


def check_days(collection: Collection, today: date) -> None:
    """Refuses days in the past, and a window that is too short or too long.

    Raises:
        WaveError: with what is wrong about them.
    """
    if collection.opens_on < today:
        raise WaveError(
            "wave-opens-past",
            f"the day it opens, {collection.opens_on}, is past",
            where=collection.wave_id,
            hint=f"give a later one: --opens {today}",
        )
    if not SHORTEST_WINDOW <= collection.window_days <= LONGEST_WINDOW:
        usual = collection.opens_on + timedelta(days=USUAL_WINDOW - 1)
        raise WaveError(
            "wave-window",
            f"a wave is open for {SHORTEST_WINDOW} to {LONGEST_WINDOW} days; "
            f"{collection.opens_on} to {collection.closes_on} are {collection.window_days}",
            where=collection.wave_id,
            hint=f"change the plan: pmhealth wave create {collection.wave_id} "
            f"--opens {collection.opens_on} --closes {usual}",
        )


def next_collection(last: Collection, taken: Some[str], today: date) -> Collection:
    """Returns the draft that follows a campaign's last collection: the same words, a later period.

    It opens so late that PMs can still be asked whom to ask. A period that would be over by then is
    left out, and so is one whose wave is among the ids `taken`, by an export say.
    """
    first_day = today + timedelta(days=NOMINATION_DAYS)
    period = next(
        one
        for one in _periods_after(last.period)
        if one.ends_on >= first_day and f"{last.campaign}/{one.name}" not in taken
    )
    opens_on, closes_on = usual_days(period, first_day, last.window_days)
    return replace(
        last,
        wave_id=f"{last.campaign}/{period.name}",
        period=period,
        opens_on=opens_on,
        closes_on=closes_on,
        created_on=today,
        assignments_hash="",
        roster_hash="",
    )


def due_plan(last: Collection, taken: Some[str], today: date) -> Collection | None:
    """Returns the draft that is to be made today so that a repeated campaign goes on, or None."""
    if not last.is_repeated:
        return None
    following = next_collection(last, taken, today)
    return following if today >= planned_on(following) else None


def planned_on(collection: Collection) -> date:
    """Returns the day from which a wave that repeats an earlier one is planned."""
    return collection.opens_on - timedelta(days=PLANNING_DAYS)


def last_collections(collections: Some[Collection]) -> tuple[Collection, ...]:
    """Returns of each campaign the collection of its last period, by campaign."""
    last = {one.campaign: one for one in sorted(collections, key=lambda one: one.period.ends_on)}
    return tuple(last[campaign] for campaign in sorted(last))


def _periods_after(period: Period) -> Iterator[Period]:
    while True:
        period = next_period(period)
        yield period


def next_period(period: Period) -> Period:
    """Returns the period of the same length that starts when this one has ended.

    >>> next_period(parse_period("2026Q4")).name
    '2027Q1'
    """
    day = period.ends_on + _DAY
    if "Q" in period.name:
        return quarter_of(day)
    if "H" in period.name:
        return parse_period(f"{day.year}H{(day.month + 5) // 6}")
    if "-" in period.name:
        return parse_period(f"{day.year}-{day.month:02}")
    return parse_period(f"{day.year}")


def quarter_of(day: date) -> Period:
    """Returns the quarter of the year that a day lies in.

    >>> quarter_of(date(2026, 11, 25)).name
    '2026Q4'
    """
    return parse_period(f"{day.year}Q{(day.month + 2) // 3}")


def unit_date(published_on: date, unit_days: int) -> date:
    """Returns the day from which unit pages show a wave: so many working days after it was published.

    >>> unit_date(date(2026, 11, 26), 3)  # a Thursday
    datetime.date(2026, 12, 1)
    """
    day = published_on
    while unit_days > 0:
        day += _DAY
        unit_days -= day.weekday() < _WORKING_DAYS
    return day


def reminder_days(collection: Collection) -> tuple[date, ...]:
    """Returns the days on which those who have not answered are reminded: a week in, and near the end."""
    early = collection.opens_on + timedelta(days=_REMINDED_AFTER)
    late = collection.closes_on - timedelta(days=_REMINDED_BEFORE)
    return tuple(sorted({early, late}))


def due_steps(collection: Collection, state: WaveState, today: date) -> tuple[Step, ...]:
    """Returns what is to be done with a wave of that state on a day, in order.

    Opening, closing and publishing change the state, so ask again after them. Everything may be
    done twice: a reminder is due from its day to the end, and whoever was reminded is left out when
    it is sent, so that a day on which nobody ran this loses nothing.
    """
    return tuple(step for step, of, is_due in _TABLE if of is state and is_due(collection, today))


def _is_before(collection: Collection, today: date) -> bool:
    return collection.opens_on - timedelta(days=NOMINATION_DAYS) <= today < collection.opens_on


def _is_within(collection: Collection, today: date) -> bool:
    return collection.opens_on <= today <= collection.closes_on


def _may_open(collection: Collection, today: date) -> bool:
    """Late is better than never, as long as raters have the shortest window."""
    return _is_within(collection, today) and (collection.closes_on - today).days + 1 >= SHORTEST_WINDOW


def _is_reminded(collection: Collection, today: date) -> bool:
    return _is_within(collection, today) and today >= reminder_days(collection)[0]


def _is_over(collection: Collection, today: date) -> bool:
    return today > collection.closes_on


def _is_recent(collection: Collection, today: date) -> bool:
    """Long after a wave, mail about it would only puzzle people."""
    return today <= collection.closes_on + timedelta(days=MAIL_DAYS)


def _always(_: Collection, __: date) -> bool:
    return True


_TABLE: tuple[tuple[Step, WaveState, Callable[[Collection, date], bool]], ...] = (
    (Step.NOMINATE, WaveState.DRAFT, _is_before),
    (Step.OPEN, WaveState.DRAFT, _may_open),
    (Step.INVITE, WaveState.OPEN, _is_within),
    (Step.REMIND, WaveState.OPEN, _is_reminded),
    (Step.CLOSE, WaveState.OPEN, _is_over),
    (Step.CLOSE, WaveState.CLOSED, _always),  # a crash may have come in between
    (Step.INGEST, WaveState.CLOSED, _always),
    (Step.PUBLISH, WaveState.CLOSED, _always),
    (Step.THANK, WaveState.CLOSED, _is_recent),
    (Step.THANK, WaveState.PUBLISHED, _is_recent),
    (Step.TELL, WaveState.PUBLISHED, _is_recent),
)
