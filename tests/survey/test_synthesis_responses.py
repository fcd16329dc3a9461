"""Who answers what: planted changes show, shares are as told, habits are those of real raters."""

from decimal import Decimal
from statistics import mean

import pytest

from survey.definition import BUILT_IN, read_instrument
from survey.relationship import ATTRIBUTED, Relationship
from survey.synthesis import company
from survey.synthesis.responses import QUIET_OTHERS
from survey.synthesis.truth import NOTHING_PLANTED, Planted, describe_truth
from survey.synthesis.world import Campaign, Cycle, make_campaign, make_organisation

SEED = 11


def made(name: str, cycles: tuple[Cycle, ...], planted: Planted = NOTHING_PLANTED) -> Campaign:
    roster = make_organisation(company.COMPANY, SEED)
    return make_campaign(roster, read_instrument(BUILT_IN / f"{name}.yaml"), cycles, SEED, planted)


@pytest.fixture(scope="module")
def quarters() -> Campaign:
    cycles = tuple(Cycle(period=period, quiet=company.QUIET[period]) for period in company.QUARTERS)
    return made("great-pm", cycles, Planted(shifts=company.SHIFTS))


def others_about(campaign: Campaign, subject_id: str, period: str):
    return [
        response
        for response in campaign.responses[period]
        if response.subject_id == subject_id and response.relationship not in ATTRIBUTED
    ]


def score(campaign: Campaign, subject_id: str, trait_id: str, period: str) -> float:
    item_means = []
    for item in campaign.instrument.scaled_items(trait_id):
        scale = campaign.instrument.scale(item.scale_id)
        values = [
            scale.low + scale.high - value if item.is_reverse else value
            for response in others_about(campaign, subject_id, period)
            if (value := response.values.get(item.item_id)) is not None
        ]
        item_means.append(mean(values))
    return float(mean(item_means))


@pytest.mark.parametrize("shift", company.SHIFTS, ids=lambda shift: f"{shift.subject_id}-{shift.trait_id}")
def test_planted_change_is_at_least_1_2_points_of_what_raters_tick(quarters, shift):
    before, after = (company.QUARTERS[company.QUARTERS.index(shift.period) + step] for step in (-1, 0))
    truth = quarters.truth
    known = truth.expected(shift.subject_id, shift.trait_id, after) - truth.expected(
        shift.subject_id, shift.trait_id, before
    )
    assert known * (1 if shift.points > 0 else -1) >= 1.2


def test_planted_changes_move_the_means_of_the_answers(quarters):
    moves = []
    for shift in company.SHIFTS:
        start = company.QUARTERS.index(shift.period)
        before = mean(
            score(quarters, shift.subject_id, shift.trait_id, one) for one in company.QUARTERS[:start]
        )
        after = mean(
            score(quarters, shift.subject_id, shift.trait_id, one) for one in company.QUARTERS[start:]
        )
        moves.append((after - before) * (1 if shift.points > 0 else -1))
    assert min(moves) > 0.4
    assert mean(moves) > 1.0


def test_every_pm_is_asked_about_by_six_to_ten_others(quarters):
    everybody = made("great-pm", (Cycle(period="2025Q3", response_share=1.0),))
    counts = {
        subject: len(others_about(everybody, subject, "2025Q3")) for subject in everybody.truth.subjects
    }
    present = [count for count in counts.values() if count]
    assert len(present) == 40
    assert min(present) >= 6
    assert max(present) == 10


def test_share_who_answer_is_about_the_one_that_was_told(quarters):
    everybody = made("great-pm", (Cycle(period="2025Q3", response_share=1.0),))
    some = made("great-pm", (Cycle(period="2025Q3", response_share=0.8),))
    assert len(some.responses["2025Q3"]) / len(everybody.responses["2025Q3"]) == pytest.approx(0.82, abs=0.05)


def test_quiet_subjects_have_fewer_others_than_the_default_minimum(quarters):
    for period, subjects in company.QUIET.items():
        for subject in subjects:
            assert len(others_about(quarters, subject, period)) <= QUIET_OTHERS


def test_about_15_percent_cannot_judge(quarters):
    values = [
        value
        for period in company.QUARTERS
        for response in quarters.responses[period]
        if response.relationship not in ATTRIBUTED
        for value in response.values.values()
    ]
    assert values.count(None) / len(values) == pytest.approx(0.15, abs=0.02)


def test_some_raters_tick_straight_down_and_some_skip(quarters):
    responses = [response for period in company.QUARTERS for response in quarters.responses[period]]
    scaled = [item.item_id for item in quarters.instrument.items if not item.is_event]
    ticks = [{response.values.get(item, Decimal(0)) for item in scaled} for response in responses]
    assert 0.01 < sum(len(tick) == 1 for tick in ticks) / len(ticks) < 0.10
    skipped = [sum(item not in response.values for item in scaled) for response in responses]
    assert 0.01 < sum(count > 2 for count in skipped) / len(skipped) < 0.10


def test_same_rater_answers_once_about_a_subject_in_a_wave(quarters):
    for responses in quarters.responses.values():
        pairs = [(response.rater_id, response.subject_id) for response in responses]
        assert len(pairs) == len(set(pairs))


def test_values_lie_on_the_scale_of_their_item(quarters):
    scales = {item.item_id: quarters.instrument.scale(item.scale_id) for item in quarters.instrument.items}
    for response in quarters.responses["2026Q3"]:
        assert all(value is None or value in scales[item].points for item, value in response.values.items())


def test_stage_fit_is_answered_by_oneself_only():
    campaign = made("stage-fit", (Cycle(period="2026Q3"),))
    assert {response.relationship for response in campaign.responses["2026Q3"]} == {Relationship.SELF}


def test_score_that_is_planted_holds_in_every_answer_but_for_noise():
    roster = make_organisation(company.COMPANY, SEED)
    subjects = {person.person_id for person in roster.people if person.is_pm}
    planted = Planted(scores={(subject, "stage_today"): 5.0 for subject in subjects})
    campaign = made("stage-fit", (Cycle(period="2026Q3"),), planted)
    items = {item.item_id for item in campaign.instrument.scaled_items("stage_today")}
    values = [
        value
        for response in campaign.responses["2026Q3"]
        for item, value in response.values.items()
        if item in items and value is not None
    ]
    assert values.count(Decimal(3)) / len(values) > 0.7


def test_three_lenses_is_answered_about_units_by_their_own_team():
    campaign = made("three-lenses", (Cycle(period="2026Q3"),))
    roster = make_organisation(company.COMPANY, SEED)
    units = {person.person_id: person.org_unit for person in roster.people if person.active_to is None}
    assert campaign.responses["2026Q3"]
    for response in campaign.responses["2026Q3"]:
        assert response.subject_id == units[response.rater_id]


def test_campaign_when_the_seed_is_the_same_is_the_same(quarters):
    cycles = (Cycle(period="2025Q3"),)
    assert made("great-pm", cycles).responses == made("great-pm", cycles).responses


def test_truth_is_described_for_every_subject_trait_and_period(quarters):
    described = describe_truth(quarters.truth)
    assert described["periods"] == list(company.QUARTERS)
    assert len(described["shifts"]) == len(company.SHIFTS)
    line = described["subjects"]["p005"]["focus"]
    assert len(line["score"]) == len(line["expected"]) == 5
