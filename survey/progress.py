"""How far a wave is, told in steps from which nobody's part can be read.

Who is asked and who has answered in; rows out that say "at least so many of so many". Rows count
people, and a row with few people is put together with others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from survey.assignment import Assignment
from survey.reporting_group import OTHERS, merge_groups

TOGETHER = "put together"
"""The row of all whose own row would have too few people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One row: of `invited` people, at least so many have answered."""

    name: str
    invited: int
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveProgress:
    """How far a wave is: in all, by the subjects' unit, and by reporting group."""

    total: Progress
    units: tuple[Progress, ...]
    groups: tuple[Progress, ...]


def tell_progress(
    assignments: Iterable[Assignment],
    done: Iterable[tuple[str, str]],
    units: Mapping[str, str],
    *,
    min_raters: int,
) -> WaveProgress:
    """Returns how far a wave is.

    Args:
        assignments: everybody who is asked.
        done: (rater, subject) of what is answered.
        units: the unit of each subject; a unit that is a subject is its own.
        min_raters: k, the size of a step and of the smallest row.
    """
    asked = tuple(assignments)
    answered = frozenset(done)
    return WaveProgress(
        total=_row("all", _people(asked), _people(_done(asked, answered)), min_raters),
        units=_rows(asked, answered, lambda one: units.get(one.subject_id, one.subject_id), min_raters),
        groups=_rows(asked, answered, lambda one: one.reporting_group, min_raters),
    )


def round_down(answered: int, invited: int, step: int) -> int:
    """Returns the multiple of a step that is told: at least a whole step of people may be missing.

    >>> [round_down(answered, 10, 4) for answered in (3, 4, 7, 8, 10)]
    [0, 4, 4, 4, 4]
    """
    most = max(0, invited - step)
    return min(answered, most) // step * step


def _rows(
    asked: Iterable[Assignment],
    answered: frozenset[tuple[str, str]],
    name_of: Callable[[Assignment], str],
    min_raters: int,
) -> tuple[Progress, ...]:
    named: dict[str, list[Assignment]] = {}
    for one in asked:
        named.setdefault(name_of(one), []).append(one)
    sizes = {name: len(_people(own)) for name, own in named.items()}
    merged: dict[str, list[Assignment]] = {}
    together = OTHERS if OTHERS in named else TOGETHER
    for name, row in merge_groups(sizes, min_raters=min_raters).items():
        merged.setdefault(together if row == OTHERS else row, []).extend(named[name])
    rows = (
        _row(name, _people(own), _people(_done(own, answered)), min_raters)
        for name, own in sorted(merged.items(), key=lambda item: (item[0] == together, item[0]))
    )
    return tuple(row for row in rows if row.invited >= min_raters)


def _done(asked: Iterable[Assignment], answered: frozenset[tuple[str, str]]) -> Iterable[Assignment]:
    return (one for one in asked if (one.rater_id, one.subject_id) in answered)


def _people(assignments: Iterable[Assignment]) -> frozenset[str]:
    return frozenset(one.rater_id for one in assignments)


def _row(name: str, invited: frozenset[str], answered: frozenset[str], step: int) -> Progress:
    return Progress(name=name, invited=len(invited), at_least=round_down(len(answered), len(invited), step))
