"""Saying who works with whom: a list, from a file or an earlier wave, put into a draft; what it would do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from survey.assignment import AssignmentPlan, Nomination, NominationState, Source
from survey.assignment_file import read_nominations
from survey.collection import Collection
from survey.config import Settings
from survey.errors import WaveError
from survey.opening import PlannedWave, plan_wave
from survey.planning import day_of, find_collection
from survey.register import AuditEntry, Register
from survey.register_collection import Collections
from survey.relationship import ATTRIBUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A list for a draft, and the wave as it would open with it."""

    nominations: tuple[Nomination, ...]
    planned: PlannedWave

    @property
    def subject_ids(self) -> frozenset[str]:
        return frozenset(one.subject_id for one in self.nominations)

    @property
    def rater_ids(self) -> frozenset[str]:
        return frozenset(one.rater_id for one in self.nominations)

    @property
    def plan(self) -> AssignmentPlan:
        return self.planned.plan


def list_of_file(register: Register, draft: Collection, path: Path, today: date) -> tuple[Nomination, ...]:
    """Returns who works with whom by a CSV file.

    Raises:
        AssignmentError: with every problem of the file.
    """
    return read_nominations(path, register.roster().as_of(day_of(draft, today)))


def list_of_wave(register: Register, draft: Collection, name: str, today: date) -> tuple[Nomination, ...]:
    """Returns the others of an earlier wave of our own form, as far as both are still there.

    Raises:
        WaveError: there is no such wave, or nobody of it is there any more.
    """
    earlier = find_collection(register, name)
    ids = {one.person_id for one in register.roster().as_of(day_of(draft, today)).people}
    found = tuple(
        Nomination(
            subject_id=one.subject_id,
            rater_id=one.rater_id,
            relationship=one.relationship,
            source=Source.WAVE,
            state=NominationState.APPROVED,
        )
        for one in Collections(register.store).assignments(earlier.wave_id)
        if one.relationship not in ATTRIBUTED and {one.subject_id, one.rater_id} <= ids
    )
    if not found:
        raise WaveError(
            "wave-no-list",
            "nobody who is still there was asked about others in that wave",
            where=earlier.wave_id,
            hint="choose a wave of our own form that was open, or give a file",
        )
    return found


def look_at_list(
    settings: Settings, register: Register, draft: Collection, found: Sequence[Nomination], today: date
) -> Assigned:
    """Returns what a list would make of a draft; PMs who are not in it keep theirs. Writes nothing."""
    subjects = {one.subject_id for one in found}
    kept = [
        one
        for one in Collections(register.store).nominations(draft.wave_id)
        if one.subject_id not in subjects
    ]
    planned = plan_wave(settings, register, draft, day_of(draft, today), [*kept, *found])
    return Assigned(nominations=tuple(found), planned=planned)


def put_list(register: Register, draft: Collection, found: Assigned, entry: AuditEntry) -> None:
    """Puts a list in the place of what a draft has for the PMs in it."""
    nominations, subjects = found.nominations, found.subject_ids
    Collections(register.store).replace_nominations(draft.wave_id, subjects, nominations, entry=entry)


def proposed_in(register: Register, draft: Collection) -> tuple[Nomination, ...]:
    """Returns who was handed in and waits for a lead, as HR approves it."""
    return tuple(
        replace(one, state=NominationState.APPROVED)
        for one in Collections(register.store).nominations(draft.wave_id)
        if one.state is NominationState.PROPOSED
    )
