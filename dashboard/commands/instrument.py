"""`pmhealth instrument`: what can be asked, whether its files are sound, and its texts for translation."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_json, say_next, show_table
from survey.config import Settings
from survey.errors import ConfigError, DefinitionError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survey.campaign import Wave
    from survey.definition import Definition
    from survey.instrument import Instrument, Item, ResponseScale, Trait

_HASH_SHOWN = 12

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def command() -> None:
    """List, show and check what can be asked.

    An instrument is a versioned questionnaire: traits, their items, response scales and open
    questions, in every language. Five come with the program; your own go as YAML files into the
    folder 'instruments' of the deployment. Once a wave has used a version, it cannot change.

    \b
    Change the words of an instrument without touching YAML:
      pmhealth instrument texts great-pm --out texts.xlsx
      ... edit texts.xlsx ...
      pmhealth instrument texts-in texts.xlsx --instrument great-pm --version 1.1 --out great-pm.yaml
      pmhealth instrument check great-pm.yaml
    """  # noqa: D301


@command.command("list", short_help="List every instrument, with the waves that use it.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def list_instruments(settings: Settings, *, is_json: bool) -> None:
    """List every instrument, built-in and own, with the waves that use it.

    \b
    Examples:
      pmhealth instrument list
      pmhealth instrument list --json
    """  # noqa: D301
    from survey.definition import load_definitions  # noqa: PLC0415 - imports YAML

    definitions = load_definitions(settings)
    waves = _waves(settings)
    if is_json:
        say_json([_summary(definition, waves) for definition in definitions])
        return
    columns = ("instrument", "about", "asks", "items", "language", "from", "waves")
    show_table(columns, [_line(definition, waves) for definition in definitions], numeric=("items",))
    say_next("pmhealth instrument show great-pm")


@command.command("show", short_help="Show one instrument as people read it.")
@click.argument("instrument_id", metavar="ID")
@click.option("--language", help="Language of the texts. Default: the instrument's first.")
@click.option("--json", "is_json", is_flag=True, help="Print the canonical JSON, for scripts.")
@click.pass_obj
def show_instrument(settings: Settings, instrument_id: str, *, language: str | None, is_json: bool) -> None:
    """Show one instrument as people read it: scales, traits, items, open questions.

    Items are marked + (more is better), - (reverse: less is better) or ? (an event, outside the
    mean). Behind || stand the options that are no rating.

    \b
    Examples:
      pmhealth instrument show great-pm
      pmhealth instrument show great-pm --language de
      pmhealth instrument show great-pm --json
    """  # noqa: D301
    from survey.definition import document, find_instrument  # noqa: PLC0415 - imports YAML

    instrument = find_instrument(settings, instrument_id)
    if is_json:
        say_json(json.loads(document(instrument)) | {"content_hash": instrument.content_hash})
        return
    for line in _described(instrument, _chosen_language(instrument, language)):
        say(line)
    say_next(f"pmhealth instrument texts {instrument_id} --out {instrument_id}.xlsx")


@command.command("check", short_help="Check instrument files, and print every problem.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=FILE)
@click.pass_obj
def check_instruments(settings: Settings, files: tuple[Path, ...]) -> None:
    """Check instrument files; without FILE, every instrument of this deployment.

    Prints every problem with its file, its line and what to do, not only the first one. Compares
    with what waves have used as well: a used version cannot change, and an item id cannot change
    its meaning.

    \b
    Examples:
      pmhealth instrument check
      pmhealth instrument check my-instrument.yaml
    """  # noqa: D301
    from survey.definition import load_definitions  # noqa: PLC0415 - imports YAML

    if files:
        definitions, problems = _read(files)
    else:
        definitions, problems = load_definitions(settings), ()
    frozen = _frozen(settings)
    problems = (*problems, *(problem for each in definitions for problem in _contradictions(each, frozen)))
    if problems:
        message = f"{len(problems)} to mend; {len(definitions)} could be read"
        raise DefinitionError("definition-problems", message, problems, hint="mend them and check again")
    for definition in definitions:
        say(
            f"ok  {definition.instrument.instrument_id} {definition.instrument.version}  {definition.path.name}"
        )
    say_next("pmhealth instrument list")


@command.command("texts", short_help="Write an instrument's texts to a spreadsheet.")
@click.argument("instrument_id", metavar="ID")
@click.option("--out", required=True, type=FILE, help="The spreadsheet to write, FILE.xlsx.")
@click.pass_obj
def write_instrument_texts(settings: Settings, instrument_id: str, out: Path) -> None:
    """Write every text of an instrument to a spreadsheet, one column per language.

    \b
    Example:
      pmhealth instrument texts great-pm --out texts.xlsx
    """  # noqa: D301
    from survey.definition import find_definition  # noqa: PLC0415 - imports YAML
    from survey.texts import write_texts  # noqa: PLC0415 - likewise

    definition = find_definition(settings, instrument_id)
    _check_out(out, ".xlsx")
    count = write_texts(definition, out)
    say(f"{count} texts of {instrument_id} {definition.instrument.version} written to {out}")
    say_next(f"pmhealth instrument texts-in {out} --instrument {instrument_id} --out {instrument_id}.yaml")


@command.command("texts-in", short_help="Take edited texts back in, as a new file.")
@click.argument("file", type=FILE)
@click.option("--instrument", "instrument_id", required=True, metavar="ID", help="Whose texts these are.")
@click.option("--version", default="", help="Version of the result, like 1.1. Default: as it is.")
@click.option("--out", required=True, type=FILE, help="The new instrument file to write, FILE.yaml.")
@click.pass_obj
def read_instrument_texts(
    settings: Settings, file: Path, instrument_id: str, version: str, out: Path
) -> None:
    """Take edited texts back in, and write them as a new instrument file.

    Everything else in the instrument's file stays as it is, comments too. The result goes through
    the same check as every instrument. Where a wave has used the instrument, the new words need a
    new --version.

    \b
    Example:
      pmhealth instrument texts-in texts.xlsx --instrument great-pm --version 1.1 --out great-pm.yaml
    """  # noqa: D301
    from survey.definition import check_frozen, find_definition  # noqa: PLC0415 - imports YAML
    from survey.texts import definition_with_texts  # noqa: PLC0415 - likewise

    before = find_definition(settings, instrument_id)
    text, after = definition_with_texts(file, before, version=version)
    check_frozen(after.instrument, _frozen(settings), file=str(file))
    _check_out(out, ".yaml")
    out.write_bytes(text.encode())
    is_same = after.instrument.content_hash == before.instrument.content_hash
    say(f"{instrument_id} {after.instrument.version} written to {out}{' (no text differs)' * is_same}")
    say(f"To use it, put it into the folder {settings.instruments_path}; make that folder if need be.")
    say_next(f"pmhealth instrument check {out}")


def _read(files: tuple[Path, ...]) -> "tuple[tuple[Definition, ...], tuple[Problem, ...]]":
    from survey.definition import read_definition  # noqa: PLC0415 - imports YAML

    definitions: list[Definition] = []
    problems: list[Problem] = []
    for path in files:
        try:
            definitions.append(read_definition(path))
        except DefinitionError as error:
            problems.extend(error.problems)
    return tuple(definitions), tuple(problems)


def _contradictions(definition: "Definition", frozen: "tuple[Instrument, ...]") -> tuple[Problem, ...]:
    from survey.definition_frozen import frozen_problems  # noqa: PLC0415 - only a check needs it

    return frozen_problems(definition.instrument, frozen, file=str(definition.path), lines=definition.lines)


def _frozen(settings: Settings) -> "tuple[Instrument, ...]":
    """Returns what waves have used; nothing where no wave was ever opened."""
    if not settings.has_register:
        return ()
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        return register.frozen_instruments()


def _waves(settings: Settings) -> "tuple[Wave, ...]":
    if not settings.has_register:
        return ()
    from survey.register import open_register  # noqa: PLC0415 - imports SQLAlchemy

    with open_register(settings.register_address) as register:
        return register.waves()


def _check_out(path: Path, suffix: str) -> None:
    if path.suffix != suffix:
        raise ConfigError(
            "file-kind",
            f"the file to write has to end in {suffix}",
            where=str(path),
            hint=f"--out {path.stem}{suffix}",
        )
    if path.exists():
        raise ConfigError(
            "file-exists", "the file is there already", where=str(path), hint="choose another name for --out"
        )
    if not path.parent.is_dir():
        raise ConfigError(
            "folder-missing", "there is no such folder", where=str(path.parent), hint="create it first"
        )


def _summary(definition: "Definition", waves: "Iterable[Wave]") -> dict[str, object]:
    instrument = definition.instrument
    return {
        "instrument": instrument.instrument_id,
        "version": instrument.version,
        "title": instrument.title,
        "subject": instrument.subject_kind.value,
        "respondents": instrument.respondents,
        "traits": len(instrument.traits),
        "items": len(instrument.items),
        "languages": instrument.languages,
        "is_built_in": definition.is_built_in,
        "content_hash": instrument.content_hash,
        "waves": [wave.wave_id for wave in waves if wave.instrument_id == instrument.instrument_id],
    }


def _line(definition: "Definition", waves: "Iterable[Wave]") -> tuple[object, ...]:
    instrument = definition.instrument
    used = [wave.wave_id for wave in waves if wave.instrument_id == instrument.instrument_id]
    return (
        f"{instrument.instrument_id} {instrument.version}",
        instrument.subject_kind.value,
        ", ".join(instrument.respondents),
        len(instrument.items),
        ", ".join(instrument.languages),
        "program" if definition.is_built_in else definition.path.name,
        ", ".join(used) or "-",
    )


def _chosen_language(instrument: "Instrument", language: str | None) -> str:
    if language is None or language in instrument.languages:
        return language or instrument.languages[0]
    raise DefinitionError(
        "definition-language",
        f"'{instrument.instrument_id}' has no texts in '{language}'",
        (),
        hint=f"use one of: {', '.join(instrument.languages)}",
    )


def _described(instrument: "Instrument", language: str) -> "Iterable[str]":
    """Yields the lines by which a person reads an instrument."""
    yield f"{instrument.title[language]} ({instrument.instrument_id} {instrument.version})"
    yield (
        f"about: {instrument.subject_kind.value}; asks: {', '.join(instrument.respondents)}; "
        f"languages: {', '.join(instrument.languages)}; content {instrument.content_hash[:_HASH_SHOWN]}"
    )
    yield from ("", "Scales")
    for scale in instrument.scales:
        yield f"  {scale.scale_id}: {_options(scale, language)}"
    for trait in instrument.traits:
        yield from _described_trait(instrument, trait, language)
    if instrument.prompts:
        yield from ("", "Open questions")
    for prompt in instrument.prompts:
        yield f"  {prompt.text[language]}  [{prompt.prompt_id}]"


def _options(scale: "ResponseScale", language: str) -> str:
    ends = scale.points or (scale.low, scale.high)
    rated = [
        f"{point.normalize():f} {label}" for point, label in zip(ends, scale.labels[language], strict=True)
    ]
    words = f" {'|' if scale.points else '...'} ".join(rated)
    return f"{words}{''.join(f' || {label}' for label in scale.not_observed[language])}"


def _described_trait(instrument: "Instrument", trait: "Trait", language: str) -> "Iterable[str]":
    area = f"{instrument.areas[trait.area_id][language]}: " if trait.area_id else ""
    front = ", first row" if trait.trait_id in instrument.front else ""
    yield from ("", f"{area}{trait.title[language]} ({trait.trait_id}, {trait.scale_id}{front})")
    for item in instrument.items:
        if item.trait_id == trait.trait_id:
            yield f"  {_mark(item)} {item.text[language]}  [{item.item_id}]"
    for point, text in trait.anchors.items():
        yield f"  {point}: {text[language]}"
    for suggestion in trait.grow:
        yield f"  try: {suggestion[language]}"
    yield f"  source: {trait.provenance}"


def _mark(item: "Item") -> str:
    """Returns + for an item, - for a reverse one, ? for an event."""
    if item.is_event:
        return "?"
    return "-" if item.is_reverse else "+"
