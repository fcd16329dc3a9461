"""The file behind a store: its rights, and what happens when things break."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey import store
from survey.errors import StoreError
from survey.register import open_register
from survey.store import Migration, open_store
from survey.store_refusal import refusal_of

ROOT = Path(store.__file__).resolve().parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "register" / "register.sqlite"


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_and_folder_are_for_their_owner_only(path):
    with open_register(path):
        assert rights(path) == 0o600
        assert rights(path.parent) == 0o700


def test_a_new_file_is_for_the_group_too_where_its_folder_is(tmp_path):
    tmp_path.chmod(0o2770)
    path = tmp_path / "register.sqlite"
    with open_register(path) as register:
        assert rights(path) == rights(path.with_name("register.sqlite-wal")) == 0o660
        assert register.waves() == ()


def test_a_folder_that_is_there_keeps_its_rights(tmp_path):
    tmp_path.chmod(0o755)
    with open_register(tmp_path / "register.sqlite"):
        assert rights(tmp_path) == 0o755


FIRST = Migration(version=1, statements=("create table note (words varchar)",))


def test_a_store_is_kept_in_wal_with_full_sync_and_keys_checked(path):
    with open_store(path, (FIRST,)) as opened, opened.reading() as connection:
        found = [connection.execute(text(f"pragma {name}")).scalar_one() for name in PRAGMAS]
    assert dict(zip(PRAGMAS, found, strict=True)) == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_file_that_is_no_store_is_refused(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"person_id,name\n" * 100)
    with pytest.raises(StoreError) as refused, open_register(path):
        pass
    assert refused.value.code == "store-damaged"


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StoreError) as refused, open_register(tmp_path / "file" / "register.sqlite"):
        pass
    assert refused.value.code == "store-unwritable"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("database is locked", "store-busy"),
        ("database disk image is malformed", "store-damaged"),
        ("attempt to write a readonly database", "store-unwritable"),
        ("database or disk is full", "store-unwritable"),
    ],
)
def test_what_the_driver_says_is_told_plainly(path, message, code):
    refusal = refusal_of(DBAPIError("", {}, sqlite3.OperationalError(message)), path.name)
    assert refusal is not None
    assert refusal.code == code


IMPORT_AND_HANG = """
import sys, time
from pathlib import Path
from survey import register as module
from survey.roster_file import read_roster

def hang(connection, entry):
    print("written, not committed", flush=True)
    time.sleep(60)

module.add_entry = hang
with module.open_register(Path(sys.argv[1])) as register:
    register.replace_roster(read_roster(Path(sys.argv[2])))
"""
HEADER = "person_id,name,org_unit,role,active_from\n"


def test_an_import_killed_before_its_end_leaves_the_old_roster(path, tmp_path):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(HEADER + "ann,Ann,Product,pm,2025-01-01\n", encoding="utf-8")
    people = "".join(f"p{number},Someone,Product,pm,2025-01-01\n" for number in range(5000))
    new.write_text(HEADER + people, encoding="utf-8")
    run_program("--home", str(path.parents[1]), "roster", "import", str(old))
    script = [sys.executable, "-c", IMPORT_AND_HANG, str(path), str(new)]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True, cwd=ROOT) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "written, not committed\n"
        os.kill(started.pid, signal.SIGKILL)
    with open_register(path) as register:
        assert [person.person_id for person in register.roster().people] == ["ann"]
    run_program("--home", str(path.parents[1]), "roster", "import", str(new))
    with open_register(path) as register:
        assert len(register.roster().people) == 5000


def run_program(*arguments: str) -> None:
    script = "import sys; from dashboard.cli import run; sys.exit(run(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, cwd=ROOT)
