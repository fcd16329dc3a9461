"""A form server on one port of loopback that is killed and started again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from survey.config import ANSWERS_VARIABLE, REGISTER_VARIABLE, Settings

ROOT = Path(__file__).parents[2]
_FORK = (sys.executable, str(Path(__file__).with_name("launcher.py")))
_PROGRAM = (sys.executable, "-c", "from dashboard.cli import main; main()")


class FormProcess:
    """The form of a deployment; `port` stays the same over all its lives."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._environment = os.environ | {
            REGISTER_VARIABLE: settings.register_url,
            ANSWERS_VARIABLE: settings.answers_url,
            "PYTHONPATH": str(ROOT),
        }
        self.port = free_port()
        self.pid = 0
        self._launcher = self._run(*_FORK, str(settings.home))
        self._fresh: subprocess.Popen[str] | None = None

    def start(self, *, is_fresh: bool = False) -> None:
        """Starts the server and waits until it answers; a fresh one is the command as an operator runs it."""
        if is_fresh:
            place = ("--home", str(self._settings.home))
            self._fresh = self._run(*_PROGRAM, *place, "serve", "--only", "form", "--port", str(self.port))
            self.pid = self._fresh.pid
        else:
            self.pid = int(self._tell(f"{self.port}\n"))
        said = [self._read(), self._read()]
        assert f":{self.port}" in said[0], said

    def kill(self) -> None:
        """Kills the server with SIGKILL and returns when it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stops the server as a supervisor does."""
        self._end(signal.SIGTERM)

    def close(self) -> None:
        """Ends whatever runs."""
        if self.pid:
            self.kill()
        self._launcher.communicate()

    def _end(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)
        self.pid = 0
        if self._fresh is not None:
            self._fresh.communicate()
            self._fresh = None
        else:
            assert self._tell("\n") == "dead"

    def _run(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self._environment,
        )

    def _tell(self, line: str) -> str:
        assert self._launcher.stdin
        self._launcher.stdin.write(line)
        self._launcher.stdin.flush()
        return self._read(self._launcher)

    def _read(self, process: subprocess.Popen[str] | None = None) -> str:
        stdout = (process or self._fresh or self._launcher).stdout
        assert stdout
        return stdout.readline().strip()


@contextmanager
def running(settings: Settings, count: int) -> Iterator[list[FormProcess]]:
    """So many form processes on the same stores, each with a port of its own."""
    with ExitStack() as stack:
        processes = [FormProcess(settings) for _ in range(count)]
        for process in processes:
            stack.callback(process.close)
            process.start()
        yield processes


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
