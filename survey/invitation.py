"""Who gets which mail of a wave now: invited, reminded, asked to nominate or approve, thanked, told.

A wave in, orders out. Who was sent a mail is not sent it again, so that everything here can be
run twice; who is done is never reminded, and nobody is reminded twice within three days, whatever
the wave.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import quote

from survey import letters
from survey.assignment import NominationState, Source, subjects_of
from survey.campaign import WaveState
from survey.collection import Collection, reminder_days
from survey.config import Settings
from survey.definition import find_instrument
from survey.errors import WaveError
from survey.instrument import Instrument, SubjectKind
from survey.letters import About, Occasion
from survey.mailing import MailKind, Order, reader_of
from survey.message import Block, Letter
from survey.participation import LinkPurpose
from survey.register import Register
from survey.register_collection import Collections
from survey.register_mail import MailLog, MailState
from survey.roster import Person, Roster

REMINDED_AT_MOST_EVERY = timedelta(days=3)
"""So long after an invitation or reminder, of whatever wave, nobody is reminded."""

_ASKING = (MailKind.INVITE, MailKind.REMIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One wave of our form with all that its mails need."""

    register: Register
    collection: Collection
    state: WaveState
    instrument: Instrument
    members: Roster
    occasion: Occasion

    @property
    def wave_id(self) -> str:
        return self.collection.wave_id

    @property
    def people(self) -> Mapping[str, Person]:
        return {person.person_id: person for person in self.members.people}

    def is_sent(self, kind: MailKind) -> frozenset[str]:
        """Returns who was sent a mail of that kind in this wave."""
        records = MailLog(self.register.store).records(self.wave_id)
        return frozenset(one.person_id for one in records if one.kind == kind and one.state is MailState.SENT)


def open_round(settings: Settings, register: Register, collection: Collection, day: date) -> Round:
    """Returns a wave as its mails see it: frozen once it was opened, else as it would be on that day.

    Raises:
        DefinitionError: a draft's instrument cannot be used.
    """
    state = Collections(register.store).state(collection.wave_id)
    if state is WaveState.DRAFT:
        instrument = find_instrument(settings, collection.instrument_id)
        members = register.roster().as_of(max(collection.opens_on, day))
    else:
        instrument = register.wave_instrument(collection.wave_id)
        members = register.wave_roster(collection.wave_id)
    return Round(
        register=register,
        collection=collection,
        state=state,
        instrument=instrument,
        members=members,
        occasion=_occasion(collection, instrument),
    )


def check_state(wave: Round, *states: WaveState) -> None:
    """Refuses mails that have no sense where the wave stands.

    Raises:
        WaveError: it stands elsewhere.
    """
    if wave.state not in states:
        raise WaveError(
            "mail-wave-state",
            f"its state is {wave.state}; this mail is for a wave that is {' or '.join(states)}",
            where=wave.wave_id,
            hint=_way_on(wave),
        )


def _way_on(wave: Round) -> str:
    """Returns the step that a wave has to take before anything else can be mailed."""
    steps = {
        WaveState.DRAFT: f"open it first: pmhealth wave open {wave.wave_id} --dry-run",
        WaveState.OPEN: f"when its time is over: pmhealth wave close {wave.wave_id}",
        WaveState.CLOSED: f"publish it first: pmhealth ingest --wave {wave.wave_id}",
    }
    return steps.get(wave.state, f"look at it: pmhealth wave show {wave.wave_id}")


def invitations(wave: Round) -> tuple[Order, ...]:
    """Returns the invitations of all who have something to answer and were not sent one."""
    invited = wave.is_sent(MailKind.INVITE)
    return tuple(
        _order(wave, person, MailKind.INVITE, LinkPurpose.ANSWER, letters.invitation, about)
        for person, about in _asked(wave)
        if person.person_id not in invited
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Who is reminded now, and how many are left in peace for some more days."""

    orders: tuple[Order, ...]
    resting: int


def reminders(wave: Round, now: datetime, *, is_scheduled: bool = False) -> Reminders:
    """Returns the reminders of all who were invited, have something left, and may be reminded now.

    Args:
        wave: an open wave.
        now: the moment from which three days are counted back.
        is_scheduled: leave out whoever was reminded since the last day of the wave's schedule.
    """
    invited, last_asked = wave.is_sent(MailKind.INVITE), _last_asked(wave)
    since = _last_reminder_day(wave.collection, now.date()) if is_scheduled else date.max
    reminded = _reminded_on(wave)
    due = [
        (person, about)
        for person, about in _asked(wave)
        if person.person_id in invited and reminded.get(person.person_id, date.min) < since
    ]
    ready = [one for one in due if _is_rested(last_asked.get(one[0].person_id), now)]
    orders = tuple(
        _order(wave, person, MailKind.REMIND, LinkPurpose.ANSWER, letters.reminder, about)
        for person, about in ready
    )
    return Reminders(orders=orders, resting=len(due) - len(ready))


def nominations(wave: Round) -> tuple[Order, ...]:
    """Returns the mails that ask PMs whom to ask; each PM is sent one."""
    sent = wave.is_sent(MailKind.NOMINATE)
    return tuple(
        Order(
            person=person,
            kind=MailKind.NOMINATE,
            purpose=LinkPurpose.NOMINATE,
            letter=partial(letters.nomination, wave.occasion, reader_of(person)),
        )
        for person in _nominating(wave)
        if person.person_id not in sent
    )


def approvals(wave: Round, now: datetime) -> tuple[Order, ...]:
    """Returns the mails to leads for whom a list waits; a lead gets one in three days at most."""
    last = _last_of(wave, MailKind.APPROVE)
    waiting = _waiting_lists(wave)
    return tuple(
        _order(wave, lead, MailKind.APPROVE, LinkPurpose.APPROVE, letters.approval, about)
        for lead, about in waiting
        if _is_rested(last.get(lead.person_id), now)
    )


def is_nominated_elsewhere(wave: Round) -> bool:
    """True if HR has said who is asked, by a file or an earlier wave: then nobody need be asked for it."""
    proposed = Collections(wave.register.store).nominations(wave.wave_id)
    return any(one.source in {Source.FILE, Source.WAVE} for one in proposed)


def thanks(wave: Round, chance: random.Random) -> tuple[Order, ...]:
    """Returns the thanks to everyone who was asked, answered or not, in an order that tells nothing."""
    return _to_raters(wave, MailKind.THANKS, letters.thanks, chance)


def told(wave: Round, blocks: tuple[Block, ...], chance: random.Random) -> tuple[Order, ...]:
    """Returns what was heard and what will be done, to everyone who was asked."""
    return _to_raters(wave, MailKind.TELL, partial(_told, blocks), chance)


def results(wave: Round, dashboard_url: str) -> tuple[Order, ...]:
    """Returns the mails to the people a published wave is about; a wave about units has none."""
    if wave.instrument.subject_kind is SubjectKind.UNIT:
        return ()
    sent, people = wave.is_sent(MailKind.RESULTS), wave.people
    link = f"{dashboard_url}/my-results?wave={quote(wave.wave_id, safe='')}"
    subjects = {one.subject_id for one in Collections(wave.register.store).assignments(wave.wave_id)}
    return tuple(
        Order(
            person=people[person_id],
            kind=MailKind.RESULTS,
            purpose=None,
            letter=partial(_with_results, wave.occasion, people[person_id], link),
        )
        for person_id in sorted(subjects - sent)
        if person_id in people
    )


def asked_people(wave: Round) -> tuple[Person, ...]:
    """Returns everybody who still has something to answer."""
    return tuple(person for person, _ in _asked(wave))


def _occasion(collection: Collection, instrument: Instrument) -> Occasion:
    return Occasion(
        title=instrument.title,
        period=collection.period.name,
        languages=letters.offered_languages(instrument),
        minutes=letters.estimated_minutes(instrument),
        opens_on=collection.opens_on,
        closes_on=collection.closes_on,
        asked_by=collection.asked_by,
    )


def _asked(wave: Round) -> list[tuple[Person, tuple[About, ...]]]:
    """Everybody with something open, and about whom."""
    people = wave.people
    found = MailLog(wave.register.store).open_subjects(wave.wave_id)
    return [
        (people[rater_id], tuple(_about(wave, people, rater_id, one) for one in subject_ids))
        for rater_id, subject_ids in found.items()
        if rater_id in people
    ]


def _about(wave: Round, people: Mapping[str, Person], rater_id: str, subject_id: str) -> About:
    if wave.instrument.subject_kind is SubjectKind.UNIT:
        return About(name=subject_id, is_unit=True)
    return About(name=people[subject_id].name, is_self=subject_id == rater_id)


def _order(
    wave: Round,
    person: Person,
    kind: MailKind,
    purpose: LinkPurpose,
    write: Callable[[Occasion, letters.Reader, Sequence[About], str], Letter],
    about: Sequence[About],
) -> Order:
    return Order(
        person=person,
        kind=kind,
        purpose=purpose,
        letter=partial(write, wave.occasion, reader_of(person), about),
    )


def _last_asked(wave: Round) -> Mapping[str, datetime]:
    return MailLog(wave.register.store).last_sent([kind.value for kind in _ASKING])


def _is_rested(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= REMINDED_AT_MOST_EVERY


def _last_of(wave: Round, kind: MailKind) -> Mapping[str, datetime]:
    """When each person was last sent a mail of that kind in this wave, or may have been."""
    records = MailLog(wave.register.store).records(wave.wave_id)
    return {
        one.person_id: one.changed_at
        for one in sorted(records, key=lambda one: one.changed_at)
        if one.kind == kind and one.state is not MailState.FAILED
    }


def _reminded_on(wave: Round) -> Mapping[str, date]:
    return {person_id: last.date() for person_id, last in _last_of(wave, MailKind.REMIND).items()}


def _last_reminder_day(collection: Collection, today: date) -> date:
    """Before the first one, a day on which nobody can have been reminded before."""
    return max((day for day in reminder_days(collection) if day <= today), default=date.min)


def _nominating(wave: Round) -> tuple[Person, ...]:
    """Units name nobody: their own people answer."""
    if wave.instrument.subject_kind is SubjectKind.UNIT:
        return ()
    people = wave.people
    return tuple(people[subject_id] for subject_id in subjects_of(wave.members, wave.instrument))


def _waiting_lists(wave: Round) -> list[tuple[Person, tuple[About, ...]]]:
    people = wave.people
    proposed = Collections(wave.register.store).nominations(wave.wave_id)
    waiting = {one.subject_id for one in proposed if one.state is NominationState.PROPOSED}
    led: dict[str, list[Person]] = {}
    for subject in _present(people, sorted(waiting)):
        led.setdefault(subject.manager_id, []).append(subject)
    return [
        (lead, tuple(About(name=one.name) for one in led[lead.person_id]))
        for lead in _present(people, sorted(led))
    ]


def _present(people: Mapping[str, Person], person_ids: Iterable[str]) -> list[Person]:
    return [people[person_id] for person_id in person_ids if person_id in people]


def _to_raters(
    wave: Round,
    kind: MailKind,
    write: Callable[[Occasion, letters.Reader], Letter],
    chance: random.Random,
) -> tuple[Order, ...]:
    sent = wave.is_sent(kind)
    raters = {one.rater_id for one in Collections(wave.register.store).assignments(wave.wave_id)}
    people = _present(wave.people, sorted(raters - sent))
    chance.shuffle(people)
    return tuple(
        Order(person=person, kind=kind, purpose=None, letter=partial(_plain, write, wave.occasion, person))
        for person in people
    )


def _plain(
    write: Callable[[Occasion, letters.Reader], Letter], occasion: Occasion, person: Person, _: str
) -> Letter:
    """A letter without a personal link leaves it out."""
    return write(occasion, reader_of(person))


def _told(blocks: tuple[Block, ...], occasion: Occasion, reader: letters.Reader) -> Letter:
    return letters.told(occasion, reader, blocks)


def _with_results(occasion: Occasion, person: Person, link: str, _: str) -> Letter:
    return letters.results(occasion, reader_of(person), link)
