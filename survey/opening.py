"""Opening a wave: who would be asked today, and the one moment in which all of it is frozen.

The wave's keys and its empty store of answers are made first, the register is written last and in
one transaction. A crash before that leaves a draft, and opening again finds what was made.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from survey.answers import make_answers
from survey.assignment import AssignmentPlan, Limits, Nomination, assign
from survey.campaign import Wave, WaveState
from survey.collection import Collection, check_days, quarter_of
from survey.config import Settings
from survey.definition import find_instrument
from survey.errors import WaveError
from survey.instrument import Instrument, SubjectKind
from survey.policy import Policy, parse_policy
from survey.register import AuditEntry, Register
from survey.register_collection import Collections, Opening
from survey.roster import Roster
from survey.roster_file import render_roster
from survey.secret import make_keys
from survey.tenure import find_newcomers


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWave:
    """A draft as it would open on a day: whom it asks about whom, and under which promises."""

    collection: Collection
    instrument: Instrument
    members: Roster
    policy: Policy
    plan: AssignmentPlan
    opens_on: date


def plan_wave(
    settings: Settings,
    register: Register,
    collection: Collection,
    day: date,
    nominations: Iterable[Nomination] | None = None,
) -> PlannedWave:
    """Returns what a draft would be if it opened on that day.

    Args:
        settings: of the deployment, which may have instruments of its own.
        register: holds the roster, the nominations and the other waves.
        collection: the draft.
        day: the day whose roster counts.
        nominations: takes the place of those in the register, to see what they would do.

    Raises:
        DefinitionError: its instrument cannot be used.
        ConfigError: its policy cannot be used.
    """
    everybody = register.roster()
    members = everybody.as_of(day)
    instrument = find_instrument(settings, collection.instrument_id)
    policy = parse_policy(collection.policy_text, where=collection.wave_id)
    collections = Collections(register.store)
    limits = Limits(
        busy=find_busy(register, collection),
        newcomers=find_newcomers(everybody, day, collection.closes_on),
    )
    plan = assign(
        members,
        collections.nominations(collection.wave_id) if nominations is None else nominations,
        instrument=instrument,
        min_raters=policy.min_raters,
        limits=limits,
    )
    return PlannedWave(
        collection=collection, instrument=instrument, members=members, policy=policy, plan=plan, opens_on=day
    )


def find_busy(register: Register, collection: Collection) -> dict[str, int]:
    """Returns about how many PMs each rater is asked in the other waves of the collection's quarter."""
    collections = Collections(register.store)
    quarter = quarter_of(collection.opens_on)
    others = [
        other.wave_id
        for other, state in collections.list()
        if state is not WaveState.DRAFT
        and other.wave_id != collection.wave_id
        and quarter_of(other.opens_on) == quarter
        and register.wave_instrument(other.wave_id).subject_kind is SubjectKind.PM
    ]
    return dict(collections.busy(others))


def check_opening(planned: PlannedWave, *, is_small_accepted: bool) -> None:
    """Refuses to open a wave that asks nobody, or whose days or numbers are not right.

    Raises:
        WaveError: the rest of its days is too short or too long, nobody would be asked, or subjects
            have fewer others than is likely to be enough and nobody accepted that.
    """
    check_days(replace(planned.collection, opens_on=planned.opens_on), planned.opens_on)
    wave_id = planned.collection.wave_id
    if not planned.plan.assignments:
        raise WaveError(
            "wave-nobody",
            "nobody would be asked",
            where=wave_id,
            hint="import the roster, and say who works with whom: pmhealth wave assign --help",
        )
    if planned.plan.small and not is_small_accepted:
        raise WaveError(
            "wave-small",
            f"{len(planned.plan.small)} of those it is about have too few others to answer",
            where=wave_id,
            hint="ask more people about them, or open it as it is: "
            f"pmhealth wave open {wave_id} --accept-small",
        )


def open_wave(
    settings: Settings,
    register: Register,
    planned: PlannedWave,
    *,
    is_small_accepted: bool,
    done_at: datetime,
    done_by: str = "cli",
) -> Wave:
    """Opens a wave for answers, and returns it.

    Raises:
        WaveError: see `check_opening`; or the wave was opened meanwhile.
        DefinitionError: an earlier wave used other content under the same version or item ids.
        ConfigError, StoreError: keys or the store of answers cannot be made.
    """
    check_opening(planned, is_small_accepted=is_small_accepted)
    wave_id = planned.collection.wave_id
    make_keys(settings.wave_keys_path(wave_id))
    make_answers(settings, wave_id)
    opening = _opening(planned)
    Collections(register.store).open(opening, entry=_entry(planned, opening, done_at, done_by))
    return opening.wave


def _opening(planned: PlannedWave) -> Opening:
    collection = replace(
        planned.collection,
        opens_on=planned.opens_on,
        assignments_hash=planned.plan.plan_hash,
        roster_hash=hashlib.sha256(render_roster(planned.members).encode()).hexdigest(),
    )
    wave = Wave(
        wave_id=collection.wave_id,
        campaign=collection.campaign,
        period=collection.period,
        instrument_id=planned.instrument.instrument_id,
        instrument_version=planned.instrument.version,
        instrument_hash=planned.instrument.content_hash,
        state=WaveState.OPEN,
        is_external=False,
        roster_date=planned.opens_on,
        policy=collection.policy_text,
    )
    return Opening(
        collection=collection,
        wave=wave,
        instrument=planned.instrument,
        members=planned.members,
        assignments=planned.plan.assignments,
    )


def _entry(planned: PlannedWave, opening: Opening, done_at: datetime, done_by: str) -> AuditEntry:
    plan, collection = planned.plan, opening.collection
    return AuditEntry(
        done_at=done_at.astimezone(UTC),
        done_by=done_by,
        action="wave.open",
        target=collection.wave_id,
        detail=(
            f"{len(plan.assignments)} assignments, {len(plan.dropped)} left out, {len(plan.small)} small; "
            f"instrument {opening.instrument.content_hash}, roster {collection.roster_hash}, "
            f"assignments {collection.assignments_hash}, policy {planned.policy.policy_hash}"
        ),
    )
