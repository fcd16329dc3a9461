"""A form and two dashboards behind nginx with TLS, by the very file that docs/operations.md shows."""

import importlib.util
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from survey.config import Settings
from survey.register import open_register
from survey.register_sessions import Sessions, SignInMethod

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
PROGRAM = (sys.executable, "-c", "from dashboard.cli import main; main()")
SECRET = "s3cr3t-s3cr3t-s3cr3t-s3cr3t"  # noqa: S105 - opens nothing


def load_mail_server():
    """The mail server that other tests use as well."""
    spec = importlib.util.spec_from_file_location("mail_server", ROOT / "tests" / "mail_server.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


post_office = load_mail_server()
HEAD = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{}}
http {{
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
include {folder}/pmhealth.conf;
}}
"""


@dataclass(frozen=True, kw_only=True)
class Proxied:
    """The deployment as the world sees it, and what stands behind."""

    folder: Path
    url: str
    context: ssl.SSLContext
    settings: Settings
    processes: dict[int, "subprocess.Popen[str]"]
    inbox: "post_office.Inbox"
    issuer: str

    def browser(self, **headers: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, verify=self.context, headers={"accept": "text/html", **headers}, timeout=60
        )

    def sign_in(self, person_id: str = "p-ada") -> str:
        with open_register(self.settings.register_address) as register:
            begun = Sessions(register.store).begin(person_id, SignInMethod.LINK, datetime.now(UTC))
        return f"__Host-pmhealth_session={begun.token}"

    def upstreams(self) -> list[str]:
        """Which dashboard answered each request so far, by its port."""
        lines = (self.folder / "health.log").read_text().splitlines()
        return [line.split()[-1].rpartition(":")[2] for line in lines]


def documented() -> str:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return re.search(r"pmhealth\.conf`:\n\n```nginx\n(.*?)```", page, re.DOTALL)[1]


def write_configuration(folder: Path, port: int, behind: dict[str, int]) -> Path:
    """Only ports, the dashboard's name and places of files are others than documented."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", "pmhealth.key", "-out", "pmhealth.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    body = documented()
    for old, new in {
        **{f"127.0.0.1:{documented}": f"127.0.0.1:{real}" for documented, real in behind.items()},
        "listen 443": f"listen 127.0.0.1:{port}", "health.example.org": "localhost",
        "/etc/ssl/private/": f"{folder}/", "/etc/ssl/": f"{folder}/", "/var/log/nginx/": f"{folder}/",
    }.items():  # fmt: skip
        assert old in body
        body = body.replace(old, new)
    (folder / "pmhealth.conf").write_text(body, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(HEAD.format(folder=folder, user=user), encoding="utf-8")
    return path


@contextmanager
def served(
    settings: Settings, only: str, port: int, environment: dict[str, str]
) -> Iterator[subprocess.Popen]:
    command = [*PROGRAM, "--home", str(settings.home), "serve", "--only", only, "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_port(port: int) -> None:
    """Nginx says nothing when it is ready."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def proxied(tmp_path_factory, home, write_home, free_port, mock_issuer):
    if not (NGINX and shutil.which("openssl")):
        message = (
            "no nginx or no openssl on this machine; install them with: apt-get install nginx-light openssl"
        )
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    settings = write_home(tmp_path_factory.mktemp("proxied"), home)
    port = free_port()
    behind = {documented: free_port() for documented in ("8501", "8511", "8502")}
    inbox = post_office.Inbox()
    with ExitStack() as stack:
        mail = post_office.settings_for(stack.enter_context(post_office.mail_server(inbox)))
        environment = {
            **os.environ, "PMHEALTH_DASHBOARD_URL": f"https://localhost:{port}", "PMHEALTH_SMTP_HOST": mail.host,
            "PMHEALTH_SMTP_PORT": str(mail.port), "PMHEALTH_SMTP_TLS": "none", "PMHEALTH_SIGN_IN_LINK": "on",
            "PMHEALTH_MAIL_FROM": "people@example.org", "PMHEALTH_OIDC_ISSUER": mock_issuer,
            "PMHEALTH_OIDC_CLIENT_ID": "pmhealth", "PMHEALTH_OIDC_CLIENT_SECRET": "a secret of the client",
        }  # fmt: skip
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        started = {
            number: stack.enter_context(
                served(settings, "form" if name == "8502" else "dashboard", number, environment)
            )
            for name, number in behind.items()
        }
        for process in started.values():
            assert "answers at" in process.stdout.readline()
        nginx = subprocess.Popen([NGINX, "-c", str(write_configuration(folder, port, behind))])
        stack.callback(nginx.wait)
        stack.callback(nginx.terminate)
        wait_for_port(port)
        yield Proxied(
            folder=folder,
            url=f"https://localhost:{port}",
            context=ssl.create_default_context(cafile=f"{folder}/pmhealth.pem"),
            settings=settings,
            processes=started,
            inbox=inbox,
            issuer=mock_issuer,
        )


def test_dashboard_when_behind_a_proxy_with_tls_then_works_with_host_cookies_and_websocket(proxied):
    cookie = {"cookie": proxied.sign_in()}
    with proxied.browser() as browser:
        led = browser.get("/my-results?trait=secret")
        assert led.headers["location"] == "/sign-in?next=%2Fmy-results%3Ftrait%3Dsecret"
        assert "max-age=31536000" in led.headers["strict-transport-security"]
        assert browser.get("/my-results", headers=cookie).status_code == 200
        plain = {"cookie": cookie["cookie"].removeprefix("__Host-")}
        assert browser.get("/my-results", headers=plain).status_code == 303
    address = f"wss{proxied.url.removeprefix('https')}/_stcore/stream"
    options = {"ssl": proxied.context, "origin": proxied.url, "subprotocols": ["streamlit"]}
    with connect(address, additional_headers=cookie, **options) as opened:
        assert opened.subprotocol == "streamlit"
    with pytest.raises(InvalidStatus):
        connect(address, **options)


def wait_for_mail(inbox, address: str):
    """The answer does not wait for the mail server, so that it tells nothing by how long it takes."""
    deadline = time.monotonic() + 30
    while not inbox.of(address):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return inbox.of(address)[0]


def test_person_when_signing_in_over_the_provider_then_comes_to_the_page_asked_for(proxied):
    claims = {"email": "p-ada@example.org", "email_verified": True}
    httpx.put(f"{proxied.issuer}/users/p-ada", json=claims).raise_for_status()
    with proxied.browser() as browser:
        sent = browser.get("/sign-in/provider", params={"next": "/my-results?trait=Focus"})
        back = httpx.post(sent.headers["location"], data={"sub": "p-ada"}).headers["location"]
        assert back.startswith(f"{proxied.url}/sign-in/callback?")
        arrived = browser.get(back)
        assert (arrived.status_code, arrived.headers["location"]) == (303, "/my-results?trait=Focus")
        assert re.search(r"__Host-pmhealth_session=[\w-]{43};.* Secure", arrived.headers["set-cookie"])
        assert browser.get("/my-results").status_code == 200
        assert browser.get(back).status_code >= 400, "it works once"


def test_person_when_signing_in_over_a_mailed_link_then_comes_to_the_page_asked_for(proxied):
    with proxied.browser(origin=proxied.url) as browser:
        asked = browser.post("/sign-in/mail", data={"email": "p-ada@example.org", "next": "/my-results"})
        assert asked.status_code in (200, 303)
        mail = wait_for_mail(proxied.inbox, "p-ada@example.org")
        link = re.search(r"(https://\S+/sign-in/link/[\w-]{43})", mail.get_body(("plain",)).get_content())[1]
        assert link.startswith(proxied.url)
        assert "You are about to sign in as Ada Example." in browser.get(link).text
        arrived = browser.post(link)
        assert (arrived.status_code, arrived.headers["location"]) == (303, "/my-results")
        assert browser.get("/my-results").status_code == 200


def test_dashboards_when_there_are_two_then_each_session_stays_with_one_of_them(proxied):
    stays = []
    for _ in range(12):
        seen = len(proxied.upstreams())
        with proxied.browser(cookie=proxied.sign_in()) as browser:
            assert [browser.get("/my-results").status_code for _ in range(3)] == [200] * 3
        stays.append(set(proxied.upstreams()[seen:]))
    assert all(len(ports) == 1 for ports in stays), "a session never changes its process"
    assert len(set.union(*stays)) == 2, "sessions are spread over both"


def test_upload_when_it_is_large_then_it_comes_through_to_the_inbox(proxied):
    content = b"subject_id,relationship\n" + b"p-ada,peer\n" * 700_000
    with proxied.browser(cookie=proxied.sign_in("p-hr"), origin=proxied.url) as browser:
        token = re.search(r'name="token" value="(\w+)"', browser.get("/upload?next=/data").text)[1]
        form = [("token", (None, token)), ("file", ("export.csv", content))]
        sent = browser.post("/upload?next=/data", files=form)
        assert sent.status_code == 303
        name = sent.headers["location"].removeprefix("/data?file=")
        assert (proxied.settings.inbox_path / name).read_bytes() == content
        assert browser.post("/sign-in/mail", content=content).status_code == 413


def test_form_when_behind_the_same_proxy_then_only_links_lead_to_it(proxied):
    with proxied.browser(host="survey.example.org") as browser:
        gone = browser.get(f"/f/{SECRET}")
        assert gone.status_code == 404
        assert "no-store" in gone.headers["cache-control"]
        assert browser.get("/form/form.css").status_code in (200, 404)
        for path in ("/", "/health", "/ready", "/sign-in", "/_stcore/health"):
            assert browser.get(path).text.count("nginx") == 1, path
    with proxied.browser() as browser:
        assert browser.get(f"/f/{SECRET}", follow_redirects=False).status_code == 303


def test_process_when_it_dies_then_others_serve_and_no_log_holds_an_address(proxied):
    """Runs last: what it ends stays ended."""
    cookies = [proxied.sign_in() for _ in range(8)]
    dashboards = list(proxied.processes)[:2]
    for port in (dashboards[0], list(proxied.processes)[2]):
        proxied.processes[port].kill()
        proxied.processes[port].wait()
    for cookie in cookies:
        with proxied.browser(cookie=cookie) as browser:
            assert browser.get("/my-results").status_code == 200
    with proxied.browser(host="survey.example.org") as browser:
        assert browser.get(f"/f/{SECRET}").status_code == 502
    with proxied.browser() as browser:
        browser.get(f"/sign-in/link/{SECRET}")
    written = "".join(path.read_text() for path in proxied.folder.glob("*.log"))
    assert "GET 200" in written
    assert SECRET not in written
    assert "secret" not in written
