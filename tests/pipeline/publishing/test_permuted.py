"""P1 and P7: who said what in a block, and how, leaves no trace."""

from collections import defaultdict
from dataclasses import replace

import pytest

from pipeline import warehouse
from pipeline.publishing import release_file
from pipeline.release import Released, Scope
from pipeline.warehouse import read_sql
from survey.relationship import ATTRIBUTED

pytestmark = pytest.mark.slow


def published(world, place, said):
    """Publishes answers as the first release of a folder of its own; returns the file's hash."""
    world.releases = world.releases.parent / place
    world.load("2026Q1", said)
    return world.publish("2026Q1").sha256


def of_blocks(world):
    """Every row of the release that comes from blocks: all but the numbers by relationship."""
    path = world.releases / "release-000001.duckdb"
    with world.warehouse.attached(path, "seen", "(read_only)"):
        run = world.warehouse.connection.execute
        tables = run("select table_name from duckdb_tables() where database_name = 'seen'").fetchall()
        kept = "select scope_no from seen.scope where scope <> 'relationship'"
        rows = {name: run(f"from seen.{name}").fetchall() for (name,) in sorted(tables)}
        del rows["relationship_item"]
        rows["cell"] = run(f"from seen.cell where scope_no in ({kept})").fetchall()
    return rows


def permuted(said, blocks, rng, key=lambda _: ""):
    """Deals the answers to one item out anew within each block, 'not enough exposure' among them.

    With a key, only among those who have it in common.
    """
    dealt = list(said)
    places = defaultdict(list)
    for place, one in enumerate(said):
        if one.relationship not in ATTRIBUTED and one.subject in blocks:
            places[blocks[one.subject], one.item, key(one)].append(place)
    for (_, item, _), group in places.items():
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
def test_release_when_answers_are_permuted_within_blocks_then_is_the_same(
    open_world, people, answers, seeded, seed
):
    """The whole file, if those of one relationship change places; all that comes from blocks, if anybody does."""
    rng = seeded(seed)
    people = people[:9]  # below ten PMs no number comes from single answers
    said = answers(rng, people)
    world = open_world(people)
    first = published(world, "first", said)
    rows, blocks = of_blocks(world), blocks_in_release(world)
    assert blocks
    for turn in range(3):
        other = permuted(said, blocks, rng)
        assert other != said
        published(world, f"turn-{turn}", other)
        assert of_blocks(world) == rows
        alike = permuted(said, blocks, rng, lambda one: one.relationship)
        assert published(world, f"alike-{turn}", alike) == first


@pytest.mark.parametrize("seed", range(3))
def test_release_when_only_values_change_then_shows_the_same_keys(open_world, people, answers, seeded, seed):
    rng = seeded(seed)
    said = answers(rng)
    world = open_world(people)

    def keys():
        release = world.release()
        ids = [(Scope.SUBJECT, one.subject_id) for one in release.subjects()]
        ids += [(Scope.UNIT, one.unit_id) for one in release.units()]
        ids += [(one.cell.key.scope, one.cell.key.scope_id) for one in release.slices("")]
        ids += [(one.cell.key.scope, one.cell.key.scope_id) for one in release.relationships("")]
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


def test_permuted_answers_when_a_number_is_made_from_single_answers_then_another_file_comes_out(
    open_world, people, answers, seeded, monkeypatch
):
    """P1, the test of the test: a gap that knows how far each subject's raters lie apart."""
    read_values = release_file.read_values

    def read_more(staging):
        found = read_values(staging)
        rows = staging.warehouse.query("publish/wave_spread", staging.parameters()).to_pylist()
        return replace(found, self_scores=found.self_scores - sum(row["within_sum_squares"] for row in rows))

    rng, people = seeded(2), people[:9]
    said = answers(rng, people)
    world = open_world(people)
    monkeypatch.setattr(release_file, "read_values", read_more)
    first = published(world, "first", said)
    assert published(world, "second", permuted(said, blocks_in_release(world), rng)) != first


def test_keys_when_what_all_agree_on_is_hidden_then_change_with_the_answers(
    open_world, people, answers, seeded, monkeypatch
):
    """P7, the test of the test: hiding what is unanimous tells that it was."""

    def hide_unanimous(name):
        text = read_sql(name)
        if name != "publish/block_item":
            return text
        return f"select * from (\n{text}\n) where bound_no = 0"  # noqa: S608

    said = answers(seeded(4), people)
    agreed = [one if one.value is None or one.item != "T1" else replace(one, value=5) for one in said]
    monkeypatch.setattr(warehouse, "read_sql", hide_unanimous)
    shown = []
    for place, some in enumerate((said, agreed)):
        world = open_world(people)
        published(world, f"turn-{place}", some)
        cells = [cell for one in people for cell in world.release().cells(Scope.SUBJECT, one.person_id)]
        shown.append({cell.key for cell in cells if isinstance(cell, Released)})
    assert shown[1] < shown[0]
