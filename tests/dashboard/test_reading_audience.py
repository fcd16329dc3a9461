"""Every table of a release, as every role: what the table of audiences says, and nothing more, is handed out."""

import pytest

from dashboard.access import Role, Viewer
from dashboard.reading import Reading
from pipeline.numbers import name_of, numbers_about
from pipeline.release import Release, Scope

UNIT, WAVE, PM = "Product", "great-pm/2026Q2", "p-ada"
VIEWERS = {
    "pm": Viewer(name="Ada", roles=frozenset({Role.PM}), person_id=PM),
    "another pm": Viewer(name="Bo", roles=frozenset({Role.PM}), person_id="p-bo"),
    "lead": Viewer(name="Lea", roles=frozenset({Role.LEAD}), unit_ids=(UNIT,)),
    "lead with a share": Viewer(
        name="Lea", roles=frozenset({Role.LEAD}), unit_ids=(UNIT,), shared_ids=frozenset({PM})
    ),
    "executive": Viewer(name="Eve", roles=frozenset({Role.EXECUTIVE})),
    "hr": Viewer(name="Hal", roles=frozenset({Role.HR})),
    "council": Viewer(name="Cat", roles=frozenset({Role.COUNCIL})),
}
OF_PM, OF_UNITS = {"pm", "lead with a share"}, {"lead", "lead with a share", "executive", "hr"}


def all_units(reading):
    return {unit.unit_id for unit in reading.release.units()}


READERS = {
    "cells of a PM": (OF_PM, lambda one: one.cells(Scope.SUBJECT, PM)),
    "line of a PM": (OF_PM, lambda one: one.line(Scope.SUBJECT, PM)),
    "changes of a PM": (OF_PM, lambda one: one.changes(Scope.SUBJECT, PM)),
    "standings": (OF_PM, lambda one: one.standings(PM)),
    "gaps": (OF_PM, lambda one: one.gaps(PM)),
    "best guesses": (OF_PM, lambda one: one.best_guesses(PM)),
    "cells of a unit": (OF_UNITS, lambda one: one.cells(Scope.UNIT, UNIT)),
    "trait scores of a unit": (OF_UNITS, lambda one: one.trait_cells(UNIT)),
    "all units": (OF_UNITS, lambda one: one.unit_cells(WAVE, all_units(one))),
    "line of a unit": (OF_UNITS, lambda one: one.line(Scope.UNIT, UNIT)),
    "changes of a unit": (OF_UNITS, lambda one: one.changes(Scope.UNIT, UNIT)),
    "changes of all units": (OF_UNITS, lambda one: one.unit_changes(WAVE, all_units(one))),
    "mixes": (OF_UNITS, lambda one: one.mixes(UNIT)),
    "non-response": (OF_UNITS, lambda one: one.nonresponse(UNIT)),
    "distribution": (OF_UNITS, lambda one: one.distribution(UNIT, WAVE)),
    "strengths": (OF_UNITS, lambda one: one.strengths(UNIT, WAVE)),
    "favourable shares": (OF_UNITS, lambda one: one.favourable_shares(UNIT)),
    "slices": (OF_UNITS, lambda one: one.slices(UNIT)),
    "relationships": (OF_UNITS, lambda one: one.relationships(UNIT)),
    "reliability": ({"hr", "council"}, lambda one: one.reliability(WAVE)),
}


def is_there(release, table):
    """Whether the release holds anything of a table at all."""
    everybody = Viewer(
        name="all", roles=frozenset(Role), person_id=PM, unit_ids=(UNIT,), shared_ids=frozenset({PM})
    )
    return bool(READERS[table][1](Reading(release=release, viewer=everybody)))


@pytest.mark.parametrize("table", READERS)
def test_table_when_every_role_asks_then_only_its_readers_get_anything(release, table):
    readers, ask = READERS[table]
    got = {name for name, viewer in VIEWERS.items() if ask(Reading(release=release, viewer=viewer))}
    assert got == (readers if is_there(release, table) else set())


def test_tables_when_walked_then_most_of_them_have_something(release):
    assert sum(is_there(release, table) for table in READERS) >= len(READERS) / 2


@pytest.mark.parametrize("name", VIEWERS)
def test_number_when_asked_for_by_its_name_then_only_readers_of_its_table_get_it(release, name):
    reading = Reading(release=release, viewer=VIEWERS[name])
    for place, readers in (
        (("pm", PM), OF_PM),
        (("unit", UNIT), OF_UNITS),
        (("organisation", "all"), {"hr", "council"}),
    ):
        for own, number in list(numbers_about(release, *place))[::7]:
            assert (reading.number_called(str(own)) is not None) is (name in readers), own
            assert name_of(release, number) == own


def test_reading_when_a_release_can_be_asked_something_then_asks_in_its_name():
    """A new table of numbers is reached through the reading or not at all."""
    asked = {name for name in vars(Release) if not name.startswith("_")}
    assert asked - set(vars(Reading)) <= {"files", "number"}
