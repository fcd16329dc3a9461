"""A made-up organisation with a release of a million answers, in four waves, for people to look at."""

import json
import sys
from pathlib import Path

from bench.publish_load import ITEMS, publish_all, take_in
from bench.world import PERIODS, RELATIONSHIPS
from survey.config import DEMO_MARKER

ANSWERS = 1_000_000
PMS = ANSWERS // (len(PERIODS) * ITEMS * len(RELATIONSHIPS))
HR = "m000000"
_ROLES = f'hr = ["{HR}"]\n'


def make_dashboard_world(folder: Path) -> Path:
    """Returns the home of the organisation, made unless it is there already."""
    home = folder / "home"
    if not (home / DEMO_MARKER).exists():
        take_in(folder, PMS)
        publish_all(folder)
        (home / "access.toml").write_text(_ROLES, encoding="utf-8")
        (home / DEMO_MARKER).write_text(json.dumps({}), encoding="utf-8")
    return home


if __name__ == "__main__":
    make_dashboard_world(Path(sys.argv[1]))
