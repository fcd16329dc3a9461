"""A whole quarter of our own form, from the nominations to the new wave on the dashboard.

HR uses the program's commands, everybody else gets real mails and fills in real pages over HTTP; the
form runs in processes of its own. Once on files, beside the demo's earlier quarters, and once on a
PostgreSQL server with two form processes. From the invitations to the released n the counts add up.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.release import Group, Measure, Released, Releases, Scope
from survey.collection import quarter_of
from survey.config import read_settings
from survey.register import open_register
from survey.register_participation import Participation
from survey.relationship import ATTRIBUTED
from tests.journey.quarter import (
    OTHERS_PER_PM,
    Quarter,
    approve,
    environment,
    free_port,
    nominate,
    rate_all,
    reminded,
    serving_form,
    write_roster,
)
from tests.mail_server import Inbox, mail_server

TODAY = date.today()
WAVE = f"great-pm/{quarter_of(TODAY).name}"
FAST = ("--per-second", "100")
K = 4
FEW_ANSWER = 3


@pytest.fixture(params=["files", "postgres"])
def quarter(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Quarter]:
    home = tmp_path / "home"
    ports = [free_port()]
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        monkeypatch.setenv("PMHEALTH_REGISTER", server.make_database("register"))
        monkeypatch.setenv("PMHEALTH_ANSWERS", server.make_database("answers"))
        ports.append(free_port())
    inbox = Inbox()
    with ExitStack() as stack:
        mail_port = stack.enter_context(mail_server(inbox))
        for name, value in environment(mail_port, f"http://127.0.0.1:{ports[0]}").items():
            monkeypatch.setenv(name, value)
        quarter = Quarter(home=home, inbox=inbox, forms=())
        if request.param == "files":
            quarter.pmhealth("demo")
        quarter.forms = [stack.enter_context(serving_form(home, port)) for port in ports]
        yield quarter


@pytest.mark.slow
def test_a_quarter_runs_from_nomination_to_dashboard_and_every_count_adds_up(
    quarter: Quarter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_who_is_asked(quarter, tmp_path)
    preview = quarter.ask("wave", "preview", WAVE)
    assert len(preview["subjects"]) == 40
    assert [one["response_pct"] for one in preview["outlooks"]] == [60, 75, 90]
    shares = [one["subject_pct"] for one in preview["outlooks"]]
    assert 50 < shares[0] <= shares[1] <= shares[2] <= 100
    quarter.pmhealth("wave", "open", WAVE)
    quarter.pmhealth("wave", "invite", WAVE, *FAST)
    done = answer(quarter)
    counted = remember_who_answered(quarter)
    assert 0 < sum(counted.values()) < done["done"]

    closing = quarter.ask("wave", "close", WAVE)
    assert closing["done_count"] == done["done"] == closing["stored_count"]
    assert closing["assigned_count"] == done["done"] + closing["not_answered_count"]
    kept = closing["kept_count"] + closing["readdressed_count"]
    assert closing["stored_count"] == kept + closing["withheld_count"]
    assert closing["readdressed_count"] > 0

    (report,) = quarter.ask("ingest", "--wave", WAVE)
    assert report["tally"]["row_received_count"] == report["tally"]["row_loaded_count"] == kept
    quarter.pmhealth("publish", "--wave", WAVE)
    check_released(quarter, counted)
    look_at_the_dashboard(quarter, counted, monkeypatch)
    print(f"\n{came_to(quarter, done, counted, closing)}")  # noqa: T201


def came_to(quarter: Quarter, done: Counter[str], counted: Counter[str], closing: dict[str, int]) -> str:
    """The reconciliation, for whoever runs this with -s."""
    invited = len(quarter.links("f"))
    shown = sum(counted[one] for one in counted if counted[one] >= K)
    return (
        f"{invited} people invited for {closing['assigned_count']} answers;"
        f" {done['done']} sent = {closing['stored_count']} stored = {closing['kept_count']} kept"
        f" + {closing['readdressed_count']} for units only + {closing['withheld_count']} erased;"
        f" {sum(counted.values())} by others about {len(counted)} PMs, {shown} in the released n of PMs"
    )


def settle_who_is_asked(quarter: Quarter, folder: Path) -> None:
    """HR plans; each PM picks eight colleagues nobody else picks; leads agree."""
    roster = folder / "people.csv"
    write_roster(roster, TODAY)
    quarter.pmhealth("roster", "import", str(roster))
    words = ("--asked-by", "Ann Lee, People team", "--reply-to", "people@example.org")
    days = ("--opens", str(TODAY), "--closes", str(TODAY + timedelta(days=13)))
    quarter.pmhealth("wave", "create", WAVE, *days, *words)
    quarter.pmhealth("wave", "nominate", WAVE, *FAST)
    invited = {address: links[0] for address, links in quarter.links("n").items()}
    picked = picks(quarter, sorted(invited))
    quarter.everyone(lambda visitor, address, link: nominate(visitor, link, picked[address]), invited)
    quarter.pmhealth("wave", "nominate", WAVE, *FAST)
    leads = {address: links[0] for address, links in quarter.links("a").items()}
    approved = quarter.everyone(approve, leads)
    assert sum(approved.values()) == len(invited) == 40


def picks(quarter: Quarter, pms: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Colleagues with unique names, each for one PM alone: 320 raters. About some PMs only two will answer."""
    with open_register(read_settings(quarter.home).register_address) as register:
        people = register.roster().as_of(TODAY).people
    names = Counter(person.name for person in people)
    colleagues = sorted(
        (person.name, person.role, person.email)
        for person in people
        if person.role in ("engineering", "design", "marketing", "program", "data")
        and names[person.name] == 1
    )
    random.Random(7).shuffle(colleagues)  # noqa: S311
    shares = [colleagues[place::40][:OTHERS_PER_PM] for place in range(40)]
    quarter.silent |= {address for share in shares[:FEW_ANSWER] for *_, address in share[2:]}
    return {pm: [(name, role) for name, role, _ in share] for pm, share in zip(pms, shares, strict=True)}


def answer(quarter: Quarter) -> Counter[str]:
    """Everybody answers, or not; a week later those who did not are reminded, and half of them do."""
    first = {address: links[0] for address, links in quarter.links("f").items()}
    assert len(first) > 300
    came = quarter.everyone(rate_all, first)
    total = sum(came.values(), Counter())
    assert total["done"] > 300
    assert total["open"] > 30
    quarter.pmhealth("wave", "run-due", "--today", str(TODAY + timedelta(days=7)), *FAST)
    again = {address: links[1] for address, links in quarter.links("f").items() if len(links) > 1}
    assert len(again) == len(quarter.silent) + sum(bool(one["open"]) for one in came.values())
    return total + sum(quarter.everyone(reminded, again).values(), Counter())


def remember_who_answered(quarter: Quarter) -> Counter[str]:
    """How many answered about each subject, as the register knows while the wave is open."""
    with open_register(read_settings(quarter.home).register_address) as register:
        responders = Participation(register.store).responders(WAVE)
    return Counter(one.subject_id for one in responders if one.relationship not in ATTRIBUTED)


def check_released(quarter: Quarter, counted: Counter[str]) -> None:
    """Each PM with k answers is shown with exactly that many; the others are not shown at all."""
    release = Releases(quarter.home / "releases").current()
    later = Releases(quarter.home / "releases", today=lambda: TODAY + timedelta(days=7)).current()
    assert release is not None
    assert later is not None
    assert (len(release.unit_cells(WAVE)), len(release.waiting())) == (0, 1)
    assert (len(later.unit_cells(WAVE)) > 0, len(later.waiting())) == (True, 0)
    for subject_id in (one.subject_id for one in release.subjects() if one.wave_id == WAVE):
        cells = {
            cell.key.measure_id: cell
            for cell in release.cells(Scope.SUBJECT, subject_id)
            if cell.key.wave_id == WAVE
            and (cell.key.group, cell.key.measure) == (Group.OTHERS, Measure.TRAIT)
        }
        assert len(cells) == 6
        for cell in cells.values():
            is_shown = isinstance(cell, Released)
            assert is_shown == (counted[subject_id] >= K)
            assert not isinstance(cell, Released) or cell.rater_count == counted[subject_id]


def look_at_the_dashboard(quarter: Quarter, counted: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A PM's page shows the new wave; unit pages wait for their day."""
    if not read_settings(quarter.home).is_made_up:
        return
    monkeypatch.setenv("PMHEALTH_HOME", str(quarter.home))
    monkeypatch.setenv("PMHEALTH_DEMO", "1")
    subject_id = next(one for one in sorted(counted) if counted[one] >= K)
    page = AppTest.from_file(Path(__file__).parents[2] / "dashboard/app.py", default_timeout=120)
    page.query_params["as"] = f"pm:{subject_id}"
    page.run()
    assert not page.exception
    said = " ".join(element.value for element in (*page.markdown, *page.caption, *page.title))
    assert f"n = {counted[subject_id]}" in said
    assert WAVE.partition("/")[2] in said
