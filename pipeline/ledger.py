"""What was taken in: one entry per file, with its counts, its hashes and what validation said."""

from dataclasses import asdict, dataclass
from datetime import datetime

import pyarrow as pa

from pipeline.load import Tally
from pipeline.received import Received
from pipeline.validation_report import ValidationReport
from pipeline.warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One loaded file of a wave, and how many of its rows count."""

    batch_no: int
    source_name: str
    sha256: str
    mapping_hash: str
    loaded_at: datetime
    row_loaded_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Everything the ledger says of a file. `state` is `loaded` or `refused` when it is written."""

    batch_no: int
    wave_id: str
    source_name: str
    suite_hash: str
    state: str
    is_addition: bool
    is_long: bool
    loaded_at: datetime
    received: Received
    tally: Tally


def active_batches(warehouse: Warehouse, wave_id: str) -> tuple[Batch, ...]:
    """Returns the files whose answers count in a wave, oldest first."""
    rows = warehouse.query("load/active_batch", {"wave_id": wave_id}).to_pylist()
    return tuple(Batch(**row) for row in rows)


def next_batch_no(warehouse: Warehouse) -> int:
    """Returns the number of the next file."""
    return int(warehouse.query("load/batch_number").column("batch_no")[0].as_py()) + 1


def write_entry(warehouse: Warehouse, entry: Entry, report: ValidationReport) -> None:
    """Adds a file and its validation results to the ledger, within the caller's transaction."""
    received = entry.received
    row = {
        "batch_no": entry.batch_no,
        "wave_id": entry.wave_id,
        "source_name": entry.source_name,
        "tool": received.tool,
        "sha256": received.sha256,
        "mapping_name": received.mapping_name,
        "mapping_hash": received.mapping_hash,
        "suite_hash": entry.suite_hash,
        "state": entry.state,
        "is_addition": entry.is_addition,
        "is_long": entry.is_long,
        "file_line_count": received.file_lines,
        "loaded_at": entry.loaded_at,
    }
    warehouse.add_rows("raw.batch", pa.Table.from_pylist([row | asdict(entry.tally)]))
    checks = [{"batch_no": entry.batch_no} | asdict(check) for check in report.checks]
    if checks:
        warehouse.add_rows("raw.validation", pa.Table.from_pylist(checks, schema=_VALIDATION))


_VALIDATION = pa.schema(
    [
        ("batch_no", pa.int32()),
        ("check_id", pa.string()),
        ("level", pa.string()),
        ("severity", pa.string()),
        ("is_met", pa.bool_()),
        ("evaluated_count", pa.int64()),
        ("failing_count", pa.int64()),
        ("observed", pa.float64()),
        ("message", pa.string()),
    ]
)
