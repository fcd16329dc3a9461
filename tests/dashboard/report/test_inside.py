"""What made a change, where PMs lie, what they are strong in: told without names and without a single PM."""

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.figures.bins import reach
from dashboard.report.paper import render_html
from dashboard.report.story import ON_SHEET, Part, parts_of, tell
from dashboard.report.workbook import render_xlsx
from dashboard.spoken import speak
from pipeline.release import Reason, Verdict
from pipeline.released_unit import (
    Coverage,
    HiddenMix,
    MixPart,
    ReleasedCoverage,
    ReleasedDistribution,
    ReleasedMix,
)
from survey.language import wording

WAVE, SINCE = "great-pm/2026Q2", "great-pm/2026Q1"
EDGES = (1.0, 3.0, 3.5, 4.0, 5.0)


@pytest.fixture(autouse=True)
def english():
    speak(wording("en"))


def part(points, verdict=Verdict.CANNOT_TELL):
    return MixPart(points=points, low=points - 0.2, high=points + 0.2, verdict=verdict)


def mix(trait_id, real=Verdict.CANNOT_TELL, moved=Verdict.CANNOT_TELL):
    return ReleasedMix(
        scope_id="Product", trait_id=trait_id, wave_id=WAVE, since_wave_id=SINCE, change=0.5,
        real=part(0.4, real), mix=part(0.1, moved), arrived=0.1, left=0.0, moved_in=None, moved_out=None,
        stayed_pm_count=7, arrived_pm_count=4, left_pm_count=3, item_count=3,
    )  # fmt: skip


def hidden(trait_id):
    return HiddenMix(
        scope_id="Product", trait_id=trait_id, wave_id=WAVE, since_wave_id=SINCE, reason=Reason.TOO_FEW_PMS
    )


def bins(trait_id, at_least=(0, 6, 24, 0), unplaced=9):
    return ReleasedDistribution(
        scope_id="Product", trait_id=trait_id, wave_id=WAVE, edges=EDGES, at_least=at_least, unplaced=unplaced
    )


def coverage(trait_id, word):
    return ReleasedCoverage(scope_id="Product", trait_id=trait_id, wave_id=WAVE, coverage=word, pm_count=39)


def inside(review, **found):
    return tell(replace(review, **found), Part.INSIDE, ON_SHEET)


@pytest.mark.parametrize(
    ("mixes", "title"),
    [
        (
            (mix("focus", real=Verdict.RISEN),),
            "focus changed among those who were there both times, not through",
        ),
        ((mix("focus", moved=Verdict.FALLEN),), "who came and left moved focus; those who were there both"),
        (
            (mix("taste", real=Verdict.RISEN), mix("focus", moved=Verdict.RISEN)),
            "taste changed among those who were there both times; who came and left moved focus",
        ),
        ((mix("taste"), mix("clarity", real=Verdict.STEADY)), "neither those who were there both times"),
    ],
)
def test_mix_when_told_then_says_who_made_the_change(read, mixes, title):
    told = inside(read(), mixes=mixes)
    assert title in told.figures[0].title
    assert told.figures[0].title.startswith("Since 2026Q1: ")


def test_mix_when_drawn_then_picture_words_and_table_say_the_same(read):
    (figure,) = inside(read(), mixes=(mix("focus"), mix("taste"))).figures
    assert [row[0] for row in figure.table.rows] == ["Taste", "Focus"]
    assert figure.table.rows[1] == (
        "Focus",
        "+0.5",
        "+0.4 (+0.2 to +0.6)",
        "7",
        "+0.1 (−0.1 to +0.3)",
        "4",
        "3",
    )
    for words in ("7 PMs who were there both times +0.4 (+0.2 to +0.6)", "4 came and 3 left +0.1"):
        assert words in figure.alt
    marks = [trace.x[0] for trace in go.Figure(figure.plotly).data if trace.mode == "markers"]
    assert marks == [0.4, 0.1, 0.4, 0.1]


def test_mix_when_hidden_then_says_of_which_traits_and_not_why_who(read):
    told = inside(read(), mixes=(hidden("focus"), hidden("taste")))
    assert told.figures == ()
    assert told.sentences == (
        "Of taste and focus the change is not taken apart, to protect the people in it.",
    )


def test_real_when_changes_are_taken_apart_then_says_so_on_the_first_screen(read):
    review = replace(read(), mixes=(mix("focus", real=Verdict.RISEN),))
    assert "focus changed among those who were there both times" in " ".join(
        tell(review, Part.REAL, ON_SHEET).sentences
    )


def test_bins_when_told_then_title_holds_for_every_trait(read):
    found = (bins("taste"), bins("focus", (3, 12, 12, 0), 12))
    (figure,) = inside(read(), bins=lambda: found).figures
    assert figure.title == "On each trait, at least 27 of 39 PMs lie between 1.0 and 4.0"
    assert ("Taste", "3.5–4.0", "≥ 24") in figure.table.rows
    assert ("Taste", "4.0–5.0", "none or a few") in figure.table.rows
    assert ("Focus", "Told nowhere", "12") in figure.table.rows
    assert "Taste: at least 6 between 3.0 and 3.5; at least 24 between 3.5 and 4.0." in figure.alt
    assert sum(shape.type == "rect" for shape in go.Figure(figure.plotly).layout.shapes) == 5


def test_bins_when_nobody_can_be_placed_then_says_so_and_draws_no_bar(read):
    found = bins("taste", (0, 0, 0, 0), 39)
    (figure,) = inside(read(), bins=lambda: (found,)).figures
    assert reach(found) is None
    assert figure.title == "Where the PMs of Product lie cannot be told without telling who"
    assert "Taste: told nowhere" in figure.alt
    assert not [shape for shape in go.Figure(figure.plotly).layout.shapes if shape.type == "rect"]


def test_strengths_when_told_then_names_traits_and_nobody(read):
    told = inside(
        read(),
        strengths=lambda: (
            coverage("taste", Coverage.SEVERAL),
            coverage("communication", Coverage.SEVERAL),
            coverage("focus", Coverage.HARDLY_ANYONE),
            coverage("clarity", Coverage.NOT_TOLD),
        ),
    )
    assert told.sentences[0] == (
        "Several PMs here stand out for taste and precise communication, as their own strength."
    )
    assert told.sentences[1].startswith("Hardly anyone, perhaps no one, stands out for focus.")
    assert "clarity" not in " ".join(told.sentences)


def test_part_when_there_is_nothing_inside_then_is_not_offered(read):
    review = replace(read(), mixes=(), bins=tuple, strengths=tuple)
    assert Part.INSIDE not in parts_of(review)
    assert Part.INSIDE in parts_of(replace(review, mixes=(hidden("focus"),)))
    assert Part.INSIDE in parts_of(replace(review, bins=lambda: (bins("taste"),)))
    assert Part.INSIDE in parts_of(replace(review, strengths=lambda: (coverage("taste", Coverage.SEVERAL),)))


def test_files_when_there_is_something_inside_then_hold_it(read):
    found = {"mixes": (mix("focus"), hidden("taste")), "bins": lambda: (bins("taste"),)}
    review = replace(read(), strengths=lambda: (coverage("taste", Coverage.SEVERAL),), **found)
    html = render_html(review, 1).decode()
    assert "At least" in html or "at least 30 of 39 PMs" in html
    assert html.count("</svg>") == 9
    assert render_xlsx(review, 1) == render_xlsx(review, 1)
