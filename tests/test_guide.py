"""The guide tells what really happens: its commands are run in order, and every shown line has to come."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import cli
from pipeline.mapping.file import parse_mapping
from pipeline.mapping.mapping import ColumnReference
from survey.relationship import Relationship

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide.md"
SHOWN_HOME = "~/pmhealth"
LEFT_OUT = "..."


def read_session(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yields each command of the console blocks with the lines shown below it."""
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        for part in block.split("$ ")[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield command, shown


def assert_shown(shown: list[str], said: list[str]) -> None:
    """Every line stands in what was said, in order; lines are skipped only where the guide says so."""
    place, may_skip = 0, False
    for line in shown:
        if line == LEFT_OUT:
            may_skip = True
            continue
        while may_skip and place < len(said) and not _is_same(line, said[place]):
            place += 1
        assert place < len(said), line
        assert _is_same(line, said[place]), (line, said[place])
        place, may_skip = place + 1, False
    assert may_skip or place == len(said), said[place:]


def _is_same(line: str, said: str) -> bool:
    return said.startswith(line.removesuffix(LEFT_OUT)) if line.endswith(f" {LEFT_OUT}") else line == said


def test_guide_when_it_shows_a_mapping_then_it_can_be_read_and_names_every_relationship():
    text = GUIDE.read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    mapping = parse_mapping(shown.encode(), name="shown", file="guide.md")
    assert mapping.items[1].column == ColumnReference(name=6, line=mapping.items[1].column.line)
    assert [one.value for one in Relationship if one.value not in text.rpartition("Relationships")[2]] == []


@pytest.mark.slow
def test_guide_when_followed_then_the_program_says_what_it_shows(tmp_path, monkeypatch, capsys):
    home = tmp_path / "pmhealth"
    monkeypatch.setenv("PMHEALTH_HOME", str(home))
    monkeypatch.chdir(ROOT)
    session = list(read_session(GUIDE.read_text(encoding="utf-8")))
    assert len(session) > 8
    for command, shown in session:
        program, *arguments = shlex.split(command)
        assert program == "pmhealth"
        assert cli.run(arguments) == 0, command
        lines = capsys.readouterr().out.replace(str(home), SHOWN_HOME).splitlines()
        assert_shown(shown, [line.rstrip() for line in lines if line.strip()])
