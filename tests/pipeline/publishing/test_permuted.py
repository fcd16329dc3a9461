"""P1 and P7: who said what in a block, and how, leaves no trace."""

from collections import defaultdict
from dataclasses import replace

import pytest

from pipeline.release import Released, Scope
from survey.relationship import ATTRIBUTED


def published(world, place, said):
    """Publishes answers as the first release of a folder of its own; returns the file's hash."""
    world.releases = world.releases.parent / place
    world.load("2026Q1", said)
    return world.publish("2026Q1").sha256


def permuted(said, blocks, rng):
    """Deals the answers to one item out anew within each block, 'not enough exposure' among them."""
    dealt = list(said)
    places = defaultdict(list)
    for place, one in enumerate(said):
        if one.relationship not in ATTRIBUTED and one.subject in blocks:
            places[blocks[one.subject], one.item].append(place)
    for (_, item), group in places.items():
        values = [said[place].value for place in group]
        rng.shuffle(values)
        for place, value in zip(group, values, strict=True):
            dealt[place] = replace(said[place], value=value)
        assert all(said[place].item == item for place in group)
    return dealt


def blocks_in_release(world):
    """{subject: block} as the warehouse remembers it."""
    rows = world.warehouse.connection.execute(
        "select distinct s.subject_id, p.block_no from core.published_member as p"
        " join core.subject as s using (subject_no)"
    ).fetchall()
    return dict(rows)


@pytest.mark.parametrize("seed", range(5))
def test_release_when_answers_are_permuted_within_blocks_then_is_the_same_file(
    open_world, people, answers, seeded, seed
):
    rng = seeded(seed)
    people = people[:9]  # below ten PMs no number comes from single answers
    said = answers(rng, people)
    world = open_world(people)
    first = published(world, "first", said)
    blocks = blocks_in_release(world)
    assert blocks
    for turn in range(3):
        other = permuted(said, blocks, rng)
        assert other != said
        assert published(world, f"turn-{turn}", other) == first


@pytest.mark.parametrize("seed", range(3))
def test_release_when_only_values_change_then_shows_the_same_keys(open_world, people, answers, seeded, seed):
    rng = seeded(seed)
    said = answers(rng)
    world = open_world(people)

    def keys():
        release = world.release()
        ids = [(Scope.SUBJECT, one.subject_id) for one in release.subjects()]
        ids += [(Scope.UNIT, one.unit_id) for one in release.units()]
        cells = [cell for scope, one in ids for cell in release.cells(scope, one)]
        return [(cell.key, "" if isinstance(cell, Released) else cell.reason) for cell in cells]

    published(world, "first", said)
    first = keys()
    span = {"F2": (0, 1)}
    changed = [
        one if one.value is None else replace(one, value=rng.randint(*span.get(one.item, (1, 5))))
        for one in said
    ]
    published(world, "second", changed)
    assert keys() == first
