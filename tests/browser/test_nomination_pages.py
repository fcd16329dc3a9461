"""A PM's list and a lead's lists in a real browser without script: the way through them, and how they look."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from survey.assignment import Nomination, NominationState, Source
from survey.campaign import parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.participation import LinkPurpose
from survey.policy import default_policy_text
from survey.register import open_register
from survey.register_collection import Collections
from survey.register_participation import Participation
from survey.relationship import Relationship
from survey.roster import Roster
from survey.secret import make_keys, new_secret, secret_hash
from survey.synthesis import company
from survey.synthesis.world import make_organisation

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).with_name("shots")
TODAY = date.today()
WAVE = "great-pm/2026Q4"
HEIGHTS = {390: 844, 1440: 900}


@dataclass(frozen=True, kw_only=True)
class House:
    """A draft over the demo's organisation, served on this machine; one PM with half a list."""

    address: str
    settings: Settings
    members: Roster
    pm_id: str

    def link(self, person_id: str, purpose: LinkPurpose) -> str:
        secret = new_secret()
        hashed = secret_hash(make_keys(self.settings.wave_keys_path(WAVE)), secret)
        with open_register(self.settings.register_address) as register:
            Participation(register.store).add_link(WAVE, person_id, purpose, hashed)
        return f"{self.address}/{'n' if purpose is LinkPurpose.NOMINATE else 'a'}/{secret}"

    @property
    def lead_id(self) -> str:
        return next(one.manager_id for one in self.members.people if one.person_id == self.pm_id)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = Settings(home=tmp_path_factory.mktemp("house"))
    everybody = make_organisation(company.COMPANY, 2026)
    members = everybody.as_of(TODAY)
    pm_id = next(one.person_id for one in members.people if one.is_pm)
    fill(settings, everybody, members, pm_id)
    program = "from dashboard.cli import main; main()"
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            program,
            "--home",
            str(settings.home),
            "serve",
            "--only",
            "form",
            "--port",
            "0",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        yield House(address=address, settings=settings, members=members, pm_id=pm_id)
        server.terminate()


def fill(settings: Settings, everybody: Roster, members: Roster, pm_id: str) -> None:
    """Half a list of one PM, and a whole one of a colleague who shares some of its people."""
    draft = Collection(
        wave_id=WAVE,
        campaign="great-pm",
        period=parse_period("2026Q4"),
        instrument_id="great-pm",
        opens_on=TODAY + timedelta(days=10),
        closes_on=TODAY + timedelta(days=30),
        asked_by="People team",
        reply_to="",
        unit_days=3,
        created_on=TODAY,
        policy_text=default_policy_text(),
    )
    lead_id = next(one.manager_id for one in members.people if one.person_id == pm_id)
    other = next(
        one.person_id
        for one in members.people
        if one.is_pm and one.manager_id == lead_id and one.person_id != pm_id
    )
    engineers = [one.person_id for one in members.people if one.role == "engineering"][:8]
    listed = [(pm_id, one, NominationState.LISTED) for one in engineers[:5]]
    proposed = [(other, one, NominationState.PROPOSED) for one in engineers]
    with open_register(settings.register_address) as register:
        register.replace_roster(everybody)
        collections = Collections(register.store)
        collections.add(draft)
        collections.put_nominations(
            WAVE,
            [
                Nomination(
                    subject_id=subject_id,
                    rater_id=rater_id,
                    relationship=Relationship.ENGINEERING,
                    source=Source.PM,
                    state=state,
                )
                for subject_id, rater_id, state in (*listed, *proposed)
            ],
        )


def visit(browser: Browser, **options: object) -> BrowserContext:
    return browser.new_context(java_script_enabled=False, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_are_accessible_and_fit(browser, house, width, theme, language):
    pages = {
        "list": house.link(house.pm_id, LinkPurpose.NOMINATE),
        "search": house.link(house.pm_id, LinkPurpose.NOMINATE) + "?q=design",
        "lists": house.link(house.lead_id, LinkPurpose.APPROVE),
        "approve": house.link(house.lead_id, LinkPurpose.APPROVE) + "/2",
    }
    # the checker itself is a script; the pages are the same without
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": HEIGHTS[width]})
    page = context.new_page()
    for name, address in pages.items():
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"nomination-{name}-{width}-{theme}-{language}.png", full_page=True)
        assert Axe().run(page).response["violations"] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


def test_a_list_is_written_handed_in_and_approved_without_script(browser, house):
    with visit(browser) as context:
        page = context.new_page()
        page.goto(house.link(house.pm_id, LinkPurpose.NOMINATE))
        expect(page.get_by_text("5 named, 8 needed")).to_be_visible()
        for word in ("design", "marketing", "data"):
            add_first(page, word)
        page.get_by_role("button", name="Hand the list in").click()
        expect(page.get_by_role("status").first).to_contain_text("your list is handed in")
        page.goto(house.link(house.lead_id, LinkPurpose.APPROVE))
        page.get_by_role("link", name="8 people to look at").first.click()
        page.get_by_role("button", name="Take off").first.click()
        page.get_by_role("button", name="Approve 7 people").click()
        expect(page.get_by_role("status").first).to_contain_text("Approved. Thank you.")
    with open_register(house.settings.register_address) as register:
        nominations = Collections(register.store).nominations(WAVE)
    states = sorted(one.state for one in nominations if one.state is not NominationState.PROPOSED)
    assert states == [NominationState.APPROVED] * 7 + [NominationState.DECLINED]


def add_first(page: Page, word: str) -> None:
    """Looks for a word and adds the first person found."""
    page.get_by_role("searchbox").fill(word)
    page.get_by_role("button", name="Search").click()
    first = page.locator(".chosen").first.locator("li").first
    first.get_by_role("combobox").select_option(index=1)
    first.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Added to the list.")).to_be_visible()
