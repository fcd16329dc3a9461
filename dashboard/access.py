"""Who looks, and what they may open. Until sign-in exists, the demo lets one pick a persona.

A PM opens their own results; a lead the units below theirs; HR and executives every unit. Nobody
opens another person's results: sharing comes with sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.release import ReleasedSubject, ReleasedUnit
from survey.instrument import Instrument, SubjectKind
from survey.roster import unit_lineage

DEMO_VARIABLE = "PMHEALTH_DEMO"
"""Set to 1 by `pmhealth serve --demo`, for the script that Streamlit runs; without it no page is drawn."""


class Role(StrEnum):
    """In which role somebody looks."""

    HR = "hr"
    LEAD = "lead"
    PM = "pm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who looks: `person_id` is set for a PM, `unit_id` for a lead, `name` for a label."""

    role: Role
    person_id: str
    unit_id: str
    name: str

    @property
    def viewer_id(self) -> str:
        """The id that stands in a link: `hr`, `lead:<unit>` or `pm:<person>`."""
        return ":".join(part for part in (self.role.value, self.unit_id, self.person_id) if part)


HR = Viewer(role=Role.HR, person_id="", unit_id="", name="HR and executives: all units")


def personas(
    subjects: Sequence[ReleasedSubject], units: Sequence[ReleasedUnit], *, is_made_up: bool
) -> tuple[Viewer, ...]:
    """Returns everybody one can look as: HR, a lead per unit, every PM, as of their last wave.

    Over real results only HR: without sign-in nobody can show that a PM's page is theirs.
    """
    if not is_made_up:
        return (HR,)
    leads = {unit.unit_id: unit.name for unit in units}
    people = {subject.subject_id: subject.name for subject in subjects if subject.kind == SubjectKind.PM}
    return (
        HR,
        *(
            Viewer(role=Role.LEAD, person_id="", unit_id=unit_id, name=f"Lead of {leads[unit_id]}")
            for unit_id in sorted(leads)
        ),
        *(
            Viewer(role=Role.PM, person_id=person_id, unit_id="", name=f"PM: {name}")
            for person_id, name in sorted(people.items(), key=lambda entry: entry[1])
        ),
    )


def may_open_unit(viewer: Viewer, unit_id: str) -> bool:
    """True for every unit to HR, for the unit and those below it to its lead, never to a PM."""
    match viewer.role:
        case Role.HR:
            return True
        case Role.LEAD:
            return viewer.unit_id in unit_lineage(unit_id)
        case Role.PM:
            return False


def may_read(viewer: Viewer, instrument: Instrument) -> bool:
    """True where an instrument can have numbers for the viewer.

    What only the PM answers is for that PM; what is about a unit is for those who may open units.
    """
    if viewer.role is Role.PM:
        return instrument.subject_kind is SubjectKind.PM
    return "others" in instrument.respondents


def units_in_scope(viewer: Viewer, units: Sequence[ReleasedUnit]) -> tuple[ReleasedUnit, ...]:
    """Returns the units a viewer may open, each once as of its last wave, in the order of the tree."""
    latest = {unit.unit_id: unit for unit in units}
    return tuple(latest[unit_id] for unit_id in sorted(latest) if may_open_unit(viewer, unit_id))
