"""What a store promises, on both databases: whole transactions, one writer, plain words when it cannot."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from survey import store_connection
from survey.config import Address, ServerAddress, Settings
from survey.errors import StoreError
from survey.register import open_register
from survey.register_schema import MIGRATIONS, metadata
from survey.store import Migration, Store, has_store, open_store, remove_store

ROOT = Path(store_connection.__file__).resolve().parents[1]
FIRST = Migration(version=1, statements=("create table note (note_no integer primary key, words varchar)",))
SECOND = Migration(version=2, statements=("alter table note add column line integer",))
BROKEN = Migration(version=2, statements=("create table other (a integer)", "create table other (a integer)"))
COUNT = text("select count(*) from note")
ADD = text("insert into note (note_no, words) select count(*) + 1, 'x' from note")


@pytest.fixture
def address(settings: Settings) -> Address:
    return settings.register_address


@pytest.fixture
def store(address: Address):
    with open_store(address, (FIRST,)) as opened:
        yield opened


def count(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(COUNT).scalar_one()


def add(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(ADD)


def test_store_when_not_made_then_asking_for_it_makes_none(address):
    assert not has_store(address)
    assert not has_store(address)
    with open_store(address, (FIRST,)):
        pass
    assert has_store(address)


def test_store_when_removed_then_nothing_is_left_and_removing_again_does_no_harm(address):
    with open_store(address, (FIRST,)) as store:
        add(store)
    remove_store(address)
    remove_store(address)

    assert not has_store(address)
    with open_store(address, (FIRST,)) as store:
        assert count(store) == 0


def test_transaction_when_it_fails_then_nothing_of_it_is_kept(store):
    def fail():
        with store.writing() as connection:
            connection.execute(ADD)
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            fail()

    assert count(store) == 0
    add(store)
    assert count(store) == 1


def test_reader_when_others_write_then_it_sees_one_moment(store):
    with store.reading() as connection:
        before = connection.execute(COUNT).scalar_one()
        add(store)
        assert connection.execute(COUNT).scalar_one() == before
    assert count(store) == before + 1


def test_look_up_when_others_have_written_then_it_sees_what_they_wrote(store):
    for written in range(3):
        assert store.look_up(text("select count(*) from note"), {})[0][0] == written
        add(store)


def test_writers_when_many_threads_write_what_they_read_then_none_is_outdated(store):
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(add, store) for _ in range(80)]:
            done.result()

    assert count(store) == 80


def test_readers_when_many_threads_read_then_all_are_answered(store):
    add(store)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: count(store), range(100))) == [1] * 100
        assert list(pool.map(lambda _: store.look_up(COUNT, {})[0][0], range(100))) == [1] * 100


def test_writer_when_another_holds_the_store_then_it_is_busy_and_readers_are_not(address, monkeypatch):
    monkeypatch.setattr(store_connection, "BUSY_TIMEOUT_SECONDS", 0.1)
    with open_store(address, (FIRST,)) as one, open_store(address, (FIRST,)) as other:
        add(other)
        with one.writing(), open_store(address, (FIRST,)) as new:
            for waiting in (other, new):
                with pytest.raises(StoreError) as refused:
                    add(waiting)
                assert refused.value.code == "store-busy"
                assert count(waiting) == 1
        add(other)
        assert count(other) == 2


def test_store_when_compacted_then_it_holds_what_it_held(store):
    add(store)
    add(store)
    store.compact(["note"])
    add(store)

    assert count(store) == 3


def test_store_when_older_then_it_is_brought_up_to_date_once(address):
    for migrations in ((FIRST,), (FIRST, SECOND), (FIRST, SECOND)):
        with open_store(address, migrations):
            pass
    assert columns(address) == ["note_no", "words", "line"]


def columns(address: Address) -> list[str]:
    with open_store(address, (FIRST, SECOND)) as store, store.reading() as connection:
        return [one["name"] for one in inspect(connection).get_columns("note")]


def test_migration_when_it_fails_then_the_store_is_as_it_was(address):
    with open_store(address, (FIRST,)):
        pass
    with pytest.raises(DBAPIError), open_store(address, (FIRST, BROKEN)):
        pass
    assert columns(address) == ["note_no", "words", "line"]


def test_store_when_a_newer_program_made_it_then_it_is_refused(address):
    with open_store(address, (FIRST, SECOND)):
        pass
    with pytest.raises(StoreError) as refused, open_store(address, (FIRST,)):
        pass
    assert (refused.value.code, refused.value.exit_code) == ("store-newer", 7)


MAKE_AT_ONCE = """
import sys
from pathlib import Path
from survey.config import read_settings
from survey.register import open_register
with open_register(read_settings(Path(sys.argv[1])).register_address) as register: print(len(register.waves()))
"""


def test_store_when_three_processes_make_it_at_once_then_all_succeed(settings):
    settings.home.mkdir()
    environment = os.environ | {"PMHEALTH_REGISTER": settings.register_url}
    command = [sys.executable, "-c", MAKE_AT_ONCE, str(settings.home)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in started] == ["0\n"] * 3


def test_register_when_made_then_it_has_the_tables_that_queries_are_built_of(settings):
    with open_register(settings.register_address) as register, register.store.reading() as connection:
        made = inspect(connection)
        tables = set(made.get_table_names())
        shapes = {table: shape(made, table) for table in tables - {"schema_version"}}
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    meant = inspect(fresh)

    assert tables == {*meant.get_table_names(), "schema_version"}
    assert shapes == {table: shape(meant, table) for table in meant.get_table_names()}
    fresh.dispose()


def shape(inspector, table: str) -> tuple[object, ...]:
    columns = [(one["name"], kind(one["type"]), one["nullable"]) for one in inspector.get_columns(table)]
    keys = [(one["constrained_columns"], one["referred_table"]) for one in inspector.get_foreign_keys(table)]
    unique = [one["column_names"] for one in inspector.get_unique_constraints(table)]
    return columns, sorted(keys), unique, inspector.get_pk_constraint(table)["constrained_columns"]


def kind(column_type: object) -> str:
    """The databases have names of their own for the same kind of value."""
    name = type(column_type).__name__
    return {"TIMESTAMP": "DATETIME", "BYTEA": "BLOB"}.get(name, name)


# what a register of the first version held, in the words of that version
VERSION_1 = (
    "insert into person values "
    "('ann', 'Ann', '', '', 'Product', 'pm', 'L5', 'growth', 'early', '2025-01-01', null)",
    "insert into instrument values ('hash', 'great-pm', '1.0', '{}')",
    "insert into wave values ('great-pm/2026Q3', 'great-pm', '2026Q3', 'hash', 'published', "
    "true, '2026-09-30', 'min_raters = 4', '')",
    "insert into wave_person values ('great-pm/2026Q3', "
    "'ann', 'Ann', '', '', 'Product', 'pm', 'L5', 'growth', 'early', '2025-01-01', null)",
    "insert into audit values (1, '2026-10-01 12:00:00', 'cli', 'ingest', 'great-pm/2026Q3', '')",
)


def test_register_when_the_first_version_made_it_then_it_migrates_and_keeps_everything(address):
    with open_store(address, MIGRATIONS[:1]) as store, store.writing() as connection:
        for statement in VERSION_1:
            connection.execute(text(statement))

    with open_register(address) as register:
        (ann,) = register.roster().people
        assert (ann.name, ann.active_from, ann.language) == ("Ann", date(2025, 1, 1), "")
        assert register.wave_roster("2026Q3").people == (ann,)
        assert register.wave("2026Q3").unit_date is None
        assert len(register.audit()) == 1


def test_versions_of_the_migrations_when_listed_then_they_count_up_from_one():
    assert [migration.version for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


# Only a server can be out of reach, know nobody of that name, or be started anew.


def refusal(url: str) -> StoreError:
    with pytest.raises(StoreError) as refused, open_register(ServerAddress(url=url, schema="register")):
        pass
    said = " ".join((refused.value.message, refused.value.where, refused.value.hint))
    assert "not-a-secret" not in said
    assert "postgresql:" not in said
    return refused.value


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (lambda server: server.url("postgres", password="wrong"), "store-login"),  # noqa: S106
        (lambda server: server.url("no-such-database"), "store-login"),
        (lambda server: server.url("postgres").replace("pmhealth:", "nobody:"), "store-login"),
        (
            lambda server: server.url("postgres").replace(str(server.folder), "/no/such/folder"),
            "store-unreachable",
        ),
        (lambda _: "postgresql://pmhealth:not-a-secret@127.0.0.1:1/postgres", "store-unreachable"),
        (lambda _: "postgresql://pmhealth:not-a-secret@no-such-host.invalid/postgres", "store-unreachable"),
        (lambda _: "postgresql://pmhealth:not-a-secret@host:no-port/postgres", "store-unreachable"),
    ],
)
def test_server_when_it_cannot_be_used_then_that_is_said_without_the_address(postgres, of, code):
    assert refusal(of(postgres)).code == code


def test_server_when_it_gives_no_right_to_write_then_that_is_said(postgres):
    url = postgres.empty_database("register")
    postgres.run("drop role if exists guest", "create role guest login password 'not-a-secret'")

    assert refusal(url.replace("pmhealth:", "guest:")).code == "store-unwritable"


CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'register'"


def test_connections_when_the_server_has_cut_them_then_the_next_use_makes_new_ones(postgres):
    address = ServerAddress(url=postgres.empty_database("register"), schema="register")
    with open_store(address, (FIRST,)) as store:
        for written in range(3):
            add(store)
            assert store.look_up(COUNT, {})[0][0] == count(store) == written + 1
            postgres.run(CUT)


def test_connection_when_it_is_cut_in_the_middle_then_the_server_counts_as_out_of_reach(postgres):
    def be_cut(store: Store) -> None:
        with store.writing() as connection:
            connection.execute(ADD)
            postgres.run(CUT)
            connection.execute(ADD)

    address = ServerAddress(url=postgres.empty_database("register"), schema="register")
    with open_store(address, (FIRST,)) as store:
        with pytest.raises(StoreError) as refused:
            be_cut(store)
        assert refused.value.code == "store-unreachable"
        assert count(store) == 0
