"""Numbers and states in words, in the reader's language: second person, present tense, kind and exact.

Everything here is a pure function of what a release holds and of the texts in `survey/text/`. A
sentence never claims more than its numbers carry: a change is only said where the release judged it real.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dashboard.spoken import spoken
from pipeline.release import Cell, Group, Measure, Reason, Released, ReleasedWave, Suppressed
from survey.instrument import Item, ResponseScale, Text, Trait
from survey.language import MEASURE

NOT_SHOWN = "not shown"

_SHORT = ("taste", "honesty", "clarity", "focus")
"""The four front traits have a short name on pages; every other trait goes by its title."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@/\"'])")


class Estimate(Protocol):
    """A score with its interval: a released cell or a point of a line."""

    @property
    def score(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def rater_count(self) -> int: ...


class Change(StrEnum):
    """What a page says of a trait over time; the value is the end of a text's key."""

    RISEN = "risen"
    FALLEN = "fallen"
    STEADY = "steady"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a trait moved: `since` is the period it is compared with, "" where there is none yet.

    `name` is the trait's within a sentence. `needed_points`: from which change on it could be told,
    or None where nothing was judged.
    """

    name: str
    change: Change
    since: str
    needed_points: float | None = None

    @property
    def is_real(self) -> bool:
        return self.change in (Change.RISEN, Change.FALLEN)


def said(text: Text) -> str:
    """Returns a text of an instrument in the reader's language, else in English, else in its first."""
    return text.get(spoken().language) or text.get(MEASURE) or next(iter(text.values()), "")


def trait_name(trait: Trait) -> str:
    """Returns what a page calls a trait."""
    return spoken().say(f"trait_{trait.trait_id}") if trait.trait_id in _SHORT else said(trait.title)


def within(name: str) -> str:
    """Returns a trait's name as it stands inside a sentence.

    >>> within("Precise communication")
    'precise communication'
    """
    return name.lower() if spoken().say("names_within") == "lower" else name


def points(value: float) -> str:
    """Returns a score with one decimal; more would pretend a precision that is not there.

    >>> points(3.949)
    '3.9'
    """
    return f"{value:.1f}".replace(".", spoken().say("decimal_mark"))


def signed(value: float) -> str:
    """Returns a difference in scale points with its sign, and never a minus zero.

    >>> signed(0.42), signed(-0.61), signed(-0.01)
    ('+0.4', '−0.6', '0.0')
    """
    rounded = round(value, 1) + 0.0
    return points(rounded) if not rounded else f"{'+' if rounded > 0 else '−'}{points(abs(rounded))}"


def share(value: float) -> str:
    """Returns a share 0..1 as whole per cent.

    >>> share(0.714)
    '71 %'
    """
    return spoken().say("score_share", share=f"{value * 100:.0f}")


def with_interval(estimate: Estimate) -> str:
    """Returns a score and its interval: `3.9 (3.4 to 4.4)`; a single rating has no interval."""
    score, bound = points(estimate.score), getattr(estimate, "bound", "")
    if bound:
        return spoken().say(_BOUNDS[bound], score=score)
    if estimate.low is None or estimate.high is None:
        return score
    low, high = points(estimate.low), points(estimate.high)
    return spoken().say("score_interval", score=score, low=low, high=high)


_BOUNDS = {"low": "score_at_most", "high": "score_at_least"}


def scale_words(scale: ResponseScale) -> str:
    """Returns the ends of a scale: `scale 1 to 5`."""
    return spoken().say("score_scale", low=f"{float(scale.low):g}", high=f"{float(scale.high):g}")


def scale_labels(scale: ResponseScale) -> tuple[str, ...]:
    """Returns the labels of a scale in the reader's language, else in English, else in its first."""
    labels = scale.labels
    return labels.get(spoken().language) or labels.get(MEASURE) or next(iter(labels.values()), ())


def counted(counts: Sequence[int]) -> str:
    """Returns how many answered, as a range where it differs: `n = 6 to 8`."""
    if not counts:
        return ""
    low, high = min(counts), max(counts)
    return (
        spoken().say("score_n", count=low)
        if low == high
        else spoken().say("score_n_range", low=low, high=high)
    )


def why_hidden(reason: Reason, *, min_raters: int, min_pms: int) -> str:
    """Returns why a number is not shown and what would show it; never how many answered."""
    return spoken().say(f"why_{reason.value}", k=min_raters, s=min_pms)


def cell_words(cell: Cell | None) -> str:
    """Returns the shortest true words for a cell: its score, `not shown`, or `no answer`."""
    match cell:
        case None:
            return spoken().say("no_answer")
        case Suppressed():
            return spoken().say("not_shown")
        case Released():
            return with_interval(cell)


def trait_title(name: str, latest: Estimate | Suppressed | None, moved: Change, since: str) -> str:
    """Returns the finding of one trait, as the title of its figure."""
    match latest:
        case None:
            return spoken().say("title_not_asked", name=name)
        case Suppressed():
            return spoken().say("title_hidden", name=name)
        case _:
            return spoken().say(f"title_{moved}", name=name, since=since, score=with_interval(latest))


def verdict_words(moved: Change, since: str) -> str:
    """Returns the verdict on a change in a few words; "" where there is nothing to compare with."""
    return spoken().say(f"verdict_{moved}") if since else ""


def listed(names: Sequence[str]) -> str:
    """Returns names as a list in a sentence.

    >>> listed(("taste", "clarity", "focus"))
    'taste, clarity and focus'
    """
    if len(names) < 2:  # noqa: PLR2004 - one name needs no "and"
        return "".join(names)
    return f"{', '.join(names[:-1])}{spoken().say('list_and')}{names[-1]}"


def capital(text: str) -> str:
    """Returns a sentence with its first letter large, whatever the rest holds.

    >>> capital("what PMs do")
    'What PMs do'
    """
    return text[:1].upper() + text[1:]


def span(shown: Sequence[Estimate]) -> str:
    """Returns where scores lie: `at 3.4`, or `between 3.4 and 4.1`."""
    low = points(min(estimate.score for estimate in shown))
    high = points(max(estimate.score for estimate in shown))
    return (
        spoken().say("span_at", low=low) if low == high else spoken().say("span_between", low=low, high=high)
    )


def moves_sentence(moves: Sequence[Move]) -> str:
    """Returns what changed for real, in one sentence without its capital; "" where nothing did."""
    parts = []
    for kind, since in dict.fromkeys((move.change, move.since) for move in moves if move.is_real):
        names = [move.name for move in moves if (move.change, move.since) == (kind, since)]
        parts.append(spoken().count(f"moved_{kind}", len(names), names=listed(names), since=since))
    return spoken().say("moved_join").join(parts)


def change_note(moves: Sequence[Move]) -> str:
    """Returns what can be said about change, trait by trait, and what would make the rest tellable."""
    compared = [move for move in moves if move.since]
    if not compared:
        return spoken().say("change_first")
    real = moves_sentence(compared)
    steady = [move.name for move in compared if move.change is Change.STEADY]
    parts = [
        spoken().say("change_real", moves=capital(real)) if real else "",
        spoken().count("change_steady", len(steady), names=capital(listed(steady))) if steady else "",
        _open_sentence([move for move in compared if move.change is Change.CANNOT_TELL]),
    ]
    return " ".join(part for part in parts if part)


def _open_sentence(moves: Sequence[Move]) -> str:
    if not moves:
        return ""
    needed = [move.needed_points for move in moves if move.needed_points is not None]
    larger = spoken().say("change_larger")
    if needed:
        larger = spoken().say("change_larger_points", points=points(max(needed)))
    return spoken().say("change_open", names=listed([move.name for move in moves]), larger=larger)


def escape_markdown(text: str) -> str:
    """Returns text that Markdown shows as it is: no image is loaded, no link or markup made."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def item_text(item: Item) -> str:
    """Returns what was asked, with a mark where the score was turned round."""
    text = said(item.text or item.text_self)
    return spoken().say("item_turned", text=text) if item.is_reverse else text


def event_words(cell: Cell) -> str:
    """Returns what share said that it happened."""
    if isinstance(cell, Suppressed):
        return spoken().say("event_hidden")
    told, n = share(cell.score), counted((cell.rater_count,))
    if cell.low is None or cell.high is None:
        return spoken().say("event_share", share=told, n=n)
    return spoken().say("event_interval", share=told, low=share(cell.low), high=share(cell.high), n=n)


def unit_title(unit: str, shown: Sequence[Estimate], moves: Sequence[Move]) -> str:
    """Returns the headline of a unit's page: what is real first, else where the scores lie."""
    if not shown:
        return spoken().say("unit_title_hidden", unit=unit)
    real = moves_sentence(moves)
    if real:
        return f"{unit}: {real}"
    names = listed([move.name for move in moves])
    return spoken().count("unit_title", len(moves), unit=unit, names=names, span=span(shown))


def instrument_title(about: str, period: str, cells: Sequence[Cell]) -> str:
    """Returns the headline of an instrument's page: where its scores lie; `about` names a unit, or is ""."""
    shown = [cell for cell in cells if isinstance(cell, Released) and cell.key.measure is Measure.TRAIT]
    others = [cell for cell in shown if cell.key.group is Group.OTHERS]
    if others:
        key = "instrument_title_unit" if about else "instrument_title"
        return spoken().say(key, unit=about, span=span(others), period=period)
    return spoken().say("instrument_title_own" if shown else "instrument_title_hidden", period=period)


def area_title(area: str, estimates: Sequence[Estimate]) -> str:
    """Returns the title of one area's figure: where its scores lie."""
    if not estimates:
        return spoken().say("area_title_hidden", area=area)
    return spoken().say("area_title", area=area, span=span(estimates))


def many(count: int) -> str:
    """Returns a count with its thousands apart, as the reader's language writes them.

    >>> many(1204)
    '1,204'
    """
    return f"{count:,}".replace(",", spoken().say("thousands_mark"))


def waiting_words(wave: ReleasedWave) -> str:
    """Returns from which day pages of units show a wave."""
    day = spoken().day(wave.unit_date)
    return spoken().say("waiting_wave", period=wave.period, campaign=wave.campaign, day=day)
