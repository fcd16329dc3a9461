"""The attackers of a release, on a small one: it holds as it is, and each change is found by its attacker."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.evidence import ProvedShare
from pipeline.disclosure.proof import prove
from tests.pipeline.disclosure.proof_evidence import (
    ALIKE,
    ANSWERED,
    BLOCKS,
    HIDDEN,
    IN_BLOCK,
    ITEM,
    PLACES,
    PMS,
    RATERS,
    RELATED,
    TASTE,
    UNIT,
    WORDS,
    block,
    cell,
    coded,
    comment,
    found,
    response,
    sound,
)


def test_proof_when_nothing_is_wrong_then_every_attack_was_tried_and_found_nothing():
    proof = prove(sound())
    assert proof.is_held
    assert (proof.shown_count, proof.hidden_count) == (8, 1)
    assert {attack.name: attack.tried for attack in proof.attacks} == {
        IN_BLOCK: 3,
        RATERS: 1,
        PMS: 1,
        RELATED: 0,
        BLOCKS: 9,
        ALIKE: 3,
        HIDDEN: 1,
        WORDS: 4,
        PLACES: 0,
        ANSWERED: 0,
    }


def changed(**parts):
    """The sound release with some of its parts replaced by what a function makes of them."""
    evidence = sound()
    return replace(evidence, **{name: tuple(make(getattr(evidence, name))) for name, make in parts.items()})


def share(percent, response_count):
    return ProvedShare(wave_no=1, percent=percent, response_count=response_count)


def first_replaced(**values):
    return lambda some: (replace(some[0], **values), *some[1:])


def without_first(some):
    return some[1:]


def known_first(some):
    return (replace(some[0], is_known=True), *some[1:])


def published_again(change):
    """The same wave in a second release, with a change."""
    return lambda some: (*some, *change(tuple(replace(one, release_no=2) for one in some)))


def in_a_unit_inside(blocks):
    return (replace(blocks[0], unit_id="A/B"), *blocks[1:])


@pytest.mark.parametrize(
    ("what", "evidence", "attacks"),
    [
        ("a rater less", changed(responses=without_first), {IN_BLOCK, RATERS}),
        ("a rater who reads the page", changed(responses=known_first), {IN_BLOCK, RATERS}),
        ("the release says fewer", changed(blocks=first_replaced(rater_count=3)), {IN_BLOCK}),
        ("published again as it was", changed(responses=published_again(lambda some: some)), set()),
        ("published again without one (erased)", changed(responses=published_again(without_first)), {IN_BLOCK, RATERS}),
        (
            "published again with one more (late)",
            changed(responses=published_again(lambda some: (*some, response(99, 1, 9, release_no=2)))),
            {RATERS},
        ),
        (
            "published again with one answer changed",
            changed(responses=published_again(first_replaced(content_no=77))),
            {RATERS},
        ),
        (
            "published again with another block of four",
            changed(responses=published_again(lambda some: some[4:])),
            {IN_BLOCK},
        ),
        ("a unit inside with one PM", changed(blocks=in_a_unit_inside, cells=lambda some: (*some, cell(91, unit_id="A/B", rating_count=4))), {PMS}),
        ("a PM's own block that says it is about three", changed(blocks=lambda some: in_a_unit_inside([replace(one, pm_count=3) for one in some]), cells=lambda some: (*some, cell(91, unit_id="A/B", rating_count=4))), {PMS}),
        ("another score", changed(cells=first_replaced(score=3.1)), {BLOCKS}),
        ("another count", changed(cells=first_replaced(rating_count=5)), {BLOCKS}),
        ("a trait of person means", changed(cells=lambda some: (*some[:4], replace(some[4], score=2.9), *some[5:])), {BLOCKS}),
        ("a trait of nothing", changed(cells=lambda some: (*some, cell(4, TASTE))), {BLOCKS}),
        ("a line of something else", changed(points=first_replaced(score=3.5)), {BLOCKS}),
        ("all said five", changed(sums=first_replaced(sum_points=Decimal(20)), cells=lambda some: some[4:5]), {ALIKE, BLOCKS}),
        ("all said one", changed(sums=first_replaced(sum_points=Decimal(4)), cells=lambda some: (), points=lambda some: ()), {ALIKE}),
        ("all favourable", changed(sums=first_replaced(favourable_count=4)), {ALIKE}),
        ("none favourable", changed(sums=first_replaced(favourable_count=0)), {ALIKE}),
        ("hidden, but its count stayed", changed(cells=lambda some: (*some[:-1], replace(some[-1], is_blank=False))), {HIDDEN}),
        ("24 answered, 80 % at least: perhaps 30 were asked", replace(sound(), shares=(share(80, 24),)), set()),
        ("16 answered, 80 % at least: 20 were asked at most, and k may be missing", replace(sound(), shares=(share(80, 16),)), set()),
        ("20 answered, 84 % at least: 23 were asked at most", replace(sound(), shares=(share(84, 20),)), {ANSWERED}),
        ("all answered, and it says so", replace(sound(), shares=(share(100, 24),)), {ANSWERED}),
        ("a response of a wave that was withdrawn", changed(responses=lambda some: (*some, response(1, 1, 1, wave_no=2))), set()),
    ],
)  # fmt: skip
def test_proof_when_one_thing_is_wrong_then_its_attacker_finds_it(what, evidence, attacks):
    assert found(evidence) == attacks, what
    assert prove(evidence).is_held is not bool(attacks)


def test_proof_when_nobody_is_named_then_the_same_people_may_have_answered_about_each_pm():
    """A rest block of two PMs, two responses about each: four people at most, two at least."""
    rest = block(1, is_rest=True, scope_no=UNIT, pm_count=2)
    responses = [response(no, 1, None, subject_no=no % 2) for no in range(4)]
    evidence = replace(
        sound(), blocks=(rest,), sums=(coded(1),), cells=(), points=(), responses=tuple(responses)
    )
    assert found(evidence) == {IN_BLOCK, RATERS}
    named = tuple(replace(one, rater=one.response_no) for one in responses)
    assert found(replace(evidence, responses=named)) == set()


def test_proof_when_a_rest_block_is_in_a_unit_then_its_pms_count_there_and_it_has_no_page():
    rest = block(3, is_rest=True, scope_no=UNIT, pm_count=2)
    evidence = sound()
    cells = tuple(one for one in evidence.cells if one.scope_no != 3)
    assert found(replace(evidence, blocks=(*evidence.blocks[:2], rest), cells=cells)) == set()


def test_proof_when_a_wave_has_no_answers_of_others_then_there_is_nothing_to_find():
    evidence = sound()
    nothing = dict.fromkeys(
        ("blocks", "sums", "cells", "points", "responses", "comments", "comment_rules"), ()
    )
    proof = prove(replace(evidence, **nothing))
    assert proof.is_held
    assert sum(attack.tried for attack in proof.attacks) == 0


def test_line_when_waves_show_different_items_then_only_the_common_ones_count():
    evidence = sound()
    second = 5
    cells = (*evidence.cells, cell(1, second, score=5.0, trait_no=TASTE))
    sums = (*evidence.sums, coded(1, second, points=19))
    shown = replace(
        evidence,
        sums=sums,
        cells=tuple(replace(one, score=4.75) if one.measure_no == second else one for one in cells),
    )
    assert found(shown) == {BLOCKS}, "the trait and its line are means of two items now"
    mean = (3 + 4.75) / 2
    fixed = tuple(
        replace(one, score=mean) if (one.scope_no, one.measure_no) == (1, TASTE) else one
        for one in shown.cells
    )
    points = tuple(replace(one, score=mean) for one in shown.points)
    assert found(replace(shown, cells=fixed, points=points)) == set()
    later = tuple(
        replace(one, wave_no=2)
        for one in evidence.cells
        if (one.scope_no, one.measure_no) in ((1, ITEM), (1, TASTE))
    )
    both = replace(
        shown,
        waves=(*evidence.waves, replace(evidence.waves[0], wave_no=2)),
        blocks=(*evidence.blocks, block(1, wave_no=2, unit_id="")),
        sums=(*sums, coded(1, wave_no=2)),
        cells=(*fixed, *later),
        points=(*evidence.points, replace(evidence.points[0], wave_no=2)),
        responses=(
            *evidence.responses,
            *(replace(one, wave_no=2) for one in evidence.responses if one.block_no == 1),
        ),
    )
    assert found(both) == set()


def test_attack_when_known_people_are_left_over_then_that_tells_nothing():
    assert singled_out([{1, 2}, {2}], {1: None, 2: "b"}, fewest=2) == {"b"}
    assert singled_out([{1, 2, 3}, {2, 3}], {1: None, 2: "b", 3: "c"}, fewest=2) is None
    assert singled_out([], {}, fewest=2) is None


def test_proof_when_four_unnamed_people_answered_about_one_pm_then_they_are_four():
    unnamed = tuple(replace(one, rater=None) for one in sound().responses)
    assert found(replace(sound(), responses=unnamed)) == set()


def test_proof_when_one_answer_was_favourable_then_nobody_knows_whose():
    assert found(changed(sums=first_replaced(favourable_count=1))) == set()


@pytest.mark.parametrize(("score", "attacks"), [(2.333333, set()), (2.33333, {BLOCKS})])
def test_proof_when_a_mean_has_no_end_then_its_six_decimals_are_enough_and_five_are_not(score, attacks):
    """Seven points in three ratings."""
    evidence = changed(
        sums=first_replaced(sum_points=Decimal(7), rating_count=3),
        cells=lambda some: (replace(some[0], score=score, rating_count=3),),
        points=lambda some: (),
    )
    assert found(evidence) == attacks


def test_proof_when_a_scale_starts_above_one_then_its_low_end_is_where_it_starts():
    assert found(changed(sums=first_replaced(low=Decimal(3)))) == {ALIKE}


@pytest.mark.parametrize(("pm_count", "attacks"), [(3, set()), (2, {PMS}), (1, {PMS})])
def test_proof_when_a_unit_inside_is_a_rest_block_then_its_pms_must_be_enough(pm_count, attacks):
    rest = block(3, is_rest=True, scope_no=91, unit_id="A/B", pm_count=pm_count)
    first = [block(number, pm_count=1) for number in (1, 2, 4)]
    evidence = sound()
    cells = (cell(UNIT, rating_count=16), cell(91, unit_id="A/B"))
    responses = (*evidence.responses, *(response(100 + one, 4, 100 + one) for one in range(4)))
    assert (
        found(
            replace(
                evidence,
                blocks=(*first, rest),
                sums=tuple(map(coded, (1, 2, 3, 4))),
                cells=cells,
                points=(),
                responses=responses,
            )
        )
        == attacks
    )


def test_proof_when_two_pms_are_left_of_a_unit_then_they_are_two_and_not_four():
    evidence = changed(
        blocks=lambda some: (replace(some[0], unit_id="A/B"), replace(some[1], unit_id="A/B"), some[2])
    )
    inside = cell(91, unit_id="A/B", rating_count=8)
    assert found(replace(evidence, cells=(*evidence.cells, inside))) == {PMS}


def test_proof_when_made_then_says_what_was_promised_for_each_wave():
    assert prove(sound()).waves == sound().waves


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("too few answered", {"comments": lambda some: [replace(one, rater_count=4) for one in some]}),
        ("one wrote", {"comments": without_first}),
        ("both may read it", {"comments": lambda some: [replace(one, is_known=True) for one in some]}),
        ("one of two may read it", {"comments": known_first}),
        ("one is signed, one is left", {"comments": first_replaced(is_signed=True)}),
        ("one wrote both", {"comments": first_replaced(response_no=2)}),
        (
            "one stands there twice",
            {"comments": lambda some: (*some, replace(some[0], wave_no=2, is_signed=True))},
        ),
        ("less was promised", {"comment_rules": first_replaced(needed_submitters=4)}),
        ("one author was promised", {"comment_rules": first_replaced(needed_authors=1)}),
        ("nothing was promised", {"comment_rules": without_first}),
    ],
)
def test_words_when_too_few_stand_behind_them_then_are_found(what, change):
    assert found(changed(**change)) == {WORDS}, what


def test_words_when_they_were_written_in_two_waves_then_the_largest_counts():
    later = first_replaced(written_wave_no=2, rater_count=3)
    assert found(changed(comments=later)) == {WORDS}
    three = (comment(1), comment(2), comment(3, written_wave_no=2, rater_count=1))
    assert found(replace(sound(), comments=three)) == set()
