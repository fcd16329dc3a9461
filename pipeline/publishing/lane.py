"""A lane beside the publishing thread: SQL in the one while Python works in the other, as DuckDB lets go of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.publishing.staging import Staging

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Does one thing after the other over a connection of its own. It never writes to a release (see `release_file`)."""

    staging: Staging
    executor: ThreadPoolExecutor

    def run(self, work: Callable[[Staging], _Found]) -> Future[_Found]:
        """Begins a piece of work when those before it are done; what it raises comes with its result."""
        return self.executor.submit(work, self.staging)


@contextmanager
def lane_beside(staging: Staging) -> Iterator[Lane]:
    """Opens a lane that sees what is staged; in the end waits until all its work is done."""
    with staging.warehouse.beside() as warehouse, ThreadPoolExecutor(max_workers=1) as executor:
        yield Lane(staging=replace(staging, warehouse=warehouse), executor=executor)
