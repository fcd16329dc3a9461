"""Closes a wave and is killed at its n-th moment: a statement, a commit, a file that goes or is renamed.

Run as a program: forking is safe in a process with one thread, and costs less than starting a new one.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine, event

from pipeline.closing import close_wave
from survey.config import Settings
from tests.form_world import WAVE
from tests.pipeline.closing.conftest import CLOSED_AT, quiet

FILE_EVENTS = frozenset({"os.remove", "os.rename"})


def count_moments(tick: Callable[[], None]) -> None:
    """Calls back at each moment from now on; there is no way back, so only in a child."""
    event.listen(Engine, "before_cursor_execute", lambda *_: tick())
    event.listen(Engine, "commit", lambda _: tick())
    sys.addaudithook(lambda name, _: tick() if name in FILE_EVENTS else None)


def close_until(home: Path, moment: int) -> NoReturn:
    seen = 0

    def tick() -> None:
        nonlocal seen
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    count_moments(tick)
    close_wave(Settings(home=home), WAVE, now=CLOSED_AT, progress=quiet)
    os._exit(0)


def is_killed(home: Path, moment: int = 0, after_seconds: float = 0.0) -> bool:
    """Closes in a child; returns True if it was killed, False if it ended."""
    child = os.fork()
    if not child:
        close_until(home, moment)
    if after_seconds:
        time.sleep(after_seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def run_trials(place: Path, numbers: list[str]) -> None:
    """A whole number is a moment; trials of moments stop at the first one that closing never comes to."""
    has_ended = False
    for number in numbers:
        by_time = "." in number
        if has_ended and not by_time:
            continue
        moment, seconds = (0, float(number)) if by_time else (int(number), 0.0)
        killed = is_killed(place / number, moment, seconds)
        has_ended |= not (killed or by_time)
        sys.stdout.write(f"{number} {'killed' if killed else 'ended'}\n")


if __name__ == "__main__":
    run_trials(Path(sys.argv[1]), sys.argv[2:])
