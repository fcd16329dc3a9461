"""Whoever may open a page with a number does not count towards its k (KR-01 .. KR-05), with k = 4."""

from dataclasses import replace

import pytest

from pipeline import publish
from pipeline.pseudonym import pseudonyms, watcher_numbers
from pipeline.release import Group, Measure, Reason, Released, Scope, Suppressed
from survey.relationship import Relationship
from survey.roster import Roster

pytestmark = pytest.mark.thorough

KEY = b"k" * 32


SMALL = 2**40
"""Made-up worlds number responses by their rater, so pseudonyms are kept small."""


def number(text):
    return pseudonyms(KEY, [text]).column("party_no")[0].as_py() % SMALL


def watchers_of(members):
    return {number % SMALL: people for number, people in watcher_numbers(KEY, members).items()}


def staff(people):
    """The first PM's manager is m1, whose manager is m2; an HR person and a designer stand elsewhere."""
    first, *others = people
    new = [
        replace(first, person_id=one, name=f"Name {one}", email=f"{one}@example.org", manager_id=above,
                role=role, pm_type="", stage="")
        for one, above, role in (("m1", "m2", "lead"), ("m2", "", "lead"), ("h1", "", "HR"), ("d1", "", "design"))
    ]  # fmt: skip
    return Roster(people=(replace(first, manager_id="m1"), *others, *new))


@pytest.fixture
def judge(open_world, people, say):
    """Publishes four unknown raters' and these raters' answers about the first PM; returns its cell."""

    def _judge(named, unknown=4):
        world = open_world(people)
        world.members = staff(people)
        said = [say(1000 + rater, "T1", 3) for rater in range(unknown)]
        said += [replace(say(1, "T1", 3), rater=number(one)) for one in named]
        world.load("2026Q1", said)
        watchers = watchers_of(world.members)
        edition = replace(world.edition("2026Q1"), watchers=watchers)
        publish.write_release(world.warehouse, world.releases, edition)
        cells = world.release().cells(Scope.SUBJECT, "pm00")
        (cell,) = [c for c in cells if c.key.group is Group.OTHERS and c.key.measure is Measure.TRAIT
                   and c.key.measure_id == "taste"]  # fmt: skip
        return cell

    return _judge


@pytest.mark.parametrize(
    ("what", "unknown", "named", "is_shown"),
    [
        ("KR-01 four unknown raters", 4, (), True),
        ("KR-02 three unknown and a colleague", 3, ("d1",), True),
        ("KR-03 three unknown and the manager's manager, by id", 3, ("m2",), False),
        ("KR-03 three unknown and the manager's manager, by name", 3, ("  name M2 ",), False),
        ("KR-03 three unknown and the manager's manager, by e-mail", 3, ("m2@example.org",), False),
        ("KR-04 three unknown and HR", 3, ("h1",), False),
        ("KR-05 four unknown and two known", 4, ("m2", "h1"), True),
    ],
)
def test_block_when_raters_are_known_then_only_others_count(judge, what, unknown, named, is_shown):
    cell = judge(named, unknown)
    if is_shown:
        assert isinstance(cell, Released), what
        assert cell.rater_count == unknown + len(named), what
    else:
        assert isinstance(cell, Suppressed), what
        assert cell.reason is Reason.TOO_FEW_RATERS


def test_rest_block_when_somebody_is_known_for_one_subject_then_counts_for_none(
    open_world, people, say, judge
):
    """Two PMs with few: together four people, one of whom is above the first PM."""
    world = open_world(people)
    world.members = staff(people)
    said = [replace(say(7000 + rater, "T1", 3), subject="pm01") for rater in range(2)]
    said += [replace(say(1, "T1", 3), rater=number("m2"), subject=one) for one in ("pm00", "pm01")]
    said += [say(8000, "T1", 3)]
    for watchers, blocks in (({}, 1), (watchers_of(world.members), 0)):
        period = f"2026Q{blocks + 1}"
        world.load(period, said)
        edition = replace(world.edition(period), watchers=watchers)
        manifest = publish.write_release(world.warehouse, world.releases, edition)
        assert manifest.wave(f"team/{period}").rest_block_count == blocks


def test_self_and_manager_when_they_answer_then_are_shown_as_before(open_world, people, say):
    world = open_world(people)
    world.members = staff(people)
    world.load("2026Q1", [replace(say(1, "T1", 2), rater=number("m1"), relationship=Relationship.MANAGER)])
    edition = replace(world.edition("2026Q1"), watchers=watchers_of(world.members))
    publish.write_release(world.warehouse, world.releases, edition)
    shown = [c for c in world.release().cells(Scope.SUBJECT, "pm00") if isinstance(c, Released)]
    assert {cell.key.group for cell in shown} == {Group.MANAGER}
