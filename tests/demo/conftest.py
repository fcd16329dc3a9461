"""The demo, built once, and what went in and came out of it.

Nothing here shares code with what it judges: answers and releases are read with plain DuckDB, the
roster as CSV, the instruments as YAML, and everything is added up again in Python.
"""

import csv
import fcntl
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dashboard.cli import run

DEFINITIONS = Path(__file__).parents[2] / "survey" / "definitions"
LAST_DAYS = {"Q1": (3, 31), "Q2": (6, 30), "Q3": (9, 30), "Q4": (12, 31), "H1": (6, 30), "H2": (12, 31)}
K, MIN_RATINGS = 4, 3
GROUPS = ("others", "self", "manager")
REASONS = ("", "too_few_raters", "too_little_exposure", "too_few_pms", "protects_others")
ATTRIBUTED = {0: "self", 1: "manager"}
FACTS = """
    select
        w.wave_id, s.subject_id, r.relationship, r.response_no, r.rater_no, i.item_id, a.value,
        a.relationship as answer_relationship
    from core.answer as a
    inner join core.response as r using (wave_no, subject_no, response_no)
    inner join core.wave as w using (wave_no)
    inner join core.subject as s using (subject_no)
    inner join core.item as i using (item_no)
"""
CELLS = """
    select w.wave_id, s.scope, s.scope_id, m.measure, m.measure_id, c.*
    from cell as c
    inner join wave as w using (wave_no)
    inner join scope as s on c.scope_no = s.scope_no and s.scope in ('subject', 'unit') -- the attackers add up the others
    inner join measure as m using (measure_no)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How an item is scored, as its definition says."""

    trait_id: str
    measure: str
    is_reverse: bool
    low: Decimal
    high: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one rater ticked about one subject: points after reversing, None for not observed."""

    subject_id: str
    group: str
    response_no: int
    rater_no: int | None
    points: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def rater(self) -> tuple[str, int]:
        """Who filled it in; where the file names nobody, somebody else than in any other form."""
        return ("form", self.response_no) if self.rater_no is None else ("rater", self.rater_no)


def ratings(forms: Iterable[Form], item_id: str) -> list[Decimal]:
    """Returns the points that these forms give an item."""
    return [points for form in forms if (points := form.points.get(item_id)) is not None]


def people(forms: Iterable[Form]) -> int:
    """Returns how many people there are behind these forms at least."""
    named, unnamed = set(), defaultdict[str, int](int)
    for form in forms:
        if form.rater_no is None:
            unnamed[form.subject_id] += 1
        else:
            named.add(form.rater_no)
    return max([len(named), *unnamed.values()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Forms about one subject, or about several of one unit, that are published together."""

    unit_id: str
    subjects: tuple[str, ...]
    forms: tuple[Form, ...]
    is_rest: bool

    def ratings(self, item_id: str) -> list[Decimal]:
        return ratings(self.forms, item_id)

    def releases(self, item_id: str) -> bool:
        return len(self.ratings(item_id)) >= MIN_RATINGS

    @property
    def people(self) -> int:
        return people(self.forms)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """What was answered in a wave, and where everybody was on its last day.

    `homes` are the units of its subjects; `rest_units` those in which a release has a rest block.
    """

    wave_id: str
    items: Mapping[str, Item]
    forms: tuple[Form, ...]
    homes: Mapping[str, str]
    is_about_pms: bool
    has_others: bool
    rest_units: tuple[str, ...]

    @cached_property
    def others(self) -> dict[str, tuple[Form, ...]]:
        """The forms of others about each subject, by its id."""
        return {
            subject: tuple(
                form for form in self.forms if (form.subject_id, form.group) == (subject, "others")
            )
            for subject in self.homes
        }

    @cached_property
    def measures(self) -> tuple[tuple[str, str], ...]:
        """Every trait, item and event that may have a number."""
        traits = {item.trait_id for item in self.items.values() if item.measure == "item"}
        items = tuple((item.measure, item_id) for item_id, item in self.items.items())
        return (*(("trait", trait) for trait in sorted(traits)), *items)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit with a PM in it or below; none where units themselves are the subjects."""
        homes = self.homes.values() if self.is_about_pms and self.has_others else ()
        return tuple(sorted({above for home in homes for above in lineage(home)}))

    @cached_property
    def own_blocks(self) -> dict[str, Block]:
        """The blocks of subjects about whom enough people answered."""
        return {
            subject: self.pooled(self.homes[subject] if self.is_about_pms else "", (subject,))
            for subject, forms in self.others.items()
            if people(forms) >= K
        }

    @cached_property
    def rest_blocks(self) -> tuple[Block, ...]:
        """The blocks of those about whom fewer answered, the deepest unit first."""
        waiting = [one for one, forms in self.others.items() if forms and one not in self.own_blocks]
        blocks = []
        for unit in sorted(self.rest_units, key=lambda unit: -unit.count("/")):
            inside = tuple(one for one in waiting if unit in lineage(self.homes[one]))
            waiting = [one for one in waiting if one not in inside]
            blocks.append(self.pooled(unit, inside, is_rest=True))
        return tuple(blocks)

    @cached_property
    def withheld(self) -> tuple[str, ...]:
        """The subjects whose answers enter no number."""
        pooled = {*self.own_blocks, *(one for block in self.rest_blocks for one in block.subjects)}
        return tuple(one for one, forms in self.others.items() if forms and one not in pooled)

    def blocks_behind(self, scope: str, scope_id: str) -> tuple[Block, ...]:
        """Returns the blocks that numbers about a subject or a unit rest on."""
        if scope == "subject":
            return (self.own_blocks[scope_id],) if scope_id in self.own_blocks else ()
        every = (*self.own_blocks.values(), *self.rest_blocks)
        return tuple(block for block in every if scope_id in lineage(block.unit_id))

    def item_blocks(self, scope: str, scope_id: str, item_id: str) -> tuple[Block, ...]:
        """Returns those of them in which enough people rated the item."""
        return tuple(block for block in self.blocks_behind(scope, scope_id) if block.releases(item_id))

    def cell_blocks(self, cell: "Cell", shown: Container[tuple[str, str, str]]) -> tuple[Block, ...]:
        """Returns the blocks that a number rests on; of a trait, those of its items that are shown."""
        items = (cell.measure_id,) if cell.measure != "trait" else self.scaled_items(cell.measure_id)
        kept = [item for item in items if (*cell.about, item) in shown]
        found = self.blocks_behind(*cell.about)
        return tuple(block for block in found if any(block.releases(item) for item in kept))

    def scaled_items(self, trait_id: str) -> tuple[str, ...]:
        """Returns the items that enter a trait's score."""
        return tuple(
            item_id
            for item_id, item in self.items.items()
            if (item.trait_id, item.measure) == (trait_id, "item")
        )

    def pooled(self, unit_id: str, subjects: tuple[str, ...], *, is_rest: bool = False) -> Block:
        """Returns what others said about these subjects, put together."""
        forms = tuple(form for subject in subjects for form in self.others[subject])
        return Block(unit_id=unit_id, subjects=subjects, forms=forms, is_rest=is_rest)


def lineage(unit: str) -> tuple[str, ...]:
    """Returns a unit and every unit above it."""
    parts = unit.split("/")
    return tuple("/".join(parts[: place + 1]) for place in range(len(parts))) if unit else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place for a number in a release; `reason` is "" where it is shown."""

    scope: str
    scope_id: str
    group: str
    measure: str
    measure_id: str
    reason: str
    numbers: Mapping[str, Any]

    @property
    def about(self) -> tuple[str, str]:
        return self.scope, self.scope_id

    @property
    def measured(self) -> tuple[str, str]:
        return self.measure, self.measure_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One release: its cells by wave, and its tables as they are."""

    number: int
    cells: Mapping[str, tuple[Cell, ...]]
    tables: Mapping[str, list[dict[str, Any]]]

    def others(self, wave_id: str, *, is_shown: bool) -> tuple[Cell, ...]:
        """Returns the shown or the hidden cells about what others said in a wave."""
        cells = self.cells.get(wave_id, ())
        return tuple(cell for cell in cells if cell.group == "others" and (not cell.reason) is is_shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What went in, by wave, and what came out, release by release."""

    waves: Mapping[str, Wave]
    releases: tuple[Published, ...]
    truth: Mapping[str, Any]

    @property
    def last(self) -> Published:
        return self.releases[-1]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished demo, made once for all of this run's processes. It is only read."""
    place = tmp_path_factory.getbasetemp()
    folder = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait; who comes later finds it finished
        assert run(["demo", "--home", str(folder / "home")]) == 0
    return folder / "home"


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of it, for what writes there."""
    return shutil.copytree(home, tmp_path / "home")


@pytest.fixture(scope="session")
def demo(home: Path) -> Demo:
    """What went into the demo and what came out."""
    releases = tuple(read_release(path) for path in sorted((home / "releases").glob("release-*.duckdb")))
    return Demo(
        waves=read_waves(home, releases[-1]),
        releases=releases,
        truth=json.loads((home / "input" / "truth.json").read_text(encoding="utf-8")),
    )


def read_release(path: Path) -> Published:
    tables = [name for (name,) in query(path, "select table_name from duckdb_tables() order by table_name")]
    cells = defaultdict[str, list[Cell]](list)
    for row in query_named(path, CELLS):
        names = {name: row.pop(name) for name in ("scope", "scope_id", "measure", "measure_id")}
        group, reason = GROUPS[row.pop("group_no")], REASONS[row.pop("reason_no")]
        cells[row.pop("wave_id")].append(Cell(group=group, reason=reason, numbers=row, **names))
    return Published(
        number=int(path.stem.removeprefix("release-")),
        cells={wave_id: tuple(found) for wave_id, found in cells.items()},
        tables={table: query_named(path, f"from {table}") for table in tables},
    )


def read_waves(home: Path, last: Published) -> dict[str, Wave]:
    forms = defaultdict[str, list[dict[str, Any]]](list)
    for row in query_named(home / "private" / "warehouse.duckdb", FACTS):
        assert row["relationship"] == row["answer_relationship"]
        forms[row["wave_id"]].append(row)
    with (home / "input" / "roster.csv").open(encoding="utf-8", newline="") as file:
        records = tuple(csv.DictReader(file))
    return {wave_id: read_wave(wave_id, rows, records, last) for wave_id, rows in forms.items()}


def read_wave(
    wave_id: str, rows: list[dict[str, Any]], records: tuple[dict[str, str], ...], last: Published
) -> Wave:
    campaign, period = wave_id.split("/")
    definition = yaml.safe_load((DEFINITIONS / f"{campaign}.yaml").read_text(encoding="utf-8"))
    items = read_items(definition)
    day = date(int(period[:4]), *LAST_DAYS[period[4:]]).isoformat()
    present = [one for one in records if one["active_from"] <= day <= (one["active_to"] or "9999")]
    is_about_pms = definition["subject"] == "pm"
    units = {above for one in present for above in lineage(one["org_unit"])}
    pms = {one["person_id"]: one["org_unit"] for one in present if one["role"] == "pm"}
    return Wave(
        wave_id=wave_id,
        items=items,
        forms=read_forms(rows, items),
        homes=pms if is_about_pms else {unit: unit for unit in units},
        is_about_pms=is_about_pms,
        has_others="others" in definition["respondents"],
        rest_units=read_rest_units(wave_id, last),
    )


def read_items(definition: Mapping[str, Any]) -> dict[str, Item]:
    first = next(iter(definition["scales"]))
    return {
        item_id: read_item(trait_id, item, definition["scales"][item.get("scale", trait.get("scale", first))])
        for trait_id, trait in definition["traits"].items()
        for item_id, item in trait["items"].items()
    }


def read_item(trait_id: str, item: Mapping[str, Any], scale: Mapping[str, Any]) -> Item:
    is_event = scale["kind"] == "event"
    low, high = (0, 1) if is_event else (scale["low"], scale["high"])
    return Item(
        trait_id=trait_id,
        measure="event" if is_event else "item",
        is_reverse=item.get("reverse", False),
        low=Decimal(low),
        high=Decimal(high),
        step=Decimal(1 if is_event else scale.get("step", 1)),
    )


def read_forms(rows: list[dict[str, Any]], items: Mapping[str, Item]) -> tuple[Form, ...]:
    forms: dict[tuple[str, int], Form] = {}
    for row in rows:
        key = row["subject_id"], row["response_no"]
        if key not in forms:
            group = ATTRIBUTED.get(row["relationship"], "others")
            forms[key] = Form(
                subject_id=key[0], group=group, response_no=key[1], rater_no=row["rater_no"], points={}
            )
        item, value = items[row["item_id"]], row["value"]
        turned = value is not None and item.is_reverse
        forms[key].points[row["item_id"]] = item.low + item.high - value if turned else value
    return tuple(forms.values())


def read_rest_units(wave_id: str, last: Published) -> tuple[str, ...]:
    waves = {row["wave_no"]: row["wave_id"] for row in last.tables["wave"]}
    scopes = {row["scope_no"]: row["scope_id"] for row in last.tables["scope"]}
    rest = (row for row in last.tables["block"] if row["is_rest"] and waves[row["wave_no"]] == wave_id)
    return tuple(scopes[row["scope_no"]] for row in rest)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def query_named(path: Path, sql: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
