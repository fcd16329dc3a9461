"""The server: what it sends, what it refuses, and what its process cannot open."""

import asyncio
import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
import weakref
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from dashboard import cli
from dashboard.server import (
    SecurityHeaders,
    build_app,
    inline_script_hashes,
    own_routes,
    serve,
    set_apart,
)
from survey.config import Settings
from survey.errors import ConfigError

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an ASGI app sent back."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(app: ASGIApp, path: str) -> Answer:
    """Asks an ASGI app for a path, without a socket."""
    sent: list[dict] = []
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "root_path": "",
        "raw_path": path.encode(), "query_string": b"", "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 50000),
    }  # fmt: skip

    async def receive() -> dict:
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return Answer(
        status=sent[0]["status"],
        headers={key.decode().lower(): value.decode() for key, value in sent[0]["headers"]},
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


@pytest.fixture
def app():
    return SecurityHeaders(Starlette(routes=own_routes()))


def test_dashboard_when_sign_in_is_not_set_up_then_is_refused_with_a_next_step(home):
    with pytest.raises(ConfigError) as refusal:
        build_app(Settings(home=home), is_demo=False)
    assert refusal.value.code == "sign-in-not-set-up"
    assert "pmhealth serve --demo" in refusal.value.hint


def test_demo_when_the_folder_is_none_then_nothing_is_served(home, tmp_path):
    shutil.copytree(home / "releases", tmp_path / "releases")
    with pytest.raises(ConfigError) as refusal:
        build_app(Settings(home=tmp_path), is_demo=True)
    assert refusal.value.code == "demo-missing"


def test_command_when_sign_in_is_not_set_up_then_fails_as_a_config_error(home, capsys):
    assert cli.run(["--home", str(home), "serve", "--only", "dashboard"]) == ConfigError.exit_code
    assert "error[sign-in-not-set-up]" in capsys.readouterr().err


def test_server_when_the_port_is_taken_then_says_which(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=str(port)) as refusal:
            serve(Settings(home=home), port=port, is_demo=True, announce=print)
    assert refusal.value.code == "port-taken"


def test_health_when_asked_then_answers_ok_with_every_security_header(app):
    answer = get(app, "/health")
    assert answer.body == b"ok"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self' ('sha256-[A-Za-z0-9+/=]+' ?)+;", policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("name", ["inter-latin.woff2", "inter-latin-ext.woff2", "OFL.txt"])
def test_font_when_asked_for_then_comes_from_here(app, name):
    assert get(app, f"/assets/fonts/{name}").status == 200


@pytest.mark.parametrize(
    "path", ["/assets/../app.py", "/assets/%2e%2e/server.py", "/assets/fonts/none.woff2"]
)
def test_assets_when_asked_for_anything_else_then_give_nothing(app, path):
    answer = get(app, path)
    assert b"def " not in answer.body


def test_dashboard_when_a_demo_then_tells_the_script_where_to_look(home, monkeypatch):
    monkeypatch.setenv("PMHEALTH_HOME", "")
    monkeypatch.setenv("PMHEALTH_DEMO", "")
    assert build_app(Settings(home=home), is_demo=True) is not None
    assert os.environ["PMHEALTH_HOME"] == str(home)
    assert os.environ["PMHEALTH_DEMO"] == "1"


def test_websocket_when_opened_then_passes_untouched():
    passed = []

    async def inner(scope, receive, send):
        passed.append(scope["type"])

    asyncio.run(SecurityHeaders(inner)({"type": "websocket"}, None, None))
    assert passed == ["websocket"]


def test_inline_scripts_when_hashed_then_each_has_a_source():
    assert (
        inline_script_hashes(b"<script>a()</script><script src=x></script><script>b()</script>").count(
            "sha256"
        )
        == 2
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def assert_answers_safely(url: str) -> None:
    with urllib.request.urlopen(url, timeout=WAIT_SECONDS) as answer:  # noqa: S310 - our own address
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_serve_when_started_then_prints_an_address_that_answers(home):
    port = free_port()
    program = "from dashboard.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--only", "dashboard", "--demo", "--port", str(port), "--home", str(home)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            line = server.stdout.readline()
            assert line.strip() == f"The dashboard answers at http://127.0.0.1:{port}"
            for path in ("/health", "/", "/my-results", "/_stcore/health", "/assets/fonts/inter-latin.woff2"):
                assert_answers_safely(f"http://127.0.0.1:{port}{path}")
        finally:
            server.terminate()
            server.wait(WAIT_SECONDS)


AS_SOMEBODY_ELSE = """
import os, pwd, sys
from pathlib import Path
root, first, second = (Path(argument) for argument in sys.argv[1:])
sys.path.insert(0, str(root))
os.environ["PMHEALTH_DEMO"] = "1"

def draw(home):
    from streamlit.testing.v1 import AppTest
    os.environ["PMHEALTH_HOME"] = str(home)
    page = AppTest.from_file(root / "dashboard" / "app.py", default_timeout=120).run()
    return f"exceptions {len(page.exception)} titles {len(page.title)}"

draw(first)  # everything is imported while the interpreter's own folder can still be read
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
if not os.access(root / "dashboard" / "app.py", os.R_OK):
    raise SystemExit("unreadable")
try:
    (second / "private" / "warehouse.duckdb").open("rb")
except PermissionError:
    print("refused", draw(second))
"""


@pytest.fixture
def two_homes(home):
    """Two copies of a deployment where another user may read the releases and write the register; pytest's folders are root's alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        homes = tuple(Path(shutil.copytree(home, Path(folder) / name)) for name in ("first", "second"))
        for own in homes:
            own.chmod(0o755)
            for path in (own / "register", *(own / "register").iterdir()):
                path.chmod(0o777)  # the dashboard writes sessions and looks there
            (own / "private").mkdir(mode=0o700)
            (own / "private" / "warehouse.duckdb").write_bytes(b"answers")
        yield homes


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_dashboard_when_run_as_its_own_user_then_pages_work_and_answers_stay_shut(two_homes):
    result = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(ROOT), *map(str, two_homes)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if "unreadable" in result.stderr:
        pytest.skip("the project's own folder cannot be read by another user")
    assert result.stdout.strip() == "refused exceptions 0 titles 1", result.stderr[-800:]


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_what_lives_when_set_apart_then_is_not_looked_at_and_what_is_dead_goes():
    dead, alive = weakref.ref(Knot()), Knot()
    gc.freeze()
    try:
        set_apart()
        assert dead() is None
        assert not any(one is alive for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(one is alive for one in gc.get_objects())
