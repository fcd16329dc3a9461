"""Documentation is under test: what exists is documented, and what is documented exists."""

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
PACKAGES = ("survey", "pipeline", "dashboard")
ENTRY = re.compile(r"^- \*\*(?P<word>[^*]+)\*\*: (?P<meaning>.+)$", re.MULTILINE)
DECISION = re.compile(r"^## (?P<number>\d+)\. (?P<title>.+) \((?P<day>\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)


def _load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generate = _load_generator()
COMMANDS = dict(generate.walk_commands())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(generate.PAGES))
def test_generated_page_when_compared_with_the_code_then_it_is_current(page):
    assert _text(DOCS / page) == generate.PAGES[page](), "run make docs"


@pytest.mark.parametrize("words", COMMANDS)
def test_command_when_asked_for_help_then_it_says_what_it_does(words):
    assert (COMMANDS[words].help or "").strip().partition("\n")[0].endswith((".", "?"))


@pytest.mark.parametrize("words", COMMANDS)
def test_option_when_listed_then_it_says_what_it_is_for(words):
    options = [option for option in COMMANDS[words].params if isinstance(option, click.Option)]

    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_command_when_documented_then_it_has_a_section(words):
    assert f"## {words}\n" in _text(DOCS / "cli.md")


def test_refusal_when_raised_then_its_code_is_listed():
    listed = _text(DOCS / "errors.md")

    for refusal in generate.find_refusals():
        assert f"| `{refusal.code}` |" in listed


def test_refusal_when_named_then_its_code_is_plain_words():
    assert [
        r.code for r in generate.find_refusals() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", r.code)
    ] == []


def test_columns_when_described_then_exactly_those_of_the_schema_are():
    tables = [table for path in generate.SCHEMAS.glob("*.sql") for table in generate.read_tables(path)]
    columns = {name for table in tables for name, _ in table.columns}

    assert set(generate.read_meanings()) == columns


def test_schema_when_documented_then_no_table_is_left_out():
    for path in generate.SCHEMAS.glob("*.sql"):
        assert len(generate.read_tables(path)) == _text(path).count("create table")


def _glossary() -> list[tuple[str, str]]:
    return ENTRY.findall(_text(ROOT / "GLOSSARY.md"))


def test_glossary_when_read_then_each_line_is_one_word_with_one_sentence():
    lines = [line for line in _text(ROOT / "GLOSSARY.md").splitlines() if line.startswith("-")]
    words = [word for word, _ in _glossary()]

    assert len(lines) == len(words)
    assert len(set(words)) == len(words)
    assert [word for word, meaning in _glossary() if not meaning.endswith(".")] == []


@pytest.mark.parametrize(("word", "meaning"), _glossary(), ids=lambda text: text[:30])
def test_glossary_when_it_has_a_word_then_the_house_uses_it(word, meaning):
    if "Not built yet" in meaning:
        return
    needle = re.compile(re.escape(word).replace(r"\ ", r"[\s_-]+"), re.IGNORECASE)

    assert any(needle.search(text) for text in _sources()), word


def _sources() -> list[str]:
    files = [
        path
        for package in PACKAGES
        for kind in ("*.py", "*.sql", "*.yaml")
        for path in (ROOT / package).rglob(kind)
    ]
    return [_text(path) for path in files]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_when_it_links_to_a_file_then_the_file_is_there(path):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", _text(path))

    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_page_when_it_names_a_make_target_then_the_makefile_has_it(name):
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), flags=re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z]+)", _text(ROOT / name), flags=re.MULTILINE)

    assert set(named) <= targets


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "CHANGELOG.md"])
def test_page_when_it_names_a_command_then_the_program_has_it(name):
    blocks = re.findall(r"```\n(.*?)```", _text(ROOT / name), flags=re.DOTALL)
    named = [line for block in blocks for line in block.splitlines() if line.startswith("pmhealth")]
    named += re.findall(r"`(pmhealth [a-z][^`]*)`", _text(ROOT / name))
    known = [words.split() for words in COMMANDS if words != "pmhealth"]

    assert [line for line in named if not any(line.split()[: len(words)] == words for words in known)] == []


def test_readme_when_read_then_its_two_commands_come_first():
    commands = re.findall(r"```\n(.*?)```", _text(ROOT / "README.md"), flags=re.DOTALL)

    assert commands[0].split("\n")[:2] == ["make demo", "make test"]


def test_decisions_when_numbered_then_they_ascend_and_each_has_a_day():
    """A number is never given twice; some were set aside and never used."""
    text = _text(DOCS / "decisions.md")
    decisions = DECISION.findall(text)

    numbers = [int(number) for number, _, _ in decisions]
    assert numbers == sorted(set(numbers))
    assert len(decisions) == len(re.findall(r"^## \d", text, flags=re.MULTILINE))


def test_library_when_depended_on_then_a_decision_says_why():
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))
    libraries = [re.split(r"[<>=\[ ]", line)[0] for line in project["project"]["dependencies"]]

    table = _text(DOCS / "decisions.md").split("## Libraries")[1]
    assert [library for library in libraries if library not in table] == []


def test_changelog_when_released_then_this_version_is_in_it():
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))

    assert f"## {project['project']['version']} " in _text(ROOT / "CHANGELOG.md")
