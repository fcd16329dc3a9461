"""The disclosure policy: what people were promised, as a checked value. TOML in, `Policy` out.

Comments and order do not matter to the promise, so they are not part of its hash.
"""

import hashlib
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from importlib.resources import files
from itertools import islice
from typing import Any

from survey.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The numbers of a policy file; see `policy.toml` for what each one promises."""

    min_raters: int
    min_pms: int
    min_item_ratings: int
    min_pms_for_spread: int
    min_raters_for_spread: int
    fallback_sigma_share: Decimal

    @property
    def policy_hash(self) -> str:
        """The SHA-256 of what is promised: the values by name."""
        promise = "\n".join(
            f"{name}={Decimal(value).normalize():f}" for name, value in sorted(asdict(self).items())
        )
        return hashlib.sha256(promise.encode()).hexdigest()


_SPANS: dict[str, tuple[Decimal, Decimal]] = {
    "min_raters": (Decimal(3), Decimal(10)),
    "min_pms": (Decimal(3), Decimal(10)),
    "min_item_ratings": (Decimal(3), Decimal(10)),
    "min_pms_for_spread": (Decimal(10), Decimal(1000)),
    "min_raters_for_spread": (Decimal(30), Decimal(10000)),
    "fallback_sigma_share": (Decimal("0.1"), Decimal("0.5")),
}
"""The lowest and the highest value of each line."""


def default_policy_text() -> str:
    """Returns the policy that a wave gets where nothing else is said."""
    return files("survey").joinpath("policy.toml").read_text(encoding="utf-8")


def default_policy() -> Policy:
    """Returns the default policy, parsed."""
    return parse_policy(default_policy_text())


def parse_policy(text: str, *, where: str = "policy.toml") -> Policy:
    """Returns the policy that a TOML text states.

    Args:
        text: the whole file.
        where: what to call the file in an error.

    Raises:
        ConfigError: it is not TOML, a line is missing or unknown, or a value is out of its span.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "policy-toml", f"the policy is not readable: {error}", where=where, hint="write: name = number"
        ) from error
    for name in (*values, *_SPANS):
        _check_line(name, values, text, where)
    return Policy(**values)


def _check_line(name: str, values: dict[str, Any], text: str, where: str) -> None:
    if name not in _SPANS:
        raise ConfigError(
            "policy-unknown",
            f"the policy knows no '{name}'",
            where=_place(name, text, where),
            hint=f"the policy knows {', '.join(_SPANS)}",
        )
    low, high = _SPANS[name]
    if name not in values:
        raise ConfigError(
            "policy-missing",
            f"the policy does not say '{name}'",
            where=where,
            hint=f"add a line: {name} = a number from {low} to {high}",
        )
    if not _is_of_kind(name, values[name]) or not low <= values[name] <= high:
        raise ConfigError(
            "policy-span",
            f"'{name}' has a value that is not allowed",
            where=_place(name, text, where),
            hint=f"give a {_kind(name)} number from {low} to {high}",
        )


def _is_of_kind(name: str, value: object) -> bool:
    kinds = {field.name: field.type for field in fields(Policy)}
    return type(value) is kinds[name]


def _kind(name: str) -> str:
    kinds = {field.name: field.type for field in fields(Policy)}
    return "whole" if kinds[name] is int else "decimal"


def _place(name: str, text: str, where: str) -> str:
    """The line is looked for by name: the parser keeps no places."""
    lines = text.splitlines()
    found = (no for no, line in enumerate(lines, 1) if re.match(rf"\s*\[*{re.escape(name)}\b", line))
    return ":".join((where, *map(str, islice(found, 1))))
