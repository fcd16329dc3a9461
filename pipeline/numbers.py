"""Every number of a release by its name: wave, whom it is about, what kind of number, what was measured.

`great-pm/2026Q3:pm/p-ada:others:trait/taste` is a score, `...:change/quarter:trait/taste` a change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.release import (
    BestGuess,
    FavourableShare,
    LinePoint,
    Measure,
    Release,
    Released,
    ReleasedChange,
    ReleasedGap,
    ReleasedReliability,
    ReleasedStanding,
    Scope,
    Suppressed,
)
from pipeline.released_unit import (
    HiddenMix,
    Mix,
    NonResponse,
    ReleasedCoverage,
    ReleasedDistribution,
    ReleasedMix,
)
from survey.instrument import SubjectKind

_Derived = (
    LinePoint
    | ReleasedChange
    | ReleasedGap
    | ReleasedStanding
    | BestGuess
    | FavourableShare
    | ReleasedReliability
    | Mix
    | ReleasedDistribution
    | ReleasedCoverage
    | NonResponse
)
Number = Released | Suppressed | _Derived
"""Whatever a page may show of a release."""

ORGANISATION = "organisation"
EVERYBODY = "all"
"""What is worked out once for a wave is about `organisation/all`."""

_KINDS: Mapping[type, str] = {
    ReleasedGap: "gap",
    ReleasedStanding: "standing",
    BestGuess: "best_guess",
    FavourableShare: "favourable",
    ReleasedMix: "mix",
    HiddenMix: "mix",
    ReleasedDistribution: "distribution",
    ReleasedCoverage: "strengths",
    NonResponse: "nonresponse",
}
_SCOPES = {
    "pm": Scope.SUBJECT,
    "team": Scope.SUBJECT,
    "unit": Scope.UNIT,
    "slice": Scope.SLICE,
    "relationship": Scope.RELATIONSHIP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberName:
    """The name of a number in its parts.

    `about` is pm, team (where teams are rated), unit, slice, relationship or organisation. `kind` is whose answers a score
    rests on (others, self, manager), or what else the number is: line, gap, change/quarter and so on.
    """

    wave_id: str
    about: str
    scope_id: str
    kind: str
    measure: Measure
    measure_id: str

    def __str__(self) -> str:
        return (
            f"{self.wave_id}:{self.about}/{self.scope_id}:{self.kind}:{self.measure.value}/{self.measure_id}"
        )


def name_of(release: Release, number: Number) -> NumberName:
    """Returns the name of a number of this release."""
    return _named(number, _team_waves(release))


def numbers_about(release: Release, about: str, scope_id: str) -> Iterator[tuple[NumberName, Number]]:
    """Yields every number about one subject, unit or the whole organisation with its name: all waves.

    Args:
        release: the one to look in.
        about: pm, team, unit or organisation.
        scope_id: the id of whom or what.
    """
    teams = _team_waves(release)
    for number in _numbers(release, about, scope_id):
        name = _named(number, teams)
        if name.about == about:
            yield name, number


def _numbers(release: Release, about: str, scope_id: str) -> Iterator[Number]:
    if (about, scope_id) == (ORGANISATION, EVERYBODY):
        for wave in release.waves():
            yield from release.reliability(wave.wave_id)
    if (scope := _SCOPES.get(about)) is None:
        return
    yield from release.cells(scope, scope_id)
    if scope in (Scope.SLICE, Scope.RELATIONSHIP):
        return
    yield from release.line(scope, scope_id)
    yield from release.changes(scope, scope_id)
    if scope is Scope.UNIT:
        yield from _of_unit(release, scope_id)
    else:
        yield from release.gaps(scope_id)
        yield from release.standings(scope_id)
        yield from release.best_guesses(scope_id)


def _of_unit(release: Release, unit_id: str) -> Iterator[Number]:
    yield from release.favourable_shares(unit_id)
    yield from release.mixes(unit_id)
    yield from release.nonresponse(unit_id)
    for wave in release.waves():
        yield from release.distribution(unit_id, wave.wave_id)
        yield from release.strengths(unit_id, wave.wave_id)


def _named(number: Number, teams: frozenset[str]) -> NumberName:
    scope: Scope | None
    if isinstance(number, Released | Suppressed):
        key = number.key
        scope, kind, measure, measure_id = key.scope, key.group.value, key.measure, key.measure_id
        wave_id, scope_id = key.wave_id, key.scope_id
    else:
        wave_id = number.wave_id
        scope, scope_id, kind = _place(number)
        is_item = isinstance(number, FavourableShare)
        measure = Measure.ITEM if is_item else Measure.TRAIT
        measure_id = number.item_id if isinstance(number, FavourableShare) else number.trait_id
    return NumberName(
        wave_id=wave_id,
        about=_about(scope, is_team=wave_id in teams),
        scope_id=scope_id,
        kind=kind,
        measure=measure,
        measure_id=measure_id,
    )


def _place(number: _Derived) -> tuple[Scope | None, str, str]:
    """What it is about, whose id, and what kind of number."""
    match number:
        case ReleasedReliability():
            return None, EVERYBODY, "reliability"
        case ReleasedChange():
            return number.scope, number.scope_id, f"change/{number.kind.value}"
        case LinePoint():
            return number.scope, number.scope_id, "line"
        case ReleasedGap() | ReleasedStanding() | BestGuess():
            return Scope.SUBJECT, number.scope_id, _KINDS[type(number)]
        case _:
            return Scope.UNIT, number.scope_id, _KINDS[type(number)]


def _about(scope: Scope | None, *, is_team: bool) -> str:
    """A unit that is rated itself is a team, to tell its scores from those of the PMs in it."""
    if scope is None:
        return ORGANISATION
    if scope is not Scope.SUBJECT:
        return scope.value
    return "team" if is_team else "pm"


def _team_waves(release: Release) -> frozenset[str]:
    return frozenset(one.wave_id for one in release.subjects() if one.kind == SubjectKind.UNIT)
