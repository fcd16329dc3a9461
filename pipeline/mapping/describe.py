"""A mapping on a file, told for a person: which column is what, and how much of it can be read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.mapping.binding import BoundAnswer, bind
from pipeline.mapping.decode import WordsDecoder, number_text
from pipeline.mapping.mapping import Mapping
from pipeline.mapping.propose import SURE, Match
from pipeline.received import NOT_OBSERVED
from pipeline.sources.export import Export, Field
from survey.instrument import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingLine:
    """One line of the table: counts only, never a cell.

    `target` is a field, an item id or a prompt id, with `subject 2: ` before it where a row rates
    several. `filled` counts cells with anything in them, `readable` those of them that give a
    value, `label_count` the different texts.
    """

    target: str
    column: str
    confidence: float
    filled: int
    readable: int
    label_count: int


def describe_mapping(
    mapping: Mapping, export: Export, instrument: Instrument, matches: tuple[Match, ...] = ()
) -> tuple[MappingLine, ...]:
    """Returns what the mapping reads from an export, fields first, then answers as mapped.

    Args:
        mapping: a proposed or a written mapping.
        export: the file.
        instrument: what the answers are to.
        matches: of a proposal, for their confidence; a written mapping is sure.

    Raises:
        MappingError: the mapping does not fit the export or the instrument.
    """
    binding = bind(mapping, export, instrument)
    confidence = {match.target: match.confidence for match in matches}
    several = len(binding.parts) > 1
    lines = [_field_line(export, field, bound.place, confidence) for field, bound in binding.fields.items()]
    for number, part in enumerate(binding.parts, start=1):
        prefix = f"subject {number}: " if several else ""
        own = ((Field.SUBJECT, part.subject), (Field.RELATIONSHIP, part.relationship))
        lines += [_field_line(export, field, bound.place, confidence, prefix) for field, bound in own]
        lines += [_answer_line(export, answer, confidence, prefix) for answer in part.answers]
    return tuple(line for line in lines if line is not None)


def unmapped_columns(export: Export, used: Iterable[int]) -> tuple[str, ...]:
    """Returns the header texts of the columns that nothing reads; unnamed ones are left out."""
    read = set(used)
    return tuple(column.text for column in export.columns if column.number not in read and column.text)


def _field_line(
    export: Export, field: Field, place: int | None, confidence: dict[str, float], prefix: str = ""
) -> MappingLine | None:
    if place is None:
        return None
    texts = _texts(export, place)
    return MappingLine(
        target=prefix + field.value,
        column=export.columns[place].text,
        confidence=confidence.get(field.value, SURE),
        filled=texts.total(),
        readable=texts.total(),
        label_count=len(texts),
    )


def _answer_line(
    export: Export, answer: BoundAnswer, confidence: dict[str, float], prefix: str
) -> MappingLine:
    places = [place for place, _ in answer.choices] or [answer.place]
    texts = sum((_texts(export, place) for place in places), start=Counter[str]())
    return MappingLine(
        target=prefix + answer.answer_id,
        column=export.columns[places[0]].text if len(places) == 1 else export.columns[places[0]].question,
        confidence=confidence.get(answer.answer_id, SURE),
        filled=texts.total(),
        readable=sum(count for text, count in texts.items() if _is_readable(answer, text)),
        label_count=len(texts),
    )


def _texts(export: Export, place: int) -> Counter[str]:
    return Counter(text for row in export.rows if (text := row[place].strip()))


def _is_readable(answer: BoundAnswer, text: str) -> bool:
    if answer.choices or isinstance(answer.decoder, WordsDecoder):
        return True
    value = answer.decoder[text]
    return value == NOT_OBSERVED or number_text(value) is not None
