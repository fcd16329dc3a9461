"""HR runs a wave on pages: every step asks the worker, says what will happen, and shows what came of it."""

from pathlib import Path

import pytest

from dashboard.desk import Wish
from dashboard.views import hr_during
from survey.campaign import WaveState
from survey.job_kind import JobKind
from survey.register_collection import Collections
from tests.asked_world import ASKED_BY, PERIOD, WAVE, pairs_file
from tests.dashboard.hr.conftest import tables_of, text_of

pytestmark = pytest.mark.thorough


@pytest.fixture
def planned(office):
    """A wave planned on the page, to open today."""
    page = office.open("hr_waves")
    page.text_input(key="plan-asked-by").set_value(ASKED_BY[1])
    page.date_input(key="plan-opens_on").set_value(office.desk().today)
    page.button[0].click().run()
    office.work(page)
    return office


@pytest.fixture
def assigned(planned, tmp_path):
    file = planned.hand_in(Path(pairs_file(tmp_path)).read_text())
    page = planned.open("hr_waves", wave=WAVE, file=file)
    planned.press(page, "do-assign_try")
    planned.press(page, "do-assign")
    return planned


def state(office):
    return Collections(office.register.store).state(WAVE)


def test_waves_when_there_are_none_then_the_page_says_what_to_do(office):
    page = office.open("hr_waves")
    assert page.title[0].value == "There is no wave yet"
    assert "Plan one below" in text_of(page)


def test_wave_when_planned_then_it_waits_with_its_next_step(planned):
    page = planned.open("hr_waves")
    assert page.title[0].value == "One wave waits for you"
    assert "say who works with whom" in text_of(page)
    page.button(key=f"open-{WAVE}").click().run()
    assert page.query_params["wave"] == WAVE
    assert page.title[0].value.replace("\\", "") == f"What makes a great PM, {PERIOD}"
    assert WAVE in text_of(page)


def test_wave_when_its_plan_is_wrong_then_the_page_says_why(office):
    page = office.open("hr_waves")
    page.text_input(key="plan-period").set_value("soon")
    page.button[0].click().run()
    office.work(page)
    assert "This is no period. Write 2026Q1" in text_of(page)


def test_wave_when_assigned_from_a_file_then_first_it_says_what_the_file_would_do(planned, tmp_path):
    file = planned.hand_in(Path(pairs_file(tmp_path)).read_text())
    page = planned.open("hr_waves", wave=WAVE, file=file)
    assert page.button(key="do-assign").disabled
    planned.press(page, "do-assign_try")
    assert "24 entries about 3 PMs, by 24 people" in text_of(page)
    assert Collections(planned.register.store).nominations(WAVE) == ()
    planned.press(page, "do-assign")
    assert len(Collections(planned.register.store).nominations(WAVE)) == 24
    assert "look ahead at what will be visible" in text_of(page)


def test_wave_when_looked_ahead_then_it_can_be_opened_after_confirming(assigned):
    page = assigned.open("hr_waves", wave=WAVE)
    assert "Look ahead first" in text_of(page)
    assigned.press(page, "do-preview")
    assert "If so many answer" in tables_of(page)
    assert page.button(key="do-open").disabled
    assigned.press(page, "do-open")
    assert state(assigned) is WaveState.OPEN
    assert "Takes answers until" in text_of(page)
    opened = [entry for entry in assigned.register.audit() if entry.action in ("wave.open", "job.open")]
    assert {entry.done_by for entry in opened} == {"lead"}


@pytest.fixture
def opened(assigned):
    page = assigned.open("hr_waves", wave=WAVE)
    assigned.press(page, "do-preview")
    assigned.press(page, "do-open")
    return assigned


def test_missing_when_asked_for_then_names_them_and_writes_it_down(opened):
    page = opened.open("hr_waves", wave=WAVE)
    assert "Sekrit e1" not in tables_of(page)
    page.button(key="show-missing").click().run()
    assert "Sekrit e1" in tables_of(page)
    last = opened.register.last_entry("wave.missing")
    assert (last.done_by, last.target) == ("lead", WAVE)
    assert "Sekrit" not in last.detail


def test_mail_when_no_server_is_set_up_then_the_job_fails_and_the_page_says_why(opened):
    page = opened.press(opened.open("hr_waves", wave=WAVE), "do-invite")
    assert "This could not be done." in text_of(page)


def test_wave_when_closed_then_it_says_before_what_that_comes_to(opened):
    page = opened.open("hr_waves", wave=WAVE)
    assert "do-close" not in [button.key for button in page.button]
    opened.press(page, "do-close_try")
    assert state(opened) is WaveState.OPEN
    opened.press(page, "do-close")
    assert state(opened) is WaveState.CLOSED
    assert "take in what the form has collected" in text_of(page)


def test_button_when_clicked_twice_then_there_is_one_job(assigned):
    page = assigned.open("hr_waves", wave=WAVE)
    page.button(key="do-preview").click().run()
    assert page.button(key="do-preview").disabled
    desk = assigned.desk()
    wish = Wish(kind=JobKind.PREVIEW, payload={"wave_id": WAVE})
    assert desk.ask(wish).job_id == desk.ask(wish).job_id
    assert len(desk.jobs(JobKind.PREVIEW, {"wave_id": WAVE})) == 1


def test_policy_when_planned_then_can_be_changed_and_when_open_then_not(planned):
    page = planned.open("hr_waves", wave=WAVE)
    text = page.text_area(key="policy-text").value
    page.text_area(key="policy-text").set_value(text.replace("min_raters = 4", "min_raters = 1")).run()
    assert "min_raters" in page.code[0].value
    assert page.button(key="policy-save").disabled
    page.text_area(key="policy-text").set_value(text.replace("min_raters = 4", "min_raters = 5")).run()
    planned.press(page, "policy-save")
    assert "One line differs from the policy file" in text_of(page)
    assert "5 ≠" in tables_of(page)


def test_policy_when_a_line_is_not_allowed_then_the_page_says_so_in_the_readers_language(planned):
    page = planned.open("hr_waves", language="de", wave=WAVE)
    text = page.text_area(key="policy-text").value
    page.text_area(key="policy-text").set_value(text.replace("min_raters = 4", "min_raters = 1")).run()
    assert "Eine der Regeln hat einen Wert, der nicht erlaubt ist." in page.error[0].value
    assert "from 3 to 10" in page.code[0].value


def test_policy_when_the_wave_is_open_then_it_is_read_only(opened):
    page = opened.open("hr_waves", wave=WAVE)
    assert "nobody can change it any more" in text_of(page)
    assert [area.key for area in page.text_area] == []


def test_pages_when_read_in_german_then_are_german(opened):
    page = opened.open("hr_waves", language="de", wave=WAVE)
    assert "Wer teilnimmt" in text_of(page)
    assert PERIOD in page.title[0].value


def test_wave_when_a_job_ends_while_the_page_is_drawn_then_nothing_stays_as_it_was_before(
    opened, monkeypatch
):
    page = opened.press(opened.open("hr_waves", wave=WAVE), "do-close_try")
    page.checkbox(key="sure-close").check().run()
    page.button(key="do-close").click()
    drawn = hr_during.show_progress

    def show_progress(at):
        opened.do_all()  # the wave was read as open, its job is about to be read as done
        drawn(at)

    monkeypatch.setattr(hr_during, "show_progress", show_progress)
    page.run()
    assert state(opened) is WaveState.CLOSED
    assert "Take in what the form collected" in text_of(page)
    assert "Who takes part" not in text_of(page)
