"""Comments (CO-01 .. CO-10): five who answered and two who wrote, or they wait; each is shown once."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.comments import (
    Comment,
    Decision,
    Fate,
    Submitters,
    decide_comments,
    in_shown_order,
)
from survey.policy import default_policy, default_policy_text, parse_policy

POLICY = default_policy()


def said(authors, *, wave=1, subject=1, first_no=1, **more):
    """Comments of these people; a space is somebody whom the file does not name."""
    return [
        Comment(
            comment_no=no,
            subject_no=subject,
            wave_no=wave,
            response_no=no,
            author=None if author == " " else ord(author),
            **more,
        )
        for no, author in enumerate(authors, first_no)
    ]


def submitted(count, names="", *, wave=1, subject=1):
    return Submitters(subject_no=subject, wave_no=wave, rater_count=count, raters=frozenset(map(ord, names)))


def fates(comments, submitters, held=None, policy=POLICY):
    decided = decide_comments(comments, submitters, policy=policy, held=held or {})
    return " ".join(one.fate for one in decided)


@pytest.mark.parametrize(
    ("what", "comments", "submitters", "expected"),
    [
        ("CO-01 five answered, two wrote", said("ab"), [submitted(5)], "shown shown"),
        ("CO-02 four answered", said("ab"), [submitted(4)], "waits waits"),
        ("CO-03 one wrote, twice", said("aa"), [submitted(9)], "waits waits"),
        ("CO-04 two unnamed responses are two people", said("  "), [submitted(5)], "shown shown"),
        ("CO-05 nobody is known to have answered", said("ab"), [], "waits waits"),
        (
            "CO-06 what waited is shown with the next wave's",
            said("a") + said("b", wave=2, first_no=2),
            [submitted(5, wave=1), submitted(5, wave=2)],
            "shown shown",
        ),
        (
            "CO-07 the same author in both waves is one",
            said("a") + said("a", wave=2, first_no=2),
            [submitted(5, wave=1), submitted(5, wave=2)],
            "waits waits",
        ),
        (
            "CO-08 unnamed authors of two waves may be one",
            said(" ") + said(" ", wave=2, first_no=2),
            [submitted(5, wave=1), submitted(5, wave=2)],
            "waits waits",
        ),
        (
            "CO-09 three and three named people are five together",
            said("a") + said("e", wave=2, first_no=2),
            [submitted(3, "abc", wave=1), submitted(3, "cde", wave=2)],
            "shown shown",
        ),
        (
            "CO-10 three and three unnamed people may be three",
            said("a") + said("e", wave=2, first_no=2),
            [submitted(3, wave=1), submitted(3, wave=2)],
            "waits waits",
        ),
        (
            "CO-11 who answered in a wave without comments does not help",
            said("ab"),
            [submitted(3, wave=1), submitted(9, wave=2)],
            "waits waits",
        ),
        (
            "CO-12 another PM's raters do not help",
            said("ab") + said("cd", subject=2, first_no=3),
            [submitted(9, subject=1), submitted(3, subject=2)],
            "shown shown waits waits",
        ),
        ("CO-13 signed: shown with the name", said("a", is_signed=True), [], "signed"),
        (
            "CO-14 a signed one does not count for the others",
            said("a") + said("b", first_no=2, is_signed=True),
            [submitted(9)],
            "waits signed",
        ),
        (
            "CO-15 one named and one unnamed in a wave are two",
            said("a "),
            [submitted(5)],
            "shown shown",
        ),
    ],
)
def test_comments_when_decided_then_follow_the_table(what, comments, submitters, expected):
    assert fates(comments, submitters) == expected, what


def test_comment_when_held_back_then_the_others_stay_and_the_reason_is_kept():
    decided = decide_comments(said("ab"), [submitted(5)], policy=POLICY, held={2: "names a customer"})
    assert decided == (
        Decision(comment_no=1, fate=Fate.SHOWN),
        Decision(comment_no=2, fate=Fate.HELD, reason="names a customer"),
    )


def test_comment_when_signed_then_it_can_be_held_back_too():
    assert fates(said("a", is_signed=True), [], {1: "an insult"}) == "held"


def test_comment_when_it_waits_then_nobody_has_seen_it_and_holding_back_changes_nothing():
    assert fates(said("ab"), [submitted(4)], {1: "guessed"}) == "waits waits"


@pytest.mark.parametrize("reason", ["", "  "])
def test_comment_when_held_back_without_a_reason_then_it_is_refused(reason):
    with pytest.raises(ValueError, match=r"^a comment is held back without a reason$"):
        decide_comments(said("ab"), [submitted(5)], policy=POLICY, held={1: reason})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("min_comment_submitters = 5", "min_comment_submitters = 6", "waits waits"),
        ("min_comment_authors = 2", "min_comment_authors = 3", "waits waits"),
        ("min_raters = 4", "min_raters = 6", "waits waits"),
        ("min_raters = 4", "min_raters = 5", "shown shown"),
    ],
)
def test_comments_when_the_policy_asks_for_more_then_more_it_takes(old, new, expected):
    policy = parse_policy(default_policy_text().replace(old, new))
    assert fates(said("ab"), [submitted(5)], policy=policy) == expected


def test_comments_when_in_any_order_then_decisions_come_by_number():
    answers = {
        decide_comments(some, [submitted(5)], policy=POLICY, held={}) for some in permutations(said("abc"))
    }
    assert [[one.comment_no for one in decided] for decided in answers] == [[1, 2, 3]]


@given(st.sets(st.integers(0, 10**9)), st.binary(min_size=16, max_size=16), st.randoms())
def test_order_when_shown_then_it_depends_on_the_key_and_on_nothing_else(numbers, key, random):
    shown = in_shown_order(numbers, release_key=key)
    assert sorted(shown) == sorted(numbers)
    assert in_shown_order(random.sample(sorted(numbers), len(numbers)), release_key=key) == shown


def test_order_when_the_key_changes_then_every_order_is_as_likely():
    orders = [in_shown_order((1, 2, 3), release_key=b"%d" % number) for number in range(1200)]
    assert all(150 < orders.count(order) < 250 for order in permutations((1, 2, 3)))


def test_comment_when_it_waits_then_the_decision_names_it():
    decided = decide_comments(said("a"), [submitted(5)], policy=POLICY, held={})
    assert decided == (Decision(comment_no=1, fate=Fate.WAITS),)


def test_authors_when_one_may_open_the_page_then_does_not_count_but_is_shown_with_the_others():
    known = said("x", first_no=9, is_known=True)
    assert fates(said("a") + known, [submitted(9)]) == "waits waits"
    assert fates(said("ab") + known, [submitted(9)]) == "shown shown shown"


@pytest.mark.parametrize(("authors", "expected"), [("ab", "waits waits"), ("abc", "shown shown shown")])
def test_authors_when_a_known_rater_may_be_among_them_then_one_more_is_needed(authors, expected):
    about = Submitters(subject_no=1, wave_no=1, rater_count=5, unnamed_known_count=1)
    assert fates(said(authors), [about]) == expected
