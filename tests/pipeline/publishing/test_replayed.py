"""A release is published once more from its blocks alone: all of it comes out, and what does not is seen."""

import shutil
from dataclasses import replace
from random import Random

import duckdb
import pytest

from pipeline.errors import PublishError
from pipeline.publishing import release_file
from pipeline.release import current_name
from pipeline.replay import replay
from pipeline.warehouse import open_warehouse
from survey.policy import default_policy
from survey.roster import Roster
from tests.pipeline.publishing.conftest import PEOPLE, World, random_answers, two_traits

pytestmark = pytest.mark.slow

PERIODS = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Four waves; a fifth was withdrawn, so that what was judged beside it is there no more."""
    place, rng = tmp_path_factory.mktemp("world"), Random(5)  # noqa: S311 - repeatable
    with open_warehouse(place / "private" / "warehouse.duckdb") as warehouse:
        world = World(
            warehouse=warehouse,
            releases=place / "releases",
            members=Roster(people=PEOPLE),
            instrument=two_traits(),
            policy=default_policy(),
            asked={one.person_id: 12 for one in PEOPLE},
        )
        for period in ("2025Q4", *PERIODS):
            world.load(period, random_answers(rng, PEOPLE, most=12))
            world.publish(period)
        world.withdraw("2025Q4", "asked by mistake")
        yield world


@pytest.fixture
def copied(world, tmp_path):
    """The folder of releases, to change something in."""
    return shutil.copytree(world.releases, tmp_path / "releases")


def replayed(world, releases):
    editions = [world.edition(period) for period in ("2025Q4", *PERIODS)]
    found = replay(
        world.warehouse, releases / current_name(releases), {one.wave.wave_id: one for one in editions}
    )
    return {table.name: table for table in found}


def change(releases, *statements):
    """Puts something into the current release that publishing did not."""
    with duckdb.connect(releases / current_name(releases)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_release_when_published_again_from_its_blocks_then_every_number_comes_out(world):
    tables = replayed(world, world.releases)
    assert {name for name, table in tables.items() if table.mismatched} == set()
    assert {*SCORES, "mix", "comment_rule"} <= {name for name, table in tables.items() if table.read}
    assert all(table.read == table.recomputed + table.excepted for table in tables.values())
    assert {name for name, table in tables.items() if table.excepted} <= {
        "cell", "spread", "reliability", "subject_spread", "trait_covariance",
    }  # fmt: skip


SCORES = {
    "cell": "score", "line": "high", "best_guess": "score", "gap": "low", "standing": "standing_no",
    "change": "verdict_no", "mix": "stayed_pm_count", "favourable": "share", "nonresponse": "low", "unit_load": "people_count", "block": "rater_count",
}  # fmt: skip


def test_number_when_it_is_not_from_blocks_then_is_found_in_its_table(world, copied):
    change(
        copied,
        *(
            f"update {table} set {column} = {column} + 1 where rowid = (select max(rowid) from {table})"  # noqa: S608
            for table, column in SCORES.items()
        ),
        "insert into comment_rule select * from comment_rule limit 1",
    )
    tables = replayed(world, copied)
    assert {name: table.mismatched for name, table in tables.items() if table.mismatched} == {
        **dict.fromkeys(SCORES, 1),
        "comment_rule": 1,
    }


def test_number_when_it_is_missing_then_is_found_in_its_table(world, copied):
    change(copied, "delete from gap where rowid = (select max(rowid) from gap)")
    assert replayed(world, copied)["gap"].mismatched == 1


def test_gap_when_it_were_made_from_single_answers_then_does_not_come_out(
    open_world, people, answers, seeded, monkeypatch
):
    """The test of the test: publishing that reads what blocks do not hold."""
    read_values = release_file.read_values

    def read_more(staging):
        found = read_values(staging)
        seen = staging.warehouse.connection.execute("select count(value) from core.answer").fetchone()[0]
        return replace(found, self_scores=found.self_scores - seen / 1e5)

    monkeypatch.setattr(release_file, "read_values", read_more)
    world = open_world(people)
    for period in ("2025Q4", *PERIODS):
        world.load(period, answers(seeded(5), people, most=12))
        world.publish(period)
    assert {name for name, table in replayed(world, world.releases).items() if table.mismatched} == {"gap"}


def test_release_when_one_before_it_is_gone_then_says_which(world, copied):
    (copied / "release-000002.duckdb").unlink()
    with pytest.raises(PublishError) as caught:
        replayed(world, copied)
    assert (caught.value.code, caught.value.where) == ("prove-incomplete", "release-000002.duckdb")
