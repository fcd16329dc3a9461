"""What a job hands over beside its result: words and headers for who asked, for an hour, then gone.

Results of jobs stay in the register for a year and hold no name and no word anybody wrote. What HR has
to read once lies in a file of its own, which only the job's asker is shown.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.config import Settings

KEPT_MINUTES = 60
"""So long an enclosure is there to be read."""

Rows = Sequence[Mapping[str, Any]]


def write_enclosure(settings: Settings, job_id: int, rows: Rows) -> None:
    """Lays rows beside the result of a job, in one step: whoever looks sees all of it or nothing."""
    path = _path(settings, job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".writing")
    written.touch(mode=0o640)
    written.write_text(json.dumps(list(rows), ensure_ascii=False), encoding="utf-8")
    written.replace(path)


def read_enclosure(settings: Settings, job_id: int, now: datetime) -> tuple[Mapping[str, Any], ...] | None:
    """Returns what lies beside the result of a job; None if its hour is over, or there never was anything."""
    path = _path(settings, job_id)
    try:
        if path.stat().st_mtime < now.timestamp() - KEPT_MINUTES * 60:
            return None
        return tuple(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def sweep_enclosures(settings: Settings, now: datetime) -> int:
    """Deletes what has lain there for its hour, and returns how many that were."""
    before = now.timestamp() - KEPT_MINUTES * 60
    over = [path for path in settings.enclosures_path.glob("*") if path.stat().st_mtime < before]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _path(settings: Settings, job_id: int) -> Path:
    return settings.enclosures_path / f"{job_id}.json"
