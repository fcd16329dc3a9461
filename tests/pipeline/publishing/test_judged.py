"""What is judged when a wave is published stays as it was, and goes when a wave it rests on goes."""

import duckdb
import pytest

from pipeline.release import Kind, Release, Scope, Stand

pytestmark = pytest.mark.thorough

QUARTERS = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


@pytest.fixture
def year(open_world, people, answers, seeded):
    """Four quarters of thirteen PMs, published one after the other."""
    world = open_world(people)
    for place, quarter in enumerate(QUARTERS):
        world.load(quarter, answers(seeded(place + 20)))
        world.publish(quarter)
    return world


def changes(release: Release):
    about = [(Scope.SUBJECT, one.subject_id) for one in release.subjects()]
    about += [(Scope.UNIT, one.unit_id) for one in release.units()]
    return {one for scope, scope_id in dict.fromkeys(about) for one in release.changes(scope, scope_id)}


def test_change_when_judged_then_every_kind_says_what_it_is_compared_with(year):
    found = {(one.wave_id, one.kind, one.since_wave_id) for one in changes(year.release())}
    assert ("team/2026Q2", Kind.QUARTER, "team/2026Q1") in found
    assert ("team/2026Q4", Kind.HALF_YEAR, "team/2026Q1") in found
    assert ("team/2026Q4", Kind.SLOPE, "team/2026Q1") in found
    assert not {kind for wave_id, kind, _ in found if wave_id != "team/2026Q4"} - {Kind.QUARTER}


def test_change_when_another_wave_is_published_then_stays_as_it_was(year):
    rows = []
    for number in (3, 4):
        path = year.releases / f"release-00000{number}.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            rows.append(connection.execute("from change where wave_no < 4 order by all").fetchall())
    assert rows[0] == rows[1] != []


def test_change_when_a_wave_is_withdrawn_then_those_that_rest_on_it_go(year):
    year.withdraw("2026Q2", "made up")
    left = {(one.wave_id, one.since_wave_id) for one in changes(year.release())}
    assert left == {("team/2026Q4", "team/2026Q3")}


def test_change_when_few_subjects_are_compared_then_no_margin_tells_of_the_others(year):
    """Below twenty the margin rests on what a scope's own raters are worth and the released spread alone."""
    release = year.release()
    for one in changes(release):
        assert round(one.needed_points, 2) == pytest.approx(one.needed_points)
        assert one.high - one.points == pytest.approx(one.needed_points, abs=2e-6)


def test_standing_when_two_traits_are_measured_then_one_of_each_at_most_is_chosen(year):
    release = year.release()
    found = [one for subject in release.subjects() for one in release.standings(subject.subject_id)]
    assert found
    for subject in {one.scope_id for one in found}:
        chosen = [one for one in set(found) if one.scope_id == subject and one.is_most_distinct]
        assert all(one.stand in (Stand.STRENGTH, Stand.TO_WORK_ON) for one in chosen)
        assert len({(one.wave_id, one.stand) for one in chosen}) == len(chosen)


def test_favourable_share_when_released_then_rests_on_ten_ratings_or_more_of_a_unit(year):
    release = year.release()
    found = [one for unit in release.units() for one in release.favourable_shares(unit.unit_id)]
    assert found
    assert min(one.rating_count for one in found) >= 10
    assert all(0 < one.low < one.share < one.high < 1 for one in found)
