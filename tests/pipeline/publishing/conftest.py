"""Small made-up worlds: answers in, a published release out, through the real warehouse and marts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from pipeline import marts, publish
from pipeline.numbering import number_items, number_subjects, number_wave
from pipeline.publish import Edition, ReleaseManifest
from pipeline.release import Release, Releases
from pipeline.rules import code
from pipeline.warehouse import Warehouse, open_warehouse
from survey.campaign import Wave, WaveState, parse_period
from survey.definition_document import sealed
from survey.instrument import Instrument, Item, ResponseScale, ScaleKind, SubjectKind, Trait
from survey.policy import Policy, default_policy, default_policy_text
from survey.relationship import Relationship
from survey.roster import Person, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer: a value as given, or None for 'not enough exposure to judge'."""

    subject: str
    relationship: Relationship
    rater: int
    item: str
    value: int | None


@dataclass(slots=True)
class World:
    """One organisation: a warehouse, a folder of releases, a roster, an instrument."""

    warehouse: Warehouse
    releases: Path
    members: Roster
    instrument: Instrument
    policy: Policy
    asked: Mapping[str, int] = field(default_factory=dict)

    def load(self, period: str, said: Iterable[Said]) -> None:
        """Puts answers into the warehouse as a wave's only batch, and builds its marts."""
        wave = self.wave(period)
        wave_no = number_wave(self.warehouse, wave, self.instrument)
        items = number_items(self.warehouse, self.instrument)
        subjects = number_subjects(self.warehouse, self.instrument.subject_kind, self.members)
        for table in ("core.answer", "core.response"):
            self.warehouse.delete(table, "wave_no", wave_no)
        self.warehouse.delete("raw.batch", "wave_id", wave.wave_id)
        answers = list(said)
        responses = {(one.subject, one.rater): one for one in answers}
        self._add("raw.batch", [batch(wave, len(responses), len(answers))])
        key = {"batch_no": 1, "wave_no": wave_no, "line": 1}
        self._add(
            "core.response",
            [
                key
                | {
                    "subject_no": subjects[one.subject],
                    "relationship": code(one.relationship),
                    "response_no": response_no(one),
                    "rater_no": one.rater,
                    "part": 0,
                    "submitted_at": None,
                }
                for one in responses.values()
            ],
        )
        self._add(
            "core.answer",
            [
                key
                | {
                    "subject_no": subjects[one.subject],
                    "relationship": code(one.relationship),
                    "response_no": response_no(one),
                    "item_no": items[one.item],
                    "value": None if one.value is None else Decimal(one.value),
                    "is_not_observed": one.value is None,
                    "column_no": 1,
                }
                for one in answers
            ],
        )
        marts.build(self.warehouse, wave_no)

    def publish(self, period: str) -> ReleaseManifest:
        """Publishes a loaded wave."""
        return publish.write_release(self.warehouse, self.releases, self.edition(period))

    def edition(self, period: str) -> Edition:
        """Returns a wave with all that its release rests on."""
        return Edition(
            wave=self.wave(period),
            instrument=self.instrument,
            members=self.members,
            policy=self.policy,
            asked_counts=self.asked,
        )

    def withdraw(self, period: str, reason: str) -> ReleaseManifest:
        """Withdraws a published wave."""
        wave = replace(self.wave(period), state=WaveState.WITHDRAWN, reason=reason)
        return publish.withdraw(self.warehouse, self.releases, wave)

    def release(self) -> Release:
        """Returns the current release; there must be one."""
        release = Releases(self.releases).current()
        assert release is not None
        return release

    def wave(self, period: str) -> Wave:
        """Returns the wave of a period."""
        return Wave(
            wave_id=f"team/{period}",
            campaign="team",
            period=parse_period(period),
            instrument_id=self.instrument.instrument_id,
            instrument_version=self.instrument.version,
            instrument_hash=self.instrument.content_hash,
            state=WaveState.CLOSED,
            is_external=False,
            roster_date=date(2026, 1, 1),
            policy=default_policy_text(),
        )

    def _add(self, table: str, rows: list[dict[str, object]]) -> None:
        if rows:
            self.warehouse.add_rows(table, pa.Table.from_pylist(rows))


def response_no(one: Said) -> int:
    """Returns a number that belongs to a rater's response about a subject, and to no other."""
    return one.rater * 1000 + int(one.subject.encode().hex(), 16) % 997


def batch(wave: Wave, rows: int, answers: int) -> dict[str, object]:
    counts = {
        f"{what}_{fate}_count": count if fate in {"received", "loaded"} else 0
        for what, count in (("row", rows), ("answer", answers))
        for fate in ("received", "loaded", "superseded", "quarantined")
    }
    texts = ("source_name", "tool", "mapping_name", "mapping_hash", "suite_hash")
    return {
        "batch_no": 1,
        "wave_id": wave.wave_id,
        "sha256": "f" * 64,
        "state": "loaded",
        "is_addition": False,
        "is_long": True,
        "file_line_count": rows,
        "loaded_at": datetime(2026, 1, 1),
        **counts,
        **dict.fromkeys(texts, "made-up"),
    }


def person(person_id: str, unit: str, role: str = "pm") -> Person:
    """Returns a person with an unremarkable record."""
    return Person(
        person_id=person_id,
        name=f"Name {person_id}",
        email=f"{person_id}@example.org",
        manager_id="",
        org_unit=unit,
        role=role,
        level="L4",
        pm_type="b2b",
        stage="growth",
        active_from=date(2025, 1, 1),
        active_to=None,
    )


def scale(scale_id: str, kind: ScaleKind, low: int, high: int) -> ResponseScale:
    return ResponseScale(
        scale_id=scale_id,
        kind=kind,
        low=Decimal(low),
        high=Decimal(high),
        step=Decimal(1),
        labels={"en": tuple(str(point) for point in range(low, high + 1))},
        not_observed={"en": ("not enough exposure",)},
    )


def item(item_id: str, trait_id: str, *, is_reverse: bool = False, is_event: bool = False) -> Item:
    return Item(
        item_id=item_id,
        trait_id=trait_id,
        scale_id="event" if is_event else "often",
        is_reverse=is_reverse,
        is_event=is_event,
        text={"en": item_id},
        text_self={"en": item_id},
    )


def trait(trait_id: str) -> Trait:
    return Trait(
        trait_id=trait_id,
        title={"en": trait_id},
        scale_id="often",
        area_id="",
        provenance="made up",
        grow=(),
        anchors={point: {"en": "made up"} for point in ("low", "middle", "high")},
    )


def two_traits(kind: SubjectKind = SubjectKind.PM, *, items: tuple[Item, ...] = ()) -> Instrument:
    """Returns an instrument of two traits: one with a reversed item, one with an event item."""
    chosen = items or (
        item("T1", "taste"),
        item("T2", "taste", is_reverse=True),
        item("F1", "focus"),
        item("F2", "focus", is_event=True),
    )
    draft = Instrument(
        instrument_id="two-traits",
        version="1",
        title={"en": "Two traits"},
        languages=("en",),
        subject_kind=kind,
        respondents=("self", "manager", "others"),
        scales=(scale("often", ScaleKind.POINTS, 1, 5), scale("event", ScaleKind.EVENT, 0, 1)),
        areas={},
        traits=(trait("taste"), trait("focus")),
        front=("taste", "focus"),
        items=chosen,
        prompts=(),
        short_form=(),
        content_hash="",
    )
    return sealed(draft)


@pytest.fixture
def open_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Opens worlds, each with its own warehouse and releases, and closes them in the end."""
    opened = []

    def open_one(people: Iterable[Person], instrument: Instrument | None = None) -> World:
        place = tmp_path / f"world-{len(opened)}"
        context = open_warehouse(place / "private" / "warehouse.duckdb")
        opened.append(context)
        return World(
            warehouse=context.__enter__(),
            releases=place / "releases",
            members=Roster(people=tuple(people)),
            instrument=instrument or two_traits(),
            policy=default_policy(),
        )

    yield open_one
    for context in opened:
        context.__exit__(None, None, None)


PEOPLE = tuple(
    person(f"pm{place:02d}", unit)
    for place, unit in enumerate(
        [
            "P/G/A",
            "P/G/A",
            "P/G/A",
            "P/G/A",
            "P/G/B",
            "P/G/B",
            "P/G/B",
            "P/C",
            "P/C",
            "P/C",
            "P",
            "Q/X",
            "Q/X",
        ]
    )
)
"""Thirteen PMs in two trees: enough for rest blocks, hidden units and remainders."""


def random_answers(rng: Random, people: Iterable[Person] = PEOPLE, *, most: int = 9) -> list[Said]:
    """Returns one wave's answers: up to `most` others per PM, some self and manager, 15 % not observed."""
    said = []
    for subject in people:
        raters = rng.sample(range(1, 40), rng.randint(0, most))
        asked = [(rater, rng.choice([Relationship.PEER, Relationship.DESIGN])) for rater in raters]
        asked += [(100, Relationship.SELF)] * rng.randint(0, 1) + [(101, Relationship.MANAGER)] * rng.randint(
            0, 1
        )
        for rater, relationship in asked:
            for one in two_traits().items:
                span = (0, 1) if one.is_event else (1, 5)
                value = None if rng.random() < 0.15 else rng.randint(*span)
                said.append(
                    Said(
                        subject=subject.person_id,
                        relationship=relationship,
                        rater=rater,
                        item=one.item_id,
                        value=value,
                    )
                )
    return said


@pytest.fixture
def people() -> tuple[Person, ...]:
    """Returns the thirteen PMs."""
    return PEOPLE


@pytest.fixture
def answers() -> Callable[..., list[Said]]:
    """Returns the maker of random answers."""
    return random_answers


@pytest.fixture
def seeded() -> Callable[[int], Random]:
    """Returns the maker of repeatable chance."""
    return Random


@pytest.fixture
def say() -> Callable[[int, str, int | None], Said]:
    """Returns the maker of a peer's answer about the first PM."""

    def said(rater: int, item_id: str, value: int | None) -> Said:
        return Said(subject="pm00", relationship=Relationship.PEER, rater=rater, item=item_id, value=value)

    return said
