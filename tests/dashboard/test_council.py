"""The council reads what was promised, what attacks found and what was done: no score, and nobody's name."""

import json
import re
import shutil
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
import sqlalchemy
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.directory import POLICY_ACTION, Directory
from dashboard.oversight import MOST_ENTRIES
from pipeline.released_proof import KeptAttack, KeptPromise, KeptProof, ProvedTable, proof_path
from survey.audit import AuditEntry
from survey.config import Settings
from survey.language import languages
from survey.register import open_register
from survey.register_sessions import SignInMethod
from tests.made_up_people import PEOPLE, POLICY

COUNCIL = Viewer(name="Cleo", roles=frozenset({Role.COUNCIL}), person_id="p-council")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PROOF = KeptProof(
    release_no=1,
    file="release-000001.duckdb",
    sha256="ab" * 32,
    is_held=True,
    shown_count=1204,
    hidden_count=33,
    promises=(KeptPromise(wave_id="great-pm/2026Q2", policy_hash="policy", min_raters=4, min_pms=3),),
    tables=(ProvedTable(name="cell", read=1237, recomputed=1204, mismatched=0, excepted=33),),
    attacks=(KeptAttack(name="few_raters", tried=910, found=0),),
)


@pytest.fixture
def settings(home, tmp_path):
    shutil.copytree(home, tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def prove(settings):
    """Puts a report beside the release."""

    def write(**changes):
        path = proof_path(settings.releases_path / "release-000001.duckdb")
        path.write_text(json.dumps(asdict(replace(PROOF, **changes))), encoding="utf-8")

    return write


def draw(home, viewer, language):
    """The script AppTest runs: the council's page."""
    from dashboard.access_policy import read_access_policy  # noqa: PLC0415 - Streamlit runs this source alone
    from dashboard.directory import Directory  # noqa: PLC0415
    from dashboard.reading import Reading  # noqa: PLC0415
    from dashboard.spoken import speak  # noqa: PLC0415
    from dashboard.views import council  # noqa: PLC0415
    from pipeline.release import Releases  # noqa: PLC0415
    from survey.config import Settings  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415
    from survey.register import open_register  # noqa: PLC0415

    settings = Settings(home=home)
    speak(wording(language))
    release = Releases(settings.releases_path).current()
    with open_register(settings.register_address) as register:
        directory = Directory(register, read_access_policy(settings.access_path))
        council.show(Reading(release=release, viewer=viewer), directory)


def page_of(settings, viewer=COUNCIL, language="en"):
    page = AppTest.from_function(draw, args=(settings.home, viewer, language), default_timeout=120).run()
    assert not page.exception
    return page


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


def written(page):
    tables = [cell for table in page.table for row in table.value.values.tolist() for cell in row]
    elements = [element.value for element in (*page.title, *page.header, *page.markdown, *page.code)]
    return " ".join((*tables, *elements)).replace("\\", "")


@pytest.mark.parametrize("language", languages())
def test_page_when_everything_holds_then_says_so_first(settings, prove, language):
    prove()
    page = page_of(settings, language=language)
    assert ("is kept in release 1" in titles(page)[0]) is (language == "en")
    assert "1,204" in written(page)
    assert "ab" * 32 in written(page)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"is_held": False}, "An attack on release 1 found something"),
        ({"release_no": 7}, "Release 1 has not been attacked yet"),
    ],
)
def test_page_when_an_attack_found_something_or_was_on_another_release_then_says_that(
    settings, prove, changes, title
):
    prove(**changes)
    assert titles(page_of(settings)) == [title]


def test_page_when_nobody_attacked_yet_then_names_the_command(settings):
    page = page_of(settings)
    assert titles(page) == ["Release 1 has not been attacked yet"]
    assert page.code[0].value == "pmhealth prove"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COUNCIL])
def test_page_when_somebody_else_draws_it_then_stays_empty(settings, prove, role):
    prove()
    page = page_of(settings, Viewer(name="x", roles=frozenset({role}), person_id="p-hr"))
    assert written(page) == ""


def test_page_when_read_then_holds_no_score_and_no_name(settings, prove):
    prove()
    with open_register(settings.register_address) as register:
        busy(Directory(register, POLICY, lambda: NOON))
    page = page_of(settings)
    assert not re.search(r"\d\.\d \(\d\.\d", written(page))
    for person in PEOPLE:
        assert person.person_id not in written(page)
        assert person.name not in written(page)
    assert len(page.get("plotly_chart")) == 0


def busy(directory):
    """What a register has seen; whatever a server wrote there before, another policy was the last."""
    earlier = AuditEntry(done_at=NOON, done_by="serve", action=POLICY_ACTION, target="access", detail="other")
    directory.register.record(earlier)
    directory.sessions.begin("p-ada", SignInMethod.LINK, NOON)
    directory.share_with_lead("p-ada")
    directory.note_look(directory.viewer_of("p-lead", "s"), "p-ada")
    directory.take_policy()
    for done_by, action, target in (
        ("p-hr", "wave.invite", "great-pm/2026Q3"),
        ("cli", "roster.import", "roster"),
        ("p-exec", "comment-hold", "great-pm/2026Q2"),
        ("p-council", "job.prove", ""),
        ("p-eng", "something.new", "p-bo"),
    ):
        directory.register.record(
            AuditEntry(done_at=NOON, done_by=done_by, action=action, target=target, detail="p-noa")
        )


def test_entries_when_read_then_say_role_deed_and_thing(settings):
    with open_register(settings.register_address) as register:
        directory = Directory(register, POLICY, lambda: NOON)
        busy(directory)
        found = directory.oversight(COUNCIL)
    assert [(one.by, one.family, one.step, one.about) for one in found.entries][:8] == [
        ("somebody", "something", "new", ""),
        ("council", "job", "prove", ""),
        ("executive", "comment", "hold", "great-pm/2026Q2"),
        ("operator", "roster", "import", ""),
        ("hr", "wave", "invite", "great-pm/2026Q3"),
        ("operator", "access", "policy", ""),
        ("lead", "look", "", ""),
        ("pm", "share", "begin", ""),
    ]
    assert found.is_whole


def test_entries_when_there_are_many_then_the_latest_are_shown_and_all_are_counted(settings):
    with open_register(settings.register_address) as register:
        before = Directory(register, POLICY).oversight(COUNCIL).count
        for _ in range(MOST_ENTRIES + 10):
            register.record(AuditEntry(done_at=NOON, done_by="cli", action="wave.try", target="w"))
        found = Directory(register, POLICY).oversight(COUNCIL)
    assert (len(found.entries), found.count) == (MOST_ENTRIES, before + MOST_ENTRIES + 10)


def test_page_when_an_entry_was_changed_afterwards_then_says_where_before_all_else(settings, prove):
    prove()
    with open_register(settings.register_address) as register:
        busy(Directory(register, POLICY, lambda: NOON))
        with register.store.writing() as connection:
            connection.execute(sqlalchemy.text("update audit set detail = 'other' where entry_no = 3"))
    page = page_of(settings)
    assert titles(page) == ["The audit was changed after it was written"]
    assert "From entry 3 on" in written(page)


def test_page_when_leads_see_results_by_policy_then_says_from_when(settings):
    text = settings.access_path.read_text(encoding="utf-8")
    settings.access_path.write_text("leads_see_results_from = 2027-01-01\n" + text, encoding="utf-8")
    assert "of waves that opened on Friday, 1 January 2027" in written(page_of(settings))
