"""The lock between processes: one at a time, and it ends with its process."""

import subprocess
import sys

import pytest

from survey.errors import StoreError
from survey.lock import only_one

HOLD = """
import sys, time
from pathlib import Path
from survey.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_lock_when_another_process_holds_it_then_it_is_refused_until_that_one_ends(tmp_path):
    path = tmp_path / "locks" / "mail.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError) as refused, only_one(path):
            pass
        holder.kill()
    assert refused.value.code == "already-running"
    with only_one(path):
        pass


def test_lock_when_given_back_then_the_next_one_has_it(tmp_path):
    for _ in range(2):
        with only_one(tmp_path / "mail.lock"):
            pass


def test_lock_when_its_file_cannot_be_made_or_is_none_then_it_says_so(tmp_path):
    (tmp_path / "file").write_text("x" * 5000)
    for path in (tmp_path / "file" / "mail.lock", tmp_path / "file", tmp_path):
        with pytest.raises(StoreError) as refused, only_one(path):
            pass
        assert refused.value.code == "lock-unwritable"
