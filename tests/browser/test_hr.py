"""HR at the real server with the real worker: an export becomes a release, and a wave is run from plan to release."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from survey.config import Settings
from survey.job_kind import JobKind
from survey.register import open_register
from survey.register_jobs import Job, Jobs, JobState
from survey.roster import make_roster
from tests.asked_world import ASKED_BY, EARLIER, PERIOD, ROSTER, TODAY, WAVE, pairs_file, person
from tests.journey.quarter import Quarter, environment, rate_all
from tests.journey.visitor import Visitor
from tests.made_up_export import made_up_export
from tests.mail_server import Inbox, mail_server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
REAL = SHARED / "exports" / "qualtrics" / "qualtrics_many_types_3hdr.csv"
REAL_INSTRUMENT = ROOT / "tests" / "exports" / "qualtrics_many_types_3hdr.instrument.yaml"
SHOTS = Path(__file__).with_name("shots")
WAIT_MILLISECONDS = 120_000
WIDTHS = (390, 1440)
HR, COUNCIL = "hal", "cleo"
expect.set_options(timeout=WAIT_MILLISECONDS)


@dataclass(frozen=True, kw_only=True)
class House:
    """Where everything is served, and where the mails go."""

    home: Path
    url: str
    form: str
    inbox: Inbox

    def links(self, purpose: str) -> dict[str, list[str]]:
        return Quarter(home=self.home, inbox=self.inbox, forms=(self.form,)).links(purpose)


def free_ports() -> int:
    """Three in a row: dashboard, form and worker."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
        try:
            for further in (port + 1, port + 2):
                with socket.socket() as other:
                    other.bind(("127.0.0.1", further))
        except OSError:
            continue
        return port


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("hr") / "home"
    settings = Settings(home=home)
    settings.instruments_path.mkdir(parents=True)
    (settings.instruments_path / "real.yaml").write_bytes(REAL_INSTRUMENT.read_bytes())
    settings.access_path.write_text(f'hr = ["{HR}"]\ncouncil = ["{COUNCIL}"]\n', encoding="utf-8")
    hal = person(HR, "hr", name="Hal Human", org_unit="Product", manager_id="")
    people = (*ROSTER.people, hal, person(COUNCIL, org_unit="Product", manager_id=""))
    with open_register(settings.register_address) as register:
        register.replace_roster(make_roster(people))
    port, inbox = free_ports(), Inbox()
    url, form = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    with mail_server(inbox) as port_of_mail:
        own = environment(port_of_mail, form) | {"PMHEALTH_DASHBOARD_URL": url, "PMHEALTH_SIGN_IN_LINK": "on"}
        program = [sys.executable, "-c", "from dashboard.cli import main; main()", "--home", str(home)]
        with subprocess.Popen(
            [*program, "serve", "--port", str(port)],
            cwd=ROOT, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as server:  # fmt: skip
            assert server.stdout is not None
            for _ in range(3):
                while "answers at" not in server.stdout.readline():
                    assert server.poll() is None
            try:
                yield House(home=home, url=url, form=form, inbox=inbox)
            finally:
                server.terminate()


def sign_in(browser: Browser, house: House, person_id: str, path: str) -> Page:
    """Signs somebody in by the link they are mailed, and opens a page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(WAIT_MILLISECONDS)
    page = context.new_page()
    page.goto(f"{house.url}{path}")
    before = len(house.inbox.of(f"{person_id}@example.org"))
    page.get_by_label("Your e-mail address at work").fill(f"{person_id}@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    body = new_mail(house, f"{person_id}@example.org", before).get_body(("plain",))
    assert body is not None
    found = re.search(rf"{house.url}/sign-in/link/\S+", body.get_content())
    assert found is not None
    page.goto(found[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(f"{house.url}{path}")
    return page


def new_mail(house: House, address: str, before: int) -> EmailMessage:
    """The mail that came since; the page does not wait for the mail server."""
    deadline = time.monotonic() + WAIT_MILLISECONDS / 1000
    while len(house.inbox.of(address)) == before:
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.1)
    return house.inbox.of(address)[-1]


def wait_for_script(page: Page) -> None:
    """Until the page is drawn whole: what is pressed while it is drawn anew may be gone."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def look(page: Page, name: str) -> None:
    """Takes pictures, narrow and wide, light and dark; nothing is wider than the screen, axe finds nothing."""
    SHOTS.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1400})
            page.wait_for_timeout(400)  # Streamlit moves its columns in a transition of so long
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png")
        found = [(one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page).response["violations"]]
        assert found == []
    page.emulate_media(color_scheme="light")


def card(page: Page, title: str) -> Locator:
    """The bordered box of one action."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.locator("[data-testid=stVerticalBlock]").filter(has=heading).last


def do(page: Page, title: str, button: str) -> None:
    """Confirms an action where it asks for it, and presses its button."""
    box = card(page, title)
    press = box.get_by_role("button", name=button)
    expect(press).to_be_visible()
    wait_for_script(page)
    sure = box.get_by_role("checkbox")
    if sure.count():
        box.get_by_text("I have read what will happen").click()
        expect(sure).to_be_checked()
    expect(press).to_be_enabled()
    press.click()


def choose(page: Page, label: str | re.Pattern[str], option: str) -> None:
    """Chooses one of a list by typing it."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option).click()


def hand_in(page: Page, name: str, content: bytes) -> None:
    """Goes to the page that takes a file, and comes back with it."""
    page.get_by_role("link", name=re.compile("Choose a")).click()
    page.get_by_label(re.compile("A table")).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Hand it in").click()


def take_in_and_publish(page: Page, *, loaded: str) -> None:
    page.get_by_text("The columns are right.").click()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("would be taken in")).to_be_visible()
    page.get_by_text("I have looked at what is put aside.").click()
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text(loaded).first).to_be_visible()
    page.get_by_text("I have read what will happen").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as release")).to_be_visible()


def test_hr_when_an_export_is_handed_in_then_open_pages_see_the_release(browser, house):
    pm = sign_in(browser, house, "ada", "/my-results")
    expect(pm.get_by_role("heading", name="Nothing is published yet")).to_be_visible()
    page = sign_in(browser, house, HR, "/data")
    page.get_by_label("Period").fill(EARLIER.rpartition("/")[2])
    page.get_by_label("Period").press("Enter")
    expect(page.get_by_role("link", name="Choose a file")).to_have_attribute(
        "href", re.compile("2025Q4|20..Q4")
    )
    look(page, "hr-data")
    hand_in(page, "export.csv", made_up_export().encode())
    expect(page.get_by_text("8 questions were found")).to_be_visible()
    look(page, "hr-mapping")
    take_in_and_publish(page, loaded="25 of 26 rows were taken in.")
    look(page, "hr-published")
    assert "stranger" not in page.content()
    pm.get_by_role("link", name="Who looked").click()
    pm.get_by_role("link", name="My results").click()
    expect(pm.get_by_role("heading", name="Nothing is published yet")).to_be_hidden()
    expect(pm.get_by_text(EARLIER.rpartition("/")[2]).first).to_be_visible()
    read_the_proof(browser, house)
    expect(page.get_by_text("Release 1 was attacked, and nothing was found")).to_be_visible()
    for one in (page, pm):
        one.context.close()


def read_the_proof(browser: Browser, house: House) -> None:
    """The council waits until the release was attacked: by the same worker that published it."""
    council = sign_in(browser, house, COUNCIL, "/council")
    with open_register(Settings(home=house.home).register_address) as register:
        jobs = Jobs(register.store)
        (asked,) = jobs.latest(JobKind.PROVE)
        assert ended(jobs, asked.job_id, council).state is JobState.DONE
    council.reload()
    expect(council.get_by_role("heading", name="What was promised is kept in release 1")).to_be_visible()
    expect(council.get_by_text("The attackers know who answered in which group")).to_be_visible()
    expect(council.get_by_text(re.compile(f"Sekrit (?!{COUNCIL})"))).to_have_count(0)
    look(council, "council-proof")
    council.context.close()


def ended(jobs: Jobs, job_id: int, page: Page) -> Job:
    """Returns the job once the worker is through with it; the page waits meanwhile."""
    deadline = time.monotonic() + WAIT_MILLISECONDS / 1000
    while True:
        job = jobs.find(job_id)
        assert job is not None
        assert time.monotonic() < deadline
        if job.has_ended:
            return job
        page.wait_for_timeout(200)


def test_hr_when_a_real_qualtrics_export_is_handed_in_then_columns_are_chosen_and_it_is_published(
    browser, house
):
    if not REAL.is_file():
        pytest.skip("the folder ../shared/exports is not here")
    page = sign_in(browser, house, HR, "/data")
    choose(page, "What is asked", "How people feel about fruit")
    expect(page.get_by_role("link", name="Choose a file")).to_have_attribute("href", re.compile("fruit"))
    wait_for_script(page)
    hand_in(page, REAL.name, REAL.read_bytes())
    expect(page.get_by_text("Read as an export of Qualtrics")).to_be_visible()
    choose(page, re.compile("No column says who is rated"), "Sekrit ada")
    page.get_by_role("button", name="Read it so").click()
    expect(page.get_by_text("The columns are right.")).to_be_enabled()
    look(page, "hr-mapping-real")
    take_in_and_publish(page, loaded="of 5 rows were taken in.")
    page.context.close()


def test_hr_when_a_wave_is_run_on_pages_then_it_goes_from_plan_to_release(browser, house, tmp_path):
    page = sign_in(browser, house, HR, "/waves")
    plan(page)
    page.goto(f"{house.url}/waves?wave={WAVE.replace('/', '%2F')}")
    hand_in(page, "pairs.csv", Path(pairs_file(tmp_path)).read_bytes())
    do(page, "What this file would do", "Look at the file")
    expect(page.get_by_text("24 entries about 3 PMs").first).to_be_visible()
    do(page, "Take the lists of this file", "Take them")
    expect(page.get_by_text("There are lists for 3 PMs")).to_be_visible()
    do(page, "What will be visible", "Look ahead")
    expect(page.get_by_text("people would be asked about 3")).to_be_visible()
    look(page, "hr-wave-planned")
    do(page, "Open the wave", "Open it")
    expect(page.get_by_role("heading", name="Who takes part")).to_be_visible()
    do(page, "Invite", "Send the invitations")
    expect(page.get_by_text("mails went out.").first).to_be_visible()
    answer(house)
    look(page, "hr-wave-open")
    do(page, "What closing would come to", "Count")
    expect(page.get_by_text("questionnaires").first).to_be_visible()
    do(page, "Close for good", "Close it")
    do(page, "Take in what the form collected", "Take it in")
    expect(page.get_by_text("rows were taken in.").first).to_be_visible()
    do(page, "Publish", "Publish")
    expect(page.get_by_role("heading", name="Publish again")).to_be_visible()
    look(page, "hr-wave-published")
    page.context.close()


def plan(page: Page) -> None:
    """Fills in the plan, which stands open while no wave is under way."""
    page.get_by_label("year, First day").click()
    page.keyboard.type(f"{TODAY:%Y%m%d}")
    page.get_by_role("textbox", name="Who asks, as people read it").fill(ASKED_BY[1])
    page.get_by_role("textbox", name="Period").fill(PERIOD)
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("say who works with whom").first).to_be_visible()


def answer(house: House) -> None:
    """Everybody who was mailed answers over HTTP."""
    for address, links in house.links("f").items():
        with Visitor(house.form) as visitor:
            rate_all(visitor, address, links[-1])
