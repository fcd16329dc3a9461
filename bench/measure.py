"""What a piece of work costs when it runs in a process of its own."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took: CPU and wall in seconds, peak memory in bytes; `said` is its output."""

    cpu: float
    wall: float
    memory: int
    said: dict[str, float]


def run_work(module: str, *arguments: object) -> Cost:
    """Returns what a module of this package took, start of Python included."""
    return run_program(sys.executable, "-m", f"bench.{module}", *map(str, arguments))


def run_program(*command: str) -> Cost:
    """Returns what a program took, as the kernel counted it.

    A child's peak memory starts from its parent's, so this process imports nothing large.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        redirect = (os.POSIX_SPAWN_OPEN, 1, str(output), os.O_WRONLY | os.O_CREAT, 0o600)
        started = time.perf_counter()
        process = os.posix_spawn(command[0], command, dict(os.environ), file_actions=[redirect])
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - started
        text = output.read_text(encoding="utf-8")
    if status:
        message = f"{command} ended with status {os.waitstatus_to_exitcode(status)}"
        raise RuntimeError(message)
    said = json.loads(text) if text.startswith("{") else {}
    return Cost(cpu=usage.ru_utime + usage.ru_stime, wall=wall, memory=usage.ru_maxrss * 1024, said=said)


def middle(costs: list[Cost], read: Callable[[Cost], float]) -> float:
    """Returns the median of one number of several runs."""
    return median(read(cost) for cost in costs)
