"""The dashboard behind nginx with TLS, set up as docs/operations.md shows it."""

import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from survey.register import open_register
from survey.register_sessions import Sessions, SignInMethod

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
HEAD = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{}}
http {{
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
"""


def documented() -> str:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return re.search(r"```nginx\n(upstream pmhealth_dashboard.*?)```", page, re.DOTALL)[1]


def write_configuration(folder: Path, port: int, dashboard: int) -> Path:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", "health.key", "-out", "health.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    body = documented()
    for old, new in {
        "127.0.0.1:8501": f"127.0.0.1:{dashboard}", "listen 443": f"listen 127.0.0.1:{port}",
        "health.example.org": "localhost", "/etc/ssl/health.pem": f"{folder}/health.pem",
        "/etc/ssl/private/health.key": f"{folder}/health.key", "/var/log/nginx/": f"{folder}/",
    }.items():  # fmt: skip
        assert old in body
        body = body.replace(old, new)
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(HEAD.format(folder=folder, user=user) + body + "}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def behind(tmp_path_factory, home, write_home, free_port):
    if not (NGINX and shutil.which("openssl")):
        pytest.skip("no nginx on this machine")
    settings = write_home(tmp_path_factory.mktemp("proxied"), home)
    port, dashboard = free_port(), free_port()
    url = f"https://localhost:{port}"
    environment = {
        **os.environ, "PMHEALTH_DASHBOARD_URL": url, "PMHEALTH_SMTP_HOST": "127.0.0.1",
        "PMHEALTH_SMTP_TLS": "none", "PMHEALTH_MAIL_FROM": "people@example.org",
    }  # fmt: skip
    program = [sys.executable, "-c", "from dashboard.cli import main; main()", "--home", str(settings.home)]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
        [*program, "serve", "--only", "dashboard", "--port", str(dashboard)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server, subprocess.Popen([NGINX, "-c", str(write_configuration(Path(folder), port, dashboard))]) as nginx:  # fmt: skip
        assert url in server.stdout.readline()
        context = ssl.create_default_context(cafile=f"{folder}/health.pem")
        yield url, context, settings
        nginx.terminate()
        server.terminate()
        log = (Path(folder) / "health.log").read_text()
        assert "GET 200" in log
        assert "secret" not in log


def test_dashboard_when_behind_a_proxy_with_tls_then_works_with_host_cookies_and_websocket(behind):
    url, context, settings = behind
    with open_register(settings.register_address) as register:
        begun = Sessions(register.store).begin("p-ada", SignInMethod.LINK, datetime.now(UTC))
    cookie = {"Cookie": f"__Host-pmhealth_session={begun.token}"}
    with httpx.Client(base_url=url, verify=context, headers={"accept": "text/html"}) as browser:
        led = browser.get("/my-results?trait=secret")
        assert led.headers["location"] == "/sign-in?next=%2Fmy-results%3Ftrait%3Dsecret"
        assert "max-age=31536000" in led.headers["strict-transport-security"]
        assert browser.get("/my-results", headers=cookie).status_code == 200
        plain = {"Cookie": f"pmhealth_session={begun.token}"}
        assert browser.get("/my-results", headers=plain).status_code == 303
    socket = f"wss{url.removeprefix('https')}/_stcore/stream"
    with connect(
        socket, ssl=context, origin=url, additional_headers=cookie, subprotocols=["streamlit"]
    ) as opened:
        assert opened.subprotocol == "streamlit"
    with pytest.raises(InvalidStatus):
        connect(socket, ssl=context, origin=url, subprotocols=["streamlit"])
