"""An open wave about six PMs, whose raters are each asked about two; what its stores hold, task by task."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from survey.answers import StoredResponse, make_answers, open_answers
from survey.assignment import Assignment
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.instrument import Instrument
from survey.participation import LinkPurpose, ParticipationState
from survey.policy import default_policy_text
from survey.register import open_register
from survey.register_collection import Collections, Opening
from survey.register_participation import Participation
from survey.relationship import Relationship
from survey.response import parse_response
from survey.roster import Person, make_roster
from survey.secret import WaveKeys, make_keys, new_secret, response_key, secret_hash

WAVE = "pms/2026Q4"
PMS = tuple(f"pm-{number}" for number in range(6))
GROUP = "engineering"
_STATES = "select rater_id, subject_id, state from assignment join participation using (assignment_no)"


@dataclass(frozen=True, kw_only=True)
class Rater:
    """Who answers about two PMs; `links` are the secrets that were mailed, an invitation first."""

    person_id: str
    subjects: tuple[str, str]
    links: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What register and answers hold about one task: the comment is what tells one sending from the next."""

    state: ParticipationState
    comments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CrowdWorld:
    settings: Settings
    instrument: Instrument
    keys: WaveKeys = field(repr=False)
    raters: tuple[Rater, ...]

    def kept(self) -> dict[tuple[str, str], Kept]:
        """Returns what is there of each task, by rater and subject; fails where something is nobody's."""
        with (
            open_register(self.settings.register_address) as register,
            register.store.reading() as connection,
        ):
            rows = connection.exec_driver_sql(_STATES).all()
        states = {(row[0], row[1]): ParticipationState(row[2]) for row in rows}
        with open_answers(self.settings, WAVE) as answers:
            stored = {bytes(one.response_key): one for one in answers.responses()}
        kept = {
            task: Kept(state=state, comments=tuple(self._comments(stored, task)))
            for task, state in states.items()
        }
        assert not stored, "a response is under the key of no link"
        return kept

    def _comments(self, stored: dict[bytes, StoredResponse], task: tuple[str, str]) -> Iterator[str]:
        rater = next(one for one in self.raters if one.person_id == task[0])
        for secret in rater.links:
            found = stored.pop(response_key(self.keys, secret, task[1]), None)
            if found is not None:
                assert (found.subject_id, found.reporting_group) == (task[1], GROUP)
                yield parse_response(found.content).comments[self.instrument.prompts[0].prompt_id].text

    def fields(self, comment: str) -> dict[str, str]:
        """Returns the fields of a form on which everything is answered."""
        rated = {
            f"q{place}": "1" if item.is_event else str(1 + (place + len(comment)) % 4)
            for place, item in enumerate(self.instrument.items)
        }
        return {**rated, "p0": comment}


def open_crowd_world(settings: Settings, rater_count: int, *, link_count: int = 1) -> CrowdWorld:
    today = date.today()
    instrument = find_instrument(settings, "great-pm")
    raters = tuple(
        Rater(
            person_id=f"rater-{number}",
            subjects=(PMS[number % 6], PMS[(number + 1 + number // 6 % 5) % 6]),
            links=tuple(new_secret() for _ in range(link_count)),
        )
        for number in range(rater_count)
    )
    keys = make_keys(settings.wave_keys_path(WAVE))
    make_answers(settings, WAVE)
    with open_register(settings.register_address) as register:
        opening = _opening(instrument, raters, today)
        Collections(register.store).add(opening.collection)
        Collections(register.store).open(opening)
        participation = Participation(register.store)
        for rater in raters:
            for secret in rater.links:
                participation.add_link(WAVE, rater.person_id, LinkPurpose.ANSWER, secret_hash(keys, secret))
    return CrowdWorld(settings=settings, instrument=instrument, keys=keys, raters=raters)


def _opening(instrument: Instrument, raters: tuple[Rater, ...], today: date) -> Opening:
    period = parse_period("2026Q4")
    collection = Collection(
        wave_id=WAVE,
        campaign="pms",
        period=period,
        instrument_id=instrument.instrument_id,
        opens_on=today,
        closes_on=today + timedelta(days=20),
        asked_by="Grace Hopper, People Team",
        reply_to="people@example.org",
        unit_days=3,
        created_on=today,
        policy_text=default_policy_text(),
    )
    wave = Wave(
        wave_id=WAVE,
        campaign="pms",
        period=period,
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=False,
        roster_date=today,
        policy=collection.policy_text,
    )
    people = [_person("lead", "lead", today), *(_person(one, "pm", today) for one in PMS)]
    people += [_person(rater.person_id, "engineer", today) for rater in raters]
    return Opening(
        collection=collection,
        wave=wave,
        instrument=instrument,
        members=make_roster(people),
        assignments=tuple(_assignments(raters)),
    )


def _assignments(raters: tuple[Rater, ...]) -> Iterator[Assignment]:
    for rater in raters:
        for place, subject_id in enumerate(rater.subjects, start=1):
            yield Assignment(
                rater_id=rater.person_id,
                subject_id=subject_id,
                relationship=Relationship.ENGINEERING,
                reporting_group=GROUP,
                place=place,
            )


def _person(person_id: str, role: str, today: date) -> Person:
    return Person(
        person_id=person_id,
        name=f"Name {person_id}",
        email=f"{person_id}@example.org",
        manager_id="lead" if role == "pm" else "",
        org_unit="Product",
        role=role,
        level="",
        pm_type="",
        stage="",
        active_from=today - timedelta(days=365),
        active_to=None,
    )
