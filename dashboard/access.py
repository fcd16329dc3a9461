"""Who looks, and what they may open. Pure: values in, yes or no out; `reading.py` holds it over numbers.

A PM opens their own results. A lead opens the units they lead, and a PM's results where that PM shared
them or where the policy said so when the wave opened. HR and executives open every unit and no PM. The
council opens how everything is done and no number. One person may have several roles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.release import ReleasedUnit
from survey.instrument import Instrument, SubjectKind
from survey.roster import unit_lineage

DEMO_VARIABLE = "PMHEALTH_DEMO"
"""Set to 1 by `pmhealth serve --demo`, for the script that Streamlit runs."""

SESSION_KEY = "session_id"
"""Under this the server hands the id of the session to the script that Streamlit runs."""


class Role(StrEnum):
    """In which role somebody looks."""

    HR = "hr"
    LEAD = "lead"
    PM = "pm"
    EXECUTIVE = "executive"
    COUNCIL = "council"


class Page(StrEnum):
    """A page of the navigation by its path, in the order in which they stand there."""

    MY_RESULTS = "my-results"
    MY_TEAM = "my-team"
    UNITS = "units"
    WAVES = "waves"
    DATA = "data"
    ROSTER = "roster"
    SHARED = "shared"
    COUNCIL = "council"
    NUMBER = "number"
    ABOUT = "about"
    LOOKS = "who-looked"


class Reach(StrEnum):
    """Whose numbers a role finds on a page; NOBODY: what is done and promised, and no number at all."""

    SELF = "self"
    SHARED = "shared"
    LED = "led"
    ALL = "all"
    NOBODY = "nobody"


PAGES: Mapping[Page, Mapping[Role, Reach]] = {
    Page.MY_RESULTS: {Role.PM: Reach.SELF},
    Page.SHARED: {Role.LEAD: Reach.SHARED},
    Page.MY_TEAM: {Role.LEAD: Reach.LED},
    Page.UNITS: {Role.LEAD: Reach.LED, Role.HR: Reach.ALL, Role.EXECUTIVE: Reach.ALL},
    Page.COUNCIL: {Role.COUNCIL: Reach.NOBODY},
    Page.WAVES: {Role.HR: Reach.NOBODY},
    Page.DATA: {Role.HR: Reach.NOBODY},
    Page.ROSTER: {Role.HR: Reach.NOBODY},
    Page.NUMBER: {
        Role.PM: Reach.SELF,
        Role.LEAD: Reach.SHARED,
        Role.HR: Reach.ALL,
        Role.EXECUTIVE: Reach.ALL,
    },
    Page.ABOUT: dict.fromkeys(Role, Reach.NOBODY),
    Page.LOOKS: dict.fromkeys(Role, Reach.SELF),
}
"""Which role has which page, and how far it sees there. A page is missing for a role that is not named."""

FOR_EVERYBODY = frozenset({Page.ABOUT, Page.LOOKS})
"""Also for who is signed in and has no role: raters may read what is promised, and who looked at them."""

ALL_UNITS = frozenset({Role.HR, Role.EXECUTIVE})
"""The roles that open every unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who looks, with all that decides what they may open, as of today.

    `unit_ids` are the units a lead leads; `shared_ids` the PMs who shared their results with the
    viewer; `report_ids` the PMs the viewer leads directly, whose results of waves opened on or after
    `results_from` the policy lets them open without a share. `session_id` is "" for a persona.
    """

    name: str
    roles: frozenset[Role]
    person_id: str = ""
    unit_ids: tuple[str, ...] = ()
    shared_ids: frozenset[str] = frozenset()
    report_ids: frozenset[str] = frozenset()
    results_from: date | None = None
    session_id: str = ""

    @property
    def is_pm(self) -> bool:
        return Role.PM in self.roles

    @property
    def is_lead(self) -> bool:
        return Role.LEAD in self.roles


def pages_of(viewer: Viewer) -> tuple[Page, ...]:
    """Returns the pages a viewer has, in their order; an executive begins with the units."""
    own = [page for page in Page if has_page(viewer, page)]
    is_first = Page.UNITS if Role.EXECUTIVE in viewer.roles else own[0]
    return tuple(sorted(own, key=lambda page: page is not is_first))


def has_page(viewer: Viewer, page: Page) -> bool:
    """True if one of the viewer's roles has the page; what is about units led needs one."""
    reaches = {PAGES[page][role] for role in viewer.roles if role in PAGES[page]}
    return page in FOR_EVERYBODY or bool(reaches - (set() if viewer.unit_ids else {Reach.LED}))


def may_open_unit(viewer: Viewer, unit_id: str) -> bool:
    """True for every unit to HR and executives, for the units led and those below them to their lead."""
    if viewer.roles & ALL_UNITS:
        return True
    lineage = unit_lineage(unit_id)
    return viewer.is_lead and any(own in lineage for own in viewer.unit_ids)


def may_promise(viewer: Viewer, unit_id: str) -> bool:
    """True for who answers for a unit: executives, HR, and its leads. They also read what was promised."""
    return may_open_unit(viewer, unit_id)


def may_open_pm(viewer: Viewer, person_id: str, opened_on: date) -> bool:
    """True for a PM's results of a wave to that PM, and to whom the PM or the policy lets open them."""
    if not person_id:
        return False
    if viewer.is_pm and viewer.person_id == person_id:
        return True
    if not viewer.is_lead:
        return False
    by_policy = viewer.results_from is not None and opened_on >= viewer.results_from
    return person_id in viewer.shared_ids or (by_policy and person_id in viewer.report_ids)


def may_read(viewer: Viewer, instrument: Instrument) -> bool:
    """True where an instrument can have numbers for the viewer.

    What only the PM answers is for that PM; what is about a unit is for those who may open units.
    """
    opens_units = bool(viewer.roles & (ALL_UNITS | {Role.LEAD}))
    if viewer.is_pm and instrument.subject_kind is SubjectKind.PM:
        return True
    return opens_units and not is_private(instrument)


def is_private(instrument: Instrument) -> bool:
    """True if only the PM answers, so that the results are that PM's alone, shared or not."""
    return "others" not in instrument.respondents


def units_in_scope(viewer: Viewer, units: Sequence[ReleasedUnit]) -> tuple[ReleasedUnit, ...]:
    """Returns the units a viewer may open, each once as of its last wave, in the order of the tree."""
    latest = {unit.unit_id: unit for unit in units}
    return tuple(latest[unit_id] for unit_id in sorted(latest) if may_open_unit(viewer, unit_id))
