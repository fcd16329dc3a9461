"""Which numbers by PM type and by stage may be shown, beside all that is shown of units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter

from pipeline.disclosure.slices import KINDS, Slice, SlicedBlock, decide_slices
from pipeline.publishing.earlier import Name
from pipeline.publishing.rulings import ItemRuling, ItemRulings, Rulings, item_reason
from pipeline.publishing.staging import Rows, Staging
from pipeline.release import Reason, Scope
from survey.instrument import Instrument, SubjectKind
from survey.roster import Roster


def slice_names(instrument: Instrument, members: Roster) -> tuple[Name, ...]:
    """Returns every PM type and every stage of the roster, whoever will answer, in a fixed order."""
    if instrument.subject_kind is not SubjectKind.PM:
        return ()
    values = {_values(person) for person in members.people if person.is_pm}
    slices = {one for several in values for one in zip(KINDS, several, strict=True) if one[1]}
    return tuple(sorted(slice_name(one) for one in slices))


_values = attrgetter(*KINDS)


def slice_name(one: Slice) -> Name:
    """Returns the name a slice has in releases: `("slice", "stage/early")`."""
    return Scope.SLICE.value, "/".join(one)


def rule_slices(staging: Staging, units: Rulings) -> Rulings:
    """Returns what may be shown by PM type and stage; PMs of a type of whom nobody answered are too few."""
    if not staging.is_about_pms:
        return Rulings(scopes={}, items=())
    blocks = _blocks(staging.rows("slice_pm"))
    decided = decide_slices(blocks, units.shown(), min_pms=staging.policy.min_pms)
    reasons = {slice_name(one): reason for one, reason in decided.items()}
    names = slice_names(staging.instrument, staging.members)
    scopes = {name: reasons.get(name, Reason.TOO_FEW_PMS) for name in names}
    return Rulings(scopes=scopes, items=tuple(_items(staging, units, decided)))


def _items(staging: Staging, units: Rulings, whole: Mapping[Slice, Reason | None]) -> Iterator[ItemRulings]:
    """Of each item, with the blocks that released it, beside the units that show it."""
    shown_units = units.shown_items()
    alike: dict[tuple[Rows, frozenset[str]], list[int]] = defaultdict(list)
    for measure_no, rows in staging.by_item("slice_item_pm").items():
        alike[rows, shown_units.get(measure_no, frozenset())].append(measure_no)
    for (rows, shown), measure_nos in alike.items():
        yield ItemRulings(
            measure_nos=measure_nos, by_name=_ruled(staging, tuple(_blocks(rows)), shown, whole)
        )


def _ruled(
    staging: Staging,
    blocks: Sequence[SlicedBlock],
    shown: frozenset[str],
    whole: Mapping[Slice, Reason | None],
) -> Mapping[Name, ItemRuling]:
    hidden = {one for one, reason in whole.items() if reason}
    decided = decide_slices(blocks, shown, min_pms=staging.policy.min_pms, hidden=hidden)
    counts: dict[Slice, int] = defaultdict(int)
    for block in blocks:
        for one in block.values.items():
            counts[one] += block.pm_count
    return {
        slice_name(one): ItemRuling(reason=whole[one] or item_reason(reason), pm_count=counts[one])
        for one, reason in decided.items()
    }


def _blocks(rows: Iterable[tuple[str, str, str, int]]) -> Iterator[SlicedBlock]:
    """Blocks of one unit with the same slices count as one: only how many PMs are in them matters."""
    for unit_id, *several, pm_count in rows:
        yield SlicedBlock(unit_id=unit_id, pm_count=pm_count, values=_named(*several))


@cache
def _named(*several: str) -> Mapping[str, str]:
    return {kind: value for kind, value in zip(KINDS, several, strict=True) if value}
