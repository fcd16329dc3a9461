"""The form's process: one server, one event loop, one writer. It says where it is once it answers.

Access logs are off: an address holds a secret. What the server itself logs passes a filter that
keeps no request line, whatever somebody switches on.
"""

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable

import uvicorn

from survey.config import Settings
from survey.form.app import FormApp, open_form
from survey.listening import HOST, listen

PORT = 8502
_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 15
_MOST_AT_ONCE = 4096
_TICKS_BETWEEN = 50  # of a tenth of a second


def serve(settings: Settings, *, port: int, announce: Callable[[str], None]) -> None:
    """Serves the form until it is stopped; port 0 takes any free one.

    Raises:
        ConfigError: the port is taken.
        StoreError: the register is busy, damaged, or made by a newer program.
    """
    listening = listen(port)
    _stay_on_one_core()
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    with open_form(settings) as app:
        gc.freeze()  # what is there now stays; the collector need not look at it again and again
        asyncio.run(_Server(_configured(app), app, lambda: announce(address)).serve(sockets=[listening]))


def _stay_on_one_core() -> None:
    """The loop and the writer share Python's lock; on two cores they spend a fifth of their time handing it over.

    Which core follows from the process id, so that several processes of the form do not share one.
    """
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})


def _configured(app: FormApp) -> uvicorn.Config:
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(_holds_no_request)
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        backlog=_BACKLOG,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=10,
    )


def _holds_no_request(record: logging.LogRecord) -> bool:
    """A line with arguments or a traceback could hold an address or what somebody wrote."""
    return record.name != "uvicorn.access" and not record.exc_info


class _Server(uvicorn.Server):
    """Says where it is, once it really answers, and lets the app look round every few seconds."""

    def __init__(self, config: uvicorn.Config, app: FormApp, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._announce()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_BETWEEN == 0:
            self._app.look_round()
        return await super().on_tick(counter)
