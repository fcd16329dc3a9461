"""What a wave will be able to show, told before it opens."""

from dataclasses import replace
from datetime import date
from math import comb
from pathlib import Path

import numpy as np
import pytest

from pipeline.preview import PREVIEW_SEED, RESPONSE_PCTS, Preview, gain_of_one, preview
from survey.assignment import Nomination, NominationState, Source, assign
from survey.config import Settings
from survey.definition import find_instrument
from survey.policy import default_policy
from survey.relationship import Relationship
from survey.roster import Person, Roster, make_roster

POLICY = default_policy()
BOSS = "boss"


def person(
    person_id: str, role: str = "engineering", unit: str = "Product/Growth", **changes: object
) -> Person:
    blank = Person(
        person_id=person_id, name="", email="", manager_id=BOSS, org_unit=unit, role=role, level="", pm_type="",
        stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip
    return replace(blank, **changes)


def organisation(pm_count: int = 6, engineers: int = 60) -> Roster:
    units = ("Product/Growth", "Product/Platform")
    return make_roster(
        [
            person(BOSS, "executive", "Product", manager_id=""),
            *(person(f"pm{number}", "pm", units[number % 2]) for number in range(pm_count)),
            *(person(f"e{number}") for number in range(engineers)),
        ]
    )


def nominate(members: Roster, sizes: dict[str, int], *extra: tuple[str, str]) -> list[Nomination]:
    free = iter([one.person_id for one in members.people if one.role == "engineering"] * 3)
    pairs = [(subject, next(free)) for subject, size in sizes.items() for _ in range(size)]
    return [
        Nomination(
            subject_id=subject, rater_id=rater, relationship=Relationship.ENGINEERING, source=Source.FILE,
            state=NominationState.APPROVED,
        )
        for subject, rater in [*pairs, *extra]
    ]  # fmt: skip


def look(members: Roster, nominations: list[Nomination], name: str = "great-pm") -> Preview:
    instrument = find_instrument(Settings(home=Path("no-home-here")), name)
    plan = assign(members, nominations, instrument=instrument, min_raters=POLICY.min_raters)
    return preview(plan, members, instrument, POLICY, np.random.default_rng(PREVIEW_SEED))


EVEN = {f"pm{number}": 8 for number in range(6)}


def test_more_answers_show_more_and_the_same_seed_the_same():
    members = organisation()
    found = look(members, nominate(members, EVEN))
    assert [one.response_pct for one in found.outlooks] == list(RESPONSE_PCTS)
    for name in ("subject_pct", "unit_pct", "comment_pct"):
        values = [getattr(one, name) for one in found.outlooks]
        assert values == sorted(values)
    assert found == look(members, nominate(members, EVEN))


def test_guard_when_previewed_then_costs_whose_counts_may_differ_by_one():
    """Of eight who answer independently: how often two waves' counts, both at least k, differ by one."""
    members = organisation()
    (usual,) = (one for one in look(members, nominate(members, EVEN)).outlooks if one.response_pct == 75)
    shares = [comb(8, count) * 0.75**count * 0.25 ** (8 - count) for count in range(9)]
    expected = 2 * sum(shares[count] * shares[count + 1] for count in range(POLICY.min_raters, 8))
    assert usual.guarded_pct == pytest.approx(100 * expected, abs=5)


def at_least(needed: int, invited: int, share: float) -> float:
    return sum(
        comb(invited, count) * share**count * (1 - share) ** (invited - count)
        for count in range(needed, invited + 1)
    )


def test_shares_are_those_of_the_binomial():
    members = organisation()
    found = look(members, nominate(members, EVEN))
    for one in found.outlooks:
        share = one.response_pct / 100
        assert one.subject_pct == pytest.approx(100 * at_least(4, 8, share), abs=4)
        assert one.comment_pct == pytest.approx(100 * at_least(5, 8, share), abs=4)


def test_units_are_judged_as_when_published():
    members = organisation(pm_count=4)
    found = look(members, nominate(members, {f"pm{number}": 8 for number in range(4)}))
    # Two PMs in each of two units: neither unit is ever shown, the product is whenever three can be.
    assert found.outlooks[-1].unit_pct == pytest.approx(100 / 3, abs=1)


def test_who_may_view_the_page_is_named_and_does_not_count():
    members = organisation()
    nominations = nominate(members, {"pm0": 3, "pm1": 8}, ("pm0", "hr"))
    members = make_roster([*members.people, person("hr", "hr", "Product")])
    first, second, *_ = look(members, nominations).subjects
    assert (first.subject_id, first.invited, first.known) == ("pm0", 4, ("hr",))
    assert first.below_pct == (100.0, 100.0, 100.0)
    assert first.gain_pct == pytest.approx(75 * 0.75**3)
    assert (second.known, second.invited) == ((), 8)


def test_those_at_risk_and_those_helped_come_first():
    members = organisation()
    found = look(members, nominate(members, {"pm0": 4, "pm1": 5, "pm2": 12}))
    assert [one.subject_id for one in found.at_risk(50)] == ["pm3", "pm4", "pm5", "pm0"]
    assert [one.subject_id for one in found.most_helped(2)] == ["pm0", "pm1"]
    assert found.most_helped(9)[-1].subject_id == "pm2"
    assert found.usual is found.outlooks[1]


def test_nobody_asked_shows_nothing():
    found = look(organisation(), [])
    assert [one.subject_pct for one in found.outlooks] == [0, 0, 0]
    assert [one.unit_pct for one in found.outlooks] == [0, 0, 0]
    assert {one.gain_pct for one in found.subjects} == {0.0}


def test_teams_are_looked_at_without_units_above():
    found = look(organisation(), [], "three-lenses")
    assert [one.unit_pct for one in found.outlooks] == [None, None, None]
    assert found.outlooks[-1].subject_pct == pytest.approx(100 / 3, abs=1)


def test_an_instrument_for_oneself_has_nothing_to_preview():
    found = look(organisation(), [], "stage-fit")
    assert found == Preview(outlooks=(), subjects=())
    assert found.usual is None


@pytest.mark.parametrize(("unknown", "gain"), [(2, 0.0), (3, 75 * 0.75**3), (4, 75 * 4 * 0.75**3 * 0.25)])
def test_one_more_rater_helps_where_one_is_missing(unknown, gain):
    assert gain_of_one(unknown, 75, 4) == pytest.approx(gain)
