"""A made-up organisation of any size, and the canonical long CSV of a wave.

The same number of answers gives the same bytes: every choice is a hash of the answer's place.
"""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from survey.config import Settings
from survey.definition import find_instrument
from survey.instrument import Instrument
from survey.register import open_register
from survey.roster import Person, Roster

PERIODS = ("2026Q1", "2026Q2", "2026Q3", "2026Q4")
WAVE = f"great-pm/{PERIODS[0]}"
RELATIONSHIPS = ("self", "manager", "peer", "peer", "engineering", "engineering", "design", "marketing")
PM_TYPES = ("growth", "platform", "ai_ml", "b2b", "b2c")
STAGES = ("early", "growth", "enterprise")
PMS_PER_TEAM = 10
TEAMS_PER_AREA = 10

_ANSWERS = """
with place as (
    select
        i,
        i // (len($items) * len($relationships)) as subject,
        (i // len($items)) % len($relationships) as slot,
        i % len($items) as item,
        $shift + i as draw,
        hash(draw) % 1000 as chance
    from range($answer_count) as counted (i)
)
select
    $period as wave,
    if(chance = 999, 'nobody', format('p{:06d}', subject)) as subject_id,
    $relationships[slot + 1] as relationship,
    case slot
        when 0 then format('p{:06d}', subject)
        when 1 then format('m{:06d}', subject // $pms_per_team)
        else format('r{:06d}@example.org', (subject * 6 + slot - 2) % $subject_count)
    end as rater,
    $items[item + 1] as item_id,
    case
        when chance < 30 then 'not_observed'
        when chance = 998 then '9'
        else ($lows[item + 1] + hash(draw + 1) % ($highs[item + 1] - $lows[item + 1] + 1))::varchar
    end as value
from place
"""


def write_world(folder: Path, answer_count: int, period: str = PERIODS[0]) -> None:
    """Writes `answers.csv` of one wave and the register, unless both are there already.

    3 % of the answers are 'not observed', 0.1 % lie off their scale, 0.1 % are about nobody known.
    """
    if (folder / "answers.csv").exists():
        return
    settings = Settings(home=folder / "home")
    settings.home.mkdir(parents=True, exist_ok=True)
    instrument = find_instrument(settings, "great-pm")
    subject_count = -(-answer_count // (len(instrument.items) * len(RELATIONSHIPS)))
    with open_register(settings.register_address) as register:
        register.replace_roster(_roster(subject_count))
    parameters = {
        "answer_count": answer_count,
        "subject_count": subject_count,
        "period": period,
        "shift": PERIODS.index(period) * answer_count,
    }
    _write_answers(folder / "answers.csv", instrument, parameters)


def _write_answers(path: Path, instrument: Instrument, wave: Mapping[str, object]) -> None:
    scales = [instrument.scale(item.scale_id) for item in instrument.items]
    parameters = {
        **wave,
        "pms_per_team": PMS_PER_TEAM,
        "items": [item.item_id for item in instrument.items],
        "lows": [int(scale.low) for scale in scales],
        "highs": [int(scale.high) for scale in scales],
        "relationships": list(RELATIONSHIPS),
    }
    begun = path.with_suffix(".begun")
    duckdb.sql(_ANSWERS, params=parameters).write_csv(str(begun))
    begun.rename(path)


def _roster(subject_count: int) -> Roster:
    team_count = -(-subject_count // PMS_PER_TEAM)
    managers = (_person(f"m{team:06d}", team, "", "manager") for team in range(team_count))
    pms = (
        _person(f"p{place:06d}", place // PMS_PER_TEAM, f"m{place // PMS_PER_TEAM:06d}", "pm")
        for place in range(subject_count)
    )
    return Roster(people=(*managers, *pms))


def _person(person_id: str, team: int, manager_id: str, role: str) -> Person:
    is_pm = role == "pm"
    return Person(
        person_id=person_id,
        name=f"Person {person_id}",
        email=f"{person_id}@example.org",
        manager_id=manager_id,
        org_unit=f"Product/Area {team // TEAMS_PER_AREA:04d}/Team {team:05d}",
        role=role,
        level="senior",
        pm_type=PM_TYPES[team % len(PM_TYPES)] if is_pm else "",
        stage=STAGES[team % len(STAGES)] if is_pm else "",
        active_from=date(2025, 1, 1),
        active_to=None,
    )


if __name__ == "__main__":
    write_world(Path(sys.argv[1]), int(sys.argv[2]))
