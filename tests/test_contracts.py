"""Each contract is broken on purpose in a copy of the packages, and the break must be named."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parent.parent
PACKAGES = ("survey", "pipeline", "dashboard")
BORDER = "The dashboard's process reaches no answers"
ALLOWED_BELOW_THE_BORDER = {
    "pipeline.audience",
    "pipeline.lineage",
    "pipeline.makers",
    "pipeline.numbers",
    "pipeline.release",
    "pipeline.release_name",
    "pipeline.release_rows",
    "pipeline.remembered",
    "pipeline.released",
    "pipeline.released_comment",
    "pipeline.released_proof",
    "pipeline.released_unit",
    "pipeline.errors",
}
OUTSIDE_THE_DASHBOARDS_PROCESS = {"dashboard.cli", "dashboard.commands"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Lines added to modules, and the contract they break."""

    contract: str
    lines: dict[str, str]


BREAKS = (
    Break(contract="One direction", lines={"survey/roster.py": "import pipeline.errors"}),
    Break(contract="Inside survey", lines={"survey/errors.py": "import survey.campaign"}),
    Break(contract="Inside survey", lines={"survey/stray.py": ""}),
    Break(contract="Inside pipeline", lines={"pipeline/rules.py": "import pipeline.load"}),
    Break(contract="Inside pipeline", lines={"pipeline/release.py": "import pipeline.received"}),
    Break(contract="Inside mapping", lines={"pipeline/mapping/mapping.py": "import pipeline.mapping.file"}),
    Break(contract="Inside the form", lines={"survey/form/limit.py": "import survey.form.app"}),
    Break(contract="The form is a process of its own", lines={"survey/form/limit.py": "import numpy"}),
    Break(contract="Inside dashboard", lines={"dashboard/figures/figure.py": "import dashboard.views"}),
    Break(contract="Two files for DuckDB", lines={"pipeline/load.py": "import duckdb"}),
    Break(
        contract="One file for Great Expectations", lines={"pipeline/rules.py": "import great_expectations"}
    ),
    Break(contract="Who may draw", lines={"dashboard/figures/figure.py": "import streamlit"}),
    Break(
        contract="The form's answers are for the form and the pipeline",
        lines={"dashboard/views/__init__.py": "import survey.answers"},
    ),
    Break(contract="Survey stays light", lines={"survey/roster.py": "import pandas"}),
    Break(contract=BORDER, lines={"dashboard/figures/figure.py": "import pipeline.warehouse"}),
    Break(
        contract=BORDER,  # through the one module that is allowed
        lines={
            "dashboard/figures/figure.py": "import pipeline.release",
            "pipeline/release.py": "def look() -> None:\n    import pipeline.warehouse",
        },
    ),
    Break(contract="Inside tasks", lines={"pipeline/tasks/task.py": "import pipeline.tasks.files"}),
    Break(
        contract=BORDER,  # through a module of the dashboard itself
        lines={
            "dashboard/views/__init__.py": "import dashboard.stray",
            "dashboard/stray.py": "import pipeline.load",
        },
    ),
)


def _contracts() -> list[dict]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return config["tool"]["importlinter"]["contracts"]


def _lint(folder: Path) -> subprocess.CompletedProcess:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda _, names: [n for n in names if n == "__pycache__"],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_when_nothing_is_broken_then_all_are_kept(copied):
    result = _lint(copied)

    assert result.returncode == 0, result.stdout
    assert f"Contracts: {len(_contracts())} kept, 0 broken" in result.stdout


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: f"{case.contract}: {', '.join(case.lines)}")
def test_contract_when_broken_on_purpose_then_it_is_named(copied, case):
    for name, line in case.lines.items():
        with (copied / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")

    result = _lint(copied)

    assert result.returncode != 0
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(case.contract in line for line in broken), result.stdout


def test_every_contract_when_listed_then_it_is_broken_by_some_case():
    for contract in _contracts():
        assert any(case.contract in contract["name"] for case in BREAKS), contract["name"]


def _children(package: str) -> set[str]:
    found = (ROOT / package).iterdir()
    return {
        f"{package}.{path.stem}"
        for path in found
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }


def test_border_when_a_pipeline_module_is_added_then_it_must_be_forbidden():
    border = next(contract for contract in _contracts() if contract["name"] == BORDER)

    assert set(border["forbidden_modules"]) == _children("pipeline") - ALLOWED_BELOW_THE_BORDER


def test_border_when_a_dashboard_module_is_added_then_it_must_be_named():
    border = next(contract for contract in _contracts() if contract["name"] == BORDER)

    assert set(border["source_modules"]) == _children("dashboard") - OUTSIDE_THE_DASHBOARDS_PROCESS
