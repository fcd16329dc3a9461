"""What an organisation expects of its PMs, by level and stage: a reviewed file beside the stores.

TOML in (`home/expectations.toml`), `Expectations` out. Without the file nothing is expected. An
expectation is a mark beside a score, never a bar to pass.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from survey.errors import ConfigError
from survey.instrument import Instrument, ResponseScale, SubjectKind
from survey.roster import STAGES

_TABLE = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is expected of PMs of a level and a stage, "" for any; `scores` by trait id."""

    level: str
    stage: str
    scores: Mapping[str, float]

    def fits(self, level: str, stage: str) -> bool:
        """True if it is about PMs of that level and stage."""
        return self.level.casefold() in ("", level.casefold()) and self.stage in ("", stage)

    @property
    def closeness(self) -> tuple[bool, bool]:
        """How closely it describes whom it is about: a level says more than a stage."""
        return bool(self.level), bool(self.stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The score expected on one trait, and of whom: level and stage are "" for any."""

    score: float
    level: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Everything an organisation expects of its PMs."""

    entries: tuple[Expectation, ...] = ()

    def of(self, level: str, stage: str, trait_id: str, scale: ResponseScale) -> Expected | None:
        """Returns what is expected on a trait, by the entry that fits closest; None if nothing is."""
        fitting = [one for one in self.entries if one.fits(level, stage) and trait_id in one.scores]
        if not fitting:
            return None
        closest = max(fitting, key=lambda one: one.closeness)
        score = closest.scores[trait_id]
        if not scale.low <= score <= scale.high:
            return None
        return Expected(score=score, level=closest.level, stage=closest.stage)


def read_expectations(path: Path) -> Expectations:
    """Returns what the file says; without one, that nothing is expected.

    Raises:
        ConfigError: it cannot be read, or says something that is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Expectations()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "expectations-unreadable",
            "the file of expectations cannot be read",
            where=path.name,
            hint="make it a UTF-8 file that the dashboard's user may read",
        ) from None
    return parse_expectations(text, where=path.name)


def parse_expectations(text: str, *, where: str) -> Expectations:
    """Returns what a TOML text says.

    Raises:
        ConfigError: it is not TOML, or an entry says something that is not understood.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "expectations-toml",
            f"the file of expectations is not readable: {error}",
            where=where,
            hint='write [[expected]] and below it lines like: level = "senior" and focus = 3.5',
        ) from error
    tables = values.get(_TABLE, [])
    is_list = isinstance(tables, list) and all(isinstance(one, dict) for one in tables)
    if set(values) - {_TABLE} or not is_list:
        raise ConfigError(
            "expectations-unknown",
            f"the file of expectations has something other than [[{_TABLE}]] entries",
            where=where,
            hint=f"begin each entry with the line [[{_TABLE}]]",
        )
    return _distinct([_entry(one, f"{where}, entry {place}") for place, one in enumerate(tables, 1)], where)


def _entry(table: Mapping[str, Any], where: str) -> Expectation:
    level, stage = table.get("level", ""), table.get("stage", "")
    if not isinstance(level, str) or stage not in ("", *STAGES):
        raise ConfigError(
            "expectations-whom",
            "it is not said of whom this is expected",
            where=where,
            hint=f'write level = "senior" as the roster does, and stage as one of {", ".join(STAGES)}',
        )
    scores = {name: value for name, value in table.items() if name not in ("level", "stage")}
    return Expectation(level=level, stage=stage, scores=MappingProxyType(dict(_scores(scores, where))))


def _scores(scores: Mapping[str, Any], where: str) -> Iterator[tuple[str, float]]:
    for name, value in scores.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(
                "expectations-score",
                f"what is expected on '{name}' is no number",
                where=where,
                hint=f"write {name} = 3.5, without quotes",
            )
        yield name, float(value)


def _distinct(entries: Sequence[Expectation], where: str) -> Expectations:
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(entries, 1):
        whom = (one.level.casefold(), one.stage)
        if whom in seen:
            raise ConfigError(
                "expectations-twice",
                "two entries are about PMs of the same level and stage",
                where=f"{where}, entry {place}",
                hint="put what they expect into one entry",
            )
        seen.add(whom)
    return Expectations(entries=tuple(entries))


def check_expectations(found: Expectations, instruments: Sequence[Instrument], *, where: str) -> None:
    """Holds the entries against what is asked about PMs.

    Raises:
        ConfigError: no instrument has such a trait, or the score is not on its scale.
    """
    scales = {
        trait.trait_id: instrument.scale(trait.scale_id)
        for instrument in instruments
        if instrument.subject_kind is SubjectKind.PM and "others" in instrument.respondents
        for trait in instrument.traits
    }
    for place, one in enumerate(found.entries, 1):
        for trait_id, score in one.scores.items():
            _check_score(trait_id, score, scales, f"{where}, entry {place}")


def _check_score(trait_id: str, score: float, scales: Mapping[str, ResponseScale], where: str) -> None:
    scale = scales.get(trait_id)
    if scale is None:
        raise ConfigError(
            "expectations-trait",
            f"no instrument asks others about a trait '{trait_id}'",
            where=where,
            hint=f"name one of {', '.join(sorted(scales))}",
        )
    if not scale.low <= score <= scale.high:
        raise ConfigError(
            "expectations-scale",
            f"{score:g} is not on the scale of '{trait_id}'",
            where=where,
            hint=f"write a number from {float(scale.low):g} to {float(scale.high):g}",
        )
