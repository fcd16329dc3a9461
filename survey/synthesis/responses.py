"""Who answered what in a wave: ratings from the model, and how people really fill in forms.

In come a roster, an instrument, the truth and a generator; out come `Response`s with values in
scale points. Some raters do not answer, some skip items, some tick one point all the way down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from survey.campaign import Period
from survey.instrument import Instrument, Item, ResponseScale, ScaleKind, SubjectKind
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Roster
from survey.synthesis.invitations import (
    FEWEST_OTHERS,
    MOST_OTHERS,
    Invited,
    invite_about_pm,
    invite_team,
)
from survey.synthesis.model import HIGH, LOW, Floats, round_to_points
from survey.synthesis.sentences import draw_sentence
from survey.synthesis.truth import Truth

QUIET_OTHERS = 3
"""Most others who answer about a quiet subject: one below the default minimum of four."""

_EXPOSURE = {
    Relationship.SELF: 0.05,
    Relationship.MANAGER: 0.35,
    Relationship.ENGINEERING: 0.9,
    Relationship.PROGRAM: 1.1,
    Relationship.MARKETING: 1.6,
    Relationship.DATA: 1.5,
}
"""How often somebody cannot judge, as a multiple of the model's share; 1 where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One rater's submission about one subject. A value of None says 'not enough exposure'."""

    response_no: int
    subject_id: str
    rater_id: str
    relationship: Relationship
    submitted_at: datetime
    values: Mapping[str, Decimal | None]
    words: Mapping[str, str]


class Habit(StrEnum):
    """How a rater fills in forms."""

    CAREFUL = "careful"
    SKIPPING = "skipping"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raters:
    """What everybody brings to a form, wave after wave; rows are people, columns subjects."""

    places: Mapping[str, int]
    leniency: Floats
    pair: Floats
    view: Floats
    nearness: Floats
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a wave goes: when, what share of the others answers, about whom hardly anybody does."""

    period: Period
    response_share: float = 0.82
    quiet: tuple[str, ...] = ()


def make_raters(roster: Roster, truth: Truth, rng: np.random.Generator) -> Raters:
    """Returns what everybody of the roster brings, for the subjects of the truth."""
    ids = tuple(dict.fromkeys(person.person_id for person in roster.people))
    model, shape = truth.model, (len(ids), len(truth.subjects))
    habits = rng.choice(list(Habit), size=len(ids), p=(0.91, 0.05, 0.04))
    return Raters(
        places={person_id: place for place, person_id in enumerate(ids)},
        leniency=rng.normal(0, model.leniency_sd, len(ids)),
        pair=rng.normal(0, model.pair_sd, shape),
        view=rng.normal(0, model.view_sd, (*shape, len(truth.traits))),
        nearness=rng.random(shape),
        habits=tuple(Habit(habit) for habit in habits),
    )


def make_responses(
    roster: Roster,
    instrument: Instrument,
    truth: Truth,
    raters: Raters,
    conduct: Conduct,
    rng: np.random.Generator,
) -> tuple[Response, ...]:
    """Returns the responses of one wave, in the order in which they came in."""
    period = conduct.period
    form = _Form(instrument, truth, period, raters, rng)
    invited = _draw_invited(roster.as_of(period.ends_on), instrument, truth, raters, rng)
    answering = _draw_answering(invited, conduct, rng)
    minutes = np.sort(rng.integers(0, 18 * 24 * 60, len(answering)))
    start = datetime.combine(period.ends_on - timedelta(days=20), time(8))
    return tuple(
        form.fill(one, response_no, start + timedelta(minutes=int(minute), seconds=7 * response_no % 60))
        for response_no, (one, minute) in enumerate(zip(answering, minutes, strict=True), start=1)
    )


def _draw_invited(
    roster: Roster, instrument: Instrument, truth: Truth, raters: Raters, rng: np.random.Generator
) -> tuple[Invited, ...]:
    present = {person.person_id: person for person in roster.people}
    invited: list[Invited] = []
    for column, subject_id in enumerate(truth.subjects):
        if instrument.subject_kind is SubjectKind.UNIT:
            invited += invite_team(roster, subject_id)
        elif subject_id in present:
            nearness = {one: float(raters.nearness[raters.places[one], column]) for one in present}
            count = int(rng.integers(FEWEST_OTHERS, MOST_OTHERS + 1))
            invited += invite_about_pm(roster, present[subject_id], count, nearness)
    return tuple(one for one in invited if _group(one.relationship) in instrument.respondents)


def _group(relationship: Relationship) -> str:
    return relationship.value if relationship in ATTRIBUTED else "others"


def _draw_answering(
    invited: tuple[Invited, ...], conduct: Conduct, rng: np.random.Generator
) -> tuple[Invited, ...]:
    others_so_far: dict[str, int] = {}
    answering: list[Invited] = []
    for one in invited:
        share = 0.93 if one.relationship in ATTRIBUTED else conduct.response_share
        count = others_so_far.get(one.subject_id, 0)
        is_full = one.subject_id in conduct.quiet and count >= QUIET_OTHERS
        if rng.random() >= share or (is_full and one.relationship not in ATTRIBUTED):
            continue
        others_so_far[one.subject_id] = count + (one.relationship not in ATTRIBUTED)
        answering.append(one)
    return tuple(answering[place] for place in rng.permutation(len(answering)))


class _Form:
    """Fills in the form of one wave; holds what is the same for every response of it."""

    def __init__(
        self, instrument: Instrument, truth: Truth, period: Period, raters: Raters, rng: np.random.Generator
    ) -> None:
        self._instrument, self._raters, self._rng = instrument, raters, rng
        self._model, self._columns = truth.model, {one: place for place, one in enumerate(truth.subjects)}
        self._scores = truth.scores[:, :, truth.periods.index(period.name)]
        traits = {trait: place for place, trait in enumerate(truth.traits)}
        self._trait_of = np.array([traits[item.trait_id] for item in instrument.items])
        self._ease = np.array([truth.ease.get(item.item_id, 0.0) for item in instrument.items])

    def fill(self, invited: Invited, response_no: int, submitted_at: datetime) -> Response:
        habit = self._raters.habits[self._raters.places[invited.rater.person_id]]
        latent = self._draw_latent(invited)
        if habit is Habit.STRAIGHT and invited.relationship not in ATTRIBUTED:
            values = self._tick_one_point(latent)
        else:
            values = self._tick(latent, invited.relationship, 0.2 if habit is Habit.SKIPPING else 0.005)
        return Response(
            response_no=response_no, subject_id=invited.subject_id, rater_id=invited.rater.person_id,
            relationship=invited.relationship, submitted_at=submitted_at, values=values,
            words=self._write(),
        )  # fmt: skip

    def _draw_latent(self, invited: Invited) -> Floats:
        row, column = self._raters.places[invited.rater.person_id], self._columns[invited.subject_id]
        fresh = self._rng.normal(0, self._model.view_sd, self._raters.view.shape[2])
        stable = self._model.stability
        view = np.sqrt(stable) * self._raters.view[row, column] + np.sqrt(1 - stable) * fresh
        brought = self._raters.leniency[row] + self._raters.pair[row, column]
        if invited.relationship is Relationship.SELF:
            brought += 0.2  # people see themselves a little better than others do
        noise = self._rng.normal(0, self._model.noise_sd, len(self._trait_of))
        by_trait = self._scores[column] + view
        return np.asarray(by_trait[self._trait_of] + self._ease + brought + noise, dtype=np.float64)

    def _tick_one_point(self, latent: Floats) -> dict[str, Decimal | None]:
        point = np.full(len(latent), np.rint(np.clip(latent.mean(), LOW, HIGH)))
        pairs = zip(self._instrument.items, point, strict=True)
        # Straight down the form: a reversed item gets the same tick as its neighbours.
        return {item.item_id: _stretch(float(one), self._scale(item)) for item, one in pairs}

    def _tick(
        self, latent: Floats, relationship: Relationship, skip_share: float
    ) -> dict[str, Decimal | None]:
        blind_share = self._model.not_observed_share * _EXPOSURE.get(relationship, 1.0)
        chances = self._rng.random((2, len(latent)))
        return {
            item.item_id: None if is_blind and self._can_be_blind(item) else self._point(item, value)
            for item, value, is_skipped, is_blind in zip(
                self._instrument.items, latent, *_below(chances, skip_share, blind_share), strict=True
            )
            if not is_skipped
        }

    def _can_be_blind(self, item: Item) -> bool:
        return bool(self._scale(item).not_observed)

    def _point(self, item: Item, latent: float) -> Decimal:
        scale = self._scale(item)
        if scale.kind is ScaleKind.POINTS:
            latent = float(round_to_points(np.array(latent)))
        value = _stretch(min(max(latent, LOW), HIGH), scale)
        return scale.low + scale.high - value if item.is_reverse else value

    def _scale(self, item: Item) -> ResponseScale:
        return self._instrument.scale(item.scale_id)

    def _write(self) -> dict[str, str]:
        prompts = [prompt.prompt_id for prompt in self._instrument.prompts]
        written = [prompt for prompt in prompts if self._rng.random() < 0.35]  # noqa: PLR2004 - most write nothing
        return {prompt: draw_sentence(prompts.index(prompt), self._rng) for prompt in written}


def _below(
    chances: Floats, skip_share: float, blind_share: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return chances[0] < skip_share, chances[1] < blind_share


def _stretch(rating: float, scale: ResponseScale) -> Decimal:
    """Carries a rating of 1 to 5 over to a scale, on its nearest step."""
    share = Decimal(str(round((rating - LOW) / (HIGH - LOW), 6)))
    steps = ((scale.high - scale.low) * share / scale.step).to_integral_value()
    return scale.low + steps * scale.step
