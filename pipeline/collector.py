"""Python's collector of cycles, and when it had better rest."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_rests() -> Iterator[None]:
    """Has the collector wait until work is done that makes millions of objects and no cycles among them.

    It would look at all of them again each time a few more are there: a third of what Python does for a publication.
    What is not used any more goes at once all the same, as Python counts who holds it.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
