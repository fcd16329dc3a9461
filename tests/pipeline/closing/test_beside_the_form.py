"""A wave closes while the form's process still has both stores open."""

import pytest

from pipeline.closing import close_wave
from pipeline.collected import receive_collected
from pipeline.rewriting import rewrite
from survey.answers import StoredResponse, open_answers
from survey.errors import StoreError, WaveError
from survey.participation import Responder
from survey.register import open_register
from survey.register_closing import Closings
from survey.register_participation import Claim, ClaimOutcome, Participation
from survey.relationship import Relationship
from survey.roster import make_roster
from tests.form_world import WAVE, open_world, person, rate, rate_all, seeded
from tests.pipeline.closing.conftest import CLOSED_AT, ENGINEERS, quiet

BOTH = pytest.mark.parametrize("settings", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_form_when_the_wave_closes_under_it_then_is_refused_and_nothing_is_lost(world, answer):
    answer(pa=5)
    task = world.tasks[ENGINEERS[6], "pa"]
    claim = Claim(assignment_no=task.assignment_no, link_no=task.link_no)
    late = StoredResponse(
        response_key=b"late", subject_id="pa", reporting_group="others", content="{}", is_straight=False,
        is_fast=False,
    )  # fmt: skip
    with (
        open_register(world.settings.register_address) as register,
        open_answers(world.settings, WAVE) as answers,
    ):
        participation = Participation(register.store)
        assert participation.claim([claim]) == (ClaimOutcome.CLAIMED,)
        assert len(answers.responses()) == 5
        close_wave(world.settings, WAVE, now=CLOSED_AT, progress=quiet)
        assert participation.claim([claim])[0] in {ClaimOutcome.NOT_OPEN, ClaimOutcome.UNKNOWN}
        with pytest.raises((WaveError, StoreError)):
            answers.put_batch([late])
    with open_answers(world.settings, WAVE) as answers:
        assert len(answers.responses()) == 5


def test_collected_when_the_store_is_not_rewritten_yet_then_is_refused(world, answer):
    answer(pa=5)
    with pytest.raises(StoreError) as refused:
        receive_collected(world.settings, WAVE, world.instrument)
    assert refused.value.code == "answers-not-closed"


def test_collected_when_answers_look_careless_then_says_how_many(world, answer):
    answer(pa=5)
    with open_answers(world.settings, WAVE) as answers:
        one = answers.responses()[0]
        answers.put_batch(
            [StoredResponse(response_key=one.response_key, subject_id=one.subject_id, content=one.content,
                            reporting_group=one.reporting_group, is_straight=True, is_fast=False)]
        )  # fmt: skip
    close_wave(world.settings, WAVE, now=CLOSED_AT, progress=quiet)
    received = receive_collected(world.settings, WAVE, world.instrument)
    assert received.notices[0].startswith("1 response")
    assert received.file_lines == 5


def test_collected_when_a_response_is_empty_then_is_a_row_without_an_answer(world, answer):
    answer(pa=5)
    world.submit([(ENGINEERS[5], "pa", rate(world.instrument, []))])
    close_wave(world.settings, WAVE, now=CLOSED_AT, progress=quiet)
    rows = receive_collected(world.settings, WAVE, world.instrument).answers.to_pylist()
    assert sum(row["starts_row"] for row in rows) == 6
    assert [row["item"] for row in rows if row["column_no"] == 0] == [None]
    assert {row["submitted_at"] for row in rows} == {row["rater"] for row in rows} == {None}


def test_close_when_units_are_rated_then_a_small_one_is_erased(settings):
    people = [person(f"a{seat}", "P/A") for seat in range(6)] + [
        person(f"b{seat}", "P/B") for seat in range(5)
    ]
    world = open_world(settings, people, [], wave_id="three-lenses/2026Q4")
    chance = seeded(3)
    world.submit([(f"a{seat}", "P/A", rate_all(world.instrument, chance)) for seat in range(4)])
    world.submit([(f"b{seat}", "P/B", rate_all(world.instrument, chance)) for seat in range(2)])
    report = close_wave(settings, world.wave_id, now=CLOSED_AT, progress=quiet)
    assert (report.kept_count, report.readdressed_count, report.withheld_count) == (4, 0, 2)
    with open_register(settings.register_address) as register:
        assert Closings(register.store).find(world.wave_id).groups == ()


def test_rewrite_when_a_group_holds_only_unfinished_answers_then_all_stand_together(world):
    """Five of engineering are known to have answered; one designer's answer is there unacknowledged."""
    asked = [(f"x{seat}", "engineering") for seat in range(5)] + [("y", "design")]
    stored = [
        StoredResponse(response_key=who.encode(), subject_id="pa", reporting_group=group,
                       content=rate(world.instrument, [3]), is_straight=False, is_fast=False)
        for who, group in asked
    ]  # fmt: skip
    responders = [
        Responder(rater_id=who, subject_id="pa", relationship=Relationship(group), reporting_group=group)
        for who, group in asked
        if who != "y"
    ]
    members = make_roster([person("pa", "P/A", role="pm"), *(person(who, "P/E") for who, _ in asked)])
    closed = rewrite(stored, responders, members, world.instrument, min_raters=4)
    assert {one.reporting_group for one in closed.responses} == {"others"}
