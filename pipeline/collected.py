"""The answers that our own form collected, as a source like any other: a closed store -> `Received`.

Each stored response is a row with an id of its own and no rater. What stands in the store is in the
order of random keys, so neither line nor id says who answered, or when.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

import pyarrow as pa

from pipeline.received import NOT_OBSERVED, SCHEMA, SIGNATURES, Received
from survey.answers import StoredResponse, open_answers
from survey.config import Settings
from survey.errors import StoreError
from survey.instrument import Instrument
from survey.response import Response, parse_response

TOOL = "form"

_Row = dict[str, object]


def receive_collected(settings: Settings, wave_id: str, instrument: Instrument) -> Received:
    """Returns the answers of a wave that was closed.

    Args:
        settings: where the stores are.
        wave_id: the wave.
        instrument: what the answers are to; its order numbers the columns.

    Raises:
        StoreError: there is no store of answers, it cannot be read, or closing has not rewritten it.
    """
    with open_answers(settings, wave_id) as answers:
        if not answers.is_closed:
            raise StoreError(
                "answers-not-closed",
                "closing has not rewritten these answers yet",
                where=wave_id,
                hint=f"run: pmhealth wave close {wave_id}",
            )
        stored = answers.responses()
    columns = _columns(instrument)
    responses = [(line, one, parse_response(one.content)) for line, one in enumerate(stored, start=1)]
    rows = [row for line, one, said in responses for row in _rows(line, one, said, columns)]
    return Received(
        tool=TOOL,
        mapping_name=TOOL,
        mapping_hash=hashlib.sha256("\n".join(columns).encode()).hexdigest(),
        sha256=_sha256(stored),
        file_lines=len(stored),
        columns=columns,
        unmapped=(),
        answers=pa.Table.from_pylist(rows, schema=SCHEMA),
        notices=_notices(stored),
        signatures=_signatures(responses, columns),
    )


def _columns(instrument: Instrument) -> tuple[str, ...]:
    items = (item.item_id for item in instrument.items)
    return (*items, *(prompt.prompt_id for prompt in instrument.prompts))


def _rows(line: int, one: StoredResponse, said: Response, columns: tuple[str, ...]) -> Iterator[_Row]:
    """A response without an answer is a row all the same, so that every row is accounted for."""
    cells = [(columns.index(key) + 1, key, value) for key, value in _values(said)]
    for place, (column_no, item, value) in enumerate(sorted(cells) or [(0, None, None)]):
        yield {
            "line": line,
            "part": 0,
            "starts_row": place == 0,
            "column_no": column_no,
            "wave": None,
            "subject": one.subject_id,
            "relationship": one.reporting_group,
            "rater": None,
            "response": one.response_key.hex(),
            "item": item,
            "value": value,
            "submitted_at": None,
        }


def _values(said: Response) -> Iterator[tuple[str, str]]:
    yield from ((key, f"{value:f}") for key, value in said.ratings.items())
    yield from ((key, NOT_OBSERVED) for key in said.not_observed)
    yield from ((key, comment.text) for key, comment in said.comments.items())


def _signatures(
    responses: Iterable[tuple[int, StoredResponse, Response]], columns: tuple[str, ...]
) -> pa.Table:
    rows = [
        {"line": line, "column_no": columns.index(key) + 1, "signed_by": comment.signed_by}
        for line, _, said in responses
        for key, comment in said.comments.items()
        if comment.signed_by
    ]
    return pa.Table.from_pylist(rows, schema=SIGNATURES)


def _sha256(stored: Iterable[StoredResponse]) -> str:
    """The keys are random but stay from closing on, so the same store has the same hash."""
    digest = hashlib.sha256()
    for one in stored:
        row = [one.response_key.hex(), one.subject_id, one.reporting_group, one.content]
        digest.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def _notices(stored: Iterable[StoredResponse]) -> tuple[str, ...]:
    careless = sum(one.is_straight or one.is_fast for one in stored)
    if not careless:
        return ()
    told = "1 response" if careless == 1 else f"{careless} responses"
    return (f"{told} came very fast, or with long runs of one value; that is noted, and all of them count",)
