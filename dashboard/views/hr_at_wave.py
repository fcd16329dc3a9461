"""Where HR is on a page about one wave."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.desk import Desk
from dashboard.desk_wave import DeskWave, Known
from survey.language import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWave:
    """At the desk, before one wave, with what is known of it."""

    desk: Desk
    one: DeskWave
    words: Wording
    known: Known

    @property
    def wave_id(self) -> str:
        return self.one.wave_id

    @property
    def names(self) -> Mapping[str, str]:
        """Today's names by id; who has left goes by their id."""
        return self.desk.names()
