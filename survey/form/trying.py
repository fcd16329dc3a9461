"""What `wave try` shows: the real form about a made-up PM, in every part, with nothing behind it."""

from collections.abc import Callable
from dataclasses import replace

from survey.form.door import Guest
from survey.form.part import Part
from survey.form.waves import OpenWave, Waves
from survey.instrument import SubjectKind
from survey.language import Wording
from survey.participation import ParticipationState
from survey.register_participation import Task
from survey.relationship import Relationship

_SUBJECT = "try"
_INVITED = 8
_KEPT_SECONDS = 10.0


class Trials:
    """Lays out waves to be tried. A draft's instrument is read from its file, not for every page anew."""

    def __init__(self, waves: Waves, steady: Callable[[], float]) -> None:
        self._waves = waves
        self._steady = steady
        self._kept: dict[str, tuple[float, OpenWave]] = {}

    def lay_out(self, guest: Guest) -> tuple[OpenWave, tuple[Task, ...]] | None:
        """Returns the wave with a made-up subject and one task for each part, or None if it is over."""
        wave = self._wave(guest.found.link.wave_id)
        if wave is None:
            return None
        sizes = {(_SUBJECT, Relationship.OTHER.value): _INVITED, (_SUBJECT, "others"): _INVITED}
        named = replace(wave, names={_SUBJECT: _name(wave, guest.words)}, group_sizes=sizes)
        return named, tuple(_task(place, group) for place, group in enumerate(_groups(wave), start=1))

    def _wave(self, wave_id: str) -> OpenWave | None:
        now = self._steady()
        read_at, wave = self._kept.get(wave_id, (now - _KEPT_SECONDS, None))
        if now - read_at >= _KEPT_SECONDS or wave is None:
            wave = self._waves.planned_wave(wave_id)
            if wave is not None:
                self._kept = {wave_id: (now, wave)}
        return wave


def _groups(wave: OpenWave) -> tuple[str, ...]:
    """Others first: most raters are."""
    asked = wave.questionnaire.instrument.respondents
    return tuple(group for group in (Part.OTHERS, Part.MANAGER, Part.SELF) if group in asked)


def _name(wave: OpenWave, words: Wording) -> str:
    is_unit = wave.questionnaire.instrument.subject_kind is SubjectKind.UNIT
    return words.say("try_unit" if is_unit else "try_subject")


def _task(place: int, group: str) -> Task:
    related = Relationship(group) if group in set(Relationship) else Relationship.OTHER
    return Task(
        assignment_no=0,
        place=place,
        subject_id=_SUBJECT,
        relationship=related,
        reporting_group=group,
        state=ParticipationState.INVITED,
        is_mine=True,
    )
