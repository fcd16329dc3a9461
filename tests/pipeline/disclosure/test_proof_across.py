"""The attackers where tables cut across blocks: slices, relationships, and parts of a change."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.disclosure.evidence import (
    Evidence,
    ProvedMix,
    ProvedRelationship,
    ProvedSlice,
)
from pipeline.disclosure.proof import prove
from tests.pipeline.disclosure.proof_evidence import (
    ALIKE,
    BLOCKS,
    EVENT,
    ITEM,
    PMS,
    RELATED,
    UNIT,
    block,
    cell,
    coded,
    found,
    response,
    sound,
)

SLICE, TABLE = 70, 80
ENGINEERING, DESIGN = 4, 5


def sliced(*numbers):
    """The sound release with the number of a slice of these PMs."""
    several = cell(SLICE, scope="slice", rating_count=4 * len(numbers))
    evidence = sound()
    return replace(
        evidence,
        cells=(*evidence.cells, several),
        slices=tuple(ProvedSlice(wave_no=1, scope_no=SLICE, block_no=number) for number in numbers),
    )


@pytest.mark.parametrize(("numbers", "attacks"), [((1, 2, 3), set()), ((1, 2), {PMS}), ((1,), {PMS})])
def test_slice_when_beside_its_unit_then_leaves_nobody_or_enough_pms(numbers, attacks):
    assert found(sliced(*numbers)) == attacks


def related(designers, *, unit_id="", pms=(1, 2, 3)):
    """The sound release with what so many designers of each of these PMs said."""
    evidence = sound()
    table = ProvedRelationship(
        wave_no=1,
        scope_no=TABLE,
        unit_id=unit_id,
        relationship=DESIGN,
        sum=coded(0, rating_count=designers * len(pms), points=3 * designers * len(pms)),
    )
    responses = tuple(
        replace(one, rater=one.response_no, relationship=DESIGN if is_designer else ENGINEERING)
        for one in evidence.responses
        for is_designer in [one.subject_no in pms and one.response_no % 10 < designers]
    )
    shown = cell(TABLE, scope="relationship", rating_count=designers * len(pms))
    return replace(evidence, relationships=(table,), responses=responses, cells=(*evidence.cells, shown))


@pytest.mark.parametrize(
    ("what", "evidence", "attacks"),
    [
        ("two designers of four about each of three PMs", related(2), set()),
        ("the same, named by their unit", related(2, unit_id="A"), set()),
        ("one designer about each of three PMs", related(1), {RELATED}),
        ("two designers about each of two PMs", related(2, pms=(1, 2)), {RELATED}),
        ("all of one PM's raters are the designers", related(4, pms=(1,)), {RELATED}),
        (
            "a sum at the end of the scale",
            replace(
                related(2),
                relationships=tuple(
                    replace(one, sum=replace(one.sum, sum_points=Decimal(30)))
                    for one in related(2).relationships
                ),
            ),
            {ALIKE, BLOCKS},
        ),
    ],
)
def test_relationship_when_beside_blocks_then_leaves_nobody_or_enough(what, evidence, attacks):
    assert found(evidence) == attacks, what


def test_relationship_when_a_rest_block_is_in_it_then_its_pms_are_told_apart_as_far_as_known():
    evidence = related(2)
    rest = block(3, is_rest=True, scope_no=UNIT, pm_count=2)
    responses = tuple(
        replace(one, subject_no=30 + one.response_no % 2) if one.block_no == 3 else one
        for one in evidence.responses
    )
    cells = tuple(one for one in evidence.cells if one.scope_no != 3)
    parts = {"blocks": (*evidence.blocks[:2], rest), "cells": cells}
    assert found(replace(evidence, **parts, responses=responses)) == set()
    assert found(replace(evidence, **parts)) == set(), "closing forgot who they are about"


def test_relationship_when_designers_answered_about_one_pm_of_a_rest_block_then_they_are_about_two_pms():
    """PM 1 and one of the two in the rest block; where nobody knows which of the two, they may be about three."""
    evidence = related(2, pms=(1, 3))
    rest = block(3, is_rest=True, scope_no=UNIT, pm_count=2)
    forgotten = replace(
        evidence,
        blocks=(*evidence.blocks[:2], rest),
        cells=tuple(one for one in evidence.cells if one.scope_no != 3),
    )
    known = tuple(
        replace(one, subject_no=30 if one.relationship == DESIGN else 31) if one.block_no == 3 else one
        for one in evidence.responses
    )
    assert found(forgotten) == set()
    assert found(replace(forgotten, responses=known)) == {RELATED}


def in_two_waves(moved=(), *, is_moved_apart=False, arrived=(), others=()):
    """Six PMs of unit A in two waves; some are in B, some nowhere, in the first. Others are in B in both."""
    blocks = [
        block(
            number,
            wave_no=wave_no,
            unit_id="B" if number in (others if wave_no == 2 else (*others, *moved)) else "A",
        )
        for wave_no in (1, 2)
        for number in (*range(1, 7), *others)
        if not (wave_no == 1 and number in arrived)
    ]
    wave = sound().waves[0]
    homes = {(one.wave_no, one.unit_id) for one in blocks}
    return Evidence(
        waves=(wave, replace(wave, wave_no=2)),
        blocks=tuple(blocks),
        sums=tuple(coded(one.block_no, wave_no=one.wave_no) for one in blocks),
        cells=tuple(
            cell(
                UNIT if unit == "A" else 91,
                wave_no=wave_no,
                unit_id=unit,
                rating_count=4 * sum((one.wave_no, one.unit_id) == (wave_no, unit) for one in blocks),
            )
            for wave_no, unit in sorted(homes)
        ),
        points=(),
        responses=tuple(
            response(100 * one.wave_no + 10 * one.block_no + rater, one.block_no, rater, wave_no=one.wave_no)
            for one in blocks
            for rater in range(4)
        ),
        mixes=(
            ProvedMix(
                wave_no=2, since_wave_no=1, unit_id="A", measure_no=ITEM, is_moved_apart=is_moved_apart
            ),
        ),
    )


@pytest.mark.parametrize(
    ("what", "evidence", "attacks"),
    [
        ("all stayed", in_two_waves(), set()),
        ("three came", in_two_waves(arrived=(1, 2, 3)), set()),
        ("one came", in_two_waves(arrived=(1,)), {PMS}),
        ("three came from elsewhere", in_two_waves(moved=(1, 2, 3), is_moved_apart=True), set()),
        ("two came from elsewhere, one is new", in_two_waves(moved=(1, 2), arrived=(3,)), {PMS}),
    ],
)
def test_parts_of_a_change_when_told_then_each_has_enough_pms(what, evidence, attacks):
    assert found(evidence) == attacks, what


def test_parts_of_a_change_when_two_pms_are_in_a_hidden_unit_beside_it_then_these_are_in_no_part():
    evidence = in_two_waves(arrived=(1, 2, 3), others=(7, 8))
    assert found(evidence) == {PMS}, "the number of two PMs"
    assert found(replace(evidence, cells=tuple(one for one in evidence.cells if one.unit_id == "A"))) == set()


def test_parts_of_a_change_when_told_more_finely_then_tell_on_fewer():
    two_moved = in_two_waves(moved=(1, 2), arrived=(3,))
    without_elsewhere = replace(two_moved, cells=tuple(one for one in two_moved.cells if one.unit_id == "A"))
    assert found(without_elsewhere) == set()
    finer = tuple(replace(one, is_moved_apart=True) for one in without_elsewhere.mixes)
    assert found(replace(without_elsewhere, mixes=finer)) == {PMS}


def test_relationship_when_all_of_one_pms_raters_are_in_it_then_it_tells_on_the_others_beside_their_unit():
    """Without the designers, the unit's number is about engineers of two PMs."""
    evidence = related(2)
    responses = tuple(
        replace(one, relationship=DESIGN) if one.subject_no == 3 else one for one in evidence.responses
    )
    *others, table = evidence.cells
    (told,) = evidence.relationships
    both = replace(
        evidence,
        responses=responses,
        relationships=(replace(told, sum=replace(told.sum, rating_count=8, sum_points=Decimal(24))),),
        cells=(*others, replace(table, rating_count=8)),
    )
    assert found(both) == {RELATED}
    hidden = tuple(one for one in both.cells if one.scope_no != UNIT)
    assert found(replace(both, cells=hidden)) == set(), "where the unit's number is hidden it tells nothing"
    events = tuple(coded(number, EVENT) for number in (1, 2, 3))
    elsewhere = replace(both, cells=(*hidden, cell(UNIT, EVENT)), sums=(*both.sums, *events))
    assert found(elsewhere) == set(), "nor where it is another item's"


def test_relationship_when_a_block_did_not_release_the_item_then_its_raters_are_not_behind_it():
    """Two designers about each of PMs 1 and 2; PM 3's are about two PMs less than it seems."""
    evidence = related(2)
    *others, table = evidence.cells
    (told,) = evidence.relationships
    fewer = replace(
        evidence,
        sums=evidence.sums[:2],
        relationships=(replace(told, sum=replace(told.sum, rating_count=4, sum_points=Decimal(12))),),
        cells=(*(one for one in others if one.scope_no not in (3, UNIT)), replace(table, rating_count=4)),
    )
    assert found(fewer) == {RELATED}


def test_relationship_when_its_number_is_hidden_then_it_is_combined_with_nothing():
    evidence = related(1)
    assert found(evidence) == {RELATED}
    *others, table = evidence.cells
    hidden = replace(table, is_shown=False, is_blank=True, score=0.0, rating_count=0)
    assert found(replace(evidence, cells=(*others, hidden))) == set()


def with_a_second_item(evidence):
    """The same again for another item of the trait."""
    other = 5
    return replace(
        evidence,
        sums=(*evidence.sums, *(replace(one, measure_no=other) for one in evidence.sums)),
        cells=(
            *evidence.cells,
            *(replace(one, measure_no=other) for one in evidence.cells if one.measure_no == ITEM),
        ),
        relationships=tuple(
            replace(one, sum=replace(one.sum, measure_no=measure_no))
            for one in evidence.relationships
            for measure_no in (ITEM, other)
        ),
    )


def test_relationship_when_two_items_show_the_same_raters_then_these_are_tried_once_and_pms_twice():
    tried = [
        attack.tried
        for evidence in (related(2), with_a_second_item(related(2)))
        for attack in prove(evidence).attacks
        if attack.name == RELATED
    ]
    assert tried == [2, 3]
    assert found(with_a_second_item(related(2))) == set()


@pytest.mark.parametrize(("then", "now", "attacks"), [(1, 2, set()), (2, 1, {RELATED})])
def test_relationship_when_published_again_then_who_was_what_the_last_time_counts(then, now, attacks):
    """HR corrected of some raters which relationship they have; the numbers of today are about today's."""
    again = tuple(replace(one, release_no=2) for one in related(now).responses)
    assert found(replace(related(now), responses=(*related(then).responses, *again))) == attacks
