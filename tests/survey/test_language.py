"""The texts of form and mail: every language has every text, with the same places for values."""

from datetime import date

import pytest

from survey.language import languages, places, wording

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
