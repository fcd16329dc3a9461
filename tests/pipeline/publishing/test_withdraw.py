"""A withdrawn wave leaves visibly, and comes back only if that tells on nobody."""

from dataclasses import replace

import pytest

from pipeline.errors import PublishError
from pipeline.release import Scope

pytestmark = pytest.mark.thorough


@pytest.fixture
def withdrawn(open_world, people, answers, seeded):
    """A world of two waves, the first of them withdrawn, and that first wave's answers."""
    world = open_world(people)
    said = answers(seeded(1), most=9)
    world.load("2026Q1", said)
    world.publish("2026Q1")
    world.load("2026Q2", answers(seeded(2)))
    world.publish("2026Q2")
    world.withdraw("2026Q1", "the wrong file")
    return world, said


def test_withdraw_when_done_then_the_wave_stays_listed_without_numbers(withdrawn):
    world, _ = withdrawn
    release = world.release()
    first, second = release.waves()
    assert (first.state, first.reason, second.state) == ("withdrawn", "the wrong file", "published")
    cells = release.cells(Scope.UNIT, "P")
    assert {cell.key.wave_id for cell in cells} == {"team/2026Q2"}
    assert {point.wave_id for point in release.line(Scope.UNIT, "P")} == {"team/2026Q2"}
    assert {subject.wave_id for subject in release.subjects()} == {"team/2026Q2"}


def test_withdraw_when_done_twice_then_nothing_changes(withdrawn):
    world, _ = withdrawn
    assert world.withdraw("2026Q1", "again").release_no == 3


def test_withdraw_when_never_published_then_is_refused(open_world, people):
    with pytest.raises(PublishError) as caught:
        open_world(people).withdraw("2026Q1", "why not")
    assert caught.value.code == "withdraw-unpublished"


def test_coming_back_when_nothing_changed_then_is_as_before(withdrawn):
    world, _ = withdrawn
    assert world.publish("2026Q1").release_no == 4
    assert [wave.state for wave in world.release().waves()] == ["published", "published"]
    world.withdraw("2026Q1", "once more")
    assert world.publish("2026Q1").release_no == 6


def test_coming_back_when_one_answer_changed_then_is_refused(withdrawn):
    world, said = withdrawn
    members = world.warehouse.connection.execute(
        "select distinct s.subject_id from core.published_member join core.subject as s using (subject_no)"
        " where wave_no = 1"
    ).fetchall()
    place = next(
        place
        for place, one in enumerate(said)
        if (one.subject,) in members and one.relationship in ("peer", "design") and one.value is not None
    )
    said[place] = type(said[place])(
        subject=said[place].subject,
        relationship=said[place].relationship,
        rater=said[place].rater,
        item=said[place].item,
        value=None,
    )
    world.load("2026Q1", said)
    before = sorted(path.name for path in world.releases.iterdir())
    with pytest.raises(PublishError) as caught:
        world.publish("2026Q1")
    assert caught.value.code == "publish-tells-on-few"
    assert sorted(path.name for path in world.releases.iterdir()) == before
    assert world.release().number == 3


def test_coming_back_when_everybody_answered_anew_then_is_allowed_once(open_world, people, say):
    world = open_world(people[:1])
    world.load("2026Q1", [say(rater, "T1", 2) for rater in range(5)])
    world.publish("2026Q1")
    for value, code in ((3, ""), (4, "publish-tells-on-few")):
        world.withdraw("2026Q1", "the wrong file")
        world.load("2026Q1", [say(rater, "T1", value) for rater in range(5)])
        if code:
            with pytest.raises(PublishError) as caught:
                world.publish("2026Q1")
            assert caught.value.code == code
        else:
            world.publish("2026Q1")


def test_coming_back_when_one_person_changed_four_responses_of_a_rest_block_then_is_refused(
    open_world, people, say
):
    """k protects people: four responses of one of them are still one."""
    world = open_world(people[:4])

    def said(value):
        answers = []
        for place, subject in enumerate(people[:4]):
            own = [
                replace(say(rater, "T1", 2), subject=subject.person_id) for rater in (place + 1, place + 5)
            ]
            answers += [*own, replace(say(100, "T1", value), subject=subject.person_id)]
        return answers

    world.load("2026Q1", said(1))
    (block,) = world.publish("2026Q1").waves
    assert (block.own_block_count, block.rest_block_count) == (0, 1)
    world.withdraw("2026Q1", "the wrong file")
    world.load("2026Q1", said(5))
    with pytest.raises(PublishError, match="fewer than 4 people"):
        world.publish("2026Q1")


def test_coming_back_when_one_response_changed_evenly_over_items_then_is_refused(open_world, people, say):
    """The number of a content is no sum that changes could cancel in."""
    world = open_world(people[:1])
    others = [say(rater, item, 2) for rater in range(4) for item in ("T1", "T2", "F1")]
    world.load("2026Q1", others + [say(9, item, value) for item, value in (("T1", 3), ("T2", 4), ("F1", 3))])
    world.publish("2026Q1")
    world.withdraw("2026Q1", "the wrong file")
    world.load("2026Q1", others + [say(9, item, value) for item, value in (("T1", 4), ("T2", 2), ("F1", 4))])
    with pytest.raises(PublishError, match="fewer than 4 people"):
        world.publish("2026Q1")
