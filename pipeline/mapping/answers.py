"""Rows of an export -> the table of received answers.

Answers are gathered as plain lists with the number of their row part; what a row says (subject,
relationship, ...) is kept once per part and spread over its answers by Arrow in the end.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from pipeline.mapping.binding import Binding, BoundAnswer, BoundField, BoundPart
from pipeline.mapping.timestamps import parse_timestamps
from pipeline.received import SCHEMA
from pipeline.sources.export import Export, Field, plain_text

_BETWEEN_TICKS = "|"


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """Columns in the making: the first three per answer, the rest per row part."""

    column_no: list[int] = field(default_factory=list)
    item: list[str | None] = field(default_factory=list)
    value: list[str | None] = field(default_factory=list)
    answer_count: list[int] = field(default_factory=list)
    row_place: list[int] = field(default_factory=list)
    part: list[int] = field(default_factory=list)
    subject: list[str | None] = field(default_factory=list)
    relationship: list[str | None] = field(default_factory=list)

    def add(self, column_no: int, item: str | None, value: str | None) -> None:
        self.column_no.append(column_no)
        self.item.append(item)
        self.value.append(value)


def build_answers(export: Export, binding: Binding, sha256: str) -> tuple[pa.Table, int]:
    """Returns the answers of an export, in the order of its lines, and how many rows were skipped.

    Args:
        export: the rows.
        binding: where their fields and answers stand.
        sha256: the hash of the file, from which rows get names of their own where the mapping asks.
    """
    rows, lines = _kept(export, binding)
    gathered = _Gathered()
    for place, row in enumerate(rows):
        _gather_row(gathered, binding.parts, place, row)
    return _table(gathered, _row_fields(rows, lines, binding, sha256)), len(export.rows) - len(rows)


def _kept(export: Export, binding: Binding) -> tuple[Sequence[tuple[str, ...]], Sequence[int]]:
    if binding.skip is None:
        return export.rows, export.lines
    place, labels = binding.skip
    kept = [
        (row, line)
        for row, line in zip(export.rows, export.lines, strict=True)
        if plain_text(row[place]) not in labels
    ]
    return [row for row, _ in kept], [line for _, line in kept]


def _gather_row(gathered: _Gathered, parts: Sequence[BoundPart], place: int, row: tuple[str, ...]) -> None:
    """A part without any answer is left out, unless the row would then be gone altogether."""
    is_lost = True
    for number, part in enumerate(parts):
        before = len(gathered.value)
        _gather_answers(gathered, part.answers, row)
        if len(gathered.value) > before:
            _gather_part(gathered, part, number, place, row)
            gathered.answer_count.append(len(gathered.value) - before)
            is_lost = False
    if is_lost:
        gathered.add(0, None, None)
        _gather_part(gathered, parts[0], 0, place, row)
        gathered.answer_count.append(1)


def _gather_part(gathered: _Gathered, part: BoundPart, number: int, place: int, row: tuple[str, ...]) -> None:
    gathered.row_place.append(place)
    gathered.part.append(number)
    gathered.subject.append(part.subject.read(row))
    gathered.relationship.append(part.relationship.read(row))


def _gather_answers(gathered: _Gathered, answers: Iterable[BoundAnswer], row: tuple[str, ...]) -> None:
    add = gathered.add
    for answer in answers:
        if answer.choices:
            _gather_choices(gathered, answer, row)
        elif value := answer.decoder[row[answer.place]]:
            add(answer.place + 1, answer.answer_id, value)


def _gather_choices(gathered: _Gathered, answer: BoundAnswer, row: tuple[str, ...]) -> None:
    """Several ticks are joined, which no rule takes for a value: nobody can say which was meant."""
    ticked = [(place, value) for place, value in answer.choices if _is_ticked(row[place], value)]
    if ticked:
        value = _BETWEEN_TICKS.join(value for _, value in ticked)
        gathered.add(ticked[0][0] + 1, answer.answer_id, value)


def _is_ticked(cell: str, value: str) -> bool:
    """A 0 means "not ticked" in exports of ones and zeros, except under the scale point 0."""
    text = cell.strip().casefold()
    return bool(text) and (text not in {"0", "false"} or text == value)


def _row_fields(
    rows: Sequence[tuple[str, ...]], lines: Sequence[int], binding: Binding, sha256: str
) -> dict[str, pa.Array]:
    names = [f"{sha256[:16]}:{line}" for line in lines]
    rater = names if binding.is_rater_per_row else _texts(rows, binding.fields[Field.RATER])
    response = names if binding.is_response_per_row else _texts(rows, binding.fields[Field.RESPONSE])
    submitted = _texts(rows, binding.fields[Field.SUBMITTED_AT])
    return {
        "line": pa.array(lines, pa.int32()),
        "wave": pa.array(_texts(rows, binding.fields[Field.WAVE]), pa.string()),
        "rater": pa.array(rater, pa.string()),
        "response": pa.array(_named_rows(rows, rater, response), pa.string()),
        "submitted_at": pa.array(parse_timestamps(text or "" for text in submitted), pa.string()),
    }


def _texts(rows: Sequence[tuple[str, ...]], bound: BoundField) -> list[str | None]:
    return [bound.read(row) for row in rows]


def _named_rows(
    rows: Sequence[tuple[str, ...]], raters: Sequence[str | None], responses: Sequence[str | None]
) -> list[str | None]:
    """Where nothing tells a row from another, only a whole identical row is the same response."""
    return [
        response if response or rater else _digest(row)
        for row, rater, response in zip(rows, raters, responses, strict=True)
    ]


def _digest(row: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(row).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _table(gathered: _Gathered, row_fields: dict[str, pa.Array]) -> pa.Table:
    counts = np.array(gathered.answer_count, dtype=np.int64)
    part_place = pa.array(np.repeat(np.arange(len(counts), dtype=np.int32), counts))
    starts_row = np.zeros(len(part_place), dtype=bool)
    starts_row[np.cumsum(counts) - counts] = True
    row_place = pa.array(gathered.row_place, pa.int32()).take(part_place)
    columns = {
        "part": pa.array(gathered.part, pa.uint8()).take(part_place),
        "starts_row": pa.array(starts_row),
        "column_no": pa.array(gathered.column_no, pa.uint16()),
        "subject": pa.array(gathered.subject, pa.string()).take(part_place),
        "relationship": pa.array(gathered.relationship, pa.string()).take(part_place),
        "item": pa.array(gathered.item, pa.string()),
        "value": pa.array(gathered.value, pa.string()),
        **{name: values.take(row_place) for name, values in row_fields.items()},
    }
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
