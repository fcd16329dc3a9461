"""Who is asked about whom: people who work with a PM, or a unit's own team."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.instrument import Instrument, SubjectKind
from survey.relationship import Relationship
from survey.roster import Person, Roster, parent_unit

ROLE_RELATIONSHIPS = {
    "pm": Relationship.PEER,
    "engineering": Relationship.ENGINEERING,
    "design": Relationship.DESIGN,
    "marketing": Relationship.MARKETING,
    "program": Relationship.PROGRAM,
    "data": Relationship.DATA,
}
ASKED_IN_TURN = (
    "engineering", "design", "pm", "engineering", "program", "marketing", "engineering", "pm", "data",
    "engineering",
)  # fmt: skip
FEWEST_OTHERS, MOST_OTHERS = 6, len(ASKED_IN_TURN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One rater asked about one subject."""

    subject_id: str
    rater: Person
    relationship: Relationship


def invite_about_pm(
    roster: Roster, pm: Person, others_count: int, nearness: Mapping[str, float]
) -> tuple[Invited, ...]:
    """Returns the PM, the manager, and so many others of the team and branch, the nearest first."""
    by_id = {person.person_id: person for person in roster.people}
    near = sorted(
        (person for person in roster.people if _works_with(person, pm)),
        key=lambda person: nearness[person.person_id],
    )
    others = _take_in_turn(near, others_count)
    return (
        Invited(subject_id=pm.person_id, rater=pm, relationship=Relationship.SELF),
        Invited(subject_id=pm.person_id, rater=by_id[pm.manager_id], relationship=Relationship.MANAGER),
        *(
            Invited(subject_id=pm.person_id, rater=rater, relationship=ROLE_RELATIONSHIPS[rater.role])
            for rater in others
        ),
    )


def invite_team(roster: Roster, unit: str) -> tuple[Invited, ...]:
    """Returns everybody of a unit of the third level, asked about their own unit."""
    return tuple(
        Invited(
            subject_id=unit, rater=person,
            relationship=Relationship.OTHER if person.is_pm else ROLE_RELATIONSHIPS[person.role],
        )
        for person in roster.people
        if person.org_unit == unit
    )  # fmt: skip


def subjects_of(roster: Roster, instrument: Instrument) -> tuple[str, ...]:
    """Returns the ids of everyone, or every team, that the instrument is about, sorted."""
    if instrument.subject_kind is SubjectKind.PM:
        return tuple(sorted({person.person_id for person in roster.people if person.is_pm}))
    return tuple(sorted({person.org_unit for person in roster.people if person.org_unit.count("/") == 2}))  # noqa: PLR2004 - Product/<branch>/<team>


def _works_with(person: Person, pm: Person) -> bool:
    if person.person_id == pm.person_id or person.role not in ROLE_RELATIONSHIPS:
        return False
    branch = parent_unit(pm.org_unit)
    is_of_branch = person.org_unit == branch or (person.is_pm and parent_unit(person.org_unit) == branch)
    return is_of_branch or person.org_unit == pm.org_unit


def _take_in_turn(near: list[Person], count: int) -> list[Person]:
    waiting = {role: [person for person in near if person.role == role] for role in set(ASKED_IN_TURN)}
    taken: list[Person] = []
    for role in ASKED_IN_TURN:
        if waiting[role] and len(taken) < count:
            taken.append(waiting[role].pop(0))
    return taken
