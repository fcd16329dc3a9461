"""Where each statistic may be shown: the promises as a truth table."""

from dataclasses import is_dataclass

import pytest

from pipeline import released, released_unit
from pipeline.audience import (
    RULES,
    SHOWN_AS,
    About,
    Audience,
    NotShown,
    Rule,
    Statistic,
    audiences_of,
    may_read,
    render_number,
    rule_for,
)

OWNERS_ONLY = {
    Statistic.ALPHA,
    Statistic.OMEGA,
    Statistic.RATER_RELIABILITY,
    Statistic.RWG,
    Statistic.AVERAGE_DEVIATION,
    Statistic.P_VALUE,
    Statistic.SPREAD,
    Statistic.RELIABLE_CHANGE,
    Statistic.CARELESS_SHARE,
    Statistic.NOT_OBSERVED_SHARE,
    Statistic.RATERS_NEEDED,
}


@pytest.mark.parametrize("statistic", sorted(OWNERS_ONLY))
@pytest.mark.parametrize("about", list(About))
@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.HR])
def test_statistic_of_the_owner_when_anybody_else_asks_then_is_not_shown(statistic, about, audience):
    if (statistic, audience) == (Statistic.RATER_RELIABILITY, Audience.COUNCIL):
        return
    assert isinstance(rule_for(statistic, about, audience, response_count=10**6, pm_count=10**4), NotShown)


@pytest.mark.parametrize("statistic", list(Statistic))
@pytest.mark.parametrize("about", list(About))
def test_page_of_a_pm_when_it_shows_a_number_then_has_at_most_one_decimal(statistic, about):
    for audience in (Audience.PM, Audience.LEAD, Audience.EXECUTIVE):
        rule = rule_for(statistic, about, audience, response_count=10**6, pm_count=10**4)
        assert isinstance(rule, NotShown) or rule.decimals is None or rule.decimals <= 1


@pytest.mark.parametrize("statistic", list(Statistic))
def test_numbers_of_one_pm_when_others_ask_then_only_pm_and_lead_get_them(statistic):
    assert audiences_of(statistic, About.PM) <= {Audience.PM, Audience.LEAD}


def test_rater_when_they_ask_then_they_get_no_result():
    assert [place for place, rules in RULES.items() if Audience.RATER in rules] == []


def test_council_when_it_asks_then_it_hears_how_reliable_scores_are_and_no_score():
    places = [place for place, rules in RULES.items() if Audience.COUNCIL in rules]
    assert places == [(Statistic.RATER_RELIABILITY, About.ORGANISATION)]


@pytest.mark.parametrize("module", [released, released_unit])
def test_shape_when_it_leaves_a_release_with_a_number_then_it_knows_its_statistic(module):
    """A new table is read by nobody until somebody decides by whom."""
    shapes = {one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)}
    numbers = {one for one in shapes if one.__module__ == module.__name__} - NO_NUMBERS
    assert numbers <= set(SHOWN_AS)


NO_NUMBERS = {
    released.CellKey, released.ReleasedWave, released.ReleasedSubject, released.ReleasedUnit,
    released.ReleasedFile, released_unit.MixPart,
}  # fmt: skip
"""Names, promises, files; and what stands inside another shape."""


def test_shape_when_nobody_said_what_it_is_then_nobody_reads_it():
    assert not may_read(object(), About.UNIT, frozenset(Audience))


@pytest.mark.parametrize(("ratings", "is_read"), [(9, False), (10, True)])
def test_favourable_share_when_it_rests_on_few_ratings_then_is_read_by_nobody(ratings, is_read):
    share = released.FavourableShare(
        scope_id="A", item_id="T1", wave_id="w", share=0.5, low=0.2, high=0.8, rating_count=ratings
    )
    assert may_read(share, About.UNIT, frozenset({Audience.HR})) is is_read
    assert not may_read(share, About.UNIT, frozenset({Audience.PM, Audience.COUNCIL}))


@pytest.mark.parametrize(("pms", "is_read"), [(9, False), (10, True)])
def test_coverage_when_it_rests_on_few_pms_then_is_read_by_nobody(pms, is_read):
    found = released_unit.ReleasedCoverage(
        scope_id="A", trait_id="taste", wave_id="w", coverage=released_unit.Coverage.SEVERAL, pm_count=pms
    )
    assert may_read(found, About.UNIT, frozenset({Audience.LEAD})) is is_read


def test_rank_or_percentile_when_looked_for_then_there_is_none():
    names = " ".join(Statistic)
    assert not any(word in names for word in ("rank", "percentile", "top", "best_pm", "sentiment"))


def test_statistic_when_defined_then_somebody_may_read_it_somewhere():
    assert {statistic for statistic, _ in RULES} == set(Statistic)


@pytest.mark.parametrize(
    ("statistic", "about", "responses", "pms", "is_shown"),
    [
        (Statistic.ALPHA, About.ORGANISATION, 100, 10, True),
        (Statistic.ALPHA, About.ORGANISATION, 99, 10, False),
        (Statistic.ALPHA, About.ORGANISATION, 100, 9, False),
        (Statistic.FAVOURABLE_SHARE, About.UNIT, 10, 3, True),
        (Statistic.FAVOURABLE_SHARE, About.UNIT, 9, 3, False),
        (Statistic.SCORE_DISTRIBUTION, About.UNIT, 60, 9, False),
        (Statistic.SCORE_DISTRIBUTION, About.UNIT, 60, 10, True),
        (Statistic.STRENGTH_COVERAGE, About.UNIT, 60, 9, False),
        (Statistic.STRENGTH_COVERAGE, About.UNIT, 60, 10, True),
    ],
)
def test_number_when_it_rests_on_few_then_is_not_shown(statistic, about, responses, pms, is_shown):
    found = rule_for(statistic, about, Audience.HR, response_count=responses, pm_count=pms)
    assert isinstance(found, Rule) is is_shown


def test_word_when_rendered_as_a_number_then_is_refused():
    rule = rule_for(Statistic.ACCORD_WORD, About.PM, Audience.PM)
    with pytest.raises(ValueError, match="word"):
        render_number(0.7, rule)
