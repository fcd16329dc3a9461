"""A review as one file to read and to print: HTML that asks for nothing outside itself."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.figures.figure import Figure
from dashboard.report.review import Review
from dashboard.report.story import ON_SHEET, Part, Told, basis, headline, parts_of, tell
from dashboard.report.svg import draw_svg
from dashboard.spoken import spoken

_FOLDER = Path(__file__).parent / "templates"
_FONT = Path(__file__).parents[1] / "assets" / "fonts" / "inter-latin.woff2"
_SMALL, _HALF, _WIDE = 230, 330, 680
_WIDTHS = {Part.UNITS: _WIDE, Part.SLICES: 430, Part.RELATIONSHIPS: 430, Part.INSIDE: _HALF}
"""Pixels: four small figures stand beside one another on a sheet, or two halves, and a wide one has it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as it stands in the file."""

    figure: Figure
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A part with its pictures; `layout` says how many of them share a line."""

    told: Told
    pictures: tuple[Picture, ...]
    layout: str


def render_html(review: Review, release_no: int) -> bytes:
    """Returns the file: the same release and promises give the same bytes."""
    words, wave = spoken(), review.wave
    page = _templates().get_template("review.html").render(
        words=words,
        lead=words.say("review_file_lead", unit=review.unit.name, period=wave.period),
        headline=headline(review),
        basis=basis(review),
        sheets=[_sheet(tell(review, part, ON_SHEET)) for part in parts_of(review)],
        foot=foot(review, release_no),
        font=_font(),
    )  # fmt: skip
    return page.encode()


def foot(review: Review, release_no: int) -> str:
    """Returns what the numbers rest on, in a sentence for everybody the file is handed to."""
    wave = review.wave
    return spoken().say(
        "review_file_foot",
        release=release_no,
        policy=wave.policy_hash[:12],
        raters=wave.min_raters,
        pms=wave.min_pms,
    )


def _sheet(told: Told) -> Sheet:
    width = _WIDTHS.get(told.part, _SMALL)
    layout = {_SMALL: "small", _HALF: "half"}.get(width, "wide")
    return Sheet(told=told, pictures=tuple(_pictures(told, told.figures, width)), layout=layout)


def _pictures(told: Told, figures: Sequence[Figure], width: int) -> list[Picture]:
    return [
        Picture(figure=figure, svg=draw_svg(figure, f"{told.part}-{place}", width))
        for place, figure in enumerate(figures)
    ]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _font() -> str:
    return b64encode(_FONT.read_bytes()).decode()
