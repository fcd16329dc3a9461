"""An open wave, and the form before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.rating_world import World, built_in, open_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return open_world(tmp_path / "home", built_in("great-pm", tmp_path))


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with world.client() as client:
        yield client
