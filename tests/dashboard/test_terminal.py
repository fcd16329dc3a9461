"""How commands talk: no markup is obeyed, progress goes to stderr, JSON is plain."""

import json
from datetime import date

import click
import pytest

from dashboard import terminal


def test_a_table_shows_texts_as_they_are(capsys):
    terminal.show_table(("unit", "PMs"), [("[red]Data[/red] :smile:", 3)], title="[bold]x", numeric=("PMs",))
    shown = capsys.readouterr().out
    assert "[red]Data[/red] :smile:" in shown
    assert "[bold]x" in shown
    assert "\x1b" not in shown


def test_a_wide_table_is_not_folded_where_it_is_piped(capsys):
    unit = "/".join(["Product"] * 15)
    terminal.show_table(("unit", "again"), [(unit, "x")])
    assert unit in capsys.readouterr().out


def test_json_has_sorted_keys_and_dates_as_text(capsys):
    terminal.say_json({"b": date(2026, 1, 31), "a": "Zoë"})
    shown = capsys.readouterr().out
    assert "Zoë" in shown
    assert list(json.loads(shown).items()) == [("a", "Zoë"), ("b", "2026-01-31")]


def test_progress_goes_to_stderr_line_by_line_where_it_is_piped(capsys):
    with terminal.working("working") as progress:
        progress("reading")
        progress("loading")
    captured = capsys.readouterr()
    assert captured.err == "reading\nloading\n"
    assert captured.out == ""


def test_progress_on_a_terminal_leaves_nothing_behind_on_stdout(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with terminal.working("working") as progress:
        progress("[red]reading")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "reading" in captured.err


def test_the_next_command_outside_a_command_is_said_as_it_is(capsys):
    terminal.say_next("pmhealth serve")
    assert capsys.readouterr().out == "next: pmhealth serve\n"


@pytest.mark.parametrize(
    ("home", "said"), [("a b", "pmhealth --home 'a b' serve"), ("plain", "pmhealth --home plain serve")]
)
def test_the_next_command_keeps_the_home_that_was_chosen(capsys, home, said):
    @click.command()
    @click.option("--home")
    def command(home: str) -> None:
        terminal.say_next("pmhealth serve")

    command.main(["--home", home], standalone_mode=False)
    assert capsys.readouterr().out == f"next: {said}\n"


def test_a_line_is_a_line(capsys):
    terminal.say("one")
    terminal.say()
    assert capsys.readouterr().out == "one\n\n"
