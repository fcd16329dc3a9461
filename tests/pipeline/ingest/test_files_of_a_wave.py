"""Several files of one wave: the same again, a corrected one, parts, other tools, and who wins."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from pipeline.errors import BatchRefusedError
from pipeline.ingest import Outcome
from pipeline.validate import validate
from pipeline.warehouse import open_warehouse
from survey.campaign import WaveState
from survey.errors import WaveError
from survey.register import open_register

HEADER = "subject_id,relationship,rater,submitted_at,taste_reasons,taste_cuts\n"
LONG = "subject_id,relationship,rater,item_id,value\n"


def counts(settings):
    """Facts, and the ledger's sums over loaded batches, which must say the same."""
    with open_warehouse(settings.warehouse_path) as warehouse:
        run = warehouse.connection.execute
        facts = run(
            "select (select count(*) from core.response), (select count(*) from core.answer)"
        ).fetchone()
        ledger = run(
            "select sum(answer_loaded_count), sum(answer_received_count) = sum(answer_loaded_count"
            " + answer_superseded_count + answer_quarantined_count),"
            " sum(row_received_count) = sum(row_loaded_count + row_superseded_count + row_quarantined_count)"
            " from raw.batch where state = 'loaded'"
        ).fetchone()
    assert ledger[1:] == (True, True)
    assert ledger[0] == facts[1]
    return facts


FIRST = HEADER + "p1,peer,r1,,4,4\np1,peer,r2,,5,5\n"


def test_same_file_when_taken_in_twice_then_changes_nothing(take, deployment):
    assert take(FIRST).outcome is Outcome.LOADED
    before = counts(deployment)
    assert take(FIRST, name="copy.csv").outcome is Outcome.UNCHANGED
    assert counts(deployment) == before == (2, 4)


def test_newer_file_when_of_the_same_source_then_replaces_the_older(take, deployment):
    take(FIRST)
    report = take(HEADER + "p1,peer,r1,,3,\np1,peer,r2,,5,5\np1,peer,r3,,5,5\n")
    assert [one.batch_no for one in report.replaced] == [1]
    assert counts(deployment) == (3, 5)


def test_part_file_when_added_then_stands_beside_the_first(take, deployment):
    take(FIRST)
    report = take(HEADER + "p1,peer,r3,,1,1\n", is_addition=True)
    assert report.replaced == ()
    assert counts(deployment) == (3, 6)


def test_rater_when_in_two_sources_then_the_later_file_wins(take, deployment):
    take(FIRST, source_name="qualtrics")
    take(HEADER + "p1,peer,r2,,1,\n", source_name="paper")
    assert counts(deployment) == (2, 3)


def test_rater_when_in_two_sources_then_a_later_submission_wins_over_the_later_file(take, deployment):
    take(HEADER + "p1,peer,r1,2026-03-05,4,4\n", source_name="qualtrics")
    report = take(HEADER + "p1,peer,r1,2026-03-01,1,\n", source_name="paper")
    assert report.tally.row_superseded_count == 1
    assert counts(deployment) == (1, 2)


def test_long_parts_when_added_then_one_response_may_span_them(take, deployment):
    take(LONG + "p1,peer,r1,taste_reasons,4\n", source_name="long")
    take(LONG + "p1,peer,r1,taste_cuts,5\np1,peer,r1,taste_reasons,2\n", source_name="long", is_addition=True)
    assert counts(deployment) == (1, 2)


def test_wide_row_when_after_a_long_file_then_replaces_the_whole_response(take, deployment):
    take(LONG + "p1,peer,r1,taste_reasons,4\np1,peer,r1,taste_cuts,5\n", source_name="long")
    take(HEADER + "p1,peer,r1,,1,\n", source_name="wide")
    assert counts(deployment) == (1, 1)


@pytest.mark.parametrize("state", [WaveState.CLOSED, WaveState.PUBLISHED])
def test_wave_when_closed_or_published_then_takes_no_more_files(take, deployment, state):
    take(FIRST)
    before = counts(deployment)
    with open_register(deployment.register_path) as register:
        wave_id = register.waves()[0].wave_id
        register.move_wave(wave_id, WaveState.CLOSED)
        if state is WaveState.PUBLISHED:
            register.move_wave(wave_id, WaveState.PUBLISHED)
    with pytest.raises(WaveError, match="takes no more files"):
        take(HEADER + "p1,peer,r9,,1,1\n")
    assert counts(deployment) == before


def test_batch_when_mostly_broken_then_is_refused_and_the_earlier_file_stays(take, deployment):
    take(FIRST, validator=validate)
    before = counts(deployment)
    with pytest.raises(BatchRefusedError, match="nothing was loaded") as refusal:
        take(HEADER + "q1,peer,r1,,1,1\nq2,peer,r1,,1,1\np1,peer,r1,,1,1\n", validator=validate)
    assert "names nobody of the roster" in refusal.value.hint
    assert counts(deployment) == before
    with open_warehouse(deployment.warehouse_path) as warehouse:
        run = warehouse.connection.execute
        assert run("select state from raw.batch order by batch_no").fetchall() == [("loaded",), ("refused",)]
        assert run(
            "select count(*) > 0 from raw.validation where batch_no = 2 and not is_met"
        ).fetchone() == (True,)


CHILD = """
    import sys
    from datetime import datetime
    from pathlib import Path
    from pipeline.ingest import Order, ingest
    from pipeline.validation_report import ValidationReport
    from survey.config import Settings
    order = Order(path=Path(sys.argv[2]), wave="small-pm/2026Q1")
    print("go", flush=True)
    ingest(Settings(home=Path(sys.argv[1])), order, now=datetime(2026, 4, 2), progress=lambda text: None,
           validator=lambda *_: ValidationReport(checks=()))
"""


@pytest.mark.slow
def test_load_when_killed_at_any_moment_then_the_last_good_state_is_left(take, deployment, tmp_path):
    take(FIRST)
    before = counts(deployment)
    path = tmp_path / "large.csv"
    path.write_text(HEADER + "".join(f"p{i % 3 + 1},peer,r{i},,{i % 5 + 1},3\n" for i in range(20_000)))
    dice = random.Random(1)  # noqa: S311
    outcomes = set()
    for _ in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CHILD), str(deployment.home), str(path)],
            stdout=subprocess.PIPE,
        )
        child.stdout.readline()
        time.sleep(dice.uniform(0.0, 1.2))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        outcomes.add(counts(deployment))
        if len(outcomes) > 1:
            break
    assert outcomes <= {before, (20_000, 40_000)}
