"""Timestamps as survey tools and spreadsheets write them, as ISO 8601 without zone.

An offset that is written as a number is applied, so such times are in UTC; a zone's name is left
out, since names like EST mean several things. Whether 3/4 is in March or April is decided for a
whole column: the day comes first where any of its dates allows nothing else, and between dots.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

_STAMP = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)"
    r"|(?P<first>\d\d?)(?P<sign>[-/.])(?P<second>\d\d?)(?P=sign)(?P<last>\d{4}))"
    r"(?:(?:[T,]|\s)\s*(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<seconds>\d\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[AP])\.?M\.?)?"
    r"\s*(?:(?:GMT|UTC)?(?P<offset>(?P<east>[+-])(?P<hours>\d\d?)(?::?(?P<rest>\d\d))?)|Z|[A-Z]{2,5})?)?",
    re.IGNORECASE,
)

_MONTHS = 12
_HALF_DAY = 12


def parse_timestamps(texts: Iterable[str]) -> list[str | None]:
    """Returns each timestamp in ISO 8601, or None where a text is none.

    >>> parse_timestamps(["03/13/2020 5:53:38 AM", "2020/06/05 11:34:01 PM EST", "soon"])
    ['2020-03-13T05:53:38', '2020-06-05T23:34:01', None]
    """
    found = [_STAMP.fullmatch(text.strip()) for text in texts]
    is_day_first = any(match and match["sign"] != "." and _first(match) > _MONTHS for match in found)
    return [_iso(match, is_day_first=is_day_first) for match in found]


def _first(match: re.Match[str]) -> int:
    return int(match["first"] or 0)


def _iso(match: re.Match[str] | None, *, is_day_first: bool) -> str | None:
    if match is None:
        return None
    try:
        stamp = datetime(*_date_parts(match, is_day_first=is_day_first), *_time_parts(match))
        return (stamp - _offset(match)).isoformat()
    except (ValueError, OverflowError):
        return None


def _date_parts(match: re.Match[str], *, is_day_first: bool) -> tuple[int, int, int]:
    if match["year"]:
        return int(match["year"]), int(match["month"]), int(match["day"])
    first, second = _first(match), int(match["second"])
    is_day_first = match["sign"] == "." or first > _MONTHS or (is_day_first and second <= _MONTHS)
    day, month = (first, second) if is_day_first else (second, first)
    return int(match["last"]), month, day


def _time_parts(match: re.Match[str]) -> tuple[int, int, int]:
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= _HALF_DAY:
            raise ValueError
        hour = hour % _HALF_DAY + (_HALF_DAY if match["half"] in "pP" else 0)
    return hour, int(match["minute"] or 0), int(match["seconds"] or 0)


def _offset(match: re.Match[str]) -> timedelta:
    if match["offset"] is None:
        return timedelta()
    distance = timedelta(hours=int(match["hours"]), minutes=int(match["rest"] or 0))
    return -distance if match["east"] == "-" else distance
