"""One setting, many organisations: asks the statistics as publishing would, and keeps count."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bench.calibration.organisation import Floats, Setting, World, draw_world
from bench.calibration.scores import Scores, spread_of, sum_up
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.change import Changes, Question, Verdict, judge_pages
from pipeline.statistics.course import Courses, change_between, fit_to_scale, half_year_change, slope_over
from pipeline.statistics.gap import Sight, find_gaps
from pipeline.statistics.interval import pooled_interval
from pipeline.statistics.noise import estimate_noise
from pipeline.statistics.one_way import analyse_groups
from pipeline.statistics.shrinkage import guess_scores
from pipeline.statistics.standing_out import (
    Standing,
    find_standings,
    independent_traits,
    pool_trait_spread,
)

LOW, HIGH = 1.0, 5.0
_CHUNK = 50
KINDS = ("quarter", "half-year", "slope")


@dataclass(slots=True)
class Tally:
    """Hits and tries by name; also sums, for means."""

    hits: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    tries: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, name: str, is_hit: NDArray[np.bool_] | Floats, is_counted: NDArray[np.bool_]) -> None:
        """Counts one more array of outcomes."""
        self.hits[name] += float(np.where(is_counted, is_hit, 0).sum())
        self.tries[name] += float(is_counted.sum())

    def share(self, name: str) -> float:
        """Returns hits over tries; NaN without a try."""
        return self.hits[name] / self.tries[name] if self.tries[name] else float("nan")


def run_trial(setting: Setting, count: int, seed: int) -> Tally:
    """Returns what was counted over so many organisations."""
    tally, rng = Tally(), np.random.default_rng(seed)
    for start in range(0, count, _CHUNK):
        world = draw_world(setting, min(_CHUNK, count - start), rng)
        found = sum_up(world.answers)
        for place in range(len(world.answers)):
            _try_one(tally, world, found, place)
    return tally


def _try_one(tally: Tally, world: World, found: Scores, place: int) -> None:
    sigmas, degrees = _spreads(found.rater_scores[place])
    _try_scores(tally, world, found, place, sigmas, degrees)
    _try_changes(tally, world, found, place, sigmas, degrees)
    _try_standings(tally, world, found, place, sigmas, degrees)


def _spreads(rater_scores: Floats) -> tuple[Floats, int]:
    """Sigma of each wave and trait, (waves, traits), and the fewest degrees of freedom."""
    _, waves, _, traits = rater_scores.shape
    spreads = [
        [spread_of(rater_scores[:, wave, :, trait]) for trait in range(traits)] for wave in range(waves)
    ]
    known = [one for row in spreads for one in row if one is not None]
    sigmas = [[np.nan if one is None else float(one.sigma) for one in row] for row in spreads]
    return np.array(sigmas), min(one.degrees_of_freedom for one in known)


def _try_scores(tally: Tally, world: World, found: Scores, place: int, sigmas: Floats, degrees: int) -> None:
    self_raters = sqrt(1 / np.isfinite(world.answers[place, :, -1]).mean())  # they rate every item
    for trait, sigma in enumerate(sigmas[-1]):
        scores, raters = found.scores[place, :, -1, trait], found.raters[place, :, -1, trait]
        true = world.expected[place, :, -1, trait]
        is_shown = np.asarray(np.isfinite(scores), dtype=np.bool_)
        interval = pooled_interval(scores, raters, sigma=sigma, degrees_of_freedom=degrees)
        low, high = np.maximum(LOW, interval.low), np.minimum(HIGH, interval.high)
        tally.add("interval A", (low <= true) & (true <= high), is_shown)
        tally.add("width of interval A", high - low, is_shown)
        tally.add("sigma", np.array(sigma), np.array(True))
        _try_guesses(tally, scores, raters, true, found.rater_scores[place, :, -1, :, trait], sigma)
        gaps = find_gaps(
            scores,
            world.selves[place, :, trait],
            raters,
            sigma=sigma,
            degrees_of_freedom=degrees,
            self_raters=self_raters,
        )
        true_gap = true - world.expected_self[place, :, trait]
        tally.add("gap", (gaps.low <= true_gap) & (true_gap <= gaps.high), is_shown)
        tally.add("gap named", gaps.sights != Sight.CANNOT_TELL, is_shown)


def _try_guesses(
    tally: Tally, scores: Floats, raters: Floats, true: Floats, rater_scores: Floats, sigma: float
) -> None:
    subjects = np.repeat(np.arange(len(rater_scores)), rater_scores.shape[1])
    table = analyse_groups(rater_scores.reshape(-1), subjects)
    if isinstance(table, CannotTell):
        return
    guesses = guess_scores(scores, raters, within_variance=sigma**2, between_variance=table.between_variance)
    if isinstance(guesses, CannotTell):
        return
    is_shown = np.asarray(np.isfinite(guesses.points), dtype=np.bool_)
    tally.add("empirical Bayes", np.abs(guesses.points - true) <= 1.96 * guesses.errors, is_shown)
    tally.add("squared error of guesses", (guesses.points - true) ** 2, is_shown)
    tally.add("squared error of scores", (scores - true) ** 2, is_shown)


def _try_changes(tally: Tally, world: World, found: Scores, place: int, sigmas: Floats, degrees: int) -> None:
    questions = tuple(_questions(found, place, sigmas, degrees))
    answers = judge_pages(*questions)
    true = _true_courses(world.expected[place])
    is_named = np.zeros(len(true[0]), dtype=np.bool_)
    is_asked = np.zeros(len(true[0]), dtype=np.bool_)
    is_changed = np.asarray(world.is_shifted.any(axis=1), dtype=np.bool_)
    for kind, question, answer, change in zip(KINDS, questions, answers, true, strict=True):
        is_measured = question.courses.is_measured
        is_hit = (answer.low <= change) & (change <= answer.high)
        tally.add(kind, is_hit, is_measured & ~is_changed[:, None])
        tally.add(f"{kind} measured", is_measured, np.ones_like(is_measured))
        tally.add(f"{kind} factor", np.array(question.noise.factor), np.array(True))
        tally.add(f"{kind} needed", answer.needed_points, is_measured)
        tally.add(f"{kind} steady", answer.verdicts == Verdict.STEADY, is_measured)
        tally.add(f"{kind} found", _is_real(answer, change), world.is_shifted & is_measured)
        is_named |= ((answer.verdicts == Verdict.RISEN) | (answer.verdicts == Verdict.FALLEN)).any(axis=1)
        is_asked |= is_measured.any(axis=1)
    tally.add("alarm", is_named, is_asked & ~is_changed)


def _questions(found: Scores, place: int, sigmas: Floats, degrees: int) -> Iterator[Question]:
    """What a page asks for: the last quarter, the last half-year, the slope; one family."""
    recent = _by_trait(found.recent_scores[place]), _by_trait(found.recent_raters[place])
    line = _by_trait(found.line_scores[place]), _by_trait(found.line_raters[place])
    waves = sigmas.shape[0]
    for kind, (first, courses) in {
        "quarter": (waves - 2, change_between(*recent)),
        "half-year": (0, half_year_change(*line)),
        "slope": (0, slope_over(*line, np.arange(waves))),
    }.items():
        pooled = np.sqrt((sigmas[first:] ** 2).mean(axis=0))
        fitted = fit_to_scale(courses, low=LOW, high=HIGH)
        yield Question(
            courses=fitted,
            sigmas=pooled,
            noise=estimate_noise(fitted, pooled, degrees),
            steady_points=0.5 if kind != "slope" else 0.25,
        )


def _by_trait(values: Floats) -> Floats:
    """(subjects, waves, traits) to (subjects, traits, waves)."""
    return np.moveaxis(values, 1, 2)


def _true_courses(expected: Floats) -> tuple[Floats, Floats, Floats]:
    true = _by_trait(expected)
    many = np.full_like(true, 100.0)
    found: tuple[Courses, ...] = (
        change_between(true, many),
        half_year_change(true, many),
        slope_over(true, many, np.arange(true.shape[-1])),
    )
    return found[0].points, found[1].points, found[2].points


def _is_real(answer: Changes, change: Floats) -> NDArray[np.bool_]:
    right = np.where(change > 0, Verdict.RISEN, Verdict.FALLEN)
    return np.asarray(answer.verdicts == right, dtype=np.bool_)


def _try_standings(
    tally: Tally, world: World, found: Scores, place: int, sigmas: Floats, degrees: int
) -> None:
    rater_scores = found.rater_scores[place, :, -1]
    subjects = np.repeat(np.arange(len(rater_scores)), rater_scores.shape[1])
    spread = pool_trait_spread(rater_scores.reshape(-1, rater_scores.shape[-1]), subjects)
    if isinstance(spread, CannotTell):
        spread = independent_traits(sigmas[-1], degrees)
    contrasts = find_standings(found.scores[place, :, -1], found.raters[place, :, -1], spread)
    expected = world.expected[place, :, -1]
    is_shown = np.asarray(np.isfinite(contrasts.low), dtype=np.bool_)
    true = expected - expected.mean(axis=1, keepdims=True)
    is_whole = is_shown.all(axis=1, keepdims=True) & is_shown
    tally.add("contrast", (contrasts.low <= true) & (true <= contrasts.high), is_whole)
    is_page = np.asarray(is_shown.any(axis=1), dtype=np.bool_)
    is_strength = contrasts.standings == Standing.STRENGTH
    is_growth = contrasts.standings == Standing.TO_WORK_ON
    tally.add("has a strength", is_strength.any(axis=1), is_page)
    tally.add("stands out", (is_strength | is_growth).any(axis=1), is_page)
    wrong = (is_strength & (true < 0)) | (is_growth & (true > 0))
    tally.add("wrong side", wrong, (is_strength | is_growth) & is_whole)
