"""How Hypothesis runs everywhere, and a PostgreSQL server of our own for tests of the stores."""

import logging
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from psycopg import sql

from survey.config import Settings
from survey.logs import JsonLines

# No test fails because a machine is busy, and CI repeats itself.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    database=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
# Each mutant is tried with the same few examples, so that a run can be repeated; what fails is enough as it is.
settings.register_profile(
    "mutants",
    settings.get_profile("house"),
    derandomize=True,
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
)
# Many times a day, a few examples find what is plainly broken; the full number comes with the whole run.
settings.register_profile("everyday", settings.get_profile("house"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests begin first, so that no process is left alone with them in the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _installed_components_are_looked_for_once() -> None:
    """AppTest reads about every installed package anew for each page, which takes longer than most pages do."""
    if "streamlit" in sys.modules:
        scanner = import_module("streamlit.components.v2.manifest_scanner")
        scanner.scan_component_manifests = cache(scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def _no_log_lines_of_an_earlier_test() -> Iterator[None]:
    """What starts a process's log in a test writes to a stream that ends with it."""
    yield
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one.formatter, JsonLines)]:
        root.removeHandler(handler)


USER, PASSWORD = "pmhealth", "not-a-secret"
SERVER_OPTIONS = ("listen_addresses=", "max_connections=60", "shared_buffers=32MB", "log_min_messages=fatal")
START_SECONDS = 60
DROP_SCHEMAS = """
do $$ declare found text; begin
    for found in select nspname from pg_namespace where nspname ~ '^(register|answers)' loop
        execute format('drop schema %I cascade', found);
    end loop;
end $$
"""


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A server of this test run alone, reached through a socket in its own folder."""

    folder: Path

    def url(self, database: str, *, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{password}@/{database}?host={self.folder}"

    def run(self, *statements: str | sql.Composable, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def empty_database(self, name: str) -> str:
        """Takes everything of ours out of a database, made where needed; quicker than a new one."""
        try:
            self.run(DROP_SCHEMAS, database=name)
        except psycopg.OperationalError:
            return self.make_database(name)
        return self.url(name)

    def make_database(self, name: str) -> str:
        """Makes an empty database in the place of one that may be there, and returns its address."""
        self.run(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)),
            sql.SQL("create database {}").format(sql.Identifier(name)),
        )
        return self.url(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server, or a skipped test where none is installed; in CI that is a failure."""
    with new_cluster() as (programs, folder), start_server(programs, folder) as process:
        try:
            server = PostgresServer(folder=folder)
            wait_for(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: what it has not written yet is thrown away anyway
            process.wait()


@contextmanager
def new_cluster() -> Iterator[tuple[Path, Path]]:
    """Yields the folder of the server's programs and one for a server of our own, which goes in the end."""
    programs = _find_programs()
    if programs is None:
        message = "no PostgreSQL server is installed; .ci/postgres says what to do"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="pmhealth-postgres-"))
    try:
        owner = _unprivileged()
        if owner is not None:
            shutil.chown(folder, owner)
        _make_cluster(programs, folder, owner)
        yield programs, folder
    finally:
        shutil.rmtree(folder)


def start_server(programs: Path, folder: Path) -> "subprocess.Popen[bytes]":
    options = [f"-c{option}" for option in (*SERVER_OPTIONS, f"unix_socket_directories={folder}")]
    command = [programs / "postgres", "-D", folder / "data", *options]
    return subprocess.Popen(command, user=_unprivileged(), cwd=folder, stderr=subprocess.DEVNULL)


def _find_programs() -> Path | None:
    """Debian keeps the server's programs off the PATH."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).resolve().parent if found else places[-1].parent if places else None


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _make_cluster(programs: Path, folder: Path, owner: str | None) -> None:
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    options = ("--auth=scram-sha-256", f"--username={USER}", f"--pwfile={password}", "--encoding=UTF8")
    command = [programs / "initdb", "-D", folder / "data", "--no-sync", "--locale=C", *options]
    subprocess.run(command, user=owner, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def wait_for(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.run("select 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(params=["sqlite", "postgres"])
def on_either_store(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A deployment on files, then one on a server: whoever asks for it runs on both."""
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    server = request.getfixturevalue("postgres")
    return Settings(
        home=tmp_path / "home",
        register_url=server.empty_database("register"),
        answers_url=server.empty_database("answers"),
    )
