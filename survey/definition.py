"""Instrument files: found, read and checked.

The built-in instruments lie in `survey/definitions/`, a deployment's own in `instruments/` beside
its stores; an own file with the id of a built-in one takes its place. How such a file is written
is said at the top of `survey/definitions/great-pm.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.config import Settings
from survey.definition_check import check_instrument
from survey.definition_document import document, instrument_from_document, sealed
from survey.definition_frozen import check_frozen
from survey.definition_nodes import Findings, Part, compose, entries, fields, nearest, parse_text
from survey.errors import DefinitionError, Problem
from survey.instrument import Instrument

__all__ = [
    "BUILT_IN",
    "Definition",
    "check_frozen",
    "document",
    "find_definition",
    "find_instrument",
    "instrument_from_document",
    "load_definitions",
    "load_instruments",
    "parse_definition",
    "read_definition",
    "read_instrument",
]

BUILT_IN = Path(__file__).parent / "definitions"
"""The folder of the instruments that come with the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An instrument with its file, and the lines where its version and each item id stand."""

    instrument: Instrument
    path: Path
    lines: Mapping[str, int]

    @property
    def is_built_in(self) -> bool:
        return self.path.parent == BUILT_IN


def read_instrument(path: Path) -> Instrument:
    """Returns the instrument of a file.

    Raises:
        DefinitionError: the file cannot be used; the error holds every problem found in it.
    """
    return read_definition(path).instrument


def load_instruments(settings: Settings) -> tuple[Instrument, ...]:
    """Returns every instrument of a deployment, built-in and own, by id.

    Raises:
        DefinitionError: a file cannot be used; the error holds the problems of all files.
    """
    return tuple(definition.instrument for definition in load_definitions(settings))


def find_instrument(settings: Settings, instrument_id: str) -> Instrument:
    """Returns the instrument with that id.

    Raises:
        DefinitionError: there is none, or its file cannot be used.
    """
    return find_definition(settings, instrument_id).instrument


def read_definition(path: Path) -> Definition:
    """Returns the instrument of a file, with the places of its parts.

    Raises:
        DefinitionError: the file cannot be read or used; the error holds every problem found in it.
    """
    return parse_definition(_read_bytes(path), path)


def parse_definition(source: bytes, path: Path) -> Definition:
    """Returns the instrument that the content of a file defines; `path` only names it.

    Raises:
        DefinitionError: the content cannot be used; the error holds every problem found in it.
    """
    found = Findings(str(path))
    root = compose(source, found)
    instrument = check_instrument(root, found) if root else None
    if root is None or instrument is None:
        raise _refusal(found.problems)
    return Definition(instrument=sealed(instrument), path=path, lines=_lines(root))


def load_definitions(settings: Settings) -> tuple[Definition, ...]:
    """Returns every definition of a deployment, by id.

    Raises:
        DefinitionError: a file cannot be used; the error holds the problems of all files.
    """
    problems: list[Problem] = []
    chosen: dict[str, Definition] = {}
    for path in _paths(settings):
        try:
            definition = read_definition(path)
        except DefinitionError as error:
            problems.extend(error.problems)
        else:
            problems.extend(_replaced(chosen, definition))
            chosen[definition.instrument.instrument_id] = definition
    if problems:
        raise _refusal(tuple(problems))
    return tuple(chosen[key] for key in sorted(chosen))


def find_definition(settings: Settings, instrument_id: str) -> Definition:
    """Returns the definition with that id; a broken file that defines another one is no obstacle.

    Raises:
        DefinitionError: there is none, or its file cannot be used.
    """
    ids = {path: _defined_id(path) for path in _paths(settings)}
    named = {path: read_definition(path) for path, defined in ids.items() if defined == instrument_id}
    chosen: dict[str, Definition] = {}
    for definition in named.values():
        problems = _replaced(chosen, definition)
        if problems:
            raise _refusal(problems)
        chosen[instrument_id] = definition
    if not chosen:
        raise DefinitionError(
            "definition-unknown",
            f"there is no instrument '{instrument_id}'",
            (),
            hint=nearest(instrument_id, sorted(set(ids.values()))),
        )
    return chosen[instrument_id]


def _paths(settings: Settings) -> tuple[Path, ...]:
    """Returns every instrument file, the built-in ones first."""
    return (*sorted(BUILT_IN.glob("*.yaml")), *sorted(settings.instruments_path.glob("*.yaml")))


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check the path; 'pmhealth instrument list' shows the instruments there are"
        problem = Problem(file=str(path), line=1, message="cannot be read", hint=hint, code="unreadable")
        raise _refusal((problem,)) from error


def _defined_id(path: Path) -> str:
    """Returns the id a file gives, or its name where that cannot be told."""
    quiet = Findings("")
    root = compose(_read_bytes(path), quiet)
    part = entries(root, quiet).get("id") if root else None
    return (parse_text(part, quiet) if part else "") or path.stem


def _replaced(chosen: Mapping[str, Definition], definition: Definition) -> tuple[Problem, ...]:
    """Returns a problem if two own files define the same id: nobody could tell which one counts."""
    before = chosen.get(definition.instrument.instrument_id)
    if before is None or before.is_built_in:
        return ()
    return (
        Problem(
            file=str(definition.path),
            line=definition.lines["id"],
            message=f"'{definition.instrument.instrument_id}' is defined in two files",
            hint=f"delete one of them; the other is {before.path.name}",
            code="file-twice",
        ),
    )


def _lines(root: Part) -> dict[str, int]:
    """Returns the lines of `id`, `version` and of every item of a file that was found sound."""
    quiet = Findings("")
    head = fields(root, quiet, required=("id", "version", "traits"))
    lines = {}
    for trait in entries(head["traits"], quiet).values():
        items = entries(trait, quiet)["items"]
        lines.update({key: part.line for key, part in entries(items, quiet).items()})
    return lines | {key: head[key].line for key in ("id", "version")}


def _refusal(problems: tuple[Problem, ...]) -> DefinitionError:
    count = len(problems)
    files = len({problem.file for problem in problems})
    message = f"{count} problem{'s' * (count > 1)} in {files} instrument file{'s' * (files > 1)}"
    hint = "mend them and run 'pmhealth instrument check'"
    return DefinitionError("definition-problems", message, problems, hint=hint)
