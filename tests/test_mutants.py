"""The list of mutants that may live: it is about the code as it is, and a run is held against it line by line."""

import json
import re
from pathlib import Path

import pytest

from bench.mutants import EXPLAINED, Kind, Mutant, differ, read_functions, read_kinds, read_run, render

ROOT = Path(__file__).parent.parent
CHANGE = re.compile(r"^(?P<module>\w+)\.(?P<function>[\w.]+): (?P<head>.*)«(?P<old>.*) => .*»(?P<tail>.*)$")
MADE = '''
def x_few__mutmut_orig(count: int, fewest: int = 3) -> bool:
    """Says so."""
    return count < fewest

def x_few__mutmut_1(count: int, fewest: int = 4) -> bool:
    """Says so."""
    return count < fewest

def x_few__mutmut_2(count: int, fewest: int = 3) -> bool:
    """Says so."""
    return count <= fewest

class Groups:
    def xǁGroupsǁ_join__mutmut_orig(self) -> None:
        self.count += 1

    def xǁGroupsǁ_join__mutmut_1(self) -> None:
        self.count = 1
'''


@pytest.fixture
def run(tmp_path):
    codes = {"x_few__mutmut_1": 1, "x_few__mutmut_2": 0, "xǁGroupsǁ_join__mutmut_1": 37}
    meta = {"exit_code_by_key": {f"pipeline.rule.{name}": code for name, code in codes.items()}}
    (tmp_path / "rule.py").write_text(MADE, encoding="utf-8")
    (tmp_path / "rule.py.meta").write_text(json.dumps(meta), encoding="utf-8")
    return tuple(read_run(tmp_path))


def test_run_when_read_then_each_mutant_says_what_it_changes_and_whether_it_lives(run):
    assert [(one.change, one.has_survived) for one in run] == [
        ("rule.few: count: int, fewest: int=«3 => 4»", False),
        ("rule.few: return count <« => =» fewest", True),
        ("rule.Groups._join: self.count «+ => »= 1", False),
    ]


@pytest.mark.parametrize(
    ("code", "lives"), [(1, False), (3, False), (37, False), (0, True), (-24, True), (None, True)]
)
def test_mutant_when_no_test_failed_then_lives_also_if_it_never_ended_or_was_not_tried(code, lives):
    assert Mutant(module="rule", change="", code=code).has_survived is lives


def test_run_when_it_differs_from_what_is_explained_then_both_sides_are_named(run):
    survivor = "rule.few: return count <« => =» fewest"
    assert differ(run, [Kind(reason="Why.", survivors=(survivor,))]) == ([], [])
    assert differ(run, [Kind(reason="Why.", survivors=("gone",))]) == ([survivor], ["gone"])
    assert differ(run, [Kind(reason="Why.", survivors=(survivor, survivor))]) == ([], [survivor])
    endless = Kind(reason="No end.", survivors=("gone",), is_never_ending=True)
    assert differ(run, [Kind(reason="Why.", survivors=(survivor,)), endless]) == ([], [])


def test_page_when_written_then_counts_by_module_and_by_reason(run):
    page = render(run, [Kind(reason="Why.", survivors=("one", "two"))], "2026-11-26")
    assert "| rule | 3 | 1 | 1 | 1 |" in page
    assert "| all | 3 | 1 | 1 | 1 |" in page
    assert "- Why. **2**" in page


@pytest.mark.parametrize("change", [one for kind in read_kinds(EXPLAINED) for one in kind.survivors])
def test_survivor_when_explained_then_its_line_is_still_there(change):
    found = CHANGE.match(change)
    functions = read_functions(ROOT / "pipeline" / "disclosure" / f"{found['module']}.py")
    assert "".join(found.group("head", "old", "tail")) in functions[found["function"]]


def test_page_when_survivors_are_explained_then_it_says_the_same_reasons():
    page = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8")
    for kind in read_kinds(EXPLAINED):
        assert f"- {kind.reason} **{len(kind.survivors)}**" in page
