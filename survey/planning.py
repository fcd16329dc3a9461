"""Planning a wave: finding its draft, filling in what nobody said, refusing what could not be opened."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from survey.campaign import WaveState, parse_period
from survey.collection import USUAL_UNIT_DAYS, Collection, check_days, usual_days
from survey.config import Settings
from survey.definition import find_instrument
from survey.errors import WaveError
from survey.policy import Policy, default_policy_text, parse_policy
from survey.register import Register
from survey.register_collection import Collections

DEFAULT_INSTRUMENT = "great-pm"


def find_collection(register: Register, name: str) -> Collection:
    """Returns the wave of our form with that id, or the only one of that period.

    Raises:
        WaveError: there is none, or more than one campaign has one of that period.
    """
    collections = Collections(register.store)
    named = [one for one, _ in collections.list() if one.period.name == name]
    if len(named) > 1:
        raise WaveError(
            "collection-ambiguous",
            f"{len(named)} campaigns have a wave of that period",
            where=name,
            hint=f"write one of: {', '.join(one.wave_id for one in named)}",
        )
    return named[0] if named else collections.get(name)


def find_draft(register: Register, name: str) -> Collection:
    """Returns the draft with that id, or the only wave of that period.

    Raises:
        WaveError: there is none, or its wave was opened already.
    """
    collection = find_collection(register, name)
    state = Collections(register.store).state(collection.wave_id)
    if state is not WaveState.DRAFT:
        raise WaveError(
            "wave-not-draft",
            f"the wave is {state}; what it asks of whom is settled",
            where=collection.wave_id,
            hint=f"look at it: pmhealth wave show {collection.wave_id}",
        )
    return collection


def day_of(collection: Collection, today: date) -> date:
    """Returns the day whose roster a draft would have: the day it is to open, or today if that is past."""
    return max(collection.opens_on, today)


def wave_id_of(name: str, instrument_id: str | None) -> str:
    """Returns a wave's id; a bare period is a wave of the campaign that is named as its instrument.

    >>> wave_id_of("2026Q4", None)
    'great-pm/2026Q4'
    """
    return name if "/" in name else f"{instrument_id or DEFAULT_INSTRUMENT}/{name}"


def plan_draft(
    collections: Collections, wave_id: str, given: Mapping[str, Any], today: date
) -> tuple[Collection, bool]:
    """Returns the draft with what was given, and whether it is a new one; writes nothing.

    What is None was not given: it stays as it is, or is as in the campaign's last wave.
    """
    changes = {name: value for name, value in given.items() if value is not None}
    existing = collections.find(wave_id)
    if existing is not None:
        return replace(existing, **changes), False
    blank = _blank(collections, wave_id, today)
    if "closes_on" not in changes and "opens_on" in changes:
        changes["closes_on"] = changes["opens_on"] + (blank.closes_on - blank.opens_on)
    return replace(blank, **changes), True


def check_draft(settings: Settings, draft: Collection, today: date) -> Policy:
    """Refuses a plan that could not be opened; returns its policy.

    Raises:
        DefinitionError, ConfigError: its instrument or its policy cannot be used.
        WaveError: its days are not right, or nobody is said to ask.
    """
    find_instrument(settings, draft.instrument_id)
    check_days(draft, today)
    if not draft.asked_by.strip():
        raise WaveError(
            "wave-asked-by",
            "nobody is said to ask; raters read it first",
            where=draft.wave_id,
            hint='say who asks: --asked-by "Ann Lee, People team"',
        )
    return parse_policy(draft.policy_text, where=draft.wave_id)


def _blank(collections: Collections, wave_id: str, today: date) -> Collection:
    """A draft as nobody said anything about it: usual days, and the words of the campaign's last wave."""
    campaign, _, name = wave_id.rpartition("/")
    period = parse_period(name)
    last = [one for one, _ in collections.list() if one.campaign == campaign]
    opens_on, closes_on = usual_days(period, today)
    return Collection(
        wave_id=wave_id,
        campaign=campaign,
        period=period,
        instrument_id=last[-1].instrument_id if last else campaign,
        opens_on=opens_on,
        closes_on=closes_on,
        asked_by=last[-1].asked_by if last else "",
        reply_to=last[-1].reply_to if last else "",
        unit_days=last[-1].unit_days if last else USUAL_UNIT_DAYS,
        created_on=today,
        policy_text=last[-1].policy_text if last else default_policy_text(),
        is_repeated=bool(last) and last[-1].is_repeated,
    )
