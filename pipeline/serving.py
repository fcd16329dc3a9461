"""The worker as a process: it works until it is told to stop, and says on a port how it is."""

import os
import secrets
import signal
from collections.abc import Callable, Mapping
from threading import Event

from pipeline.worker import Worker
from survey.config import Settings
from survey.errors import StoreError
from survey.health import serve_health
from survey.listening import HOST, listen
from survey.register import open_register

_NICE = 5
"""Who looks at a page comes first."""


def serve(
    settings: Settings, environment: Mapping[str, str], *, port: int, announce: Callable[[str], None]
) -> None:
    """Works until the process is told to stop; a job that runs is brought to its end.

    Raises:
        ConfigError: the port is taken.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    os.nice(_NICE)
    worker = Worker(settings, environment, name=secrets.token_hex(8))
    listening = listen(port)
    server = serve_health(
        listening,
        health=lambda: "" if worker.is_alive else "the worker hangs",
        ready=lambda: _problem_of_register(settings),
    )
    announce(f"http://{HOST}:{listening.getsockname()[1]}/health")
    worker.run(stop)
    server.shutdown()
    server.server_close()


def _problem_of_register(settings: Settings) -> str:
    try:
        with open_register(settings.register_address) as register:
            register.roster_mark()
    except StoreError as error:
        return error.code
    return ""
