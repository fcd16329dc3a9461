"""PMs see a wave first, units some days later: the same file, read on different days."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from pipeline import publish
from pipeline.release import AT_ONCE, Releases, Scope

pytestmark = pytest.mark.thorough

DAY = date(2026, 12, 7)


@pytest.fixture
def staged(open_world, people, answers, seeded):
    """A first wave shown at once, a second one whose units wait."""
    world = open_world(people)
    world.load("2026Q1", answers(seeded(3)))
    world.publish("2026Q1")
    world.load("2026Q2", answers(seeded(4)))
    edition = world.edition("2026Q2")
    edition = replace(edition, wave=replace(edition.wave, unit_date=DAY))
    publish.write_release(world.warehouse, world.releases, edition)
    return world


def waves(numbers):
    return {one.key.wave_id.removeprefix("team/") for one in numbers}


@pytest.mark.parametrize(
    ("day", "shown"), [(date(2026, 12, 6), {"2026Q1"}), (DAY, {"2026Q1", "2026Q2"}), (date.max, {"2026Q1", "2026Q2"})]
)  # fmt: skip
def test_units_when_their_day_has_not_come_then_wait_while_pms_do_not(staged, day, shown):
    release = Releases(staged.releases, today=lambda: day).current()
    assert waves(release.cells(Scope.UNIT, "P")) == waves(release.trait_cells("P")) == shown
    assert {point.wave_id.removeprefix("team/") for point in release.line(Scope.UNIT, "P")} == shown
    assert {one.wave_id.removeprefix("team/") for one in release.changes(Scope.UNIT, "P")} == shown - {
        "2026Q1"
    }
    assert bool(release.unit_cells("team/2026Q2")) == ("2026Q2" in shown)
    assert release.unit_cells("team/2026Q1")
    assert {wave.period for wave in release.waiting()} == {"2026Q1", "2026Q2"} - shown
    assert waves(release.cells(Scope.SUBJECT, "pm00")) == {"2026Q1", "2026Q2"}


def test_units_when_a_day_passes_then_the_open_release_shows_them(staged):
    days = [date(2026, 12, 6)]
    release = Releases(staged.releases, today=lambda: days[-1]).current()
    assert release.unit_cells("team/2026Q2") == ()
    days.append(DAY)
    assert release.unit_cells("team/2026Q2")


SINCE_FORMAT_3 = ("unit_load", "best_guess", "gap", "standing", "change", "favourable", "reliability")


def test_release_when_of_the_first_format_then_is_read_and_built_upon(open_world, people, answers, seeded):
    world = open_world(people)
    world.load("2026Q1", answers(seeded(3)))
    world.publish("2026Q1")
    with duckdb.connect(str(world.releases / "release-000001.duckdb")) as connection:
        connection.execute("alter table wave drop column unit_date")
        for table in SINCE_FORMAT_3:
            connection.execute(f"drop table {table}")
        connection.execute("update meta set format_version = 1")
    assert world.release().changes(Scope.UNIT, "P") == ()
    assert world.release().standings("pm00") == world.release().gaps("pm00") == ()
    assert world.release().reliability("team/2026Q1") == ()
    assert {wave.unit_date for wave in world.release().waves()} == {AT_ONCE}
    assert world.release().unit_cells("team/2026Q1")
    world.load("2026Q2", answers(seeded(4)))
    world.publish("2026Q2")
    assert [wave.unit_date for wave in world.release().waves()] == [AT_ONCE, AT_ONCE]
    assert world.release().changes(Scope.UNIT, "P")
    assert world.release().reliability("team/2026Q2")
