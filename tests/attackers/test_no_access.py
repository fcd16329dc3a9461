"""P6: the dashboard's process runs as another user, and opens no store in which an answer stands."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.pseudonym import read_key
from pipeline.warehouse import open_warehouse
from survey.answers import make_answers
from survey.config import Settings
from survey.secret import make_keys

WAVE = "great-pm/2026Q1"
SOMEBODY_ELSE = """
import os, pwd, sys
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
for path in sys.argv[1:]:
    try:
        open(path, "rb").close()
        print(path)
    except PermissionError:
        pass
"""


@pytest.fixture
def home():
    """A deployment with each store as the program makes it, in a folder that anybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        settings = Settings(home=home)
        with open_warehouse(settings.warehouse_path):
            pass
        read_key(settings.pseudonym_key_path, is_in_use=False)
        make_answers(settings, WAVE)
        make_keys(settings.wave_keys_path(WAVE))
        yield home


def opened_by_somebody_else(home):
    """The names of the files below a folder that another user can open."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    result = subprocess.run(
        [shutil.which("python3") or sys.executable, "-c", SOMEBODY_ELSE, *map(str, files)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {Path(line).name for line in result.stdout.splitlines()}, {path.name for path in files}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_stores_when_another_user_tries_then_none_opens(home):
    opened, there = opened_by_somebody_else(home)
    assert {"warehouse.duckdb", "pseudonym.key"} < there
    assert len(there) >= 4, "answers and the keys of the wave as well"
    assert opened == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_stores_when_rights_are_loosened_then_another_user_reads_them(home):
    """The test of the test: what keeps that user out are the rights, and nothing else."""
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)
    opened, there = opened_by_somebody_else(home)
    assert opened == there
