"""What lists of raters are written on: a draft's roster and rules, kept for a minute, and its nominations."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from survey.assignment import Source
from survey.campaign import WaveState
from survey.collection import Collection
from survey.nominating import NominationList
from survey.opening import find_busy
from survey.policy import parse_policy
from survey.register import Register
from survey.register_collection import Collections
from survey.roster import Person, Roster
from survey.tenure import find_newcomers

_KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A draft as its lists need it: who is there on its day, too new or busy, and k.

    `shared_names` are names that more than one person has.
    """

    collection: Collection
    members: Roster
    people: dict[str, Person] = field(repr=False)
    shared_names: frozenset[str] = field(repr=False)
    newcomers: frozenset[str]
    busy: Mapping[str, int] = field(repr=False)
    min_raters: int

    def led_by(self, person_id: str) -> tuple[Person, ...]:
        """Returns the PMs whose manager that is, by id."""
        return tuple(one for one in self.members.people if one.is_pm and one.manager_id == person_id)


class Grounds:
    """Drafts and their nominations, over an open register."""

    def __init__(self, register: Register, steady: Callable[[], float], today: Callable[[], date]) -> None:
        self._register = register
        self._collections = Collections(register.store)
        self._steady = steady
        self._today = today
        self._kept: dict[str, tuple[float, Ground]] = {}

    def find(self, wave_id: str) -> Ground | None:
        """Returns what a draft's lists are written on, or None once the wave was opened."""
        if self._collections.state(wave_id) is not WaveState.DRAFT:
            self._kept.pop(wave_id, None)
            return None
        now = self._steady()
        read_at, ground = self._kept.get(wave_id, (now, None))
        if ground is None or now - read_at > _KEPT_SECONDS:
            ground = self._read(wave_id)
            self._kept[wave_id] = now, ground
        return ground

    def list_of(self, ground: Ground, subject: Person, by: Source) -> NominationList:
        """Returns a PM's list as it is now."""
        return NominationList(
            subject=subject,
            by=by,
            members=ground.members,
            nominations=self._collections.nominations(ground.collection.wave_id),
            newcomers=ground.newcomers,
            busy=ground.busy,
        )

    def _read(self, wave_id: str) -> Ground:
        collection = self._collections.get(wave_id)
        everybody = self._register.roster()
        day = max(collection.opens_on, self._today())
        members = everybody.as_of(day)
        return Ground(
            collection=collection,
            members=members,
            people={person.person_id: person for person in members.people},
            shared_names=_shared_names(members),
            newcomers=find_newcomers(everybody, day, collection.closes_on),
            busy=find_busy(self._register, collection),
            min_raters=parse_policy(collection.policy_text, where=wave_id).min_raters,
        )


def _shared_names(members: Roster) -> frozenset[str]:
    counts = Counter(person.name for person in members.people)
    return frozenset(name for name, count in counts.items() if count > 1)
