"""What makes each kind of number: the SQL files and functions that run for it, in their order.

The names are held against the code by a test, which fails where one is renamed.
"""

from pipeline.numbers import ORGANISATION, NumberName
from pipeline.release import Group, Measure

_SUMS = "sql/marts/item.sql"
_SCORING = ("sql/publish/item_score.sql", "sql/publish/trait_score.sql", "sql/publish/cell.sql")
_HIDING = ("sql/publish/hidden.sql", "sql/publish/cell.sql")
_COUNTING = ("sql/publish/favourable_count.sql", "pipeline.statistics.favourable.favourable_shares")
_RELIABILITY = "pipeline.statistics.reliability.estimate_reliability"
_BLOCKS = ("pipeline.disclosure.blocks.form_blocks", "sql/publish/block_item.sql")
_DECIDED = {
    "unit": ("pipeline.disclosure.units.decide_units",),
    "slice": ("pipeline.disclosure.slices.decide_slices",),
    "relationship": ("pipeline.disclosure.relationships.decide_relationships",),
}
_WORTH = ("pipeline.statistics.interval.effective_raters", "pipeline.statistics.interval.margin_of_one")
_TOLD = ("sql/publish/told.sql", "sql/publish/told_load.sql")
_LINES = (*_TOLD, "pipeline.publishing.lines.follow")
_JUDGED = ("pipeline.statistics.noise.estimate_noise", "pipeline.statistics.change.judge_pages")
_GROUPS = (
    "sql/publish/rater_score.sql",
    "sql/publish/trait_group.sql",
    "pipeline.statistics.one_way.analyse_sums",
)
_VALUES = ("sql/publish/trait_value.sql",)
_GUESSED = (*_VALUES, *_GROUPS, "pipeline.statistics.shrinkage.guess_scores")
_STANDING = (
    *_VALUES,
    "sql/publish/rater_score.sql",
    "pipeline.statistics.standing_out.pool_trait_spread",
    "pipeline.statistics.standing_out.find_standings",
)
_WORST = ("pipeline.disclosure.response_share.told_shares", "pipeline.statistics.nonresponse.worst_case")
_TALLIED = "pipeline.disclosure.tally.tell_units"

_DERIVED = {
    "line": (*_LINES, *_WORTH, "sql/publish/line.sql"),
    "change/quarter": (*_TOLD, "pipeline.statistics.course.change_between", *_JUDGED),
    "change/half_year": (*_TOLD, "pipeline.statistics.course.half_year_change", *_JUDGED),
    "change/slope": (
        *_LINES,
        "sql/publish/course_line.sql",
        "pipeline.statistics.course.slope_over",
        *_JUDGED,
    ),
    "gap": (*_VALUES, "pipeline.statistics.gap.find_gaps"),
    "standing": _STANDING,
    "best_guess": _GUESSED,
    "mix": (*_TOLD, "pipeline.disclosure.mix.decide_mixes", "pipeline.statistics.mix.split_change"),
    "nonresponse": ("sql/publish/unit_trait.sql", *_WORST),
    "distribution": (*_GUESSED, "pipeline.statistics.distribution.place_in_bins", _TALLIED),
    "strengths": (*_STANDING, "pipeline.statistics.standing_out.pick_most_distinct", _TALLIED),
}


def makers_of(name: NumberName, *, is_shown: bool) -> tuple[str, ...]:
    """Returns the SQL files and functions that made a number, or that decided to hide it."""
    if name.about == ORGANISATION:
        return (*_GROUPS, _RELIABILITY)
    units = _DECIDED.get(name.about, ())
    if not is_shown and name.kind != "mix":
        return (_BLOCKS[0], *units, *_HIDING)
    if name.kind == "favourable":
        return (_SUMS, *_BLOCKS, *units, *_COUNTING)
    return (*_score(name, units), *_DERIVED.get(name.kind, ()))


def _score(name: NumberName, units: tuple[str, ...]) -> tuple[str, ...]:
    is_own = name.kind in (Group.SELF.value, Group.MANAGER.value)
    item, trait, cell = _SCORING
    blocks = () if is_own else _BLOCKS
    if name.measure is not Measure.TRAIT:
        return (_SUMS, *blocks, *units, item, cell)
    return (_SUMS, *blocks, *units, item, *(() if is_own else _WORTH), trait, cell)


def all_makers() -> frozenset[str]:
    """Returns every name that any number is said to be made by."""
    found = {*_BLOCKS, *_WORTH, *_GROUPS, *_HIDING, *_SCORING, *_COUNTING, _SUMS, _RELIABILITY}
    return frozenset(found.union(*_DERIVED.values(), *_DECIDED.values()))
