"""A deployment of seven people, two of them with one name, and a small instrument."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.ingest import IngestReport, Order, ingest
from pipeline.validation_report import ValidationReport
from survey.config import Settings
from survey.register import open_register
from survey.roster import Person, Roster

INSTRUMENT = Path(__file__).parents[2] / "exports" / "small.instrument.yaml"
NOW = datetime(2026, 4, 1, 12, 0)
WAVE = "small-pm/2026Q1"


def person(person_id: str, name: str, **changes: object) -> Person:
    facts: dict[str, object] = {
        "person_id": person_id,
        "name": name,
        "email": f"{person_id}@example.com",
        "manager_id": "",
        "org_unit": "Product/Growth",
        "role": "pm",
        "level": "senior",
        "pm_type": "growth",
        "stage": "growth",
        "active_from": date(2025, 1, 1),
        "active_to": None,
    }
    return Person(**(facts | changes))


PEOPLE = Roster(
    people=(
        person("p1", "Ada Nowak"),
        person("p2", "Bo Lind"),
        person("p3", "Cleo Marsh"),
        person("p4", "Sam Reyes"),
        person("p5", "Sam Reyes"),
        person("e1", "Dev Ito", role="engineer", pm_type="", stage=""),
        person("p9", "Gone Away", active_to=date(2025, 6, 30)),
    )
)


@pytest.fixture
def deployment(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    settings.instruments_path.mkdir(parents=True)
    (settings.instruments_path / "small.yaml").write_bytes(INSTRUMENT.read_bytes())
    with open_register(settings.register_path) as register:
        register.replace_roster(PEOPLE)
    return settings


def no_validator(*_: object) -> ValidationReport:
    """For tests of loading alone; what Great Expectations says has tests of its own."""
    return ValidationReport(checks=())


Take = Callable[..., IngestReport]


@pytest.fixture
def take(deployment: Settings, tmp_path: Path) -> Take:
    """Takes in a file with this text; everything else of the order may be said by name."""

    def _take(
        text: str, *, name: str = "export.csv", validator: object = no_validator, **order: object
    ) -> IngestReport:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        full = Order(path=path, wave=WAVE, **order)
        return ingest(deployment, full, now=NOW, progress=lambda _: None, validator=validator)

    return _take
