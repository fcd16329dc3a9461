"""HR's desk: what HR sees of waves, files and people, and what HR asks the worker to do.

The only way by which HR's pages reach the register. Every question asks anew whether the viewer is HR and
still signed in. The desk changes nothing itself: it writes down wishes, and the worker carries them out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.access import Role, Viewer
from dashboard.desk_wave import DeskWave, desk_waves
from dashboard.directory import Directory
from survey.assignment import Nomination
from survey.audit import AuditEntry
from survey.config import Settings
from survey.definition import load_instruments
from survey.enclosure import read_enclosure
from survey.errors import ConfigError
from survey.instrument import Instrument, Text
from survey.job_kind import JobKind
from survey.planning import DEFAULT_INSTRUMENT
from survey.policy import Policy, default_policy_text, parse_policy
from survey.progress import WaveProgress
from survey.register_collection import Collections
from survey.register_jobs import Job, Jobs
from survey.register_mail import MailLog, MailState
from survey.register_turnout import Turnout
from survey.roster import Person

_JOBS_LOOKED_AT = 400


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of the worker."""

    kind: JobKind
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk of one viewer, who may turn out not to be HR (any more)."""

    directory: Directory
    viewer: Viewer
    settings: Settings

    @property
    def is_open(self) -> bool:
        """True while the viewer is HR today, and their session, where there is one, holds."""
        own, directory = self.viewer, self.directory
        now = directory.viewer(own.session_id) if own.session_id else directory.viewer_of(own.person_id)
        return now is not None and now.person_id == own.person_id and Role.HR in now.roles

    @property
    def today(self) -> date:
        return self.directory.now().date()

    def waves(self) -> tuple[DeskWave, ...]:
        """Returns every wave, planned ones too, the latest first."""
        self._check()
        register = self.directory.register
        return desk_waves(register.waves(), Collections(register.store).list())

    def wave(self, wave_id: str) -> DeskWave | None:
        """Returns one wave, or None if there is none of that id."""
        return next((one for one in self.waves() if one.wave_id == wave_id), None)

    def instruments(self) -> tuple[Instrument, ...]:
        """Returns what can be asked, the usual one first."""
        self._check()
        found = load_instruments(self.settings)
        return tuple(sorted(found, key=lambda one: one.instrument_id != DEFAULT_INSTRUMENT))

    def title(self, wave: DeskWave) -> Text:
        """Returns what a wave's questions are called, as they were when it opened; by their id if they are gone."""
        self._check()
        if wave.wave is not None:
            return self.directory.register.wave_instrument(wave.wave_id).title
        titles = {one.instrument_id: one.title for one in self.instruments()}
        return titles.get(wave.instrument_id, {"en": wave.instrument_id})

    def to_invite(self, wave: DeskWave) -> int:
        """Returns how many people an invitation would go to now."""
        self._check()
        asked = Collections(self.directory.register.store).assignments(wave.wave_id)
        sent = self.mails(wave.wave_id).get(("invite", MailState.SENT), 0)
        return max(0, len({one.rater_id for one in asked}) - sent)

    def nominations(self, wave_id: str) -> tuple[Nomination, ...]:
        """Returns who was proposed for a draft."""
        self._check()
        return Collections(self.directory.register.store).nominations(wave_id)

    def mails(self, wave_id: str) -> Mapping[tuple[str, MailState], int]:
        """Returns how many mails of each kind were sent, and how many failed."""
        self._check()
        return MailLog(self.directory.register.store).counts(wave_id)

    def progress(self, wave: DeskWave) -> WaveProgress:
        """Returns how far an opened wave of our form is, in steps of k people."""
        self._check()
        register = self.directory.register
        units = {person.person_id: person.org_unit for person in register.wave_roster(wave.wave_id).people}
        policy = parse_policy(wave.policy_text, where=wave.wave_id)
        return Turnout(register.store).progress(wave.wave_id, units, min_raters=policy.min_raters)

    def missing(self, wave_id: str) -> tuple[Person, ...]:
        """Returns who has not answered all, for reminding; that HR looked is written down first.

        Raises:
            WaveError: the wave is not open.
        """
        self._check()
        register = self.directory.register
        ids = frozenset(Turnout(register.store).missing(wave_id))
        register.record(
            AuditEntry(
                done_at=self.directory.now(),
                done_by=self.viewer.person_id,
                action="wave.missing",
                target=wave_id,
                detail=f"{len(ids)} people named",
            )
        )
        return tuple(person for person in register.wave_roster(wave_id).people if person.person_id in ids)

    def people(self) -> tuple[Person, ...]:
        """Returns the roster of today."""
        self._check()
        return self.directory.organisation().people

    def names(self) -> Mapping[str, str]:
        """Returns the names of today, by id; who has left goes by the id alone."""
        return {person.person_id: person.name for person in self.people()}

    def policies(self, wave: DeskWave) -> tuple[Policy, Policy]:
        """Returns what a wave promises, and what the policy file promises to waves without one of their own."""
        self._check()
        return parse_policy(wave.policy_text, where=wave.wave_id), parse_policy(default_policy_text())

    def ask(self, wish: Wish) -> Job:
        """Asks the worker for something; the same wish, while it waits or runs, is one job."""
        self._check()
        return self._jobs.ask(
            wish.kind,
            self._key(wish),
            wish.payload,
            asked_by=self.viewer.person_id,
            now=self.directory.now(),
        )

    def job(self, job_id: int) -> Job | None:
        """Returns a job by its number, or None."""
        self._check()
        return self._jobs.find(job_id)

    def last_job(self, kind: JobKind, payload: Mapping[str, Any]) -> Job | None:
        """Returns the newest job of a kind whose payload has all of these values, or None."""
        return next(iter(self.jobs(kind, payload)), None)

    def jobs(self, kind: JobKind, payload: Mapping[str, Any]) -> tuple[Job, ...]:
        """Returns the jobs of a kind whose payload has all of these values, the newest first."""
        self._check()
        return tuple(
            job
            for job in self._jobs.latest(kind, limit=_JOBS_LOOKED_AT)
            if payload.items() <= dict(job.payload).items()
        )

    def ended(self) -> tuple[int, datetime | None]:
        """Returns a mark that changes whenever a job ends."""
        self._check()
        return self._jobs.ended()

    def enclosure(self, job: Job) -> tuple[Mapping[str, Any], ...] | None:
        """Returns what a job handed over to its asker; None to everybody else, and when it is gone."""
        self._check()
        if job.asked_by != self.viewer.person_id:
            return None
        return read_enclosure(self.settings, job.job_id, self.directory.now())

    @property
    def _jobs(self) -> Jobs:
        return Jobs(self.directory.register.store)

    def _key(self, wish: Wish) -> str:
        """What is wished, after which job: two clicks are one wish, a click after the end is a new one."""
        wished = hashlib.sha256(json.dumps(wish.payload, sort_keys=True).encode()).hexdigest()
        ended = [job.job_id for job in self.jobs(wish.kind, wish.payload) if job.has_ended]
        return f"{wished[:32]} after {max(ended, default=0)}"

    def _check(self) -> None:
        if not self.is_open:
            raise ConfigError(
                "desk-closed",
                "this is for those whom the policy file names as HR",
                where="access.toml",
                hint="sign in again, or ask those who run this to name you there",
            )
