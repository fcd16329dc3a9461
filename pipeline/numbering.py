"""The small numbers that facts carry instead of texts: waves, subjects, items.

A number is given once and never again to something else. What a text in a file may mean
(person_id, e-mail, a name only one person has) is decided here, from the roster alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pyarrow as pa

from pipeline.rules import SubjectMatch
from pipeline.warehouse import Warehouse
from survey.campaign import Wave
from survey.instrument import Instrument, Item, SubjectKind
from survey.reporting_group import rest_id
from survey.roster import Person, Roster, unit_lineage

REST_KIND = "rest"
"""The kind of a subject that is nobody: answers about PMs of a unit who have too few each."""

Subjects = dict[str, tuple[SubjectMatch, int | None]]


def number_wave(warehouse: Warehouse, wave: Wave, instrument: Instrument) -> int:
    """Returns the wave's number; on first sight gives it one and lists its items."""
    known = _read_numbers(warehouse, "wave")
    if wave.wave_id in known:
        return known[wave.wave_id]
    wave_no = len(known) + 1
    warehouse.add_rows("core.wave", _numbered("wave", {wave.wave_id: wave_no}, pa.uint16()))
    numbers = number_items(warehouse, instrument)
    warehouse.add_rows("core.wave_item", _wave_items(wave_no, instrument, numbers))
    return wave_no


def number_items(warehouse: Warehouse, instrument: Instrument) -> dict[str, int]:
    """Returns the numbers of the instrument's items and prompts, new ones given where needed."""
    ids = (*(item.item_id for item in instrument.items), *(one.prompt_id for one in instrument.prompts))
    known = _read_numbers(warehouse, "item")
    new = _next_numbers(known, ids)
    if new:
        warehouse.add_rows("core.item", _numbered("item", new, pa.uint16()))
    known |= new
    return {item_id: known[item_id] for item_id in ids}


def number_subjects(warehouse: Warehouse, kind: SubjectKind, members: Roster) -> dict[str, int]:
    """Returns the number of every subject that a wave may be about, new ones given where needed."""
    return _number_subjects(warehouse, kind.value, subject_ids(kind, members))


def number_rests(warehouse: Warehouse, unit_ids: Iterable[str]) -> Subjects:
    """Returns the subjects that stand for the rest of units, as `match_subjects` does the others."""
    numbers = _number_subjects(warehouse, REST_KIND, tuple(rest_id(unit_id) for unit_id in unit_ids))
    return {subject_id.lower(): (SubjectMatch.KNOWN, number) for subject_id, number in numbers.items()}


def _number_subjects(warehouse: Warehouse, kind: str, ids: tuple[str, ...]) -> dict[str, int]:
    known = _read_numbers(warehouse, "subject")
    new = _next_numbers(known, ids)
    if new:
        rows = _numbered("subject", new, pa.int32())
        warehouse.add_rows("core.subject", rows.append_column("kind", pa.array([kind] * len(new))))
    known |= new
    return {subject_id: known[subject_id] for subject_id in ids}


def subject_ids(kind: SubjectKind, members: Roster) -> tuple[str, ...]:
    """Returns the ids a wave may be about: its PMs, or every unit that has people below it."""
    if kind is SubjectKind.PM:
        return tuple(person.person_id for person in members.people if person.is_pm)
    units = {unit for person in members.people for unit in unit_lineage(person.org_unit)}
    return tuple(sorted(units))


def subject_units(kind: SubjectKind, members: Roster) -> tuple[str, ...]:
    """Returns the units with a subject in them or below; of a team instrument, the subjects themselves."""
    if kind is SubjectKind.UNIT:
        return subject_ids(kind, members)
    homes = {person.org_unit for person in members.people if person.is_pm}
    return tuple(sorted({unit for home in homes for unit in unit_lineage(home)}))


def match_subjects(numbers: Mapping[str, int], kind: SubjectKind, members: Roster, known: Roster) -> Subjects:
    """Returns what each lower-case text may mean: an id before an e-mail, an e-mail before a name.

    `members` are the people of the wave's day, `known` everybody the roster ever held: a text that
    only the latter explains names someone who is not a subject of this wave.
    """
    found: Subjects = {}
    if kind is SubjectKind.UNIT:
        _add_names(found, ((unit.rpartition("/")[2], unit) for unit in numbers), numbers)
    else:
        day = {person.person_id: person for person in members.people}
        rest = {person.person_id: person for person in known.people if person.person_id not in day}
        _add_people(found, tuple(rest.values()), {})
        _add_people(found, tuple(day.values()), numbers)
    for subject_id, number in numbers.items():
        found[subject_id.lower()] = (SubjectMatch.KNOWN, number)
    return found


def _add_people(found: Subjects, people: tuple[Person, ...], numbers: Mapping[str, int]) -> None:
    """Later keys win: names first, then e-mails, then ids."""
    _add_names(found, ((person.name, person.person_id) for person in people), numbers)
    for person in people:
        for text in (person.email, person.person_id):
            if text:
                found[text.strip().lower()] = _match(numbers, person.person_id)


def _add_names(found: Subjects, named: Iterable[tuple[str, str]], numbers: Mapping[str, int]) -> None:
    pairs = {(name.strip().lower(), subject_id) for name, subject_id in named}
    bearers = Counter(name for name, _ in pairs)
    for name, subject_id in pairs:
        several = bearers[name] > 1
        found[name] = (SubjectMatch.AMBIGUOUS, None) if several else _match(numbers, subject_id)


def _match(numbers: Mapping[str, int], subject_id: str) -> tuple[SubjectMatch, int | None]:
    if subject_id in numbers:
        return SubjectMatch.KNOWN, numbers[subject_id]
    return SubjectMatch.NOT_IN_WAVE, None


def _read_numbers(warehouse: Warehouse, noun: str) -> dict[str, int]:
    rows = warehouse.query(f"load/{noun}_number").to_pylist()
    return {row["id"]: row["no"] for row in rows}


def _next_numbers(known: Mapping[str, int], ids: Iterable[str]) -> dict[str, int]:
    first = max(known.values(), default=0) + 1
    fresh = [one for one in ids if one not in known]
    return {one: first + place for place, one in enumerate(fresh)}


def _numbered(noun: str, numbers: Mapping[str, int], number_type: pa.DataType) -> pa.Table:
    columns = {f"{noun}_no": pa.array(list(numbers.values()), number_type), f"{noun}_id": list(numbers)}
    return pa.table(columns)


def _wave_items(wave_no: int, instrument: Instrument, numbers: Mapping[str, int]) -> pa.Table:
    places = {scale.scale_id: place for place, scale in enumerate(instrument.scales, start=1)}
    rows = [
        _wave_item(wave_no, instrument, item, places) | {"item_no": numbers[item.item_id]}
        for item in instrument.items
    ]
    rows += [
        {"wave_no": wave_no, "item_no": numbers[prompt.prompt_id], "trait_id": "", "scale_no": 0}
        | {"is_prompt": True, "is_event": False, "is_reverse": False, "low": None, "high": None, "step": None}
        for prompt in instrument.prompts
    ]
    return pa.Table.from_pylist(rows, schema=_WAVE_ITEM)


def _wave_item(
    wave_no: int, instrument: Instrument, item: Item, places: Mapping[str, int]
) -> dict[str, object]:
    scale = instrument.scale(item.scale_id)
    return {
        "wave_no": wave_no,
        "trait_id": item.trait_id,
        "scale_no": places[item.scale_id],
        "is_prompt": False,
        "is_event": item.is_event,
        "is_reverse": item.is_reverse,
        "low": scale.low.quantize(_MICRO),
        "high": scale.high.quantize(_MICRO),
        "step": scale.step.quantize(_MICRO),
    }


_MICRO = Decimal("0.000001")
_WAVE_ITEM = pa.schema(
    [
        ("wave_no", pa.uint16()),
        ("item_no", pa.uint16()),
        ("trait_id", pa.string()),
        ("scale_no", pa.uint8()),
        ("is_prompt", pa.bool_()),
        ("is_event", pa.bool_()),
        ("is_reverse", pa.bool_()),
        ("low", pa.decimal128(9, 6)),
        ("high", pa.decimal128(9, 6)),
        ("step", pa.decimal128(9, 6)),
    ]
)
