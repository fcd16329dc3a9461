"""One file under one mapping -> `Received`: what it brought, before anything is judged."""

import hashlib
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.mapping.answers import build_answers
from pipeline.mapping.binding import bind
from pipeline.mapping.describe import unmapped_columns
from pipeline.mapping.long_answers import build_long_answers
from pipeline.mapping.mapping import Mapping
from pipeline.mapping.propose import propose, refuse_unusable
from pipeline.mapping.text import hash_mapping
from pipeline.received import LONG_TOOL, LongFile, Received
from pipeline.sources import canonical
from pipeline.sources.export import Export
from pipeline.sources.sniff import open_export
from survey.instrument import Instrument

_CANONICAL = Mapping(name=canonical.TOOL, tool=canonical.TOOL)


def receive(path: Path, *, mapping: Mapping | None, instrument: Instrument) -> Received:
    """Returns the answers in a file.

    Args:
        path: an export of any supported tool, or a canonical table.
        mapping: how to read it; None takes what the header says, which a canonical table always
            does and another export does where its questions are the instrument's.
        instrument: what the answers are to.

    Raises:
        SourceError: the file is no row-level export that can be read whole.
        MappingError: the mapping does not fit, or none could be proposed.
    """
    long_file = canonical.find_long_file(path) if _may_be_long(mapping) else None
    if long_file is not None:
        return _received_long_file(path, *long_file, mapping or _CANONICAL)
    export = _open(path, mapping)
    if canonical.is_long(set(export.fields)):
        return _received_long_table(path, export, mapping or _CANONICAL, instrument)
    return _received_wide(path, export, mapping, instrument)


def _may_be_long(mapping: Mapping | None) -> bool:
    return mapping is None or (mapping.tool == canonical.TOOL and not mapping.items)


def _open(path: Path, mapping: Mapping | None) -> Export:
    if mapping is None:
        return open_export(path)
    return open_export(path, tool=mapping.tool, sheet=mapping.sheet, header_line=mapping.header_line)


def _received_long_file(
    path: Path, long_file: LongFile, header: tuple[str, ...], mapping: Mapping
) -> Received:
    return Received(
        tool=LONG_TOOL,
        mapping_name=mapping.name,
        mapping_hash=hash_mapping(mapping),
        sha256=_sha256(path),
        file_lines=0,
        columns=header,
        unmapped=tuple(text for text in header if text not in long_file.columns.values()),
        answers=long_file,
    )


def _received_long_table(path: Path, export: Export, mapping: Mapping, instrument: Instrument) -> Received:
    return Received(
        tool=LONG_TOOL,
        mapping_name=mapping.name,
        mapping_hash=hash_mapping(mapping),
        sha256=_sha256(path),
        file_lines=len(export.rows),
        columns=tuple(column.text for column in export.columns),
        unmapped=unmapped_columns(export, export.fields.values()),
        answers=build_long_answers(export, instrument),
        notices=export.notices,
    )


def _received_wide(path: Path, export: Export, given: Mapping | None, instrument: Instrument) -> Received:
    mapping, missing = (given, ()) if given else _proposed(export, instrument)
    binding = bind(mapping, export, instrument)
    sha256 = _sha256(path)
    answers, skipped = build_answers(export, binding, sha256)
    return Received(
        tool=export.tool,
        mapping_name=mapping.name,
        mapping_hash=hash_mapping(mapping),
        sha256=sha256,
        file_lines=len(export.rows),
        columns=tuple(column.text for column in export.columns),
        unmapped=unmapped_columns(export, binding.used),
        answers=answers,
        notices=export.notices + _notices(skipped, missing),
    )


def _proposed(export: Export, instrument: Instrument) -> tuple[Mapping, tuple[str, ...]]:
    proposal = propose(export, instrument)
    refuse_unusable(proposal, export, instrument)
    return proposal.mapping, proposal.missing


def _notices(skipped: int, missing: tuple[str, ...]) -> tuple[str, ...]:
    notices = []
    if skipped:
        notices.append(f"{skipped} rows were skipped, as the mapping says")
    if missing:
        notices.append(f"no column was found for {', '.join(missing)}")
    return tuple(notices)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        raise SourceError(
            "source-missing", "the file cannot be opened", where=path.name, hint="check its name"
        ) from None
