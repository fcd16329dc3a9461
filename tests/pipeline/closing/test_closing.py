"""What closing a wave comes to (CL-01 .. CL-12), with k = 4."""

import sqlite3
from collections import Counter
from dataclasses import replace

import pytest

from pipeline.closing import close_wave, try_closing
from pipeline.errors import ReconciliationError
from survey.answers import open_answers
from survey.campaign import WaveState
from survey.errors import StoreError, WaveError
from survey.register import open_register
from survey.register_closing import ClosedGroup, Closings
from survey.register_participation import Participation
from survey.response import Comment, parse_response
from tests.form_world import WAVE, rate, rate_all, seeded
from tests.pipeline.closing.conftest import CLOSED_AT, ENGINEERS, quiet

BOTH = pytest.mark.parametrize("settings", ["sqlite", "postgres"], indirect=True)


def close(world):
    return close_wave(world.settings, world.wave_id, now=CLOSED_AT, progress=quiet)


def stored(world):
    with open_answers(world.settings, world.wave_id) as answers:
        return answers.responses()


def places(world):
    return Counter((one.subject_id, one.reporting_group) for one in stored(world))


def groups(world):
    with open_register(world.settings.register_address) as register:
        return Closings(register.store).find(world.wave_id).groups


@BOTH
def test_close_when_everybody_has_enough_then_keeps_all_and_forgets_who(world, answer):
    rng = seeded(2)
    answer(pa=5, pb=8, pc=4, pd=6, pe=8)
    world.submit(
        [("pa", "pa", rate_all(world.instrument, rng)), ("m1", "pa", rate_all(world.instrument, rng))]
    )
    world.draft(ENGINEERS[6], "pa", "half an answer")
    before = {one.response_key for one in stored(world)}

    report = close(world)

    assert report.is_even
    assert (report.assigned_count, report.done_count, report.stored_count) == (51, 33, 33)
    assert (report.kept_count, report.readdressed_count, report.withheld_count) == (33, 0, 0)
    assert (report.not_answered_count, report.unfinished_count, report.is_trial) == (18, 0, False)
    assert places(world) == {
        ("pa", "others"): 5, ("pb", "engineering"): 8, ("pc", "engineering"): 4, ("pd", "engineering"): 6,
        ("pe", "engineering"): 8, ("pa", "self"): 1, ("pa", "manager"): 1,
    }  # fmt: skip
    after = [one.response_key for one in stored(world)]
    assert after == sorted(after)
    assert before.isdisjoint(after)
    with open_register(world.settings.register_address) as register:
        assert register.wave(WAVE).state is WaveState.CLOSED
        assert Participation(register.store).find_link(b"any") is None
        assert "kept 33" in register.audit()[-1].detail
    assert not world.settings.wave_keys_path(WAVE).exists()


def test_close_when_a_pm_has_few_then_their_raters_count_for_the_unit(world, answer):
    answer(pa=2, pb=3, pc=8, pd=8, pe=8)
    report = close(world)
    assert (report.kept_count, report.readdressed_count, report.withheld_count) == (24, 5, 0)
    assert places(world)["rest:P/A", "others"] == 5
    assert not {subject for subject, _ in places(world)} & {"pa", "pb"}
    assert groups(world) == (ClosedGroup(unit_id="P/A", subject_count=2, rater_count=5),)


def test_close_when_one_pm_alone_has_few_then_what_they_said_is_erased(world, answer):
    answer(pa=3, pb=8, pc=8, pd=8, pe=8)
    report = close(world)
    assert (report.kept_count, report.readdressed_count, report.withheld_count) == (32, 0, 3)
    assert groups(world) == ()


def test_close_when_units_have_few_then_the_unit_above_counts_them(world, answer):
    answer(pa=2, pb=8, pc=8, pd=3, pe=8)
    close(world)
    assert groups(world) == (ClosedGroup(unit_id="P", subject_count=2, rater_count=5),)
    assert places(world)["rest:P", "others"] == 5


def test_close_when_a_rater_may_open_the_page_then_they_do_not_count(world, answer):
    """Three engineers and the executive: three unknown raters."""
    answer(pa=3, pb=8, pc=8, pd=8, pe=8)
    world.submit([("boss", "pa", rate_all(world.instrument, seeded(3)))])
    assert close(world).withheld_count == 4


def test_close_when_a_known_rater_answers_among_enough_then_is_hidden_among_others(world, answer):
    answer(pa=8)
    world.submit([("boss", "pa", rate_all(world.instrument, seeded(3)))])
    close(world)
    assert places(world) == {("pa", "others"): 9}


def test_close_when_a_response_says_nothing_then_its_rater_does_not_count(world, answer):
    answer(pa=3)
    world.submit([(ENGINEERS[3], "pa", rate(world.instrument, []))])
    assert close(world).withheld_count == 4


def test_close_when_few_of_a_rest_say_nothing_then_they_do_not_count(world, answer):
    answer(pa=3, pb=2)
    world.submit([(ENGINEERS[3], "pa", rate(world.instrument, []))])
    report = close(world)
    assert (report.readdressed_count, report.withheld_count) == (0, 6)  # three, or two: they may be the same


def test_close_when_a_submission_was_cut_off_then_is_counted_as_unfinished(world, answer):
    answer(pa=5)
    content = rate_all(world.instrument, seeded(4))
    world.submit([(ENGINEERS[5], "pa", content)], is_finished=False)
    world.submit([(ENGINEERS[6], "pa", content)], is_finished=False, is_stored=False)
    report = close(world)
    assert (report.stored_count, report.done_count, report.unfinished_count) == (6, 5, 1)
    assert places(world) == {("pa", "others"): 6}


def test_close_when_a_comment_is_signed_then_the_name_stands_apart_from_ratings(world, answer):
    answer(pa=5)
    signed = Comment(text="Thank you.", signed_by=ENGINEERS[5])
    content = rate(world.instrument, [1] * 20, helped_most=signed, try_next=Comment(text="Unsigned."))
    world.submit([(ENGINEERS[5], "pa", content)])
    report = close(world)
    assert (report.stored_count, report.kept_count, report.signed_count) == (6, 6, 1)
    said = [parse_response(one.content) for one in stored(world)]
    with_name = [one for one in said if any(comment.signed_by for comment in one.comments.values())]
    assert [(dict(one.ratings), one.comments) for one in with_name] == [({}, {"helped_most": signed})]
    assert [one.comments for one in said if one.ratings and one.comments] == [
        {"try_next": Comment(text="Unsigned.")}
    ]


@BOTH
def test_close_when_done_again_then_says_the_same_and_changes_nothing(world, answer):
    answer(pa=2, pb=3, pc=3, pd=8, pe=2)
    first, rows = close(world), stored(world)
    assert close(world) == first
    assert stored(world) == rows
    assert try_closing(world.settings, WAVE) == first


def test_try_closing_when_open_then_tells_and_does_nothing(world, answer):
    answer(pa=2, pb=3, pc=8)
    before = stored(world)
    tried = try_closing(world.settings, WAVE)
    assert tried.is_trial
    assert stored(world) == before
    assert world.settings.wave_keys_path(WAVE).exists()
    assert replace(tried, is_trial=False) == close(world)


def test_close_when_answers_are_missing_then_refuses_and_deletes_nothing(world, answer):
    answer(pa=5)
    with open_answers(world.settings, WAVE) as answers:
        answers.remove([stored(world)[0].response_key])
    with pytest.raises(ReconciliationError) as refused:
        close(world)
    assert refused.value.code == "closing-uneven"
    assert len(stored(world)) == 4
    assert world.settings.wave_keys_path(WAVE).exists()


def test_close_when_the_store_is_lost_then_refuses(world):
    for path in world.settings.answers_path.iterdir():
        path.unlink()
    with pytest.raises(StoreError) as refused:
        close(world)
    assert refused.value.code == "answers-missing"


def test_close_when_nobody_answered_then_closes(world):
    report = close(world)
    assert (report.stored_count, report.done_count, report.is_even) == (0, 0, True)


def test_close_when_another_tool_collects_then_is_refused(world):
    with open_register(world.settings.register_address) as register:
        ours = register.wave(WAVE)
        other = replace(ours, wave_id="great-pm/2026Q3", is_external=True)
        register.add_wave(other, register.wave_instrument(WAVE), register.wave_roster(WAVE))
    with pytest.raises(WaveError) as refused:
        close_wave(world.settings, other.wave_id, now=CLOSED_AT, progress=quiet)
    assert refused.value.code == "wave-not-ours"


def test_register_when_a_wave_is_closed_then_its_file_holds_no_hash_of_a_link(world, answer):
    answer(pa=5)
    with sqlite3.connect(world.settings.register_path) as connection:
        hashes = [row[0] for row in connection.execute("select secret_hash from link")]
    close(world)
    assert len(hashes) > 40
    left = b"".join(path.read_bytes() for path in world.settings.home.rglob("*") if path.is_file())
    assert not [one for one in hashes if one in left]


def test_submit_when_closed_then_is_refused(world, answer):
    answer(pa=5)
    close(world)
    with pytest.raises(Exception, match="keys"):
        world.submit([(ENGINEERS[6], "pa", "{}")])
