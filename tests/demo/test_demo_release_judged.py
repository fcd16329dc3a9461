"""What a release says beside scores is worked out again: gaps, shares, reliability, verdicts, what stands out."""

from collections import defaultdict
from math import floor, log10, sqrt
from statistics import fmean

import pytest
from scipy.stats import t

pytestmark = pytest.mark.slow

LAST_DIGIT = 1.01e-6
RISEN, FALLEN, STEADY = 2, 3, 4


def named(demo, table):
    """The rows of a table of the last release, with names in the place of numbers, and the wave's row."""
    tables = demo.last.tables
    waves = {row["wave_no"]: row["wave_id"] for row in tables["wave"]}
    scopes = {row["scope_no"]: (row["scope"], row["scope_id"]) for row in tables["scope"]}
    measures = {row["measure_no"]: row["measure_id"] for row in tables["measure"]}
    for row in tables[table]:
        about = scopes[row["scope_no"]] if "scope_no" in row else None
        yield demo.waves[waves[row["wave_no"]]], about, measures[row["measure_no"]], row


def shown(demo):
    return {
        (wave_id, cell.about, cell.group, cell.measure_id): cell.numbers
        for wave_id, cells in demo.last.cells.items()
        for cell in cells
        if not cell.reason
    }


def worth(wave, subject, trait_id, ratings):
    return (len(wave.others[subject]) ** 2 * sum(ratings) / len(wave.scaled_items(trait_id))) ** (1 / 3)


def spreads_of(demo):
    return {(wave.wave_id, trait_id): row for wave, _, trait_id, row in named(demo, "spread")}


def test_gap_when_worked_out_again_then_is_others_minus_self(demo):
    cells, spreads = shown(demo), spreads_of(demo)
    found = list(named(demo, "gap"))
    assert found
    for wave, about, trait_id, row in found:
        others, own = (cells[wave.wave_id, about, group, trait_id] for group in ("others", "self"))
        items = wave.scaled_items(trait_id)
        counts = {
            group: [
                cells[key]["rater_count"]
                for one in items
                if (key := (wave.wave_id, about, group, one)) in cells
            ]
            for group in ("others", "self")
        }
        raters = worth(wave, about[1], trait_id, counts["others"])
        share = len(counts["self"]) * len(wave.others[about[1]]) / sum(counts["others"])
        spread = spreads[wave.wave_id, trait_id]
        half = (
            t.ppf(0.975, spread["degrees_of_freedom"])
            * float(spread["sigma_points"])
            * sqrt(1 / raters + 1 / sqrt(share))
        )
        points = float(others["score"]) - float(own["score"])
        assert float(row["points"]) == pytest.approx(points, abs=LAST_DIGIT)
        assert float(row["low"]) == pytest.approx(points - half, abs=LAST_DIGIT)
        is_named = abs(points) > half and abs(points) >= 0.5
        assert row["sight_no"] == ((1 if points < 0 else 2) if is_named else 0)


def test_favourable_share_when_worked_out_again_then_is_wilsons_of_coded_counts(demo):
    z = 1.959963984540054
    for wave, about, item_id, row in named(demo, "favourable"):
        item = wave.items[item_id]
        counts = []
        for block in wave.item_blocks(*about, item_id):
            ratings = block.ratings(item_id)
            above = sum(one >= item.low + (item.high - item.low) * 3 / 4 for one in ratings)
            counts.append((max(1, min(len(ratings) - 1, above)), len(ratings)))
        hits, n = (sum(one[place] for one in counts) for place in (0, 1))
        assert about[0] == "unit"
        assert row["rating_count"] == n >= 10
        share = hits / n
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        assert float(row["share"]) == pytest.approx(share, abs=LAST_DIGIT)
        assert float(row["low"]) == pytest.approx(
            (share + z * z / (2 * n) - half) / (1 + z * z / n), abs=LAST_DIGIT
        )
        assert float(row["high"]) == pytest.approx(
            (share + z * z / (2 * n) + half) / (1 + z * z / n), abs=LAST_DIGIT
        )


def groups_of(wave, trait_id):
    """Raters' scores on a trait, by subject."""
    items, scores = wave.scaled_items(trait_id), defaultdict(list)
    for subject, forms in wave.others.items():
        for form in forms:
            points = [float(form.points[one]) for one in items if form.points.get(one) is not None]
            if 2 * len(points) >= len(items):
                scores[subject].append(fmean(points))
    return list(scores.values())


def squares_of(groups):
    """Mean squares between and within, and the size of groups that counts."""
    sizes = [len(group) for group in groups]
    total, mean = sum(sizes), sum(map(sum, groups)) / sum(sizes)
    between = sum(len(group) * (fmean(group) - mean) ** 2 for group in groups) / (len(groups) - 1)
    within = sum((one - fmean(group)) ** 2 for group in groups for one in group) / (total - len(groups))
    return between, within, (total - sum(size**2 for size in sizes) / total) / (len(groups) - 1)


def two_digits(value):
    return round(value, 1 - floor(log10(abs(value)))) if value else 0.0


def test_reliability_when_worked_out_again_then_is_icc_with_c0_to_two_digits(demo):
    found = list(named(demo, "reliability"))
    assert found
    for wave, _, trait_id, row in found:
        between, within, size = squares_of(groups_of(wave, trait_id))
        assert float(row["icc1"]) == pytest.approx(
            two_digits((between - within) / (between + (size - 1) * within))
        )
        assert float(row["icc2"]) == pytest.approx(two_digits((between - within) / between))


def test_best_guess_when_worked_out_again_then_is_drawn_towards_the_mean(demo):
    cells, spreads = shown(demo), spreads_of(demo)
    pools = defaultdict(dict)
    for wave, about, trait_id, row in named(demo, "best_guess"):
        pools[wave.wave_id, trait_id][about] = float(row["score"])
    assert pools
    for (wave_id, trait_id), guesses in pools.items():
        wave = demo.waves[wave_id]
        between, within, size = squares_of(groups_of(wave, trait_id))
        tau2 = two_digits(max(0.0, (between - within) / size))
        sigma2 = float(spreads[wave_id, trait_id]["sigma_points"]) ** 2
        scores, noise = {}, {}
        for about in guesses:
            ratings = [
                cells[key]["rater_count"]
                for one in wave.scaled_items(trait_id)
                if (key := (wave_id, about, "others", one)) in cells
            ]
            scores[about] = float(cells[wave_id, about, "others", trait_id]["score"])
            noise[about] = sigma2 / worth(wave, about[1], trait_id, ratings)
        weights = {about: 1 / (tau2 + one) for about, one in noise.items()}
        centre = sum(weights[about] * scores[about] for about in scores) / sum(weights.values())
        for about, guess in guesses.items():
            expected = centre + tau2 * weights[about] * (scores[about] - centre)
            assert guess == pytest.approx(expected, abs=0.0501)


def test_change_when_worked_out_again_then_is_over_items_shown_in_both_waves(demo):
    cells = shown(demo)
    waves = {row["wave_no"]: row["wave_id"] for row in demo.last.tables["wave"]}
    changes = [
        (wave, about, trait_id, row)
        for wave, about, trait_id, row in named(demo, "change")
        if row["kind_no"] == 0
    ]
    assert changes
    for wave, about, trait_id, row in changes:
        before, low, high = waves[row["since_wave_no"]], float(row["low"]), float(row["high"])
        pairs = [
            tuple(float(cells[wave_id, about, "others", one]["score"]) for wave_id in (before, wave.wave_id))
            for one in wave.scaled_items(trait_id)
            if all((wave_id, about, "others", one) in cells for wave_id in (before, wave.wave_id))
        ]
        points = fmean(after - first for first, after in pairs)
        assert float(row["points"]) == pytest.approx(points, abs=2 * LAST_DIGIT)
        assert high - points == pytest.approx(points - low, abs=4 * LAST_DIGIT)
        assert high - points == pytest.approx(float(row["needed_points"]), abs=4 * LAST_DIGIT)
        if row["verdict_no"] in (RISEN, FALLEN):
            assert abs(points) >= float(row["needed_points"]) - 0.005  # a family is stricter than each of it
            assert row["verdict_no"] == (RISEN if points > 0 else FALLEN)
        if row["verdict_no"] == STEADY:
            assert -0.506 < low < high < 0.506


def test_planted_change_when_six_answered_in_both_waves_then_is_called_real(demo):
    truth, cells = demo.truth["campaigns"]["great-pm"], shown(demo)
    verdicts = {
        (wave.wave_id, about[1], trait_id): row["verdict_no"]
        for wave, about, trait_id, row in named(demo, "change")
        if row["kind_no"] == 0 and about[0] == "subject"
    }
    seen = []
    for shift in truth["shifts"]:
        place = truth["periods"].index(shift["period"])
        subject, trait_id = shift["subject_id"], shift["trait_id"]
        both = [
            (f"great-pm/{period}", ("subject", subject), "others", trait_id)
            for period in truth["periods"][place - 1 : place + 1]
        ]
        if all(key in cells and cells[key]["rater_count"] >= 6 for key in both):
            seen.append(verdicts[both[1][0], subject, trait_id] == (RISEN if shift["points"] > 0 else FALLEN))
    assert len(seen) >= 4
    assert sum(seen) >= 0.8 * len(seen)


def test_standing_when_released_then_names_at_most_one_of_each_on_its_own_side(demo):
    cells, chosen = shown(demo), defaultdict(list)
    scores = defaultdict(list)
    for wave, about, trait_id, _ in named(demo, "standing"):
        scores[wave.wave_id, about].append(float(cells[wave.wave_id, about, "others", trait_id]["score"]))
    for wave, about, trait_id, row in named(demo, "standing"):
        own = float(cells[wave.wave_id, about, "others", trait_id]["score"])
        if row["standing_no"] > 1:
            assert (own > fmean(scores[wave.wave_id, about])) == (row["standing_no"] == 2)
        if row["is_most_distinct"]:
            chosen[wave.wave_id, about].append(row["standing_no"])
    assert chosen
    assert all(len(set(one)) == len(one) for one in chosen.values())
