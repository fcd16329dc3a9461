"""Every colour a figure or a page uses, for the light and for the dark theme.

The four front traits keep their colours on both themes, so each has at least 3:1 against both
surfaces and stays apart from the others for colour-blind readers; a test computes both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """The two themes we design for."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme.

    `ink` is text, `quiet` secondary text and context marks, `rule` thin lines. Fields of a heat map are
    `neutral`, or `above` and `below` where they stand apart from the whole; none of the two is a judgement.
    """

    surface: str
    ink: str
    quiet: str
    rule: str
    accent: str
    neutral: str
    above: str
    below: str


TRAIT_COLOURS: Mapping[str, str] = {
    "taste": "#3f8ff4",
    "honesty": "#b88513",
    "clarity": "#2b7351",
    "focus": "#9543a7",
    "communication": "#d95c9a",
    "follow_through": "#b5562b",
}
"""By trait id. Where an instrument has other traits, they all take the accent of the theme."""

_LIGHT = Palette(
    surface="#fbfaf7",
    ink="#1c2127",
    quiet="#5a636e",
    rule="#dcdad3",
    accent="#3d6a8f",
    neutral="#efece4",
    above="#9cc4ee",
    below="#f0c67c",
)
_DARK = Palette(
    surface="#14171c",
    ink="#e9ebee",
    quiet="#a3adb9",
    rule="#333a44",
    accent="#7fb0d6",
    neutral="#232a32",
    above="#2c6299",
    below="#835a14",
)


def palette(theme: Theme) -> Palette:
    """Returns the colours of a theme."""
    return _DARK if theme is Theme.DARK else _LIGHT


def trait_colour(trait_id: str, colours: Palette) -> str:
    """Returns the colour of a trait: its own, or the accent for a trait without one."""
    return TRAIT_COLOURS.get(trait_id, colours.accent)


def contrast(one: str, other: str) -> float:
    """Returns the WCAG 2 contrast ratio of two colours written `#rrggbb`.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def linear_rgb(colour: str) -> tuple[float, float, float]:
    """Returns the linear-light red, green and blue (0..1) of a colour written `#rrggbb`."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return red, green, blue


_LINEAR_BELOW = 0.04045  # where the sRGB curve begins to bend


def _linear(value: float) -> float:
    return value / 12.92 if value <= _LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = linear_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(background: str) -> str:
    """Returns black or white, whichever reads better: at least 4.5:1 on any background."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def with_opacity(colour: str, opacity: float) -> str:
    """Returns the colour as `rgba(...)`, for a band behind a line.

    >>> with_opacity("#ff8000", 0.2)
    'rgba(255,128,0,0.2)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
