"""A worker that is killed at its n-th moment: a statement, a commit, a file that goes or is renamed.

Run as a program: `mortal.py SECONDS HOME...`; for each home a child does its jobs and is killed after a
moment, or after so many seconds. Forking costs less than starting anew. Says of each how it ended.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine, event

import pipeline.validate  # noqa: F401 - imported once for all children
from pipeline.worker import Worker
from survey.config import read_settings
from survey.register import open_register
from survey.register_jobs import Jobs

FILE_EVENTS = frozenset({"os.remove", "os.rename", "shutil.rmtree"})


def count_moments(tick: Callable[[], None]) -> None:
    """Calls back at each moment from now on; there is no way back, so only in a child."""
    event.listen(Engine, "before_cursor_execute", lambda *_: tick())
    event.listen(Engine, "commit", lambda _: tick())
    sys.addaudithook(lambda name, _: tick() if name in FILE_EVENTS else None)


def work_until(home: Path, moment: int) -> NoReturn:
    seen = 0

    def tick() -> None:
        nonlocal seen
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = read_settings(home)
    with open_register(settings.register_address) as register:
        jobs = Jobs(register.store)
        count_moments(tick)
        worker = Worker(settings, {}, name=f"mortal {moment}")
        while worker.do_next(jobs):
            pass
    os._exit(0)


def run_trial(home: Path, number: str) -> str:
    child = os.fork()
    if not child:
        work_until(home, int(number) if number.isdigit() else 0)
    if not number.isdigit():
        time.sleep(float(number))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return "killed" if os.WIFSIGNALED(status) else "ended"


def main(trials: list[str]) -> None:
    for trial in trials:
        home, _, number = trial.rpartition("@")
        sys.stdout.write(f"{number} {run_trial(Path(home), number)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
