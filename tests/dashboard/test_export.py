"""A file of numbers that a spreadsheet may open safely."""

import csv
import io

import pytest

from dashboard.export import render_csv, safe_cell
from dashboard.figures.figure import Table


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@sum(a1)", "'@sum(a1)"),
        ("\tx", "'\tx"),
        ("-0.3", "-0.3"),
        ("3.9 (3.4 to 4.4)", "3.9 (3.4 to 4.4)"),
    ],
)
def test_cell_when_it_looks_like_a_formula_then_is_marked_as_text(value, safe):
    assert safe_cell(value) == safe


def test_csv_when_read_back_then_holds_the_table():
    table = Table(columns=("Unit", "Taste"), rows=(('Small "x", y', "not shown"), ("=Evil()", "3.9")))
    rows = list(csv.reader(io.StringIO(render_csv(table).decode("utf-8-sig"))))
    assert rows == [["Unit", "Taste"], ['Small "x", y', "not shown"], ["'=Evil()", "3.9"]]
