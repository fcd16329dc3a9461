"""The form as an ASGI app: which handler answers which address, and what every request must meet.

No framework stands in between: a request costs a fraction of a millisecond, and a mail to thousands
is answered within seconds. Whatever goes wrong inside becomes a plain page; nothing of a request is
ever logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from starlette.types import Receive, Scope, Send

from survey.config import Settings
from survey.errors import HealthError, StoreError
from survey.form import door
from survey.form.door import Clock, Door
from survey.form.nomination import Nominating
from survey.form.page import STATIC_ROOT, static_files
from survey.form.rating import Rating
from survey.form.reply import Reply, bare, not_allowed, send_reply
from survey.form.request import Asked, read_request
from survey.form.waves import Waves
from survey.form.writer import Writer
from survey.register import Register, open_register
from survey.register_participation import Participation

Handler: TypeAlias = Callable[[Asked, Receive], Awaitable[Reply]]

LOG = logging.getLogger("pmhealth.form")


class FormApp:
    """The ASGI app. `handlers` are chosen by the first piece of the path.

    `note_refusal` hears of every store that refuses a page: with the register out of reach no rater
    comes as far as sending anything, and `/health` must not wait for somebody who does.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        look_round: Callable[[], None] | None = None,
        note_refusal: Callable[[], None] = lambda: None,
    ) -> None:
        self._handlers = handlers
        self._look_round = look_round
        self._note_refusal = note_refusal

    def look_round(self) -> None:
        """Does what is due without a request; to be called every few seconds, in the loop's thread."""
        if self._look_round is not None:
            try:
                self._look_round()
            except HealthError as error:
                LOG.error("looking for closed waves failed: %s", error.code)  # noqa: TRY400 - no traceback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await send_reply(await self._reply(read_request(scope), receive), send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _reply(self, asked: Asked, receive: Receive) -> Reply:
        if asked.method not in {"GET", "POST"}:
            return not_allowed("GET", "POST")
        handler = self._handlers.get(asked.pieces[0])
        if handler is None:
            return door.gone(asked)
        try:
            return await handler(asked, receive)
        except StoreError as error:
            LOG.error("a store refused a request: %s", error.code)  # noqa: TRY400 - no traceback, see below
            self._note_refusal()
            return door.busy(asked)
        except Exception as error:
            LOG.error("a request failed: %s", type(error).__name__)  # noqa: TRY400 - likewise
            return door.refused(asked, 500)


@contextmanager
def open_form(settings: Settings, *, clock: Clock | None = None) -> Iterator[FormApp]:
    """Opens the stores and the writer, and closes them in the end.

    Raises:
        StoreError: the register is busy, damaged, or made by a newer program.
    """
    time = clock or Clock()
    with open_register(settings.register_address) as register:
        participation = Participation(register.store)
        with Waves(settings, register) as waves, Writer(participation) as writer:
            entrance = Door(waves, time)
            rating = Rating(waves, writer, entrance, time)
            nominating = Nominating(register, entrance, time)
            handlers: dict[str, Handler] = {
                "f": rating.answer,
                "t": rating.try_out,
                "n": nominating.nominate,
                "a": nominating.approve,
                STATIC_ROOT: _static,
                "health": health(writer),
                "ready": ready(register),
            }
            yield FormApp(handlers, waves.look_round, writer.note_refusal)


async def _static(asked: Asked, _: Receive) -> Reply:
    if asked.method != "GET":
        return not_allowed("GET")
    file = static_files().get("/".join(asked.pieces[1:]))
    return door.gone(asked) if file is None else file.reply(takes_gzip=asked.takes_gzip)


def health(writer: Writer) -> Handler:
    """Returns the handler that tells a supervisor whether answers can be stored."""

    async def answer(asked: Asked, _: Receive) -> Reply:
        if asked.method != "GET":
            return not_allowed("GET")
        if not writer.is_alive:
            return bare(503, "nothing can be stored: the writer has stopped")
        return bare(503, "a store refuses what is sent") if writer.is_refused else bare(200, "ok")

    return answer


def ready(register: Register) -> Handler:
    """Returns the handler that tells a proxy whether the register can be reached."""

    async def answer(asked: Asked, _: Receive) -> Reply:
        if asked.method != "GET":
            return not_allowed("GET")
        try:
            await asyncio.to_thread(register.roster_mark)
        except StoreError as error:
            return bare(503, error.code)
        return bare(200, "ready")

    return answer


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
