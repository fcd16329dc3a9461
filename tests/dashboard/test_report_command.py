"""`pmhealth report`: which unit and quarter, which file, and what it says where there is none."""

import shutil

import pytest

from dashboard.cli import run
from survey.config import Settings
from tests.made_up_people import write_people


@pytest.fixture(scope="module")
def place(home, tmp_path_factory):
    """A deployment with the made-up release and its people."""
    folder = tmp_path_factory.mktemp("report") / "home"
    shutil.copytree(home / "releases", folder / "releases")
    write_people(Settings(home=folder), is_made_up=False)
    return folder


@pytest.fixture
def report(place, monkeypatch, tmp_path, capsys):
    def _report(*arguments):
        monkeypatch.chdir(tmp_path)
        code = run(["--home", str(place), "report", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return _report


def test_report_when_asked_for_a_quarter_then_writes_the_top_units_review_here(report, tmp_path):
    code, said = report("--wave", "2026Q2")
    assert code == 0
    assert "written to review-Product-2026Q2.html" in said
    html = (tmp_path / "review-Product-2026Q2.html").read_text(encoding="utf-8")
    assert "Product: focus has risen since 2025Q3" in html


def test_report_when_given_a_unit_format_language_and_file_then_writes_that(report, tmp_path):
    code, said = report(
        "--wave", "great-pm/2026Q1", "--unit", "Product/Growth", "--format", "xlsx", "--language", "de",
        "--output", "growth.xlsx",
    )  # fmt: skip
    assert code == 0
    assert "Product/Growth, great-pm/2026Q1, release 1" in said
    assert (tmp_path / "growth.xlsx").read_bytes()[:2] == b"PK"


def test_report_when_written_twice_then_has_the_same_bytes(report, tmp_path):
    for name in ("one", "two"):
        assert report("--wave", "2026Q2", "--output", name)[0] == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("--wave", "2031Q1"), "report-wave-unknown", "quarters: 2026Q2, 2026Q1, 2025Q4, 2025Q3"),
        (("--wave", "2026H1"), "report-wave-unknown", "quarters: 2026Q2"),
        (("--wave", "2026Q2", "--unit", "Nowhere"), "report-unit-unknown", "units: Product, Product/Growth"),
    ],
)
def test_report_when_there_is_no_such_thing_then_says_what_there_is(report, tmp_path, arguments, code, hint):
    exit_code, said = report(*arguments)
    assert exit_code == 5
    assert code in said
    assert hint in said
    assert list(tmp_path.iterdir()) == []


def test_report_when_nothing_is_published_then_says_what_to_do(tmp_path, capsys):
    assert run(["--home", str(tmp_path), "report", "--wave", "2026Q2"]) == 7
    assert "report-nothing" in capsys.readouterr().err
