"""The words of form and mail: one flat file per language in `text/`, read once.

A further language is one more file with the same keys; a check holds the files against each other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "text"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Every text of one language."""

    language: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Returns a text with values put into their places; a missing key is a bug, which a check finds."""
        return self.texts[key].format_map(values)

    def day(self, day: date) -> str:
        """Returns a day in words, as a letter has it."""
        weekdays, months = self.texts["weekdays"].split(), self.texts["months"].split()
        return self.say(
            "day", weekday=weekdays[day.weekday()], day=day.day, month=months[day.month - 1], year=day.year
        )


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Returns the languages there are files for, by code."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@lru_cache(maxsize=32)
def wording(language: str) -> Wording:
    """Returns the texts of a language; one without a file is a bug of the caller, who asks `languages`."""
    texts = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return Wording(language=language, texts=texts)


def places(text: str) -> frozenset[str]:
    """Returns the names of the values that a text has places for.

    >>> sorted(places("{count} of {all}"))
    ['all', 'count']
    """
    return frozenset(_PLACE.findall(text))
