"""Everybody in the demo opens every page they have: what is drawn, tabled, taken along and explained is one number.

Pages are drawn as they are; on the way every figure and table is written down, and held against the release.
"""

import csv
import io
import re
from collections import defaultdict
from dataclasses import fields
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access import DEMO_VARIABLE, Page, Role, pages_of
from dashboard.directory import open_directory
from dashboard.personas import personas
from dashboard.views import evidence, explained
from pipeline.lineage import find_number
from pipeline.numbers import name_of
from pipeline.release import Released, Releases
from survey.config import Settings
from survey.language import wording

pytestmark = pytest.mark.slow

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
INSTRUMENTS = ("core-competencies", "three-lenses", "stage-fit")
WITHOUT_NUMBERS = {Page.WAVES, Page.DATA, Page.ROSTER, Page.ABOUT, Page.LOOKS, Page.COUNCIL, Page.NUMBER}
SAID_IN_WORDS = {"stage_today"}
NUMBER = re.compile(r"(?<![\d.])[-+−]?\d+(?:\.\d+)?")


@pytest.fixture
def seen(monkeypatch):
    """Every figure that was drawn with what may be read, and every table with its file."""
    figures, tables = [], []
    show_button, joined, render_csv = explained.show_button, evidence.joined, evidence.render_csv

    def drawn(figure, key, release):
        figures.append((figure, release))
        show_button(figure, key, release)

    def tabled(given):
        tables.append((tuple(given), joined(given)))
        return tables[-1][1]

    def filed(table):
        content = render_csv(table)
        tables.append((table, content))
        return content

    monkeypatch.setattr(explained, "show_button", drawn)
    monkeypatch.setattr(evidence, "joined", tabled)
    monkeypatch.setattr(evidence, "render_csv", filed)
    return figures, tables


def everybody(home):
    directory = open_directory(Settings(home=home))
    return [
        (one.persona_id, directory.viewer_of(one.person_id)) for one in personas(directory, wording("en"))
    ]


def walk(persona_id, viewer):
    for path in (*(page for page in pages_of(viewer) if page not in WITHOUT_NUMBERS), *INSTRUMENTS):
        tab = AppTest.from_file(APP, default_timeout=120)
        tab.query_params["as"] = persona_id
        tab._page_hash = calc_hash(str(path))
        tab.run()
        assert not tab.exception, (viewer.roles, path)


def may_see(viewer, name):
    """Once more, by hand: PMs see themselves, leads their units, HR and executives every unit, the council none."""
    if name.about == "pm":
        return Role.PM in viewer.roles and name.scope_id == viewer.person_id
    if viewer.roles & {Role.HR, Role.EXECUTIVE}:
        return True
    unit_id = name.scope_id.partition("/")[2] if name.about == "relationship" else name.scope_id
    return any(f"{unit_id}/".startswith(f"{own}/") for own in viewer.unit_ids)


def values_of(number):
    numbers = (getattr(number, field.name) for field in fields(number))
    return [value for value in numbers if isinstance(value, float | int) and not isinstance(value, bool)]


def is_near(text, values):
    said = float(text.replace("−", "-").replace("+", ""))
    return any(abs(abs(said) - abs(value)) <= 0.0501 for value in values)


def test_pages_when_everybody_opens_theirs_then_drawing_table_file_and_explanation_agree(
    home, monkeypatch, seen
):
    monkeypatch.setenv("PMHEALTH_HOME", str(home))
    monkeypatch.setenv(DEMO_VARIABLE, "1")
    release = Releases(home / "releases").current()
    figures, tables = seen
    counted = defaultdict(int)
    for persona_id, viewer in everybody(home):
        figures.clear()
        tables.clear()
        walk(persona_id, viewer)
        for figure, reading in figures:
            counted["figures"] += 1
            for one in figure.drawn:
                name = name_of(release, one.number)
                counted["numbers"] += 1
                assert may_see(viewer, name), (sorted(viewer.roles), str(name))
                assert find_number(release, str(name))[1] == one.number
                assert reading.number_called(str(name)) == one.number
                if isinstance(one.number, Released) and name.measure_id not in SAID_IN_WORDS:
                    rows = " ".join(cell for row in figure.table.rows for cell in row)
                    assert any(is_near(said, [one.number.score]) for said in NUMBER.findall(rows)), str(name)
        for one, other in tables:
            if isinstance(other, bytes | str):
                counted["files"] += 1
                text = other.decode("utf-8-sig") if isinstance(other, bytes) else other
                columns, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
                assert len(rows) == len(one.rows)
                assert [len(row) for row in rows] == [len(columns)] * len(rows)
                assert [[cell.removeprefix("'") for cell in row] for row in rows] == [
                    list(row) for row in one.rows
                ]
            else:
                counted["tables"] += 1
                assert len(other.rows) == sum(len(figure.table.rows) for figure in one)
    assert counted["numbers"] > 5_000, dict(counted)
