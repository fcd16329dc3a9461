"""A product organisation of two units whose wave of our own form is open."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.config import Settings
from tests.form_world import FormWorld, nomination, open_world, person, rate_all, seeded

CLOSED_AT = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
UNITS = {"pa": "P/A", "pb": "P/A", "pc": "P/A", "pd": "P/B", "pe": "P/B"}
"""The PMs and where they are."""

ENGINEERS = [f"e{number:02}" for number in range(40)]


@pytest.fixture(params=["sqlite"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A deployment on files; a test that wants a server too is parametrised by its kinds of stores."""
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    server = request.getfixturevalue("postgres")
    return Settings(
        home=tmp_path / "home",
        register_url=server.make_database("register"),
        answers_url=server.make_database("answers"),
    )


@pytest.fixture
def world(settings: Settings) -> FormWorld:
    """Everybody of five PMs is asked: self, manager m1, and eight engineers of whom e39 sees all."""
    people = [person("boss", "P", role="executive"), person("m1", "P", "boss", role="lead")]
    people += [person(pm, unit, "m1", role="pm") for pm, unit in UNITS.items()]
    people += [person(one, "P/E", "boss") for one in ENGINEERS]
    asked = [
        nomination(pm, ENGINEERS[8 * place + seat]) for place, pm in enumerate(UNITS) for seat in range(8)
    ]
    asked += [nomination("pa", "boss", "executive")]
    return open_world(settings, people, asked)


@pytest.fixture
def answer(world: FormWorld):
    """Lets so many engineers answer about each PM, one after the other."""

    def _answer(**counts: int) -> None:
        rng = seeded(1)
        for pm, count in counts.items():
            first = 8 * list(UNITS).index(pm)
            said = [(one, pm, rate_all(world.instrument, rng)) for one in ENGINEERS[first : first + count]]
            if said:
                world.submit(said)

    return _answer


def quiet(_: str) -> None:
    """Nobody watches the progress."""
