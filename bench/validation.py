"""Great Expectations over the landed answers, within an ingest like any other."""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.whole_way import ingest_world


def time_validation(folder: Path) -> dict[str, float]:
    """Returns the wall seconds of the import, and the wall and CPU seconds of the checks."""
    spans: dict[str, float] = {}

    def judge(*arguments: Any) -> Any:  # noqa: ANN401 (handed on as they come)
        started = time.perf_counter()
        validate = import_module("pipeline.validate").validate
        spans["import"] = time.perf_counter() - started
        started, cpu_started = time.perf_counter(), time.process_time()
        report = validate(*arguments)
        spans["wall"], spans["cpu"] = time.perf_counter() - started, time.process_time() - cpu_started
        return report

    ingest_world(folder, judge)
    return spans


if __name__ == "__main__":
    sys.stdout.write(json.dumps(time_validation(Path(sys.argv[1]))))
