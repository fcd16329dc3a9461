"""The waves whose links are good now, each with all that its pages need, kept while it is open.

A wave is known by its keys: they are there from the first link on and gone once it is closed. The
folder of keys is looked at before every request, so a closed wave is gone at once, in every process.
"""

import math
import time
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from survey.answers import Answers, open_answers
from survey.campaign import WaveState
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.form.questionnaire import Questionnaire
from survey.policy import Policy, default_policy_text, parse_policy
from survey.register import Register
from survey.register_collection import Collections
from survey.register_participation import LinkView, Participation, Task
from survey.secret import WaveKeys, read_keys, secret_hash

_CLOCK_TICK_NS = 1_000_000_000
_FRESH_SECONDS, _GOOD_SECONDS = 5.0, 900.0
_MOST_KEPT = 1000
_RETIRED_SECONDS = 5.0
_NOTHING: tuple[None, float, float] = (None, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWave:
    """What is frozen with an open wave; `answers` is None for a try, of which nothing is kept.

    `group_sizes` counts the invited per subject and reporting group.
    """

    collection: Collection
    keys: WaveKeys
    questionnaire: Questionnaire
    names: dict[str, str] = field(repr=False)
    group_sizes: dict[tuple[str, str], int] = field(repr=False)
    policy: Policy
    answers: Answers | None

    @property
    def wave_id(self) -> str:
        return self.collection.wave_id

    @property
    def page_key(self) -> bytes:
        """The key under which a page's hidden field is sealed."""
        return self.keys.participation


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a link leads: its wave's keys, the link, and what its person is asked."""

    keys: WaveKeys
    link: LinkView
    tasks: tuple[Task, ...]


@dataclass(slots=True, kw_only=True)
class _Known:
    """A wave with keys; `opened` is filled in when the first page needs it."""

    collection: Collection
    keys: WaveKeys
    stores: ExitStack = field(default_factory=ExitStack)
    opened: OpenWave | None = None


class _Recent:
    """What links led to a short while ago, by the hash that the register knows them by."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, tuple[Found, float, float]] = OrderedDict()

    def get(self, digest: bytes, now: float, *, is_fresh: bool) -> Found | None:
        found, fresh_until, good_until = self._kept.get(digest, _NOTHING)
        return found if now < (fresh_until if is_fresh else good_until) else None

    def put(self, digest: bytes, found: Found | None, now: float, *, fresh_seconds: float = 0) -> None:
        self._kept.pop(digest, None)
        if found is not None:
            self._kept[digest] = (found, now + fresh_seconds, now + _GOOD_SECONDS)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


class Waves:
    """The waves with keys, over an open register. For one thread."""

    def __init__(self, settings: Settings, register: Register) -> None:
        self._settings = settings
        self._register = register
        self._participation = Participation(register.store)
        self._folder: Path = settings.form_path / "keys"
        self._seen = -1
        self._known: dict[str, _Known] = {}
        self._recent = _Recent()
        self._retired: list[tuple[float, ExitStack]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        for known in self._known.values():
            known.stores.close()
        self._close_retired(math.inf)

    def look_round(self) -> None:
        """Lets go of the stores of closed waves, so that nothing keeps their deleted files on the disk."""
        self._look()
        self._close_retired(time.monotonic() - _RETIRED_SECONDS)

    def _close_retired(self, until: float) -> None:
        """Not at once: the writer may still hold something that was taken before the wave closed."""
        for retired_at, stores in [one for one in self._retired if one[0] <= until]:
            stores.close()
            self._retired.remove((retired_at, stores))

    def find(self, secret: str, now: float, *, is_fresh: bool = True) -> Found | None:
        """Returns where a secret leads, or None: unknown, or of a wave whose keys are gone.

        Args:
            secret: as it came in an address.
            now: seconds of a steady clock.
            is_fresh: False if what was found in the last minutes will do: whatever is then written
                is claimed in the register anyway.
        """
        self._look()
        for known in self._known.values():
            digest = secret_hash(known.keys, secret)
            found = self._recent.get(digest, now, is_fresh=is_fresh)
            if found is None:
                visit = self._participation.visit(digest)
                found = Found(keys=known.keys, link=visit[0], tasks=visit[1]) if visit else None
                self._recent.put(digest, found, now)
            if found is not None:
                return found
        return None

    def note(self, secret: str, found: Found, now: float) -> None:
        """Keeps what is known after something was written, for the page that follows at once."""
        self._recent.put(secret_hash(found.keys, secret), found, now, fresh_seconds=_FRESH_SECONDS)

    def open_wave(self, wave_id: str) -> OpenWave | None:
        """Returns an open wave with what its pages need, or None if it is not open (any more)."""
        self._look()
        known = self._known.get(wave_id)
        if known is None:
            return None
        if known.opened is None:
            known.opened = self._opened(known)
        return known.opened

    def planned_wave(self, wave_id: str) -> OpenWave | None:
        """Returns a draft or open wave with nobody asked yet and no store of answers, to be tried."""
        self._look()
        known = self._known.get(wave_id)
        collection = Collections(self._register.store).find(wave_id)
        if known is None or collection is None:
            return None
        opened = self.open_wave(wave_id)
        return OpenWave(
            collection=collection,
            keys=known.keys,
            questionnaire=opened.questionnaire if opened else self._drafted(collection),
            names={},
            group_sizes={},
            policy=parse_policy(collection.policy_text or default_policy_text()),
            answers=None,
        )

    def _drafted(self, collection: Collection) -> Questionnaire:
        return Questionnaire(find_instrument(self._settings, collection.instrument_id))

    def _look(self) -> None:
        try:
            changed_at = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed_at = 0
        if changed_at != self._seen:
            self._read_again()
            # within one tick of the file system's clock a second change would not show
            self._seen = changed_at if time.time_ns() - changed_at > _CLOCK_TICK_NS else -1

    def _read_again(self) -> None:
        left = {}
        for collection, _ in Collections(self._register.store).list():
            path = self._settings.wave_keys_path(collection.wave_id)
            if path.exists():
                known = self._known.get(collection.wave_id)
                left[collection.wave_id] = known or _Known(collection=collection, keys=read_keys(path))
        gone = self._known.keys() - left.keys()
        self._retired += [(time.monotonic(), self._known[wave_id].stores) for wave_id in gone]
        self._known = left

    def _opened(self, known: _Known) -> OpenWave | None:
        wave_id = known.collection.wave_id
        wave = self._register.find_wave(wave_id)
        if wave is None or wave.state is not WaveState.OPEN:
            return None
        counts = self._participation.counts(wave_id)
        names = self._register.wave_names(wave_id)
        subjects = {count.subject_id for count in counts}
        return OpenWave(
            collection=Collections(self._register.store).get(wave_id),
            keys=known.keys,
            questionnaire=Questionnaire(self._register.wave_instrument(wave_id)),
            names={subject: names[subject] for subject in subjects if names.get(subject)},
            group_sizes={(count.subject_id, count.reporting_group): count.invited for count in counts},
            policy=parse_policy(wave.policy),
            answers=known.stores.enter_context(open_answers(self._settings, wave_id)),
        )
