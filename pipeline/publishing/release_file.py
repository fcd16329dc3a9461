"""Writes the file of a release: earlier waves as they were, the new wave as staged, lines anew."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.publishing.changes import judged_tables
from pipeline.publishing.derived import derived_tables
from pipeline.publishing.earlier import Earlier, Name
from pipeline.publishing.names import SUBJECT_COLUMNS, UNIT_COLUMNS, subject_rows, unit_rows
from pipeline.publishing.nonresponse import nonresponse_tables
from pipeline.publishing.scatter import Scatter, scatter_tables
from pipeline.publishing.staging import Staging, arrow_table
from pipeline.publishing.tallies import tally_tables
from pipeline.publishing.values import read_values
from pipeline.publishing.worth import stage_worth
from pipeline.release import AT_ONCE, GROUPS, Group
from pipeline.warehouse import Warehouse
from survey.campaign import WaveState
from survey.definition_document import document

FORMAT_VERSION = 4

PIECE_LENGTH = 1000
"""Characters in a piece of a long text: in UTF-8 fewer than the 4096 bytes that DuckDB keeps in place."""

_LATER = (
    "relationship_item",
    "comment",
    "comment_rule",
    "unit_load",
    "best_guess",
    "gap",
    "standing",
    "favourable",
    "nonresponse",
    "reliability",
    "subject_spread",
    "trait_covariance",
    "distribution",
    "coverage",
)
"""Tables by wave that an earlier format does not have."""

_SINCE = ("change", "mix", "mix_item")
"""Likewise those that rest on an earlier wave too, and go with it."""

_ANEW = ("meta", "instrument", "scope", "measure", "line")
"""Tables that each release writes anew; all others hold rows of waves, which stay as they are."""

_TEXTS = ("wave", "unit", "subject", "spread", "lineage")
_NUMBERS = ("block", "block_item", "cell")
"""Tables by wave, with texts in them and without (see `Warehouse.release_file`)."""


def write_wave(staging: Staging, scatter: Scatter, path: Path) -> list[dict[str, Any]]:
    """Writes the next release with a staged wave in it.

    Returns:
        what the release holds, one row per wave (`sql/publish/manifest.sql`).
    """
    warehouse = staging.warehouse
    with _texts(warehouse, staging.earlier, staging.wave_no, path):
        _add_names(warehouse, staging.scopes, staging.measures)
        _add(warehouse, "wave", [_wave_row(staging)])
        _add_instrument(staging)
        warehouse.add_rows("release.subject", arrow_table(SUBJECT_COLUMNS, subject_rows(staging)))
        warehouse.add_rows("release.unit", arrow_table(UNIT_COLUMNS, unit_rows(staging)))
        _append(warehouse, "spread", "released_spread", staging.parameters())
        _append(warehouse, "lineage", "lineage", staging.parameters())
    with _numbers(warehouse, staging.earlier, staging.wave_no, path):
        for table in ("block", "block_item", "relationship_item", "unit_load"):
            _append(warehouse, table, f"released_{table}", staging.parameters())
        _append(warehouse, "cell", "cell", staging.parameters())
        for table in ("comment", "comment_rule"):
            warehouse.copy_rows(f"release.{table}", f"stage.{table}")
        values = read_values(staging)
        for tables in (
            derived_tables(staging, scatter, values),
            scatter_tables(staging, scatter),
            tally_tables(staging, scatter, values),
            nonresponse_tables(staging, values),
        ):
            for table, derived in tables:
                warehouse.add_rows(f"release.{table}", derived)
        rows = _finish(warehouse)
        for table, judged in judged_tables(staging):
            warehouse.add_rows(f"release.{table}", judged)
        return rows


def write_without(
    warehouse: Warehouse, earlier: Earlier, wave_no: int, reason: str, path: Path
) -> list[dict[str, Any]]:
    """Writes the next release without a wave's numbers; its row stays, with the reason.

    Returns:
        what the release holds, one row per wave (`sql/publish/manifest.sql`).
    """
    with _texts(warehouse, earlier, wave_no, path):
        _add_names(warehouse, earlier.scopes, earlier.measures)
        warehouse.append("release.wave", "publish/withdrawn_wave", {"wave_no": wave_no, "reason": reason})
        warehouse.copy_rows("release.instrument", "previous.instrument")
    with _numbers(warehouse, earlier, wave_no, path):
        return _finish(warehouse)


@contextmanager
def _texts(warehouse: Warehouse, earlier: Earlier, unless: int, path: Path) -> Iterator[None]:
    """A new file with the names and texts of every wave of the release before but one.

    Each statement commits by itself: the tables of one transaction would be written in the order of
    their addresses in memory, so the same rows would not make the same bytes. A file that was cut
    off is never put in place.
    """
    is_kept_whole = _is_kept_whole(earlier, unless)
    if is_kept_whole and earlier.path:
        shutil.copyfile(earlier.path, path)  # far cheaper than row by row: old waves never change
    with warehouse.release_file(path):
        if is_kept_whole:
            for table in _ANEW:
                warehouse.drop(f"release.{table}")
        warehouse.run_script("schema/release")
        _add(warehouse, "meta", [{"release_no": earlier.release_no + 1, "format_version": FORMAT_VERSION}])
        if not is_kept_whole and earlier.release_no:
            _copy(warehouse, _TEXTS, unless)
        yield


@contextmanager
def _numbers(warehouse: Warehouse, earlier: Earlier, unless: int, path: Path) -> Iterator[None]:
    """The same file, with the numbers of those waves."""
    with warehouse.release_file(path, is_numbers_only=True):
        if not _is_kept_whole(earlier, unless) and earlier.release_no:
            _copy(warehouse, (*_NUMBERS, *_earlier_tables(warehouse, _LATER)), unless)
            warehouse.create("stage.earlier_step", "publish/earlier_step", {"wave_no": unless})
            for table in _earlier_tables(warehouse, _SINCE):
                warehouse.append(f"release.{table}", f"publish/earlier_{table}")
        yield


def _is_kept_whole(earlier: Earlier, unless: int) -> bool:
    return earlier.format_version == FORMAT_VERSION and all(wave.wave_no != unless for wave in earlier.waves)


def _copy(warehouse: Warehouse, tables: Iterable[str], unless: int) -> None:
    """Copies the rows of every earlier wave but one into an empty file, so that nothing is left of that one."""
    for table in tables:
        warehouse.copy_rows(f"release.{table}", f"previous.{table}", "wave_no", unless)


def _earlier_tables(warehouse: Warehouse, wanted: Iterable[str]) -> tuple[str, ...]:
    found = {row["table_name"] for row in warehouse.query("publish/earlier_table").to_pylist()}
    return tuple(table for table in wanted if table in found)


def _finish(warehouse: Warehouse) -> list[dict[str, Any]]:
    parameters = {"others_group": GROUPS.index(Group.OTHERS)}
    with warehouse.working_out():
        for table in ("line_item", "line_set", "line_point"):
            warehouse.create(f"stage.{table}", f"publish/{table}", parameters)
    stage_worth(warehouse, "line_point")
    _append(warehouse, "line", "line")
    rows: list[dict[str, Any]] = warehouse.query("publish/manifest").to_pylist()
    return rows


def _append(
    warehouse: Warehouse, table: str, query: str, parameters: Mapping[str, object] | None = None
) -> None:
    """Works rows out and puts them in order with every thread; one alone writes them (see `release_file`)."""
    with warehouse.working_out():
        warehouse.create("stage.ordered", f"publish/{query}", parameters)
    warehouse.copy_rows(f"release.{table}", "stage.ordered")
    warehouse.drop("stage.ordered")


def _add(warehouse: Warehouse, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    warehouse.add_rows(f"release.{table}", pa.Table.from_pylist(list(rows)))


def _add_names(warehouse: Warehouse, scopes: Mapping[Name, int], measures: Mapping[Name, int]) -> None:
    for table, numbers in (("scope", scopes), ("measure", measures)):
        columns = {f"{table}_no": pa.int32(), table: pa.string(), f"{table}_id": pa.string()}
        warehouse.add_rows(f"release.{table}", arrow_table(columns, _name_rows(numbers)))


def _name_rows(numbers: Mapping[Name, int]) -> Iterable[tuple[int, str, str]]:
    return ((number, *name) for name, number in numbers.items())


def _add_instrument(staging: Staging) -> None:
    warehouse, instrument = staging.warehouse, staging.instrument
    if staging.earlier.release_no:
        warehouse.append("release.instrument", "publish/earlier_instrument", staging.parameters())
    row = {
        "instrument_id": instrument.instrument_id,
        "version": instrument.version,
        "content_hash": instrument.content_hash,
        "document": _in_pieces(document(instrument)),
    }
    _add(warehouse, "instrument", [row])


def _in_pieces(text: str) -> list[str]:
    return [text[start : start + PIECE_LENGTH] for start in range(0, len(text), PIECE_LENGTH)]


def _wave_row(staging: Staging) -> dict[str, object]:
    wave, policy = staging.wave, staging.policy
    (inputs,) = staging.query("input")
    return {
        "wave_no": staging.wave_no,
        "wave_id": wave.wave_id,
        "campaign": wave.campaign,
        "period": wave.period.name,
        "starts_on": wave.period.starts_on,
        "ends_on": wave.period.ends_on,
        "instrument_id": wave.instrument_id,
        "instrument_version": wave.instrument_version,
        "instrument_hash": wave.instrument_hash,
        "state": WaveState.PUBLISHED.value,
        "reason": "",
        "roster_date": wave.roster_date,
        "policy_hash": policy.policy_hash,
        "min_raters": policy.min_raters,
        "min_pms": policy.min_pms,
        **inputs,
        "unit_date": wave.unit_date or AT_ONCE,
    }
