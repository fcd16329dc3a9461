"""A mapping set on one export and one instrument: every column found, or every problem named."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass

from pipeline.errors import MappingError
from pipeline.mapping.decode import Decoder, WordsDecoder, scale_labels
from pipeline.mapping.mapping import (
    AnswerColumn,
    ColumnReference,
    Constant,
    FieldColumn,
    Mapping,
    PerRow,
    SubjectGroup,
)
from pipeline.received import NOT_OBSERVED
from pipeline.sources.export import Column, Export, Field, plain_text
from survey.definition_nodes import nearest
from survey.errors import Problem
from survey.instrument import Instrument

_WHOLE_ROW = SubjectGroup(prefix="")
_MANY_COLUMNS = 1000  # beyond, looking for similar names takes longer than reading the header


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundField:
    """A field of a row: from the cell at `place` (from 0), or `constant` where `place` is None."""

    place: int | None
    constant: str | None
    recode: Lookup[str, str]

    def read(self, row: Sequence[str]) -> str | None:
        """Returns the field's text in a row, None where the cell is empty."""
        if self.place is None:
            return self.constant
        text = row[self.place].strip()
        return self.recode.get(plain_text(text), text) or None if self.recode else text or None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundAnswer:
    """The cells of one item or prompt: one decoded cell, or ticked cells that mean a value each."""

    answer_id: str
    place: int
    decoder: Decoder | WordsDecoder
    choices: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundPart:
    """One subject of each row, with the cells of its answers."""

    subject: BoundField
    relationship: BoundField
    answers: tuple[BoundAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """All columns of a mapping, found in an export."""

    parts: tuple[BoundPart, ...]
    fields: Lookup[Field, BoundField]
    is_rater_per_row: bool
    is_response_per_row: bool
    skip: tuple[int, frozenset[str]] | None
    used: frozenset[int]


def bind(mapping: Mapping, export: Export, instrument: Instrument) -> Binding:
    """Returns the mapping with its columns found in the export.

    Raises:
        MappingError: a column is missing or ambiguous, an item is not the instrument's, or the
            mapping does not say who is rated; it names every problem.
    """
    binder = _Binder(mapping, export, instrument)
    binding = binder.bind()
    if binder.problems:
        raise MappingError(
            "mapping-fit",
            f"the mapping does not fit {export.file}",
            tuple(sorted(binder.problems, key=lambda problem: problem.line)),
            hint="mend every line; 'pmhealth ingest --dry-run' without a mapping proposes one",
        )
    return binding


class ColumnFinder:
    """Finds columns by number, by exact text, then by text without spacing, case and signs."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._plain: dict[str, list[int]] = {}
        self._count = len(columns)
        for column in columns:
            for name in column.names:
                self._exact.setdefault(name, []).append(column.number)
            for name in dict.fromkeys(map(plain_text, column.names)):
                self._plain.setdefault(name, []).append(column.number)

    def find(self, name: str | int, prefix: str = "") -> list[int]:
        """Returns the numbers of all columns that the name may mean."""
        if isinstance(name, int):
            return [name] if 1 <= name <= self._count and not prefix else []
        for text in dict.fromkeys((prefix + name, f"{prefix} {name}".strip())):
            found = self._exact.get(text) or self._plain.get(plain_text(text))
            if found:
                return found
        return []

    def hint(self, name: str | int) -> str:
        """Returns what a person may have meant by a name that is not there."""
        if isinstance(name, int):
            return f"the file has columns 1 to {self._count}"
        close = nearest(plain_text(name), tuple(self._plain)) if self._count < _MANY_COLUMNS else ""
        return close if close.startswith("did") else "write the column as the file's header has it"


class _Binder:
    """Gathers problems while it looks every column up."""

    def __init__(self, mapping: Mapping, export: Export, instrument: Instrument) -> None:
        self.problems: list[Problem] = []
        self._mapping = mapping
        self._export = export
        self._instrument = instrument
        self._finder = ColumnFinder(export.columns)
        self._used: set[int] = set()

    def bind(self) -> Binding:
        mapping = self._mapping
        self._check_answer_ids()
        rater, response = mapping.rater, mapping.response
        return Binding(
            parts=tuple(map(self._part, mapping.groups or (_WHOLE_ROW,))),
            fields={
                Field.WAVE: self._field(mapping.wave, Field.WAVE),
                Field.RATER: self._field(None if isinstance(rater, PerRow) else rater, Field.RATER),
                Field.RESPONSE: self._field(
                    None if isinstance(response, PerRow) else response, Field.RESPONSE
                ),
                Field.SUBMITTED_AT: self._field(mapping.submitted_at, Field.SUBMITTED_AT),
            },
            is_rater_per_row=isinstance(rater, PerRow),
            is_response_per_row=isinstance(response, PerRow),
            skip=self._skip(),
            used=frozenset(self._used),
        )

    def _problem(self, line: int, message: str, hint: str) -> None:
        file = self._mapping.file or self._export.file
        self.problems.append(Problem(file=file, line=line, message=message, hint=hint, code="mapping-fit"))

    def _check_answer_ids(self) -> None:
        self._check_ids(self._mapping.items, tuple(item.item_id for item in self._instrument.items), "item")
        prompts = tuple(prompt.prompt_id for prompt in self._instrument.prompts)
        self._check_ids(self._mapping.prompts, prompts, "prompt")
        if not self._mapping.items and not self._mapping.prompts:
            self._problem(1, "no item is mapped to a column", "add items: with 'item id: column'")

    def _check_ids(self, answers: Iterable[AnswerColumn], known: tuple[str, ...], kind: str) -> None:
        for answer in answers:
            if answer.answer_id not in known:
                message = f"{self._instrument.instrument_id} has no {kind} '{answer.answer_id}'"
                self._problem(answer.line, message, nearest(answer.answer_id, known))

    def _place(self, reference: ColumnReference, prefix: str = "") -> int:
        """The place from 0; after a problem it is 0, since nothing will be read."""
        numbers = self._finder.find(reference.name, prefix)
        called = f"'{prefix}{reference.name}'" if isinstance(reference.name, str) else str(reference.name)
        if len(numbers) == 1:
            self._used.add(numbers[0])
            return numbers[0] - 1
        if numbers:
            listed = ", ".join(map(str, numbers[:6]))
            self._problem(
                reference.line, f"column {called} may be any of {listed}", "write the number of the one meant"
            )
        else:
            self._problem(
                reference.line, f"the file has no column {called}", self._finder.hint(reference.name)
            )
        return 0

    def _field(self, said: FieldColumn | Constant | None, field: Field) -> BoundField:
        """What the mapping does not say, the tool's own column says, if it has one."""
        match said:
            case Constant(text=text):
                return BoundField(place=None, constant=text, recode={})
            case FieldColumn():
                recode = {plain_text(label): word for label, word in said.recode}
                return BoundField(place=self._place(said.column), constant=None, recode=recode)
            case None:
                number = self._export.fields.get(field)
                self._used.update(() if number is None else (number,))
                return BoundField(place=None if number is None else number - 1, constant=None, recode={})

    def _part(self, group: SubjectGroup) -> BoundPart:
        subject = group.subject or self._mapping.subject
        if subject is None and Field.SUBJECT not in self._export.fields:
            self._problem(
                group.line or 1,
                "the mapping does not say who is rated",
                "add subject: {column: ...} or {constant: ...}",
            )
        return BoundPart(
            subject=self._field(subject, Field.SUBJECT),
            relationship=self._field(group.relationship or self._mapping.relationship, Field.RELATIONSHIP),
            answers=self._answers(group.prefix),
        )

    def _answers(self, prefix: str) -> tuple[BoundAnswer, ...]:
        items = [self._item(answer, prefix) for answer in self._mapping.items]
        prompts = [self._bound(answer, WordsDecoder(), prefix) for answer in self._mapping.prompts]
        bound = tuple(items + prompts)
        self._check_shared(bound)
        return bound

    def _check_shared(self, bound: Iterable[BoundAnswer]) -> None:
        reader: dict[int, str] = {}
        for answer in bound:
            for place in [place for place, _ in answer.choices] or [answer.place]:
                other = reader.setdefault(place, answer.answer_id)
                if other != answer.answer_id and not self.problems:
                    self._problem(
                        1,
                        f"'{answer.answer_id}' and '{other}' read the same column",
                        "give each its own column",
                    )

    def _item(self, answer: AnswerColumn, prefix: str) -> BoundAnswer:
        own = [*answer.recode, *((label, NOT_OBSERVED) for label in answer.not_observed)]
        all_items = [*self._mapping.recode, *((label, NOT_OBSERVED) for label in self._mapping.not_observed)]
        return self._bound(answer, Decoder(self._labels(answer.answer_id), own + all_items), prefix)

    def _labels(self, item_id: str) -> dict[str, str]:
        for item in self._instrument.items:
            if item.item_id == item_id:
                return scale_labels(self._instrument.scale(item.scale_id))
        return {}

    def _bound(self, answer: AnswerColumn, decoder: Decoder | WordsDecoder, prefix: str) -> BoundAnswer:
        decoded = Decoder({}, ())
        choices = tuple(
            (self._place(choice.column, prefix), decoded[choice.value]) for choice in answer.choices
        )
        place = self._place(answer.column, prefix) if answer.column else choices[0][0] if choices else 0
        return BoundAnswer(answer_id=answer.answer_id, place=place, decoder=decoder, choices=choices)

    def _skip(self) -> tuple[int, frozenset[str]] | None:
        rule = self._mapping.skip
        if rule is None:
            return None
        return self._place(rule.column), frozenset(map(plain_text, rule.labels))
