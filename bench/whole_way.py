"""The pipeline from file to release, through its own entries.

A validator that finds nothing stands for Great Expectations, which is measured apart.
"""

import json
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

from bench.folder import cleared
from bench.world import WAVE
from pipeline.ingest import IngestReport, Order, Validator, ingest
from pipeline.release import utc_today
from pipeline.run import publish_wave
from pipeline.validation_report import ValidationReport
from survey.config import Settings

_NOW = datetime(2026, 4, 1)


def ingest_world(folder: Path, validator: Validator) -> IngestReport:
    """Takes the made-up file into a home of its own, `folder/run`."""
    settings = Settings(home=cleared(folder / "run"))
    settings.register_path.parent.mkdir(mode=0o700)
    shutil.copy(Settings(home=folder / "home").register_path, settings.register_path)
    order = Order(path=folder / "answers.csv", wave=WAVE)
    return ingest(settings, order, now=_NOW, progress=say_nothing, validator=validator)


def go_whole_way(folder: Path) -> dict[str, float]:
    """Ingests and publishes; returns the CPU seconds of both and the answers received."""
    started = time.process_time()
    report = ingest_world(folder, lambda *_: ValidationReport(checks=()))
    ingested = time.process_time()
    publish_wave(Settings(home=folder / "run"), WAVE, progress=say_nothing, today=utc_today())
    return {
        "ingest": ingested - started,
        "publish": time.process_time() - ingested,
        "received": report.tally.answer_received_count if report.tally else 0,
    }


def say_nothing(_: str) -> None:
    """Progress is for people."""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(go_whole_way(Path(sys.argv[1]))))
