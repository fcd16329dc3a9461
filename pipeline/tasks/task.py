"""A job as its handler sees it: where, for whom, when, what exactly, and where to say how far it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from survey.config import Settings
from survey.errors import ConfigError
from survey.post_office import PostOffice
from survey.register_jobs import Job, JobProgress

SAID = {
    "reading the file": "job_reading",
    "reading the answers": "job_reading",
    "matching subjects, items and raters": "job_matching",
    "validating": "job_validating",
    "loading": "job_loading",
    "adding up": "job_adding_up",
    "adding up answers": "job_adding_up",
    "forming blocks and writing the release": "job_writing_release",
    "writing a release without the wave": "job_writing_release",
    "gathering what there is to know": "job_gathering",
    "attacking the release": "job_attacking",
    "taking no more answers": "job_closing",
    "rewriting the answers under new keys": "job_rewriting",
    "deleting what joins answers to links": "job_deleting_links",
}
"""What the pipeline says while it works, and the text by which a page says it in its own language."""

_MAIL = re.compile(r"mail (\d+) of (\d+)")
_MAIL_WAITING = "waiting for the server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One job in one worker. `environment` says how mail goes out; it is read only then."""

    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    job: Job
    now: Callable[[], datetime]
    advance: Callable[[JobProgress], None]

    @property
    def wave_id(self) -> str:
        return self.text("wave_id")

    @property
    def today(self) -> date:
        """The day it is here, as a person means it."""
        return self.now().astimezone().date()

    @property
    def utc(self) -> datetime:
        """The moment, as the warehouse notes it."""
        return self.now().astimezone(UTC).replace(tzinfo=None)

    @property
    def is_repeated(self) -> bool:
        """True if an earlier worker began it and may have ended in the middle, or at the end."""
        return self.job.attempts > 1

    @property
    def office(self) -> PostOffice:
        """How mail goes out, in the name of who asked."""
        return PostOffice(
            settings=self.settings, environment=self.environment, now=self.now, done_by=self.job.asked_by
        )

    def say(self, text: str) -> None:
        """Takes what the pipeline says while it works, and tells who asked how far it is."""
        self.advance(progress_of(text))

    def text(self, name: str) -> str:
        """Returns a text of the payload; "" if it is not there."""
        return str(self._get(name, str) or "")

    def flag(self, name: str) -> bool:
        """Returns a yes or no of the payload; no if it is not there."""
        return bool(self._get(name, bool))

    def number(self, name: str) -> int | None:
        """Returns a number of the payload."""
        found: int | None = self._get(name, int)
        return found

    def day(self, name: str) -> date | None:
        """Returns a day of the payload.

        Raises:
            ConfigError: it is none.
        """
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self._unreadable(name) from None

    def given(self, name: str, kind: type) -> Any:  # noqa: ANN401 - whatever JSON can hold
        """Returns what the payload has under a name, or None."""
        return self._get(name, kind)

    def _get(self, name: str, kind: type) -> Any:  # noqa: ANN401 - whatever JSON can hold
        value = self.job.payload.get(name)
        if value is not None and type(value) is not kind:
            raise self._unreadable(name)
        return value

    def _unreadable(self, name: str) -> ConfigError:
        return ConfigError(
            "job-payload",
            f"the job cannot be understood: {name}",
            where=f"job {self.job.job_id}",
            hint="ask for it again from its page",
        )


Handler = Callable[[Task], Mapping[str, Any]]
"""Does a job and returns its result; what it refuses is a `HealthError`. May be begun twice."""


def progress_of(text: str) -> JobProgress:
    """Returns what the pipeline says while it works as a page can say it.

    >>> progress_of("mail 3 of 12").done
    3
    """
    mail = _MAIL.fullmatch(text)
    if mail is not None:
        return JobProgress(done=int(mail[1]), total=int(mail[2]), said="job_mailing")
    if text.startswith(_MAIL_WAITING):
        return JobProgress(said="job_waiting_for_mail")
    return JobProgress(said=SAID.get(text, "job_working"))
