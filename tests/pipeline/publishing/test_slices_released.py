"""Slices and numbers by relationship through the real pipeline: shown, hidden, and attacked."""

from dataclasses import replace
from random import Random

import pytest

from pipeline.disclosure.proof import prove
from pipeline.prove import gather
from pipeline.release import Group, Measure, Reason, Released, Scope, SliceKind, current_name, release_number
from survey.relationship import ATTRIBUTED, Relationship
from tests.pipeline.publishing.conftest import Said, person, two_traits

pytestmark = pytest.mark.thorough

TYPES = ("b2b", "b2c")
PEOPLE = tuple(
    replace(person(f"pm{no:02d}", unit), pm_type=TYPES[no % 2], stage="early" if no < 3 else "")
    for no, unit in enumerate(["P/G"] * 8 + ["P/H"] * 6)
)
STRANGER = replace(person("pm99", "P/H"), pm_type="platform")


def full(people, *, engineers=5, designers=4):
    """Everybody's own engineers and designers, all of whom rated everything."""
    rng = Random(1)  # noqa: S311 - repeatable
    for place, subject in enumerate(people):
        names = [Relationship.ENGINEERING] * engineers + [Relationship.DESIGN] * designers
        for no, relationship in enumerate(names):
            for one in two_traits().items:
                value = rng.randint(0, 1) if one.is_event else rng.randint(1, 5)
                yield Said(
                    subject=subject.person_id,
                    relationship=relationship,
                    rater=100 * place + no + 1,
                    item=one.item_id,
                    value=value,
                )


def publish(open_world, said, people=PEOPLE, **policy):
    world = open_world(people)
    world.policy = replace(world.policy, **policy)
    world.load("2026Q1", said)
    world.publish("2026Q1")
    return world


def attacked(world):
    path = world.releases / current_name(world.releases)
    return prove(gather(world.warehouse, path, release_number(path.name), {}))


def traits(found):
    return [one for one in found if one.cell.key.measure is Measure.TRAIT]


def test_slices_when_shown_then_are_means_of_whole_blocks_with_n_and_interval(open_world):
    said = list(full(PEOPLE))
    release = publish(open_world, said).release()
    found = {(one.kind, one.value, one.cell.key.measure_id): one.cell for one in release.slices("P")}
    cell = found[SliceKind.PM_TYPE, "b2b", "T1"]
    about = {one.person_id for one in PEOPLE if one.pm_type == "b2b"}
    points = [one.value for one in said if one.subject in about and one.item == "T1"]
    assert cell.score == pytest.approx(sum(points) / len(points), abs=1e-6)
    assert (cell.rater_count, cell.pm_count, cell.low) == (63, 7, None)
    taste = found[SliceKind.PM_TYPE, "b2b", "taste"]
    assert taste.key.group is Group.OTHERS
    assert taste.low < taste.score < taste.high
    assert release.slices("P/G") == () == release.slices("")


def test_relationships_when_shown_then_add_up_to_their_unit(open_world):
    said = list(full(PEOPLE))
    release = publish(open_world, said).release()
    whole = {one.key.measure_id: one for one in release.cells(Scope.UNIT, "P/G")}["T1"]
    parts = [
        one.cell
        for one in release.relationships("P/G")
        if isinstance(one.cell, Released) and one.cell.key.measure_id == "T1"
    ]
    assert [one.rater_count for one in parts] == [32, 40]
    total = sum(one.score * one.rater_count for one in parts)
    assert total / 72 == pytest.approx(whole.score, abs=1e-6)
    assert {one.pm_count for one in parts} == {8}


@pytest.mark.parametrize("designers", [0, 1, 2])
def test_relationship_when_few_answered_then_looks_as_if_nobody_had(open_world, designers):
    """One designer about each of two PMs, or none at all: the page is the same, reason by reason."""
    said = [
        one
        for one in full(PEOPLE)
        if one.relationship is Relationship.ENGINEERING
        or (one.subject in ("pm00", "pm01") and one.rater % 100 <= 5 + designers)
    ]
    found = publish(open_world, said).release().relationships("P")
    hidden = {
        one.relationship: one.cell.reason for one in traits(found) if not isinstance(one.cell, Released)
    }
    assert hidden[Relationship.DESIGN] is hidden[Relationship.SALES] is Reason.PROTECTS_OTHERS
    assert {one.relationship for one in found} == set(Relationship) - set(ATTRIBUTED)


def test_slice_when_nobody_answered_about_it_then_is_there_like_one_of_few(open_world):
    people = (*PEOPLE, STRANGER)
    for said in (full(PEOPLE), full(people)):
        found = traits(publish(open_world, said, people).release().slices("P"))
        reasons = {one.cell.reason for one in found if one.value == "platform"}
        assert reasons == {Reason.TOO_FEW_PMS}


@pytest.mark.parametrize("seed", range(3))
def test_attackers_when_slices_and_relationships_of_random_waves_are_shown_then_find_nothing(
    open_world, answers, seeded, seed
):
    rng = seeded(seed)
    people = tuple(replace(one, stage=rng.choice(["early", "growth"])) for one in PEOPLE)
    world = open_world(people)
    for period in ("2026Q1", "2026Q2"):
        world.load(period, answers(rng, people, most=12))
        world.publish(period)
    proof = attacked(world)
    assert proof.is_held, proof.attacks


def test_attackers_when_slices_are_only_counted_then_find_the_pms_left_over(open_world, monkeypatch):
    """The test of the test: two of a unit's PMs are in none of the slices that fill the rest of it."""

    def counted(blocks, _units, **_):
        return dict.fromkeys({one for block in blocks for one in block.values.items()})

    monkeypatch.setattr("pipeline.publishing.slices.decide_slices", counted)
    people = tuple(replace(one, stage="late" if no < 12 else "") for no, one in enumerate(PEOPLE))
    found = {one.name for one in attacked(publish(open_world, full(people), people)).attacks if one.found}
    assert "few_pms" in found


def test_attackers_when_relationships_are_only_counted_then_find_the_designer(open_world, monkeypatch):
    """The test of the test: one designer in all; what is left of every block without engineers is theirs."""

    def counted(shares, **_):
        return dict.fromkeys({("", share.relationship) for share in shares})

    monkeypatch.setattr("pipeline.publishing.relationships.decide_relationships", counted)
    said = [
        one
        for one in full(PEOPLE, designers=1)
        if one.relationship is Relationship.ENGINEERING or one.subject == "pm00"
    ]
    found = {one.name for one in attacked(publish(open_world, said)).attacks if one.found}
    assert "few_by_relationship" in found


def test_organisation_when_too_large_for_the_auditor_then_shows_nothing_by_relationship(
    open_world, monkeypatch
):
    monkeypatch.setattr("pipeline.publishing.relationships.MOST_SUBJECTS", len(PEOPLE) - 1)
    found = publish(open_world, full(PEOPLE)).release().relationships("P")
    assert {one.cell.reason for one in found} == {Reason.PROTECTS_OTHERS}


@pytest.mark.parametrize("is_guarded", [False, True])
def test_guard_when_one_rater_left_then_the_pm_is_not_shown_alone(open_world, is_guarded):
    world = open_world(PEOPLE)
    world.policy = replace(world.policy, turnover_guard=is_guarded)
    said = list(full(PEOPLE))
    world.load("2026Q1", said)
    world.publish("2026Q1")
    world.load("2026Q2", [one for one in said if one.rater not in (1, 101)])
    world.publish("2026Q2")
    shown = {
        one.subject_id: isinstance(world.release().cells(Scope.SUBJECT, one.subject_id)[-1], Released)
        for one in world.release().subjects()
    }
    assert {name for name, is_shown in shown.items() if not is_shown} == (
        {"pm00", "pm01"} if is_guarded else set()
    )
