"""Jobs about waves of our own form: plan, look ahead, try, open, close, and every mail."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from email.headerregistry import Address
from typing import Any

from pipeline.closing import ClosingReport, close_wave, try_closing
from pipeline.preview import Preview, look_ahead
from pipeline.tasks.task import Task
from survey.campaign import WaveState
from survey.errors import MailError
from survey.invitation import (
    Round,
    approvals,
    check_state,
    invitations,
    nominations,
    open_round,
    reminders,
    results,
    thanks,
)
from survey.mail_settings import read_dashboard_url, read_mail_settings
from survey.mailing import Order, Tally
from survey.message import address_of
from survey.opening import PlannedWave, open_wave, plan_wave
from survey.planning import check_draft, day_of, find_collection, find_draft, plan_draft
from survey.post_office import deliver
from survey.register import AuditEntry, Register, open_register
from survey.register_collection import Collections
from survey.trying import send_try_link

_RISKY_PCT = 10.0
_MOST_HELPED = 10
_GIVEN = {
    "instrument_id": str,
    "asked_by": str,
    "reply_to": str,
    "unit_days": int,
    "is_repeated": bool,
    "policy_text": str,
}


def create(task: Task) -> Mapping[str, Any]:
    """Plans a wave, or changes its plan while it is a draft."""
    given = {name: task.given(name, kind) for name, kind in _GIVEN.items()}
    given |= {name: task.day(name) for name in ("opens_on", "closes_on")}
    with open_register(task.settings.register_address) as register:
        collections = Collections(register.store)
        draft, is_new = plan_draft(collections, task.wave_id, given, task.today)
        check_draft(task.settings, draft, task.today)
        entry = _entry(task, "wave.create" if is_new else "wave.change")
        (collections.add if is_new else collections.update)(draft, entry=entry)
    return {
        "is_new": is_new,
        "opens_on": draft.opens_on.isoformat(),
        "closes_on": draft.closes_on.isoformat(),
    }


def preview(task: Task) -> Mapping[str, Any]:
    """Says what a draft will be able to show, and where one more rater helps."""
    with open_register(task.settings.register_address) as register:
        draft = find_draft(register, task.wave_id)
        planned = plan_wave(task.settings, register, draft, day_of(draft, task.today))
    return _size(planned) | _outlook(look_ahead(planned))


def open_planned(task: Task) -> Mapping[str, Any]:
    """Freezes a draft and starts to take answers; nobody gets a mail yet."""
    with open_register(task.settings.register_address) as register:
        if not (task.is_repeated and _is_open(register, task.wave_id)):
            _open(task, register)
        collections = Collections(register.store)
        return {
            "assignment_count": len(collections.assignments(task.wave_id)),
            "closes_on": collections.get(task.wave_id).closes_on.isoformat(),
        }


def close(task: Task) -> Mapping[str, Any]:
    """Closes a wave for good, or says what closing would come to."""
    if task.flag("is_trial"):
        return _counts(try_closing(task.settings, task.wave_id))
    return _counts(close_wave(task.settings, task.wave_id, now=task.now(), progress=task.say))


def try_form(task: Task) -> Mapping[str, Any]:
    """Mails the invitation to who asks, with a link to look at the form."""
    mail = read_mail_settings(task.environment)
    with _round(task) as wave:
        send_try_link(task.office, mail, wave, _address_of_asker(task, wave))
        return {"state": wave.state.value}


def _address_of_asker(task: Task, wave: Round) -> Address:
    people = wave.register.roster_of(task.today).people
    found = [address_of(person) for person in people if person.person_id == task.job.asked_by]
    if not found or found[0] is None:
        raise MailError(
            "mail-try-address",
            "the roster has no address to send this to you",
            where=wave.wave_id,
            hint="correct your line in the roster, and import it again",
        )
    return found[0]


def nominate(task: Task) -> Mapping[str, Any]:
    """Asks PMs whom to ask, and leads to approve."""
    return _mail(task, (WaveState.DRAFT,), lambda wave: (*nominations(wave), *approvals(wave, task.now())))


def invite(task: Task) -> Mapping[str, Any]:
    """Invites everybody who is asked and was not invited yet."""
    return _mail(task, (WaveState.OPEN,), invitations)


def remind(task: Task) -> Mapping[str, Any]:
    """Reminds who has something left to answer and had no mail for three days."""
    with _round(task) as wave:
        resting = reminders(wave, task.now()).resting
    return _mail(task, (WaveState.OPEN,), lambda wave: reminders(wave, task.now()).orders) | {
        "resting_count": resting
    }


def thank(task: Task) -> Mapping[str, Any]:
    """Thanks everybody who was asked."""
    states = (WaveState.CLOSED, WaveState.PUBLISHED)
    return _mail(task, states, lambda wave: thanks(wave, random.SystemRandom()))


def announce(task: Task) -> Mapping[str, Any]:
    """Tells the people a published wave is about that their results are ready."""
    url = read_dashboard_url(task.environment)
    return _mail(task, (WaveState.PUBLISHED,), lambda wave: results(wave, url))


@contextmanager
def _round(task: Task) -> Iterator[Round]:
    with open_register(task.settings.register_address) as register:
        yield open_round(task.settings, register, find_collection(register, task.wave_id), task.today)


def _mail(
    task: Task, states: tuple[WaveState, ...], choose: Callable[[Round], Sequence[Order]]
) -> dict[str, Any]:
    with _round(task) as wave:
        check_state(wave, *states)
        tally = deliver(task.office, wave, lambda: choose(wave), task.say)
    return _sent(tally)


def _sent(tally: Tally) -> dict[str, Any]:
    return {
        "sent_count": tally.sent,
        "failure_count": len(tally.failures),
        "resting_count": 0,
        "failures": [asdict(failure) for failure in tally.failures],
    }


def _open(task: Task, register: Register) -> None:
    draft = find_draft(register, task.wave_id)
    planned = plan_wave(task.settings, register, draft, task.today)
    open_wave(
        task.settings,
        register,
        planned,
        is_small_accepted=task.flag("is_small_accepted"),
        done_at=task.now(),
        done_by=task.job.asked_by,
    )


def _is_open(register: Register, wave_id: str) -> bool:
    return Collections(register.store).state(wave_id) is WaveState.OPEN


def _entry(task: Task, action: str) -> AuditEntry:
    return AuditEntry(done_at=task.now(), done_by=task.job.asked_by, action=action, target=task.wave_id)


def _counts(report: ClosingReport) -> dict[str, Any]:
    counts = asdict(report)
    del counts["wave_id"]
    return counts | {
        "not_answered_count": report.not_answered_count,
        "unfinished_count": report.unfinished_count,
    }


def _size(planned: PlannedWave) -> dict[str, Any]:
    asked = planned.plan.assignments
    dropped = Counter(one.reason.value for one in planned.plan.dropped)
    return {
        "assignment_count": len(asked),
        "rater_count": len({one.rater_id for one in asked}),
        "subject_count": len({one.subject_id for one in asked}),
        "dropped": dict(dropped),
        "small": [asdict(one) for one in planned.plan.small],
    }


def _outlook(found: Preview) -> dict[str, Any]:
    return {
        "outlooks": [asdict(one) for one in found.outlooks],
        "at_risk": [_risk(one.subject_id, one.invited, one.below_pct) for one in found.at_risk(_RISKY_PCT)],
        "helped": [
            {"subject_id": one.subject_id, "gain_pct": one.gain_pct}
            for one in found.most_helped(_MOST_HELPED)
        ],
    }


def _risk(subject_id: str, invited: int, below_pct: tuple[float, ...]) -> dict[str, Any]:
    return {"subject_id": subject_id, "invited": invited, "below_pct": list(below_pct)}
