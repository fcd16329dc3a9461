"""Every kind of store, as a deployment's settings, and how many kills there are."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey.config import Settings
from tests.conftest import PostgresServer, new_cluster, start_server, wait_for


@pytest.fixture
def settings(on_either_store: Settings) -> Settings:
    """Every test here runs on files and on a server."""
    return on_either_store


@dataclass(kw_only=True)
class OwnServer:
    """A PostgreSQL server that may be stopped, since no other test uses it."""

    programs: Path
    server: PostgresServer
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = start_server(self.programs, self.server.folder)
        wait_for(self.server, self.process)

    def crash(self) -> None:
        """Ends it at once, as a loss of power would: what it has not written yet is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    with new_cluster() as (programs, folder):
        own = OwnServer(programs=programs, server=PostgresServer(folder=folder))
        own.start()
        yield own
        own.crash()
