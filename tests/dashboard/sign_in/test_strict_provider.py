"""Signing in over a certified, strict provider: PKCE required, addresses from userinfo, odd prompts refused."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from dashboard.auth.settings import ProviderSettings

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "strict_provider"
CALLBACK = "https://health.example.org/sign-in/callback"
CLIENT, SECRET = "pmhealth", "a-secret-of-the-client-0123456789"
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


def leave_out(reason: str) -> NoReturn:
    """Skips the tests with a reason: no machine is promised to have node, or a registry of its packages."""
    pytest.skip(reason)


def installed() -> Path:
    """The provider's modules, installed once per lock into a folder outside the project."""
    if not (shutil.which("node") and shutil.which("npm")):
        leave_out("no node on this machine: the strict provider is not run")
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"pmhealth-strict-provider-{lock}"
    if not (folder / "done").exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        if subprocess.run(INSTALL, cwd=folder, check=False, capture_output=True).returncode:
            leave_out("npm cannot install the strict provider here")
        (folder / "done").touch()
    return folder


@pytest.fixture(scope="module")
def issuer(free_port):
    modules, port = installed(), free_port()
    command = ["node", str(HERE / "server.js"), str(port), CALLBACK, CLIENT, SECRET]
    environment = {**os.environ, "STRICT_PROVIDER_MODULES": str(modules)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout.readline().strip() == "ready"
        yield f"http://localhost:{port}"
        process.terminate()


@pytest.fixture
def stand(new_stand, issuer):
    return new_stand(
        provider=ProviderSettings(
            issuer=issuer, client_id=CLIENT, client_secret=SECRET, accepts_unverified=False
        )
    )


def walk(client: httpx.Client, url: str, person_id: str) -> str:
    """Goes through the provider's pages, login and consent, until it sends the browser back to us."""
    answer = client.get(url)
    for _ in range(20):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if target.startswith(CALLBACK):
                return target
            answer = client.get(target)
            continue
        action = re.search(r'action="([^"]+)"', answer.text)[1]
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)[1]
        fields = {"prompt": prompt, "login": person_id, "password": "any"}
        answer = client.post(urljoin(str(answer.url), action), data=fields)
    raise AssertionError(answer.text)


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def set_off(stand):
    browser = stand.browser()
    return browser, browser.get("/sign-in/provider?next=/my-results%3Ftrait%3DFocus").headers["location"]


def test_sign_in_when_the_provider_is_strict_then_works_with_the_deep_link_kept(stand):
    browser, url = set_off(stand)
    with httpx.Client() as client:
        back = walk(client, url, "p-ada")
    answer = browser.get(local(back))
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-results?trait=Focus")
    assert browser.get("/units").json()["sessions"]


def test_callback_when_replayed_or_from_another_issuer_then_is_refused(stand):
    browser, url = set_off(stand)
    with httpx.Client() as client:
        back = walk(client, url, "p-ada")
    assert parse_qs(urlsplit(back).query)["iss"]
    without = re.sub(r"&iss=[^&]+", "", local(back))
    assert "the code issuer." in browser.get(without).text
    assert browser.get(local(back)).status_code == 400


def test_provider_when_the_challenge_is_missing_then_refuses_by_itself(issuer):
    query = f"response_type=code&client_id={CLIENT}&redirect_uri={CALLBACK}&scope=openid&state=x"
    location = httpx.get(f"{issuer}/auth?{query}").headers["location"]
    assert "error=invalid_request" in location
