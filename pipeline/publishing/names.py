"""Which subjects, units, traits and items a wave is about, and the numbers they carry in releases."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from operator import attrgetter

import pyarrow as pa

from pipeline.numbering import subject_ids, subject_units
from pipeline.publishing.earlier import Name
from pipeline.publishing.fresh import name_numbers
from pipeline.publishing.staging import Staging
from pipeline.release import Measure, Scope
from survey.instrument import Instrument, Item, ResponseScale, ScaleKind, SubjectKind
from survey.roster import Roster, parent_unit

RANGE_STEPS = 20
"""A numeric range has no points; for coding, a twentieth of it counts as one step."""

POINTS = pa.decimal128(9, 6)

_ROSTER = {
    "scope_no": pa.int32(),
    **{name: pa.string() for name in ("subject_id", "name", "unit_id", "level", "pm_type", "stage")},
}


def scope_names(instrument: Instrument, members: Roster) -> tuple[Name, ...]:
    """Returns every subject and every unit that a wave's numbers may be about, in a fixed order."""
    subjects = sorted(subject_ids(instrument.subject_kind, members))
    units = subject_units(instrument.subject_kind, members)
    subject, unit = Scope.SUBJECT.value, Scope.UNIT.value
    return (*((subject, one) for one in subjects), *((unit, one) for one in units))


def measure_names(instrument: Instrument) -> tuple[Name, ...]:
    """Returns the instrument's traits and items, in its order; a trait of events alone has no score."""
    traits = (trait.trait_id for trait in instrument.traits if instrument.scaled_items(trait.trait_id))
    return (*((Measure.TRAIT.value, one) for one in traits), *(item_name(item) for item in instrument.items))


def trait_numbers(staging: Staging) -> tuple[int, ...]:
    """Returns the release's numbers of the traits that the wave scores, in order."""
    names = (name for name in measure_names(staging.instrument) if name[0] == Measure.TRAIT.value)
    return tuple(sorted(staging.measures[name] for name in names))


def item_name(item: Item) -> Name:
    """Returns the measure that an item is."""
    return (Measure.EVENT if item.is_event else Measure.ITEM).value, item.item_id


def coding_step(scale: ResponseScale) -> Decimal:
    """Returns how far sums stay away from both ends of a scale, in scale points."""
    return (scale.high - scale.low) / RANGE_STEPS if scale.kind is ScaleKind.RANGE else scale.step


def stage_names(staging: Staging) -> None:
    """Stages `roster`, `subject`, `measure` and `item`: warehouse numbers beside release numbers."""
    name_numbers(staging.warehouse, staging.scopes, staging.measures)
    staging.put("roster", _ROSTER, _roster_rows(staging))
    staging.create("subject")
    names = measure_names(staging.instrument)
    staging.put("measure", {"measure_no": pa.uint16()}, [(staging.measures[name],) for name in names])
    columns = {
        "item_no": pa.uint16(),
        "measure_no": pa.uint16(),
        "trait_no": pa.uint16(),
        "is_event": pa.bool_(),
        "low": POINTS,
        "high": POINTS,
        "coding_step": POINTS,
    }
    staging.put("item", columns, _item_rows(staging))


def _roster_rows(staging: Staging) -> Iterator[tuple[object, ...]]:
    """Who or what every subject is, as of the wave's roster date; a unit has no level, type and stage."""
    if staging.instrument.subject_kind is SubjectKind.PM:
        homes = (_home(person) for person in staging.members.people if person.is_pm)
    else:
        units = subject_ids(SubjectKind.UNIT, staging.members)
        homes = ((unit, _last_part(unit), unit, "", "", "") for unit in units)
    scopes, subject = staging.scopes, Scope.SUBJECT.value
    return ((scopes[subject, home[0]], *home) for home in homes)


_home = attrgetter("person_id", "name", "org_unit", "level", "pm_type", "stage")


def _item_rows(staging: Staging) -> Iterator[tuple[object, ...]]:
    numbers = {row["item_id"]: row["item_no"] for row in staging.query("item_number")}
    for item in staging.instrument.items:
        scale = staging.instrument.scale(item.scale_id)
        yield (
            numbers[item.item_id],
            staging.measures[item_name(item)],
            staging.measures.get((Measure.TRAIT.value, item.trait_id), 0),
            item.is_event,
            scale.low,
            scale.high,
            coding_step(scale),
        )


UNIT_COLUMNS: Mapping[str, pa.DataType] = {
    "wave_no": pa.uint16(),
    "scope_no": pa.int32(),
    "parent_id": pa.string(),
    "name": pa.string(),
}


def unit_rows(staging: Staging) -> Iterator[tuple[object, ...]]:
    """Yields the rows of `release.unit`, by unit id."""
    for unit in subject_units(staging.instrument.subject_kind, staging.members):
        yield staging.wave_no, staging.scopes[Scope.UNIT.value, unit], parent_unit(unit), _last_part(unit)


def _last_part(unit_id: str) -> str:
    return unit_id.rpartition("/")[2]
