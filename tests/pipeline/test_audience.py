"""Where each statistic may be shown: the promises as a truth table."""

import pytest

from pipeline.audience import (
    RULES,
    About,
    Audience,
    NotShown,
    Rule,
    Statistic,
    audiences_of,
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


@pytest.mark.parametrize("audience", [Audience.RATER, Audience.COUNCIL])
def test_rater_and_council_when_they_ask_then_they_get_no_result(audience):
    assert [place for place, rules in RULES.items() if audience in rules] == []


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
