"""kill -9 at any moment of publishing leaves the last release, and the next try ends as if nothing was."""

import pickle
import shutil
import signal
import subprocess
import sys
import time

import pytest

from pipeline import publish
from pipeline.release import Releases
from pipeline.warehouse import open_warehouse

PUBLISH = """
import pickle, sys
from pathlib import Path
from pipeline import publish
from pipeline.warehouse import open_warehouse
place = Path(sys.argv[1])
with open_warehouse(place / "private" / "warehouse.duckdb") as warehouse:
    print("ready", flush=True)
    publish.write_release(warehouse, place / "releases", pickle.loads((place / "edition").read_bytes()))
"""


def prepare(world, people, answers, seeded, place):
    """One published wave, one loaded; closed and copied, with what the second takes beside it."""
    world.load("2026Q1", answers(seeded(1)))
    world.publish("2026Q1")
    world.load("2026Q2", answers(seeded(2)))
    edition = world.edition("2026Q2")
    world.warehouse.connection.execute("checkpoint")
    shutil.copytree(world.releases.parent, place)
    (place / "edition").write_bytes(pickle.dumps(edition))
    return edition


@pytest.mark.slow
def test_publish_when_killed_then_last_release_stands_and_next_try_is_the_same(
    open_world, people, answers, seeded, tmp_path
):
    ready = tmp_path / "ready"
    edition = prepare(open_world(people), people, answers, seeded, ready)
    seen = set()
    expected = None
    whole = time_publishing(shutil.copytree(ready, tmp_path / "whole"))
    for share in (None, 0, 0.25, 0.5, 0.75, 0.95):
        place = shutil.copytree(ready, tmp_path / f"killed-{share}")
        if share is not None:
            seen.add(kill_while_publishing(place, whole * share))
        with open_warehouse(place / "private" / "warehouse.duckdb") as warehouse:
            manifest = publish.write_release(warehouse, place / "releases", edition)
        expected = expected or manifest
        assert manifest == expected
        names = sorted(path.name for path in (place / "releases").iterdir())
        assert names == [
            "CURRENT",
            *(f"release-00000{n}.{end}" for n in (1, 2) for end in ("duckdb", "json")),
        ]
    assert 1 in seen, "no trial was killed in time"


def time_publishing(place):
    """Returns how long publishing takes here and now, so that kills are spread over all of it."""
    with start_publishing(place) as process:
        started = time.monotonic()
        assert process.wait() == 0
        return time.monotonic() - started


def kill_while_publishing(place, seconds):
    """Returns the number of the release that stands after the kill; it answers a question."""
    with start_publishing(place) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    release = Releases(place / "releases").current()
    assert len(release.waves()) == release.number
    return release.number


def start_publishing(place):
    process = subprocess.Popen([sys.executable, "-c", PUBLISH, str(place)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process
