"""A small team in a deployment of its own, whose waves are planned on the command line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from survey.register import open_register
from survey.register_collection import Collections
from survey.roster import Person, make_roster

TODAY = date.today()
PMS = ("ada", "bob", "cy")
ENGINEERS = tuple(f"e{number}" for number in range(24))
PERIOD = f"{TODAY.year}Q{(TODAY.month + 2) // 3}"
WAVE = f"great-pm/{PERIOD}"
EARLIER = f"great-pm/{TODAY.year - 1}Q4"
ASKED_BY = ("--asked-by", "Ann Lee, People team")


def person(person_id: str, role: str = "engineering", **changes: object) -> Person:
    blank = Person(
        person_id=person_id, name=f"Sekrit {person_id}", email=f"{person_id}@example.org", manager_id="lead",
        org_unit="Product/Growth", role=role, level="", pm_type="", stage="", active_from=date(2020, 1, 1),
        active_to=None,
    )  # fmt: skip
    return replace(blank, **changes)


ROSTER = make_roster(
    [
        person("lead", "lead", manager_id="", org_unit="Product"),
        *(person(one, "pm") for one in PMS),
        *(person(one) for one in ENGINEERS),
    ]
)


def pairs_file(folder: Path, size: int = 8) -> str:
    """Who works with whom, so many per PM; the three PMs share no rater."""
    lines = ["subject_id,rater_id,relationship"]
    for place, pm in enumerate(PMS):
        lines += [f"{pm},{rater},engineering" for rater in ENGINEERS[8 * place :][:size]]
    path = folder / "pairs.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def stored(home: Path):
    with open_register(home / "register.sqlite") as register:
        return Collections(register.store).get(WAVE), register.audit()
