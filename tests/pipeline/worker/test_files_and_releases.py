"""From an upload to a release, by jobs: what each says, and that none of it holds a value or a name."""

import json
import os
import time
from datetime import timedelta

import pytest

from pipeline.publishing import manifest
from pipeline.tasks.files import INBOX_DAYS, sweep_inbox
from pipeline.worker import utc_now
from survey.job_kind import JobKind
from survey.register_jobs import JobState
from tests.pipeline.worker.conftest import EXPORT, HEADER, HR, WAVE

pytestmark = pytest.mark.slow  # Great Expectations is imported

BY_TEXT = "About whom,How do you work together,Your name,{},{}\n".format(
    "Explains why one design is better than another", "Cuts what does not help the user"
)


def test_upload_when_taken_in_and_published_then_each_job_says_what_came_of_it(desk):
    file = desk.upload()
    proposed = desk.result(JobKind.PROPOSE, file=file, instrument_id="small-pm")
    assert (proposed["tool"], proposed["mapping_hash"], proposed["is_usable"]) == ("canonical", "", True)

    tried = desk.result(JobKind.INGEST, file=file, is_trial=True)
    assert (tried["outcome"], tried["is_wave_new"]) == ("tried", True)
    assert (desk.settings.inbox_path / file).exists()

    taken = desk.result(JobKind.INGEST, file=file)
    assert (taken["outcome"], taken["tally"]["row_loaded_count"], taken["broken"]) == ("loaded", 15, [])
    assert list(desk.settings.inbox_path.iterdir()) == []

    published = desk.result(JobKind.PUBLISH)
    assert published["release_no"] == 1
    assert published["released_count"] > 0
    assert desk.worker().do_next(desk.jobs)
    (proof,) = desk.jobs.latest(JobKind.PROVE)
    assert (proof.payload["release_no"], proof.result["is_held"], proof.asked_by) == (1, True, HR)
    withdrawn = desk.result(JobKind.WITHDRAW, reason="the wrong file was taken in")
    assert withdrawn["release_no"] == 2
    assert desk.jobs.latest(JobKind.PROVE)[0].payload["release_no"] == 2

    done = [entry for entry in desk.register.audit() if entry.action.startswith("job.")]
    assert [entry.action for entry in done] == [
        "job.propose", "job.ingest", "job.ingest", "job.publish", "job.prove", "job.withdraw",
    ]  # fmt: skip
    assert {(entry.done_by, entry.target) for entry in done} == {("p4", WAVE)}


def test_release_when_it_is_very_large_then_somebody_has_to_begin_the_attacks(desk, monkeypatch):
    monkeypatch.setattr(manifest, "MOST_ATTACKED", 0)
    desk.result(JobKind.INGEST, file=desk.upload())
    desk.result(JobKind.PUBLISH)
    assert desk.jobs.latest(JobKind.PROVE) == ()


def test_upload_when_its_header_is_in_words_then_the_very_proposal_has_to_be_confirmed(desk):
    text = BY_TEXT + "Ada Nowak,peer,Bo Lind,4,5\nSam Reyes,peer,Bo Lind,4,5\nAda Nowak,peer,Dev Ito,soon,5\n"
    file = desk.upload(text)
    proposed = desk.result(JobKind.PROPOSE, file=file)
    lines = {line["target"]: line for line in proposed["lines"]}
    assert lines["taste_cuts"]["columns"] == [5]
    assert lines["taste_reasons"]["readable"] == 2
    assert "focus_share" in proposed["missing"]

    wrong = desk.do(JobKind.INGEST, file=file, mapping_hash="0" * 64)
    assert wrong.problem.code == "mapping-changed"
    taken = desk.result(JobKind.INGEST, file=file, mapping_hash=proposed["mapping_hash"])
    broken = {one["rule_id"]: one for one in taken["broken"]}
    assert [one["lines"] for one in broken.values() if one["level"] == "row"] == [[3]]
    assert [one["columns"] for one in broken.values() if one["level"] == "answer"] == [[4]]

    said = json.dumps([[one.result, one.payload, str(one.problem)] for one in desk.jobs.latest()])
    for secret in ("Ada", "Nowak", "Sam", "Bo Lind", "@", "About whom"):
        assert secret not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [("nothing,like,it\n1,2,3\n", "mapping-needed"), ("", "source-empty"), ("%PDF-1.7 \x00\x01", "source-")],
)
def test_upload_when_it_is_no_export_then_the_job_fails_and_says_why(desk, text, code):
    failed = desk.do(JobKind.INGEST, file=desk.upload(text))
    assert failed.state is JobState.FAILED
    assert failed.problem.code.startswith(code)
    assert failed.problem.hint


@pytest.mark.parametrize("name", ["0" * 32, "../register/register.sqlite", "", "A" * 32])
def test_file_when_it_is_not_in_the_inbox_then_it_is_refused(desk, name):
    desk.settings.inbox_path.mkdir()
    assert desk.do(JobKind.PROPOSE, file=name).problem.code == "inbox-file"


def test_mapping_when_named_then_it_must_be_a_saved_one(desk):
    file = desk.upload()
    for name, code in (("quarterly", "mapping-name"), ("../../etc/passwd", "mapping-save-name")):
        assert desk.do(JobKind.PROPOSE, file=file, mapping=name).problem.code == code
        assert desk.do(JobKind.INGEST, file=file, mapping=name).problem.code == code


def test_inbox_when_swept_then_what_waits_for_somebody_stays_for_a_week(desk):
    new, old = desk.upload(), desk.upload(HEADER)
    past = time.time() - (INBOX_DAYS + 1) * 86_400
    os.utime(desk.settings.inbox_path / old, (past, past))
    assert sweep_inbox(desk.settings, desk.jobs, utc_now()) == 1
    assert [path.name for path in desk.settings.inbox_path.iterdir()] == [new]
    assert sweep_inbox(desk.settings, desk.jobs, utc_now() + timedelta(days=INBOX_DAYS + 1)) == 1


def test_ingest_when_begun_again_after_it_was_done_then_nothing_is_doubled(desk):
    """A worker may die between the last commit and noting it."""
    file = desk.upload(EXPORT)
    asked = desk.ask(JobKind.INGEST, file=file)
    first = desk.jobs.take("dead", utc_now() - timedelta(hours=1))
    assert first is not None
    copy = (desk.settings.inbox_path / file).read_text()
    desk.worker(now=utc_now).do_next(desk.jobs)
    assert desk.jobs.find(asked.job_id).attempts == 2
    again = desk.upload(copy)
    assert desk.result(JobKind.INGEST, file=again)["outcome"] == "unchanged"
