"""Circles of managers, over time: who may manage whom on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.roster import Person
from survey.roster_row import Record
from survey.roster_rules import check_records, find_circles


def record(
    person_id: str, manager_id: str, first: str = "2025-01-01", last: str = "", *, line: int = 2
) -> Record:
    person = Person(
        person_id=person_id,
        name="Someone",
        email="",
        manager_id=manager_id,
        org_unit="Product",
        role="engineer",
        level="",
        pm_type="",
        stage="",
        active_from=date.fromisoformat(first),
        active_to=date.fromisoformat(last) if last else None,
    )
    return Record(line=line, person=person)


def messages(*records: Record) -> list[str]:
    known = {one.person.person_id for one in records}
    return [problem.message for problem in check_records("people.csv", records, known)]


def test_a_chain_of_managers_is_fine():
    assert messages(record("a", ""), record("b", "a"), record("c", "b")) == []


def test_two_who_swap_places_are_fine_when_the_days_do_not_meet():
    assert (
        messages(
            record("a", "b", "2025-01-01", "2025-06-30"),
            record("b", "", "2025-01-01", "2025-06-30"),
            record("a", "", "2025-07-01"),
            record("b", "a", "2025-07-01"),
        )
        == []
    )


def test_two_who_swap_places_are_a_circle_on_the_days_that_meet():
    assert messages(
        record("a", "b", "2025-01-01", "2025-07-31"),
        record("b", "", "2025-01-01", "2025-06-30"),
        record("a", "", "2025-08-01"),
        record("b", "a", "2025-07-01"),
    ) == ["a circle of managers on 2025-07-01: a -> b -> a"]


def test_a_circle_is_told_once_however_many_records_repeat_it():
    records = [
        record(one, two, f"202{year}-01-01", f"202{year}-12-31")
        for one, two in ("ab", "ba")
        for year in (1, 2)
    ]
    assert messages(*records) == ["a circle of managers on 2021-01-01: a -> b -> a"]


def test_a_circle_stands_on_its_first_line_and_spares_those_who_only_hang_on_it():
    records = (
        record("a", "c", line=9),
        record("b", "a", line=4),
        record("c", "b", line=7),
        record("d", "a", line=2),
    )
    (problem,) = check_records("people.csv", records, {"a", "b", "c", "d"})
    assert problem.line == 4
    assert problem.message == "a circle of managers on 2025-01-01: a -> c -> b -> a"


def test_a_long_circle_is_shown_in_part():
    people = [f"p{number}" for number in range(12)]
    records = [record(one, two) for one, two in zip(people, people[1:] + people[:1], strict=True)]
    assert messages(*records)[0].endswith("p6 -> p7 -> ...")


def test_three_records_that_overlap_are_each_named_against_the_longest():
    lines = {"2025-01-01": "", "2025-02-01": "2025-02-10", "2025-03-01": ""}
    records = [
        record("a", "", first, last, line=place) for place, (first, last) in enumerate(lines.items(), start=2)
    ]
    assert messages(*records) == ["overlaps the record of the same person on line 2"] * 2


DAYS = st.integers(0, 5)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), DAYS, DAYS), max_size=8))
def test_a_circle_is_found_exactly_when_some_day_has_one(spans):
    start = date(2025, 1, 1)
    records, taken = [], set()
    for person_id, manager_id, first, length in spans:
        days = {(person_id, first + step) for step in range(length + 1)}
        if days & taken:
            continue
        taken |= days
        last = start + timedelta(days=first + length)
        records.append(record(person_id, manager_id, str(start + timedelta(days=first)), str(last)))
    shown = any("circle" in message for message in messages(*records))
    assert shown == any(_has_circle(records, start + timedelta(days=day)) for day in range(12))


def _has_circle(records: list[Record], day: date) -> bool:
    managers = {one.person.person_id: one.person.manager_id for one in records if one.person.is_active(day)}
    for person_id in managers:
        manager_id, steps = managers.get(person_id), 0
        while manager_id is not None and manager_id != person_id and steps < 9:
            manager_id, steps = managers.get(manager_id), steps + 1
        if manager_id == person_id:
            return True
    return False


@pytest.mark.parametrize(
    ("managers", "circles"),
    [
        ({}, []),
        ({"a": ""}, []),
        ({"a": "a"}, [("a",)]),
        ({"a": "b", "b": "c", "c": "b"}, [("b", "c")]),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, [("a", "b"), ("c", "d")]),
    ],
)
def test_find_circles_names_each_once(managers, circles):
    assert list(find_circles(managers)) == circles
