"""Sessions, tries, links and shares: what holds, what holds once, and what is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from survey.access_schema import attempt, session, sign_in_link
from survey.register_sessions import Sessions, SignInMethod
from survey.register_shares import Shares
from survey.register_sign_in import LINKS_PER_HOUR, SignIn

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def later(**span: int) -> datetime:
    return NOW + timedelta(**span)


@pytest.fixture
def sessions(register):
    return Sessions(register.store)


@pytest.fixture
def sign_in(register):
    return SignIn(register.store)


@pytest.fixture
def shares(register):
    return Shares(register.store)


def entries(register, *actions):
    return [
        (entry.action, entry.done_by, entry.target) for entry in register.audit() if entry.action in actions
    ]


def test_session_when_begun_then_its_token_opens_it_until_eight_hours_are_over(sessions):
    begun = sessions.begin("p001", SignInMethod.PROVIDER, NOW)
    assert sessions.find(begun.token, NOW) == begun.session
    assert sessions.get(begun.session.session_id, later(hours=7, minutes=59)) == begun.session
    assert sessions.find(begun.token, later(hours=8)) is None
    assert sessions.get(begun.session.session_id, later(hours=8)) is None


def test_session_when_stored_then_the_token_is_nowhere(sessions, register):
    begun = sessions.begin("p001", SignInMethod.LINK, NOW)
    with register.store.reading() as connection:
        (row,) = connection.execute(select(session)).all()
    assert begun.token not in repr(row)
    assert len(begun.token) >= 43


@pytest.mark.parametrize("token", ["", "x", "\ud800", "p001"])
def test_session_when_the_token_is_made_up_then_there_is_none(sessions, token):
    sessions.begin("p001", SignInMethod.LINK, NOW)
    assert sessions.find(token, NOW) is None


def test_session_when_the_id_is_used_as_a_token_then_it_opens_nothing(sessions):
    begun = sessions.begin("p001", SignInMethod.LINK, NOW)
    assert sessions.find(begun.session.session_id, NOW) is None


def test_session_when_signed_out_then_it_is_over_and_written_down(sessions, register):
    begun = sessions.begin("p001", SignInMethod.LINK, NOW)
    assert sessions.end(begun.token, later(hours=1))
    assert not sessions.end(begun.token, later(hours=1))
    assert sessions.find(begun.token, later(hours=1)) is None
    assert entries(register, "session.begin", "session.end") == [
        ("session.begin", "p001", "p001"),
        ("session.end", "p001", "p001"),
    ]


def test_session_when_another_begins_in_the_browser_then_the_first_is_over(sessions):
    first = sessions.begin("p001", SignInMethod.LINK, NOW)
    sessions.begin("p002", SignInMethod.LINK, NOW, replaces=first.token)
    assert sessions.find(first.token, NOW) is None


def test_session_when_revoked_by_an_operator_then_only_that_one_is_over(sessions, register):
    first, second = (sessions.begin("p001", SignInMethod.LINK, NOW) for _ in range(2))
    assert sessions.revoke(first.session.session_id, NOW, by="cli")
    assert not sessions.revoke(first.session.session_id, NOW, by="cli")
    assert sessions.active(NOW) == (second.session,)
    assert entries(register, "session.revoke") == [("session.revoke", "cli", "p001")]


def test_sessions_of_a_person_when_revoked_then_all_are_over_and_nobody_elses(sessions):
    for person_id in ("p001", "p001", "p002"):
        sessions.begin(person_id, SignInMethod.LINK, NOW)
    assert sessions.revoke_person("p001", NOW, by="cli") == 2
    assert [one.person_id for one in sessions.active(NOW)] == ["p002"]


def test_sessions_when_long_ended_then_their_rows_go(sessions, register):
    sessions.begin("p001", SignInMethod.LINK, NOW)
    sessions.begin("p002", SignInMethod.LINK, later(days=40))
    with register.store.reading() as connection:
        assert [row.person_id for row in connection.execute(select(session))] == ["p002"]


def test_attempt_when_the_browser_comes_back_then_it_is_taken_once(sign_in):
    begun = sign_in.begin_attempt("/my-results", NOW)
    assert sign_in.take_attempt(begun.state, begun.browser, later(minutes=9)) == begun.attempt
    assert sign_in.take_attempt(begun.state, begun.browser, later(minutes=9)) is None


def test_attempt_when_another_browser_brings_the_state_then_there_is_none_and_it_stays(sign_in):
    begun, other = sign_in.begin_attempt("/", NOW), sign_in.begin_attempt("/", NOW)
    assert sign_in.take_attempt(begun.state, other.browser, NOW) is None
    assert sign_in.take_attempt(begun.state, "", NOW) is None
    assert sign_in.take_attempt(begun.state, begun.browser, NOW) == begun.attempt


def test_attempt_when_too_old_then_there_is_none(sign_in, register):
    begun = sign_in.begin_attempt("/", NOW)
    assert sign_in.take_attempt(begun.state, begun.browser, later(minutes=10)) is None
    sign_in.begin_attempt("/", NOW)
    sign_in.begin_attempt("/", later(hours=1))
    with register.store.reading() as connection:
        assert len(connection.execute(select(attempt)).all()) == 1


def test_attempts_when_begun_then_every_secret_is_its_own(sign_in):
    begun = [sign_in.begin_attempt("/", NOW) for _ in range(20)]
    secrets = {
        secret
        for one in begun
        for secret in (one.state, one.browser, one.attempt.nonce, one.attempt.verifier)
    }
    assert len(secrets) == 80
    assert not any(secret in repr(begun) for secret in secrets)


def test_link_when_looked_at_then_it_is_not_used_up_and_using_it_is_once(sign_in):
    secret = sign_in.add_link("p001", "/units?unit=Product", NOW)
    for _ in range(3):
        assert sign_in.find_link(secret, NOW).next_path == "/units?unit=Product"
    assert sign_in.use_link(secret, later(minutes=14)).person_id == "p001"
    assert sign_in.use_link(secret, later(minutes=14)) is None
    assert sign_in.find_link(secret, later(minutes=14)) is None


def test_link_when_fifteen_minutes_are_over_then_it_is_nothing(sign_in):
    secret = sign_in.add_link("p001", "/", NOW)
    assert sign_in.find_link(secret, later(minutes=15)) is None
    assert sign_in.use_link(secret, later(minutes=15)) is None


def test_link_when_a_newer_one_is_used_then_the_older_is_over(sign_in):
    first, second = sign_in.add_link("p001", "/", NOW), sign_in.add_link("p001", "/", NOW)
    others = sign_in.add_link("p002", "/", NOW)
    assert sign_in.use_link(second, NOW)
    assert sign_in.use_link(first, NOW) is None
    assert sign_in.use_link(others, NOW)


def test_link_when_two_requests_use_it_at_once_then_one_gets_in(sign_in):
    secret = sign_in.add_link("p001", "/", NOW)
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: sign_in.use_link(secret, NOW), range(8)))
    assert sum(one is not None for one in used) == 1


def test_links_when_too_many_are_asked_for_then_there_are_no_more_for_an_hour(sign_in):
    assert all(sign_in.add_link("p001", "/", NOW) for _ in range(LINKS_PER_HOUR))
    assert sign_in.add_link("p001", "/", NOW) is None
    assert sign_in.add_link("p002", "/", NOW)
    assert sign_in.add_link("p001", "/", later(minutes=61))


def test_link_when_stored_then_the_secret_is_nowhere(sign_in, register):
    secret = sign_in.add_link("p001", "/", NOW)
    with register.store.reading() as connection:
        (row,) = connection.execute(select(sign_in_link)).all()
    assert secret not in repr(row)


def test_share_when_given_twice_then_it_is_one_until_taken_back(shares, register):
    for _ in range(2):
        shares.share("p001", "p009", NOW)
    assert [one.viewer_id for one in shares.of_subject("p001")] == ["p009"]
    assert [one.subject_id for one in shares.with_viewer("p009")] == ["p001"]
    assert shares.take_back("p001", "p009", later(days=1))
    assert not shares.take_back("p001", "p009", later(days=1))
    assert shares.of_subject("p001") == shares.with_viewer("p009") == ()
    shares.share("p001", "p009", later(days=2))
    assert shares.of_subject("p001")[0].shared_at == later(days=2)
    assert entries(register, "share.begin", "share.end") == [
        ("share.begin", "p001", "p001"),
        ("share.end", "p001", "p001"),
        ("share.begin", "p001", "p001"),
    ]


def test_audit_when_written_by_all_of_them_then_the_chain_holds(sessions, shares, register):
    begun = sessions.begin("p001", SignInMethod.LINK, NOW)
    shares.share("p001", "p009", NOW)
    sessions.end(begun.token, NOW)
    assert register.audit_breaks() == ()
    with register.store.writing() as connection:
        connection.execute(text("update audit set done_by = 'p008' where entry_no = 2"))
    assert [found.entry_no for found in register.audit_breaks()] == [2]
