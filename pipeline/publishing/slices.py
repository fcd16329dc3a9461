"""Which numbers by PM type and by stage may be shown, beside all that is shown of units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter

from pipeline.disclosure.slices import KINDS, Slice, SlicedBlock, decide_slices
from pipeline.numbering import subject_ids
from pipeline.publishing.earlier import Name
from pipeline.publishing.rulings import ItemRuling, Rulings, item_reason
from pipeline.publishing.staging import Staging
from pipeline.release import Reason, Scope
from survey.instrument import Instrument, SubjectKind
from survey.roster import Person, Roster

Values = Mapping[str, str]
"""Of a PM or a whole block: its slices by kind; a kind it is in no slice of is missing."""


def slice_names(instrument: Instrument, members: Roster) -> tuple[Name, ...]:
    """Returns every PM type and every stage of the roster, whoever will answer, in a fixed order."""
    if instrument.subject_kind is not SubjectKind.PM:
        return ()
    several = (_values(person).items() for person in members.people if person.is_pm)
    return tuple(sorted(slice_name(one) for one in {one for values in several for one in values}))


def slice_name(one: Slice) -> Name:
    """Returns the name a slice has in releases: `("slice", "stage/early")`."""
    return Scope.SLICE.value, "/".join(one)


def subject_values(staging: Staging) -> dict[int, Values]:
    """Returns the slices of each PM, by warehouse number."""
    if not staging.is_about_pms:
        return {}
    people = {person.person_id: person for person in staging.members.people}
    ids = set(subject_ids(staging.instrument.subject_kind, staging.members))
    rows = (row for row in staging.query("subject") if row["subject_id"] in ids)
    return {row["subject_no"]: _values(people[row["subject_id"]]) for row in rows}


def whole_values(subjects: Sequence[int], values: Mapping[int, Values]) -> Values:
    """Returns the slices that all of a block's PMs are in: only whole blocks are added up."""
    first, *others = (values.get(subject_no, {}) for subject_no in subjects)
    return {kind: value for kind, value in first.items() if all(other.get(kind) == value for other in others)}


def rule_slices(staging: Staging, units: Rulings) -> Rulings:
    """Returns what may be shown by PM type and stage; PMs of a type of whom nobody answered are too few."""
    if not staging.is_about_pms:
        return Rulings(scopes={}, items=())
    decided = decide_slices(_blocks(staging.query("slice_pm")), units.shown(), min_pms=staging.policy.min_pms)
    reasons = {slice_name(one): reason for one, reason in decided.items()}
    names = slice_names(staging.instrument, staging.members)
    scopes = {name: reasons.get(name, Reason.TOO_FEW_PMS) for name in names}
    return Rulings(scopes=scopes, items=tuple(_items(staging, units, decided)))


def _items(staging: Staging, units: Rulings, whole: Mapping[Slice, Reason | None]) -> Iterator[ItemRuling]:
    """Of each item, with the blocks that released it, beside the units that show it."""
    hidden = {one for one, reason in whole.items() if reason}
    shown_units = units.shown_items()
    rows: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in staging.query("slice_item_pm"):
        rows[row.pop("measure_no")].append(row)
    for measure_no, found in rows.items():
        blocks = tuple(_blocks(found))
        decided = decide_slices(
            blocks, shown_units.get(measure_no, ()), min_pms=staging.policy.min_pms, hidden=hidden
        )
        for one, reason in decided.items():
            yield ItemRuling(
                name=slice_name(one),
                measure_no=measure_no,
                reason=whole[one] or item_reason(reason),
                pm_count=sum(block.pm_count for block in blocks if block.values.get(one[0]) == one[1]),
            )


def _blocks(rows: Iterable[Mapping[str, object]]) -> Iterator[SlicedBlock]:
    """Blocks of one unit with the same slices count as one: only how many PMs are in them matters."""
    for row in rows:
        values = {kind: str(row[kind]) for kind in KINDS if row[kind]}
        yield SlicedBlock(unit_id=str(row["unit_id"]), pm_count=int(str(row["pm_count"])), values=values)


def _values(person: Person) -> Values:
    return _named(_of_kinds(person))


_of_kinds = attrgetter(*KINDS)


@cache
def _named(values: tuple[str, ...]) -> Values:
    """The same few for everybody."""
    return {kind: value for kind, value in zip(KINDS, values, strict=True) if value}
