"""What the pages say, as truth tables."""

from dataclasses import dataclass

import pytest

from dashboard import own_wording, wording
from dashboard.outcome import Outcome, Seen, outcome_of
from dashboard.own_wording import Standout
from dashboard.wording import Change, Move
from pipeline.release import CellKey, Group, Measure, Reason, Released, Scope, Sight, Suppressed
from survey.expectation import Expected


def key(measure: Measure = Measure.TRAIT, group: Group = Group.OTHERS) -> CellKey:
    return CellKey(
        wave_id="c/2026Q1",
        scope=Scope.SUBJECT,
        scope_id="p-1",
        group=group,
        measure=measure,
        measure_id="taste",
    )


def cell(score: float, low: float | None = None, high: float | None = None, **more: object) -> Released:
    fields = {"key": key(), "rater_count": 7, "pm_count": 1, "bound": ""} | more
    return Released(score=score, low=low, high=high, **fields)


HIDDEN_CELL = Suppressed(key=key(), reason=Reason.TOO_FEW_RATERS)


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (cell(3.94, 3.44, 4.44), "3.9 (3.4 to 4.4)"),
        (cell(4.0), "4.0"),
        (cell(4.8, 4.2, 5.0, bound="high"), "at least 4.8"),
        (cell(1.2, 1.0, 1.8, bound="low"), "at most 1.2"),
    ],
)
def test_score_when_worded_then_shows_interval_or_bound(estimate, words):
    assert wording.with_interval(estimate) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no answer"), (HIDDEN_CELL, "not shown"), (cell(3.0, 2.5, 3.5), "3.0 (2.5 to 3.5)")],
)
def test_cell_when_worded_then_says_its_state(content, words):
    assert wording.cell_words(content) == words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            Reason.TOO_FEW_RATERS,
            "Not shown, to protect the people who answered. At least 4 others are needed.",
        ),
        (Reason.TOO_FEW_PMS, "Not shown, to protect the people who answered. At least 3 PMs are needed."),
        (
            Reason.TOO_LITTLE_EXPOSURE,
            "Not shown: too few of the people who answered have seen enough of this to judge it.",
        ),
        (
            Reason.PROTECTS_OTHERS,
            "Not shown, to protect the people who answered. With it, another hidden number could be worked out.",
        ),
    ],
)
def test_hidden_number_when_explained_then_names_the_rule(reason, words):
    assert wording.why_hidden(reason, min_raters=4, min_pms=3) == words


@pytest.mark.parametrize(
    ("latest", "moved", "title"),
    [
        (cell(3.9, 3.4, 4.4), Change.CANNOT_TELL, "Focus at 3.9 (3.4 to 4.4)"),
        (cell(3.9, 3.4, 4.4), Change.RISEN, "Focus has risen since 2025Q3"),
        (cell(3.9, 3.4, 4.4), Change.FALLEN, "Focus has fallen since 2025Q3"),
        (cell(3.9, 3.4, 4.4), Change.STEADY, "Focus is stable at 3.9 (3.4 to 4.4)"),
        (HIDDEN_CELL, Change.RISEN, "Focus is not shown this time"),
        (None, Change.CANNOT_TELL, "Focus: nobody was asked this time"),
    ],
)
def test_trait_title_when_written_then_says_the_finding(latest, moved, title):
    assert wording.trait_title("Focus", latest, moved, "2025Q3") == title


def move(name: str, change: Change = Change.CANNOT_TELL, since: str = "2025Q3") -> Move:
    return Move(name=name, change=change, since=since)


SHOWN = [cell(3.4, 2.9, 3.9), cell(4.1, 3.6, 4.6)]


@pytest.mark.parametrize(
    ("stand", "title"),
    [
        (Standout(), "Others see you between 3.4 and 4.1"),
        (Standout(work="Taste"), "Others see you between 3.4 and 4.1"),
        (Standout(strength="Focus"), "Others see you between 3.4 and 4.1, with focus as a strength"),
    ],
)
def test_results_title_when_written_then_says_level_and_strength(stand, title):
    assert own_wording.results_title(SHOWN, stand) == title


def test_titles_when_nothing_is_shown_then_say_so_kindly():
    assert own_wording.results_title([], Standout()) == (
        "Your scores are not shown this time, to protect the people who answered"
    )
    assert wording.unit_title("Growth", [], []) == "Growth: not shown this time, to protect the people in it"
    assert wording.area_title("Execution", []) == "Execution: not shown"


def test_unit_title_when_written_then_is_about_its_pms():
    assert wording.unit_title("Growth", SHOWN, [move("taste"), move("focus")]) == (
        "Growth: the PMs’ taste and focus are seen between 3.4 and 4.1"
    )
    assert wording.unit_title("Growth", SHOWN[:1], [move("taste")]) == "Growth: the PMs’ taste is seen at 3.4"
    assert wording.unit_title("Growth", SHOWN, [move("focus", Change.FALLEN)]) == (
        "Growth: focus has fallen since 2025Q3"
    )


@pytest.mark.parametrize(
    ("moves", "start"),
    [
        ([move("taste", since="")], "This is the first wave with results"),
        ([move("taste", Change.RISEN)], "Taste has risen since 2025Q3: more than chance explains."),
        ([move("taste", Change.STEADY)], "Taste is stable."),
        ([move("taste", Change.STEADY), move("focus", Change.STEADY)], "Taste and focus are stable."),
        (
            [move("taste"), move("focus", Change.FALLEN)],
            "Focus has fallen since 2025Q3: more than chance explains. Whether taste changed cannot be told yet: "
            "more people answering, or a larger change, would make it tellable.",
        ),
        (
            [Move(name="taste", change=Change.CANNOT_TELL, since="2025Q3", needed_points=0.62)],
            "Whether taste changed cannot be told yet: more people answering, or a change of about 0.6 points,",
        ),
    ],
)
def test_change_note_when_written_then_says_what_would_make_it_tellable(moves, start):
    assert wording.change_note(moves).startswith(start)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HIDDEN_CELL, "This is not shown, to protect the people who answered."),
        (cell(0.5, 0.3, 0.7), "50 % of those who could tell said yes (30 % to 70 %; n = 7)."),
        (cell(0.5), "50 % of those who could tell said yes (n = 7)."),
    ],
)
def test_event_when_worded_then_is_a_share(content, words):
    assert wording.event_words(content) == words


@pytest.mark.parametrize(
    ("about", "cells", "title"),
    [
        ("", [cell(4.0, key=key(group=Group.SELF))], "What you said in 2026H1"),
        ("", [cell(4.0, key=key(group=Group.SELF)), cell(3.0, 2.5, 3.5)], "Others see you at 3.0 in 2026H1"),
        ("Growth", SHOWN, "Growth is seen between 3.4 and 4.1 in 2026H1"),
        ("Growth", [HIDDEN_CELL], "2026H1 is not shown"),
    ],
)
def test_instrument_title_when_written_then_says_who_sees_whom(about, cells, title):
    assert wording.instrument_title(about, "2026H1", cells) == title


def test_first_wave_title_when_others_are_hidden_then_does_not_promise_them():
    assert own_wording.first_wave_title("2026Q1", SHOWN) == "Where you stand in 2026Q1"
    assert own_wording.first_wave_title("2026Q1", []) == "What you and your manager said in 2026Q1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    text: str
    escaped: str


@pytest.mark.parametrize(
    "attack",
    [
        Attack(text="![x](http://y)", escaped=r"\!\[x\]\(http\:\/\/y\)"),
        Attack(text="<img src=x>", escaped=r"\<img src=x\>"),
        Attack(text="line\n# head", escaped=r"line \# head"),
        Attack(text=":red[x] $y$", escaped=r"\:red\[x\] \$y\$"),
    ],
)
def test_markdown_when_escaped_then_has_no_live_mark(attack):
    assert wording.escape_markdown(attack.text) == attack.escaped


@pytest.mark.parametrize(("counts", "words"), [((), ""), ((7, 7), "n = 7"), ((6, 8), "n = 6 to 8")])
def test_counts_when_they_differ_then_are_a_range(counts, words):
    assert wording.counted(counts) == words


@pytest.mark.parametrize(
    ("strength", "work", "words"),
    [
        ("Focus", "Taste", "Focus stands out from your other traits. The one thing to work on is taste."),
        ("Focus", "", "Focus stands out from your other traits; nothing stands out to work on."),
        ("", "Taste", "Taste stands out as one thing to work on; no trait stands out as a strength."),
        ("", "", "No trait stands out from the rest. Seen most often: “Says no.” “Says why.”"),
    ],
)
def test_standout_when_worded_then_names_one_strength_and_one_thing_to_work_on(strength, work, words):
    stand = Standout(strength=strength, work=work, seen=("Says no.", "Says why."))
    assert own_wording.standout_words(stand) == words


def test_standout_when_traits_were_not_compared_then_says_nothing():
    assert own_wording.standout_words(Standout(seen=("Says no.",), is_compared=False)) == ""
    assert own_wording.standout_words(Standout()) == "No trait stands out from the rest."


@pytest.mark.parametrize(
    ("sight", "words"),
    [
        (Sight.CANNOT_TELL, ""),
        (Sight.SELF_HIGHER, "You see your focus 0.8 points higher than others do."),
        (Sight.SELF_LOWER, "You see your focus 0.8 points lower than others do."),
    ],
)
def test_gap_when_worded_then_only_a_named_one_is_said(sight, words):
    assert own_wording.gap_words("Focus", sight, 0.84) == words


def seen(score, low=None, high=None, *, item_count=1, rater_count=7, trait=None, **more):
    trait = cell(score, low, high, rater_count=7) if trait is None else trait
    return Seen(item=cell(score, rater_count=rater_count, **more), trait=trait, item_count=item_count)


@pytest.mark.parametrize(
    ("then", "now", "outcome"),
    [
        (seen(2.5, 2.0, 3.0), seen(4.0, 3.5, 4.5), Change.RISEN),
        (seen(4.0, 3.5, 4.5), seen(2.5, 2.0, 3.0), Change.FALLEN),
        (seen(3.5, 3.0, 4.0), seen(4.2, 3.7, 4.7), Change.CANNOT_TELL),
        (seen(4.2, 3.7, 4.7), seen(4.9, 4.4, 5.0), Change.CANNOT_TELL),
    ],
    ids=("more", "less", "inside", "cut off by the scale"),
)
def test_outcome_when_there_are_two_scores_then_a_difference_counts_beyond_its_interval(then, now, outcome):
    found = outcome_of(then, now)
    assert found.change is outcome
    assert found.needed_points == pytest.approx(0.5 * 2**0.5)


def test_outcome_when_a_trait_has_several_items_or_an_item_fewer_raters_then_more_is_needed():
    assert seen(3.0, 2.5, 3.5, item_count=4).half_width == pytest.approx(1.0)
    assert seen(3.0, 2.5, 3.5, rater_count=4).half_width == pytest.approx(0.5 * (7 / 4) ** 0.5)


@pytest.mark.parametrize(
    "other",
    [
        Seen(item=None, trait=cell(3.0, 2.5, 3.5), item_count=1),
        Seen(item=HIDDEN_CELL, trait=cell(3.0, 2.5, 3.5), item_count=1),
        seen(4.0),
        seen(4.0, trait=HIDDEN_CELL),
        seen(4.8, 4.2, 5.0, bound="high"),
    ],
    ids=("not asked", "hidden", "no interval", "trait hidden", "at the end"),
)
def test_outcome_when_one_score_is_not_whole_then_nothing_is_said(other):
    whole = seen(2.5, 2.0, 3.0)
    assert outcome_of(whole, other) == outcome_of(other, whole) == Outcome(change=Change.CANNOT_TELL)
    assert own_wording.outcome_words(outcome_of(other, whole)).startswith("Then and now cannot")


@pytest.mark.parametrize(
    ("level", "stage", "start"),
    [
        ("senior", "growth", "Expected of senior PMs at the growth stage: 3.5."),
        ("senior", "", "Expected of senior PMs: 3.5."),
        ("", "early", "Expected of PMs at the early stage: 3.5."),
        ("", "", "Expected of every PM: 3.5."),
    ],
)
def test_expectation_when_worded_then_says_of_whom_and_never_passed_or_failed(level, stage, start):
    expected = Expected(score=3.5, level=level, stage=stage)
    assert (
        own_wording.expected_words(expected, None)
        == own_wording.expected_words(expected, HIDDEN_CELL)
        == start
    )
    assert own_wording.expected_words(expected, cell(3.9, 3.4, 4.4)).endswith("no difference to speak of.")
    assert own_wording.expected_words(expected, cell(4.5, 4.0, 5.0)).startswith(f"{start} That lies outside")
