"""Which instruments a release has, and which of them make the front row of every dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.release import ReleasedWave
from survey.campaign import WaveState
from survey.instrument import Instrument, SubjectKind

FRONT_TRAITS = ("taste", "honesty", "clarity", "focus")
"""The first row, in this order everywhere."""


class Catalogue(Protocol):
    """What names waves and instruments: a release, or one viewer's reading of it."""

    def waves(self) -> tuple[ReleasedWave, ...]: ...

    def instrument(self, instrument_id: str, version: str) -> Instrument: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One instrument of a release in its newest version, with its published waves, oldest first."""

    instrument: Instrument
    waves: tuple[ReleasedWave, ...]

    @property
    def has_front(self) -> bool:
        """True if the instrument measures the four traits of the first row."""
        own = {trait.trait_id for trait in self.instrument.traits}
        return self.instrument.subject_kind is SubjectKind.PM and own.issuperset(FRONT_TRAITS)


def shelves(release: Catalogue) -> tuple[Shelf, ...]:
    """Returns every instrument that a published wave used, by title of instrument id."""
    waves = [wave for wave in release.waves() if wave.state == WaveState.PUBLISHED]
    return tuple(
        Shelf(
            instrument=release.instrument(instrument_id, own[-1].instrument_version),
            waves=tuple(own),
        )
        for instrument_id in sorted({wave.instrument_id for wave in waves})
        for own in ([wave for wave in waves if wave.instrument_id == instrument_id],)
    )


def front_shelf(all_shelves: Sequence[Shelf]) -> Shelf | None:
    """Returns the front row: the fullest instrument with the four traits, over all waves that have them.

    A pulse shares the traits, so its waves join; None if no instrument measures the four.
    """
    fronts = [shelf for shelf in all_shelves if shelf.has_front]
    if not fronts:
        return None
    fullest = max(fronts, key=lambda shelf: len(shelf.instrument.items))
    waves = sorted(
        (wave for shelf in fronts for wave in shelf.waves), key=lambda wave: (wave.starts_on, wave.wave_id)
    )
    return Shelf(instrument=fullest.instrument, waves=tuple(waves))


def withdrawn_waves(release: Catalogue) -> tuple[ReleasedWave, ...]:
    """Returns the waves that were published and then taken back."""
    return tuple(wave for wave in release.waves() if wave.state == WaveState.WITHDRAWN)
