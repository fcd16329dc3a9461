"""Reviews of the made-up release, read without a page."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dashboard.access import Role, Viewer
from dashboard.catalogue import front_shelf, shelves
from dashboard.reading import Reading
from dashboard.report.review import Kept, Review, quarters, read_review
from pipeline.release import Release
from survey.register_promises import Outcome, Promise

HR = Viewer(name="HR", roles=frozenset({Role.HR}))
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
Read = Callable[..., Review]


@pytest.fixture
def read(release: Release) -> Read:
    """Reads the review of a unit in a quarter, as HR unless somebody else is named."""

    def _read(
        unit_id: str = "Product", quarter: str = "2026Q2", *, kept: Kept | None = None, viewer: Viewer = HR
    ) -> Review:
        reading = Reading(release=release, viewer=viewer)
        shelf = front_shelf(shelves(reading))
        assert shelf is not None
        unit = next(one for one in reading.units_in_scope() if one.unit_id == unit_id)
        waves = quarters(reading, shelf, unit_id)
        until = [one for one in reversed(waves.values()) if one.starts_on <= waves[quarter].starts_on]
        return read_review(reading, shelf, unit, until, kept or Kept())

    return _read


@pytest.fixture
def promised() -> Callable[..., Promise]:
    """Makes a promise to the top unit after one of the waves."""

    def _promised(wave_id: str = "great-pm/2025Q3", trait_id: str = "focus", **more: object) -> Promise:
        fields: dict[str, object] = {
            "promise_no": 1,
            "unit_id": "Product",
            "trait_id": trait_id,
            "wave_id": wave_id,
            "words": "Fewer goals a quarter.",
            "made_by": "p-exec",
            "made_at": NOON,
            "outcome": Outcome.OPEN,
            "closed_by": "",
            "closed_at": None,
        }
        return Promise(**{**fields, **more})

    return _promised
