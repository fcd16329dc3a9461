"""Where a number comes from, in words: from the release alone, so that pages may tell it too.

No score is told. Of a hidden number there is the rule and what holds for the whole wave: nothing that
would be different if one more or one fewer had answered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.errors import PublishError
from pipeline.release import (
    Cell,
    CellKey,
    Group,
    Measure,
    Reason,
    Release,
    ReleasedFile,
    ReleasedWave,
    Scope,
    Suppressed,
)
from survey.instrument import Instrument

_SCOPES = {"pm": Scope.SUBJECT, "team": Scope.SUBJECT, "unit": Scope.UNIT}
_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where one number comes from; `rater_count` and `pm_count` are None where it is hidden.

    `min_raters` is k; `rule` says why the number is shown or hidden; `made_by` names the SQL files and
    functions, in their order.
    """

    cell: str
    release_no: int
    is_shown: bool
    rule: str
    rater_count: int | None
    pm_count: int | None
    min_raters: int
    min_pms: int
    wave_id: str
    policy_hash: str
    instrument: str
    instrument_hash: str
    items: tuple[str, ...]
    files: tuple[ReleasedFile, ...]
    made_by: tuple[str, ...]


def explain(release: Release, name: str) -> Explanation:
    """Returns where a number comes from.

    Args:
        release: the one to look in.
        name: like `great-pm/2026Q3:pm/p-ada:others:trait/taste`, as `cell_names` lists it.

    Raises:
        PublishError: there is no number of that name.
    """
    found = {cell_name(cell.key, kinds): cell for kinds, cell in _cells(release, name)}
    if name not in found:
        raise _unknown(name)
    cell = found[name]
    wave = next(one for one in release.waves() if one.wave_id == cell.key.wave_id)
    instrument = release.instrument(wave.instrument_id, wave.instrument_version)
    is_shown = not isinstance(cell, Suppressed)
    return Explanation(
        cell=name,
        release_no=release.number,
        is_shown=is_shown,
        rule=_rule(cell, wave),
        rater_count=None if isinstance(cell, Suppressed) else cell.rater_count,
        pm_count=None if isinstance(cell, Suppressed) else cell.pm_count,
        min_raters=wave.min_raters,
        min_pms=wave.min_pms,
        wave_id=wave.wave_id,
        policy_hash=wave.policy_hash,
        instrument=f"{wave.instrument_id} {wave.instrument_version}",
        instrument_hash=wave.instrument_hash,
        items=tuple(_items(instrument, cell.key)),
        files=release.files(wave.wave_id),
        made_by=_makers(cell.key, is_shown=is_shown),
    )


def cell_names(release: Release, beginning: str) -> tuple[str, ...]:
    """Returns the names of all numbers about one subject or unit that begin like this.

    Args:
        release: the one to look in.
        beginning: at least a wave and whom it is about: `great-pm/2026Q3:pm/p-ada`.
    """
    names = (cell_name(cell.key, kinds) for kinds, cell in _cells(release, beginning))
    return tuple(name for name in names if name.startswith(beginning))


def cell_name(key: CellKey, kind: str) -> str:
    """Returns the name by which a number is asked for; `kind` is pm, team or unit."""
    return f"{key.wave_id}:{kind}/{key.scope_id}:{key.group.value}:{key.measure.value}/{key.measure_id}"


def _cells(release: Release, name: str) -> Iterator[tuple[str, Cell]]:
    wave_id, _, rest = name.partition(":")
    kind, _, tail = rest.partition("/")
    scope_id = tail.rsplit(":", 2)[0] if tail.count(":") >= _PARTS - 1 else tail.partition(":")[0]
    if kind in _SCOPES:
        for cell in release.cells(_SCOPES[kind], scope_id):
            if cell.key.wave_id == wave_id and kind == _kind(release, cell.key):
                yield kind, cell


def _kind(release: Release, key: CellKey) -> str:
    if key.scope is Scope.UNIT:
        return "unit"
    subjects = release.subjects()
    kinds = {one.kind for one in subjects if (one.wave_id, one.subject_id) == (key.wave_id, key.scope_id)}
    return "pm" if kinds == {"pm"} else "team"


def _rule(cell: Cell, wave: ReleasedWave) -> str:
    k, s = wave.min_raters, wave.min_pms
    if not isinstance(cell, Suppressed):
        if cell.key.group is not Group.OTHERS:
            return f"shown with its author: there is one {cell.key.group.value}, and the form says so"
        units = f", and on at least {s} PMs in every combination" if cell.key.scope is Scope.UNIT else ""
        return f"shown: it rests on whole blocks of at least {k} raters who stay unknown{units}"
    return {
        Reason.TOO_FEW_RATERS: f"hidden: at least {k} others are needed who may not open the page themselves",
        Reason.TOO_FEW_PMS: f"hidden: at least {s} PMs are needed",
        Reason.TOO_LITTLE_EXPOSURE: "hidden: too few of those who answered have seen enough of it to judge",
        Reason.PROTECTS_OTHERS: "hidden: with it, another hidden number could be worked out",
    }[cell.reason]


def _items(instrument: Instrument, key: CellKey) -> Iterable[str]:
    """An item's id never changes its meaning, so the instrument's version is the item's."""
    if key.measure is not Measure.TRAIT:
        return (key.measure_id,)
    return (one.item_id for one in instrument.items if one.trait_id == key.measure_id and not one.is_event)


def _makers(key: CellKey, *, is_shown: bool) -> tuple[str, ...]:
    """In the order in which they run."""
    if not is_shown:
        deciding = ("pipeline.disclosure.units",) if key.scope is Scope.UNIT else ()
        return ("pipeline.disclosure.blocks", *deciding, "sql/publish/hidden.sql", "sql/publish/cell.sql")
    own = key.group is Group.OTHERS
    blocks = ("pipeline.disclosure.blocks", "sql/publish/block_item.sql") if own else ()
    units = ("pipeline.disclosure.units",) if key.scope is Scope.UNIT else ()
    trait = ("sql/publish/trait_score.sql",) if key.measure is Measure.TRAIT else ()
    interval = ("pipeline.statistics.interval",) if own and trait else ()
    makers = (*blocks, *units, "sql/publish/item_score.sql", *interval, *trait)
    return ("sql/marts/item.sql", *makers, "sql/publish/cell.sql")


def _unknown(name: str) -> PublishError:
    return PublishError(
        "explain-unknown",
        "the release has no number of this name",
        where=name,
        hint="list them with: pmhealth explain --list WAVE:pm/ID, or WAVE:unit/ID, or WAVE:team/ID",
    )
