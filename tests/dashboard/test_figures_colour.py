"""Colours by computation: contrast on both themes, apart for colour-blind readers."""

import math
from itertools import combinations

import pytest

from dashboard.catalogue import FRONT_TRAITS
from dashboard.figures.palette import (
    TRAIT_COLOURS,
    Theme,
    contrast,
    ink_on,
    linear_rgb,
    palette,
    trait_colour,
)

GRAPHIC_CONTRAST, TEXT_CONTRAST = 3.0, 4.5
"""WCAG 2.2, 1.4.11 and 1.4.3."""

BLINDNESS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB."""


def oklab(rgb):
    """Ottosson's OKLab: equal distances look about equally far apart."""
    red, green, blue = rgb
    long = max(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue, 0) ** (1 / 3)
    middle = max(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue, 0) ** (1 / 3)
    short = max(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue, 0) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def seen(colour, matrix):
    rgb = linear_rgb(colour)
    return oklab(
        [min(max(sum(weight * part for weight, part in zip(row, rgb, strict=True)), 0), 1) for row in matrix]
    )


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("trait_id", list(TRAIT_COLOURS))
def test_trait_colour_on_either_theme_then_has_enough_contrast(trait_id, theme):
    assert contrast(trait_colour(trait_id, palette(theme)), palette(theme).surface) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("theme", list(Theme))
def test_text_colours_on_either_theme_then_have_enough_contrast(theme):
    colours = palette(theme)
    assert contrast(colours.ink, colours.surface) >= TEXT_CONTRAST
    assert contrast(colours.quiet, colours.surface) >= TEXT_CONTRAST
    assert contrast(colours.accent, colours.surface) >= GRAPHIC_CONTRAST


@pytest.mark.parametrize("matrix", BLINDNESS.values(), ids=BLINDNESS)
def test_front_colours_for_every_eye_then_stay_apart(matrix):
    colours = [TRAIT_COLOURS[trait_id] for trait_id in FRONT_TRAITS]
    assert (
        min(math.dist(seen(one, matrix), seen(other, matrix)) for one, other in combinations(colours, 2))
        > 0.1
    )


def fields(theme):
    colours = palette(theme)
    return colours.neutral, colours.above, colours.below


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("matrix", BLINDNESS.values(), ids=BLINDNESS)
def test_fields_of_the_heat_map_for_every_eye_then_stay_apart(theme, matrix):
    pairs = combinations(fields(theme), 2)
    assert min(math.dist(seen(one, matrix), seen(other, matrix)) for one, other in pairs) > 0.05


@pytest.mark.parametrize("theme", list(Theme))
def test_score_printed_on_its_field_then_can_be_read(theme):
    assert all(contrast(ink_on(field), field) >= TEXT_CONTRAST for field in fields(theme))


def test_trait_without_a_colour_then_takes_the_accent():
    assert trait_colour("something-else", palette(Theme.LIGHT)) == palette(Theme.LIGHT).accent
