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
    """The lines of a policy file; see `policy.toml` for what each one promises."""

    min_raters: int
    min_pms: int
    min_item_ratings: int
    min_pms_for_spread: int
    min_raters_for_spread: int
    fallback_sigma_share: Decimal
    min_comment_submitters: int
    min_comment_authors: int
    min_pms_for_distribution: int
    min_ratings_for_distribution: int
    turnover_guard: bool

    @property
    def policy_hash(self) -> str:
        """The SHA-256 of what is promised: the values by name.

        A later line at its strictest value is left out: a policy from before there was such a line
        means the same, and keeps its hash.
        """
        stated = (item for item in asdict(self).items() if item not in _STRICTEST.items())
        promise = "\n".join(f"{name}={Decimal(value).normalize():f}" for name, value in sorted(stated))
        return hashlib.sha256(promise.encode()).hexdigest()


_SPANS: dict[str, tuple[Decimal, Decimal]] = {
    "min_raters": (Decimal(3), Decimal(10)),
    "min_pms": (Decimal(3), Decimal(10)),
    "min_item_ratings": (Decimal(3), Decimal(10)),
    "min_pms_for_spread": (Decimal(10), Decimal(1000)),
    "min_raters_for_spread": (Decimal(30), Decimal(10000)),
    "fallback_sigma_share": (Decimal("0.1"), Decimal("0.5")),
    "min_comment_submitters": (Decimal(5), Decimal(50)),
    "min_comment_authors": (Decimal(2), Decimal(10)),
    "min_pms_for_distribution": (Decimal(10), Decimal(1000)),
    "min_ratings_for_distribution": (Decimal(30), Decimal(10000)),
    "turnover_guard": (Decimal(0), Decimal(1)),
}
"""The lowest and the highest value of each line; of one that is true or false, both."""

_STRICTEST: dict[str, int] = {
    "min_comment_submitters": 50,
    "min_comment_authors": 10,
    "min_pms_for_distribution": 1000,
    "min_ratings_for_distribution": 10000,
    "turnover_guard": True,
}
"""Lines that came later, with the value that shows least: what is not promised is not assumed."""


RETIRED = ("min_ratings_for_distribution",)
"""Lines about what is not shown any more, whatever they say: policies of waves that opened before have them."""


def default_policy_text() -> str:
    """Returns the policy that a wave gets where nothing else is said."""
    return files("survey").joinpath("policy.toml").read_text(encoding="utf-8")


def default_policy() -> Policy:
    """Returns the default policy, parsed."""
    return parse_policy(default_policy_text())


def parse_policy(text: str, *, where: str = "policy.toml") -> Policy:
    """Returns the policy that a TOML text states.

    A wave keeps the text it opened with. Lines that came later are missing there, and are taken at
    their strictest.

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
    complete = {**_STRICTEST, **values}
    for name in (*complete, *_SPANS):
        _check_line(name, complete, text, where)
    return Policy(**complete)


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
            hint=f"give {_kind(name)}" + ("" if low == 0 else f" from {low} to {high}"),
        )


def _is_of_kind(name: str, value: object) -> bool:
    kinds = {field.name: field.type for field in fields(Policy)}
    return type(value) is kinds[name]


def _kind(name: str) -> str:
    words = {int: "a whole number", Decimal: "a decimal number", bool: "true or false"}
    kinds = {field.name: field.type for field in fields(Policy)}
    return next(word for kind, word in words.items() if kind is kinds[name])


def _place(name: str, text: str, where: str) -> str:
    """The line is looked for by name: the parser keeps no places."""
    lines = text.splitlines()
    found = (no for no, line in enumerate(lines, 1) if re.match(rf"\s*\[*{re.escape(name)}\b", line))
    return ":".join((where, *map(str, islice(found, 1))))
