"""`pmhealth session` and `pmhealth audit`, as an operator uses them."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from dashboard import cli
from survey.audit import AuditEntry
from survey.config import Settings
from survey.register import open_register
from survey.register_sessions import Sessions, SignInMethod


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


@pytest.fixture
def run(settings, capsys):
    def run_program(*words):
        code = cli.run(["--home", str(settings.home), *words])
        return code, capsys.readouterr()

    return run_program


@pytest.fixture
def begin(settings):
    def begin_session(person_id):
        with open_register(settings.register_address) as register:
            begun = Sessions(register.store).begin(person_id, SignInMethod.LINK, datetime.now(UTC))
        return begun.session.session_id

    return begin_session


def spoil(settings, statement):
    with open_register(settings.register_address) as register, register.store.writing() as connection:
        connection.execute(text(statement))


def test_sessions_when_there_are_none_then_says_so(run):
    assert run("session", "list")[1].out.strip() == "Nobody is signed in."


def test_sessions_when_listed_then_name_person_and_end_but_no_token(run, begin):
    first, second = begin("p001"), begin("p002")
    code, said = run("session", "list")
    assert code == 0
    assert first in said.out
    assert second in said.out.splitlines()[-1]
    found = json.loads(run("session", "list", "--json")[1].out)
    assert [(one["session"], one["person"], one["over"]) for one in found] == [
        (first, "p001", "link"),
        (second, "p002", "link"),
    ]


def test_session_when_revoked_then_is_gone_and_a_second_time_is_refused(run, begin):
    session_id = begin("p001")
    assert run("session", "revoke", session_id)[1].out == "Ended 1 session.\n"
    code, said = run("session", "revoke", session_id)
    assert code == 6
    assert "error[session-unknown]" in said.err


def test_sessions_of_a_person_when_revoked_then_all_are_gone(run, begin):
    begin("p001"), begin("p001"), begin("p002")
    assert run("session", "revoke", "--person", "p001")[1].out == "Ended 2 sessions.\n"
    assert "p002" in run("session", "list")[1].out


@pytest.mark.parametrize("words", [(), ("x", "--person", "p001")])
def test_revoke_when_it_is_not_clear_what_then_is_used_wrongly(run, words):
    assert run("session", "revoke", *words)[0] == 2


def test_audit_when_empty_then_says_so(run):
    assert "Nothing is written down yet." in run("audit", "list")[1].out
    assert "0 entries" in run("audit", "verify")[1].out
    assert "about them" in run("audit", "list", "--about", "p001")[1].out


def test_audit_when_listed_then_the_latest_comes_first_and_one_persons_alone(run, begin):
    for person_id in ("p001", "p002", "p001"):
        begin(person_id)
    found = json.loads(run("audit", "list", "--json")[1].out)
    assert [one["entry"] for one in found] == ["3", "2", "1"]
    assert len(json.loads(run("audit", "list", "--json", "--last", "2")[1].out)) == 2
    about = json.loads(run("audit", "list", "--json", "--about", "p001")[1].out)
    assert [(one["action"], one["target"]) for one in about] == [("session.begin", "p001")] * 2
    assert "session.begin" in run("audit", "list")[1].out


def test_audit_when_whole_then_says_so_with_a_hash_to_note(run, begin):
    begin("p001")
    code, said = run("audit", "verify")
    assert (code, said.out.splitlines()[0]) == (0, "The audit is whole: 1 entry.")
    noted = said.out.split()[-1]
    begin("p002")
    assert run("audit", "verify", "--head", noted)[0] == 0
    code, said = run("audit", "verify", "--head", "0" * 64)
    assert code == 7
    assert "error[audit-rewritten]" in said.err


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("update audit set target = 'p009' where entry_no = 2", "entry 2 was changed or moved"),
        ("delete from audit where entry_no = 2", "entry 2 is missing"),
        ("delete from audit where entry_no = 3", "entry 3 is missing"),
    ],
)
def test_audit_when_changed_then_names_the_entry_and_fails(run, begin, settings, statement, message):
    for person_id in ("p001", "p002", "p003"):
        begin(person_id)
    spoil(settings, statement)
    code, said = run("audit", "verify")
    assert code == 7
    assert message in said.err
    assert "error[audit-broken]" in said.err


def test_audit_when_written_by_the_cli_then_is_chained_too(run, settings):
    with open_register(settings.register_address) as register:
        register.record(
            AuditEntry(done_at=datetime.now(UTC), done_by="cli", action="roster.import", target="roster")
        )
    assert run("audit", "verify")[0] == 0
