"""What the release before holds that the next one builds on: its waves, its numbers for names, its spreads."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.release import current_name, release_number
from pipeline.warehouse import Warehouse
from survey.campaign import Wave, WaveState

Name = tuple[str, str]
"""What it is and its id: `("unit", "Product/Growth")`, `("trait", "taste")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWave:
    """A wave of the release before."""

    wave_no: int
    wave_id: str
    instrument_id: str
    starts_on: date
    state: str

    @property
    def is_published(self) -> bool:
        return self.state == WaveState.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSpread:
    """A spread of the release before."""

    wave_no: int
    measure_no: int
    sigma_points: Decimal
    degrees_of_freedom: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The release before; number 0 and nothing in it while there is none."""

    path: Path | None = None
    release_no: int = 0
    format_version: int = 0
    waves: tuple[EarlierWave, ...] = ()
    scopes: Mapping[Name, int] = field(default_factory=dict)
    measures: Mapping[Name, int] = field(default_factory=dict)
    spreads: tuple[EarlierSpread, ...] = ()
    tables: frozenset[str] = frozenset()

    def wave(self, wave_id: str) -> EarlierWave | None:
        """Returns the wave of that id, or None if it was never published."""
        return next((wave for wave in self.waves if wave.wave_id == wave_id), None)

    def before(self, wave: Wave) -> EarlierWave | None:
        """Returns the published wave of the same campaign that came just before this one."""
        campaign = (one for one in self.waves if one.is_published and one.starts_on < wave.period.starts_on)
        same = (one for one in campaign if one.wave_id.rpartition("/")[0] == wave.campaign)
        return max(same, key=lambda one: one.starts_on, default=None)

    def days(self, unless: int) -> dict[int, date]:
        """Returns the first day of every published wave but one, by wave number."""
        kept = (wave for wave in self.waves if wave.is_published and wave.wave_no != unless)
        return {wave.wave_no: wave.starts_on for wave in kept}

    def spreads_without(self, wave_no: int) -> tuple[EarlierSpread, ...]:
        """Returns the spreads of every wave but one."""
        return tuple(spread for spread in self.spreads if spread.wave_no != wave_no)


@contextmanager
def opened_earlier(warehouse: Warehouse, releases: Path) -> Iterator[Earlier]:
    """Opens the current release as `previous` and reads what is needed of it; closes it in the end."""
    name = current_name(releases)
    if name is None:
        yield Earlier()
        return
    with warehouse.attached(releases / name, "previous", "(read_only)"):
        yield _read(warehouse, releases / name)


def numbered(known: Mapping[Name, int], names: Iterable[Name]) -> dict[Name, int]:
    """Returns the known numbers and, for names that have none yet, the next ones in their order.

    >>> numbered({("unit", "A"): 1}, [("unit", "B"), ("unit", "A")])
    {('unit', 'A'): 1, ('unit', 'B'): 2}
    """
    numbers = dict(known)
    for name in names:
        if name not in numbers:
            numbers[name] = len(numbers) + 1
    return numbers


def _read(warehouse: Warehouse, path: Path) -> Earlier:
    (meta,) = warehouse.query("publish/earlier_format").to_pylist()
    waves = warehouse.query("publish/earlier_wave").to_pylist()
    spreads = warehouse.query("publish/earlier_spread").to_pylist()
    return Earlier(
        path=path,
        release_no=release_number(path.name),
        format_version=meta["format_version"],
        waves=tuple(EarlierWave(**row) for row in waves),
        scopes=_numbers(warehouse, "scope"),
        measures=_numbers(warehouse, "measure"),
        spreads=tuple(EarlierSpread(**row) for row in spreads),
        tables=frozenset(warehouse.query("publish/earlier_table")["table_name"].to_pylist()),
    )


def _numbers(warehouse: Warehouse, noun: str) -> dict[Name, int]:
    rows = warehouse.query(f"publish/earlier_{noun}")
    kinds, ids, numbers = (rows[name].to_pylist() for name in (noun, f"{noun}_id", f"{noun}_no"))
    return dict(zip(zip(kinds, ids, strict=True), numbers, strict=True))
