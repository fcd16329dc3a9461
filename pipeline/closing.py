"""Closing a wave of our own form: from then on nothing on disk joins answers to people.

The wave takes no more answers, what was collected is rewritten under new random keys, and then the
old store, the drafts, the wave's keys and the links' hashes are deleted. Every step can be done
again: after a crash at any moment, closing once more ends well.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import ReconciliationError
from pipeline.rewriting import Fate, Rewriting, count_fates, rewrite
from survey.answers import StoredResponse, open_answers, write_closed
from survey.campaign import Wave, WaveState
from survey.config import Settings
from survey.errors import WaveError
from survey.lock import only_one
from survey.participation import GroupCount, Responder
from survey.policy import parse_policy
from survey.register import AuditEntry, Register, open_register
from survey.register_closing import Closing, Closings
from survey.register_participation import Participation
from survey.secret import delete_keys

Progress = Callable[[str], None]

_DONE_BY = "closing"
_HASHES = "link", "participation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingReport:
    """What closing came to, in counts that reconcile.

    assigned = done + not answered; stored = done + unfinished = kept + re-addressed + withheld.
    `unfinished` responses were stored, but their raters never heard that they were: they count.
    `rest_count` is how many units have a rest block, `signed_count` how many comments stand apart
    under a name. `is_trial` says that nothing was done.
    """

    wave_id: str
    assigned_count: int
    done_count: int
    stored_count: int
    kept_count: int
    readdressed_count: int
    withheld_count: int
    rest_count: int
    signed_count: int
    is_trial: bool

    @property
    def not_answered_count(self) -> int:
        return self.assigned_count - self.done_count

    @property
    def unfinished_count(self) -> int:
        return self.stored_count - self.done_count

    @property
    def is_even(self) -> bool:
        return self.stored_count == self.kept_count + self.readdressed_count + self.withheld_count


def close_wave(settings: Settings, wave_id: str, *, now: datetime, progress: Progress) -> ClosingReport:
    """Closes a wave that our own form collects, for good.

    Args:
        settings: where the stores are.
        wave_id: the wave, or its period where only one campaign has that.
        now: the moment to note.
        progress: told what is being done, in a few words.

    Raises:
        WaveError: there is no such wave, or our own form does not collect it.
        ReconciliationError: fewer answers are stored than raters were told; nothing was deleted.
        StoreError: a store is missing, in use or out of reach; close it again once it is there.
    """
    with open_register(settings.register_address) as register:
        wave = _own_wave(register, wave_id)
        with only_one(settings.lock_path("closing")):
            if wave.state is WaveState.OPEN:
                progress("taking no more answers")
                wave = register.move_wave(wave.wave_id, WaveState.CLOSED)
            _rewrite(settings, register, wave, now, progress)
            progress("deleting what joins answers to links")
            delete_keys(settings.wave_keys_path(wave.wave_id))
            Participation(register.store).drop_links(wave.wave_id)
            register.store.compact(_HASHES)
            return _closed_report(settings, register, wave)


def try_closing(settings: Settings, wave_id: str) -> ClosingReport:
    """Returns what closing would come to now; does nothing.

    Raises:
        WaveError: there is no such wave, or our own form does not collect it.
        ReconciliationError: fewer answers are stored than raters were told.
        StoreError: a store is missing, in use or out of reach.
    """
    with open_register(settings.register_address) as register:
        wave = _own_wave(register, wave_id)
        with open_answers(settings, wave.wave_id) as answers:
            if answers.is_closed:
                return _closed_report(settings, register, wave)
            stored = answers.responses()
        counts = Participation(register.store).counts(wave.wave_id)
        return _report(wave, counts, _decide(register, wave, stored), len(stored))


def _own_wave(register: Register, wave_id: str) -> Wave:
    wave = register.wave(wave_id)
    if wave.is_external:
        raise WaveError(
            "wave-not-ours",
            "another survey tool collects this wave; publishing closes it",
            where=wave.wave_id,
            hint=f"run: pmhealth publish --wave {wave.wave_id}",
        )
    return wave


def _rewrite(settings: Settings, register: Register, wave: Wave, now: datetime, progress: Progress) -> None:
    """The rest blocks are noted before the closed store appears, so that each store has its own.

    A store that is closed was decided before a crash; only what is left of the old one goes.
    """
    with open_answers(settings, wave.wave_id) as answers:
        if answers.is_closed:
            write_closed(settings, wave.wave_id, ())
            return
        answers.seal()
        stored = answers.responses()
    progress("rewriting the answers under new keys")
    decided = _decide(register, wave, stored)
    report = _report(wave, Participation(register.store).counts(wave.wave_id), decided, len(stored))
    _note(register, report, decided, now)
    write_closed(settings, wave.wave_id, decided.responses)


def _decide(register: Register, wave: Wave, stored: tuple[StoredResponse, ...]) -> Rewriting:
    responders = Participation(register.store).responders(wave.wave_id)
    _check_complete(wave, stored, responders)
    return rewrite(
        stored,
        responders,
        register.wave_roster(wave.wave_id),
        register.wave_instrument(wave.wave_id),
        min_raters=parse_policy(wave.policy).min_raters,
    )


def _check_complete(wave: Wave, stored: Iterable[StoredResponse], responders: Iterable[Responder]) -> None:
    """Who was thanked is stored. If not, this is the wrong store, and deleting it would be the end of it."""
    promised = Counter((one.subject_id, one.reporting_group) for one in responders)
    missing = promised - Counter((one.subject_id, one.reporting_group) for one in stored)
    if missing:
        raise ReconciliationError(
            "closing-uneven",
            f"{missing.total()} answers that raters were thanked for are not in the store",
            where=wave.wave_id,
            hint="the store of answers is an older copy or damaged; nothing was deleted. Put the right one "
            "in its place, then close the wave again",
        )


def _note(register: Register, report: ClosingReport, decided: Rewriting, now: datetime) -> None:
    closing = Closing(
        wave_id=report.wave_id,
        closed_on=now.date(),
        invited=report.assigned_count,
        answered=report.done_count,
        withheld=report.withheld_count,
        groups=decided.groups,
    )
    detail = (
        f"assigned {report.assigned_count}, answered {report.done_count}, stored {report.stored_count}: "
        f"kept {report.kept_count}, for units only {report.readdressed_count}, withheld {report.withheld_count}"
    )
    entry = AuditEntry(
        done_at=now, done_by=_DONE_BY, action="wave close", target=report.wave_id, detail=detail
    )
    Closings(register.store).put(closing, entry=entry)


def _report(wave: Wave, counts: Iterable[GroupCount], decided: Rewriting, stored_count: int) -> ClosingReport:
    rows = tuple(counts)
    return ClosingReport(
        wave_id=wave.wave_id,
        assigned_count=sum(row.invited for row in rows),
        done_count=sum(row.done for row in rows),
        stored_count=stored_count,
        kept_count=decided.fates.get(Fate.KEPT, 0),
        readdressed_count=decided.fates.get(Fate.READDRESSED, 0),
        withheld_count=decided.fates.get(Fate.WITHHELD, 0),
        rest_count=len(decided.groups),
        signed_count=decided.signed_count,
        is_trial=True,
    )


def _closed_report(settings: Settings, register: Register, wave: Wave) -> ClosingReport:
    closing = Closings(register.store).find(wave.wave_id)
    if closing is None:  # the closing is noted before a closed store appears
        raise AssertionError(wave.wave_id)
    with open_answers(settings, wave.wave_id) as answers:
        fates, signed_count = count_fates(answers.responses(), closing.withheld)
    return ClosingReport(
        wave_id=wave.wave_id,
        assigned_count=closing.invited,
        done_count=closing.answered,
        stored_count=sum(fates.values()),
        kept_count=fates.get(Fate.KEPT, 0),
        readdressed_count=fates.get(Fate.READDRESSED, 0),
        withheld_count=closing.withheld,
        rest_count=len(closing.groups),
        signed_count=signed_count,
        is_trial=False,
    )
