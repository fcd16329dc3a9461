"""What a day asks for, done: waves are planned, open, invite, remind, close, are published, each at its time.

Made to be run by a timer, as often as one likes: every step is done once, and what failed is tried
again the next time. One run at a time; a wave that fails holds up no other.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from pipeline.closing import close_wave
from pipeline.ingest import Order as IngestOrder
from pipeline.ingest import ingest
from pipeline.run import publish_wave
from survey import invitation
from survey.campaign import WaveState
from survey.collection import NOMINATION_DAYS, Collection, Step, due_steps
from survey.config import Settings
from survey.errors import HealthError
from survey.invitation import Round
from survey.lock import only_one
from survey.mail_settings import read_dashboard_url
from survey.mailing import Order, Tally
from survey.message import address_of
from survey.opening import open_wave, plan_wave
from survey.post_office import PostOffice, deliver
from survey.register import Register, open_register
from survey.register_collection import Collections
from survey.register_jobs import Jobs
from survey.register_mail import MailLog, MailState
from survey.repeating import add_draft, due_drafts

MOST_ATTEMPTS = 5
"""So often a mail to one person is tried by itself; then somebody has to look."""

_UNEXPECTED_EXIT_CODE = 70
_CHAIN = frozenset({Step.OPEN, Step.CLOSE, Step.INGEST, Step.PUBLISH})
"""Steps that need the one before; where one fails, the others of its wave wait."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one step of one wave. `error` says why it failed, `told` what it came to."""

    wave_id: str
    step: Step
    told: str = ""
    error: HealthError | None = None

    @property
    def exit_code(self) -> int:
        """The code by which a program that stops here would say so; 0 if all is well."""
        if self.error is None:
            return 0
        return self.error.exit_code if self.error.code != "unexpected" else _UNEXPECTED_EXIT_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One wave on one day."""

    office: PostOffice
    register: Register
    collection: Collection
    today: date
    progress: Progress

    @property
    def wave_id(self) -> str:
        return self.collection.wave_id

    @property
    def settings(self) -> Settings:
        return self.office.settings

    def round(self) -> Round:
        return invitation.open_round(self.settings, self.register, self.collection, self.today)


def run_due(office: PostOffice, *, today: date, progress: Progress) -> tuple[Done, ...]:
    """Does what is due on a day for every wave of our form, and returns what there was to do.

    Raises:
        StoreError: another run is at work, or the register cannot be opened.
    """
    settings = office.settings
    with only_one(settings.lock_path("run-due")), open_register(settings.register_address) as register:

        def turn(collection: Collection) -> _Turn:
            return _Turn(
                office=office, register=register, collection=collection, today=today, progress=progress
            )

        planned = [_try(turn(draft), Step.PLAN) for draft in due_drafts(register, today)]
        turns = [turn(one) for one, _ in Collections(register.store).list()]
        done = (*planned, *(one for each in turns for one in _run(each)))
    return tuple(one for one in done if one.told or one.error)


def _run(turn: _Turn) -> Iterator[Done]:
    """The state is asked for again after each step, since a step may have moved the wave on."""
    tried: set[Step] = set()
    is_stuck = False
    while (step := _next_step(turn, tried, is_stuck=is_stuck)) is not None:
        tried.add(step)
        done = _try(turn, step)
        is_stuck = is_stuck or (done.error is not None and step in _CHAIN)
        yield done


def _next_step(turn: _Turn, tried: set[Step], *, is_stuck: bool) -> Step | None:
    state = Collections(turn.register.store).state(turn.wave_id)
    for step in due_steps(turn.collection, state, turn.today):
        if step not in tried and not (is_stuck and step in _CHAIN):
            return step
    return None


def _try(turn: _Turn, step: Step) -> Done:
    """A bug in one wave must not keep the others from closing in time; its text may quote an answer."""
    turn.progress(f"{turn.wave_id}: {step}")
    try:
        return Done(wave_id=turn.wave_id, step=step, told=_STEPS[step](turn))
    except HealthError as error:
        return Done(wave_id=turn.wave_id, step=step, error=error)
    except Exception as error:
        return Done(wave_id=turn.wave_id, step=step, error=_unexpected(error))


def _unexpected(error: Exception) -> HealthError:
    return HealthError(
        "unexpected",
        f"{type(error).__name__}; this is a bug, nothing you did wrong",
        hint="run the step by itself with PMHEALTH_DEBUG=1 to see the details",
    )


def _plan(turn: _Turn) -> str:
    """The next wave of a repeated campaign; the words are those of its last one."""
    draft, office = turn.collection, turn.office
    if not add_draft(turn.register, draft, done_at=office.now(), done_by=office.done_by):
        return ""
    asked_on = max(turn.today, draft.opens_on - timedelta(days=NOMINATION_DAYS))
    return f"planned; PMs are asked whom to ask from {asked_on}, it opens on {draft.opens_on}"


def _open(turn: _Turn) -> str:
    planned = plan_wave(turn.settings, turn.register, turn.collection, turn.today)
    office = turn.office
    open_wave(
        turn.settings,
        turn.register,
        planned,
        is_small_accepted=False,
        done_at=office.now(),
        done_by=office.done_by,
    )
    return f"opened until {turn.collection.closes_on}"


def _close(turn: _Turn) -> str:
    """Says nothing where the wave had been closed before."""
    was_open = Collections(turn.register.store).state(turn.wave_id) is WaveState.OPEN
    close_wave(turn.settings, turn.wave_id, now=turn.office.now(), progress=turn.progress)
    return "closed" if was_open else ""


def _ingest(turn: _Turn) -> str:
    order = IngestOrder(path=None, wave=turn.wave_id)
    now = turn.office.now().astimezone(UTC).replace(tzinfo=None)
    report = ingest(turn.settings, order, now=now, progress=turn.progress)
    return "" if report.tally is None else "answers taken in"


def _publish(turn: _Turn) -> str:
    manifest = publish_wave(turn.settings, turn.wave_id, progress=turn.progress, today=turn.today)
    if manifest.is_attacked_by_itself:
        jobs, office = Jobs(turn.register.store), turn.office
        jobs.ask_for_proof(turn.wave_id, manifest.release_no, asked_by=office.done_by, now=office.now())
    return f"published in release {manifest.release_no}"


def _nominate(turn: _Turn) -> str:
    """HR who brings a file has settled who is asked; then nobody is mailed for it."""
    wave = turn.round()
    if invitation.is_nominated_elsewhere(wave):
        return ""
    return _mail(
        turn,
        wave,
        lambda: (*invitation.nominations(wave), *invitation.approvals(wave, turn.office.now())),
    )


def _invite(turn: _Turn) -> str:
    wave = turn.round()
    return _mail(turn, wave, lambda: invitation.invitations(wave))


def _remind(turn: _Turn) -> str:
    wave = turn.round()
    return _mail(turn, wave, lambda: invitation.reminders(wave, turn.office.now(), is_scheduled=True).orders)


def _thank(turn: _Turn) -> str:
    wave = turn.round()
    return _mail(turn, wave, lambda: invitation.thanks(wave, random.SystemRandom()))


def _tell(turn: _Turn) -> str:
    """Only where somebody is to be told, the dashboard's address has to be known."""
    wave = turn.round()
    if not _worth_trying(wave, invitation.results(wave, "")):
        return ""
    url = read_dashboard_url(turn.office.environment)
    return _mail(turn, wave, lambda: invitation.results(wave, url))


def _mail(turn: _Turn, wave: Round, choose: Callable[[], Sequence[Order]]) -> str:
    tally = deliver(turn.office, wave, lambda: _worth_trying(wave, choose()), turn.progress)
    return _told(tally)


def _worth_trying(wave: Round, orders: Sequence[Order]) -> tuple[Order, ...]:
    """A timer must not write to a dead address for ever, nor list every day who has none."""
    records = MailLog(wave.register.store).records(wave.wave_id)
    given_up = {
        (one.person_id, one.kind)
        for one in records
        if one.state is MailState.FAILED and one.attempts >= MOST_ATTEMPTS
    }
    return tuple(
        order
        for order in orders
        if (order.person.person_id, order.kind) not in given_up and address_of(order.person) is not None
    )


def _told(tally: Tally) -> str:
    if not tally.sent and not tally.failures:
        return ""
    failed = f", {len(tally.failures)} failed" if tally.failures else ""
    return f"{tally.sent} {'mail' if tally.sent == 1 else 'mails'} sent{failed}"


_STEPS: Mapping[Step, Callable[[_Turn], str]] = {
    Step.PLAN: _plan,
    Step.NOMINATE: _nominate,
    Step.OPEN: _open,
    Step.INVITE: _invite,
    Step.REMIND: _remind,
    Step.CLOSE: _close,
    Step.INGEST: _ingest,
    Step.PUBLISH: _publish,
    Step.THANK: _thank,
    Step.TELL: _tell,
}
