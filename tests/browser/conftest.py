"""A real Chromium before a real server over the made-up release of tests/dashboard/conftest.py."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def write_made_up_home(home: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "made_up_release", ROOT / "tests" / "dashboard" / "conftest.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    module.write_home(home)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serves a demo's folder, and returns the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = "from dashboard.cli import main; main()"
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            program,
            "serve",
            "--only",
            "dashboard",
            "--demo",
            "--port",
            str(port),
            "--home",
            str(home),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert "answers at" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running dashboard."""
    home = tmp_path_factory.mktemp("browser")
    write_made_up_home(home)
    with serving(home) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one these tests are skipped, except where CI promises it."""
    if not CHROMIUM:
        reason = "no Chromium on this machine; install it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()
