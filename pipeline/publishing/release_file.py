"""Writes the file of a release: earlier waves as they were, the new wave as staged, lines anew."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.publishing.changes import judge_changes
from pipeline.publishing.courses import Ground
from pipeline.publishing.derived import derived_tables
from pipeline.publishing.earlier import Earlier
from pipeline.publishing.fresh import make_fresh, name_numbers, names_in, tell_only
from pipeline.publishing.lane import lane_beside
from pipeline.publishing.lines import draw_lines
from pipeline.publishing.mix_ground import MixGround, read_mix_ground
from pipeline.publishing.mixes import mix_tables
from pipeline.publishing.names import UNIT_COLUMNS, unit_rows
from pipeline.publishing.nonresponse import nonresponse_tables
from pipeline.publishing.scatter import Scatter, scatter_tables
from pipeline.publishing.staging import Staging, arrow_table
from pipeline.publishing.tallies import tally_tables
from pipeline.publishing.told import read_told
from pipeline.publishing.values import read_values
from pipeline.release import AT_ONCE
from pipeline.warehouse import Warehouse
from survey.campaign import WaveState
from survey.definition_document import document

FORMAT_VERSION = 4

PIECE_LENGTH = 1000
"""Characters in a piece of a long text: in UTF-8 fewer than the 4096 bytes that DuckDB keeps in place."""

Tables = tuple[tuple[str, pa.Table], ...]
"""Rows of the release's tables, with their names."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """What two lanes work out while the tables before are being written."""

    derived: Future[Tables]
    lines: Future[None]
    changes: Future[tuple[Ground, pa.Table] | None]
    mixes: Future[MixGround | None]


def write_wave(staging: Staging, scatter: Scatter, path: Path) -> list[dict[str, Any]]:
    """Writes the next release with a staged wave in it.

    One thread writes, in one order. What takes two lanes meanwhile reads `fresh`, `every` and `previous` and never
    the file, so that when it is ready has no influence on the file's bytes.

    Returns:
        what the release holds, one row per wave (`sql/publish/manifest.sql`).
    """
    make_fresh(staging)
    warehouse, earlier = staging.warehouse, staging.earlier
    with warehouse.using_threads(1), lane_beside(staging) as one, lane_beside(staging) as other:
        told = one.run(lambda staged: read_told(staged.warehouse))
        coming = _Coming(
            lines=one.run(lambda staged: draw_lines(staged.warehouse, told.result())),
            changes=one.run(lambda staged: judge_changes(staged, told.result())),
            derived=other.run(lambda staged: _derived(staged, scatter)),
            mixes=other.run(read_mix_ground),
        )
        with _texts(warehouse, earlier, staging.wave_no, path):
            _write_texts(staging)
        with _numbers(warehouse, earlier, staging.wave_no, path):
            return _write_numbers(staging, coming)


def _derived(staging: Staging, scatter: Scatter) -> Tables:
    values = read_values(staging)
    return (
        *derived_tables(staging, scatter, values),
        *scatter_tables(staging, scatter),
        *tally_tables(staging, scatter, values),
        *nonresponse_tables(staging, values),
    )


def _write_texts(staging: Staging) -> None:
    warehouse = staging.warehouse
    _copy_fresh(warehouse, ("scope", "measure"))
    _add(warehouse, "wave", [_wave_row(staging)])
    _add_instrument(staging)
    _copy_fresh(warehouse, ("subject",))
    warehouse.add_rows("release.unit", arrow_table(UNIT_COLUMNS, unit_rows(staging)))
    _copy_fresh(warehouse, ("spread",))
    warehouse.append("release.lineage", "publish/lineage", staging.parameters())


def _write_numbers(staging: Staging, coming: _Coming) -> list[dict[str, Any]]:
    warehouse = staging.warehouse
    _copy_fresh(warehouse, ("block", "block_item", "relationship_item", "unit_load", "cell"))
    for table in ("comment", "comment_rule"):
        warehouse.copy_rows(f"release.{table}", f"stage.{table}")
    for table, rows in coming.derived.result():
        warehouse.add_rows(f"release.{table}", rows)
    coming.lines.result()
    _copy_fresh(warehouse, ("line",))
    for table, rows in _judged(staging, coming):
        warehouse.add_rows(f"release.{table}", rows)
    return _held(warehouse)


def _judged(staging: Staging, coming: _Coming) -> Iterator[tuple[str, pa.Table]]:
    """The rows of every table of this wave that rests on waves before it; none where there is none."""
    judged, mixes = coming.changes.result(), coming.mixes.result()
    if judged is not None:
        ground, changes = judged
        yield "change", changes
        if mixes is not None:
            yield from mix_tables(staging, ground, mixes)


def write_without(
    warehouse: Warehouse, earlier: Earlier, wave_no: int, reason: str, path: Path
) -> list[dict[str, Any]]:
    """Writes the next release without a wave's numbers; its row stays, with the reason.

    Returns:
        what the release holds, one row per wave (`sql/publish/manifest.sql`).
    """
    name_numbers(warehouse, earlier.scopes, earlier.measures)
    with _texts(warehouse, earlier, wave_no, path):
        _copy_fresh(warehouse, ("scope", "measure"))
        warehouse.append("release.wave", "publish/withdrawn_wave", {"wave_no": wave_no, "reason": reason})
        warehouse.copy_rows("release.instrument", "previous.instrument")
    with _numbers(warehouse, earlier, wave_no, path):
        tell_only(warehouse, "release")
        draw_lines(warehouse, read_told(warehouse))
        _copy_fresh(warehouse, ("line",))
        return _held(warehouse)


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
            _copy(warehouse, (*_NUMBERS, *names_in(_LATER, earlier.tables)), unless)
            warehouse.create("stage.earlier_step", "publish/earlier_step", {"wave_no": unless})
            for table in names_in(_SINCE, earlier.tables):
                warehouse.append(f"release.{table}", f"publish/earlier_{table}")
        yield


def _is_kept_whole(earlier: Earlier, unless: int) -> bool:
    return earlier.format_version == FORMAT_VERSION and all(wave.wave_no != unless for wave in earlier.waves)


def _copy(warehouse: Warehouse, tables: Iterable[str], unless: int) -> None:
    """Copies the rows of every earlier wave but one into an empty file, so that nothing is left of that one."""
    for table in tables:
        warehouse.copy_rows(f"release.{table}", f"previous.{table}", "wave_no", unless)


def _held(warehouse: Warehouse) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = warehouse.query("publish/manifest").to_pylist()
    return rows


def _copy_fresh(warehouse: Warehouse, tables: Iterable[str]) -> None:
    for table in tables:
        warehouse.copy_rows(f"release.{table}", f"fresh.{table}")


def _add(warehouse: Warehouse, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    warehouse.add_rows(f"release.{table}", pa.Table.from_pylist(list(rows)))


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
