"""Makes a product organisation: units three deep, people with managers, and what changes over time.

In comes a `Company` (teams and dated changes) and a generator; out comes a dated `Roster`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from survey.roster import Person, Roster, make_roster, parent_unit
from survey.synthesis.names import draw_names, make_email

LEVELS = ("associate", "senior", "principal")
TOP_UNIT = "Product"
STAFF_OF_TEAM = ("engineering",) * 6 + ("design",)
STAFF_OF_BRANCH = ("marketing", "marketing", "program", "program", "data")
STAFF_OF_COMPANY = ("executive", "hr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A unit of the third level, `Product/<branch>/<team>`, and the PMs it starts with."""

    unit: str
    pm_type: str
    stage: str
    pm_count: int


class ChangeKind(StrEnum):
    """JOIN: a new PM. LEAVE: the third PM goes. MOVE, PROMOTE: the second PM. REORGANISE: everybody."""

    JOIN = "join"
    LEAVE = "leave"
    MOVE = "move"
    PROMOTE = "promote"
    REORGANISE = "reorganise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happens in a unit on a day; `to_unit` is where a move or a new order leads."""

    day: date
    kind: ChangeKind
    unit: str
    to_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a made-up organisation is like. `has_twin`: the first PM to join has the first PM's name."""

    founded_on: date
    teams: tuple[Team, ...]
    changes: tuple[Change, ...] = ()
    has_twin: bool = False

    @property
    def branches(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(parent_unit(team.unit) for team in self.teams))


def draw_roster(company: Company, rng: np.random.Generator) -> Roster:
    """Returns every dated record of the company, sorted by person and day."""
    people = _draw_levels(_name(_initial_people(company), rng), rng)
    first_join = len(people) + 1
    for change in sorted(company.changes, key=lambda change: change.day):
        people = _apply(people, change, rng)
    if company.has_twin:
        people = _share_name(people, first_join)
    return make_roster(people)


def lead_of(people: tuple[Person, ...], unit: str) -> str:
    """Returns the person id of the lead of the branch a unit belongs to."""
    branch = unit if unit.count("/") == 1 else parent_unit(unit)
    return next(person.person_id for person in people if person.role == "lead" and person.org_unit == branch)


def _initial_people(company: Company) -> tuple[Person, ...]:
    staff = [_blank(company, role, TOP_UNIT) for role in STAFF_OF_COMPANY]
    staff += [_blank(company, "lead", branch) for branch in company.branches]
    staff += [_blank(company, role, branch) for branch in company.branches for role in STAFF_OF_BRANCH]
    staff += [_blank(company, role, team.unit) for team in company.teams for role in STAFF_OF_TEAM]
    pms = [
        replace(_blank(company, "pm", team.unit), pm_type=team.pm_type, stage=team.stage)
        for team in company.teams
        for _ in range(team.pm_count)
    ]
    numbered = tuple(
        replace(person, person_id=_person_id(number)) for number, person in enumerate(pms + staff, start=1)
    )
    return tuple(replace(person, manager_id=_manager_of(numbered, person)) for person in numbered)


def _blank(company: Company, role: str, unit: str) -> Person:
    return Person(
        person_id="", name="", email="", manager_id="", org_unit=unit, role=role, level="",
        pm_type="", stage="", active_from=company.founded_on, active_to=None,
    )  # fmt: skip


def _manager_of(people: tuple[Person, ...], person: Person) -> str:
    if person.role == "executive":
        return ""
    if person.org_unit == TOP_UNIT or person.role == "lead":
        return next(other.person_id for other in people if other.role == "executive")
    return lead_of(people, person.org_unit)


def _name(people: tuple[Person, ...], rng: np.random.Generator) -> tuple[Person, ...]:
    names = draw_names(len(people), rng)
    return tuple(
        replace(person, name=name, email=make_email(name)) for person, name in zip(people, names, strict=True)
    )


def _draw_levels(people: tuple[Person, ...], rng: np.random.Generator) -> tuple[Person, ...]:
    levels = rng.choice(LEVELS, size=len(people), p=(0.35, 0.45, 0.2))
    return tuple(
        replace(person, level=str(level)) if person.is_pm else person
        for person, level in zip(people, levels, strict=True)
    )


def _apply(people: tuple[Person, ...], change: Change, rng: np.random.Generator) -> tuple[Person, ...]:
    if change.kind is ChangeKind.JOIN:
        return (*people, _newcomer(people, change, rng))
    affected = _affected(people, change)
    after = tuple(successor for person in affected for successor in _close_and_follow(people, person, change))
    return tuple(person for person in people if person not in affected) + after


def _affected(people: tuple[Person, ...], change: Change) -> tuple[Person, ...]:
    present = tuple(
        person for person in people if person.org_unit == change.unit and person.active_to is None
    )
    pms = tuple(person for person in present if person.is_pm)
    match change.kind:
        case ChangeKind.REORGANISE:
            return present
        case ChangeKind.LEAVE:
            return pms[2:3]
        case _:
            return pms[1:2]


def _close_and_follow(people: tuple[Person, ...], person: Person, change: Change) -> tuple[Person, ...]:
    closed = replace(person, active_to=change.day - timedelta(days=1))
    if change.kind is ChangeKind.LEAVE:
        return (closed,)
    later = replace(person, active_from=change.day)
    if change.kind is ChangeKind.PROMOTE:
        level = LEVELS[min(LEVELS.index(person.level) + 1, len(LEVELS) - 1)]
        return (closed, replace(later, level=level))
    manager_id = lead_of(people, change.to_unit)
    return (closed, replace(later, org_unit=change.to_unit, manager_id=manager_id))


def _newcomer(people: tuple[Person, ...], change: Change, rng: np.random.Generator) -> Person:
    colleague = next(person for person in people if person.is_pm and person.org_unit == change.unit)
    taken = {person.name for person in people}
    name = next(name for name in draw_names(len(taken) + 1, rng) if name not in taken)
    number = len({person.person_id for person in people}) + 1
    return replace(
        colleague, person_id=_person_id(number), name=name, email=make_email(name), level="associate",
        active_from=change.day, active_to=None,
    )  # fmt: skip


def _share_name(people: tuple[Person, ...], first_join: int) -> tuple[Person, ...]:
    name = next(person.name for person in people if person.person_id == _person_id(1))
    return tuple(
        replace(person, name=name, email=make_email(name, twin=2))
        if person.person_id == _person_id(first_join)
        else person
        for person in people
    )


def _person_id(number: int) -> str:
    return f"p{number:03}"
