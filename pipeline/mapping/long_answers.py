"""Rows of one answer each (a canonical long table that is no plain CSV) -> received answers."""

from collections.abc import Sequence

import pyarrow as pa

from pipeline.mapping.decode import Decoder, scale_labels
from pipeline.mapping.timestamps import parse_timestamps
from pipeline.received import SCHEMA
from pipeline.sources.export import Export, Field
from survey.instrument import Instrument

_TEXTS = (Field.WAVE, Field.SUBJECT, Field.RELATIONSHIP, Field.RATER, Field.RESPONSE)


def build_long_answers(export: Export, instrument: Instrument) -> pa.Table:
    """Returns the answers of a long table: every row is a row of its own, as in a long CSV."""
    items = _column(export, Field.ITEM)
    values = _decoded(items, _column(export, Field.VALUE), instrument)
    count = len(export.rows)
    columns = {
        "line": list(export.lines),
        "part": [0] * count,
        "starts_row": [True] * count,
        "column_no": [export.fields[Field.VALUE]] * count,
        **{field.value: _column(export, field) for field in _TEXTS},
        "item": [item or "" if value else None for item, value in zip(items, values, strict=True)],
        "value": values,
        "submitted_at": parse_timestamps(text or "" for text in _column(export, Field.SUBMITTED_AT)),
    }
    return pa.table(
        [pa.array(columns[name], SCHEMA.field(name).type) for name in SCHEMA.names], schema=SCHEMA
    )


def _column(export: Export, field: Field) -> list[str | None]:
    number = export.fields.get(field)
    if number is None:
        return [None] * len(export.rows)
    return [row[number - 1].strip() or None for row in export.rows]


def _decoded(
    items: Sequence[str | None], values: Sequence[str | None], instrument: Instrument
) -> list[str | None]:
    decoders = {
        item.item_id: Decoder(scale_labels(instrument.scale(item.scale_id)), ()) for item in instrument.items
    }
    return [
        decoders[item][value] if value and item in decoders else value
        for item, value in zip(items, values, strict=True)
    ]
