"""Small samples of everything the program takes in: one roster, one wave as each tool exports it."""

from datetime import date
from pathlib import Path

from survey.instrument import Instrument
from survey.roster import Roster
from survey.roster_file import render_roster
from survey.synthesis.export_file import (
    CANONICAL_LONG,
    CANONICAL_WIDE,
    GOOGLE_FORMS,
    QUALTRICS,
    SURVEYMONKEY,
    Recipe,
    export_wave,
    write_export,
)
from survey.synthesis.invitations import ROLE_RELATIONSHIPS
from survey.synthesis.mappings import write_mapping
from survey.synthesis.organisation import Company, Team
from survey.synthesis.world import Cycle, make_campaign, make_organisation, make_rng

SEED = 7
PERIOD = "2026Q1"
COMPANY = Company(
    founded_on=date(2025, 1, 1),
    teams=(Team(unit="Product/Growth/Activation", pm_type="growth", stage="early", pm_count=4),),
)
_STAFF_OF_A_PM = 7
RECIPES = (
    Recipe(tool=GOOGLE_FORMS, file_name="google-forms.csv"),
    Recipe(tool=GOOGLE_FORMS, file_name="google-forms.xlsx"),
    Recipe(tool=SURVEYMONKEY, file_name="surveymonkey.csv"),
    Recipe(tool=QUALTRICS, file_name="qualtrics.csv"),
    Recipe(tool=CANONICAL_WIDE, file_name="canonical-wide.csv"),
    Recipe(tool=CANONICAL_LONG, file_name="canonical-long.csv"),
)


def write_samples(instrument: Instrument, folder: Path) -> tuple[Path, ...]:
    """Writes the samples into a folder and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    roster = make_organisation(COMPANY, SEED)
    roster_path = folder / "roster.csv"
    roster_path.write_text(render_roster(roster), encoding="utf-8", newline="\n")
    pairs_path = folder / "pairs.csv"
    pairs_path.write_text(_render_pairs(roster), encoding="utf-8", newline="\n")
    people = {person.person_id: person for person in roster.people}
    responses = make_campaign(roster, instrument, (Cycle(period=PERIOD),), SEED).responses[PERIOD]
    exports = (
        export_wave(recipe, instrument, PERIOD, responses, people, make_rng(SEED, recipe.tool.name))
        for recipe in RECIPES
    )
    mapping_path = folder / "qualtrics.mapping.yaml"
    mapping_path.write_text(write_mapping("qualtrics", instrument), encoding="utf-8", newline="\n")
    return (roster_path, pairs_path, *(write_export(export, folder) for export in exports), mapping_path)


def _render_pairs(roster: Roster) -> str:
    """Who works with whom: for each PM seven of the staff in turn, so that nobody has too many, and a peer."""
    pms = [person for person in roster.people if person.is_pm]
    staff = [person for person in roster.people if not person.is_pm and person.role in ROLE_RELATIONSHIPS]
    lines = ["subject_id,rater_id,relationship"]
    for place, pm in enumerate(pms):
        turn = (staff[(_STAFF_OF_A_PM * place + step) % len(staff)] for step in range(_STAFF_OF_A_PM))
        raters = sorted([*turn, pms[place - 1]], key=lambda person: person.person_id)
        lines += [f"{pm.person_id},{one.person_id},{ROLE_RELATIONSHIPS[one.role]}" for one in raters]
    return "\n".join([*lines, ""])
