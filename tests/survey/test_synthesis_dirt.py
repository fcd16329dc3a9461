"""Dirt in known amounts: whatever is done to rows, the tally says what must become of each."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.definition import BUILT_IN, read_instrument
from survey.synthesis import dirt
from survey.synthesis.sheet import Count, Fate, Row, tally
from survey.synthesis.world import make_rng

GREAT_PM = read_instrument(BUILT_IN / "great-pm.yaml")
ITEMS = [item.item_id for item in GREAT_PM.items]
START = datetime(2026, 3, 1)
ROWS = tuple(
    Row(
        response=f"r{number}",
        wave="2026Q1",
        subject=f"pm{number % 4}@example.com",
        subject_id=f"p00{number % 4}",
        relationship="peer",
        rater=f"rater{number}@example.com",
        submitted_at=START + timedelta(hours=number),
        cells=dict.fromkeys(ITEMS[: 5 + number % 7], "mostly"),
    )
    for number in range(40)
)

SOILINGS = {
    "unknown subject": dirt.refuse(dirt.UNKNOWN_SUBJECT, 3),
    "unknown relationship": dirt.refuse(dirt.UNKNOWN_RELATIONSHIP, 2),
    "other wave": dirt.refuse(dirt.OTHER_WAVE, 4),
    "shared name": dirt.name_ambiguously({"p001": "Amara Berglind"}, 2),
    "words": dirt.break_answers(GREAT_PM, "it depends", "value_unreadable", 3),
    "off scale": dirt.break_answers(GREAT_PM, "9", "value_off_scale:", 2),
    "again": dirt.submit_again(3),
    "preview": dirt.preview(2),
    "shouting": dirt.pad_and_shout(5),
    "German": dirt.translate(GREAT_PM, "de", 5),
    "French": dirt.translate(GREAT_PM, "fr", 5),
}
EXPECTED = {
    "unknown subject": {"subject_unknown": 3},
    "unknown relationship": {"relationship_unknown": 2},
    "other wave": {"wave_mismatch": 4},
    "shared name": {"subject_ambiguous": 2},
    "words": {"value_unreadable": 3},
    "off scale": {"value_off_scale:frequency": 2},
}


@pytest.mark.parametrize("name", SOILINGS)
def test_soiling_breaks_the_rules_it_says_and_no_other(name):
    soiled = dirt.soil(ROWS, (SOILINGS[name],), make_rng(1, name))
    assert tally(soiled).rules == EXPECTED.get(name, {})


def test_clean_rows_are_all_loaded():
    counts = tally(ROWS)
    answers = sum(len(row.cells) for row in ROWS)
    assert counts.rows == Count(received=40, loaded=40, superseded=0, quarantined=0)
    assert counts.answers == Count(received=answers, loaded=answers, superseded=0, quarantined=0)


def test_resubmission_puts_the_earlier_version_first_and_it_is_superseded():
    soiled = dirt.soil(ROWS, (SOILINGS["again"],), make_rng(1, "again"))
    assert tally(soiled).rows == Count(received=43, loaded=40, superseded=3, quarantined=0)
    for row in soiled:
        if row.fate is Fate.SUPERSEDED:
            later = next(other for other in soiled if other.response == row.response and other is not row)
            assert later.submitted_at > row.submitted_at


def test_preview_counts_nowhere_since_the_mapping_skips_it():
    soiled = dirt.soil(ROWS, (SOILINGS["preview"],), make_rng(1, "preview"))
    assert len(soiled) == 42
    assert tally(soiled) == tally(ROWS)


def test_harmless_dirt_changes_texts_but_no_fate():
    for name in ("shouting", "German"):
        soiled = dirt.soil(ROWS, (SOILINGS[name],), make_rng(1, name))
        assert soiled != ROWS
        assert tally(soiled) == tally(ROWS)


def test_words_in_another_language_are_those_of_the_scale():
    soiled = dirt.soil(ROWS, (dirt.translate(GREAT_PM, "de", 40),), make_rng(1, "all"))
    assert {text for row in soiled for text in row.cells.values()} == {"meistens"}


def test_refused_row_takes_its_answers_with_it():
    soiled = dirt.soil(ROWS, (dirt.refuse(dirt.OTHER_WAVE, 40),), make_rng(1, "all"))
    counts = tally(soiled)
    assert counts.rows.loaded == counts.answers.loaded == 0
    assert counts.answers.quarantined == counts.answers.received


def test_long_file_when_tallied_has_a_row_for_each_answer():
    soiled = dirt.soil(ROWS, (SOILINGS["other wave"],), make_rng(1, "long"))
    counts = tally(soiled, is_long=True)
    assert counts.rows == counts.answers
    assert counts.rules == {"wave_mismatch": counts.rows.quarantined}


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.sampled_from(sorted(SOILINGS)), max_size=6), seed=st.integers(0, 2**32))
def test_counts_always_add_up_and_repeat(names, seed):
    soilings = tuple(SOILINGS[name] for name in names)
    soiled = dirt.soil(ROWS, soilings, make_rng(seed, "any"))
    counts = tally(soiled)
    for count in (counts.rows, counts.answers):
        assert count.received == count.loaded + count.superseded + count.quarantined
    assert counts.rows.loaded + counts.rows.quarantined == len(ROWS)
    assert soiled == dirt.soil(ROWS, soilings, make_rng(seed, "any"))
