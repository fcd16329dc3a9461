"""Numbers and states in words: second person, present tense, kind and exact.

Everything here is a pure function of what a release holds. A sentence never claims more than its
numbers carry: a change is only said where the release judged it real.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipeline.release import Cell, Group, Measure, Reason, Released, ReleasedWave, Sight, Suppressed
from pipeline.released_comment import CommentRule
from survey.instrument import Item, ResponseScale, Text, Trait

NOT_SHOWN = "not shown"
HIDDEN = "not shown, to protect the people who answered"
NOT_ASKED = "no answer"

SHORT_NAMES: dict[str, str] = {
    "taste": "Taste",
    "honesty": "Honesty",
    "clarity": "Clarity",
    "focus": "Focus",
}
"""What we call the four front traits on a page; every other trait goes by its title."""

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
    """What a page says of a trait over time."""

    RISEN = "risen"
    FALLEN = "fallen"
    STEADY = "steady"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a trait moved: `since` is the period it is compared with, "" where there is none yet.

    `needed_points`: from which change on it could be told, or None where nothing was judged.
    """

    name: str
    change: Change
    since: str
    needed_points: float | None = None

    @property
    def is_real(self) -> bool:
        return self.change in (Change.RISEN, Change.FALLEN)


def said(text: Text) -> str:
    """Returns a text of an instrument in English, or in its first language."""
    return text.get("en") or next(iter(text.values()), "")


def trait_name(trait: Trait) -> str:
    """Returns what a page calls a trait."""
    return SHORT_NAMES.get(trait.trait_id) or said(trait.title)


def points(value: float) -> str:
    """Returns a score with one decimal; more would pretend a precision that is not there.

    >>> points(3.949)
    '3.9'
    """
    return f"{value:.1f}"


def share(value: float) -> str:
    """Returns a share 0..1 as whole per cent.

    >>> share(0.714)
    '71 %'
    """
    return f"{value * 100:.0f} %"


def with_interval(estimate: Estimate) -> str:
    """Returns a score and its interval: `3.9 (3.4 to 4.4)`; a single rating has no interval."""
    bound = getattr(estimate, "bound", "")
    if bound:
        return f"{_BOUNDS[bound]} {points(estimate.score)}"
    if estimate.low is None or estimate.high is None:
        return points(estimate.score)
    return f"{points(estimate.score)} ({points(estimate.low)} to {points(estimate.high)})"


_BOUNDS = {"low": "at most", "high": "at least"}


def scale_words(scale: ResponseScale) -> str:
    """Returns the ends of a scale: `scale 1 to 5`."""
    return f"scale {float(scale.low):g} to {float(scale.high):g}"


def scale_labels(scale: ResponseScale) -> tuple[str, ...]:
    """Returns the labels of a scale in English, or in its first language."""
    return scale.labels.get("en") or next(iter(scale.labels.values()), ())


def counted(counts: Sequence[int]) -> str:
    """Returns how many answered, as a range where it differs: `n = 6 to 8`."""
    if not counts:
        return ""
    low, high = min(counts), max(counts)
    return f"n = {low}" if low == high else f"n = {low} to {high}"


def why_hidden(reason: Reason, *, min_raters: int, min_pms: int) -> str:
    """Returns why a number is not shown and what would show it; never how many answered."""
    match reason:
        case Reason.TOO_FEW_RATERS:
            return f"{HIDDEN.capitalize()}. At least {min_raters} others are needed."
        case Reason.TOO_FEW_PMS:
            return f"{HIDDEN.capitalize()}. At least {min_pms} PMs are needed."
        case Reason.TOO_LITTLE_EXPOSURE:
            return "Not shown: too few of the people who answered have seen enough of this to judge it."
        case Reason.PROTECTS_OTHERS:
            return f"{HIDDEN.capitalize()}. With it, another hidden number could be worked out."


def comment_rule_words(rule: CommentRule) -> str:
    """Returns how words of others come to be shown, and what is left out of them."""
    return (
        f"Words of others are shown once at least {rule.needed_submitters} of them have answered and at least "
        f"{rule.needed_authors} have written; until then they wait for the next wave. They stand in an order of "
        "chance, without a name unless their author signed them."
    )


def no_comment_words(rule: CommentRule) -> str:
    """Returns why no words of others stand here: the same whether nobody wrote or too few did."""
    return (
        f"Nothing is shown here yet: at least {rule.needed_submitters} people have to answer before words "
        "are shown."
    )


def cell_words(cell: Cell | None) -> str:
    """Returns the shortest true words for a cell: its score, `not shown`, or `no answer`."""
    match cell:
        case None:
            return NOT_ASKED
        case Suppressed():
            return NOT_SHOWN
        case Released():
            return with_interval(cell)


def trait_title(name: str, latest: Estimate | Suppressed | None, moved: Change, since: str) -> str:
    """Returns the finding of one trait, as the title of its figure."""
    match latest:
        case None:
            return f"{name}: nobody was asked this time"
        case Suppressed():
            return f"{name} is {NOT_SHOWN} this time"
        case _ if moved is Change.CANNOT_TELL:
            return f"{name} at {with_interval(latest)}"
        case _ if moved is Change.STEADY:
            return f"{name} is steady at {with_interval(latest)}"
        case _:
            return f"{name} has {moved.value} since {since}"


def listed(names: Sequence[str]) -> str:
    """Returns names as a list in a sentence.

    >>> listed(("taste", "clarity", "focus"))
    'taste, clarity and focus'
    """
    if len(names) < 2:  # noqa: PLR2004 - one name needs no "and"
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def results_title(shown: Sequence[Estimate], moves: Sequence[Move]) -> str:
    """Returns the headline of a PM's page: what is real first, else where the scores lie."""
    if not shown:
        return "Your scores are not shown this time, to protect the people who answered"
    real = _moves_sentence(moves)
    if real:
        return f"Others see that your {real}"
    return f"Others see your {listed([move.name for move in moves])} {_span(shown)}"


def unit_title(unit: str, shown: Sequence[Estimate], moves: Sequence[Move]) -> str:
    """Returns the headline of a unit's page, likewise."""
    if not shown:
        return f"{unit}: not shown this time, to protect the people in it"
    real = _moves_sentence(moves)
    if real:
        return f"{unit}: {real}"
    verb = "is" if len(moves) == 1 else "are"
    return f"{unit}: the PMs' {listed([move.name for move in moves])} {verb} seen {_span(shown)}"


def _span(shown: Sequence[Estimate]) -> str:
    low = points(min(estimate.score for estimate in shown))
    high = points(max(estimate.score for estimate in shown))
    return f"at {low}" if low == high else f"between {low} and {high}"


def _moves_sentence(moves: Sequence[Move]) -> str:
    parts = []
    for kind, since in dict.fromkeys((move.change, move.since) for move in moves if move.is_real):
        names = [move.name for move in moves if (move.change, move.since) == (kind, since)]
        parts.append(f"{listed(names)} {'has' if len(names) == 1 else 'have'} {kind.value} since {since}")
    return ", and ".join(parts)


def level_words(
    shown: Sequence[Estimate],
    strength: str,
    to_work_on: str,
    seen: Sequence[str],
    *,
    is_compared: bool = True,
) -> str:
    """Returns the first sentences of a PM's page: how others see the PM, and what stands out of that.

    >>> level_words([], "", "", [])
    ''

    Args:
        shown: what others say of the traits on the page.
        strength: the trait that stands out upwards from the PM's own mean, or "".
        to_work_on: the one that stands out downwards, or "".
        seen: the behaviours seen most often, for where no trait stands out.
        is_compared: the release compared the traits; before its third format none did.
    """
    if not shown:
        return ""
    level = f"Others see you {_span(shown)}."
    if strength and to_work_on:
        return f"{level} {strength} stands out as a strength, {to_work_on.lower()} as one thing to work on."
    if strength:
        return f"{level} {strength} stands out as a strength; nothing stands out to work on."
    if not is_compared:
        return level
    if to_work_on:
        return f"{level} {to_work_on} stands out as one thing to work on; no trait stands out as a strength."
    often = f" Seen most often: {' '.join(f'“{text}”' for text in seen)}" if seen else ""
    return f"{level} No trait stands out from your others.{often}"


def change_note(moves: Sequence[Move]) -> str:
    """Returns what can be said about change, trait by trait, and what would make the rest tellable."""
    compared = [move for move in moves if move.since]
    if not compared:
        return "This is the first wave with results, so there is nothing to compare it with yet."
    real = _moves_sentence(compared)
    steady = [move.name for move in compared if move.change is Change.STEADY]
    parts = [
        f"{real[0].upper()}{real[1:]}: more than chance explains." if real else "",
        f"{listed(steady).capitalize()} {'is' if len(steady) == 1 else 'are'} steady." if steady else "",
        _open_sentence([move for move in compared if move.change is Change.CANNOT_TELL]),
    ]
    return " ".join(part for part in parts if part)


def _open_sentence(moves: Sequence[Move]) -> str:
    if not moves:
        return ""
    needed = [move.needed_points for move in moves if move.needed_points is not None]
    larger = f"a change of about {points(max(needed))} points" if needed else "a larger change"
    return (
        f"Whether {listed([move.name for move in moves])} changed cannot be told yet: more people answering, "
        f"or {larger}, would make it tellable."
    )


def gap_words(name: str, sight: Sight, distance: float) -> str:
    """Returns how a PM's own view of a trait differs from others', or "" where that cannot be told.

    >>> gap_words("Focus", Sight.SELF_HIGHER, -0.84)
    'You see your focus 0.8 points higher than others do.'
    """
    if sight is Sight.CANNOT_TELL:
        return ""
    side = "higher" if sight is Sight.SELF_HIGHER else "lower"
    return f"You see your {name.lower()} {points(abs(distance))} points {side} than others do."


def guess_words(guess: float) -> str:
    """Returns the best guess beside a score, and what it is.

    >>> guess_words(3.62)
    'Best guess of the true score: 3.6, drawn towards what PMs get on average, since few answers can mislead.'
    """
    return (
        f"Best guess of the true score: {points(guess)}, drawn towards what PMs get on average, "
        "since few answers can mislead."
    )


def escape_markdown(text: str) -> str:
    """Returns text that Markdown shows as it is: no image is loaded, no link or markup made."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def item_text(item: Item) -> str:
    """Returns what was asked, with a mark where the score was turned round."""
    return (
        f"{said(item.text)} (turned round: a higher score is better)" if item.is_reverse else said(item.text)
    )


def event_words(cell: Cell) -> str:
    """Returns what share said that it happened."""
    match cell:
        case Suppressed():
            return f"This is {HIDDEN}."
        case Released(low=float(low), high=float(high)):
            return f"{share(cell.score)} of those who could tell said yes ({share(low)} to {share(high)}; n = {cell.rater_count})."
        case _:
            return f"{share(cell.score)} of those who could tell said yes (n = {cell.rater_count})."


def instrument_title(about: str, period: str, cells: Sequence[Cell]) -> str:
    """Returns the headline of an instrument's page: where its scores lie; `about` names a unit, or is ""."""
    shown = [cell for cell in cells if isinstance(cell, Released) and cell.key.measure is Measure.TRAIT]
    others = [cell for cell in shown if cell.key.group is Group.OTHERS]
    if others and about:
        return f"{about} is seen {_span(others)} in {period}"
    if others:
        return f"Others see you {_span(others)} in {period}"
    return f"What you said in {period}" if shown else f"{period} is {NOT_SHOWN}"


def area_title(area: str, estimates: Sequence[Estimate]) -> str:
    """Returns the title of one area's figure: where its scores lie."""
    return f"{area} {_span(estimates)}" if estimates else f"{area}: {NOT_SHOWN}"


def wave_quality(wave: ReleasedWave) -> str:
    """Returns one line about what came in for a wave and what of it counts."""
    return (
        f"{wave.period} ({wave.campaign}): {wave.row_loaded_count:,} of {wave.row_received_count:,} rows and "
        f"{wave.answer_loaded_count:,} of {wave.answer_received_count:,} answers count; the rest was replaced "
        "by a newer answer or set aside with its reason."
    )


def waiting_words(wave: ReleasedWave) -> str:
    """Returns from which day pages of units show a wave."""
    day = f"{wave.unit_date.day} {wave.unit_date:%B %Y}"
    return f"{wave.period} ({wave.campaign}) shows here from {day}. PMs see their own results first."


def first_wave_title(period: str, estimates: Sequence[Estimate]) -> str:
    """Returns the title of a PM's first wave: what is drawn, which may be their own view alone."""
    return f"Where you stand in {period}" if estimates else f"What you and your manager said in {period}"


def units_title(unit: str, period: str, estimates: Sequence[Estimate]) -> str:
    """Returns the title of the heat map: where the scores of a unit and those below it lie."""
    if not estimates:
        return f"{unit} in {period}: {NOT_SHOWN}"
    return f"{unit} in {period}: its PMs are seen {_span(estimates)}, unit by unit"
