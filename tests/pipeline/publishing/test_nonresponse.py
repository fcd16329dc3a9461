"""What those who did not answer could change: only where our own form asked, and never telling on anybody."""

from random import Random

import duckdb
import pytest

from pipeline.disclosure import response_share
from pipeline.disclosure.proof import prove
from pipeline.prove import gather
from pipeline.publishing import nonresponse
from pipeline.release import Measure, Released, Scope, current_name, release_number
from survey.relationship import Relationship
from tests.pipeline.publishing.conftest import PEOPLE, Said, random_answers

LOW, HIGH = 1, 5


@pytest.fixture
def asked_world(open_world):
    """Publishes a wave in which so many others were asked about everybody."""

    def open_one(asked, said=None):
        world = open_world(PEOPLE)
        world.asked = {one.person_id: asked for one in PEOPLE} if asked else {}
        world.load("2026Q1", said or random_answers(Random(3), PEOPLE, most=12))  # noqa: S311 - repeatable
        world.publish("2026Q1")
        return world

    return open_one


def everybody_answered(raters):
    """Everybody who was asked about somebody rated everything; nobody was asked about two."""
    return [
        Said(
            subject=one.person_id,
            relationship=Relationship.PEER,
            rater=100 * place + no,
            item=item,
            value=value,
        )
        for place, one in enumerate(PEOPLE)
        for no in range(1, raters + 1)
        for item, value in (("T1", 3 + no % 2), ("T2", 2), ("F1", 4), ("F2", no % 2))
    ]


def counts(world, unit_id):
    """How many answers count of a unit, and how many were asked."""
    path = world.releases / current_name(world.releases)
    with duckdb.connect(path, read_only=True) as connection:
        (answered,) = connection.execute(
            "select response_count from unit_load inner join scope using (scope_no)"
            " where scope = 'unit' and scope_id = ?",
            [unit_id],
        ).fetchone()
    return answered, sum(f"{one.org_unit}/".startswith(f"{unit_id}/") for one in PEOPLE) * 12


def attacked(world):
    path = world.releases / current_name(world.releases)
    proof = prove(gather(world.warehouse, path, release_number(path.name), {}))
    return {one.name: (one.tried, one.found) for one in proof.attacks}


def test_bounds_when_released_then_are_the_worst_case_of_shown_scores_at_the_told_share(asked_world):
    world = asked_world(12)
    release = world.release()
    scores = {
        one.key.measure_id: one.score
        for one in release.cells(Scope.UNIT, "P")
        if isinstance(one, Released) and one.key.measure is Measure.TRAIT
    }
    found = release.nonresponse("P")
    assert {one.trait_id for one in found} == set(scores)
    answered, asked = counts(world, "P")
    for one in found:
        assert 0 < one.response_share <= answered / asked
        missing = 1 - one.response_share
        known = one.response_share * scores[one.trait_id]
        assert one.low == pytest.approx(known + missing * LOW, abs=2e-6)
        assert one.high == pytest.approx(known + missing * HIGH, abs=2e-6)
        assert one.is_needed is (one.response_share < 0.6)


def test_share_when_a_unit_is_hidden_or_would_tell_on_few_pms_then_is_not_told(asked_world):
    release = asked_world(12).release()
    told = {one.unit_id for one in release.units() if release.nonresponse(one.unit_id)}
    shown = {
        one.unit_id
        for one in release.units()
        if any(isinstance(cell, Released) for cell in release.trait_cells(one.unit_id))
    }
    assert "P" in told <= shown
    assert "Q" not in told  # two PMs


def test_share_when_another_tool_asked_then_is_not_known(asked_world):
    release = asked_world(0).release()
    assert not any(release.nonresponse(one.unit_id) for one in release.units())
    assert attacked(asked_world(0))["all_answered"] == (0, 0)


def test_attackers_when_everybody_answered_then_cannot_tell_so(asked_world):
    world = asked_world(8, everybody_answered(8))
    assert max(one.response_share for one in world.release().nonresponse("P")) < 1
    tried, found = attacked(world)["all_answered"]
    assert tried > 0 == found


def test_attackers_when_a_share_were_told_as_it_is_then_know_that_everybody_answered(
    asked_world, monkeypatch
):
    """The test of the test."""

    def exactly(answered, asked, **_):
        return 100 * answered // asked

    monkeypatch.setattr(response_share, "told_percent", exactly)
    assert nonresponse.told_shares is response_share.told_shares
    assert attacked(asked_world(8, everybody_answered(8)))["all_answered"][1] > 0
