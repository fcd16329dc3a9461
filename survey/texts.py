"""An instrument's texts out to a spreadsheet and back in, for people who do not edit YAML.

Out: one row per text, one column per language. In: the texts that were changed are put into the
instrument's own file at their places, so that its comments and layout stay, and the result is
checked like every other file. Nothing is written over what there was: the caller saves the result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from survey.definition import Definition, parse_definition
from survey.definition_nodes import Findings, Part, compose, elements, entries, one_line
from survey.errors import DefinitionError, Problem
from survey.instrument import Instrument, Trait
from survey.texts_sheet import SheetRow, read_sheet, write_sheet

_Place: TypeAlias = tuple[str, str]
"""A path with `{}` where the language stands, and what the text is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentText:
    """One text of an instrument: its id, what it is, and per language its path and words in the file."""

    text_id: str
    what: str
    paths: Mapping[str, str]
    words: Mapping[str, str]


def instrument_texts(definition: Definition) -> tuple[InstrumentText, ...]:
    """Returns the texts that the file of an instrument holds, in the order of reading."""
    written = {path: one_line(node.value) for path, node in _scalars(definition.path.read_bytes()).items()}
    languages = definition.instrument.languages
    return tuple(
        InstrumentText(
            text_id=place.replace(".{}", ""),
            what=what,
            paths={language: place.format(language) for language in languages},
            words={language: written[place.format(language)] for language in languages},
        )
        for place, what in _every_text(definition.instrument)
        if place.format(languages[0]) in written  # a wording for people who are not asked is not there
    )


def write_texts(definition: Definition, path: Path) -> int:
    """Writes the texts of an instrument to a spreadsheet and returns how many there are."""
    texts = instrument_texts(definition)
    languages = definition.instrument.languages
    rows = [(text.text_id, text.what, *(text.words[language] for language in languages)) for text in texts]
    write_sheet(path, rows, languages)
    return len(texts)


def definition_with_texts(path: Path, definition: Definition, *, version: str = "") -> tuple[str, Definition]:
    """Returns the text of an instrument file with the words of a spreadsheet, and what it defines.

    Args:
        path: the spreadsheet, as `write_texts` made it and somebody edited it.
        definition: the instrument that the texts belong to.
        version: the version of the result; "" keeps the present one.

    Raises:
        DefinitionError: the spreadsheet or the result has problems; each names file and row.
    """
    found = Findings(str(path))
    texts = {text.text_id: text for text in instrument_texts(definition)}
    rows = read_sheet(path, tuple(texts), definition.instrument.languages, found)
    if found.problems:
        raise DefinitionError(
            "texts-problems",
            "the spreadsheet does not fit the instrument; nothing was changed",
            found.problems,
            hint="mend the rows, or write the texts out again with 'pmhealth instrument texts'",
        )
    words, rows_of_paths = _by_path(rows, texts)
    changes = words | ({"version": version} if version else {})
    result = _replaced(definition.path.read_bytes(), changes)
    try:
        return result, parse_definition(result.encode(), definition.path)
    except DefinitionError as error:
        problems = _at_rows(error.problems, result, rows_of_paths, str(path))
        raise DefinitionError(error.code, error.message, problems, hint=error.hint) from error


def _every_text(instrument: Instrument) -> Iterator[_Place]:
    """Yields every text an instrument can have, those left out of its file too."""
    yield "title.{}", "title of the instrument"
    for area_id in instrument.areas:
        yield f"areas.{area_id}.{{}}", "name of an area"
    for scale in instrument.scales:
        yield from _numbered(f"scales.{scale.scale_id}.labels.{{}}", scale.labels, "label of a point")
        yield from _numbered(
            f"scales.{scale.scale_id}.not_observed.{{}}", scale.not_observed, "option that is no rating"
        )
    for trait in instrument.traits:
        yield from _trait_texts(instrument, trait)
    for prompt in instrument.prompts:
        yield from _wordings(f"prompts.{prompt.prompt_id}", "open question")


def _numbered(path: str, labels: Mapping[str, tuple[str, ...]], what: str) -> Iterator[_Place]:
    for place in range(1, max(len(words) for words in labels.values()) + 1):
        yield f"{path}.{place}", what


def _trait_texts(instrument: Instrument, trait: Trait) -> Iterator[_Place]:
    path, title = f"traits.{trait.trait_id}", trait.title[instrument.languages[0]]
    yield f"{path}.title.{{}}", "name of a trait"
    for point in trait.anchors:
        yield f"{path}.anchors.{point}.{{}}", f"{title}: what '{point}' looks like"
    for place in range(1, len(trait.grow) + 1):
        yield f"{path}.grow.{place}.{{}}", f"{title}: what to try"
    for item in instrument.items:
        if item.trait_id == trait.trait_id:
            yield from _wordings(
                f"{path}.items.{item.item_id}", "reverse item" if item.is_reverse else "item"
            )


def _wordings(path: str, what: str) -> Iterator[_Place]:
    yield f"{path}.text.{{}}", f"{what}, as manager and others read it"
    yield f"{path}.self.{{}}", f"{what}, as the subject reads it"


def _scalars(source: bytes) -> dict[str, yaml.ScalarNode]:
    """Returns every scalar of a sound file by its path."""
    quiet = Findings("")
    root = compose(source, quiet)
    waiting = [root] if root else []
    scalars: dict[str, yaml.ScalarNode] = {}
    while waiting:
        part = waiting.pop()
        if isinstance(part.node, yaml.ScalarNode):
            scalars[part.path] = part.node
        else:
            waiting.extend(_parts_below(part, quiet))
    return scalars


def _parts_below(part: Part, quiet: Findings) -> tuple[Part, ...]:
    if isinstance(part.node, yaml.MappingNode):
        return tuple(entries(part, quiet).values())
    return elements(part, quiet)


def _by_path(
    rows: tuple[SheetRow, ...], texts: Mapping[str, InstrumentText]
) -> tuple[dict[str, str], dict[str, int]]:
    """Returns the words of a spreadsheet, and their rows, by the path they belong to."""
    words: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        for language, path in texts[row.text_id].paths.items():
            words[path] = row.words[language]
            numbers[path] = row.number
    return words, numbers


def _replaced(source: bytes, words: Mapping[str, str]) -> str:
    """Returns a file's text with other words at some paths; what stays the same stays byte for byte."""
    text = source.decode("utf-8-sig")
    scalars = _scalars(source)
    changed = {path: new for path, new in words.items() if one_line(scalars[path].value) != new}
    for path in sorted(changed, key=lambda path: scalars[path].start_mark.index, reverse=True):
        start, end = scalars[path].start_mark.index, scalars[path].end_mark.index
        layout = text[start:end][len(text[start:end].rstrip()) :]  # a folded text ends after its line break
        text = f"{text[:start]}{_quoted(changed[path])}{layout}{text[end:]}"
    return text


def _quoted(words: str) -> str:
    return yaml.safe_dump(words, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")


def _at_rows(
    problems: tuple[Problem, ...], result: str, rows: Mapping[str, int], file: str
) -> tuple[Problem, ...]:
    """Returns the problems of the resulting file at the spreadsheet's rows, where they come from one."""
    lines = {
        node.start_mark.line + 1: rows[path]
        for path, node in _scalars(result.encode()).items()
        if path in rows
    }
    return tuple(
        Problem(
            file=file,
            line=lines[problem.line],
            message=problem.message,
            hint=problem.hint,
            code=problem.code,
        )
        if problem.line in lines
        else problem
        for problem in problems
    )
