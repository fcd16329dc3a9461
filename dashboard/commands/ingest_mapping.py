"""Which mapping an ingest reads its files with: a written one, or a proposal that a person confirms."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, show_table
from survey.config import Settings
from survey.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.mapping.mapping import Mapping
    from pipeline.mapping.propose import Proposal
    from pipeline.sources.export import Export
    from survey.instrument import Instrument

_HEADER_SHOWN = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the person wants the proposal dealt with. `save_as` is a name, or empty."""

    save_as: str
    is_confirmed: bool
    is_trial: bool
    is_quiet: bool


def read_named_mapping(settings: Settings, name: str) -> "Mapping":
    """Returns a saved mapping by its name, or any by its file.

    Raises:
        ConfigError: there is neither.
        MappingError: it cannot be read.
    """
    from pipeline.mapping.file import read_mapping  # noqa: PLC0415
    from pipeline.mapping.saved import saved_path, unknown_mapping  # noqa: PLC0415

    saved = saved_path(settings, name)
    path = saved if saved.is_file() else Path(name)
    if not path.is_file():
        raise unknown_mapping(settings, name)
    return read_mapping(path)


def propose_for(settings: Settings, path: Path, instrument: "Instrument", wish: Wish) -> "Mapping | None":
    """Returns what is proposed for a file and confirmed; None where the file itself says all.

    Raises:
        SourceError: the file is no export.
        MappingError: nothing usable can be proposed.
        ConfigError: nobody confirms it, or it cannot be saved.
    """
    from pipeline.mapping.saved import check_name, propose_for_file  # noqa: PLC0415

    check_name(wish.save_as)
    proposed = propose_for_file(path, instrument)
    if proposed is None:
        return None
    proposal, export = proposed.proposal, proposed.export
    if not proposal.is_usable:
        _refuse(settings, proposal, export, instrument, wish)
    return _confirmed(settings, proposal, export, instrument, wish)


def _confirmed(
    settings: Settings, proposal: "Proposal", export: "Export", instrument: "Instrument", wish: Wish
) -> "Mapping":
    from pipeline.mapping.saved import save_mapping  # noqa: PLC0415
    from pipeline.mapping.text import render_mapping  # noqa: PLC0415

    if not wish.is_quiet:
        _show(proposal, export, instrument)
    mapping = proposal.mapping
    if wish.save_as:
        path = save_mapping(settings, wish.save_as, render_mapping(mapping))
        if not wish.is_quiet:
            say(f"Saved as {wish.save_as}: {path}")
        return replace(mapping, name=wish.save_as)
    if not (wish.is_trial or wish.is_confirmed):
        _confirm(is_quiet=wish.is_quiet)
    return mapping


def _show(proposal: "Proposal", export: "Export", instrument: "Instrument") -> None:
    """`readable` counts filled cells that can be taken as they are: what is not will be quarantined."""
    from pipeline.mapping.describe import describe_mapping  # noqa: PLC0415
    from pipeline.sources.sniff import tool_title  # noqa: PLC0415

    say(f"Recognised as {tool_title(export.tool)}. Proposed mapping:")
    numbers = {match.target: match.column_numbers for match in proposal.matches}
    rows = [
        (
            line.target,
            _span(numbers.get(line.target, ())),
            _tail(line.column),
            f"{line.confidence:.0%}",
            f"{line.readable}/{line.filled}",
        )
        for line in describe_mapping(proposal.mapping, export, instrument, proposal.matches)
    ]
    columns = ("what", "column", "header", "sure", "readable")
    show_table(columns, rows, numeric=("column", "sure", "readable"))
    if proposal.missing:
        say(f"No column was found for: {', '.join(proposal.missing)}")


def _span(numbers: tuple[int, ...]) -> str:
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else "".join(map(str, numbers))


def _tail(header: str) -> str:
    """The end of a header: exports put what all questions share in front."""
    text = " ".join(header.split())
    return text if len(text) <= _HEADER_SHOWN else "…" + text[1 - _HEADER_SHOWN :].lstrip()


def _refuse(
    settings: Settings, proposal: "Proposal", export: "Export", instrument: "Instrument", wish: Wish
) -> None:
    from pipeline.mapping.propose import refuse_unusable  # noqa: PLC0415
    from pipeline.mapping.saved import save_mapping  # noqa: PLC0415
    from pipeline.mapping.text import render_draft  # noqa: PLC0415

    if not wish.save_as:
        refuse_unusable(proposal, export, instrument)
        return
    path = save_mapping(settings, wish.save_as, render_draft(proposal.mapping, proposal.missing))
    hint = f"complete the draft {path}, and give it with --mapping {wish.save_as}"
    refuse_unusable(proposal, export, instrument, hint=hint)


def _confirm(*, is_quiet: bool) -> None:
    if sys.stdin.isatty() and not is_quiet:
        click.confirm("Use this mapping?", abort=True)
        return
    raise ConfigError(
        "mapping-unconfirmed",
        "nobody has confirmed the proposed mapping",
        hint="look at it with --dry-run, then run this again with --save-mapping NAME to keep it, or with --yes",
    )
