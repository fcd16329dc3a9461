"""A deployment with people who can sign in: roster, policy, release; and what stands before it."""

import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard.auth.gate import House
from dashboard.auth.house import gate_of, make_house, routes_of
from dashboard.auth.settings import ProviderSettings, SignInSettings
from dashboard.directory import Directory
from survey.config import Settings
from survey.mail_settings import MailSettings
from survey.register import Register, open_register
from survey.roster import make_roster
from tests.made_up_people import PEOPLE, POLICY, write_people

with warnings.catch_warnings():  # it prefers a successor of httpx that is not for every Python yet
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
URL = "https://health.example.org"


@dataclass(kw_only=True)
class Clock:
    """What time it is; a test sets it."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def wait(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(Settings(home=tmp_path / "home").register_address) as opened:
        opened.replace_roster(make_roster(PEOPLE))
        yield opened


@pytest.fixture
def directory(register: Register, clock: Clock) -> Directory:
    return Directory(register, POLICY, clock.now)


async def _inside(request: Request) -> JSONResponse:
    """Stands for Streamlit: says what it was handed."""
    own = [
        value for name, value in request.headers.items() if name.replace("_", "-").startswith("x-pmhealth")
    ]
    return JSONResponse({"path": request.url.path, "sessions": own})


def make_app(house: House) -> Starlette:
    """The gate and the sign-in routes before something that answers everything."""
    everything = Route("/{rest:path}", _inside, methods=["GET", "POST", "PUT"])
    return Starlette(routes=[*routes_of(house), everything], middleware=[gate_of(house)])


@dataclass(kw_only=True)
class Stand:
    """One deployment under test, with a browser before it."""

    house: House
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = make_app(self.house)

    def browser(self, **headers: str) -> TestClient:
        client = TestClient(self.app, base_url=self.house.settings.url, follow_redirects=False)
        client.headers.update({"accept": "text/html", **headers})
        return client

    def post(self, browser: TestClient, path: str, **more: object) -> httpx.Response:
        return browser.post(path, headers={"origin": self.house.settings.origin}, **more)

    def signed_in(self, person_id: str) -> TestClient:
        from survey.register_sessions import SignInMethod  # noqa: PLC0415

        begun = self.house.directory.sessions.begin(person_id, SignInMethod.LINK, self.house.now())
        browser = self.browser()
        browser.cookies.set(self.house.cookies.session_name, begun.token, domain="health.example.org")
        return browser


def make_stand(
    directory: Directory,
    *,
    provider: ProviderSettings | None = None,
    mail: MailSettings | None = None,
    url: str = URL,
) -> Stand:
    return Stand(house=make_house(SignInSettings(url=url, provider=provider, mail=mail), directory))


@pytest.fixture
def new_stand(directory: Directory) -> Callable[..., Stand]:
    """Makes a deployment under test, with the ways in that a test gives."""
    return partial(make_stand, directory)


@pytest.fixture
def stand(new_stand: Callable[..., Stand]) -> Stand:
    return new_stand()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Finds a port that is free at the moment."""
    return find_port


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            httpx.get(url, timeout=5, follow_redirects=False)
        except httpx.HTTPError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def mock_issuer() -> Iterator[str]:
    """A running oidc-provider-mock, in a process of its own."""
    port = find_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        issuer = f"http://localhost:{port}"
        wait_for(f"{issuer}/.well-known/openid-configuration", process)
        yield issuer
        process.terminate()


@pytest.fixture(scope="session")
def write_home() -> Callable[[Path, Path], Settings]:
    """Writes a real deployment on disk."""
    return write_deployment


def write_deployment(home: Path, made_up: Path) -> Settings:
    """A real deployment on disk: the made-up release, people and their roles, no demo's mark."""
    shutil.copytree(made_up / "releases", home / "releases")
    settings = Settings(home=home)
    write_people(settings, is_made_up=False)
    return settings
