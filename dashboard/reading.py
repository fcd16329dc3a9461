"""A release as one viewer may read it: the only way by which pages and files come to numbers.

Access is decided here, cell by cell, whatever a page asks for. What is out of scope looks like what
does not exist. Opening another person's results is written down before the first number leaves.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

from dashboard.access import Role, Viewer, is_private, may_open_pm, may_open_unit, units_in_scope
from pipeline.audience import About, Audience, may_read
from pipeline.lineage import Explanation, explain_number, find_number
from pipeline.numbers import ORGANISATION, Number, NumberName
from pipeline.release import (
    BestGuess,
    Cell,
    FavourableShare,
    LinePoint,
    Release,
    ReleasedChange,
    ReleasedGap,
    ReleasedRelationship,
    ReleasedReliability,
    ReleasedSlice,
    ReleasedStanding,
    ReleasedSubject,
    ReleasedUnit,
    ReleasedWave,
    Scope,
)
from pipeline.released_comment import CommentRule, ReleasedComment
from pipeline.released_proof import KeptProof
from pipeline.released_unit import Mix, NonResponse, ReleasedCoverage, ReleasedDistribution
from survey.instrument import Instrument, SubjectKind

T = TypeVar("T")

_AUDIENCES = {
    Role.PM: Audience.PM,
    Role.LEAD: Audience.LEAD,
    Role.EXECUTIVE: Audience.EXECUTIVE,
    Role.HR: Audience.HR,
    Role.COUNCIL: Audience.COUNCIL,
}

NoteLook = Callable[[Viewer, str], None]
"""Writes down that a viewer opened somebody's results; what cannot be written down is not opened."""


def note_nothing(_: Viewer, __: str) -> None:
    """Writes nothing down: in a demo, where everybody is made up and nobody is signed in."""


def always() -> bool:
    """Holds for a persona: there is no session that could be revoked."""
    return True


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one viewer may read of a release, as long as their session `still_holds`."""

    release: Release
    viewer: Viewer
    note_look: NoteLook = note_nothing
    still_holds: Callable[[], bool] = always

    @property
    def number(self) -> int:
        return self.release.number

    def waves(self) -> tuple[ReleasedWave, ...]:
        """Returns every wave ever published: what came in and what was promised is for everybody."""
        return self.release.waves()

    def waiting(self) -> tuple[ReleasedWave, ...]:
        """Returns the waves whose units are not shown yet."""
        return self.release.waiting()

    def instrument(self, instrument_id: str, version: str) -> Instrument:
        """Returns an instrument that a wave of this release used.

        Raises:
            KeyError: no wave of this release used it.
        """
        return self.release.instrument(instrument_id, version)

    def subjects(self) -> tuple[ReleasedSubject, ...]:
        """Returns the subjects the viewer may open, one record per wave."""
        return tuple(one for one in self.release.subjects() if self._may_open(one.wave_id, one.subject_id))

    def units(self) -> tuple[ReleasedUnit, ...]:
        """Returns the units the viewer may open, one record per wave."""
        return tuple(unit for unit in self.release.units() if may_open_unit(self.viewer, unit.unit_id))

    def units_in_scope(self) -> tuple[ReleasedUnit, ...]:
        """Returns the units the viewer may open, each once, in the order of the tree."""
        return units_in_scope(self.viewer, self.release.units())

    def cells(self, scope: Scope, scope_id: str) -> tuple[Cell, ...]:
        """Returns the numbers about one subject or unit that the viewer may read; all waves."""
        if scope is Scope.UNIT:
            found = self.release.cells(scope, scope_id) if self._may_open_unit(scope_id) else ()
            return self._told(found, About.UNIT)
        waves = self._open_waves(scope_id)
        found = tuple(cell for cell in self._asked(waves, scope_id) if cell.key.wave_id in waves)
        return self._told(found, self._about(scope_id))

    def trait_cells(self, unit_id: str) -> tuple[Cell, ...]:
        """Returns the trait scores of a unit that the viewer may open; all waves."""
        return self._told_of_unit(unit_id, self.release.trait_cells)

    def unit_cells(self, wave_id: str, among: Collection[str]) -> tuple[Cell, ...]:
        """Returns the trait scores in one wave of those among some units that the viewer may open."""
        opened = self._opened(among)
        cells = self.release.unit_cells(wave_id) if opened else ()
        return self._told((cell for cell in cells if cell.key.scope_id in opened), About.UNIT)

    def slices(self, unit_id: str) -> tuple[ReleasedSlice, ...]:
        """Returns the numbers by PM type and stage: of who may open the unit that is the organisation."""
        return self._told_of_unit(unit_id, self.release.slices, About.ORGANISATION)

    def relationships(self, unit_id: str) -> tuple[ReleasedRelationship, ...]:
        """Returns the numbers by relationship of a product group or the organisation that the viewer may open."""
        return self._told_of_unit(unit_id, self.release.relationships)

    def unit_changes(self, wave_id: str, among: Collection[str]) -> tuple[ReleasedChange, ...]:
        """Returns the judged changes up to one wave of those among some units that the viewer may open."""
        opened = self._opened(among)
        changes = self.release.unit_changes(wave_id) if opened else ()
        return self._told((one for one in changes if one.scope_id in opened), About.UNIT)

    def line(self, scope: Scope, scope_id: str) -> tuple[LinePoint, ...]:
        """Returns the lines of one subject or unit, as far as the viewer may read them."""
        if scope is Scope.UNIT:
            return self._told_of_unit(scope_id, partial(self.release.line, scope))
        waves = self._noted_waves(scope_id)
        found = self.release.line(scope, scope_id) if waves else ()
        return self._told((point for point in found if point.wave_id in waves), self._about(scope_id))

    def comments(self, subject_id: str) -> tuple[ReleasedComment, ...]:
        """Returns what was said about one subject in words, as far as the viewer may read it."""
        waves = self._noted_waves(subject_id)
        found = self.release.comments(subject_id) if waves else ()
        return tuple(one for one in found if one.wave_id in waves)

    def comment_rules(self) -> tuple[CommentRule, ...]:
        """Returns what was promised about comments, wave by wave: it is for everybody."""
        return self.release.comment_rules()

    def changes(self, scope: Scope, scope_id: str) -> tuple[ReleasedChange, ...]:
        """Returns the judged changes of one subject or unit, as far as the viewer may read both their waves."""
        if scope is Scope.UNIT:
            return self._told_of_unit(scope_id, partial(self.release.changes, scope))
        waves = self._noted_waves(scope_id)
        found = self.release.changes(scope, scope_id) if waves else ()
        open_to = (one for one in found if {one.wave_id, one.since_wave_id} <= waves)
        return self._told(open_to, self._about(scope_id))

    def standings(self, subject_id: str) -> tuple[ReleasedStanding, ...]:
        """Returns what stands out of a subject's traits, in the waves the viewer may read."""
        waves = self._noted_waves(subject_id)
        found = self.release.standings(subject_id) if waves else ()
        return self._told((one for one in found if one.wave_id in waves), self._about(subject_id))

    def gaps(self, subject_id: str) -> tuple[ReleasedGap, ...]:
        """Returns how others' and own ratings differ, in the waves the viewer may read."""
        waves = self._noted_waves(subject_id)
        found = self.release.gaps(subject_id) if waves else ()
        return self._told((one for one in found if one.wave_id in waves), self._about(subject_id))

    def best_guesses(self, subject_id: str) -> tuple[BestGuess, ...]:
        """Returns the best guesses beside scores, in the waves the viewer may read."""
        waves = self._noted_waves(subject_id)
        found = self.release.best_guesses(subject_id) if waves else ()
        return self._told((one for one in found if one.wave_id in waves), self._about(subject_id))

    def mixes(self, unit_id: str) -> tuple[Mix, ...]:
        """Returns what made the changes of a unit that the viewer may open: its people, or who is in it."""
        return self._told_of_unit(unit_id, self.release.mixes)

    def nonresponse(self, unit_id: str) -> tuple[NonResponse, ...]:
        """Returns what those who did not answer could change in a unit's scores that the viewer may open."""
        return self._told_of_unit(unit_id, self.release.nonresponse)

    def distribution(self, unit_id: str, wave_id: str) -> tuple[ReleasedDistribution, ...]:
        """Returns how the PMs of a unit that the viewer may open are distributed, without names."""
        return self._told_of_unit(unit_id, partial(self.release.distribution, wave_id=wave_id))

    def strengths(self, unit_id: str, wave_id: str) -> tuple[ReleasedCoverage, ...]:
        """Returns which strengths the people of a unit have that the viewer may open, without names."""
        return self._told_of_unit(unit_id, partial(self.release.strengths, wave_id=wave_id))

    def favourable_shares(self, unit_id: str) -> tuple[FavourableShare, ...]:
        """Returns the favourable shares of a unit's items that the viewer may open."""
        return self._told_of_unit(unit_id, self.release.favourable_shares)

    def reliability(self, wave_id: str) -> tuple[ReleasedReliability, ...]:
        """Returns how far raters tell the subjects of a wave apart: for HR and the council."""
        found = self.release.reliability(wave_id) if self.still_holds() else ()
        return self._told(found, About.ORGANISATION)

    def proof(self) -> KeptProof | None:
        """Returns what came of the attacks on this release, for the council and HR; it holds no score."""
        may_read = bool(self.viewer.roles & {Role.COUNCIL, Role.HR}) and self.still_holds()
        return self.release.proof() if may_read else None

    def explain(self, number: Number) -> Explanation:
        """Returns where a number comes from that this reading handed out."""
        return explain_number(self.release, number)

    def number_called(self, name: str) -> Number | None:
        """Returns a number by its name; None if there is none, and likewise if it is not the viewer's to read."""
        found = find_number(self.release, name)
        if found is None or not self._may_read(*found):
            return None
        if found[0].about == "pm":
            self._note(found[0].scope_id)
        return found[1]

    def open_people(self) -> dict[str, str]:
        """Returns the names of the other PMs whose results the viewer may open, by id, in order of name."""
        named = {
            one.subject_id: one.name
            for one in self.subjects()
            if one.kind == SubjectKind.PM and one.subject_id != self.viewer.person_id
        }
        return dict(sorted(named.items(), key=lambda entry: (entry[1], entry[0])))

    def _asked(self, waves: frozenset[str], subject_id: str) -> tuple[Cell, ...]:
        if not waves:
            return ()
        self._note(subject_id)
        return self.release.cells(Scope.SUBJECT, subject_id)

    def _noted_waves(self, subject_id: str) -> frozenset[str]:
        """The waves of a subject that the viewer may read, written down before anything leaves."""
        waves = self._open_waves(subject_id)
        if waves:
            self._note(subject_id)
        return waves

    def _note(self, subject_id: str) -> None:
        is_person = subject_id not in self._unit_subjects
        if is_person and subject_id != self.viewer.person_id:
            self.note_look(self.viewer, subject_id)

    def _may_read(self, name: NumberName, number: Number) -> bool:
        """Of a name, what the methods above would have handed out."""
        if name.about == ORGANISATION:
            return bool(self._told((number,), About.ORGANISATION)) and self.still_holds()
        if name.about in ("unit", "slice", "relationship"):
            return bool(self._told((number,), About.UNIT)) and self._may_open_unit(self._unit_of(name))
        if not self._told((number,), self._about(name.scope_id)):
            return False
        since = {number.since_wave_id} if isinstance(number, ReleasedChange) else set()
        return {name.wave_id} | since <= self._open_waves(name.scope_id)

    def _unit_of(self, name: NumberName) -> str:
        """The unit that one must be allowed to open: of a slice the whole organisation."""
        if name.about == "unit":
            return name.scope_id
        if name.about == "relationship":
            return name.scope_id.partition("/")[2]
        tops = [unit.unit_id for unit in self.release.units() if unit.wave_id == name.wave_id]
        tops = [unit_id for unit_id in tops if "/" not in unit_id]
        return tops[0] if len(tops) == 1 else ""

    def _told_of_unit(
        self, unit_id: str, read: Callable[[str], tuple[T, ...]], about: About = About.UNIT
    ) -> tuple[T, ...]:
        return self._told(read(unit_id), about) if self._may_open_unit(unit_id) else ()

    def _told(self, numbers: Iterable[T], about: About) -> tuple[T, ...]:
        """What the table of audiences lets this viewer read of them, whatever page asks."""
        audiences = frozenset(_AUDIENCES[role] for role in self.viewer.roles)
        return tuple(one for one in numbers if may_read(one, about, audiences))

    def _about(self, subject_id: str) -> About:
        return About.UNIT if subject_id in self._unit_subjects else About.PM

    def _opened(self, among: Collection[str]) -> frozenset[str]:
        return frozenset(filter(self._opens, among)) if self.still_holds() else frozenset()

    def _opens(self, unit_id: str) -> bool:
        return may_open_unit(self.viewer, unit_id)

    def _may_open_unit(self, unit_id: str) -> bool:
        return may_open_unit(self.viewer, unit_id) and self.still_holds()

    def _open_waves(self, subject_id: str) -> frozenset[str]:
        if not self.still_holds():
            return frozenset()
        return frozenset(wave_id for wave_id in self._by_id if self._may_open(wave_id, subject_id))

    def _may_open(self, wave_id: str, subject_id: str) -> bool:
        wave = self._by_id[wave_id]
        instrument = self.instrument(wave.instrument_id, wave.instrument_version)
        if instrument.subject_kind is SubjectKind.UNIT:
            return subject_id in self._unit_subjects and may_open_unit(self.viewer, subject_id)
        is_own = self.viewer.is_pm and subject_id == self.viewer.person_id
        if is_private(instrument) and not is_own:
            return False
        return may_open_pm(self.viewer, subject_id, wave.roster_date)

    @cached_property
    def _by_id(self) -> dict[str, ReleasedWave]:
        return {wave.wave_id: wave for wave in self.release.waves()}

    @cached_property
    def _unit_subjects(self) -> frozenset[str]:
        return frozenset(one.subject_id for one in self.release.subjects() if one.kind == SubjectKind.UNIT)
