"""What makes each kind of number: the SQL files and functions that run for it, in their order.

The names are held against the code by a test, which fails where one is renamed.
"""

from pipeline.numbers import ORGANISATION, NumberName
from pipeline.release import Group, Measure

_BLOCKS = ("pipeline.disclosure.blocks.form_blocks", "sql/publish/block_item.sql")
_UNITS = ("pipeline.disclosure.units.decide_units",)
_WORTH = ("pipeline.statistics.interval.effective_raters", "pipeline.statistics.interval.margin_of_one")
_COURSES = ("sql/publish/course_item.sql", "sql/publish/course_load.sql")
_JUDGED = ("pipeline.statistics.noise.estimate_noise", "pipeline.statistics.change.judge_pages")
_GROUPS = ("sql/marts/trait.sql", "sql/publish/trait_group.sql", "pipeline.statistics.one_way.analyse_sums")
_VALUES = ("sql/publish/trait_value.sql",)
_GUESSED = (*_VALUES, *_GROUPS, "pipeline.statistics.shrinkage.guess_scores")
_STANDING = (
    *_VALUES,
    "sql/publish/rater_score.sql",
    "pipeline.statistics.standing_out.pool_trait_spread",
    "pipeline.statistics.standing_out.find_standings",
)
_TALLIED = "pipeline.disclosure.tally.code_tally"

_DERIVED = {
    "line": ("sql/publish/line_point.sql", *_WORTH, "sql/publish/line.sql"),
    "change/quarter": (*_COURSES, "pipeline.statistics.course.change_between", *_JUDGED),
    "change/half_year": (*_COURSES, "pipeline.statistics.course.half_year_change", *_JUDGED),
    "change/slope": (
        "sql/publish/line_point.sql",
        "sql/publish/course_line.sql",
        "pipeline.statistics.course.slope_over",
        *_JUDGED,
    ),
    "gap": (*_VALUES, "pipeline.statistics.gap.find_gaps"),
    "standing": _STANDING,
    "best_guess": _GUESSED,
    "mix": (*_COURSES, "pipeline.disclosure.mix.decide_mixes", "pipeline.statistics.mix.split_change"),
    "distribution": (*_GUESSED, "pipeline.statistics.distribution.count_in_bins", _TALLIED),
    "strengths": (*_STANDING, "pipeline.statistics.coverage.count_strengths", _TALLIED),
}


def makers_of(name: NumberName, *, is_shown: bool) -> tuple[str, ...]:
    """Returns the SQL files and functions that made a number, or that decided to hide it."""
    if name.about == ORGANISATION:
        return (*_GROUPS, "pipeline.statistics.reliability.estimate_reliability")
    units = _UNITS if name.about == "unit" else ()
    if not is_shown:
        return (_BLOCKS[0], *units, "sql/publish/hidden.sql", "sql/publish/cell.sql")
    if name.kind == "favourable":
        counted = ("sql/publish/favourable_count.sql", "pipeline.statistics.favourable.favourable_shares")
        return ("sql/marts/item.sql", *_BLOCKS, *units, *counted)
    return (*_score(name, units), *_DERIVED.get(name.kind, ()))


def _score(name: NumberName, units: tuple[str, ...]) -> tuple[str, ...]:
    is_own = name.kind in (Group.SELF.value, Group.MANAGER.value)
    trait = ("sql/publish/trait_score.sql",) if name.measure is Measure.TRAIT else ()
    interval = () if is_own or not trait else _WORTH
    blocks = () if is_own else _BLOCKS
    return (
        "sql/marts/item.sql",
        *blocks,
        *units,
        "sql/publish/item_score.sql",
        *interval,
        *trait,
        "sql/publish/cell.sql",
    )
