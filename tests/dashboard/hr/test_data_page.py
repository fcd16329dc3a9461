"""HR brings in an export: the columns are confirmed or changed, the file is checked, taken in, published."""

import json

import pytest

from survey.job_kind import JobKind
from survey.register_jobs import Jobs
from survey.roster_file import render_roster
from tests.asked_world import PERIOD, PMS, ROSTER
from tests.dashboard.hr.conftest import tables_of, text_of
from tests.made_up_export import made_up_export

pytestmark = pytest.mark.slow  # Great Expectations is imported
NOBODY = "No column says who is rated. Choose one above, or say whom all rows are about"
WAVE = f"great-pm/{PERIOD}"


@pytest.fixture(scope="module")
def export():
    return made_up_export()


def confirm(page):
    box = next(box for box in page.checkbox if str(box.key).startswith("confirm-"))
    box.check().run()
    assert not page.exception
    return page


def test_export_when_taken_through_every_step_then_it_is_published(office, export):
    file = office.hand_in(export)
    page = office.work(office.open("hr_data", wave=WAVE, file=file))
    assert "Look through the columns" in text_of(page)
    assert "8 questions were found" in [one.label for one in page.expander]
    confirm(page)
    office.press(page, "data-try")
    assert "25 of 26 rows would be taken in" in text_of(page)
    assert "Put aside" in text_of(page)
    assert "checks passed" in text_of(page)
    assert "stranger" not in tables_of(page)

    office.press(page, "data-take-in")
    assert "25 of 26 rows were taken in" in text_of(page)
    office.press(page, "data-publish")
    assert "Release 1 was attacked, and nothing was found." in text_of(page)
    assert "Published as release 1" in text_of(page)
    assert (office.settings.releases_path / "CURRENT").read_text().startswith("release-000001")
    said = [(entry.done_by, entry.action) for entry in office.register.audit() if entry.target == WAVE]
    assert ("lead", "job.ingest") in said
    assert ("lead", "job.publish") in said


def test_column_when_changed_then_it_is_read_so_and_the_register_holds_no_header(office, export):
    file = office.hand_in(export.replace("About whom", "Sekrit question of Ada"))
    page = office.work(office.open("hr_data", wave=WAVE, file=file))
    assert NOBODY in [box.label for box in page.selectbox]
    subject = next(box for box in page.selectbox if box.label == "who is rated")
    assert subject.options[:2] == ["no column", "1. Sekrit question of Ada"]
    subject.set_value(1).run()
    assert "You have changed something" in text_of(page)
    office.press(page, "mapping-again")
    assert NOBODY not in [box.label for box in page.selectbox]
    confirm(page)
    office.press(page, "data-try")
    assert "25 of 26 rows would be taken in" in text_of(page)
    jobs = Jobs(office.register.store).latest(JobKind.PROPOSE, JobKind.INGEST)
    assert "Sekrit" not in json.dumps([[dict(job.payload), job.result] for job in jobs])


def test_rows_when_all_are_about_one_person_then_hr_says_who(office, export):
    lines = export.splitlines()
    file = office.hand_in("\n".join(line.partition(",")[2] for line in (lines[0], *lines[1:9])) + "\n")
    page = office.work(office.open("hr_data", wave=WAVE, file=file))
    about = next(box for box in page.selectbox if box.label == NOBODY)
    about.set_value(PMS[0]).run()
    office.press(page, "mapping-again")
    confirm(page)
    office.press(page, "data-try")
    assert "8 of 8 rows would be taken in" in text_of(page)


def test_file_when_it_is_gone_then_the_page_says_to_hand_it_in_again(office):
    page = office.work(office.open("hr_data", wave=WAVE, file="0" * 32))
    assert "**This could not be done.** This file is not here any more. Hand it in again." in text_of(page)
    german = office.open("hr_data", language="de", wave=WAVE, file="0" * 32)
    assert "Diese Datei ist nicht mehr da. Lade sie noch einmal hoch." in text_of(german)
    (details,) = (one.value for one in german.code)
    assert details.startswith("inbox-file")


def test_wave_when_new_then_a_period_that_is_none_is_told_at_once(office):
    page = office.open("hr_data")
    page.text_input(key="data-period").set_value("soon").run()
    assert "That is no period" in text_of(page)


def test_roster_when_handed_in_then_the_difference_comes_first(office):
    changed = render_roster(ROSTER).replace("Sekrit e1,", "Sekrit one,", 1)
    without = "\n".join(line for line in changed.splitlines() if not line.startswith("e2,")) + "\n"
    page = office.work(office.open("hr_roster", file=office.hand_in(without)))
    assert "0 join, 1 leave" in text_of(page)
    assert "Sekrit e2" in tables_of(page)
    assert len(office.register.roster().people) == len(ROSTER.people)
    office.press(page, "roster-take")
    assert "The list now holds" in text_of(page)
    assert len(office.register.roster().people) == len(ROSTER.people) - 1
