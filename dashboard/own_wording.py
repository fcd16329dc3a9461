"""The sentences of a PM's own results, in the reader's language: level, strength, view of oneself, plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.outcome import Outcome
from dashboard.spoken import spoken
from dashboard.wording import Change, Estimate, points, span, within
from pipeline.release import Sight, Suppressed
from pipeline.released_comment import CommentRule
from survey.expectation import Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Standout:
    """What stands out of a PM's traits: names, or "" where none does.

    `seen` are the behaviours seen most often, for where no trait stands out. `is_compared`: the
    release compared the traits; before its third format none did.
    """

    strength: str = ""
    work: str = ""
    seen: tuple[str, ...] = ()
    is_compared: bool = True


def results_title(shown: Sequence[Estimate], stand: Standout) -> str:
    """Returns the first sentence of a PM's page: level, and strength where one stands out."""
    if not shown:
        return spoken().say("mine_title_hidden")
    if stand.strength:
        return spoken().say("mine_title_strength", span=span(shown), strength=within(stand.strength))
    return spoken().say("mine_title", span=span(shown))


def standout_words(stand: Standout) -> str:
    """Returns what stands out: one strength, one thing to work on, else what is seen most often."""
    if not stand.is_compared:
        return ""
    if stand.strength and stand.work:
        return spoken().say("stand_both", strength=stand.strength, work=within(stand.work))
    if stand.strength:
        return spoken().say("stand_strength", strength=stand.strength)
    if stand.work:
        return spoken().say("stand_work", work=stand.work)
    quoted = " ".join(spoken().say("quoted", text=text) for text in stand.seen)
    often = spoken().say("stand_seen", items=quoted) if stand.seen else ""
    return f"{spoken().say('stand_none')} {often}".rstrip()


def gap_words(name: str, sight: Sight, distance: float) -> str:
    """Returns how a PM's own view of a trait differs from others', or "" where that cannot be told."""
    if sight is Sight.CANNOT_TELL:
        return ""
    key = "gap_higher" if sight is Sight.SELF_HIGHER else "gap_lower"
    return spoken().say(key, name=within(name), points=points(abs(distance)))


def guess_words(guess: float) -> str:
    """Returns the best guess beside a score, and what it is."""
    return spoken().say("guess", score=points(guess))


def expected_words(expected: Expected, latest: Estimate | Suppressed | None) -> str:
    """Returns what is expected and of whom, and where the score lies: inside its interval there is no difference."""
    told = spoken().say("expected", whom=whom_words(expected), score=points(expected.score))
    if latest is None or isinstance(latest, Suppressed) or latest.low is None or latest.high is None:
        return told
    place = "inside" if latest.low <= expected.score <= latest.high else "apart"
    return f"{told} {spoken().say(f'expected_{place}')}"


def whom_words(expected: Expected) -> str:
    """Returns of whom something is expected: `senior PMs at the growth stage`."""
    stage = spoken().say(f"stage_{expected.stage or 'any'}")
    return spoken().say(_WHOM[bool(expected.level), bool(expected.stage)], level=expected.level, stage=stage)


_WHOM = {
    (True, True): "whom_level_stage",
    (True, False): "whom_level",
    (False, True): "whom_stage",
    (False, False): "whom_all",
}


def outcome_words(outcome: Outcome) -> str:
    """Returns what may be said of a plan's item, then and now."""
    if outcome.change is Change.CANNOT_TELL and outcome.needed_points is None:
        return spoken().say("plan_no_number")
    return spoken().say(f"plan_{outcome.change}", points=points(outcome.needed_points or 0.0))


def first_wave_title(period: str, shown: Sequence[Estimate]) -> str:
    """Returns the title of a PM's first wave: what is drawn, which may be their own view alone."""
    return spoken().say("first_wave_title" if shown else "first_wave_attributed", period=period)


def comment_rule_words(rule: CommentRule) -> str:
    """Returns how words of others come to be shown, and what is left out of them."""
    return spoken().say("said_rule", k=rule.needed_submitters, authors=rule.needed_authors)


def no_comment_words(rule: CommentRule) -> str:
    """Returns why no words of others stand here: the same whether nobody wrote or too few did."""
    return spoken().say("said_nothing", k=rule.needed_submitters)
