"""A PM signs in over a provider from a deep link, shares, and signs out; an outsider is refused."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).with_name("shots")
WAIT_MILLISECONDS = 120_000
expect.set_options(timeout=WAIT_MILLISECONDS)
PLAIN_PAGES = {
    "sign-in": "/sign-in",
    "sign-in-ended": "/sign-in/ended",
    "sign-in-failed": "/sign-in/callback?state=x",
}

MAILED = "/my-results?wave=great-pm%2F2026Q2"
"""Where the mail about results leads, see `results` in survey/invitation.py."""

PLAN = "I show the team one rough draft each week."


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of a running dashboard with sign-in, and of its identity provider."""
    made = load("made_up_release", ROOT / "tests" / "dashboard" / "conftest.py")
    people = load("made_up_people", ROOT / "tests" / "dashboard" / "sign_in" / "conftest.py")
    folder = tmp_path_factory.mktemp("signed-in")
    made.write_release(folder / "made" / "releases")
    settings = people.write_deployment(folder / "home", folder / "made")
    port, provider_port = people.find_port(), people.find_port()
    url, issuer = f"http://127.0.0.1:{port}", f"http://localhost:{provider_port}"
    environment = {
        **os.environ,
        "PMHEALTH_DASHBOARD_URL": url,
        "PMHEALTH_OIDC_ISSUER": issuer,
        "PMHEALTH_OIDC_CLIENT_ID": "pmhealth",
        "PMHEALTH_OIDC_CLIENT_SECRET": "a secret of the client",
        "PMHEALTH_SIGN_IN_LINK": "on",
        "PMHEALTH_SMTP_HOST": "127.0.0.1",
        "PMHEALTH_SMTP_TLS": "none",
        "PMHEALTH_MAIL_FROM": "people@example.org",
    }
    program = [sys.executable, "-c", "from dashboard.cli import main; main()", "--home", str(settings.home)]
    mock = [sys.executable, "-m", "oidc_provider_mock", "--port", str(provider_port)]
    quiet = subprocess.DEVNULL
    with (
        subprocess.Popen(mock, stdout=quiet, stderr=quiet) as provider,
        subprocess.Popen(
            [*program, "serve", "--only", "dashboard", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True,
        ) as server,
    ):  # fmt: skip
        people.wait_for(f"{issuer}/.well-known/openid-configuration", provider)
        for person in ("p-ada", "p-lead", "outsider"):
            claims = {"email": f"{person}@example.org", "email_verified": True}
            httpx.put(f"{issuer}/users/{person}", json=claims).raise_for_status()
        assert server.stdout is not None
        assert "answers at" in server.stdout.readline()
        yield url, issuer
        server.terminate()
        provider.terminate()


def new_page(browser: Browser, theme: str = "light") -> Page:
    context = browser.new_context(color_scheme=theme, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    return context.new_page()


def sign_in(page: Page, url: str, person_id: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Sign in with your organisation's account").click()
    page.locator("input[name=sub]").fill(person_id)
    page.get_by_role("button", name="Authorize").first.click()


def violations(page: Page) -> list[tuple[str, str]]:
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_page_of_signing_in_when_looked_at_then_fits_and_axe_finds_nothing(browser, served, name, theme):
    page = new_page(browser, theme)
    page.goto(served[0] + PLAIN_PAGES[name])
    SHOTS.mkdir(exist_ok=True)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png")
    assert violations(page) == []
    page.context.close()


def test_pm_when_coming_from_a_deep_link_then_signs_in_shares_and_signs_out(browser, served):
    url, _ = served
    page, lead = new_page(browser), new_page(browser)
    sign_in(lead, f"{url}/shared", "p-lead")
    expect(lead.get_by_role("heading", name="Nobody has shared their results with you")).to_be_visible()
    sign_in(page, f"{url}/my-results?trait=Honesty", "p-ada")
    expect(page.get_by_role("heading", name="Honesty at 4.1")).to_be_visible()
    assert page.url == f"{url}/my-results?trait=Honesty"
    page.get_by_role("button", name="Share with Lea Lead").click()
    expect(page.get_by_text("with whom you shared it")).to_be_visible()
    see_the_team_and_who_shared(lead, url)
    page.goto(f"{url}/who-looked")
    expect(page.get_by_role("heading", name="Lea Lead has looked at your results")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(f"{url}/my-results")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    for one in (page, lead):
        one.context.close()


def see_the_team_and_who_shared(lead: Page, url: str) -> None:
    """Bo is in the same team and has not shared: no link and no name of a number leads there."""
    lead.goto(f"{url}/my-team")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Growth")
    expect(lead.get_by_role("link", name="Ada Example")).to_be_visible()
    expect(lead.get_by_role("link", name="Bo Example")).to_have_count(0)
    shoot(lead, "lead-team")
    for unshared in ("", "?pm=p-bo"):
        lead.goto(f"{url}/shared{unshared}")
        expect(lead.get_by_text("This is the page of Ada Example")).to_be_visible()
        expect(lead.get_by_text("Bo Example")).to_have_count(0)
    shoot(lead, "lead-shared")
    lead.goto(f"{url}/number?name=great-pm/2026Q2:pm/p-bo:others:trait/taste")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("There is no such number")


def test_pm_when_coming_from_the_mail_about_results_then_signs_in_and_plans_one_thing(browser, served):
    page = new_page(browser)
    sign_in(page, served[0] + MAILED, "p-ada")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Others see you between")
    assert page.url.startswith(served[0] + MAILED.partition("?")[0])
    page.get_by_label("What will you do?").fill(PLAN)
    page.get_by_role("button", name="Keep this plan").click()
    expect(page.get_by_text("The next survey shows this behaviour first")).to_be_visible()
    expect(page.get_by_text(PLAN)).to_be_visible()
    page.get_by_text(PLAN).scroll_into_view_if_needed()
    shoot(page, "plan-kept")
    assert violations(page) == []
    page.reload()
    expect(page.get_by_text(PLAN)).to_be_visible()
    page.context.close()


def shoot(page: Page, name: str) -> None:
    """Takes a picture once all is drawn."""
    SHOTS.mkdir(exist_ok=True)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.screenshot(path=SHOTS / f"signed-in-{name}.png")


def test_outsider_when_signing_in_then_is_refused_kindly(browser, served):
    page = new_page(browser)
    sign_in(page, f"{served[0]}/units", "outsider")
    expect(page.get_by_role("heading", name="There is nothing here for you yet")).to_be_visible()
    shoot(page, "outsider")
    assert violations(page) == []
    page.context.close()
