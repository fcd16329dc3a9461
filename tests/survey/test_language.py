"""The texts of form and mail: every language has every text, with the same places for values."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import survey.language
from survey.language import choose_language, languages, places, wording

ENGLISH = wording("en")


def test_languages_when_listed_then_english_and_german_are_there():
    assert {"en", "de"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_language_when_compared_with_english_then_no_text_is_missing_and_none_left_over(language):
    assert set(wording(language).texts) == set(ENGLISH.texts)


@pytest.mark.parametrize("language", languages())
def test_language_when_compared_with_english_then_each_text_has_the_same_places(language):
    texts = wording(language).texts
    assert {key: places(text) for key, text in texts.items()} == {
        key: places(text) for key, text in ENGLISH.texts.items()
    }


@pytest.mark.parametrize("language", languages())
def test_language_when_read_then_every_text_is_words(language):
    assert [
        key for key, text in wording(language).texts.items() if not isinstance(text, str) or not text
    ] == []


@pytest.mark.parametrize("language", languages())
def test_language_when_read_then_it_promises_nothing_that_is_not_true(language):
    texts = " ".join(wording(language).texts.values()).casefold()
    assert "anonym" not in texts


@pytest.mark.parametrize("language", languages())
def test_language_when_it_writes_days_then_each_has_its_own_words(language):
    said = {wording(language).day(date(2026, month, day)) for month in range(1, 13) for day in range(1, 8)}
    assert len(said) == 84


def test_day_when_written_then_it_reads_as_in_a_letter():
    assert ENGLISH.day(date(2026, 11, 25)) == "Wednesday, 25 November 2026"
    assert wording("de").day(date(2026, 3, 1)) == "Sonntag, 1. März 2026"


def test_value_when_it_looks_like_a_place_then_it_stays_as_it_is():
    assert ENGLISH.say("mail_greeting", name="{day} {0}") == "Hello {day} {0},"


@pytest.mark.parametrize("language", languages())
def test_language_when_read_then_no_text_stands_there_twice(language):
    source = (Path(survey.language.__file__).parent / "text" / f"{language}.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^(\w+):", source, re.MULTILINE)

    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_count_when_it_is_one_then_the_text_says_so():
    assert ENGLISH.count("review_missing", 1) == "One question is open. You may leave it so."
    assert ENGLISH.count("review_missing", 3) == "3 questions are open. You may leave them so."


@pytest.mark.parametrize(
    ("wished", "accepted", "spoken"),
    [
        ("de", "en", "de"),
        ("xx", "de-CH;q=0.8, fr;q=0.9", "de"),
        ("", "fr, de;q=0", "en"),
        ("", "*;q=nonsense,,;;,\x00", "en"),
        ("", "en;q=0.4,de;q=0.6", "de"),
        ("", "", "en"),
    ],
)
def test_language_when_chosen_then_the_reader_s_wish_comes_first(wished, accepted, spoken):
    assert choose_language(wished, accepted, ("en", "de")) == spoken
