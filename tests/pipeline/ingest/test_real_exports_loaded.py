"""Real exports go all the way into the warehouse, judged by Great Expectations, each row accounted for."""

from datetime import date, datetime
from pathlib import Path

import pytest

from dashboard.cli import run as run_program
from pipeline.ingest import Order, ingest
from pipeline.mapping.file import read_mapping
from pipeline.warehouse import open_warehouse
from survey.config import Settings
from survey.definition import read_instrument
from survey.register import open_register
from survey.roster import Person, Roster

SHARED = Path(__file__).parents[4] / "shared"
MAPPINGS = Path(__file__).parents[2] / "exports"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is not here")

FILES = {
    "exports/qualtrics/qualtrics_no_basis_legacy_2hdr.csv": ("qualtrics_no_basis_legacy_2hdr", 15, 135),
    "exports/qualtrics/qualtrics_many_types_3hdr.csv": ("qualtrics_many_types_3hdr", 5, 47),
    "exports/surveymonkey/surveymonkey_toc_2020_h1.csv": ("surveymonkey_toc_2020_h1", 28, 544),
    "exports/surveymonkey/surveymonkey_maintainers_2019_h1.csv": (
        "surveymonkey_maintainers_2019_h1",
        64,
        791,
    ),
    "exports/surveymonkey/surveymonkey_starwars_non_utf8.csv": (
        "surveymonkey_starwars_non_utf8",
        1186,
        12715,
    ),
    "exports/google_forms/googleforms_dask_2019.csv": ("googleforms_dask", 259, 3126),
    "exports/google_forms/googleforms_dask_2020.csv": ("googleforms_dask", 239, 2860),
    "exports/google_forms/googleforms_demo_responses.xlsx": ("googleforms_demo_responses", 3, 3),
    "measurement/bh1996.csv": ("bh1996", 7382, 22146),
    "measurement/bfi.csv": ("bfi", 2800, 69492),
}


def deploy(home: Path, mapping: str) -> tuple[Settings, str]:
    """A deployment with that export's instrument, one PM, and people in 99 units."""
    settings = Settings(home=home)
    settings.instruments_path.mkdir(parents=True)
    source = MAPPINGS / f"{mapping}.instrument.yaml"
    (settings.instruments_path / "own.yaml").write_bytes(source.read_bytes())
    with open_register(settings.register_path) as register:
        register.replace_roster(Roster(people=tuple(person(place) for place in range(100))))
    return settings, read_instrument(source).instrument_id


def person(place: int) -> Person:
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


@pytest.mark.parametrize("path", FILES)
def test_real_export_when_ingested_then_loads_the_rows_it_holds(path, tmp_path, capsys):
    mapping, rows, answers = FILES[path]
    settings, instrument_id = deploy(tmp_path / "home", mapping)
    order = Order(
        path=SHARED / path, wave=f"{instrument_id}/2026Q1", mapping=read_mapping(MAPPINGS / f"{mapping}.yaml")
    )
    tally = ingest(settings, order, now=datetime(2026, 4, 1), progress=lambda _: None).tally
    with capsys.disabled():
        print(  # noqa: T201 - the reconciliation is shown
            f"\n{Path(path).name}: {tally.row_received_count} rows received = {tally.row_loaded_count} loaded"
            f" + {tally.row_superseded_count} superseded + {tally.row_quarantined_count} quarantined;"
            f" {tally.answer_received_count} answers = {tally.answer_loaded_count}"
            f" + {tally.answer_superseded_count} + {tally.answer_quarantined_count}"
        )
    assert tally.is_even
    assert (tally.row_received_count, tally.row_loaded_count) == (rows, rows)
    assert (tally.answer_received_count, tally.answer_loaded_count) == (answers, answers)
    with open_warehouse(settings.warehouse_path) as warehouse:
        found = warehouse.connection.execute(
            "select (select count(*) from core.response),"
            " (select count(*) from core.answer) + (select count(*) from core.comment)"
        ).fetchone()
    assert found == (rows, answers)


UNUSABLE = sorted(path.name for path in (SHARED / "exports" / "dirt").glob("*")) if SHARED.is_dir() else []


@pytest.mark.parametrize("name", ["../surveymonkey/surveymonkey_summary_export_2020.csv", *UNUSABLE])
def test_dirty_file_when_ingested_without_mapping_then_is_refused_in_plain_words(name, tmp_path, capsys):
    settings, instrument_id = deploy(tmp_path / "home", "bfi")
    path = str(SHARED / "exports" / "dirt" / name)
    exit_code = run_program(
        ["--home", str(settings.home), "ingest", path, "--wave", f"{instrument_id}/2026Q1", "--yes"]
    )
    said = capsys.readouterr().err
    assert exit_code in (10, 11, 12), said
    assert "error[" in said
    assert "try: " in said
    assert "Traceback" not in said
    if settings.warehouse_path.exists():
        with open_warehouse(settings.warehouse_path) as warehouse:
            assert warehouse.connection.execute("select count(*) from core.answer").fetchone() == (0,)
