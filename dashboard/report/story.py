"""A review told in its parts: the same sentences and figures for the page, the file and the workbook."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

from dashboard.figures.bins import draw_bins, reach
from dashboard.figures.figure import Figure
from dashboard.figures.heat import ON_PAPER, ON_SCREEN, HeatRoom, HeatRow, draw_heat, stands
from dashboard.figures.mix import draw_mix
from dashboard.figures.palette import Theme
from dashboard.figures.trend import draw_trend
from dashboard.panel import TraitPanel, shown_estimates
from dashboard.report.review import Effect, Review, Reviewed
from dashboard.spoken import spoken
from dashboard.wording import (
    change_note,
    counted,
    listed,
    many,
    points,
    share,
    signed,
    trait_name,
    unit_title,
    why_hidden,
    within,
)
from pipeline.release import Released, Suppressed, Verdict
from pipeline.released_unit import (
    Coverage,
    HiddenMix,
    Mix,
    NonResponse,
    ReleasedCoverage,
    ReleasedDistribution,
    ReleasedMix,
)
from survey.instrument import Trait
from survey.register_promises import Outcome


class Part(StrEnum):
    """The parts of a review, in their order."""

    CHANGED = "changed"
    REAL = "real"
    PROMISED = "promised"
    UNITS = "units"
    FURTHER = "further"
    INSIDE = "inside"
    SLICES = "slices"
    RELATIONSHIPS = "relationships"


FIRST = (Part.CHANGED, Part.REAL, Part.PROMISED)
"""What the first screen tells; each of the others is one choice away."""

CLOSER = (Part.INSIDE, Part.SLICES, Part.RELATIONSHIPS)
"""What looks at less than a unit; not shown where too few answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One part: its title, its figures and its sentences, all as plain text."""

    part: Part
    title: str
    figures: tuple[Figure, ...] = ()
    sentences: tuple[str, ...] = ()


def headline(review: Review, panels: Sequence[TraitPanel] | None = None) -> str:
    """Returns the finding: what is real first, else where the scores lie; of the first row or other traits."""
    shown = shown_estimates(review.panels if panels is None else panels)
    return unit_title(
        review.unit.name, [estimate for _, estimate in shown], [panel.move for panel, _ in shown]
    )


def basis(review: Review) -> str:
    """Returns the quarter, and how many PMs and answers the first row rests on."""
    cells = [panel.others.get(review.wave.wave_id) for panel in review.panels]
    pms = [cell.pm_count for cell in cells if isinstance(cell, Released)]
    counts = counted([estimate.rater_count for _, estimate in shown_estimates(review.panels)])
    parts = (review.wave.period, spoken().count("review_pms", max(pms)) if pms else "", counts)
    return " · ".join(part for part in parts if part)


def file_stem(review: Review) -> str:
    """Returns what a file of the review is called, without its ending: nothing that a path could take."""
    return "-".join(("review", *re.findall(r"\w+", review.unit.unit_id), review.wave.period))


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """Where a review is told: in which colours, with how much room for a map, and for how many promises."""

    theme: Theme
    room: HeatRoom
    most_promises: int


def on_screen(theme: Theme) -> Medium:
    """Returns the page as it is looked at, with every promise."""
    return Medium(theme=theme, room=ON_SCREEN, most_promises=1000)


ON_SHEET = Medium(theme=Theme.LIGHT, room=ON_PAPER, most_promises=3)
"""A file to print: the latest promises, since four pages have to do."""


def tell(review: Review, part: Part, medium: Medium) -> Told:
    """Returns one part of a review."""
    figures, sentences = _TELLERS[part](review, medium)
    return Told(
        part=part, title=spoken().say(f"review_part_{part}"), figures=tuple(figures), sentences=sentences
    )


def parts_of(review: Review) -> tuple[Part, ...]:
    """Returns the parts that there is something to tell of."""
    missing = {
        Part.FURTHER: not review.further,
        Part.UNITS: len(review.rows) < 2,  # noqa: PLR2004 - one row has nothing to stand beside
        Part.INSIDE: not (review.mixes or review.bins() or review.strengths()),
        Part.SLICES: not review.slices,
        Part.RELATIONSHIPS: not review.relationships,
    }
    hidden = () if review.is_representative else CLOSER
    return tuple(part for part in Part if not missing.get(part) and part not in hidden)


_REAL = (Verdict.RISEN, Verdict.FALLEN)
_AboutTrait = TypeVar("_AboutTrait", Mix, ReleasedDistribution, ReleasedCoverage, NonResponse)
_Told = tuple[Sequence[Figure], tuple[str, ...]]


def _changed(review: Review, medium: Medium) -> _Told:
    return _trends(review.panels, medium.theme), why_not(review.panels, review)


def _further(review: Review, medium: Medium) -> _Told:
    moves = [panel.move for panel, _ in shown_estimates(review.further)]
    said = (change_note(moves),) if moves else ()
    return _trends(review.further, medium.theme), (*said, *why_not(review.further, review))


def _trends(panels: Sequence[TraitPanel], theme: Theme) -> list[Figure]:
    return [draw_trend(panel, theme) for panel in panels]


def why_not(panels: Iterable[TraitPanel], review: Review) -> tuple[str, ...]:
    """Returns why numbers are hidden, each reason once."""
    reasons = sorted({panel.latest.reason for panel in panels if isinstance(panel.latest, Suppressed)})
    wave = review.wave
    return tuple(why_hidden(one, min_raters=wave.min_raters, min_pms=wave.min_pms) for one in reasons)


def _real(review: Review, _: Medium) -> _Told:
    moves = [panel.move for panel, _ in shown_estimates(review.panels)]
    changed = (change_note(moves),) if moves else ()
    parted = (f"{mix_title(review)}.",) if released_mixes(review) else ()
    return (), (*changed, *parted, *response_words(review), quality_words(review))


def response_words(review: Review) -> tuple[str, ...]:
    """Returns how many of those asked answered, and what follows where they are too few."""
    if review.closing is None:
        return (spoken().say("review_response_unknown"),)
    answered, invited = review.closing.answered, review.closing.invited
    said = spoken().say(
        "review_response",
        share=share(answered / max(invited, 1)),
        answered=many(answered),
        invited=many(invited),
    )
    about = (said, *_unit_response(review))
    if review.is_representative:
        return about
    low = "review_response_low_unit" if review.nonresponse else "review_response_low"
    return (*about, spoken().say(low), *_bounds(review))


def _unit_response(review: Review) -> tuple[str, ...]:
    shares = {one.response_share for one in review.nonresponse}
    say = spoken().say
    return tuple(say("review_response_unit", unit=review.unit.name, share=share(one)) for one in shares)


def _bounds(review: Review) -> tuple[str, ...]:
    """Between which points each score of the first row lies, whatever those thought who did not answer."""
    bounds = [
        spoken().say("review_bound", trait=within(panel.name), low=points(one.low), high=points(one.high))
        for panel in review.panels
        for one in _of(panel, review.nonresponse)
    ]
    return (spoken().say("review_bounds", bounds=listed(bounds)),) if bounds else ()


def quality_words(review: Review) -> str:
    """Returns how many of the rows that came in count."""
    loaded, received = review.wave.row_loaded_count, review.wave.row_received_count
    return spoken().say("review_quality", loaded=many(loaded), received=many(received))


def _inside(review: Review, medium: Medium) -> _Told:
    figures, mixes = [], released_mixes(review)
    if mixes:
        since = _period(review, mixes[0][1].since_wave_id)
        figures.append(draw_mix(mixes, mix_title(review), since, medium.theme))
    if bins := review.bins():
        rows = [(panel.trait, found) for panel in review.panels for found in _of(panel, bins)]
        figures.append(draw_bins(rows, review.panels[0].scale, bins_title(review), medium.theme))
    return figures, (*hidden_mix_words(review), *strength_words(review))


def _of(panel: TraitPanel, found: Iterable[_AboutTrait]) -> list[_AboutTrait]:
    return [one for one in found if one.trait_id == panel.trait.trait_id]


def released_mixes(review: Review) -> list[tuple[Trait, ReleasedMix]]:
    """Returns the changes of the first row that are taken apart, in the order of the traits."""
    return [
        (panel.trait, mix)
        for panel in review.panels
        for mix in _of(panel, review.mixes)
        if isinstance(mix, ReleasedMix)
    ]


def mix_title(review: Review) -> str:
    """Returns what made the changes since the wave before: those who were there both times, or who came and left."""
    mixes = released_mixes(review)
    since = _period(review, mixes[0][1].since_wave_id)
    stayed = listed([within(trait_name(trait)) for trait, mix in mixes if mix.real.verdict in _REAL])
    moved = listed([within(trait_name(trait)) for trait, mix in mixes if mix.mix.verdict in _REAL])
    key = ("both" if moved else "stayed") if stayed else ("moved" if moved else "none")
    return spoken().say(f"review_mix_{key}", since=since, stayed=stayed, moved=moved)


def bins_title(review: Review) -> str:
    """Returns between which points at least so many of the PMs lie, whichever trait one takes."""
    bins = review.bins()
    reaches = [placed for found in bins if (placed := reach(found)) is not None]
    if not reaches:
        return spoken().say("review_bins_none", unit=review.unit.name)
    return spoken().say(
        "review_bins_title",
        count=min(count for count, _, _ in reaches),
        pms=spoken().count("review_pms", bins[0].pm_count),
        low=points(min(low for _, low, _ in reaches)),
        high=points(max(high for _, _, high in reaches)),
    )


def hidden_mix_words(review: Review) -> tuple[str, ...]:
    """Returns of which traits the change is not taken apart."""
    hidden = [
        within(panel.name)
        for panel in review.panels
        for mix in _of(panel, review.mixes)
        if isinstance(mix, HiddenMix)
    ]
    return (spoken().say("review_mix_hidden", traits=listed(hidden)),) if hidden else ()


def strength_words(review: Review) -> tuple[str, ...]:
    """Returns for which traits people stand out, never who and never how many."""
    words = []
    for coverage in (Coverage.SEVERAL, Coverage.HARDLY_ANYONE):
        names = [
            within(panel.name)
            for panel in (*review.panels, *review.further)
            for found in _of(panel, review.strengths())
            if found.coverage is coverage
        ]
        if names:
            words.append(spoken().say(f"review_strengths_{coverage}", traits=listed(names)))
    return tuple(words)


def _promised(review: Review, medium: Medium) -> _Told:
    if not review.promises:
        return (), (spoken().say("review_promise_none"),)
    latest = review.promises[-medium.most_promises :]
    lines = [promise_words(review, one) for one in latest]
    more = len(review.promises) - len(latest)
    earlier = [spoken().count("review_promise_more", more)] if more else []
    return (), (*lines, *earlier, spoken().say("review_effect_note"))


def promise_words(review: Review, one: Reviewed) -> str:
    """Returns a promise on one line: about what, what was said, how it ended, and what came of it."""
    state = spoken().say(f"review_promise_{one.promise.outcome or 'open'}")
    return f"{promise_head(review, one)}: “{one.promise.words}” ({state}). {effect_words(review, one)}"


def promise_head(review: Review, one: Reviewed) -> str:
    """Returns what a promise is about, and which quarter it followed."""
    return spoken().say(
        "review_promise_line",
        trait=_trait_called(review, one.promise.trait_id),
        period=_period(review, one.promise.wave_id),
    )


def effect_words(review: Review, one: Reviewed) -> str:
    """Returns what the wave after a promise showed, as the release judged it."""
    change = one.change
    if change is None:
        key = "review_effect_unseen" if one.effect is Effect.TOO_FEW else f"review_effect_{one.effect}"
        return spoken().say(key)
    return spoken().say(
        f"review_effect_{one.effect}",
        trait=_trait_called(review, one.promise.trait_id),
        since=_period(review, change.since_wave_id),
        period=_period(review, change.wave_id),
        points=signed(change.points),
        low=signed(change.low),
        high=signed(change.high),
    )


def kept_words(promises: Sequence[Reviewed]) -> str:
    """Returns how many promises there are, and how many of them are kept."""
    kept = sum(one.promise.outcome is Outcome.KEPT for one in promises)
    return spoken().say("review_promise_title", count=len(promises), kept=kept)


def _trait_called(review: Review, trait_id: str) -> str:
    """An instrument may have lost a trait since somebody promised something about it."""
    known = {trait.trait_id: trait_name(trait) for trait in review.instrument.traits}
    return known.get(trait_id, trait_id)


def _period(review: Review, wave_id: str) -> str:
    return next((wave.period for wave in review.waves if wave.wave_id == wave_id), wave_id)


def _heat(kind: Part, rows: Callable[[Review], Sequence[HeatRow]], review: Review, medium: Medium) -> _Told:
    shown = rows(review)
    traits = [panel.trait for panel in review.panels]
    apart = sum(
        bool(stands(row.cells.get(trait.trait_id), shown[0].cells.get(trait.trait_id)))
        for row in shown[1:]
        for trait in traits
    )
    title = _apart_title(kind, review, apart)
    figure = draw_heat(shown, traits, review.panels[0].scale, title, medium.theme, room=medium.room)
    return (figure,), _hidden_words(kind, review, shown)


def _apart_title(kind: Part, review: Review, apart: int) -> str:
    names = {"period": review.wave.period, "unit": review.unit.name}
    if not apart:
        return spoken().say(f"review_{kind}_title_none", **names)
    return spoken().count(f"review_{kind}_title", apart, **names)


def _hidden_words(kind: Part, review: Review, rows: Sequence[HeatRow]) -> tuple[str, ...]:
    if not any(isinstance(cell, Suppressed) for row in rows for cell in row.cells.values()):
        return ()
    if kind is not Part.UNITS:
        return (spoken().say("review_group_hidden"),)
    wave = review.wave
    return (spoken().say("review_hidden", pms=wave.min_pms, raters=wave.min_raters),)


_TELLERS: Mapping[Part, Callable[[Review, Medium], _Told]] = {
    Part.CHANGED: _changed,
    Part.REAL: _real,
    Part.PROMISED: _promised,
    Part.UNITS: partial(_heat, Part.UNITS, lambda review: review.rows),
    Part.FURTHER: _further,
    Part.INSIDE: _inside,
    Part.SLICES: partial(_heat, Part.SLICES, lambda review: review.slices),
    Part.RELATIONSHIPS: partial(_heat, Part.RELATIONSHIPS, lambda review: review.relationships),
}
