"""YAML as written: parts with their lines, and every problem met while reading them.

Scalars are taken as they stand: `no` is the word "no" and `1.0` the text "1.0", so YAML's guesses
about types never change what a person wrote. Reading goes on after a problem; what could not be
read is empty, and the file is refused at the end.
"""

import difflib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import yaml

from survey.errors import Problem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where the installation has it: same result, a tenth of the time."""


DEEPEST = 20
"""More levels than any instrument needs."""


class Findings:
    """The problems of one file, gathered while it is read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def add(self, line: int, code: str, message: str, hint: str) -> None:
        """Notes one problem; lines count from 1."""
        self._problems.append(Problem(file=self._file, line=line, message=message, hint=hint, code=code))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems so far, by line."""
        return tuple(sorted(self._problems, key=lambda problem: problem.line))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the file: what it is called (`traits.taste.title`), the line that announces it.

    A part that is not there has no node and reads as empty: whether it had to be there is noted
    by `fields`, once.
    """

    path: str
    line: int
    node: yaml.Node | None

    @property
    def is_there(self) -> bool:
        return self.node is not None


def compose(source: bytes, found: Findings) -> Part | None:
    """Returns the whole file as one part, or None (with the problem noted) if it is no YAML."""
    text = _decode(source, found)
    if text is None:
        return None
    try:
        if not _may_compose(text, found):
            return None
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        _note_syntax(error, found)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found.add(line, "yaml", "a character that YAML does not allow", "delete the invisible character")
    else:
        if root is not None:
            return Part(path="", line=1, node=root)
        found.add(1, "empty", "the file says nothing", "begin with a copy of an instrument that works")
    return None


def _may_compose(text: str, found: Findings) -> bool:
    """Notes what must not be composed: aliases share a node, and deep nesting exhausts the stack."""
    depth, is_sound = 0, True
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            found.add(line, "yaml", "this is nested far too deeply", "close the brackets opened before")
            return False
        if isinstance(event, yaml.AliasEvent):
            found.add(line, "alias", "'*' points to another part of the file", "write that part out here")
            is_sound = False
    return is_sound


def _decode(source: bytes, found: Findings) -> str | None:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        found.add(line, "encoding", "the file is not UTF-8", "save it with the encoding UTF-8")
        return None


def _note_syntax(error: yaml.MarkedYAMLError, found: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    found.add(
        mark.line + 1 if mark else 1,
        "yaml",
        f"this is no valid YAML: {error.problem or error.context}",
        "check the indentation (spaces, no tabs) and put texts that hold ': ' or ' #' in double quotes",
    )


def entries(part: Part, found: Findings) -> dict[str, Part]:
    """Returns the entries of a mapping by key, in the order of the file; the first of a key counts."""
    parts: dict[str, Part] = {}
    if not isinstance(part.node, yaml.MappingNode):
        _note_shape(part, "must hold entries 'key: value'", "indent them below this line", found)
        return parts
    for key, value in part.node.value:
        line = key.start_mark.line + 1
        word = key.value if isinstance(key, yaml.ScalarNode) else ""
        if word in parts:
            hint = f"keep one; the other is in line {parts[word].line}"
            found.add(line, "key-twice", f"'{word}' stands twice in {called(part)}", hint)
            continue
        parts[word] = Part(path=_below_path(part, word), line=line, node=value)
    return parts


def fields(
    part: Part, found: Findings, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Part]:
    """Returns a part for each of a mapping's fixed keys; unknown and missing keys are noted."""
    parts = entries(part, found)
    known = (*required, *optional)
    unknown = [key for key in parts if key not in known]
    meant = {near for key in unknown for near in _close(key, known)}
    for key in unknown:
        found.add(parts[key].line, "key-unknown", f"{called(part)} has no '{key}'", nearest(key, known))
    for key in required:
        if key not in parts and key not in meant and isinstance(part.node, yaml.MappingNode):
            found.add(part.line, "key-missing", f"{called(part)} lacks '{key}'", f"add '{key}: ...' to it")
    return {
        key: parts.get(key) or Part(path=_below_path(part, key), line=part.line, node=None) for key in known
    }


def elements(part: Part, found: Findings) -> tuple[Part, ...]:
    """Returns the elements of a list, called by their place from 1."""
    if not isinstance(part.node, yaml.SequenceNode):
        _note_shape(part, "must be a list", "write [a, b], or one '- ...' per line", found)
        return ()
    return tuple(
        Part(path=_below_path(part, str(place)), line=node.start_mark.line + 1, node=node)
        for place, node in enumerate(part.node.value, start=1)
    )


def parse_text(part: Part, found: Findings) -> str:
    """Returns the words of a part on one line (line breaks are layout); "" with a problem if it has none."""
    if not isinstance(part.node, yaml.ScalarNode):
        _note_shape(part, "must be one text", "write the text behind the colon", found)
        return ""
    written = one_line(part.node.value)
    if not written:
        found.add(part.line, "text-empty", f"{called(part)} is empty", "write the text")
    return written


def _note_shape(part: Part, message: str, hint: str, found: Findings) -> None:
    if part.is_there:
        found.add(part.line, "shape", f"{called(part)} {message}", hint)


def _below_path(part: Part, key: str) -> str:
    return f"{part.path}.{key}" if part.path else key


def one_line(written: str) -> str:
    """Returns a text as it is stored: one line, single spaces, composed characters (NFC).

    >>> one_line(" two   words ")
    'two words'
    """
    return unicodedata.normalize("NFC", " ".join(written.split()))


def parse_words(part: Part, found: Findings) -> tuple[str, ...]:
    """Returns a list of texts."""
    return tuple(parse_text(element, found) for element in elements(part, found))


def parse_choice(part: Part, found: Findings, known: Iterable[str], code: str) -> str:
    """Returns a word that must be one of the known ones, or "" with a problem of that code."""
    word = parse_text(part, found)
    options = tuple(known)
    if not word or word in options:
        return word
    found.add(part.line, code, f"{called(part)}: '{word}' is not known here", nearest(word, options))
    return ""


def parse_each(part: Part, found: Findings, parse: Callable[[Part], str]) -> tuple[str, ...]:
    """Returns a list of words read by `parse`, each of which may stand there once."""
    chosen: list[str] = []
    for element in elements(part, found):
        word = parse(element)
        if word in chosen:
            message = f"{called(element)}: '{word}' is listed twice"
            found.add(element.line, "listed-twice", message, "delete one of them")
        elif word:
            chosen.append(word)
    return tuple(chosen)


def called(part: Part) -> str:
    """Returns what a message calls the part."""
    return part.path or "the instrument"


def nearest(word: str, known: Iterable[str]) -> str:
    """Returns a hint with the known word that the person most likely meant.

    >>> nearest("titel", ("title", "items"))
    "did you mean 'title'?"
    """
    options = tuple(known)
    near = _close(word, options)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"use one of: {', '.join(options)}" if options else "there is nothing to choose from yet"


def _close(word: str, options: tuple[str, ...]) -> list[str]:
    return difflib.get_close_matches(word, options, n=1)
