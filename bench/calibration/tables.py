"""The page of calibration: what was tried, in tables, with what follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.calibration.organisation import CEILING, HARD_CEILING, MIDDLE, Setting
from bench.calibration.trial import KINDS, Tally

SHOWN = ("interval A", "gap", *KINDS, "contrast")
LOWEST, HIGHEST = 0.93, 0.97
MOST_ALARMS = 0.05
LEAST_FOUND = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting and what was counted in it."""

    setting: Setting
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that the page tells; `units` by load of raters."""

    count: int
    main: Sequence[Row]
    power: Sequence[Row]
    small: Sequence[Row]
    exposure: Sequence[Row]
    hard: Sequence[Row]
    units: dict[int, Tally]
    alpha: Tally
    demo: Tally


def render_page(results: Results) -> str:
    """Returns docs/calibration.md."""
    return "\n\n".join(
        [
            _HEAD.format(count=results.count),
            _table(_COVERAGE_HEAD, map(_coverage, results.main)),
            _ALARM_TEXT,
            _table(_ALARM_HEAD, map(_alarm, results.main)),
            _GUESS_TEXT,
            _table(_GUESS_HEAD, map(_guess, results.main)),
            _POWER_TEXT,
            _table(_POWER_HEAD, map(_power, results.power)),
            _STANDING_TEXT,
            _table(_STANDING_HEAD, map(_standing, results.main)),
            _OTHER_TEXT,
            _table(_COVERAGE_HEAD, map(_coverage, results.small)),
            _EXPOSURE_TEXT,
            _table(("not observed", *_COVERAGE_HEAD), map(_exposed, results.exposure)),
            _HARD_TEXT,
            _table((*_COVERAGE_HEAD, "alarms %"), map(_with_alarms, results.hard)),
            _GROUP_TEXT,
            _table(_GROUP_HEAD, (_group(load, tally) for load, tally in results.units.items())),
            _ALPHA_TEXT.format(share=_percent(results.alpha.share("alpha"))),
            _demo(results.demo),
            _mixes(results.demo),
        ]
    )


def problems(results: Results) -> list[str]:
    """Returns what is not as promised where any policy shows anything: from three raters on."""
    found = []
    for row in results.main:
        where = f"{row.setting.raters} raters, ICC {row.setting.icc}, mean {row.setting.mean}"
        for name in SHOWN:
            share = row.tally.share(name)
            if not LOWEST <= share <= HIGHEST:
                found.append(f"{where}: {name} covers {share:.3f}")
        if row.tally.share("alarm") > MOST_ALARMS:
            found.append(f"{where}: {row.tally.share('alarm'):.3f} of pages alarm")
        if _share_of_error(row.tally) >= 1:
            found.append(f"{where}: guesses are worse than scores")
    return [*found, *_problems_of_demo(results.demo)]


def _problems_of_demo(demo: Tally) -> list[str]:
    is_kept = {
        "too few of the demo's planted changes are called real": demo.share("planted, six raters or more")
        >= LEAST_FOUND,
        "the move of the demo's team is called mix too seldom": demo.share("move called mix") >= LEAST_FOUND,
        "the move of the demo's team is called a change too often": demo.share("move called change")
        <= MOST_ALARMS,
        "the interval of mixes does not cover as it says": LOWEST <= demo.share("mix covers") <= HIGHEST,
    }
    return [problem for problem, kept in is_kept.items() if not kept]


def _share_of_error(tally: Tally) -> float:
    return tally.share("squared error of guesses") / tally.share("squared error of scores")


def _coverage(row: Row) -> tuple[str, ...]:
    return (*_setting(row.setting), *(_percent(row.tally.share(name)) for name in SHOWN))


def _exposed(row: Row) -> tuple[str, ...]:
    return (f"{row.setting.not_observed_share:.0%}", *_coverage(row))


def _with_alarms(row: Row) -> tuple[str, ...]:
    return (*_coverage(row), _percent(row.tally.share("alarm")))


def _alarm(row: Row) -> tuple[str, ...]:
    tally = row.tally
    shares = (_percent(tally.share(name)) for name in ("alarm", *(f"{kind} measured" for kind in KINDS)))
    needed = (f"{tally.share(f'{kind} needed'):.2f}" for kind in KINDS)
    return (*_setting(row.setting), *shares, f"{tally.share('quarter factor'):.2f}", *needed)


def _guess(row: Row) -> tuple[str, ...]:
    errors = (row.tally.share(f"squared error of {name}") ** 0.5 for name in ("scores", "guesses"))
    return (
        *_setting(row.setting),
        *(f"{error:.3f}" for error in errors),
        f"{_share_of_error(row.tally):.0%}",
        _percent(row.tally.share("empirical Bayes")),
    )


def _power(row: Row) -> tuple[str, ...]:
    shares = (_percent(row.tally.share(f"{kind} found")) for kind in KINDS[:2])
    return (f"{row.setting.raters}", f"{row.setting.shift:.1f}", *shares)


def _standing(row: Row) -> tuple[str, ...]:
    names = "has a strength", "stands out", "wrong side"
    return (*_setting(row.setting), *(_percent(row.tally.share(name)) for name in names))


def _group(load: int, tally: Tally) -> tuple[str, ...]:
    names = "unit", "unit, overlap ignored", "favourable"
    return (f"{load}", *(_percent(tally.share(name)) for name in names))


def _demo(tally: Tally) -> str:
    return _DEMO_TEXT.format(
        sure=_percent(tally.share("planted, six raters or more")),
        sure_count=int(tally.tries["planted, six raters or more"]),
        all=_percent(tally.share("planted")),
        all_count=int(tally.tries["planted"]),
        alarm=_percent(tally.share("alarm")),
        alarm_count=int(tally.tries["alarm"]),
    )


def _mixes(tally: Tally) -> str:
    shares = "move told", "move called mix", "move called change", "real change covers", "mix covers"
    counts = "move told", "move called mix", "real change covers", "mix covers"
    return _MIX_TEXT.format(
        **{name.replace(" ", "_"): _percent(tally.share(name)) for name in shares},
        **{f"{name.replace(' ', '_')}_count": int(tally.tries[name]) for name in counts},
    )


def _setting(setting: Setting) -> tuple[str, str, str]:
    names = {MIDDLE: "middle", CEILING: "ceiling", HARD_CEILING: "hard ceiling"}
    return f"{setting.raters}", f"{setting.icc:.2f}", names[setting.mean]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_PLACE = ("raters", "ICC(1)", "scores lie")
_COVERAGE_HEAD = (*_PLACE, *SHOWN)
_ALARM_HEAD = (
    *_PLACE, "alarms %", "quarter %", "half-year %", "slope %", "noise factor",
    "quarter ±", "half-year ±", "slope ±",
)  # fmt: skip
_GUESS_HEAD = (*_PLACE, "error of scores", "error of best guesses", "squared, of scores'", "coverage %")
_POWER_HEAD = ("raters", "true change", "found by the quarter %", "found by the half-year %")
_STANDING_HEAD = (*_PLACE, "has a strength %", "any trait stands out %", "wrong side %")
_GROUP_HEAD = ("PMs per rater", "unit %", "unit, overlap ignored %", "favourable share of an item %")

_HEAD = """\
# Calibration

Made by `make calibrate` from `bench/calibration`; do not edit. A short version runs in `make test`.

Organisations are made up, so what is true is known: 40 PMs, six traits of four items, answers from 1 to 5, four waves, 15 %
"not enough exposure", a quarter of the raters replaced each wave, halo and lasting views as in `survey/synthesis/model.py`. {count:,}
organisations stand behind each row of the first three tables, of traits that stand out and of units, half as many behind twelve PMs and
alpha, a quarter behind the others. Everything goes the way of publishing: coded sums, items with at least three ratings,
the spread rounded to two digits. "Middle" has a mean of 3.6, "ceiling" of 4.2, where more than a third of the answers are the highest point.
The ICC(1) is of one rater's trait score before answers are rounded to points.

## Coverage of the intervals that are shown

How often the 95 % interval held the truth, in per cent. Each must be between 93 and 97, with three raters too, the least that any policy
allows. The truth is the mean rating that raters without number would give."""
_ALARM_TEXT = """\
## Pages without a true change

Nothing changed in these organisations. "Alarms": pages on which anything at all is called risen or fallen, of eighteen changes
in one family (six traits: quarter, half-year, slope); at most 5. Then the share of changes that could be measured, the noise
factor of a quarter's change (1: raters as if they were different people each time), and how large a change had to be to count
if it stood alone, in scale points (a slope's per wave): the smallest detectable change."""
_GUESS_TEXT = """\
## Best guesses

Empirical Bayes beside the raw score: root mean squared errors in scale points, the squared error as a share of the scores', and
how often its own 95 % interval held the truth. It is shown as a point, because that last column is not what it says everywhere."""
_POWER_TEXT = """\
## Which true changes are found

In every tenth PM one trait changed between the last two waves by so many points of the underlying scale, around its middle; in per
cent, called real in the right direction on a page with eighteen changes. ICC(1) .26, middle."""
_STANDING_TEXT = """\
## Traits that stand out

Shares of pages with a strength, and with a strength or a thing to work on; and of the traits that were named, how many
truly lie on the other side of the PM's own mean."""
_OTHER_TEXT = """\
## Organisations of twelve PMs

Too few for noise learnt from changes: raters count as different people each time. That is cautious on purpose, so intervals
of changes hold the truth more often than they say; the others are to be between 93 and 97."""
_EXPOSURE_TEXT = """\
## More and less exposure

The same coverage where nobody, and where three in ten, have not enough exposure for an item."""
_HARD_TEXT = """\
## A hard ceiling

A mean of 4.5, where half of all answers are the highest point: an instrument that asks too little. Scores of those at the end
hardly vary, of the few in the middle more than the pooled spread says, and three raters are then too few for it to even out."""
_GROUP_TEXT = """\
## Units

A unit of four PMs with six raters each, where a rater answers about so many of them: the unit's interval with the design effect
of `allow_for_overlap`, without it, and Wilson's interval of an item's favourable share."""
_ALPHA_TEXT = """\
## Alpha

Feldt's interval of alpha, with responses counted for what the jackknife over PMs finds them worth, held the truth in {share} %
of organisations of 40 PMs with eight raters each."""
_DEMO_TEXT = """\
## The demo's planted changes

Over the seeds tried, {sure} % of the {sure_count:,} planted changes of PMs with six raters or more in both quarters were called real in
the right direction (at least 80 are asked for), {all} % of all {all_count:,} that could be measured; {alarm} % of {alarm_count:,} other
pages alarmed. True scores drift there a little every quarter, so some of those are right.
"""
_MIX_TEXT = """\
## The move that is planted in the demo

In one quarter the team with the best taste leaves its unit, and nobody who stays changes. Decided and worked out by the functions that publishing
uses: in {move_told} % of {move_told_count} organisations the rules let the unit's change be taken apart. Of these {move_called_mix_count} the
fall was called mix in {move_called_mix} % (at least 80 are asked for), and a real change in {move_called_change} % (at most 5). Of all changes of all units
that could be taken apart, the interval of the real change held the truth in {real_change_covers} % of {real_change_covers_count}: it takes raters for other people each time, so
it is cautious; that of the mix in {mix_covers} % of {mix_covers_count}, to be between 93 and 97.
"""
