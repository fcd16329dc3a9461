"""Promises: kept as plain text, closed once, and written down without their words."""

from datetime import UTC, datetime

import pytest

from survey.register_promises import MOST_PROMISE_LETTERS, NewPromise, Outcome, Promises

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WORDS = "Fewer goals a quarter."


@pytest.fixture
def promises(register):
    return Promises(register.store)


def made(words=WORDS, unit_id="Product/Growth", trait_id="focus"):
    return NewPromise(unit_id=unit_id, trait_id=trait_id, wave_id="great-pm/2026Q3", words=words)


def test_promise_when_added_then_is_the_units_and_open(promises):
    assert promises.add(made(), "p-exec", NOW)
    assert promises.add(made(unit_id="Product"), "p-exec", NOW)
    (found,) = promises.of_unit("Product/Growth")
    assert (found.words, found.made_by, found.made_at) == (WORDS, "p-exec", NOW)
    assert (found.outcome, found.closed_by, found.closed_at) == (Outcome.OPEN, "", None)
    assert promises.find(found.promise_no) == found
    assert promises.find(99) is None


@pytest.mark.parametrize("words", ["", "  \n ", "\x00\u202e"])
def test_promise_when_it_says_nothing_then_is_not_kept(promises, register, words):
    assert not promises.add(made(words), "p-exec", NOW)
    assert promises.of_unit("Product/Growth") == ()
    assert register.audit() == ()


def test_promise_when_sent_twice_then_is_kept_once_while_it_is_open(promises):
    assert promises.add(made(), "p-exec", NOW)
    assert not promises.add(made(f" {WORDS}\n"), "p-hr", NOW)
    assert promises.add(made(trait_id="taste"), "p-hr", NOW)
    assert promises.close(1, Outcome.DROPPED, "p-hr", NOW)
    assert promises.add(made(), "p-exec", LATER)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  two\nlines \x00\x1b[2J", "two lines [2J"),
        ("x" * (MOST_PROMISE_LETTERS + 1), "x" * MOST_PROMISE_LETTERS),
        ('<b>**[a](b)=HYPERLINK("x")', '<b>**[a](b)=HYPERLINK("x")'),
        ("left \u202eto right", "left to right"),
    ],
)
def test_promise_when_its_words_are_odd_then_are_kept_as_plain_text(promises, written, kept):
    promises.add(made(written), "p-exec", NOW)
    assert promises.of_unit("Product/Growth")[0].words == kept


def test_promise_when_closed_then_stays_closed(promises):
    promises.add(made(), "p-exec", NOW)
    assert promises.close(1, Outcome.KEPT, "p-hr", LATER)
    assert not promises.close(1, Outcome.DROPPED, "p-exec", LATER)
    assert not promises.close(2, Outcome.KEPT, "p-hr", LATER)
    found = promises.find(1)
    assert (found.outcome, found.closed_by, found.closed_at) == (Outcome.KEPT, "p-hr", LATER)


def test_promise_when_reopened_then_nothing_happens(promises):
    promises.add(made(), "p-exec", NOW)
    assert not promises.close(1, Outcome.OPEN, "p-hr", NOW)


def test_promise_when_made_and_closed_then_both_are_written_down_without_its_words(promises, register):
    promises.add(made(), "p-exec", NOW)
    promises.close(1, Outcome.KEPT, "p-hr", LATER)
    entries = register.audit()
    assert [(one.done_by, one.action, one.target, one.detail) for one in entries] == [
        ("p-exec", "promise.add", "Product/Growth", "promise 1"),
        ("p-hr", "promise.kept", "Product/Growth", "promise 1"),
    ]
    assert not register.audit_breaks()
