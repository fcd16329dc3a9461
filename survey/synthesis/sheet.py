"""One export before it has a tool's shape: rows of text, each with what must become of it.

`Row.fate` and `Row.broken` are the known answer to "what will the pipeline do with this": the
tally of a sheet is what its reconciliation has to show.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a row."""

    LOADED = "loaded"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One response as text. `broken` names, per item, the rule its answer breaks; `rule` the row's.

    A preview is a try of whoever built the survey; the mapping skips it, so it counts nowhere.
    """

    response: str
    wave: str
    subject: str
    subject_id: str
    relationship: str
    rater: str
    submitted_at: datetime
    cells: Mapping[str, str]
    fate: Fate = Fate.LOADED
    rule: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)
    is_preview: bool = False

    @property
    def is_clean(self) -> bool:
        """True if nothing was done to the row yet."""
        return self.fate is Fate.LOADED and not self.broken and not self.is_preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """received = loaded + superseded + quarantined, for rows or for answers."""

    received: int
    loaded: int
    superseded: int
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the reconciliation of a file has to show; `rules` counts each rule's quarantine."""

    rows: Count
    answers: Count
    rules: Mapping[str, int]


def tally(rows: tuple[Row, ...], *, is_long: bool = False) -> Tally:
    """Returns the known counts of a sheet. Every answer of a refused row is refused with it.

    In a long file each answer is a row of its own.
    """
    rows = tuple(row for row in rows if not row.is_preview)
    answers: Counter[Fate] = Counter()
    rules: Counter[str] = Counter()
    for row in rows:
        answers[row.fate] += len(row.cells) - len(row.broken)
        answers[Fate.QUARANTINED] += len(row.broken)
        rules.update(row.broken.values())
        rules[row.rule] += len(row.cells) if is_long else 1
    del rules[""]
    lines = Counter(row.fate for row in rows for _ in range(len(row.cells) if is_long else 1))
    return Tally(rows=_count(lines), answers=_count(answers), rules=dict(sorted(rules.items())))


def _count(by_fate: Counter[Fate]) -> Count:
    return Count(
        received=by_fate.total(),
        loaded=by_fate[Fate.LOADED],
        superseded=by_fate[Fate.SUPERSEDED],
        quarantined=by_fate[Fate.QUARANTINED],
    )
