"""People who look at the review of units: each chooses another unit, waits for four figures, reads, and goes on.

They are signed in, as in any installation but a demo: each number is asked for with the session, and there is no list
of personas. A visitor speaks Streamlit's own protocol over a websocket, so what is timed is all that the server does
from a choice to the last element of the page: script, figures, and sending them.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from bench.dashboard_browser import last_figures
from bench.dashboard_entrance import COOKIE, Entrance, open_entrance
from bench.dashboard_world import make_dashboard_world
from bench.form_load import peak_memory

FIGURES = 4
CHANGES = 60
"""Choices of one visitor who is alone, after some that warm the process up."""

CROWD = 40
READING_SECONDS = 5.0
CROWD_SECONDS = 60.0
_WARMING = 10
_SPOKEN = Subprotocol("streamlit")


class Visitor:
    """One browser tab on the review of units, as HR."""

    def __init__(self, entrance: Entrance, seed: int) -> None:
        self._entrance = entrance
        self._random = random.Random(seed)  # noqa: S311 - which unit is looked at next, no secret
        self._unit_widget = ""
        self._units: list[str] = []
        self.waits: list[float] = []

    def connect(self) -> websockets.connect:
        """Returns the connection of a tab, as a browser with a session opens it."""
        return websockets.connect(
            f"{self._entrance.url.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(self._entrance.url),
            additional_headers={"Cookie": f"{COOKIE}={self._entrance.sign_in()}"},
            subprotocols=[_SPOKEN],
            max_size=None,
        )

    async def look(self, changes: int, *, pause: float, warming: int = 0) -> None:
        """Opens the page and makes some choices; after them each is timed, of so many."""
        async with self.connect() as socket:
            await self._run(socket, BackMsg())
            for _ in range(warming):
                await self._run(socket, self._choice())
            await asyncio.sleep(READING_SECONDS * bool(warming))
            for _ in range(changes):
                if pause:
                    await asyncio.sleep(self._random.uniform(0, 2 * pause))
                self.waits.append(await self._run(socket, self._choice()))

    def _choice(self) -> BackMsg:
        asked = BackMsg()
        widget = asked.rerun_script.widget_states.widgets.add()
        widget.id, widget.string_value = self._unit_widget, self._random.choice(self._units)
        return asked

    async def _run(self, socket: websockets.ClientConnection, asked: BackMsg) -> float:
        """Returns the seconds from asking to the end of the page; fewer than four figures are an error."""
        asked.rerun_script.page_name = "units"
        started, figures = time.perf_counter(), 0
        await socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(await socket.recv())
            if told.WhichOneof("type") == "script_finished":
                break
            figures += self._take(told)
        if figures < FIGURES:
            message = f"the page came with {figures} figures"
            raise RuntimeError(message)
        return time.perf_counter() - started

    def _take(self, told: ForwardMsg) -> int:
        if told.WhichOneof("type") != "delta" or told.delta.WhichOneof("type") != "new_element":
            return 0
        element = told.delta.new_element
        if element.WhichOneof("type") == "selectbox" and element.selectbox.id.endswith("-unit"):
            self._unit_widget, self._units = element.selectbox.id, list(element.selectbox.options)
        return int(element.WhichOneof("type") == "plotly_chart")


@contextmanager
def running_dashboard(entrance: Entrance) -> Iterator[int]:
    """Yields the process id of a dashboard that serves until the end."""
    program = str(Path(sys.executable).with_name("pmhealth"))
    command = [
        program,
        "--home",
        str(entrance.home),
        "serve",
        "--only",
        "dashboard",
        "--port",
        str(entrance.port),
    ]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=entrance.environment()
    ) as server:
        try:
            next(line for line in iter(server.stdout or ()) if "answers at" in line)
            yield server.pid
        finally:
            server.terminate()
            server.wait(20)


async def alone(entrance: Entrance) -> list[float]:
    """Returns how long each choice of a visitor took who is alone, in milliseconds."""
    visitor = Visitor(entrance, seed=1)
    await visitor.look(CHANGES, pause=0, warming=_WARMING)
    return sorted(1000 * wait for wait in visitor.waits)


async def crowd(entrance: Entrance) -> list[float]:
    """Returns the same of many visitors at once, who read about five seconds before the next choice."""
    visitors = [Visitor(entrance, seed=place) for place in range(CROWD)]
    choices = int(CROWD_SECONDS / READING_SECONDS)
    await asyncio.gather(*(visitor.look(choices, pause=READING_SECONDS) for visitor in visitors))
    return sorted(1000 * wait for visitor in visitors for wait in visitor.waits)


def measure_dashboard(folder: Path) -> dict[str, float]:
    """Returns milliseconds of choices alone and in a crowd, seconds to the last figure, and peak memory."""
    home = make_dashboard_world(folder)
    with open_entrance(home) as entrance, running_dashboard(entrance) as pid:
        one = asyncio.run(alone(entrance))
        many = asyncio.run(crowd(entrance))
        cold, warm = last_figures(f"{entrance.url}/units", (COOKIE, entrance.sign_in()), FIGURES)
        return {
            "alone_p50": one[len(one) // 2],
            "alone_p95": one[len(one) * 95 // 100],
            "crowd_p50": many[len(many) // 2],
            "crowd_p95": many[len(many) * 95 // 100],
            "cold": cold,
            "warm": warm,
            "memory": peak_memory(pid),
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure_dashboard(Path(sys.argv[1]))))
