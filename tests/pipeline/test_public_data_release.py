"""Public data go all the way, as files do: taken in, judged by Great Expectations, published.

What comes out is compared with means that are worked out from the file itself, with csv and decimals.
Nowhere in these two files does the coding of sums bite (measurement 3.3, step 3): no block is so small, and
none so unanimous, that its sum comes within one step (a twentieth of a range) of an end of the scale; the
tests say so of every block. So each mean is published exactly.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor, log10, sqrt
from pathlib import Path
from statistics import fmean

import duckdb
import pytest

from dashboard.cli import run
from pipeline.statistics.one_way import analyse_sums
from pipeline.statistics.reliability import estimate_reliability
from survey.config import Settings
from survey.register import open_register
from survey.roster import Person, Roster

FOLDER = Path(__file__).parents[3] / "shared" / "measurement"
MAPPINGS = Path(__file__).parents[1] / "exports"
CELLS = """
    select s.scope, s.scope_id, m.measure, m.measure_id, c.*
    from cell as c
    inner join scope as s using (scope_no)
    inner join measure as m using (measure_no)
"""
LAST_DIGIT = 1.01e-6

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared is not here"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How a column of a file is scored, said anew here."""

    item_id: str
    trait_id: str
    low: int
    high: int
    step: Decimal
    is_reverse: bool = False

    def turn(self, text: str) -> Decimal:
        value = Decimal(text)
        return self.low + self.high - value if self.is_reverse else value


def climate(item_id: str, trait_id: str, low: int, high: int) -> Column:
    """A column of bh1996.csv: a numeric range, for which a step is a twentieth."""
    return Column(item_id=item_id, trait_id=trait_id, low=low, high=high, step=Decimal(high - low) / 20)


CLIMATE = {
    "HRS": climate("hrs", "hours", 0, 24),
    "WBEING": climate("wbeing", "well_being", 0, 5),
    "COHES": climate("cohes", "cohesion", 1, 5),
}
FACTORS = {"A": "agree", "C": "conscientious", "E": "extraversion", "N": "neuroticism", "O": "openness"}
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
STATEMENTS = {
    name: Column(
        item_id=name.lower(),
        trait_id=trait_id,
        low=1,
        high=6,
        step=Decimal(1),
        is_reverse=name in REVERSED,
    )
    for letter, trait_id in FACTORS.items()
    for name in (f"{letter}{place}" for place in range(1, 6))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a release holds, and what its file held: turned ratings by subject and column."""

    tables: Mapping[str, list[dict[str, object]]]
    given: Mapping[str, Mapping[str, list[Decimal]]]
    columns: Mapping[str, Column]

    def mean(self, subject_id: str, name: str) -> Decimal:
        ratings = self.given[subject_id][name]
        return sum(ratings, Decimal(0)) / len(ratings)

    def shown(self, *, scope: str, measure: str) -> dict[tuple[str, str], dict[str, object]]:
        return {
            (str(row["scope_id"]), str(row["measure_id"])): row
            for row in self.tables["cell"]
            if (row["scope"], row["measure"], row["reason_no"]) == (scope, measure, 0)
        }


def person(place: int) -> Person:
    """One PM, and somebody in each of the 99 army companies."""
    return Person(
        person_id="pm001" if place == 0 else f"e{place:03}",
        name="",
        email="",
        manager_id="",
        org_unit=str(place),
        role="pm" if place == 0 else "engineer",
        level="",
        pm_type="",
        stage="",
        active_from=date(2020, 1, 1),
        active_to=None,
    )


def publish(home: Path, name: str, campaign: str) -> dict[str, list[dict[str, object]]]:
    """Takes the file in as a person would, publishes it, and returns the tables of the release."""
    settings = Settings(home=home)
    settings.instruments_path.mkdir(parents=True)
    (settings.instruments_path / "own.yaml").write_bytes((MAPPINGS / f"{name}.instrument.yaml").read_bytes())
    with open_register(settings.register_path) as register:
        register.replace_roster(Roster(people=tuple(person(place) for place in range(100))))
    told, wave = ["--home", str(home)], f"{campaign}/2026Q1"
    file, mapping = str(FOLDER / f"{name}.csv"), str(MAPPINGS / f"{name}.yaml")
    assert run([*told, "ingest", file, "--wave", wave, "--mapping", mapping, "--yes"]) == 0
    assert run([*told, "publish", "--wave", wave]) == 0
    tables = read_tables(settings.releases_path / "release-000001.duckdb")
    return {**tables, **read_sums(settings.warehouse_path)}


WITHIN = """
select trait_id, sum(squares) as within_sum_squares
from (select item_no, var_pop(value) * count(value) as squares from core.answer group by item_no, subject_no)
join core.wave_item using (item_no)
group by trait_id
"""
"""Each trait of these files is one item."""


def read_sums(path: Path) -> dict[str, list[dict[str, object]]]:
    """What the statistics are made from: sums per subject and item, squares within subjects per trait."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: connection.sql(sql).to_arrow_table().to_pylist()
            for name, sql in {
                "item": "from mart.item",
                "within": WITHIN,
                "item_name": "from core.item",
            }.items()
        }


def read_tables(path: Path) -> dict[str, list[dict[str, object]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: connection.sql(sql).to_arrow_table().to_pylist()
            for name, sql in {
                "cell": CELLS,
                "wave": "from wave",
                "block": "from block join scope using (scope_no)",
                "spread": "from spread join measure using (measure_no)",
                "reliability": "from reliability join measure using (measure_no)",
            }.items()
        }


def read_ratings(
    name: str, columns: Mapping[str, Column], subject: str
) -> dict[str, dict[str, list[Decimal]]]:
    """The file's ratings, turned where an item is reversed; an empty cell and NA are no rating."""
    given: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, how in columns.items():
                if row[column] not in {"", "NA"}:
                    given[row.get(subject, "pm001")][column].append(how.turn(row[column]))
    return given


@pytest.fixture(scope="module")
def climate_release(tmp_path_factory) -> Deployment:
    tables = publish(tmp_path_factory.mktemp("bh1996"), "bh1996", "leadership-climate")
    return Deployment(tables=tables, given=read_ratings("bh1996", CLIMATE, "GRP"), columns=CLIMATE)


@pytest.fixture(scope="module")
def factors_release(tmp_path_factory) -> Deployment:
    tables = publish(tmp_path_factory.mktemp("bfi"), "bfi", "five-factors")
    return Deployment(tables=tables, given=read_ratings("bfi", STATEMENTS, ""), columns=STATEMENTS)


def check_items(found: Deployment) -> None:
    """Every mean of a subject's item is that of the file, and nothing was kept back from an end."""
    cells = found.shown(scope="subject", measure="item")
    assert set(cells) == {(one, how.item_id) for one in found.given for how in found.columns.values()}
    for subject_id, by_column in found.given.items():
        for name, how in found.columns.items():
            cell, ratings = cells[subject_id, how.item_id], by_column[name]
            total, count = sum(ratings), len(ratings)
            assert count * how.low + how.step < total < count * how.high - how.step
            assert cell["score"] == pytest.approx(found.mean(subject_id, name), abs=Decimal("0.00000051"))
            assert (cell["rater_count"], cell["bound_no"]) == (count, 0)


def check_traits(found: Deployment) -> None:
    """Every trait's score is the mean of its items' means."""
    cells = found.shown(scope="subject", measure="trait")
    traits = defaultdict(list)
    for name, how in found.columns.items():
        traits[how.trait_id].append(name)
    assert set(cells) == {(one, trait_id) for one in found.given for trait_id in traits}
    for (subject_id, trait_id), cell in cells.items():
        mean = fmean(float(found.mean(subject_id, name)) for name in traits[trait_id])
        assert float(cell["score"]) == pytest.approx(mean, abs=LAST_DIGIT)
        assert cell["low"] < cell["score"] < cell["high"]


def test_bh1996_when_published_then_means_are_those_of_the_file(climate_release):
    assert len(climate_release.given) == 99
    check_items(climate_release)
    check_traits(climate_release)
    assert climate_release.tables["wave"][0]["row_loaded_count"] == 7382
    assert climate_release.tables["wave"][0]["answer_loaded_count"] == 3 * 7382


def test_bh1996_when_published_then_each_company_is_a_block_of_its_soldiers(climate_release):
    blocks = {row["scope_id"]: row["rater_count"] for row in climate_release.tables["block"]}
    assert blocks == {one: len(by_column["HRS"]) for one, by_column in climate_release.given.items()}
    hidden = {row["scope_id"] for row in climate_release.tables["cell"] if row["reason_no"]}
    assert hidden == {"0"}  # the unit of the one PM, about which nobody answered


def test_bh1996_when_published_then_spreads_are_those_of_the_file(climate_release):
    """The root of the mean square within companies, to two digits."""
    spreads = {row["measure_id"]: row for row in climate_release.tables["spread"]}
    for name, how in CLIMATE.items():
        groups = [[float(one) for one in by_column[name]] for by_column in climate_release.given.values()]
        squares = sum((one - fmean(group)) ** 2 for group in groups for one in group)
        sigma = sqrt(squares / (7382 - 99))
        assert float(spreads[how.trait_id]["sigma_points"]) == pytest.approx(
            round(sigma, 1 - floor(log10(sigma)))
        )
        assert spreads[how.trait_id]["source"] == "wave"


@pytest.mark.parametrize(
    ("item_id", "trait_id", "icc1_mean_size", "icc1", "icc2"),
    [
        ("hrs", "hours", 0.1331067, 0.1334981, 0.9196732),
        ("wbeing", "well_being", 0.0433691, 0.0435098, 0.7717129),
    ],
)
def test_bh1996_when_taken_in_then_iccs_of_the_sums_are_as_published(
    climate_release, item_id, trait_id, icc1_mean_size, icc1, icc2
):
    """Bliese, multilevel 2.7, from the warehouse's answers."""
    tables = climate_release.tables
    item_no = next(row["item_no"] for row in tables["item_name"] if row["item_id"] == item_id)
    rows = [row for row in tables["item"] if row["item_no"] == item_no]
    sizes = [row["rating_count"] for row in rows]
    means = [float(row["sum_points"]) / row["rating_count"] for row in rows]
    squares = next(row for row in tables["within"] if row["trait_id"] == trait_id)["within_sum_squares"]
    found = estimate_reliability(analyse_sums(sizes, means, float(squares)))
    assert found.icc1_mean_size == pytest.approx(icc1_mean_size, abs=0.51e-6)
    assert found.icc1 == pytest.approx(icc1, abs=0.51e-6)
    assert found.icc2 == pytest.approx(icc2, abs=0.51e-6)


@pytest.mark.parametrize(
    ("trait_id", "icc1", "icc2"), [("hours", "0.13", "0.92"), ("well_being", "0.044", "0.77")]
)
def test_bh1996_when_published_then_the_release_has_the_c0_value_to_two_digits(
    climate_release, trait_id, icc1, icc2
):
    """With the mean company size it would be .13 and .043: of well-being, two digits tell c0 from it."""
    (found,) = (row for row in climate_release.tables["reliability"] if row["measure_id"] == trait_id)
    assert (found["icc1"], found["icc2"]) == (Decimal(icc1), Decimal(icc2))


def test_bfi_when_published_then_means_are_those_of_the_file(factors_release):
    check_items(factors_release)
    check_traits(factors_release)
    assert factors_release.tables["wave"][0]["row_loaded_count"] == 2800
    answers = sum(len(ratings) for ratings in factors_release.given["pm001"].values())
    assert factors_release.tables["wave"][0]["answer_loaded_count"] == answers == 69492


def test_bfi_when_published_then_one_pm_is_no_unit(factors_release):
    """2,800 people answered about one PM: their unit's numbers would be that PM's."""
    assert factors_release.shown(scope="unit", measure="item") == {}
    assert factors_release.shown(scope="unit", measure="trait") == {}
    units = [row for row in factors_release.tables["cell"] if row["scope"] == "unit"]
    assert len(units) == len(STATEMENTS) + len(FACTORS)
