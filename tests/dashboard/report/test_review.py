"""What a review says, without a page: what is real, who is missing, and what came of promises."""

from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest

from dashboard.access import Role, Viewer
from dashboard.catalogue import Shelf
from dashboard.figures.heat import name_lines, stands
from dashboard.reading import Reading
from dashboard.report.review import MIN_RESPONSE, Effect, Kept, below, quarters
from dashboard.report.story import CLOSER, ON_SHEET, Part, basis, headline, parts_of, signed, tell
from dashboard.spoken import speak
from pipeline.release import Released, ReleasedUnit, Scope
from pipeline.released_unit import NonResponse
from pipeline.statistics.nonresponse import SHOWN_BELOW
from survey.language import wording
from survey.register_closing import Closing

WAVE = "great-pm/2026Q2"
HR = Viewer(name="HR", roles=frozenset({Role.HR}))


def said(review, part):
    return " ".join(tell(review, part, ON_SHEET).sentences)


def closing(answered):
    return Closing(wave_id=WAVE, closed_on=date(2026, 7, 1), invited=1000, answered=answered, withheld=0)


def test_share_below_which_one_looks_at_units_only_is_the_one_of_the_statistics():
    assert MIN_RESPONSE == SHOWN_BELOW


def test_review_when_told_then_finding_and_basis_come_first(read):
    review = read()
    assert headline(review) == "Product: focus has risen since 2025Q3"
    assert basis(review) == "2026Q2 · 8 PMs · n = 40"
    assert [panel.trait.trait_id for panel in review.panels] == ["taste", "honesty", "clarity", "focus"]
    assert [panel.trait.trait_id for panel in review.further] == ["communication", "follow_through"]


@pytest.mark.parametrize(("answered", "is_low"), [(0, True), (599, True), (600, False), (1000, False)])
def test_response_when_below_60_percent_then_only_units_are_shown_and_it_says_so(read, answered, is_low):
    review = read(kept=Kept(closing=closing(answered)))
    review = replace(review, slices=review.rows, relationships=review.rows)
    assert f"{answered:,} of 1,000 in the whole wave." in said(review, Part.REAL)
    assert ("So only units as a whole are shown" in said(review, Part.REAL)) is is_low
    assert bool(set(CLOSER) & set(parts_of(review))) is not is_low


@pytest.mark.parametrize(("share", "is_low"), [(0.55, True), (0.6, False)])
def test_response_when_a_units_share_is_told_then_that_decides_and_bounds_stand_beside_what_is_low(
    read, share, is_low
):
    bounds = [
        NonResponse(
            scope_id="Product",
            trait_id=trait_id,
            wave_id=WAVE,
            response_share=share,
            low=2.04,
            high=4.36,
            is_needed=is_low,
        )
        for trait_id in ("taste", "communication")
    ]
    review = replace(read(kept=Kept(closing=closing(900))), nonresponse=tuple(bounds))
    review = replace(review, slices=review.rows, relationships=review.rows)
    text = said(review, Part.REAL)
    assert f"About the PMs of Product, at least {share:.0%}".replace("%", " %") in text
    assert ("So only the unit as a whole is shown" in text) is is_low
    assert ("these scores would lie between: taste 2.0 and 4.4." in text) is is_low
    assert bool(set(CLOSER) & set(parts_of(review))) is not is_low


def test_response_when_another_tool_asked_then_says_that_it_is_not_known(read):
    assert "How many were asked is not known here" in said(read(), Part.REAL)
    assert "204 of 211 rows accepted." in said(read(), Part.REAL)


def test_response_when_nobody_was_invited_then_is_none(read):
    nobody = Closing(wave_id=WAVE, closed_on=date(2026, 7, 1), invited=0, answered=0, withheld=0)
    assert "0 % of those asked answered" in said(read(kept=Kept(closing=nobody)), Part.REAL)


@pytest.mark.parametrize(
    ("wave_id", "trait_id", "effect", "words"),
    [
        (WAVE, "focus", Effect.WAITING, "The next wave will show"),
        (
            "great-pm/2025Q3",
            "focus",
            Effect.RISEN,
            "risen from 2025Q3 to 2026Q2: +1.5 points (+0.9 to +2.1).",
        ),
        ("great-pm/2025Q3", "taste", Effect.TOO_FEW, "Too few to tell: Taste moved from 2025Q3 to 2026Q2"),
        ("great-pm/2026Q1", "focus", Effect.TOO_FEW, "Too few to tell: the next wave shows no change"),
        ("great-pm/2025Q3", "courage", Effect.TOO_FEW, "courage, after 2025Q3"),
    ],
)
def test_promise_when_reviewed_then_the_release_says_whether_it_worked(
    read, promised, wave_id, trait_id, effect, words
):
    review = read(kept=Kept(promises=(promised(wave_id, trait_id),)))
    assert [one.effect for one in review.promises] == [effect]
    assert words in said(review, Part.PROMISED)
    assert "no proof that the promise made it" in said(review, Part.PROMISED)


def test_promise_when_made_after_the_quarter_then_is_not_in_its_review(read, promised):
    kept = Kept(promises=(promised(WAVE), promised("great-pm/2026Q1")))
    review = read(quarter="2026Q1", kept=kept)
    assert [one.promise.wave_id for one in review.promises] == ["great-pm/2026Q1"]
    assert review.promises[0].effect is Effect.WAITING


def test_promise_when_there_is_none_then_says_so(read):
    assert said(read(), Part.PROMISED) == "Nothing is promised yet."


@pytest.mark.parametrize(("value", "text"), [(0.46, "+0.5"), (-1.23, "−1.2"), (-0.04, "0.0"), (0, "0.0")])
def test_difference_when_written_then_has_a_sign_unless_it_is_none(value, text):
    assert signed(value) == text


def test_heat_when_the_wholes_score_is_in_the_interval_then_stands_nowhere(release):
    cells = release.cells(Scope.UNIT, "Product")
    whole = next(cell for cell in cells if isinstance(cell, Released))
    for low, high, expected in (
        (whole.score - 0.1, whole.score + 0.1, ""),
        (whole.score + 0.01, whole.score + 1, "above"),
        (whole.score - 1, whole.score - 0.01, "below"),
        (None, None, ""),
    ):
        assert stands(replace(whole, low=low, high=high), whole) == expected
    assert stands(whole, whole) == stands(None, whole) == stands(whole, None) == ""
    assert stands(replace(whole, low=4.9, high=5.0, bound="high"), whole) == ""


def test_heat_when_one_square_really_changed_then_an_arrow_says_so(read):
    figure = tell(read(), Part.UNITS, ON_SHEET).figures[0]
    assert figure.title == "2026Q2: 12 scores of units stand apart from Product"
    assert "4.2" in figure.table.rows[1][4]
    assert [row[4].endswith("has risen") for row in figure.table.rows] == [True, True, True, True, False]
    assert sum("▲" in note.text for note in go.Figure(figure.plotly).layout.annotations) == 4


def test_name_when_long_then_takes_two_lines_and_is_whole_in_the_table():
    assert name_lines("Activation and Retention of everybody", 1) == ["Activation and", "Retention of…"]
    assert name_lines("", 0) == [""]


def test_parts_when_a_unit_has_nothing_below_then_there_is_no_map(read):
    assert Part.UNITS not in parts_of(read("Product/Growth/Activation"))
    assert Part.UNITS in parts_of(read("Product/Growth"))


def test_review_when_read_by_a_lead_then_holds_no_other_unit(read):
    lead = Viewer(name="L", roles=frozenset({Role.LEAD}), unit_ids=("Product/Growth",))
    assert [row.name for row in read("Product/Growth", viewer=lead).rows] == ["Growth", "Activation"]


def test_further_traits_when_told_then_say_what_can_be_told_of_change(read):
    told = tell(read(), Part.FURTHER, ON_SHEET)
    assert len(told.figures) == 2
    assert "cannot be told yet" in told.sentences[0]


def test_hidden_unit_when_told_then_says_why_and_never_how_many(read):
    review = read("Product/Small <b>")
    assert headline(review) == "Small <b>: not shown this time, to protect the people in it"
    assert "At least 3 PMs are needed." in said(review, Part.CHANGED)
    assert basis(review) == "2026Q2"


def test_units_when_there_are_many_below_then_only_the_next_level_is_shown():
    top = ReleasedUnit(wave_id="w", unit_id="Top", parent_id="", name="Top")
    teams = [
        ReleasedUnit(wave_id="w", unit_id=f"Top/{place:02}/{name}".rstrip("/"), parent_id=parent, name="team")
        for place in range(20)
        for name, parent in (("", "Top"), ("Team", f"Top/{place:02}"))
    ]
    assert len(below(top, [top, *teams])) == 1 + 20
    assert len(below(teams[0], [top, *teams])) == 2


def test_quarter_when_two_waves_have_its_period_then_goes_by_the_whole_id(release, read):
    waves = [replace(wave, period="2026Q2") for wave in read().waves[-2:]]
    shelf = Shelf(instrument=read().instrument, waves=tuple(waves))
    assert list(quarters(Reading(release=release, viewer=HR), shelf, "Product")) == [
        "great-pm/2026Q2",
        "great-pm/2026Q1",
    ]


def test_promises_when_there_are_many_then_a_file_has_the_latest_and_says_how_many_more(read, promised):
    kept = Kept(promises=tuple(promised(WAVE, words=f"Promise {place}.") for place in range(5)))
    in_file = said(read(kept=kept), Part.PROMISED)
    assert [f"Promise {place}." in in_file for place in range(5)] == [False, False, True, True, True]
    assert "2 earlier promises stand on the page." in in_file


def test_counts_when_spoken_in_german_then_thousands_are_marked_as_there(read):
    review = read(kept=Kept(closing=closing(900)))
    speak(wording("de"))
    try:
        assert "900 von 1.000" in said(review, Part.REAL)
    finally:
        speak(wording("en"))
