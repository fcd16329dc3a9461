"""What waves have used stays as it was: frozen versions, and the meaning of item ids.

A wave freezes its instrument. The same version with other content would make two waves look alike
that asked different things; an item id with another meaning would draw them as one line.
"""

from collections.abc import Mapping

from survey.errors import DefinitionError, Problem
from survey.instrument import Instrument, Item


def check_frozen(
    instrument: Instrument,
    frozen: tuple[Instrument, ...],
    *,
    file: str = "",
    lines: Mapping[str, int] | None = None,
) -> None:
    """Refuses an instrument that contradicts what waves have used.

    Args:
        instrument: the one about to be used.
        frozen: every instrument version a wave has used.
        file: where the instrument was read, for the problems; its id if left out.
        lines: the line of `version` and of each item id in that file.

    Raises:
        DefinitionError: its version has other content by now, or an item id another meaning.
    """
    problems = frozen_problems(instrument, frozen, file=file, lines=lines)
    if problems:
        raise DefinitionError(
            "definition-frozen",
            f"'{instrument.instrument_id}' {instrument.version} contradicts what waves have used",
            problems,
        )


def frozen_problems(
    instrument: Instrument,
    frozen: tuple[Instrument, ...],
    *,
    file: str = "",
    lines: Mapping[str, int] | None = None,
) -> tuple[Problem, ...]:
    """Returns what `check_frozen` would refuse."""
    place = lines or {}
    changed = [
        (
            place.get("version", 1),
            "frozen",
            f"version {instrument.version} has changed since a wave used it",
            f"raise the version to {_next_version(instrument, frozen)}, or undo the change",
        )
        for earlier in frozen
        if _is_same_version(instrument, earlier) and earlier.content_hash != instrument.content_hash
    ]
    moved = [
        (
            place.get(item.item_id, 1),
            "meaning",
            f"'{item.item_id}' meant something else in {earlier.instrument_id} {earlier.version}",
            "give the item a new id; an id keeps its trait, direction and scale for ever",
        )
        for item in instrument.items
        if (earlier := _contradicted(item, instrument, frozen)) is not None
    ]
    return tuple(
        Problem(file=file or instrument.instrument_id, line=line, message=message, hint=hint, code=code)
        for line, code, message, hint in (*changed, *moved)
    )


def _is_same_version(one: Instrument, other: Instrument) -> bool:
    return (one.instrument_id, one.version) == (other.instrument_id, other.version)


def _next_version(instrument: Instrument, frozen: tuple[Instrument, ...]) -> str:
    used = [one.version for one in frozen if one.instrument_id == instrument.instrument_id]
    major, minor = max(tuple(int(number) for number in version.split(".")) for version in used)
    return f"{major}.{minor + 1}"


def _contradicted(item: Item, instrument: Instrument, frozen: tuple[Instrument, ...]) -> Instrument | None:
    """Returns an instrument in which the item's id meant something else."""
    meaning = _meaning(item, instrument)
    for earlier in frozen:
        for other in earlier.items:
            if other.item_id == item.item_id and _meaning(other, earlier) != meaning:
                return earlier
    return None


def _meaning(item: Item, instrument: Instrument) -> tuple[object, ...]:
    scale = instrument.scale(item.scale_id)
    return item.trait_id, item.is_reverse, scale.kind, scale.low, scale.high
