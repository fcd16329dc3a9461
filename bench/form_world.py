"""A home with one open wave and a personal link for each of many raters; prints the secrets.

Eight raters for each PM, as in a real wave; everybody is asked about one PM, so that a visit is one
form, one submission and one receipt.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

from bench.folder import cleared
from survey import register_schema as schema
from survey.answers import make_answers
from survey.assignment import Assignment
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.participation import LinkPurpose
from survey.policy import default_policy_text
from survey.register import open_register
from survey.register_collection import Collections, Opening
from survey.relationship import Relationship
from survey.roster import Person, make_roster
from survey.secret import make_keys, new_secret, secret_hash
from survey.store import add_rows

CAMPAIGN, PERIOD, INSTRUMENT = "pms", "2026Q4", "great-pm"
WAVE = f"{CAMPAIGN}/{PERIOD}"
RATERS_PER_PM = 8
_DAYS_OPEN = 21


def make_form_world(home: Path, rater_count: int, today: date) -> list[str]:
    """Returns the secrets of the links of a wave that is open from today."""
    settings = Settings(home=cleared(home))
    keys = make_keys(settings.wave_keys_path(WAVE))
    make_answers(settings, WAVE)
    secrets = [new_secret() for _ in range(rater_count)]
    with open_register(settings.register_address) as register:
        collections = Collections(register.store)
        opening = _opening(settings, rater_count, today)
        collections.add(opening.collection)
        collections.open(opening)
        links = (
            (number, WAVE, f"rater-{number}", LinkPurpose.ANSWER.value, secret_hash(keys, secret))
            for number, secret in enumerate(secrets, start=1)
        )
        with register.store.writing() as connection:
            add_rows(connection, schema.link, links)
    return secrets


def _opening(settings: Settings, rater_count: int, today: date) -> Opening:
    instrument = find_instrument(settings, INSTRUMENT)
    period = parse_period(PERIOD)
    collection = Collection(
        wave_id=WAVE,
        campaign=CAMPAIGN,
        period=period,
        instrument_id=INSTRUMENT,
        opens_on=today,
        closes_on=today + timedelta(days=_DAYS_OPEN - 1),
        asked_by="Grace Hopper, People Team",
        reply_to="people@example.org",
        unit_days=3,
        created_on=today,
        policy_text=default_policy_text(),
    )
    wave = Wave(
        wave_id=WAVE,
        campaign=CAMPAIGN,
        period=period,
        instrument_id=INSTRUMENT,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=False,
        roster_date=today,
        policy=collection.policy_text,
    )
    pms = [
        _person(f"pm-{number}", f"Pat Example {number}", "pm", today)
        for number in range(1, rater_count // RATERS_PER_PM + 2)
    ]
    raters = [
        _person(f"rater-{number}", f"Rater {number}", "engineer", today)
        for number in range(1, rater_count + 1)
    ]
    asked = tuple(
        Assignment(
            rater_id=rater.person_id,
            subject_id=pms[place // RATERS_PER_PM].person_id,
            relationship=Relationship.ENGINEERING,
            reporting_group="engineering",
            place=1,
        )
        for place, rater in enumerate(raters)
    )
    return Opening(
        collection=collection,
        wave=wave,
        instrument=instrument,
        members=make_roster([*pms, *raters]),
        assignments=asked,
    )


def _person(person_id: str, name: str, role: str, today: date) -> Person:
    return Person(
        person_id=person_id,
        name=name,
        email=f"{person_id}@example.org",
        manager_id="",
        org_unit="Product",
        role=role,
        level="",
        pm_type="",
        stage="",
        active_from=today - timedelta(days=365),
        active_to=None,
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(make_form_world(Path(sys.argv[1]), int(sys.argv[2]), date.today())))
