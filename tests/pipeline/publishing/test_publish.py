"""Publishing: numbered, cumulative, the same bytes; kept whole at any moment."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from pipeline.errors import PublishError
from pipeline.publishing.names import coding_step
from pipeline.release import Group, Reason, Releases, Scope, Suppressed, release_number
from survey.instrument import ScaleKind, SubjectKind
from survey.relationship import Relationship

pytestmark = pytest.mark.thorough


def rows(path, table, wave_no=1):
    """The rows of one wave in a release file, in their order."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as release (read_only)")
        return connection.execute(
            f"select * from release.{table} where wave_no = {wave_no}"  # noqa: S608 - names of our own
        ).fetchall()


def test_current_when_nothing_is_published_then_is_none(open_world, people):
    world = open_world(people)
    assert Releases(world.releases).current() is None


def test_publish_when_the_wave_has_no_answers_then_is_refused(open_world, people):
    with pytest.raises(PublishError) as caught:
        open_world(people).publish("2026Q1")
    assert caught.value.code == "publish-empty"


def test_publish_when_inputs_are_the_same_then_so_are_the_bytes(open_world, people, answers, seeded):
    hashes = set()
    for _ in range(2):
        world = open_world(people)
        for number, period in enumerate(("2026Q1", "2026Q2"), start=1):
            world.load(period, answers(seeded(number)))
            manifest = world.publish(period)
            assert manifest.release_no == number
        hashes.add(manifest.sha256)
    assert len(hashes) == 1


def test_publish_when_an_earlier_try_left_something_then_it_is_removed(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(1)))
    world.releases.mkdir(parents=True)
    (world.releases / ".building-release-000001.duckdb.wal").touch()
    manifest = world.publish("2026Q1")
    assert sorted(path.name for path in world.releases.iterdir()) == [
        "CURRENT",
        "release-000001.duckdb",
        "release-000001.json",
    ]
    assert manifest.wave("team/2026Q1").subject_count == len(people)


def test_publish_when_wave_is_in_the_release_then_nothing_changes(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(1)))
    first = world.publish("2026Q1")
    before = {path.name: path.read_bytes() for path in world.releases.iterdir()}
    assert world.publish("2026Q1") == first
    assert {path.name: path.read_bytes() for path in world.releases.iterdir()} == before


def test_publish_when_a_wave_follows_then_the_earlier_one_is_copied(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(1)))
    first = world.releases / world.publish("2026Q1").file
    world.load("2026Q1", answers(seeded(9)))  # whatever happens to the marts of a published wave
    world.load("2026Q2", answers(seeded(2)))
    second = world.releases / world.publish("2026Q2").file
    for table in ("wave", "subject", "unit", "block", "block_item", "spread", "cell", "lineage"):
        assert rows(second, table) == rows(first, table) != [], table


def test_reader_when_a_new_release_is_there_then_hands_it_out(open_world, people, answers, seeded):
    world = open_world(people)
    releases = Releases(world.releases)
    world.load("2026Q1", answers(seeded(1)))
    world.publish("2026Q1")
    first = releases.current()
    assert releases.current() is first
    world.load("2026Q2", answers(seeded(2)))
    world.publish("2026Q2")
    second = releases.current()
    assert (first.number, second.number) == (1, 2)
    assert [wave.period for wave in first.waves()] == ["2026Q1"]
    assert [wave.period for wave in second.waves()] == ["2026Q1", "2026Q2"]


def test_reader_when_asked_then_tells_who_was_rated_and_with_what(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(1)))
    world.publish("2026Q1")
    release = world.release()
    assert [one.subject_id for one in release.subjects()] == [one.person_id for one in people]
    assert release.subjects()[0].name == people[0].name
    units = {unit.unit_id: unit for unit in release.units()}
    assert set(units) == {"P", "P/C", "P/G", "P/G/A", "P/G/B", "Q", "Q/X"}
    assert (units["P/G/A"].parent_id, units["P/G/A"].name) == ("P/G", "A")
    assert release.instrument("two-traits", "1") == world.instrument
    assert release.instrument("two-traits", "1") is release.instrument("two-traits", "1")
    with pytest.raises(KeyError):
        release.instrument("two-traits", "2")
    heat = release.unit_cells("team/2026Q1")
    assert len(heat) == len(units) * 2
    assert {cell.key.scope for cell in heat} == {Scope.UNIT}


def test_release_number_when_the_name_is_another_then_is_refused():
    with pytest.raises(ValueError, match="other"):
        release_number("other.duckdb")


def test_spread_when_a_wave_has_too_few_pms_then_is_the_last_own_one(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(1)))
    world.publish("2026Q1")
    world.load("2026Q2", answers(seeded(2), people[:9]))
    path = world.releases / world.publish("2026Q2").file
    first, second = rows(path, "spread", 1), rows(path, "spread", 2)
    assert {row[4] for row in first} == {"wave"}
    assert [row[1:4] for row in first] == [row[1:4] for row in second]
    assert {row[4] for row in second} == {"earlier"}


def test_spread_when_there_is_none_yet_then_is_the_policys(open_world, people, answers, seeded):
    world = open_world(people[:9])
    world.load("2026Q1", answers(seeded(1), people[:9]))
    path = world.releases / world.publish("2026Q1").file
    assert [row[2:] for row in rows(path, "spread")] == [(Decimal(1), 1000, "policy")] * 2


def test_line_when_an_item_is_missing_later_then_is_drawn_over_the_rest(open_world, people, answers, seeded):
    world = open_world(people)
    whole = answers(seeded(3))
    world.load("2026Q1", whole)
    world.publish("2026Q1")
    world.load("2026Q2", [one for one in whole if one.item != "T1"])
    world.publish("2026Q2")
    world.load("2026Q3", [one for one in whole if one.item != "T2"])
    world.publish("2026Q3")
    points = [one for one in world.release().line(Scope.UNIT, "P") if one.trait_id == "taste"]
    assert [(one.segment_no, one.wave_id, one.item_count) for one in points] == [
        (1, "team/2026Q1", 1),
        (1, "team/2026Q2", 1),
        (2, "team/2026Q3", 1),
    ]
    cells = {(c.key.wave_id, c.key.measure_id): c for c in world.release().cells(Scope.UNIT, "P")}
    assert points[0].score == cells["team/2026Q1", "T2"].score
    assert points[2].score == cells["team/2026Q3", "T1"].score


def test_teams_when_they_are_the_subjects_then_have_no_unit_numbers(open_world, people, answers, seeded):
    world = open_world(people)
    world.instrument = replace(world.instrument, subject_kind=SubjectKind.UNIT, respondents=("others",))
    said = [replace(one, subject="P/C") for one in answers(seeded(1), people[:1], most=9)]
    rated = [replace(one, relationship=Relationship.PEER) for one in said]
    world.load("2026Q1", rated)
    world.publish("2026Q1")
    release = world.release()
    assert {one.kind for one in release.subjects()} == {"unit"}
    assert release.unit_cells("team/2026Q1") == ()
    assert len(release.cells(Scope.SUBJECT, "P/C")) == 6
    (other, *_) = release.cells(Scope.SUBJECT, "P/G")
    assert isinstance(other, Suppressed)
    assert other.reason is Reason.TOO_FEW_RATERS


def test_self_only_when_published_then_has_no_cells_of_others(open_world, people, answers, seeded):
    world = open_world(people)
    world.instrument = replace(world.instrument, respondents=("self",))
    world.load("2026Q1", answers(seeded(1)))
    world.publish("2026Q1")
    release = world.release()
    cells = [cell for one in people for cell in release.cells(Scope.SUBJECT, one.person_id)]
    assert {cell.key.group for cell in cells} == {Group.SELF}
    assert release.unit_cells("team/2026Q1") == ()


def test_coding_step_when_the_scale_is_a_range_then_is_a_twentieth(open_world, people):
    points = open_world(people).instrument.scale("often")
    assert coding_step(points) == 1
    assert coding_step(replace(points, kind=ScaleKind.RANGE, high=Decimal(101))) == 5


@pytest.mark.parametrize(("value", "score", "bound"), [(5, 4.8, "high"), (1, 1.2, "low"), (3, 3.0, "")])
def test_unanimity_when_published_then_reads_like_near_unanimity(
    open_world, people, say, value, score, bound
):
    world = open_world(people[:1])
    world.load("2026Q1", [say(rater, item, value) for rater in range(5) for item in ("T1", "F1")])
    world.publish("2026Q1")
    cells = {cell.key.measure_id: cell for cell in world.release().cells(Scope.SUBJECT, "pm00")}
    for measure in ("T1", "F1", "taste", "focus"):
        assert (cells[measure].score, cells[measure].bound) == (pytest.approx(score), bound)
