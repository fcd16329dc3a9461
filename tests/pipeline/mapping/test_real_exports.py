"""Exports written by real tools come in whole: rows and filled cells are counted independently.

Each file has its mapping and instrument in tests/exports. The counts here are made with the csv
module and openly listed column numbers, sharing no code with the sources.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.mapping.file import parse_mapping, read_mapping
from pipeline.mapping.receive import receive
from pipeline.mapping.text import render_mapping
from pipeline.received import Received
from survey.definition import read_instrument

SHARED = Path(__file__).parents[4] / "shared"
MAPPINGS = Path(__file__).parents[2] / "exports"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is not here")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealFile:
    """A real export: its mapping, its header rows, and the numbers of the columns that are mapped."""

    path: str
    mapping: str
    header_rows: int
    columns: tuple[int, ...]
    encoding: str = "utf-8-sig"

    def records(self) -> list[list[str]]:
        with (SHARED / self.path).open(encoding=self.encoding, newline="") as stream:
            return list(csv.reader(stream))[self.header_rows :]

    def receive(self) -> Received:
        mapping = read_mapping(MAPPINGS / f"{self.mapping}.yaml")
        instrument = read_instrument(MAPPINGS / f"{self.mapping}.instrument.yaml")
        return receive(SHARED / self.path, mapping=mapping, instrument=instrument)


def spans(*pairs: tuple[int, int]) -> tuple[int, ...]:
    return tuple(number for first, last in pairs for number in range(first, last + 1))


STARS = spans((37, 41), (44, 63), (65, 69), (71, 75), (77, 81), (83, 87), (89, 93))
FILES = (
    RealFile(
        path="exports/qualtrics/qualtrics_no_basis_legacy_2hdr.csv",
        mapping="qualtrics_no_basis_legacy_2hdr",
        header_rows=2,
        columns=(11, *spans((17, 24))),
    ),
    RealFile(
        path="exports/qualtrics/qualtrics_many_types_3hdr.csv",
        mapping="qualtrics_many_types_3hdr",
        header_rows=3,
        columns=(*spans((16, 18), (52, 55), (140, 143)),),
    ),
    RealFile(
        path="exports/surveymonkey/surveymonkey_toc_2020_h1.csv",
        mapping="surveymonkey_toc_2020_h1",
        header_rows=2,
        columns=spans((19, 26), (28, 37), (40, 41)),
    ),
    RealFile(
        path="exports/surveymonkey/surveymonkey_maintainers_2019_h1.csv",
        mapping="surveymonkey_maintainers_2019_h1",
        header_rows=2,
        columns=(*STARS, 42, 43, 95, 96, 97),
    ),
    RealFile(
        path="exports/surveymonkey/surveymonkey_starwars_non_utf8.csv",
        mapping="surveymonkey_starwars_non_utf8",
        header_rows=2,
        columns=(2, *spans((16, 29))),
        encoding="latin-1",
    ),
    RealFile(
        path="exports/google_forms/googleforms_dask_2019.csv",
        mapping="googleforms_dask",
        header_rows=1,
        columns=spans((8, 18), (22, 23)),
    ),
    RealFile(
        path="exports/google_forms/googleforms_dask_2020.csv",
        mapping="googleforms_dask",
        header_rows=1,
        columns=spans((8, 18), (22, 23)),
    ),
    RealFile(path="measurement/bh1996.csv", mapping="bh1996", header_rows=1, columns=(2, 3, 4)),
    RealFile(path="measurement/bfi.csv", mapping="bfi", header_rows=1, columns=spans((2, 26))),
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file.path).stem)
def test_real_export_when_received_then_rows_and_filled_cells_are_all_there(file):
    records, found = file.records(), file.receive()
    filled = sum(1 for record in records for number in file.columns if record[number - 1].strip())
    items = found.answers["item"].to_pylist()
    assert found.file_lines == len(records)
    assert sum(found.answers["starts_row"].to_pylist()) == len(records)
    assert sum(1 for item in items if item is not None) == filled


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file.path).stem)
def test_real_export_when_received_then_every_item_cell_is_read_as_a_value(file):
    instrument = read_instrument(MAPPINGS / f"{file.mapping}.instrument.yaml")
    items = {item.item_id for item in instrument.items}
    for row in file.receive().answers.to_pylist():
        if row["item"] in items and row["value"] != "not_observed":
            float(row["value"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file.path).stem)
def test_mapping_of_a_real_export_when_rendered_then_reads_back_equal(file):
    mapping = read_mapping(MAPPINGS / f"{file.mapping}.yaml")
    assert parse_mapping(render_mapping(mapping).encode(), name="x", file="x.yaml") == mapping


def test_google_workbook_when_received_then_its_three_rows_and_cells_are_there():
    file = RealFile(
        path="exports/google_forms/googleforms_demo_responses.xlsx",
        mapping="googleforms_demo_responses",
        header_rows=1,
        columns=(),
    )
    found = file.receive()
    rows = found.answers.to_pylist()
    assert [(row["line"], row["value"], row["submitted_at"]) for row in rows] == [
        (2, "2", "2024-01-17T18:07:45"),
        (3, "1", "2024-01-17T18:08:11"),
        (4, "4", "2024-01-17T18:08:32"),
    ]


def test_identical_soldiers_when_each_row_is_a_response_then_all_are_kept():
    responses = FILES[-2].receive().answers["response"]
    assert len(set(responses.to_pylist())) == 7382
