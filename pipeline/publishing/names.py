"""Which subjects, units, traits and items a wave is about, and the numbers they carry in releases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from pipeline.numbering import subject_ids, subject_units
from pipeline.publishing.earlier import Name
from pipeline.publishing.staging import Staging
from pipeline.release import Measure, Scope
from survey.instrument import Instrument, Item, ResponseScale, ScaleKind, SubjectKind
from survey.roster import Person, Roster, parent_unit

RANGE_STEPS = 20
"""A numeric range has no points; for coding, a twentieth of it counts as one step."""

POINTS = pa.decimal128(9, 6)


def scope_names(instrument: Instrument, members: Roster) -> tuple[Name, ...]:
    """Returns every subject and every unit that a wave's numbers may be about, in a fixed order."""
    subjects = sorted(subject_ids(instrument.subject_kind, members))
    units = subject_units(instrument.subject_kind, members)
    return (*((Scope.SUBJECT.value, one) for one in subjects), *((Scope.UNIT.value, one) for one in units))


def measure_names(instrument: Instrument) -> tuple[Name, ...]:
    """Returns the instrument's traits and items, in its order; a trait of events alone has no score."""
    traits = (trait.trait_id for trait in instrument.traits if instrument.scaled_items(trait.trait_id))
    return (*((Measure.TRAIT.value, one) for one in traits), *(item_name(item) for item in instrument.items))


def item_name(item: Item) -> Name:
    """Returns the measure that an item is."""
    return (Measure.EVENT if item.is_event else Measure.ITEM).value, item.item_id


def coding_step(scale: ResponseScale) -> Decimal:
    """Returns how far sums stay away from both ends of a scale, in scale points."""
    return (scale.high - scale.low) / RANGE_STEPS if scale.kind is ScaleKind.RANGE else scale.step


def stage_names(staging: Staging) -> None:
    """Stages `subject`, `measure` and `item`: warehouse numbers beside release numbers."""
    _stage_subjects(staging)
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


def _stage_subjects(staging: Staging) -> None:
    ids = set(subject_ids(staging.instrument.subject_kind, staging.members))
    rows = [
        (row["subject_no"], staging.scopes[Scope.SUBJECT.value, row["subject_id"]])
        for row in staging.query("subject")
        if row["subject_id"] in ids
    ]
    staging.put("subject", {"subject_no": pa.int32(), "scope_no": pa.int32()}, rows)


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


SUBJECT_COLUMNS: Mapping[str, pa.DataType] = {
    "wave_no": pa.uint16(),
    "scope_no": pa.int32(),
    **{name: pa.string() for name in ("kind", "name", "unit_id", "level", "pm_type", "stage")},
}

UNIT_COLUMNS: Mapping[str, pa.DataType] = {
    "wave_no": pa.uint16(),
    "scope_no": pa.int32(),
    "parent_id": pa.string(),
    "name": pa.string(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """Where a subject stands and what it is, as of the wave's roster date."""

    name: str
    unit_id: str
    level: str = ""
    pm_type: str = ""
    stage: str = ""


def subject_rows(staging: Staging) -> Iterator[tuple[object, ...]]:
    """Yields the rows of `release.subject`, by subject id."""
    people = {person.person_id: person for person in staging.members.people}
    kind = staging.instrument.subject_kind
    for subject_id in sorted(subject_ids(kind, staging.members)):
        home = _person_home(people[subject_id]) if kind is SubjectKind.PM else _unit_home(subject_id)
        yield (
            staging.wave_no,
            staging.scopes[Scope.SUBJECT.value, subject_id],
            kind.value,
            home.name,
            home.unit_id,
            home.level,
            home.pm_type,
            home.stage,
        )


def unit_rows(staging: Staging) -> Iterator[tuple[object, ...]]:
    """Yields the rows of `release.unit`, by unit id."""
    for unit in subject_units(staging.instrument.subject_kind, staging.members):
        yield staging.wave_no, staging.scopes[Scope.UNIT.value, unit], parent_unit(unit), _last_part(unit)


def _person_home(person: Person) -> _Home:
    return _Home(
        name=person.name,
        unit_id=person.org_unit,
        level=person.level,
        pm_type=person.pm_type,
        stage=person.stage,
    )


def _unit_home(unit_id: str) -> _Home:
    return _Home(name=_last_part(unit_id), unit_id=unit_id)


def _last_part(unit_id: str) -> str:
    return unit_id.rpartition("/")[2]
