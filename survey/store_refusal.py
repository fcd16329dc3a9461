"""What a database says when it cannot: the driver's error in, a refusal in plain words out.

Nothing of the driver's own text goes on: it may hold an address, a user or a value.
"""

from sqlalchemy.exc import DBAPIError

from survey.config import Address, ServerAddress
from survey.errors import StoreError

_BUSY = "store-busy"
_DAMAGED = "store-damaged"
_UNWRITABLE = "store-unwritable"
_UNREACHABLE = "store-unreachable"
_LOGIN = "store-login"
_GONE = "store-gone"

_WORDS: tuple[tuple[str, str], ...] = (
    ("locked", _BUSY),
    ("not a database", _DAMAGED),
    ("malformed", _DAMAGED),
    ("unable to open", _UNWRITABLE),
    ("readonly", _UNWRITABLE),
    ("disk I/O", _UNWRITABLE),
    ("is full", _UNWRITABLE),
    ("authentication failed", _LOGIN),
    ("no password supplied", _LOGIN),
    ("pg_hba.conf", _LOGIN),
    ("role ", _LOGIN),
    ("database ", _LOGIN),
    ("connection", _UNREACHABLE),
    ("resolve", _UNREACHABLE),
)
"""What SQLite says, and a PostgreSQL server before it knows us; the first that is found holds."""

_STATES: tuple[tuple[str, str], ...] = (
    ("55P03", _BUSY),  # lock not available in time
    ("40", _BUSY),  # rolled back for another's sake: deadlock, serialization
    ("53100", _UNWRITABLE),  # disk full
    ("53", _BUSY),  # out of connections or memory
    ("57014", _BUSY),  # took longer than the server allows
    ("57P", _UNREACHABLE),  # shutting down, starting up, ended by its operator
    ("08", _UNREACHABLE),
    ("28", _LOGIN),
    ("3D000", _LOGIN),  # no such database
    ("42501", _UNWRITABLE),  # no right to it
    ("25006", _UNWRITABLE),  # a standby
    ("58", _UNWRITABLE),  # the server's own disk
    ("42P01", _GONE),
    ("XX001", _DAMAGED),
    ("XX002", _DAMAGED),
)
"""What a PostgreSQL server says, by the beginnings of its codes."""


def refusal_of(error: Exception, where: str) -> StoreError | None:
    """Returns what a driver's error means for a person, or None if it is a bug of ours."""
    code = _code_of(error)
    return None if code is None else _REFUSALS[code](where)


def is_out_of_reach(error: Exception) -> bool:
    """True if the connection is lost, or was never made."""
    return _code_of(error) == _UNREACHABLE


def place_of(address: Address) -> str:
    """Returns how an address may be named: never by its URL."""
    return address.schema if isinstance(address, ServerAddress) else address.name


def _code_of(error: Exception) -> str | None:
    """SQLAlchemy wraps a driver's error; what it wraps says more."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return next((code for start, code in _STATES if state.startswith(start)), None)
    message = str(cause)
    return next((code for words, code in _WORDS if words in message), None)


def busy(where: str) -> StoreError:
    """Returns the refusal of a store that others hold on to."""
    return StoreError(
        "store-busy",
        "the store is being written by another process",
        where=where,
        hint="wait until the other command has ended, then run this again",
    )


def damaged(where: str) -> StoreError:
    """Returns the refusal of a store whose content is broken."""
    return StoreError(
        "store-damaged",
        "the store is damaged, or not a store at all",
        where=where,
        hint="put the last good copy in its place",
    )


def gone(where: str) -> StoreError:
    """Returns the refusal of a store that was deleted while it was in use, as closing a wave does."""
    return StoreError(
        "store-gone",
        "the store is not there any more",
        where=where,
        hint="its wave was closed meanwhile, or somebody deleted it; run: pmhealth wave list",
    )


def unwritable(where: str) -> StoreError:
    """Returns the refusal of a store that gives us no right or no room."""
    return StoreError(
        "store-unwritable",
        "the store cannot be opened or written",
        where=where,
        hint="check that it is yours to write and that the disk has room; --home chooses another folder",
    )


def unreachable(where: str) -> StoreError:
    """Returns the refusal of a database server that does not answer."""
    return StoreError(
        "store-unreachable",
        "the database server does not answer",
        where=where,
        hint="check that it runs, and the host and port in PMHEALTH_REGISTER and PMHEALTH_ANSWERS",
    )


def login(where: str) -> StoreError:
    """Returns the refusal of a database server that does not know us."""
    return StoreError(
        "store-login",
        "the database server does not let us in",
        where=where,
        hint="check user, password and database in PMHEALTH_REGISTER and PMHEALTH_ANSWERS",
    )


_REFUSALS = {
    _BUSY: busy,
    _GONE: gone,
    _DAMAGED: damaged,
    _UNWRITABLE: unwritable,
    _UNREACHABLE: unreachable,
    _LOGIN: login,
}
