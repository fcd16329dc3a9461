"""docs/templates and docs/privacy.md promise what the program does: its numbers, its words, tests that exist."""

import importlib
import math
import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from survey.errors import ConfigError
from survey.language import wording
from survey.policy import default_policy, default_policy_text, parse_policy

ROOT = Path(__file__).parent.parent
PRIVACY = ROOT / "docs" / "privacy.md"
TEMPLATES = sorted((ROOT / "docs" / "templates").glob("*.md"))
NAMES = {"README.md", "dpia.md", "rater-notice.md", "retention.md", "works-agreement.md"}
MARK = re.compile(r"(?P<number>\d+)<!-- (?P<setting>[\w.]+) -->")
GAP = re.compile(r"\[(?:fill in|proposed)[:,][^\]]+\]")
ASKS = re.compile(r"\| [^|]+ \| \*\*\[fill in: [^\]]+\]\*\* \|")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]*)(?:#(?P<section>[^)]+))?\)")
LAW = re.compile(r"(?:Art\. \d+|§ \d+)(?: ?\(\d+\)(?:\(\w\))?)?(?: (?:and )?\d+\b)?")
LEFT_OUT = re.compile(r"^#+ \d+\. |^\d+\. |`[^`]*`", flags=re.MULTILINE)
SPELLED = re.compile(r"\b(?:three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)\b")
LIMITS = {"lowest": -1, "highest": 1}
NAMED_TEST = re.compile(r"`(?P<path>tests/[\w/]+\.py): (?P<name>test_\w+)`")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def marks() -> list[tuple[str, str, str]]:
    return [
        (path.name, mark["number"], mark["setting"])
        for path in (*TEMPLATES, PRIVACY)
        for mark in MARK.finditer(read(path))
    ]


def value_of(setting: str) -> int:
    """A line of the policy, or a constant of the code in its own unit (days where it is a span)."""
    policy = asdict(default_policy())
    if setting in policy:
        return policy[setting]
    module, _, name = setting.rpartition(".")
    value = getattr(importlib.import_module(module), name)
    return value.days if isinstance(value, timedelta) else value


def is_accepted(line: str, value: int) -> bool:
    text = re.sub(rf"^{line} = .*$", f"{line} = {value}", default_policy_text(), flags=re.MULTILINE)
    try:
        parse_policy(text)
    except ConfigError:
        return False
    return True


def sections(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", read(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    broken = []
    for link in LINK.finditer(read(path)):
        target = path.parent / link["target"] if link["target"] else path
        if not target.exists() or (link["section"] and link["section"] not in sections(target)):
            broken.append(link[0])
    return broken


def unmarked(text: str) -> list[str]:
    """What is left of numbers, in digits or words, once all is taken out that may hold one."""
    for pattern in (LEFT_OUT, LINK, GAP, MARK, LAW):
        text = pattern.sub("", text)
    return re.findall(r".*\d.*", text) + SPELLED.findall(text)


def promises(text: str) -> list[str]:
    """The items of lists and the rows of tables without a box."""
    heads = re.findall(r"^(\|.*)\n\|---", text, flags=re.MULTILINE)
    lines = [line for line in text.splitlines() if line.startswith(("- ", "| "))]
    return [line for line in lines if "☐" not in line and line not in heads]


def form_says(quoted: str) -> bool:
    """True if a quotation is a text of the form, with a gap where the form puts in a value."""
    said = GAP.sub("{}", quoted).replace("**", "")
    return said in {re.sub(r"\{\w+\}", "{}", text) for text in wording("en").texts.values()}


def test_templates_when_listed_then_are_these():
    assert {path.name for path in TEMPLATES} == NAMES


@pytest.mark.parametrize(("page", "number", "setting"), marks())
def test_number_when_marked_then_is_the_programs(page, number, setting):
    line, _, limit = setting.rpartition(".")
    if limit in LIMITS:
        assert is_accepted(line, int(number))
        assert not is_accepted(line, int(number) + LIMITS[limit])
    else:
        assert int(number) == value_of(setting)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_number_when_in_a_template_then_is_marked_or_a_gap_or_the_law(path):
    assert unmarked(read(path)) == []


@pytest.mark.parametrize(
    "sentence", ["of at least 4 people", "for 12 months", "from five people on", "3<!-- min_pms --> or 5"]
)
def test_number_when_not_marked_then_is_found(sentence):
    assert unmarked(sentence) != []


@pytest.mark.parametrize("path", [*TEMPLATES, PRIVACY], ids=lambda path: path.name)
def test_link_when_followed_then_page_and_section_are_there(path):
    assert broken_links(path) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_promise_when_made_then_refers_to_the_section_that_says_so(path):
    assert [line for line in promises(read(path)) if not (LINK.search(line) or ASKS.fullmatch(line))] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_when_read_then_uses_no_word_the_form_must_not_use(path):
    assert "anonym" not in read(path).casefold()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_when_read_then_says_that_it_is_no_legal_advice(path):
    assert "no legal advice" in " ".join(read(path).casefold().split())


def test_notice_when_it_quotes_the_form_then_the_form_says_so():
    quoted = re.findall(
        r"^> (.+)$", read(ROOT / "docs" / "templates" / "rater-notice.md"), flags=re.MULTILINE
    )
    assert len(quoted) > 2
    assert [line for line in quoted if not form_says(line)] == []


def test_privacy_when_it_names_a_test_then_the_test_exists():
    named = NAMED_TEST.findall(read(PRIVACY))
    assert len(named) > 10
    assert [name for path, name in named if f"def {name}(" not in read(ROOT / path)] == []


def left_to_guess(stability: float, *, others: int = 5) -> float:
    """What is left of a leaver's spread to who knows the sum with them and the next one without."""
    unknown = others * (1 - stability**2)
    return math.sqrt(unknown / (1 + unknown))


@pytest.mark.parametrize(("stability", "spread"), [(0.6, 0.51), (0.95, 0.33)])
def test_belief_when_worked_out_for_normal_views_then_is_what_privacy_says(stability, spread):
    assert 0.57 * left_to_guess(stability) == pytest.approx(spread, abs=0.015)
    assert f"{spread:.2f}".lstrip("0") in read(PRIVACY)
