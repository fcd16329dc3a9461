"""Where a number comes from, in words: from the release alone, so that pages may tell it too.

No score is told. Of a hidden number there is the rule and what holds for the whole wave: nothing that
would be different if one more or one fewer had answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import PublishError
from pipeline.makers import makers_of
from pipeline.numbers import ORGANISATION, Number, NumberName, name_of, numbers_about
from pipeline.release import (
    Group,
    Kind,
    Measure,
    Reason,
    Release,
    Released,
    ReleasedChange,
    ReleasedFile,
    ReleasedWave,
    Scope,
    Suppressed,
)
from pipeline.released_unit import HiddenMix, Mix
from survey.instrument import Instrument
from survey.language import Wording

_PARTS = 3

Hidden = Suppressed | HiddenMix
"""What has a rule in the place of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Why a number is shown or hidden: a text of `survey/text`, and what stands in its places."""

    key: str
    values: Mapping[str, object]

    def said(self, words: Wording) -> str:
        """Returns the rule in the language of these words."""
        return words.say(self.key, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where one number comes from; `rater_count` and `pm_count` are None where it is hidden or rests on all.

    `min_raters` is k; `waves` are all that it rests on, the last its own; `made_by` names the SQL files
    and functions, in their order.
    """

    name: str
    release_no: int
    is_shown: bool
    rule: Rule
    rater_count: int | None
    pm_count: int | None
    min_raters: int
    min_pms: int
    waves: tuple[str, ...]
    policy_hash: str
    instrument: str
    instrument_hash: str
    items: tuple[str, ...]
    files: tuple[ReleasedFile, ...]
    made_by: tuple[str, ...]


def explain(release: Release, name: str) -> Explanation:
    """Returns where the number of a name comes from.

    Args:
        release: the one to look in.
        name: like `great-pm/2026Q3:pm/p-ada:others:trait/taste`, as `number_names` lists it.

    Raises:
        PublishError: there is no number of that name.
    """
    found = find_number(release, name)
    if found is None:
        raise _unknown(name)
    return explain_number(release, found[1])


def find_number(release: Release, name: str) -> tuple[NumberName, Number] | None:
    """Returns the number of a name with the parts of its name, or None if there is none."""
    return next((one for one in _candidates(release, name) if str(one[0]) == name), None)


def explain_number(release: Release, number: Number) -> Explanation:
    """Returns where a number of this release comes from."""
    name = name_of(release, number)
    wave = next(one for one in release.waves() if one.wave_id == name.wave_id)
    instrument = release.instrument(wave.instrument_id, wave.instrument_version)
    waves = _waves(release, number, wave)
    rater_count, pm_count = _counts(release, name, number)
    return Explanation(
        name=str(name),
        release_no=release.number,
        is_shown=not isinstance(number, Hidden),
        rule=_rule(name, number, wave),
        rater_count=rater_count,
        pm_count=pm_count,
        min_raters=wave.min_raters,
        min_pms=wave.min_pms,
        waves=waves,
        policy_hash=wave.policy_hash,
        instrument=f"{wave.instrument_id} {wave.instrument_version}",
        instrument_hash=wave.instrument_hash,
        items=tuple(_items(instrument, name)),
        files=tuple(dict.fromkeys(file for one in waves for file in release.files(one))),
        made_by=makers_of(name, is_shown=not isinstance(number, Hidden)),
    )


def number_names(release: Release, beginning: str) -> tuple[str, ...]:
    """Returns the names of all numbers about one subject or unit that begin like this.

    Args:
        release: the one to look in.
        beginning: at least a wave and whom it is about: `great-pm/2026Q3:pm/p-ada`.
    """
    names = (str(name) for name, _ in _candidates(release, beginning))
    return tuple(dict.fromkeys(name for name in names if name.startswith(beginning)))


def _candidates(release: Release, name: str) -> Iterable[tuple[NumberName, Number]]:
    wave_id, _, rest = name.partition(":")
    about, _, tail = rest.partition("/")
    scope_id = tail.rsplit(":", 2)[0] if tail.count(":") >= _PARTS - 1 else tail.partition(":")[0]
    found = numbers_about(release, about, scope_id)
    return ((own, number) for own, number in found if own.wave_id == wave_id)


def _waves(release: Release, number: Number, wave: ReleasedWave) -> tuple[str, ...]:
    """A change of a quarter, and what made it, rest on two waves; of a half-year and a slope, on all from its first on."""
    if not isinstance(number, ReleasedChange | Mix):
        return (wave.wave_id,)
    if not isinstance(number, ReleasedChange) or number.kind is Kind.QUARTER:
        return number.since_wave_id, wave.wave_id
    own = [one for one in release.waves() if one.instrument_id == wave.instrument_id]
    since = next(one for one in own if one.wave_id == number.since_wave_id)
    inside = (one for one in own if since.starts_on <= one.starts_on <= wave.starts_on)
    return tuple(one.wave_id for one in inside if one.state == wave.state)


def _counts(release: Release, name: NumberName, number: Number) -> tuple[int | None, int | None]:
    """Raters and PMs of the score that a number is, or is worked out from."""
    if isinstance(number, Released):
        return number.rater_count, number.pm_count
    if isinstance(number, Hidden):
        return None, None
    if name.about == ORGANISATION:
        return None, None
    scope = Scope.UNIT if name.about == "unit" else Scope.SUBJECT
    for cell in release.cells(scope, name.scope_id):
        key = cell.key
        is_below = (key.wave_id, key.measure, key.measure_id) == (name.wave_id, name.measure, name.measure_id)
        if is_below and key.group is Group.OTHERS and isinstance(cell, Released):
            return cell.rater_count, cell.pm_count
    return None, None


def _rule(name: NumberName, number: Number, wave: ReleasedWave) -> Rule:
    return Rule(key=_rule_key(name, number), values={"k": wave.min_raters, "s": wave.min_pms})


def _rule_key(name: NumberName, number: Number) -> str:
    if isinstance(number, Hidden):
        return _HIDDEN[number.reason]
    if not isinstance(number, Released):
        return f"explain_{name.kind.partition('/')[0]}"
    if number.key.group is not Group.OTHERS:
        return f"explain_{number.key.group.value}"
    return _SHOWN[number.key.scope]


_SHOWN = {
    Scope.SUBJECT: "explain_block",
    Scope.UNIT: "explain_unit",
    Scope.SLICE: "explain_slice",
    Scope.RELATIONSHIP: "explain_relationship",
}


_HIDDEN = {
    Reason.TOO_FEW_RATERS: "explain_too_few_raters",
    Reason.TOO_FEW_PMS: "explain_too_few_pms",
    Reason.TOO_LITTLE_EXPOSURE: "explain_too_little_exposure",
    Reason.PROTECTS_OTHERS: "explain_protects_others",
}


def _items(instrument: Instrument, name: NumberName) -> Iterable[str]:
    """An item's id never changes its meaning, so the instrument's version is the item's."""
    if name.measure is not Measure.TRAIT:
        return (name.measure_id,)
    return (one.item_id for one in instrument.items if one.trait_id == name.measure_id and not one.is_event)


def _unknown(name: str) -> PublishError:
    return PublishError(
        "explain-unknown",
        "the release has no number of this name",
        where=name,
        hint="list them with: pmhealth explain --list WAVE:pm/ID, or WAVE:unit/ID, or WAVE:team/ID",
    )
