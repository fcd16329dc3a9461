"""A figure's table as a CSV file that a spreadsheet may open without running anything in it."""

import csv
import io
import re

from dashboard.figures.figure import Table

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def render_csv(table: Table) -> bytes:
    """Returns the table as CSV in UTF-8 with a byte order mark, which spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value: str) -> str:
    """Returns the value, marked as text where a spreadsheet would take it for a formula.

    >>> safe_cell("=1+1"), safe_cell("3.9")
    ("'=1+1", '3.9')
    """
    return f"'{value}" if value.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(value) else value
