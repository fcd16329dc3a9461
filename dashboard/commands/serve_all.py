"""Form, dashboard and worker as three processes: started together, started again, ended together."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from threading import Event

import click

from survey.config import Settings
from survey.errors import ConfigError
from survey.listening import HOST, listen
from survey.logs import log_to

LOG = logging.getLogger("pmhealth.serve")

PARTS = ("form", "dashboard", "worker")
_PROGRAM = (sys.executable, "-c", "from dashboard.cli import main; main()")
_REFUSALS = range(2, 64)
"""Exit codes of a program that says what is wrong with its set-up: starting it again mends nothing."""

_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)
_LONG_LIVED_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.2
_END_SECONDS = 20.0


@dataclass(kw_only=True)
class Part:
    """One of the three, in whichever of its lives."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    deaths: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    began_at: float = 0.0
    starts_at: float = 0.0

    def start(self) -> None:
        """Starts it in a session of its own: Ctrl+C reaches the supervisor alone."""
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            self.command, stdin=subprocess.PIPE, env=dict(self.environment), start_new_session=True
        )
        self.began_at = time.monotonic()

    def look(self) -> int | None:
        """Starts it again where it is time, and returns the exit code of a life that has just ended."""
        if self.process is None:
            if time.monotonic() >= self.starts_at:
                self.start()
            return None
        code = self.process.poll()
        if code is not None:
            _let_go(self.process)
            self.process = None
        return code

    def wait_for_next_life(self) -> bool:
        """Puts the next start off, longer after each death; False if it died too often in a row."""
        is_long = time.monotonic() - self.began_at > _LONG_LIVED_SECONDS
        self.deaths = 0 if is_long else self.deaths
        if self.deaths >= len(_WAITS):
            return False
        self.starts_at = time.monotonic() + _WAITS[self.deaths]
        self.deaths += 1
        return True


def serve_all(settings: Settings, *, port: int, is_demo: bool) -> int:
    """Serves all three until somebody ends it, or one of them refuses; returns the exit code.

    Raises:
        ConfigError: a port is taken, or one of the three dies again and again.
    """
    log_to("serve")
    stop = Event()
    with _told_to_stop(stop):
        parts = [_part(settings, name, number, is_demo=is_demo) for name, number in _ports(port).items()]
        if is_demo:
            _lead_links_to_the_form(parts)
        click.echo("Press Ctrl+C to stop form, dashboard and worker.")
        try:
            return _watch(parts, stop)
        finally:
            _end(parts)


def _ports(first: int) -> dict[str, int]:
    """The dashboard's, then the form's and the worker's; looked at now, since a child could only die of it."""
    names = ("dashboard", "form", "worker")
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(closing(listen(first and first + place))).getsockname()[1]
            for place, name in enumerate(names)
        }
    return {name: found[name] for name in PARTS}


def _part(settings: Settings, name: str, port: int, *, is_demo: bool) -> Part:
    demo = ("--demo",) if is_demo else ()
    options = ("serve", "--only", name, "--port", str(port), "--supervised", *demo)
    return Part(
        name=name, command=(*_PROGRAM, "--home", str(settings.home), *options), environment=os.environ.copy()
    )


def _lead_links_to_the_form(parts: list[Part]) -> None:
    """A demo's links lead to this machine, wherever the real form may be."""
    form = next(part for part in parts if part.name == "form")
    port = form.command[form.command.index("--port") + 1]
    for part in parts:
        part.environment = {**part.environment, "PMHEALTH_FORM_URL": f"http://{HOST}:{port}"}


def _watch(parts: list[Part], stop: Event) -> int:
    while not stop.wait(_LOOK_EVERY_SECONDS):
        for part in parts:
            code = part.look()
            if code is None:
                continue
            if code in _REFUSALS:
                return code  # it has said why
            LOG.warning("%s ended with code %d", part.name, code)
            if not part.wait_for_next_life():
                raise _dies(part)
    return 0


def _end(parts: list[Part]) -> None:
    """Asks all of them to end; who does not in time is ended."""
    alive = [part.process for part in parts if part.process is not None]
    for process in alive:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    for process in alive:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _let_go(process)


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()


@contextmanager
def _told_to_stop(stop: Event) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _dies(part: Part) -> ConfigError:
    return ConfigError(
        "serve-died",
        f"the {part.name} died {part.deaths + 1} times in a row",
        where=part.name,
        hint=f"see why: pmhealth serve --only {part.name}",
    )
