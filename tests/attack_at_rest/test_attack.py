"""Nobody who holds every byte on disk can join answers to people better than by guessing.

The same attacks succeed on stores that are broken on purpose, so they can fail.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from survey.config import Settings
from survey.policy import default_policy
from survey.reporting_group import REST_PREFIX
from tests.attack_at_rest.attacker import attacks, every_file, judge, look, possible_authors
from tests.form_world import WAVE

pytestmark = pytest.mark.slow
SELDOM = 1e-4


@pytest.fixture
def chance():
    return np.random.default_rng(5)


@pytest.fixture
def copied(crime, tmp_path):
    """A copy of what is left after closing, to be broken."""
    return Path(shutil.copytree(crime.home, tmp_path / "home"))


def test_attack_when_everything_left_is_known_then_is_no_better_than_guessing(crime, chance):
    evidence = look(crime.home, WAVE)
    assert len(evidence.answers) > 200
    found = {way: judge(evidence, guesses, crime.truth, chance) for way, guesses in attacks(evidence).items()}
    assert len(found) > 30
    better = {way: one for way, one in found.items() if one.chance < SELDOM}
    assert not better, better
    assert (found["by key"].hits, found["by group"].hits) == (0, 0)


def test_possible_authors_when_closed_then_are_at_least_k(crime):
    evidence = look(crime.home, WAVE)
    assert min(possible_authors(evidence)) >= default_policy().min_raters
    assert any(one.subject_id.startswith(REST_PREFIX) for one in evidence.answers)


def test_bytes_when_closed_then_hold_no_secret_hash_or_key(crime):
    files = every_file(crime.home)
    assert {path.suffix for path in files} >= {".sqlite", ".duckdb"}
    left = {str(path): path.read_bytes() for path in files}
    names = "\n".join(left)
    for trace in crime.traces:
        assert not [name for name, content in left.items() if trace in content]
        assert trace.hex() not in names
    assert not [name for name in left if name.endswith(("-wal", "-shm", ".key")) and left[name]
                and "pseudonym" not in name]  # fmt: skip


def test_answers_when_closed_then_stand_in_their_store_and_the_warehouse_only(crime):
    words = [content.encode() for content in crime.truth]
    for path in every_file(crime.home):
        if path.parent.name != "answers" and path.suffix != ".duckdb":
            content = path.read_bytes()
            assert not [one for one in words if one in content], path


def test_attack_when_a_copy_was_taken_before_closing_and_a_log_kept_secrets_then_succeeds(
    crime, tmp_path, chance
):
    home = Path(shutil.copytree(crime.before, tmp_path / "home"))
    lines = (f"GET /f/{secret}/1 200\n" for secret in sorted(crime.secrets))
    (home / "form" / "access.log").write_text("".join(lines))
    evidence = look(home, WAVE)
    found = judge(evidence, attacks(evidence)["by key"], crime.truth, chance)
    assert found.hits == len(evidence.answers)
    assert found.chance < SELDOM


def test_attack_when_both_stores_are_in_the_order_of_submission_then_succeeds(crime, copied, chance):
    keep_order(copied, crime)
    evidence = look(copied, WAVE)
    found = judge(evidence, attacks(evidence)["row against row"], crime.truth, chance)
    own = [one for one in evidence.answers if not one.subject_id.startswith(REST_PREFIX)]
    assert found.hits >= 0.9 * len(own)
    assert found.chance < SELDOM


def test_attack_when_groups_are_as_fine_as_relationships_then_succeeds(crime, copied, chance):
    keep_relationships(copied, crime)
    evidence = look(copied, WAVE)
    guesses = attacks(evidence)["by group"]
    found = judge(evidence, guesses, crime.truth, chance)
    assert len(guesses) > 40
    assert found.hits == len(guesses)
    assert min(possible_authors(evidence)) == 1


def keep_order(home, crime):
    """What a store with row numbers would be like, if rows were written as submissions came."""
    (store,) = (home / "answers").glob("*.sqlite")
    came = {content: place for place, (_, _, content) in enumerate(crime.order)}
    with closing(sqlite3.connect(store)) as connection, connection:
        rows = connection.execute("select * from response").fetchall()
        rows.sort(key=lambda row: came[row[3]])
        connection.execute("create table kept as select * from response where false")
        connection.executemany("insert into kept values (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("drop table response")
        connection.execute("alter table kept rename to response")
    done = {(rater, subject): place for place, (rater, subject, _) in enumerate(crime.order)}
    with closing(sqlite3.connect(Settings(home=home).register_path)) as connection, connection:
        rows = connection.execute(
            "select p.*, a.rater_id, a.subject_id from participation as p join assignment as a using (assignment_no)"
        ).fetchall()
        rows.sort(key=lambda row: done.get(row[-2:], -1))
        connection.execute("create table kept as select * from participation where false")
        connection.executemany("insert into kept values (?, ?, ?)", [row[:3] for row in rows])
        connection.execute("drop table participation")
        connection.execute("alter table kept rename to participation")


def keep_relationships(home, crime):
    """What a store with the relationship beside the answer would be like."""
    register, (store,) = Settings(home=home).register_path, (home / "answers").glob("*.sqlite")
    with closing(sqlite3.connect(register)) as connection, connection:
        connection.execute("update assignment set reporting_group = relationship")
        asked = connection.execute("select rater_id, subject_id, relationship from assignment").fetchall()
    relationships = {(rater, subject): relationship for rater, subject, relationship in asked}
    said = {content: (rater, subject) for rater, subject, content in crime.order}
    with closing(sqlite3.connect(store)) as connection, connection:
        for key, content in connection.execute("select response_key, content from response").fetchall():
            rater, subject = said[content]
            connection.execute(
                "update response set subject_id = ?, reporting_group = ? where response_key = ?",
                [subject, relationships[rater, subject], key],
            )
