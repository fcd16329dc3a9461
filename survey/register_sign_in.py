"""Ways in that are under way: tries over the identity provider, and mailed links of one use.

Both are taken out of the register in the moment they are used, so that nothing works twice.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from survey.access_schema import attempt, sign_in_link
from survey.register_sessions import hash_token
from survey.store import Store

LINK_MINUTES = 15
LINKS_PER_HOUR = 5
"""So many links one person is mailed within an hour, whoever asks for them."""

_ATTEMPT_MINUTES = 10
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A try over the identity provider: what went out, to be compared with what comes back."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunAttempt:
    """A try that has just begun: `state` goes to the provider, `browser` into a cookie."""

    attempt: Attempt
    state: str = field(repr=False)
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """Whose a mailed link is, and where it leads after signing in."""

    person_id: str
    next_path: str


class SignIn:
    """Tries and links of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin_attempt(self, next_path: str, now: datetime) -> BegunAttempt:
        """Begins a try over the identity provider, with secrets of its own."""
        state, browser, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(4))
        row = {
            "state_hash": hash_token(state),
            "browser_hash": hash_token(browser),
            "nonce": nonce,
            "verifier": verifier,
            "next_path": next_path,
            "ends_at": _bare(now + timedelta(minutes=_ATTEMPT_MINUTES)),
        }
        with self._store.writing() as connection:
            connection.execute(delete(attempt).where(attempt.c.ends_at < _bare(now)))
            connection.execute(insert(attempt), row)
        begun = Attempt(nonce=nonce, verifier=verifier, next_path=next_path)
        return BegunAttempt(attempt=begun, state=state, browser=browser)

    def take_attempt(self, state: str, browser: str, now: datetime) -> Attempt | None:
        """Returns the try that a browser began with that state, once; None if there is none."""
        meant = (attempt.c.state_hash == hash_token(state)) & (attempt.c.browser_hash == hash_token(browser))
        with self._store.writing() as connection:
            row = connection.execute(select(attempt).where(meant)).mappings().first()
            connection.execute(delete(attempt).where(meant))
        if row is None or row["ends_at"] <= _bare(now):
            return None
        return Attempt(nonce=row["nonce"], verifier=row["verifier"], next_path=row["next_path"])

    def add_link(self, person_id: str, next_path: str, now: datetime) -> str | None:
        """Returns the secret of a new link, or None if the person was mailed too many in an hour."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        since = _bare(now - timedelta(hours=1))
        links = sign_in_link.c
        with self._store.writing() as connection:
            connection.execute(delete(sign_in_link).where(links.asked_at < since))
            asked = select(func.count()).select_from(sign_in_link).where(links.person_id == person_id)
            if connection.execute(asked).scalar_one() >= LINKS_PER_HOUR:
                return None
            row = {
                "secret_hash": hash_token(secret),
                "person_id": person_id,
                "next_path": next_path,
                "asked_at": _bare(now),
                "ends_at": _bare(now + timedelta(minutes=LINK_MINUTES)),
                "used_at": None,
            }
            connection.execute(insert(sign_in_link), row)
        return secret

    def find_link(self, secret: str, now: datetime) -> SignInLink | None:
        """Returns whose link that is, if it can still be used; looking does not use it up."""
        links = sign_in_link.c
        meant = select(sign_in_link).where(
            links.secret_hash == hash_token(secret), links.used_at.is_(None), links.ends_at > _bare(now)
        )
        with self._store.reading() as connection:
            row = connection.execute(meant).mappings().first()
        return None if row is None else SignInLink(person_id=row["person_id"], next_path=row["next_path"])

    def use_link(self, secret: str, now: datetime) -> SignInLink | None:
        """Returns whose link that is and uses it up, with every other one of the same person."""
        found = self.find_link(secret, now)
        if found is None:
            return None
        links = sign_in_link.c
        mine = update(sign_in_link).where(links.secret_hash == hash_token(secret), links.used_at.is_(None))
        others = update(sign_in_link).where(links.person_id == found.person_id, links.used_at.is_(None))
        with self._store.writing() as connection:
            if connection.execute(mine.values(used_at=_bare(now))).rowcount != 1:
                return None  # another request was faster
            connection.execute(others.values(used_at=_bare(now)))
        return found


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
