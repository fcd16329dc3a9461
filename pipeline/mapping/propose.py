"""A mapping proposed from the header: an export of a survey built from our texts maps itself.

Columns are compared with item ids and item texts in every language, and with the words by which
people ask who is rated, how they work together, and who answers. Nothing is decided here: the
proposal is shown with how sure it is, and a person confirms it.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Chosen
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import MappingError
from pipeline.mapping.decode import number_text, scale_labels
from pipeline.mapping.mapping import (
    AnswerColumn,
    Choice,
    ColumnReference,
    Constant,
    FieldColumn,
    Mapping,
)
from pipeline.sources.canonical import TOOL as CANONICAL
from pipeline.sources.export import Column, Export, Field, plain_text
from pipeline.sources.sniff import open_export
from survey.errors import Problem
from survey.instrument import Instrument, Item, Prompt

SURE = 1.0
_ENDS_WITH = 0.97
_LEAST = 0.85
_SHORTEST_TAIL = 15
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

FIELD_WORDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        Field.SUBJECT,
        re.compile(
            r"subject(?: ?_?id)?|(?:about )?whom? .*|about whom|(?:name of )?(?:the )?(?:pm|product manager)"
            r"(?:'s)?(?: name| id| e-?mail.*)?|which (?:pm|product manager|person|colleague|team).*"
            r"|(?:person|colleague|pm) (?:you|being|who).*|reviewee|ratee|über wen.*|um wen.*|wen .*"
        ),
    ),
    (
        Field.RELATIONSHIP,
        re.compile(
            r".*\brelation(?:ship)?\b.*|how do you work (?:with|together).*|.*beziehung.*|.*zusammenarbeit.*"
        ),
    ),
    (
        Field.RATER,
        re.compile(
            r"e-?mail(?:[ -]?address|-?adresse)?|recipientemail|recipient e-?mail|rater(?: ?_?id)?|user ?name|benutzername"
            r"|your (?:name|e-?mail.*)|ihr name|deine? .*mail.*|ihre .*mail.*"
        ),
    ),
    (Field.WAVE, re.compile(r"wave(?: ?_?id)?|quarter|period|cycle|quartal|zeitraum")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A column, or several that share a question, and how sure it is (0..1) that they hold `target`.

    `target` is an item id, a prompt id or the name of a field.
    """

    target: str
    column_numbers: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed mapping, why, and what it lacks.

    `missing` holds `subject` and the ids of items and prompts that no column fits.
    """

    mapping: Mapping
    matches: tuple[Match, ...]
    missing: tuple[str, ...]

    @property
    def is_usable(self) -> bool:
        """True if it says who is rated and finds at least one item."""
        return "subject" not in self.missing and bool(self.mapping.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """One column, or the columns of one question with a scale point each."""

    columns: tuple[Column, ...]
    names: tuple[str, ...]
    is_choices: bool

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(column.number for column in self.columns)


def propose_mapping(path: Path, instrument: Instrument) -> Mapping:
    """Returns the mapping proposed for a file. See `propose`."""
    return propose(open_export(path), instrument).mapping


def propose(export: Export, instrument: Instrument) -> Proposal:
    """Returns the mapping that the header of an export suggests for an instrument."""
    candidates = (*_singles(export), *_scale_questions(export, instrument))
    answers = _match_answers(candidates, instrument, is_strict=export.tool == CANONICAL)
    taken = {number for match in answers for number in match.column_numbers}
    fields = _match_fields(export, taken)
    return _proposal(export, instrument, answers, fields)


def choose_columns(
    proposal: Proposal, export: Export, instrument: Instrument, chosen: Chosen[int, str]
) -> Proposal:
    """Returns a proposal with some columns as a person chose them.

    Args:
        proposal: what the header suggests.
        export: the file it is for.
        instrument: what the answers are to.
        chosen: by the number of a column its target, or "" where it is not to be read.
    """
    given = frozenset(chosen.values())
    kept = [
        match
        for match in proposal.matches
        if match.target not in given and not chosen.keys() & frozenset(match.column_numbers)
    ]
    own = [
        Match(target=target, column_numbers=(number,), confidence=SURE)
        for number, target in sorted(chosen.items())
        if target and 1 <= number <= len(export.columns)
    ]
    names = {field.value for field in Field}
    fields = [match for match in (*kept, *own) if match.target in names]
    answers = [match for match in (*kept, *own) if match.target not in names]
    return _proposal(export, instrument, answers, fields)


def about_one(proposal: Proposal, subject_id: str) -> Proposal:
    """Returns a proposal in which every row is about one subject, whom no column needs to name."""
    return replace(
        proposal,
        mapping=replace(proposal.mapping, subject=Constant(text=subject_id)),
        matches=tuple(match for match in proposal.matches if match.target != Field.SUBJECT),
        missing=tuple(key for key in proposal.missing if key != "subject"),
    )


def _proposal(
    export: Export, instrument: Instrument, answers: Sequence[Match], fields: Sequence[Match]
) -> Proposal:
    found = {match.target: match for match in answers}
    wanted = [
        *(item.item_id for item in instrument.items),
        *(prompt.prompt_id for prompt in instrument.prompts),
    ]
    has_subject = any(match.target == Field.SUBJECT for match in fields)
    return Proposal(
        mapping=_mapping(export, instrument, found, fields),
        matches=(*fields, *answers),
        missing=(*(() if has_subject else ("subject",)), *(key for key in wanted if key not in found)),
    )


def refuse_unusable(proposal: Proposal, export: Export, instrument: Instrument, *, hint: str = "") -> None:
    """Refuses a proposal that does not say who is rated, or finds no item.

    Args:
        proposal: what the header suggests.
        export: the file it is for.
        instrument: what the answers should be to.
        hint: what to do about it; by default, how to start a mapping.

    Raises:
        MappingError: it is not usable.
    """
    lacks = []
    if not proposal.mapping.items:
        lacks.append(
            (
                f"no column is a question of {instrument.instrument_id} {instrument.version}",
                f"check --wave and --instrument; see 'pmhealth instrument show {instrument.instrument_id}'",
            )
        )
    if "subject" in proposal.missing:
        lacks.append(("no column says who is rated", "name the column under 'subject' in a mapping"))
    if not lacks:
        return
    line = export.lines[0] - 1
    raise MappingError(
        "mapping-needed",
        "the file needs a mapping: its header does not say which columns are which",
        tuple(
            Problem(file=export.file, line=line, message=message, hint=advice, code="mapping-needed")
            for message, advice in lacks
        ),
        hint=hint or "start a mapping with --save-mapping NAME, complete it, and give it with --mapping NAME",
    )


def _singles(export: Export) -> Iterable[_Candidate]:
    own = set(export.fields.values())
    for column in export.columns:
        if column.number not in own and column.names:
            yield _Candidate(columns=(column,), names=tuple(map(plain_text, column.names)), is_choices=False)


def _scale_questions(export: Export, instrument: Instrument) -> Iterable[_Candidate]:
    """Questions whose choices, all of them, are points of a scale: one column per point."""
    by_question: dict[str, list[Column]] = {}
    for column in export.columns:
        if column.choice and column.question and column.number not in export.fields.values():
            by_question.setdefault(column.question, []).append(column)
    labels = _all_labels(instrument)
    for question, columns in by_question.items():
        points = [column for column in columns if _choice_value(column.choice, labels)]
        if len(points) > 1:
            yield _Candidate(columns=tuple(points), names=(plain_text(question),), is_choices=True)


def _all_labels(instrument: Instrument) -> dict[str, str]:
    return {label: value for scale in instrument.scales for label, value in scale_labels(scale).items()}


def _choice_value(choice: str, labels: dict[str, str]) -> str | None:
    text = plain_text(choice).removeprefix("- ").removeprefix("-")
    return labels.get(text) or number_text(text)


def _match_answers(
    candidates: Sequence[_Candidate], instrument: Instrument, *, is_strict: bool
) -> tuple[Match, ...]:
    """The best pair first; each answer and each column is given once, the leftmost where all is equal."""
    pairs = [
        (_likeness(candidate.names, texts, is_strict=is_strict), place, target, candidate)
        for place, (target, texts) in enumerate(_wordings(instrument))
        for candidate in candidates
    ]
    taken: set[int] = set()
    given: dict[str, Match] = {}
    for likeness, _, target, candidate in sorted(
        pairs, key=lambda pair: (-pair[0], pair[1], pair[3].numbers)
    ):
        if likeness >= _LEAST and target not in given and taken.isdisjoint(candidate.numbers):
            given[target] = Match(
                target=target, column_numbers=candidate.numbers, confidence=round(likeness, 2)
            )
            taken.update(candidate.numbers)
    return tuple(sorted(given.values(), key=lambda match: match.column_numbers))


def _wordings(instrument: Instrument) -> Iterable[tuple[str, tuple[str, ...]]]:
    for item in instrument.items:
        yield item.item_id, (plain_text(item.item_id), *_texts(item))
    for prompt in instrument.prompts:
        yield prompt.prompt_id, (plain_text(prompt.prompt_id), *_texts(prompt))


def _texts(asked: Item | Prompt) -> tuple[str, ...]:
    wordings = (*asked.text.values(), *asked.text_self.values())
    return tuple(dict.fromkeys(plain_text(text) for text in wordings if text.strip()))


def _likeness(names: Sequence[str], texts: Sequence[str], *, is_strict: bool) -> float:
    best = 0.0
    for name in names:
        for text in texts:
            if name == text:
                return SURE
            if not is_strict:
                best = max(best, _near(name, text))
    return best


def _near(name: str, text: str) -> float:
    if len(text) < _SHORTEST_TAIL:
        return 0.0
    if name.endswith(text) or _fits_placeholders(name, text):
        return _ENDS_WITH
    matcher = difflib.SequenceMatcher(None, name, text, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return min(matcher.ratio(), _ENDS_WITH - 0.01)


def _fits_placeholders(name: str, text: str) -> bool:
    """`{name} decides in time` was shown with a name in it."""
    pieces = _PLACEHOLDER.split(text)
    return len(pieces) > 1 and re.fullmatch(r".{1,80}".join(map(re.escape, pieces)), name) is not None


def _match_fields(export: Export, taken: set[int]) -> tuple[Match, ...]:
    found = [
        Match(target=field.value, column_numbers=(number,), confidence=SURE)
        for field, number in export.fields.items()
    ]
    used = taken | set(export.fields.values())
    for field, words in FIELD_WORDS:
        column = None if field in export.fields else _field_column(export, words, used)
        if column:
            used.add(column.number)
            found.append(Match(target=field.value, column_numbers=(column.number,), confidence=0.9))
    return tuple(found)


def _field_column(export: Export, words: re.Pattern[str], used: set[int]) -> Column | None:
    """A column without a single filled cell says nothing, however it is called."""
    for column in export.columns:
        is_named = column.number not in used and any(
            words.fullmatch(plain_text(name)) for name in column.names
        )
        if is_named and any(row[column.number - 1].strip() for row in export.rows):
            return column
    return None


def _mapping(
    export: Export, instrument: Instrument, found: dict[str, Match], fields: Sequence[Match]
) -> Mapping:
    columns = {
        match.target: FieldColumn(column=_reference(export, match.column_numbers[0])) for match in fields
    }
    labels = _all_labels(instrument)
    items = [found[item.item_id] for item in instrument.items if item.item_id in found]
    prompts = [found[prompt.prompt_id] for prompt in instrument.prompts if prompt.prompt_id in found]
    return Mapping(
        name=export.tool,
        tool=export.tool,
        subject=columns.get(Field.SUBJECT),
        relationship=columns.get(Field.RELATIONSHIP),
        wave=columns.get(Field.WAVE),
        rater=columns.get(Field.RATER),
        response=columns.get(Field.RESPONSE),
        submitted_at=columns.get(Field.SUBMITTED_AT),
        items=tuple(_answer(export, match, labels) for match in items),
        prompts=tuple(_answer(export, match, labels) for match in prompts),
    )


def _answer(export: Export, match: Match, labels: dict[str, str]) -> AnswerColumn:
    if len(match.column_numbers) == 1:
        return AnswerColumn(answer_id=match.target, column=_reference(export, match.column_numbers[0]))
    choices = tuple(
        Choice(
            column=_reference(export, number),
            value=_choice_value(export.columns[number - 1].choice, labels) or "",
        )
        for number in match.column_numbers
    )
    return AnswerColumn(answer_id=match.target, choices=choices)


def _reference(export: Export, number: int) -> ColumnReference:
    """By the shortest name that is this column's alone and survives YAML; else by its number."""
    names = {name: 0 for column in export.columns for name in map(plain_text, column.names)}
    for column in export.columns:
        for name in set(map(plain_text, column.names)):
            names[name] += 1
    own = [" ".join(name.split()) for name in export.columns[number - 1].names]
    alone = [name for name in own if names.get(plain_text(name)) == 1]
    return ColumnReference(name=min(alone, key=len) if alone else number)
