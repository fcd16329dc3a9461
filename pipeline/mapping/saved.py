"""Mappings kept under a name, and what a file's header suggests where none is named."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.mapping.file import read_mapping
from pipeline.mapping.mapping import Mapping
from pipeline.mapping.propose import Proposal, propose
from pipeline.received import LONG_TOOL
from pipeline.sources import canonical
from pipeline.sources.export import Export
from pipeline.sources.sniff import open_export
from survey.config import Settings
from survey.errors import ConfigError
from survey.instrument import Instrument

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedFile:
    """A file that was read, and the mapping that its header suggests."""

    export: Export
    proposal: Proposal


def propose_for_file(path: Path, instrument: Instrument) -> ProposedFile | None:
    """Returns what is proposed for a file; None where the file itself says all.

    Raises:
        SourceError: the file is no export.
    """
    if canonical.find_long_file(path) is not None:
        return None
    export = open_export(path)
    if export.tool in (canonical.TOOL, LONG_TOOL):
        return None
    return ProposedFile(export=export, proposal=propose(export, instrument))


def saved_path(settings: Settings, name: str) -> Path:
    """Returns where a mapping of that name is kept, or would be."""
    return settings.mappings_path / f"{name}.yaml"


def saved_names(settings: Settings) -> list[str]:
    """Returns the names under which mappings are kept."""
    return sorted(path.stem for path in settings.mappings_path.glob("*.yaml"))


def read_saved(settings: Settings, name: str) -> Mapping:
    """Returns a mapping that is kept under a name.

    Raises:
        ConfigError: there is none.
        MappingError: it cannot be read.
    """
    check_name(name)
    if not saved_path(settings, name).is_file():
        raise unknown_mapping(settings, name)
    return read_mapping(saved_path(settings, name))


def check_name(name: str) -> None:
    """Refuses a name under which no mapping can be saved; none at all is well.

    Raises:
        ConfigError: it is more than a name.
    """
    if name and _NAME.fullmatch(name) is None:
        raise ConfigError(
            "mapping-save-name",
            "this cannot be the name of a mapping",
            where=name,
            hint="use letters, digits, '-', '_' and '.', like quarterly",
        )


def unknown_mapping(settings: Settings, name: str) -> ConfigError:
    """Returns the refusal of a name that no mapping has."""
    return ConfigError(
        "mapping-name",
        "there is no such mapping",
        where=name,
        hint=f"give a file, or one of: {', '.join(saved_names(settings)) or 'none is saved yet'}",
    )


def save_mapping(settings: Settings, name: str, text: str) -> Path:
    """Keeps a mapping under a name; the same one again is well, another one is not overwritten.

    Raises:
        ConfigError: another mapping of that name is kept, or it is more than a name.
    """
    check_name(name)
    path = saved_path(settings, name)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise ConfigError(
            "mapping-exists",
            "another mapping of that name is saved already",
            where=str(path),
            hint=f"use it with --mapping {name}, or choose another name",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
