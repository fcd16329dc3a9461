"""The demo goes the ordinary way: what its files hold, and only that, arrives and is published."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from dashboard.cli import run
from survey.campaign import WaveState
from survey.config import Settings
from survey.register import open_register
from survey.synthesis.export_file import ExportFile
from tests.demo.made import demo_files

pytestmark = pytest.mark.slow

LEDGER = """
    select
        row_received_count, row_loaded_count, row_superseded_count, row_quarantined_count,
        answer_received_count, answer_loaded_count, answer_superseded_count, answer_quarantined_count
    from raw.batch
    where wave_id = ? and is_addition = ? and state = 'loaded'
"""
QUARANTINE = """
    select q.rule_id
    from raw.quarantine as q
    inner join raw.batch as b on q.batch_no = b.batch_no
    where b.wave_id = ? and b.is_addition = ? and b.state = 'loaded'
"""


def query(home: Path, sql: str, file: ExportFile) -> list[tuple[object, ...]]:
    path = Settings(home=home).warehouse_path
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql, [file.wave_id, file.is_addition]).fetchall()


def test_demo_files_are_reconciled_as_it_was_known_beforehand(home):
    for file in demo_files():
        rows, answers = file.expected.rows, file.expected.answers
        assert query(home, LEDGER, file) == [
            (
                *(rows.received, rows.loaded, rows.superseded, rows.quarantined),
                *(answers.received, answers.loaded, answers.superseded, answers.quarantined),
            )
        ], file.file_name


def test_demo_files_are_quarantined_by_the_rules_that_were_known_beforehand(home):
    for file in demo_files():
        rules = Counter(rule for (rule,) in query(home, QUARANTINE, file))
        assert dict(rules) == dict(file.expected.rules), file.file_name


def test_demo_publishes_every_wave(home):
    with open_register(Settings(home=home).register_path) as register:
        waves = register.waves()
    assert {wave.wave_id for wave in waves} == {file.wave_id for file in demo_files()}
    assert {wave.state for wave in waves} == {WaveState.PUBLISHED}


def test_demo_when_run_again_keeps_what_is_there(own_home, capsys):
    before = {path: path.stat().st_mtime_ns for path in own_home.rglob("*") if path.is_file()}
    assert run(["demo", "--home", str(own_home)]) == 0
    assert "was kept" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in own_home.rglob("*") if path.is_file()} == before
