"""From a cell to a value: what is read, and what stays as it came."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mapping.decode import Decoder, WordsDecoder, number_text, scale_labels
from survey.definition import read_instrument

SMALL = read_instrument(Path(__file__).parents[2] / "exports" / "small.instrument.yaml")
OFTEN, SLIDER, HAPPENED = SMALL.scales


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", ""),
        ("   ", ""),
        ("4", "4"),
        (" 4.0 ", "4"),
        ("3,5", "3.5"),
        ("-1", "-1"),
        ("Mostly", "4"),
        ("MOSTLY ", "4"),
        ("Meist", "4"),
        ("4 - Mostly", "4"),
        ("4: mostly", "4"),
        ("4. Mostly", "4"),
        ("Mostly (4)", "4"),
        ("Mostly - 4", "4"),
        ("4 (whatever)", "4"),
        ("Not enough exposure to judge", "not_observed"),
        ("Kann ich nicht beurteilen", "not_observed"),
        ("not_observed", "not_observed"),
        ("1 - Almost always", "1 - Almost always"),
        ("25-Jun", "25-Jun"),
        ("4-Mar", "4-Mar"),
        ("2 - 4", "2 - 4"),
        ("2026-03-04", "2026-03-04"),
        ("1.234.567", "1.234.567"),
        ("1,234", "1,234"),
        ("N/A", "N/A"),
        ("1e3", "1e3"),
        ("very", "very"),
    ],
)
def test_cell_when_decoded_then_a_number_or_the_text_as_it_came(cell, value):
    assert Decoder(scale_labels(OFTEN), ())[cell] == value


def test_recode_when_declared_then_it_comes_before_the_scale():
    decoder = Decoder(scale_labels(OFTEN), (("Mostly", "5"), ("N/A", "not_observed"), ("1", "2.0")))
    assert [decoder[cell] for cell in ("mostly", "n/a", "1", "1.0")] == ["5", "not_observed", "2", "2"]


def test_event_when_yes_or_no_in_any_language_then_one_or_zero():
    decoder = Decoder(scale_labels(HAPPENED), ())
    assert [decoder[cell] for cell in ("Yes", "nein", "TRUE", "False")] == ["1", "0", "1", "0"]


def test_range_when_labelled_then_its_ends_are_known():
    assert scale_labels(SLIDER)["fully"] == "100"


def test_words_when_decoded_then_trimmed():
    assert WordsDecoder()["  Keep going. "] == "Keep going."


@given(st.decimals(-999, 999, places=6))
def test_number_when_plain_then_its_value_stays(number):
    text = number_text(format(number, "f"))
    assert text is not None
    assert float(text) == pytest.approx(float(number), abs=0)
