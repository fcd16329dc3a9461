"""A wave as HR meets it, planned, collected by our form or by another tool, and what comes next in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey.campaign import Wave, WaveState
from survey.collection import Collection
from survey.register_mail import MailState


class NextStep(StrEnum):
    """What comes next in a wave."""

    ASSIGN = "assign"
    PREVIEW = "preview"
    OPEN = "open"
    INVITE = "invite"
    WAIT = "wait"
    CLOSE = "close"
    TAKE_IN = "take_in"
    PUBLISH = "publish"
    ANNOUNCE = "announce"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWave:
    """A wave: its plan where our form collects it, its frozen record once it was opened; never neither."""

    collection: Collection | None
    wave: Wave | None

    @property
    def wave_id(self) -> str:
        return self._known.wave_id

    @property
    def period(self) -> str:
        return self._known.period.name

    @property
    def instrument_id(self) -> str:
        return self._known.instrument_id

    @property
    def starts_on(self) -> date:
        return self._known.period.starts_on

    @property
    def state(self) -> WaveState:
        return WaveState.DRAFT if self.wave is None else self.wave.state

    @property
    def is_external(self) -> bool:
        """True if another survey tool collects it."""
        return self.collection is None

    @property
    def policy_text(self) -> str:
        """What it promises: as frozen, or as planned."""
        if self.wave is not None:
            return self.wave.policy
        return "" if self.collection is None else self.collection.policy_text

    @property
    def reason(self) -> str:
        return "" if self.wave is None else self.wave.reason

    @property
    def _known(self) -> Wave | Collection:
        known = self.wave or self.collection
        assert known is not None  # noqa: S101 - `desk_waves` makes none without
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What else decides about the next step: proposals, a look ahead, mails, and what was taken in."""

    has_nominations: bool = False
    is_previewed: bool = False
    mails: Mapping[tuple[str, MailState], int]
    is_taken_in: bool = False


def desk_waves(
    waves: Iterable[Wave], collections: Iterable[tuple[Collection, WaveState]]
) -> tuple[DeskWave, ...]:
    """Returns every wave once, the latest period first."""
    planned = {collection.wave_id: collection for collection, _ in collections}
    opened = {wave.wave_id: wave for wave in waves}
    found = [
        DeskWave(collection=planned.get(wave_id), wave=opened.get(wave_id))
        for wave_id in planned.keys() | opened.keys()
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.wave_id), reverse=True))


def next_step(one: DeskWave, known: Known, today: date) -> NextStep:
    """Returns what comes next in a wave."""
    match one.state:
        case WaveState.DRAFT:
            return _before(known)
        case WaveState.OPEN if one.collection is not None:
            return _while_open(one.collection, known, today)
        case WaveState.CLOSED if not (known.is_taken_in or one.is_external):
            return NextStep.TAKE_IN
        case WaveState.OPEN | WaveState.CLOSED | WaveState.WITHDRAWN:
            return NextStep.PUBLISH
        case WaveState.PUBLISHED:
            is_told = one.is_external or known.mails.get(("results", MailState.SENT), 0)
            return NextStep.NOTHING if is_told else NextStep.ANNOUNCE


def _before(known: Known) -> NextStep:
    if not known.has_nominations:
        return NextStep.ASSIGN
    return NextStep.OPEN if known.is_previewed else NextStep.PREVIEW


def _while_open(collection: Collection, known: Known, today: date) -> NextStep:
    if today > collection.closes_on:
        return NextStep.CLOSE
    return NextStep.WAIT if known.mails.get(("invite", MailState.SENT), 0) else NextStep.INVITE
