"""Publishing at scale: four waves of so many PMs, 24 items and 8 raters each, one after the other.

Taking the files in and publishing are processes of their own, so that the one's memory is not the other's.
"""

import json
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

from bench.folder import cleared
from bench.whole_way import say_nothing
from bench.world import PERIODS, RELATIONSHIPS, write_world
from pipeline.ingest import Order, ingest
from pipeline.release import utc_today
from pipeline.run import publish_wave
from pipeline.validation_report import ValidationReport
from survey.config import Settings

ITEMS = 24
_NOW = datetime(2027, 1, 4)


def take_in(folder: Path, pm_count: int) -> None:
    """Makes each wave's canonical long file and ingests it into `folder/home`; the files are not kept."""
    settings = Settings(home=cleared(folder) / "home")
    for period in PERIODS:
        world = folder / period
        write_world(world, pm_count * ITEMS * len(RELATIONSHIPS), period)
        if not settings.register_path.exists():
            settings.register_path.parent.mkdir(mode=0o700, parents=True)
            shutil.copy(Settings(home=world / "home").register_path, settings.register_path)
        order = Order(path=world / "answers.csv", wave=f"great-pm/{period}")
        ingest(
            settings,
            order,
            now=_NOW,
            progress=say_nothing,
            validator=lambda *_: ValidationReport(checks=()),
        )
        shutil.rmtree(world)


def publish_all(folder: Path) -> dict[str, float]:
    """Publishes wave after wave; returns the wall seconds of each, and the CPU seconds of all.

    The first warms the process up, as a worker that runs already is.
    """
    settings = Settings(home=folder / "home")
    said: dict[str, float] = {}
    begun = time.process_time()
    for period in PERIODS:
        started = time.perf_counter()
        publish_wave(settings, f"great-pm/{period}", progress=say_nothing, today=utc_today())
        said[period] = time.perf_counter() - started
    return {**said, "cpu": time.process_time() - begun}


if __name__ == "__main__":
    if sys.argv[1] == "take-in":
        take_in(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.stdout.write(json.dumps(publish_all(Path(sys.argv[2]))))
