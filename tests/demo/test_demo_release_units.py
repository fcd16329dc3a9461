"""What the last release says of units' people together: what made a change, where they lie, what they are strong in.

Worked out again from the release's own blocks, subjects and best guesses, in plain Python.
"""

from collections import Counter, defaultdict
from functools import cached_property
from itertools import chain
from statistics import fmean

import pytest

from pipeline.disclosure.attack import singled_out
from tests.demo.conftest import lineage

pytestmark = pytest.mark.slow

K, S, LEAST_PMS = 4, 3, 10
LAST_DIGIT = 3.1e-6
RISEN, FALLEN = 2, 3
APART, SEVERAL = 2, 2
GROWTH = ("great-pm/2026Q2", "Product/Growth", "taste")


class Facts:
    """The tables of a release with names in the place of numbers."""

    def __init__(self, demo):
        self.tables = demo.last.tables
        self.waves = {row["wave_no"]: row["wave_id"] for row in self.tables["wave"]}
        self.scopes = {row["scope_no"]: row["scope_id"] for row in self.tables["scope"]}
        self.measures = {row["measure_no"]: row["measure_id"] for row in self.tables["measure"]}
        self.traits = {
            item_id: item.trait_id for wave in demo.waves.values() for item_id, item in wave.items.items()
        }

    def rows(self, table):
        for row in self.tables[table]:
            key = self.waves[row["wave_no"]], self.scopes[row["scope_no"]], self.measures[row["measure_no"]]
            yield key, row

    @cached_property
    def homes(self):
        rows = self.tables["subject"]
        return {(self.waves[row["wave_no"]], self.scopes[row["scope_no"]]): row["unit_id"] for row in rows}

    @cached_property
    def slices(self):
        return {
            (self.waves[row["wave_no"]], self.scopes[row["scope_no"]]): {
                (kind, row[kind]) for kind in ("pm_type", "stage")
            }
            for row in self.tables["subject"]
        }

    @cached_property
    def blocks(self):
        """By wave and item: whom a block is about, the unit it ends in, its ratings and their sum, how many PMs."""
        about = {(row["wave_no"], row["block_no"]): row for row in self.tables["block"]}
        found = defaultdict(list)
        for row in self.tables["block_item"]:
            block, wave_id = about[row["wave_no"], row["block_no"]], self.waves[row["wave_no"]]
            scope_id = self.scopes[block["scope_no"]]
            who = (wave_id, row["block_no"]) if block["is_rest"] else scope_id
            unit = scope_id if block["is_rest"] else self.homes[wave_id, scope_id]
            count = block["subject_count"] if block["is_rest"] else 1
            key = wave_id, self.measures[row["measure_no"]]
            found[key].append((who, unit, row["rating_count"], float(row["sum_points"]), count))
        return found

    @cached_property
    def shown(self):
        rows = (row for row in self.tables["cell"] if row["group_no"] == 0 and row["reason_no"] == 0)
        return {
            (self.waves[row["wave_no"]], self.scopes[row["scope_no"]], self.measures[row["measure_no"]])
            for row in rows
        }

    def cohorts(self, unit, item_id, here, there, *, is_apart):
        """The blocks of a unit in one wave, by where those PMs are in the other wave."""
        others = {who: home for who, home, *_ in self.blocks[there, item_id]}
        found = defaultdict(list)
        for block in self.blocks[here, item_id]:
            who, home, *_ = block
            if unit in lineage(home):
                other = others.get(who, "")
                moved = "moved" if other and is_apart else "others"
                found["stayers" if unit in lineage(other) else moved].append(block)
        return found


@pytest.fixture(scope="module")
def facts(demo):
    return Facts(demo)


def mean(blocks):
    blocks = list(blocks)
    return sum(one[3] for one in blocks) / sum(one[2] for one in blocks)


def used_items(facts):
    """The items that a trait's change was taken apart over, and how finely."""
    found = defaultdict(list)
    for (wave_id, unit, item_id), row in facts.rows("mix_item"):
        since = facts.waves[row["since_wave_no"]]
        found[wave_id, unit, facts.traits[item_id]].append((item_id, since, row["detail_no"]))
    return found


def test_mix_when_worked_out_again_then_the_parts_add_up_to_the_change(facts):
    items, compared = used_items(facts), 0
    for key, row in facts.rows("mix"):
        if row["reason_no"]:
            assert key not in items
            assert not any(row[name] for name in row if name.endswith(("points", "low", "high", "pm_count")))
            continue
        changes, reals = [], []
        for item_id, since, _ in items[key]:
            before, now = (
                facts.cohorts(key[1], item_id, here, there, is_apart=False)
                for here, there in ((since, key[0]), (key[0], since))
            )
            changes.append(mean(chain(*now.values())) - mean(chain(*before.values())))
            reals.append(mean(now["stayers"]) - mean(before["stayers"]))
        assert row["item_count"] == len(changes)
        assert float(row["real_points"]) == pytest.approx(fmean(reals), abs=LAST_DIGIT)
        assert float(row["real_points"] + row["mix_points"]) == pytest.approx(fmean(changes), abs=LAST_DIGIT)
        assert float(row["mix_points"]) == pytest.approx(
            float(row["arrived_points"] + row["left_points"]), abs=LAST_DIGIT
        )
        compared += 1
    assert compared > 50


def test_mix_when_the_team_with_the_best_taste_moves_away_then_the_fall_is_mix_and_no_change(demo, facts):
    """Planted: Product/Growth/Pricing goes to Product/Business, and nobody who stays in Growth changes."""
    row = dict(facts.rows("mix"))[GROWTH]
    assert row["mix_verdict_no"] == FALLEN
    assert row["real_verdict_no"] not in (RISEN, FALLEN)
    assert row["left_points"] == row["mix_points"] < 0
    assert (row["arrived_pm_count"], row["left_pm_count"]) == (0, 3)


def told_sums(facts, waves, item_id):
    """Every sum of an item that may be known, of all waves: of units, of slices, and of the cohorts of every change."""
    for wave_id in waves:
        for unit in {unit for _, home, *_ in facts.blocks[wave_id, item_id] for unit in lineage(home)}:
            if (wave_id, unit, item_id) in facts.shown:
                yield (
                    (block for block in facts.blocks[wave_id, item_id] if unit in lineage(block[1])),
                    wave_id,
                )
    for (wave_id, unit, measure_id), row in facts.rows("mix_item"):
        if wave_id in waves and measure_id == item_id:
            since, is_apart = facts.waves[row["since_wave_no"]], row["detail_no"] == APART
            for here, there in ((since, wave_id), (wave_id, since)):
                for blocks in facts.cohorts(unit, item_id, here, there, is_apart=is_apart).values():
                    yield blocks, here


def persons(blocks, wave_id):
    """A variable per PM and wave; of a rest block one for each PM, whoever they are."""
    return {(wave_id, who, n) for who, _, _, _, count in blocks for n in range(count)}


@pytest.mark.parametrize("campaign", ["great-pm", "core-competencies"])
def test_attacker_when_holding_units_and_mixes_of_all_waves_then_singles_out_no_few_pms(facts, campaign):
    waves = [wave_id for wave_id in facts.waves.values() if wave_id.startswith(f"{campaign}/")]
    for item_id in {item_id for (_, _, item_id), _ in facts.rows("mix_item")}:
        sums = [persons(blocks, wave_id) for blocks, wave_id in told_sums(facts, waves, item_id)]
        owners = {one: one[1:] for some in sums for one in some}
        assert singled_out(sums, owners, fewest=S) is None


def test_attacker_when_holding_units_and_mixes_of_all_waves_then_singles_out_no_few_raters(demo, facts):
    def forms(block, wave_id):
        who, home, *_ = block
        wave = demo.waves[wave_id]
        rests = (one for one in wave.rest_blocks if one.unit_id == home)
        pool = wave.own_blocks[who] if who in wave.own_blocks else next(rests)
        return {(wave_id, form.rater, form.subject_id) for form in pool.forms}

    waves = [wave_id for wave_id in facts.waves.values() if wave_id.startswith("great-pm/")]
    for item_id in ("taste_problem", "focus_reasons", "clarity_parts"):
        told = list(told_sums(facts, waves, item_id))
        sums = [set().union(*(forms(block, wave_id) for block in blocks)) for blocks, wave_id in told]
        owners = {one: one[:2] for some in sums for one in some}
        assert singled_out(sums, owners, fewest=K) is None


def test_attacker_when_a_hidden_change_is_taken_apart_then_singles_somebody_out(facts):
    """The test of the test: the gate is weakened for one change after the other."""
    waves = [wave_id for wave_id in facts.waves.values() if wave_id.startswith("great-pm/")]
    item_of = {trait: item_id for item_id, trait in facts.traits.items()}
    hidden = [(key, row) for key, row in facts.rows("mix") if row["reason_no"] and key[0] in waves]
    for (wave_id, unit, trait_id), row in hidden[::12]:
        item_id, since = item_of[trait_id], facts.waves[row["since_wave_no"]]
        sums = [persons(blocks, at) for blocks, at in told_sums(facts, waves, item_id)]
        for here, there in ((since, wave_id), (wave_id, since)):
            cohorts = facts.cohorts(unit, item_id, here, there, is_apart=False)
            sums += [persons(blocks, here) for blocks in cohorts.values()]
        owners = {one: one[1:] for some in sums for one in some}
        assert singled_out(sums, owners, fewest=S) is not None
    assert len(hidden[::12]) > 5


def guesses(facts):
    found = defaultdict(dict)
    for (wave_id, subject, trait_id), row in facts.rows("best_guess"):
        found[wave_id, trait_id][subject] = float(row["score"])
    return found


def test_distribution_when_compared_with_the_guesses_then_says_no_more_than_is_there(facts):
    scores, told = guesses(facts), list(facts.rows("distribution"))
    for (wave_id, unit, trait_id), row in told:
        inside = {
            subject: score
            for subject, score in scores[wave_id, trait_id].items()
            if unit in lineage(facts.homes[wave_id, subject])
        }
        edges = [float(edge) for edge in row["edges"]]
        bins = Counter(sum(score >= edge for edge in edges[1:-1]) for score in inside.values())
        assert all(count % S == 0 and count <= bins[place] for place, count in enumerate(row["at_least"]))
        assert row["unplaced_count"] >= S
        assert len(inside) >= LEAST_PMS
        assert sum(row["at_least"]) + row["unplaced_count"] >= len(inside)
        assert (wave_id, unit, trait_id) in facts.shown
    assert {unit for (_, unit, _), _ in told} >= {"Product", "Product/Growth", "Product/Platform"}


def test_distribution_when_a_part_is_taken_away_then_the_rest_is_as_coarse(facts):
    """What is left of a unit's counts without those of a part is itself in steps, with three PMs unplaced, or nothing."""
    told, pairs = dict(facts.rows("distribution")), 0
    for (wave_id, unit, trait_id), row in told.items():
        for above in lineage(unit)[:-1]:
            whole = told.get((wave_id, above, trait_id))
            assert whole is not None
            assert whole["edges"] == row["edges"]
            left = [a - b for a, b in zip(whole["at_least"], row["at_least"], strict=True)]
            assert all(count >= 0 and count % S == 0 for count in left)
            assert not any(left) or whole["unplaced_count"] - row["unplaced_count"] >= S
            pairs += 1
    assert pairs > 10


def test_strengths_when_several_are_said_to_have_one_then_at_least_three_have(facts):
    chosen = defaultdict(list)
    for (wave_id, subject, trait_id), row in facts.rows("standing"):
        if row["is_most_distinct"] and row["standing_no"] == 2:
            chosen[wave_id, trait_id].append(facts.homes[wave_id, subject])
    told = list(facts.rows("coverage"))
    for (wave_id, unit, trait_id), row in told:
        count = sum(unit in lineage(home) for home in chosen[wave_id, trait_id])
        assert row["coverage_no"] != SEVERAL or count >= S
        assert row["pm_count"] >= LEAST_PMS
    assert {unit for (_, unit, _), row in told if row["coverage_no"] == SEVERAL} >= {
        "Product",
        "Product/Platform",
    }
