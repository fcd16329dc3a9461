"""A review as a workbook. Every text is a text and never a formula; every number is one a page shows."""

import io
from collections.abc import Sequence
from datetime import datetime, time

import xlsxwriter

from dashboard.figures.figure import Drawn, Figure
from dashboard.report.paper import foot
from dashboard.report.review import Review
from dashboard.report.story import ON_SHEET, Told, basis, headline, parts_of, tell
from dashboard.spoken import spoken
from pipeline.release import LinePoint, Released, ReleasedChange, Suppressed
from pipeline.released_unit import HiddenMix, ReleasedMix

_WIDTHS = (34, 30, 24, 24, 24, 24, 24)
"""Characters, column by column."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book:
    """A workbook being written, with the few looks its cells have."""

    def __init__(self, buffer: io.BytesIO, review: Review) -> None:
        self._book = xlsxwriter.Workbook(buffer, _OPTIONS)
        day = datetime.combine(review.wave.ends_on, time())
        self._book.set_properties({"title": headline(review), "created": day})
        # marked as text, so that a cell that looks like a formula stays text even when it is edited
        text = {"quote_prefix": True, "text_wrap": True, "valign": "top"}
        self._text = self._book.add_format(text)
        self._bold = self._book.add_format({**text, "bold": True})
        self._number = self._book.add_format({"num_format": "0.0", "valign": "top"})
        self._count = self._book.add_format({"num_format": "0", "valign": "top"})

    def add(self, name: str, rows: Sequence[Sequence[str | float | int]]) -> None:
        """Writes a sheet; its first row is its head."""
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value, self._text if place else self._bold)
                else:
                    look = self._number if isinstance(value, float) else self._count
                    sheet.write_number(place, column, value, look)

    def close(self) -> None:
        """Ends the workbook; before this the buffer holds nothing."""
        self._book.close()


def render_xlsx(review: Review, release_no: int) -> bytes:
    """Returns the workbook: the same release and promises give the same bytes."""
    buffer = io.BytesIO()
    book = Book(buffer, review)
    told = [tell(review, part, ON_SHEET) for part in parts_of(review)]
    book.add(spoken().say("review_sheet_front"), _front(review, told, release_no))
    for part in told:
        if part.figures:
            book.add(_sheet_name(part.title), _tables(part.figures))
    book.add(spoken().say("review_sheet_numbers"), _numbers(told))
    book.close()
    return buffer.getvalue()


def _front(review: Review, told: Sequence[Told], release_no: int) -> list[list[str]]:
    lead = spoken().say("review_file_lead", unit=review.unit.name, period=review.wave.period)
    rows = [[lead], [headline(review)], [basis(review)]]
    for part in told:
        rows += [["", part.title], *(["", sentence] for sentence in part.sentences)]
    return [*rows, [foot(review, release_no)]]


def _tables(figures: Sequence[Figure]) -> list[list[str]]:
    """The tables of a part below one another; one with other columns brings its own head."""
    rows, columns = list[list[str]](), tuple[str, ...]()
    for figure in figures:
        if figure.table.columns != columns:
            columns = figure.table.columns
            rows.append([spoken().say("table_figure"), *columns])
        rows += [[figure.title, *row] for row in figure.table.rows]
    return rows


def _numbers(told: Sequence[Told]) -> list[list[str | float | int]]:
    """Every number of every figure, to work on with: as exact as a page shows it and no more."""
    keys = ("figure", "what", "score", "low", "high", "n", "pms")
    head: list[str | float | int] = [spoken().say(f"review_number_{key}") for key in keys]
    return [
        head,
        *(
            [part.title, drawn.label, *_values(drawn)]
            for part in told
            for figure in part.figures
            for drawn in figure.drawn
        ),
    ]


def _values(drawn: Drawn) -> list[str | float | int]:
    number = drawn.number
    match number:
        case Suppressed() | HiddenMix():
            return [spoken().say("heat_hidden")]
        case ReleasedChange():
            return [_rounded(end) for end in (number.points, number.low, number.high)]
        case ReleasedMix():
            return [_rounded(number.change)]
        case LinePoint() | Released():
            ends = (_rounded(end) for end in (number.score, number.low, number.high))
            return [*ends, number.rater_count, *([number.pm_count] if isinstance(number, Released) else [])]
        case _:
            return []  # what is no single number stands in the sheet of its figure


def _rounded(value: float | None) -> str | float:
    """As exact as a page has it; one that is coded has no interval."""
    return "" if value is None else round(value, 1) + 0.0


def _sheet_name(title: str) -> str:
    """Returns a title as a spreadsheet allows it to name a sheet."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]
