"""HR reads the words that passed the gate, holds one back with a reason, and cannot change any."""

import json
from pathlib import Path

import pytest

from dashboard import cli
from survey.config import Settings
from survey.job_kind import JobKind
from survey.register import open_register
from survey.register_jobs import Jobs
from tests.dashboard.hr.conftest import Office, text_of

pytestmark = pytest.mark.slow  # Great Expectations is imported
SAMPLES = Path(__file__).parents[3] / "data" / "samples"
WAVE = "great-pm/2026Q1"


@pytest.fixture
def office(tmp_path):
    home = tmp_path / "home"
    for command in (
        ("roster", "import", "roster.csv"),
        ("ingest", "google-forms.csv", "--wave", WAVE, "--yes"),
    ):
        words = [str(SAMPLES / word) if word.endswith(".csv") else word for word in command]
        assert cli.run(["--home", str(home), *words]) == 0
    settings = Settings(home=home)
    with open_register(settings.register_address) as register:
        somebody = register.roster().people[0].person_id
        yield Office(settings=settings, register=register, hr=somebody)


def test_comment_when_held_back_then_with_a_reason_and_its_words_are_in_no_job(office):
    page = office.open("hr_waves", wave=WAVE)
    assert "Exports of this wave are taken in under Data" in text_of(page)
    office.press(page, "do-list_comments")
    words = [element.value for element in page.text]
    assert len(words) > 1
    first = next(box for box in page.text_input if str(box.key).startswith("reason-"))
    number = int(str(first.key).removeprefix("reason-"))
    assert page.button(key=f"hold_comment-{number}").disabled
    first.set_value("tells a customer's name").run()
    office.press(page, f"hold_comment-{number}")
    office.press(page, "do-list_comments")
    assert "Held back." in text_of(page)
    assert [element.value for element in page.text] == words
    office.press(page, f"release_comment-{number}")

    kept = json.dumps([[dict(job.payload), job.result] for job in Jobs(office.register.store).latest()])
    assert not any(one in kept for one in words)
    actions = [entry.action for entry in office.register.audit() if entry.action.startswith("comment-")]
    assert actions == ["comment-list", "comment-hold", "comment-list", "comment-release"]
    assert office.desk().jobs(JobKind.LIST_COMMENTS, {})[0].result["held_count"] == 1
