"""What is known of a small release that tells on nobody, for tests that change one thing and attack it."""

from decimal import Decimal

from pipeline.disclosure.comment_proof import ProvedComment, ProvedCommentRule
from pipeline.disclosure.evidence import (
    Evidence,
    ProvedBlock,
    ProvedCell,
    ProvedPoint,
    ProvedSum,
    ProvedWave,
    Response,
)
from pipeline.disclosure.proof import ATTACKERS, prove

IN_BLOCK, RATERS, PMS, RELATED, BLOCKS, ALIKE, HIDDEN, WORDS, PLACES, ANSWERED = ATTACKERS
TASTE, ITEM, EVENT = 1, 2, 3
UNIT = 90


def block(number, **more):
    values = {
        "wave_no": 1,
        "block_no": number,
        "is_rest": False,
        "scope_no": number,
        "unit_id": "A",
        "rater_count": 4,
        "pm_count": 1,
    }
    return ProvedBlock(**values | more)


def coded(number, measure_no=ITEM, points=12, **more):
    values = {
        "wave_no": 1,
        "block_no": number,
        "measure_no": measure_no,
        "rating_count": 4,
        "sum_points": Decimal(points),
        "favourable_count": 2,
        "low": Decimal(1),
        "high": Decimal(5),
    }
    return ProvedSum(**values | more)


def cell(scope_no, measure_no=ITEM, score=3.0, **more):
    values = {
        "wave_no": 1,
        "scope_no": scope_no,
        "scope": "unit" if scope_no == UNIT or more.get("unit_id") else "subject",
        "unit_id": "A" if scope_no == UNIT else "",
        "measure_no": measure_no,
        "trait_no": TASTE if measure_no == ITEM else 0,
        "is_shown": True,
        "score": score,
        "rating_count": 12 if scope_no == UNIT else 4,
        "pm_count": 1,
        "is_blank": False,
    }
    return ProvedCell(**values | more)


def response(number, block_no, rater, **more):
    values = {
        "wave_no": 1,
        "release_no": 1,
        "block_no": block_no,
        "subject_no": block_no,
        "response_no": number,
        "content_no": number,
        "rater": rater,
    }
    return Response(**values | more)


def sound():
    """Three PMs of one unit with four raters each: one item, its trait, one line."""
    numbers = (1, 2, 3)
    return Evidence(
        waves=(ProvedWave(wave_no=1, wave_id="team/2026Q1", policy_hash="", min_raters=4, min_pms=3),),
        blocks=tuple(map(block, numbers)),
        sums=tuple(map(coded, numbers)),
        cells=(
            *(cell(scope_no) for scope_no in (*numbers, UNIT)),
            *(cell(scope_no, TASTE) for scope_no in (*numbers, UNIT)),
            cell(4, is_shown=False, is_blank=True, score=0.0, rating_count=0),
        ),
        points=(ProvedPoint(scope_no=1, trait_no=TASTE, segment_no=1, wave_no=1, score=3.0),),
        responses=tuple(response(10 * no + rater, no, rater) for no in numbers for rater in range(4)),
        comments=tuple(comment(no) for no in (1, 2)),
        comment_rules=(ProvedCommentRule(wave_no=1, needed_submitters=5, needed_authors=2),),
    )


def comment(number, **more):
    values = {
        "wave_no": 1,
        "scope_no": 1,
        "comment_no": number,
        "is_signed": False,
        "written_wave_no": 1,
        "response_no": number,
        "is_known": False,
        "rater_count": 5,
    }
    return ProvedComment(**values | more)


def found(evidence):
    return {attack.name for attack in prove(evidence).attacks if attack.found}
