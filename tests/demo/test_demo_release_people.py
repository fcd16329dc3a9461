"""In every release each number rests on enough people and PMs, and none is hidden without need.

All of it is found from the answers, the roster and the instruments; see conftest.py.
"""

from itertools import product

import pytest

pytestmark = pytest.mark.slow

K, MIN_RATINGS, MIN_PMS = 4, 3, 3
RELEASE_COUNT = 10
in_every_release = pytest.mark.parametrize("number", range(1, RELEASE_COUNT + 1))


def shown_items(release, wave_id):
    """Every item number about others: whom it is about, and the item."""
    cells = release.others(wave_id, is_shown=True)
    return {(*cell.about, cell.measure_id) for cell in cells if cell.measure != "trait"}


def waves_of(demo, number):
    release = demo.releases[number - 1]
    return release, [demo.waves[row["wave_id"]] for row in release.tables["wave"]]


def pms_of(blocks):
    return {subject for block in blocks for subject in block.subjects}


def raters_of(blocks):
    """Who is known to be behind several blocks; where a file names nobody, those of the largest."""
    named = {form.rater for block in blocks for form in block.forms if form.rater_no is not None}
    return max([len(named), *(block.people for block in blocks)])


def breaks_remainder(shown, pms):
    """True if, of a shown unit, fewer PMs are left over than are needed once its shown parts are taken away."""
    for unit in shown:
        parts = [pms[part] for part in shown if part.startswith(f"{unit}/")]
        left = pms[unit].difference(*parts)
        if 0 < len(left) < MIN_PMS:
            return True
    return False


def test_releases_when_counted_then_there_is_one_per_wave(demo):
    assert [release.number for release in demo.releases] == list(range(1, RELEASE_COUNT + 1))
    assert [len(release.tables["wave"]) for release in demo.releases] == list(range(1, RELEASE_COUNT + 1))
    assert set(demo.last.cells) == set(demo.waves)


@in_every_release
def test_number_when_shown_then_enough_people_answered(demo, number):
    release, waves = waves_of(demo, number)
    for wave in waves:
        shown = shown_items(release, wave.wave_id)
        for cell in release.others(wave.wave_id, is_shown=True):
            blocks = wave.cell_blocks(cell, shown)
            assert raters_of(blocks) >= K
            assert all(block.people >= K for block in blocks)
            everybody = sum(block.people for block in wave.blocks_behind(*cell.about))
            rated = sum(len(block.ratings(cell.measure_id)) for block in blocks)
            assert cell.numbers["rater_count"] == (everybody if cell.measure == "trait" else rated)
            assert cell.measure == "trait" or rated >= MIN_RATINGS


@in_every_release
def test_number_of_a_unit_when_shown_then_it_rests_on_enough_pms(demo, number):
    release, waves = waves_of(demo, number)
    for wave in waves:
        shown = shown_items(release, wave.wave_id)
        for cell in release.others(wave.wave_id, is_shown=True):
            if cell.scope == "unit":
                pms = pms_of(wave.cell_blocks(cell, shown))
                assert len(pms) >= MIN_PMS
                inside = pms_of(wave.blocks_behind(*cell.about))
                assert cell.numbers["pm_count"] == len(inside if cell.measure == "trait" else pms)
            else:
                assert cell.numbers["pm_count"] == 1


@in_every_release
def test_units_when_their_shown_parts_are_taken_away_then_enough_pms_or_none_are_left(demo, number):
    """Item by item: a trait's number is made of item numbers that are shown (test_demo_release_scores.py)."""
    release, waves = waves_of(demo, number)
    for wave in waves:
        shown = shown_items(release, wave.wave_id)
        for item_id in wave.items:
            units = {unit for scope, unit, item in shown if (scope, item) == ("unit", item_id)}
            assert not breaks_remainder(units, {unit: item_pms(wave, unit, item_id) for unit in units})


@in_every_release
def test_blocks_when_formed_then_hold_those_who_answered_and_nobody_else(demo, number):
    release, waves = waves_of(demo, number)
    scopes = {row["scope_no"]: (row["scope"], row["scope_id"]) for row in release.tables["scope"]}
    for wave, row in zip(waves, release.tables["wave"], strict=True):
        released = sorted(
            (*scopes[block["scope_no"]], block["is_rest"], block["rater_count"], block["subject_count"])
            for block in release.tables["block"]
            if block["wave_no"] == row["wave_no"]
        )
        own = [("subject", one, False, block.people, 1) for one, block in wave.own_blocks.items()]
        rest = [("unit", one.unit_id, True, one.people, len(one.subjects)) for one in wave.rest_blocks]
        assert released == sorted([*own, *rest])
        assert all(block.people >= K and len(block.subjects) > 1 for block in wave.rest_blocks)


def test_answers_when_withheld_then_no_unit_has_enough_people_for_a_rest_block(demo):
    for wave in demo.waves.values():
        assert wave.is_about_pms or not wave.rest_blocks
        for unit in wave.units:
            few = tuple(one for one in wave.withheld if f"{wave.homes[one]}/".startswith(f"{unit}/"))
            assert len(few) < 2 or wave.pooled(unit, few).people < K


@in_every_release
def test_number_of_a_subject_when_hidden_then_it_must_be(demo, number):
    release, waves = waves_of(demo, number)
    for wave in waves:
        cells = [cell for cell in release.cells[wave.wave_id] if cell.about[0] == "subject"]
        found = {(cell.scope_id, *cell.measured): cell.reason for cell in cells if cell.group == "others"}
        places = product(wave.homes if wave.has_others else (), wave.measures)
        assert found == {(one, *measure): must_hide(wave, one, measure) for one, measure in places}


def must_hide(wave, subject_id, measure):
    """Why a subject's number has to be hidden, "" if it need not be."""
    if subject_id not in wave.own_blocks:
        return "too_few_raters"
    kind, measure_id = measure
    items = wave.scaled_items(measure_id) if kind == "trait" else (measure_id,)
    is_rated = any(wave.own_blocks[subject_id].releases(item) for item in items)
    return "" if is_rated else "too_little_exposure"


@in_every_release
def test_number_of_a_unit_when_hidden_then_it_must_be(demo, number):
    release, waves = waves_of(demo, number)
    for wave in waves:
        cells = [
            cell for cell in release.cells[wave.wave_id] if (cell.scope, cell.group) == ("unit", "others")
        ]
        found = {(cell.scope_id, *cell.measured): cell.reason for cell in cells}
        assert set(found) == {(unit, *measure) for unit, measure in product(wave.units, wave.measures)}
        check_unit_reasons(wave, found)


def check_unit_reasons(wave, found):
    pms = {unit: pms_of(wave.blocks_behind("unit", unit)) for unit in wave.units}
    whole = {unit for (unit, *_), reason in found.items() if reason in ("", "too_little_exposure")}
    for (unit, kind, measure_id), reason in found.items():
        assert (reason == "too_few_pms") is (len(pms[unit]) < MIN_PMS)
        items = wave.scaled_items(measure_id) if kind == "trait" else (measure_id,)
        if reason == "too_little_exposure":
            assert all(len(item_pms(wave, unit, item)) < MIN_PMS for item in items)
        if reason == "protects_others" and unit in whole:
            assert all(item_is_in_the_way(wave, found, unit, item) for item in items)
        if reason == "protects_others" and unit not in whole:
            assert breaks_remainder({*whole, unit}, pms)


def item_pms(wave, unit, item_id):
    return pms_of(wave.item_blocks("unit", unit, item_id))


def item_is_in_the_way(wave, found, unit, item_id):
    measure = wave.items[item_id].measure
    shown = {one for one in wave.units if not found[one, measure, item_id]}
    pms = {one: item_pms(wave, one, item_id) for one in wave.units}
    return len(pms[unit]) < MIN_PMS or breaks_remainder({*shown, unit}, pms)


@in_every_release
def test_self_and_manager_when_shown_then_as_one_rating_outside_the_others(demo, number):
    release, waves = waves_of(demo, number)
    for wave in waves:
        given = {
            (form.subject_id, form.group, item_id): points
            for form in wave.forms
            if form.group != "others"
            for item_id, points in form.points.items()
            if points is not None
        }
        cells = [cell for cell in release.cells[wave.wave_id] if cell.group != "others"]
        found = {
            (cell.scope_id, cell.group, cell.measure_id): cell for cell in cells if cell.measure != "trait"
        }
        assert {key: cell.numbers["score"] for key, cell in found.items()} == given
        assert all(cell.scope == "subject" and cell.numbers["rater_count"] == 1 for cell in cells)
        assert not any(cell.numbers["has_interval"] or cell.reason for cell in cells)


def test_others_when_self_and_manager_are_put_among_them_then_the_counts_do_not_fit(demo):
    for wave in demo.waves.values():
        counts = {
            cell.scope_id: cell.numbers["rater_count"]
            for cell in demo.last.others(wave.wave_id, is_shown=True)
            if (cell.scope, cell.measure) == ("subject", "trait")
        }
        everybody = {one: sum(form.subject_id == one for form in wave.forms) for one in counts}
        attributed = {form.subject_id for form in wave.forms if form.group != "others"}
        assert {one for one in counts if counts[one] != everybody[one]} == attributed & set(counts)
