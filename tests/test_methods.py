"""docs/methods.md says what the code does: its constants, its audiences, a section for each file."""

import importlib
import re
from pathlib import Path

import pytest

from pipeline.audience import RULES, Audience

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
READERS = (Audience.PM, Audience.LEAD, Audience.EXECUTIVE, Audience.HR, Audience.COUNCIL)
CONSTANTS = re.findall(r"^\| `(\w+)\.(\w+)` \| (\S+) \|$", PAGE, flags=re.MULTILINE)


def audience_lines() -> list[str]:
    """The table of who may read what, as it stands in the page."""
    lines = []
    for (statistic, about), rules in RULES.items():
        cells = [describe(rules.get(audience)) for audience in READERS]
        words = statistic.value.replace("_", " "), about.value, *cells
        lines.append("| " + " | ".join(words) + " |")
    return lines


def describe(rule) -> str:
    if rule is None:
        return "–"
    number = "word" if rule.decimals is None else f"{rule.decimals} decimals"
    needs = [
        f"{least} {name}"
        for least, name in ((rule.min_responses, "responses"), (rule.min_pms, "PMs"))
        if least
    ]
    return number + (f" from {' and '.join(needs)}" if needs else "")


@pytest.mark.parametrize(("module", "name", "value"), CONSTANTS)
def test_constant_when_compared_with_the_code_then_is_the_same(module, name, value):
    assert getattr(importlib.import_module(f"pipeline.statistics.{module}"), name) == float(value)


def test_constants_when_the_code_has_a_public_number_then_the_page_has_it():
    public = {
        (path.stem, name)
        for path in (ROOT / "pipeline" / "statistics").glob("[a-z]*.py")
        for name, value in vars(importlib.import_module(f"pipeline.statistics.{path.stem}")).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, (int, float))
        if re.search(rf"^{name}\b.*=", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    left_out = {("standing_out", "NO_TRAIT"), ("one_way", "MIN_GROUPS")}  # codes, not promises
    assert {(module, name) for module, name, _ in CONSTANTS} >= public - left_out - PAIRS


PAIRS = {("reliability", "COMPARABLE"), ("reliability", "INDICATIVE")}
"""Set on one line together; the first test holds them."""


def test_audiences_when_compared_with_the_code_then_are_the_same():
    table = PAGE.split("## Who may read what")[1].split("##")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "statistic" not in line]
    assert rows == audience_lines()


def test_page_when_read_then_every_file_of_statistics_has_its_section():
    for path in (ROOT / "pipeline" / "statistics").glob("[a-z]*.py"):
        if path.stem != "cannot_tell":
            assert f"`{path.name}`" in PAGE, path.name
