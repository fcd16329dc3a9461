"""The rules of the house that a machine can keep: sizes, names, locks, one entry to everything."""

import fnmatch
import re
import subprocess
import tomllib
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("survey", "pipeline", "dashboard")
MAX_LINES = 400
FORBIDDEN_STEMS = {
    "base",
    "common",
    "core",
    "helper",
    "helpers",
    "manager",
    "misc",
    "shared",
    "util",
    "utils",
}
LOCKS = ("run.txt", "dev.txt", "uv.txt", "mutants.txt")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _files(*patterns: str) -> list[Path]:
    """Every file of ours that matches: in the packages, bench, tests and docs."""
    rooms = [ROOT / room for room in (*PACKAGES, "bench", "tests", "docs")]
    found = [path for room in rooms for pattern in patterns for path in room.rglob(pattern)]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", _files("*.py", "*.sql", "*.toml", "*.css", "*.js"), ids=_name)
def test_file_when_written_by_hand_then_it_has_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_files_when_named_then_the_name_says_what_they_do():
    assert [_name(path) for path in _files("*") if path.stem in FORBIDDEN_STEMS] == []


def test_views_when_streamlit_looks_for_pages_then_there_is_no_folder_of_that_name():
    assert [path for path in _files("pages") if path.is_dir()] == []


@pytest.mark.parametrize("path", _files("*.sql"), ids=_name)
def test_sql_when_opened_then_its_head_says_what_it_is(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    header = takewhile(lambda line: line.startswith("--"), lines)
    keys = [found[1] for line in header if (found := re.match(r"-- (\w+):", line))]

    assert keys == ["what", "grain", "reader"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_when_read_then_each_package_has_a_version_and_hashes_and_no_address(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)

    assert "//" not in text
    assert "index" not in text
    for package in packages:
        assert re.match(r"[A-Za-z0-9._\[\]-]+==\S+", package), package.splitlines()[0]
        assert "--hash=sha256:" in package, package.splitlines()[0]


def test_locks_when_compared_then_development_runs_what_is_shipped():
    pinned = {name: _pinned(name) for name in LOCKS}

    assert pinned["run.txt"] <= pinned["dev.txt"]
    assert pinned["uv.txt"] <= pinned["dev.txt"] <= pinned["mutants.txt"]


def _pinned(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^[A-Za-z0-9._\[\]-]+==[^\s;\\]+", text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "name",
    [
        "demo",
        "test",
        "check",
        "fmt",
        "bench",
        "calibrate",
        "visibility",
        "mutants",
        "clean",
        "help",
        "docs",
        "lock",
    ],
)
def test_make_when_asked_for_help_then_it_lists_the_target(name):
    result = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert re.search(rf"^  make {name} +\w", result.stdout, flags=re.MULTILINE)


def test_ci_when_run_then_it_calls_what_a_contributor_calls():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert text.splitlines()[-1] == "make test"
    assert "set -euo pipefail" in text
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_gitignore_when_the_program_runs_then_what_it_makes_stays_out():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()

    assert {".venv/", "data/home/", "data/demo/", "data/bench/"} <= set(ignored)


@pytest.mark.parametrize("package", PACKAGES)
def test_package_when_built_then_every_file_that_is_no_code_goes_with_it(package):
    patterns = PROJECT["tool"]["setuptools"]["package-data"].get(package, [])
    files = [
        path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    names = [path.relative_to(ROOT / package).as_posix() for path in files]

    left_out = [name for name in names if not any(_matches(name, pattern) for pattern in patterns)]
    assert left_out == []


def _matches(name: str, pattern: str) -> bool:
    return fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, pattern.replace("**/", ""))


@pytest.mark.parametrize("table", ["ruff.lint", "coverage.report", "coverage.run", "pytest.ini_options"])
def test_exclusion_when_made_then_its_reason_stands_beside_it(table):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text.split(f"[tool.{table}]")[1].split("\n[")[0]
    lists = re.findall(
        r"^(?:ignore|exclude_also|disable_warnings) = \[\n(.*?)^\]", section, re.DOTALL | re.MULTILINE
    )

    for line in "".join(lists).splitlines():
        assert "#" in line, line
