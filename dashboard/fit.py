"""Which stage a PM is good at and enjoys, against the one they work in: their own answers, laid out by stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.panel import released
from dashboard.spoken import spoken
from dashboard.wording import listed
from pipeline.release import Cell, Group, Measure
from survey.roster import STAGES

INSTRUMENT = "stage-fit"
"""The instrument whose traits are `good_<stage>`, `enjoy_<stage>` and `stage_today`."""

_ALIKE = 0.5
"""Points within which two stages are alike: one point in one of two answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a PM said of themselves in one wave, by stage; `today` lies on the scale of stages, 1 to 3."""

    wave_id: str
    good: Mapping[str, Cell]
    enjoy: Mapping[str, Cell]
    today: Cell | None

    @property
    def best(self) -> tuple[str, ...]:
        """The stages the PM is good at most, all that are alike."""
        return _highest(self.good)

    @property
    def liked(self) -> tuple[str, ...]:
        """The stages the PM enjoys most, all that are alike."""
        return _highest(self.enjoy)

    @property
    def where(self) -> tuple[str, ...]:
        """The stage the PM works in; two where their answers lie halfway."""
        shown = released(self.today)
        if shown is None:
            return ()
        return tuple(stage for place, stage in enumerate(STAGES, 1) if abs(shown.score - place) <= _ALIKE)


def read_fit(cells: Sequence[Cell], wave_ids: Sequence[str]) -> Fit | None:
    """Returns what the PM said in the latest of these waves that has any of it."""
    for wave_id in reversed(wave_ids):
        own = {
            cell.key.measure_id: cell
            for cell in cells
            if (cell.key.wave_id, cell.key.group, cell.key.measure) == (wave_id, Group.SELF, Measure.TRAIT)
        }
        if own:
            return Fit(
                wave_id=wave_id,
                good=dict(_by_stage(own, "good")),
                enjoy=dict(_by_stage(own, "enjoy")),
                today=own.get("stage_today"),
            )
    return None


def fit_title(fit: Fit) -> str:
    """Returns the finding: what the PM is best at and enjoys most, by their own answers."""
    if not fit.best or not fit.liked:
        return spoken().say("fit_title_part")
    if len(fit.best) == len(fit.liked) == len(STAGES):
        return spoken().say("fit_title_even")
    if fit.best == fit.liked:
        return spoken().say("fit_title_same", stages=named(fit.best))
    return spoken().say("fit_title", good=named(fit.best), enjoy=named(fit.liked))


def today_words(fit: Fit) -> str:
    """Returns where the PM works, and how that stands to what they are good at and enjoy."""
    if not fit.where:
        return spoken().say("fit_today_unknown")
    where = spoken().say("fit_today", where=listed([spoken().say(f"fit_at_{stage}") for stage in fit.where]))
    return f"{where} {spoken().say(_match(fit))}"


def _match(fit: Fit) -> str:
    is_good, is_liked = (bool({*stages} & {*fit.where}) for stages in (fit.best, fit.liked))
    if is_good and is_liked:
        return "fit_both"
    if is_good or is_liked:
        return "fit_good_only" if is_good else "fit_liked_only"
    return "fit_neither"


def named(stages: Sequence[str]) -> str:
    """Returns stages as a list in a sentence."""
    return listed([spoken().say(f"fit_{stage}") for stage in stages])


def _by_stage(own: Mapping[str, Cell], kind: str) -> Iterator[tuple[str, Cell]]:
    for stage in STAGES:
        cell = own.get(f"{kind}_{stage}")
        if cell is not None:
            yield stage, cell


def _highest(cells: Mapping[str, Cell]) -> tuple[str, ...]:
    scores = {stage: shown.score for stage, cell in cells.items() if (shown := released(cell)) is not None}
    top = max(scores.values(), default=0.0)
    return tuple(stage for stage, score in scores.items() if score >= top - _ALIKE)
