"""The words of form and mail: one flat file per language in `text/`, read once.

A further language is one more file with the same keys; a check holds the files against each other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

MEASURE = "en"
"""The language spoken where none fits; every other file has its keys."""

_FOLDER = Path(__file__).parent / "text"
_PLACE = re.compile(r"\{(\w+)\}")
_QUALITY = re.compile(r"(?:q=)?([01](?:\.[0-9]{0,3})?)")
_MOST_WISHES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Every text of one language."""

    language: str
    texts: Mapping[str, str]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML has it."""
        return self.texts["direction"]

    def say(self, key: str, **values: object) -> str:
        """Returns a text with values put into their places; a missing key is a bug, which a check finds."""
        return self.texts[key].format_map(values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Returns the text `<key>_one` for 1, else `<key>_many`, with the number put into `{count}`."""
        return self.say(f"{key}_one" if number == 1 else f"{key}_many", count=number, **values)

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


def choose_language(wished: str, accepted: str, offered: Iterable[str]) -> str:
    """Returns the language to speak with a reader.

    >>> choose_language("", "de-AT,de;q=0.9,en;q=0.5", ("en", "de"))
    'de'

    Args:
        wished: the code the reader chose, or "".
        accepted: the browser's header `Accept-Language`, or "".
        offered: the languages that may be spoken, at least one; the first where nothing fits.
    """
    codes = tuple(offered)
    if wished in codes:
        return wished
    wishes = (code for wish in _wishes(accepted) for code in (wish, wish.partition("-")[0]))
    return next((code for code in wishes if code in codes), codes[0])


def _wishes(accepted: str) -> list[str]:
    """Best first; a browser's header has a handful, a hostile one is cut off."""
    wishes = []
    for place, part in enumerate(accepted.split(",", _MOST_WISHES)[:_MOST_WISHES]):
        code, _, quality = (piece.strip() for piece in part.partition(";"))
        found = _QUALITY.fullmatch(quality or "1")
        wishes.append((-float(found[1]) if found else 0.0, place, code.lower()))
    return [code for worth, _, code in sorted(wishes) if worth]
