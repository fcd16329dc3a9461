"""Who may open what: one truth table of role, page and scope, as pure rules."""

from datetime import date

import pytest

from dashboard.access import (
    Role,
    Viewer,
    is_private,
    may_open_pm,
    may_open_unit,
    may_read,
    units_in_scope,
)

HR = Viewer(name="HR", roles=frozenset({Role.HR}), person_id="p-hr")
OPENED = date(2026, 7, 1)
LEAD = Viewer(
    name="Lead of Growth", roles=frozenset({Role.LEAD}), person_id="p-lead", unit_ids=("Product/Growth",)
)
PM = Viewer(name="PM: Ada Example", roles=frozenset({Role.PM}), person_id="p-ada")
EXECUTIVE = Viewer(name="Executive", roles=frozenset({Role.EXECUTIVE}), person_id="p-exec")
COUNCIL = Viewer(name="Council", roles=frozenset({Role.COUNCIL}), person_id="p-council")
NOBODY = Viewer(name="Engineer", roles=frozenset(), person_id="p-eng")
LEADING_PM = Viewer(
    name="Group PM", roles=frozenset({Role.PM, Role.LEAD}), person_id="p-ada", unit_ids=("Product/Platform",)
)
UNITS = ("Product", "Product/Growth", "Product/Growth/Activation", "Product/Growth-2", "Product/Platform")


@pytest.mark.parametrize(
    ("viewer", "opens"),
    [
        (HR, UNITS),
        (EXECUTIVE, UNITS),
        (LEAD, ("Product/Growth", "Product/Growth/Activation")),
        (LEADING_PM, ("Product/Platform",)),
        (PM, ()),
        (COUNCIL, ()),
        (NOBODY, ()),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_unit_when_asked_for_then_opens_only_in_scope(viewer, opens):
    assert tuple(unit for unit in UNITS if may_open_unit(viewer, unit)) == opens


@pytest.mark.parametrize("viewer", [HR, EXECUTIVE, LEAD, COUNCIL, NOBODY], ids=lambda viewer: viewer.name)
def test_pm_when_nothing_is_shared_then_nobody_else_opens_them(viewer):
    assert not may_open_pm(viewer, "p-ada", OPENED)
    assert not may_open_pm(viewer, viewer.person_id, OPENED)
    assert not may_open_pm(viewer, "", OPENED)


@pytest.mark.parametrize("viewer", [PM, LEADING_PM], ids=lambda viewer: viewer.name)
def test_pm_when_it_is_themselves_then_they_open_it_and_nobody_elses(viewer):
    assert may_open_pm(viewer, "p-ada", OPENED)
    assert not may_open_pm(viewer, "p-bo", OPENED)


def with_share(*roles: Role) -> Viewer:
    return Viewer(name="x", roles=frozenset(roles), person_id="p-lead", shared_ids=frozenset({"p-ada"}))


@pytest.mark.parametrize(
    ("roles", "opens"),
    [
        ((Role.LEAD,), True),
        ((Role.HR,), False),
        ((Role.EXECUTIVE,), False),
        ((), False),
        ((Role.HR, Role.LEAD), True),
    ],
)
def test_pm_when_shared_then_only_a_lead_opens_it(roles, opens):
    assert may_open_pm(with_share(*roles), "p-ada", OPENED) is opens
    assert not may_open_pm(with_share(*roles), "p-bo", OPENED)


@pytest.mark.parametrize(
    ("results_from", "opens"),
    [(None, False), (date(2026, 7, 2), False), (OPENED, True), (date(2025, 1, 1), True)],
)
def test_pm_when_the_policy_says_from_when_then_their_direct_lead_opens_those_waves(results_from, opens):
    lead = Viewer(
        name="x",
        roles=frozenset({Role.LEAD}),
        person_id="p-lead",
        report_ids=frozenset({"p-ada"}),
        results_from=results_from,
    )
    assert may_open_pm(lead, "p-ada", OPENED) is opens
    assert not may_open_pm(lead, "p-bo", OPENED)


@pytest.mark.parametrize(("viewer", "expected"), [(HR, 5), (LEAD, 2), (PM, 0)], ids=("hr", "lead", "pm"))
def test_units_when_listed_then_each_stands_once(release, viewer, expected):
    found = units_in_scope(viewer, release.units())
    assert len(found) == len({unit.unit_id for unit in found}) == expected


@pytest.mark.parametrize(
    ("viewer", "reads"),
    [
        (PM, {"great-pm", "core-competencies", "stage-fit"}),
        (LEADING_PM, {"great-pm", "core-competencies", "stage-fit", "three-lenses"}),
        (LEAD, {"great-pm", "core-competencies", "three-lenses"}),
        (HR, {"great-pm", "core-competencies", "three-lenses"}),
        (EXECUTIVE, {"great-pm", "core-competencies", "three-lenses"}),
        (COUNCIL, set()),
        (NOBODY, set()),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_instrument_when_listed_then_it_is_one_that_can_have_numbers(instruments, viewer, reads):
    known = (instruments.great_pm, instruments.core, instruments.stage_fit, instruments.three_lenses)
    assert {one.instrument_id for one in known if may_read(viewer, one)} == reads


def test_instrument_when_only_the_pm_answers_then_it_is_private(instruments):
    assert is_private(instruments.stage_fit)
    assert not is_private(instruments.three_lenses)
