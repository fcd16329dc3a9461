"""Every number of every release is added up again from the answers, to the last digit that is published."""

from collections import defaultdict
from math import ceil, floor, log10, sqrt
from statistics import fmean

import pytest
from scipy.stats import t

pytestmark = pytest.mark.slow

LAST_DIGIT = 1.01e-6  # six places are published; a trait's score is a mean of numbers rounded before
LOW_BOUND, HIGH_BOUND = 1, 2
in_every_release = pytest.mark.parametrize("number", range(1, 11))


def waves_of(demo, number):
    release = demo.releases[number - 1]
    return release, [(demo.waves[row["wave_id"]], row["wave_no"]) for row in release.tables["wave"]]


def coded(wave, item_id, ratings):
    """A block's sum, kept one step away from both ends, and the end it was kept from (measurement 3.3, step 3)."""
    item, total, count = wave.items[item_id], sum(ratings), len(ratings)
    lowest, highest = count * item.low + item.step, count * item.high - item.step
    bound = LOW_BOUND if total <= lowest else HIGH_BOUND if total >= highest else 0
    return max(lowest, min(highest, total)), bound


def score_item(wave, cell):
    """The published mean, the mean as given, how far they may be apart, and the bound."""
    blocks = [block.ratings(cell.measure_id) for block in wave.item_blocks(*cell.about, cell.measure_id)]
    codes = [coded(wave, cell.measure_id, ratings) for ratings in blocks]
    count = sum(len(ratings) for ratings in blocks)
    bounds = {bound for _, bound in codes}
    pulled = sum(abs(total - sum(ratings)) for (total, _), ratings in zip(codes, blocks, strict=True))
    return {
        "score": sum(total for total, _ in codes) / count,
        "given": sum(sum(ratings) for ratings in blocks) / count,
        "apart": pulled / count,
        "bound": bounds.pop() if len(bounds) == 1 else 0,
    }


@in_every_release
def test_item_when_added_up_again_then_is_the_mean_of_coded_sums(demo, number):
    release, waves = waves_of(demo, number)
    for wave, _ in waves:
        for cell in release.others(wave.wave_id, is_shown=True):
            if cell.measure != "trait":
                found, score = score_item(wave, cell), float(cell.numbers["score"])
                assert score == pytest.approx(float(found["score"]), abs=LAST_DIGIT)
                assert abs(score - float(found["given"])) <= float(found["apart"]) + LAST_DIGIT
                assert cell.numbers["bound_no"] == found["bound"]
                assert not cell.numbers["has_interval"]


def test_coding_when_it_bites_then_only_at_the_ends_of_the_scale(demo):
    """Most numbers are exact; the others say on which side they are kept back, and by less than a step."""
    exact = kept = 0
    for wave in demo.waves.values():
        for cell in demo.last.others(wave.wave_id, is_shown=True):
            if (cell.scope, cell.measure) == ("subject", "item"):
                found = score_item(wave, cell)
                assert found["apart"] <= wave.items[cell.measure_id].step / cell.numbers["rater_count"]
                assert not found["apart"] or found["bound"]
                exact, kept = exact + (not found["apart"]), kept + bool(found["apart"])
    assert kept > 0
    assert exact > 100 * kept


@in_every_release
def test_trait_when_added_up_again_then_is_the_mean_of_its_shown_items(demo, number):
    release, waves = waves_of(demo, number)
    for wave, _ in waves:
        cells = [cell for cell in release.cells[wave.wave_id] if not cell.reason]
        items = defaultdict(list)
        for cell in cells:
            if cell.measure == "item":
                items[(*cell.about, cell.group, wave.items[cell.measure_id].trait_id)].append(cell.numbers)
        traits = {
            (*cell.about, cell.group, cell.measure_id): cell for cell in cells if cell.measure == "trait"
        }
        assert set(traits) == set(items)
        for key, cell in traits.items():
            mean = fmean(float(numbers["score"]) for numbers in items[key])
            assert float(cell.numbers["score"]) == pytest.approx(mean, abs=LAST_DIGIT)
            bounds = {numbers["bound_no"] for numbers in items[key]}
            assert cell.numbers["bound_no"] == (bounds.pop() if len(bounds) == 1 else 0)


@in_every_release
def test_interval_when_worked_out_again_then_is_interval_a_of_the_pooled_spread(demo, number):
    release, waves = waves_of(demo, number)
    names = {row["measure_no"]: row["measure_id"] for row in release.tables["measure"]}
    spreads = {(row["wave_no"], names[row["measure_no"]]): row for row in release.tables["spread"]}
    for wave, wave_no in waves:
        counts = defaultdict(list)
        for cell in release.others(wave.wave_id, is_shown=True):
            if cell.measure == "item":
                counts[(*cell.about, wave.items[cell.measure_id].trait_id)].append(
                    cell.numbers["rater_count"]
                )
        for cell in release.others(wave.wave_id, is_shown=True):
            if cell.measure == "trait":
                spread = spreads[wave_no, cell.measure_id]
                count = worth(wave, cell.about, cell.measure_id, counts[(*cell.about, cell.measure_id)])
                check_interval(wave, cell, margin(spread) / sqrt(count))


def worth(wave, about, trait_id, ratings):
    """Raters a score is worth: (responses² x ratings per item of the trait)^(1/3), by the load of a unit's raters."""
    forms = [form for block in wave.blocks_behind(*about) for form in block.forms]
    whole = (len(forms) ** 2 * sum(ratings) / len(wave.scaled_items(trait_id))) ** (1 / 3)
    if about[0] == "subject":
        return whole
    named = {form.rater_no for form in forms if form.rater_no is not None}
    unnamed = defaultdict(int)
    for form in forms:
        unnamed[form.subject_id] += form.rater_no is None
    return whole / (1 + (len(forms) / max(len(named), *unnamed.values()) - 1) / 4)


def margin(spread):
    return t.ppf(0.975, spread["degrees_of_freedom"]) * float(spread["sigma_points"])


def check_interval(wave, cell, half):
    item = wave.items[wave.scaled_items(cell.measure_id)[0]]
    score = float(cell.numbers["score"])
    assert cell.numbers["has_interval"]
    assert float(cell.numbers["low"]) == pytest.approx(max(float(item.low), score - half), abs=LAST_DIGIT)
    assert float(cell.numbers["high"]) == pytest.approx(min(float(item.high), score + half), abs=LAST_DIGIT)


def test_spread_when_worked_out_again_then_is_that_of_many_people_to_two_digits(demo):
    names = {row["measure_no"]: row["measure_id"] for row in demo.last.tables["measure"]}
    waves = {row["wave_no"]: demo.waves[row["wave_id"]] for row in demo.last.tables["wave"]}
    own = [row for row in demo.last.tables["spread"] if row["source"] == "wave"]
    assert {waves[row["wave_no"]].wave_id for row in own} == {
        wave.wave_id for wave in waves.values() if wave.has_others
    }
    for row in own:
        sums, subjects, raters = spread_of(waves[row["wave_no"]], names[row["measure_no"]])
        assert subjects >= 10
        assert raters >= 30
        sigma = sqrt(sums / (raters - subjects))
        assert float(row["sigma_points"]) == pytest.approx(round(sigma, 1 - floor(log10(sigma))))
        assert row["degrees_of_freedom"] == first_two_digits(raters - subjects)


def first_two_digits(number):
    return int(str(number)[:2].ljust(len(str(number)), "0"))


def spread_of(wave, trait_id):
    """Squares of raters' trait scores around their subject's mean, the number of subjects, of raters."""
    items = wave.scaled_items(trait_id)
    scores = defaultdict(list)
    for form in (form for forms in wave.others.values() for form in forms):
        points = [float(form.points[item]) for item in items if form.points.get(item) is not None]
        if len(points) >= ceil(len(items) / 2):
            scores[form.subject_id].append(fmean(points))
    squares = (sum((score - fmean(one)) ** 2 for score in one) for one in scores.values())
    return sum(squares), len(scores), sum(map(len, scores.values()))


@in_every_release
def test_block_table_when_added_up_again_then_holds_coded_sums_and_counts(demo, number):
    release, waves = waves_of(demo, number)
    scopes = {row["scope_no"]: row["scope_id"] for row in release.tables["scope"]}
    measures = {row["measure_no"]: row["measure_id"] for row in release.tables["measure"]}
    places = {(row["wave_no"], row["block_no"]): row for row in release.tables["block"]}
    found = defaultdict(dict)
    for row in release.tables["block_item"]:
        place = places[row["wave_no"], row["block_no"]]
        key = scopes[place["scope_no"]], place["is_rest"], measures[row["measure_no"]]
        found[row["wave_no"]][key] = row["rating_count"], row["sum_points"], row["favourable_count"]
    for wave, wave_no in waves:
        assert found[wave_no] == dict(block_rows(wave))


def block_rows(wave):
    own = [((subject, False), block) for subject, block in wave.own_blocks.items()]
    for key, block in (*own, *(((block.unit_id, True), block) for block in wave.rest_blocks)):
        for item_id, item in wave.items.items():
            if block.releases(item_id):
                ratings = block.ratings(item_id)
                favourable = sum(one >= item.low + (item.high - item.low) * 3 / 4 for one in ratings)
                count = len(ratings)
                yield (
                    (*key, item_id),
                    (
                        count,
                        coded(wave, item_id, ratings)[0],
                        max(1, min(count - 1, favourable)),
                    ),
                )


@in_every_release
def test_line_when_drawn_again_then_is_made_of_items_shown_in_all_its_waves(demo, number):
    release, waves = waves_of(demo, number)
    of_number = {wave_no: wave for wave, wave_no in waves}
    scopes = {row["scope_no"]: (row["scope"], row["scope_id"]) for row in release.tables["scope"]}
    measures = {row["measure_no"]: row["measure_id"] for row in release.tables["measure"]}
    spreads = {(row["wave_no"], measures[row["measure_no"]]): row for row in release.tables["spread"]}
    shown = {
        (wave.wave_id, *cell.about, cell.measure_id): cell.numbers
        for wave, _ in waves
        for cell in release.others(wave.wave_id, is_shown=True)
    }
    segments = defaultdict(list)
    for row in release.tables["line"]:
        segments[row["scope_no"], row["measure_no"], row["segment_no"]].append(row)
    for (scope_no, measure_no, _), points in segments.items():
        trait_id, about = measures[measure_no], scopes[scope_no]
        waves_here = [of_number[point["wave_no"]] for point in points]
        kept = [
            item
            for item in waves_here[0].scaled_items(trait_id)
            if all((wave.wave_id, *about, item) in shown for wave in waves_here)
        ]
        for point, wave in zip(points, waves_here, strict=True):
            numbers = [shown[wave.wave_id, *about, item] for item in kept]
            ratings = [one["rater_count"] for one in numbers]
            half = margin(spreads[point["wave_no"], trait_id]) / sqrt(worth(wave, about, trait_id, ratings))
            check_point(point, numbers, half, shown[wave.wave_id, *about, trait_id])
    assert shown_traits(shown, measures) == count_points(release)


def check_point(point, numbers, half, trait):
    score = fmean(float(one["score"]) for one in numbers)
    assert point["item_count"] == len(numbers)
    assert float(point["score"]) == pytest.approx(score, abs=LAST_DIGIT)
    assert float(point["low"]) == pytest.approx(max(1, score - half), abs=2 * LAST_DIGIT)
    assert float(point["high"]) == pytest.approx(min(5, score + half), abs=2 * LAST_DIGIT)
    assert point["rater_count"] == trait["rater_count"]


def shown_traits(shown, measures):
    traits = set(measures.values()) & {key[3] for key in shown if shown[key]["has_interval"]}
    return sum(key[3] in traits for key in shown)


def count_points(release):
    return len(release.tables["line"])


def test_planted_change_when_enough_people_answered_then_is_seen_by_most(demo):
    """A change of 1.2 points or more moves the published score by at least half of it, the right way."""
    truth = demo.truth["campaigns"]["great-pm"]
    planted = [shift for shift in truth["shifts"] if abs(shift["points"]) >= 1.2]
    steps = [published_step(demo, truth["periods"], shift) for shift in planted]
    seen = [step >= 0.6 for step in steps if step is not None]
    assert len(seen) >= 6
    assert sum(seen) >= 0.75 * len(seen)


def published_step(demo, periods, shift):
    """How far the published score moved the planted way, from the last wave before to the first one after.

    Waves in which fewer than six answered do not count; None where no other is left.
    """
    scores = {}
    for period in periods:
        for cell in demo.last.others(f"great-pm/{period}", is_shown=True):
            if (cell.scope_id, cell.measure_id) == (shift["subject_id"], shift["trait_id"]):
                scores[period] = cell.numbers["score"] if cell.numbers["rater_count"] >= 6 else None
    before = [score for period, score in scores.items() if score and period < shift["period"]]
    after = [score for period, score in scores.items() if score and period >= shift["period"]]
    if not (before and after):
        return None
    return (after[0] - before[-1]) * (1 if shift["points"] > 0 else -1)
