"""Who may promise: the one truth table, and that it is asked with every question."""

import pytest

from dashboard.access import Role, Viewer, may_promise
from survey.register_promises import NewPromise, Outcome
from survey.register_sessions import SignInMethod

GROWTH, PLATFORM, ABOVE = "Product/Growth", "Product/Platform", "Product"
TABLE = {
    Role.EXECUTIVE: {GROWTH, PLATFORM, ABOVE},
    Role.HR: {GROWTH, PLATFORM, ABOVE},
    Role.LEAD: {GROWTH},
    Role.PM: set(),
    Role.COUNCIL: set(),
}
"""By role, to which of three units somebody may promise who leads Growth, where leads lead."""


def made(unit_id=GROWTH, words="Fewer goals a quarter."):
    return NewPromise(unit_id=unit_id, trait_id="focus", wave_id="great-pm/2026Q2", words=words)


def test_table_when_read_then_has_every_role():
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("unit_id", [GROWTH, PLATFORM, ABOVE])
def test_role_when_it_promises_then_does_what_the_table_says(role, unit_id):
    viewer = Viewer(name="x", roles=frozenset({role}), person_id="p-x", unit_ids=(GROWTH,))
    assert may_promise(viewer, unit_id) is (unit_id in TABLE[role])


@pytest.mark.parametrize("person_id", ["p-exec", "p-hr", "p-lead", "p-plat", "p-ada", "p-council", "p-eng"])
def test_person_when_they_ask_then_read_add_and_close_go_together(directory, person_id):
    directory.add_promise(directory.viewer_of("p-exec"), made())
    viewer = directory.viewer_of(person_id)
    may = person_id in {"p-exec", "p-hr", "p-lead"}
    assert bool(directory.promises_of(viewer, GROWTH)) is may
    assert directory.add_promise(viewer, made(words="Another.")) is may
    assert directory.close_promise(viewer, 1, Outcome.KEPT) is may


def test_session_when_revoked_then_the_page_it_left_open_promises_nothing(directory):
    begun = directory.sessions.begin("p-exec", SignInMethod.LINK, directory.now())
    viewer = directory.viewer(begun.session.session_id)
    assert directory.add_promise(viewer, made())
    directory.sessions.revoke_person("p-exec", directory.now(), by="p-hr")
    assert not directory.add_promise(viewer, made(words="Another."))
    assert not directory.close_promise(viewer, 1, Outcome.KEPT)
    assert directory.promises_of(viewer, GROWTH) == ()


def test_promise_when_there_is_none_of_that_number_then_nothing_is_closed(directory):
    assert not directory.close_promise(directory.viewer_of("p-exec"), 7, Outcome.KEPT)
