"""How a PM proposes whom to ask, and how the lead settles it: people and nominations in, changes out.

Pure. A list is written entry by entry, handed in by the PM, and approved by the lead; what the lead
has approved or declined, the PM does not change.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from survey.assignment import Nomination, NominationState, Source
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Person, Roster

MIN_NOMINATED = 8
"""So many others a PM names: not everybody answers, and below k nothing is shown."""

MOST_NOMINATED = 20
SHORTEST_QUERY = 2
MOST_FOUND = 20

ON_LIST = frozenset({NominationState.LISTED, NominationState.PROPOSED, NominationState.APPROVED})

ROLE_RELATIONSHIPS: Mapping[str, Relationship] = {
    "pm": Relationship.PEER,
    "engineering": Relationship.ENGINEERING,
    "engineer": Relationship.ENGINEERING,
    "design": Relationship.DESIGN,
    "designer": Relationship.DESIGN,
    "marketing": Relationship.MARKETING,
    "program": Relationship.PROGRAM,
    "data": Relationship.DATA,
    "sales": Relationship.SALES,
    "support": Relationship.SUPPORT,
    "executive": Relationship.EXECUTIVE,
}
"""What a role is to a PM, as a first guess in a form that a person can change."""


class Refusal(StrEnum):
    """Why somebody cannot be put on a list."""

    NOBODY = "nobody"
    ONESELF = "oneself"
    MANAGER = "manager"
    ON_LIST = "on_list"
    DECLINED = "declined"
    TOO_NEW = "too_new"
    FULL = "full"
    NO_RELATIONSHIP = "no_relationship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rater on a PM's list. `load` counts the other PMs whom the rater is or may be asked about."""

    nomination: Nomination
    person: Person
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationList:
    """The list of one PM, with all that is needed to change it.

    `by` is who changes it; `busy` counts the PMs whom a rater is asked about in other waves of the quarter.
    """

    subject: Person
    by: Source
    members: Roster
    nominations: tuple[Nomination, ...]
    newcomers: frozenset[str]
    busy: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Who is on the list now, by name."""
        people = {person.person_id: person for person in self.members.people}
        loads = count_loads(self.nominations)
        own = self.subject.person_id
        found = (
            Entry(nomination=one, person=people[one.rater_id], load=self._load(loads, one.rater_id))
            for one in self.nominations
            if one.subject_id == own and one.state in ON_LIST and one.rater_id in people
        )
        return tuple(sorted(found, key=lambda entry: (fold(entry.person.name), entry.person.person_id)))

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, MIN_NOMINATED - len(self.entries))

    @property
    def candidates(self) -> tuple[Person, ...]:
        """Everybody who can be added."""
        judge = self._judge()
        return tuple(
            person for person in self.members.people if judge(person.person_id, Relationship.OTHER) is None
        )

    def load_of(self, person_id: str) -> int:
        """Returns about how many other PMs that person is or may be asked this quarter."""
        return self._load(count_loads(self.nominations), person_id)

    def check(self, rater_id: str, relationship: Relationship | None) -> Refusal | None:
        """Returns why that person cannot be added, or None."""
        return self._judge()(rater_id, relationship)

    def add(self, rater_id: str, relationship: Relationship) -> Nomination:
        """Returns the nomination to be stored; what the lead adds is approved at once."""
        state = NominationState.LISTED if self.by is Source.PM else NominationState.APPROVED
        return Nomination(
            subject_id=self.subject.person_id,
            rater_id=rater_id,
            relationship=relationship,
            source=self.by,
            state=state,
        )

    def remove(self, rater_id: str) -> tuple[Nomination, ...]:
        """Returns the change that takes somebody off the list; none where the PM may not."""
        state = NominationState.REMOVED if self.by is Source.PM else NominationState.DECLINED
        is_settled = self.by is Source.PM and self._states().get(rater_id) is NominationState.APPROVED
        return tuple(
            replace(entry.nomination, state=state)
            for entry in self.entries
            if entry.nomination.rater_id == rater_id and not is_settled
        )

    def hand_in(self) -> tuple[Nomination, ...]:
        """Returns the changes by which everything listed is proposed to the lead."""
        return self._moved(NominationState.LISTED, NominationState.PROPOSED)

    def approve(self) -> tuple[Nomination, ...]:
        """Returns the changes by which everything proposed is approved."""
        return self._moved(NominationState.PROPOSED, NominationState.APPROVED)

    def search(self, query: str) -> tuple[Person, ...]:
        """Returns people whose name, role or unit holds every word of the query, those of the own unit first.

        Whoever cannot be added is left out. A query too short finds nobody.
        """
        words = fold(query).split()
        if len("".join(words)) < SHORTEST_QUERY:
            return ()
        judge = self._judge()
        found = (
            person
            for person in self.members.people
            if _holds(person, words) and judge(person.person_id, Relationship.OTHER) in {None, Refusal.FULL}
        )
        return tuple(sorted(found, key=self._nearness))[:MOST_FOUND]

    def near(self) -> tuple[Person, ...]:
        """Returns people of the PM's own unit who can be added: where most lists start."""
        found = (person for person in self.candidates if person.org_unit == self.subject.org_unit)
        return tuple(sorted(found, key=self._nearness))[:MOST_FOUND]

    def _nearness(self, person: Person) -> tuple[bool, str, str]:
        return person.org_unit != self.subject.org_unit, fold(person.name), person.person_id

    def _load(self, loads: Mapping[str, frozenset[str]], person_id: str) -> int:
        return len(loads[person_id] - {self.subject.person_id}) + self.busy.get(person_id, 0)

    def _states(self) -> dict[str, NominationState]:
        own = self.subject.person_id
        return {one.rater_id: one.state for one in self.nominations if one.subject_id == own}

    def _judge(self) -> Callable[[str, Relationship | None], Refusal | None]:
        """The rules with all they need looked up once: a search judges everybody there is."""
        ids = {person.person_id for person in self.members.people}
        states, is_full = self._states(), len(self.entries) >= MOST_NOMINATED
        is_new = self.subject.person_id in self.newcomers

        def judge(rater_id: str, relationship: Relationship | None) -> Refusal | None:
            earlier = states.get(rater_id)
            rules = (
                (rater_id not in ids, Refusal.NOBODY),
                (rater_id == self.subject.person_id, Refusal.ONESELF),
                (rater_id == self.subject.manager_id, Refusal.MANAGER),
                (earlier in ON_LIST, Refusal.ON_LIST),
                (earlier is NominationState.DECLINED and self.by is Source.PM, Refusal.DECLINED),
                (is_new or rater_id in self.newcomers, Refusal.TOO_NEW),
                (relationship is None or relationship in ATTRIBUTED, Refusal.NO_RELATIONSHIP),
                (is_full, Refusal.FULL),
            )
            return next((refusal for is_refused, refusal in rules if is_refused), None)

        return judge

    def _moved(self, before: NominationState, after: NominationState) -> tuple[Nomination, ...]:
        return tuple(
            replace(entry.nomination, state=after)
            for entry in self.entries
            if entry.nomination.state is before
        )


def count_loads(nominations: Iterable[Nomination]) -> Mapping[str, frozenset[str]]:
    """Returns for each rater the PMs who have them on their list; nobody for whoever is on none."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for one in nominations:
        if one.state in ON_LIST:
            subjects[one.rater_id].add(one.subject_id)
    return defaultdict(frozenset, {rater: frozenset(own) for rater, own in subjects.items()})


def guess_relationship(person: Person) -> Relationship | None:
    """Returns what a colleague of that role is to a PM, or None where the role does not tell."""
    return ROLE_RELATIONSHIPS.get(person.role.casefold())


def fold(text: str) -> str:
    """Returns a text as people type it in a search: without capitals, accents and points.

    >>> fold("Zoë  MÜLLER-Lüdenscheid")
    'zoe muller-ludenscheid'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _holds(person: Person, words: Iterable[str]) -> bool:
    haystack = fold(f"{person.name} {person.role} {person.org_unit}")
    return all(word in haystack for word in words)
