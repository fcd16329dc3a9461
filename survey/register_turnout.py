"""How many take part in an open wave, and who is still to be reminded: the narrow way to participation.

Pages reach this and not `register_participation`: no link, no claim, and who has answered about whom
comes out only as steps of k people.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from survey import register_schema as schema
from survey.errors import WaveError
from survey.participation import ParticipationState
from survey.progress import WaveProgress, tell_progress
from survey.register_collection import Collections
from survey.store import Store


class Turnout:
    """What may be told of who takes part. Each method is one look at the register."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._collections = Collections(store)

    def progress(self, wave_id: str, units: Mapping[str, str], *, min_raters: int) -> WaveProgress:
        """Returns how far a wave is, in steps from which nobody's part can be read.

        Args:
            wave_id: a wave that was opened.
            units: the unit of each subject; a unit that is a subject is its own.
            min_raters: k, the size of a step.
        """
        with self._store.reading() as connection:
            rows = connection.execute(_DONE, {"of_wave": wave_id})
            done = [(row.rater_id, row.subject_id) for row in rows]
        asked = self._collections.assignments(wave_id)
        return tell_progress(asked, done, units, min_raters=min_raters)

    def missing(self, wave_id: str) -> tuple[str, ...]:
        """Returns the persons who have not done everything. For reminding only, while the wave is open.

        Raises:
            WaveError: the wave is not open; beside results nobody is named.
        """
        state = self._collections.state(wave_id)
        if state != "open":
            raise WaveError(
                "wave-missing-state",
                f"the wave is {state}; who is missing is told only while it is open",
                where=wave_id,
                hint=f"look at the counts: pmhealth wave status {wave_id}",
            )
        with self._store.reading() as connection:
            return tuple(connection.execute(_MISSING, {"of_wave": wave_id}).scalars())


_ASSIGNMENT = schema.assignment.c
_PARTICIPATION = schema.participation.c
_JOINED = schema.assignment.join(
    schema.participation, _PARTICIPATION.assignment_no == _ASSIGNMENT.assignment_no
)
_OF_WAVE = _ASSIGNMENT.wave_id == bindparam("of_wave")
_DONE = (
    select(_ASSIGNMENT.rater_id, _ASSIGNMENT.subject_id)
    .select_from(_JOINED)
    .where(_OF_WAVE, _PARTICIPATION.state == ParticipationState.DONE.value)
)
_MISSING = (
    select(_ASSIGNMENT.rater_id)
    .select_from(_JOINED)
    .where(_OF_WAVE, _PARTICIPATION.state != ParticipationState.DONE.value)
    .distinct()
    .order_by(_ASSIGNMENT.rater_id)
)
