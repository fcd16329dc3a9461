"""How far a wave is, without telling who answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.assignment import Assignment
from survey.progress import Progress, round_down, tell_progress
from survey.relationship import Relationship

K = 4


def asked(subject_id: str, group: str, *raters: str) -> list[Assignment]:
    return [
        Assignment(
            rater_id=rater,
            subject_id=subject_id,
            relationship=Relationship.PEER,
            reporting_group=group,
            place=1,
        )
        for rater in raters
    ]


def people(first: int, count: int) -> list[str]:
    return [f"p{number}" for number in range(first, first + count)]


@pytest.mark.parametrize(
    ("answered", "invited", "told"),
    [
        (0, 8, 0),
        (3, 8, 0),
        (4, 8, 4),
        (7, 8, 4),
        (8, 8, 4),
        (8, 12, 8),
        (12, 12, 8),
        (5, 7, 0),
        (7, 7, 0),
        (0, 0, 0),
    ],
)
def test_answers_are_told_in_steps_and_never_all(answered, invited, told):
    assert round_down(answered, invited, K) == told


def test_rows_count_people_not_assignments():
    assignments = [one for pm in ("a", "b", "c") for one in asked(pm, "peer", *people(0, 9))]
    done = [("p0", "a"), ("p0", "b"), ("p0", "c"), ("p1", "a"), ("p2", "a"), ("p3", "b")]
    found = tell_progress(assignments, done, {"a": "U/1", "b": "U/1", "c": "U/2"}, min_raters=K)
    assert found.total == Progress(name="all", invited=9, at_least=4)
    assert found.units == (
        Progress(name="U/1", invited=9, at_least=4),
        Progress(name="U/2", invited=9, at_least=0),
    )
    assert found.groups == (Progress(name="peer", invited=9, at_least=4),)


def test_small_rows_are_put_together_until_they_are_large_enough():
    assignments = [
        *asked("a", "peer", *people(0, 3)),
        *asked("b", "peer", *people(3, 5)),
        *asked("c", "peer", *people(8, 9)),
    ]
    found = tell_progress(assignments, [], {"a": "A", "b": "B", "c": "C"}, min_raters=K)
    assert [(row.name, row.invited) for row in found.units] == [("C", 9), ("put together", 8)]


def test_a_row_that_stays_too_small_is_not_told():
    found = tell_progress(asked("a", "peer", *people(0, 3)), [], {"a": "A"}, min_raters=K)
    assert found.units == found.groups == ()


def test_units_that_are_subjects_stand_for_themselves():
    found = tell_progress(asked("Product/Growth", "others", *people(0, 6)), [], {}, min_raters=K)
    assert [row.name for row in found.units] == ["Product/Growth"]
    assert [row.name for row in found.groups] == ["others"]


ASSIGNMENTS = st.lists(
    st.builds(
        lambda subject, group, rater: asked(f"s{subject}", group, f"p{rater}")[0],
        st.integers(0, 5),
        st.sampled_from(["peer", "engineering", "others", "self"]),
        st.integers(0, 15),
    ),
    max_size=60,
)


@given(ASSIGNMENTS, st.data(), st.integers(3, 6))
def test_whoever_they_are_k_people_of_a_row_may_be_missing(assignments, data, k):
    done = data.draw(st.lists(st.sampled_from(assignments), max_size=60)) if assignments else []
    units = {f"s{number}": f"U/{number % 3}" for number in range(6)}
    found = tell_progress(assignments, [(one.rater_id, one.subject_id) for one in done], units, min_raters=k)
    for row in (*found.units, *found.groups):
        assert row.invited >= k
        assert row.at_least % k == 0
        assert row.at_least == 0 or row.invited - row.at_least >= k
