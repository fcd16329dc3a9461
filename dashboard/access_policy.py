"""The reviewed file that says who is HR, executive or council, and what leads open without a share.

TOML in (`home/access.toml`), `AccessPolicy` out. Without the file nobody has these roles.
"""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from survey.errors import ConfigError

_LISTS = ("hr", "executive", "council")
_DATE = "leads_see_results_from"
_LEADS = "leads"
_KNOWN = (*_LISTS, _DATE, _LEADS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """Who has which role beyond the roster, as person ids.

    `leads` names further leads of units; results of waves opened on or after
    `leads_see_results_from` are open to a PM's direct lead without a share; None: never.
    """

    hr: frozenset[str] = frozenset()
    executive: frozenset[str] = frozenset()
    council: frozenset[str] = frozenset()
    leads: MappingProxyType[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    leads_see_results_from: date | None = None

    def units_led_by(self, person_id: str) -> tuple[str, ...]:
        """Returns the units whose lead the file names a person."""
        return tuple(sorted(unit for unit, people in self.leads.items() if person_id in people))

    @property
    def person_ids(self) -> frozenset[str]:
        """Everybody the file names."""
        return self.hr | self.executive | self.council | frozenset().union(*self.leads.values())


def read_access_policy(path: Path) -> AccessPolicy:
    """Returns what the file says; without one, that nobody has more than the roster gives.

    Raises:
        ConfigError: it cannot be read, or says something that is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return AccessPolicy()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "access-unreadable",
            "the file of roles cannot be read",
            where=path.name,
            hint="make it a UTF-8 file that the dashboard's user may read",
        ) from None
    return parse_access_policy(text, where=path.name)


def parse_access_policy(text: str, *, where: str = "access.toml") -> AccessPolicy:
    """Returns what a TOML text says.

    Raises:
        ConfigError: it is not TOML, or a line is unknown or of the wrong kind.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "access-toml",
            f"the file of roles is not readable: {error}",
            where=where,
            hint='write lines like: hr = ["p001"]',
        ) from error
    for name in values:
        if name not in _KNOWN:
            raise _unknown(name, text, where)
    return AccessPolicy(
        **{name: _people(name, values.get(name, []), text, where) for name in _LISTS},
        leads=_leads(values.get(_LEADS, {}), text, where),
        leads_see_results_from=_day(values.get(_DATE), text, where),
    )


def _people(name: str, value: Any, text: str, where: str) -> frozenset[str]:  # noqa: ANN401 - a TOML value
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return frozenset(value)
    raise ConfigError(
        "access-people",
        f"'{name}' is no list of person ids",
        where=_place(name, text, where),
        hint=f'write {name} = ["p001", "p002"], with the person_id of the roster',
    )


def _leads(value: Any, text: str, where: str) -> MappingProxyType[str, frozenset[str]]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise ConfigError(
            "access-leads",
            "'leads' is no table of units",
            where=_place(_LEADS, text, where),
            hint='write [leads] and below it: "Product/Growth" = ["p001"]',
        )
    return MappingProxyType({unit: _people(unit, people, text, where) for unit, people in value.items()})


def _day(value: Any, text: str, where: str) -> date | None:  # noqa: ANN401 - a TOML value
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ConfigError(
        "access-day",
        f"'{_DATE}' is no day",
        where=_place(_DATE, text, where),
        hint=f"write {_DATE} = 2027-01-01, without quotes, or leave the line out",
    )


def _unknown(name: str, text: str, where: str) -> ConfigError:
    return ConfigError(
        "access-unknown",
        f"the file of roles knows no '{name}'",
        where=_place(name, text, where),
        hint=f"it knows {', '.join(_KNOWN)}",
    )


def _place(name: str, text: str, where: str) -> str:
    """The line is looked for by name: the parser keeps no places."""
    pattern = re.compile(rf'\s*\[*"?{re.escape(name)}\b')
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return f"{where}:{number}"
    return where
