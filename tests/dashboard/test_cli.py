"""The root of the program: what it lists, what it imports, and how each kind of refusal reads."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from dashboard import cli
from dashboard.lazy import LazyCommand, load_command
from survey.config import Settings
from survey.errors import ConfigError, HealthError, Problem, RosterError, WaveError

HEAVY = (
    "pandas",
    "numpy",
    "duckdb",
    "great_expectations",
    "streamlit",
    "plotly",
    "scipy",
    "sqlalchemy",
    "rich",
)


def failing(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.fixture
def add_command() -> Callable[[click.Command], None]:
    """Puts a command of the test's own into the program, and takes it out again."""
    added: list[str] = []

    def add(command: click.Command) -> None:
        cli.program.add_command(command, "probe")
        added.append("probe")

    yield add
    for name in added:
        cli.program.commands.pop(name, None)


def test_help_lists_every_command_with_its_summary(capsys):
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, entry in cli.COMMANDS.items():
        assert f"{name} " in shown
        assert entry.summary in " ".join(shown.split())


def test_help_imports_nothing_heavy():
    script = (
        "import sys; from dashboard import cli; cli.run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root()
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_summary_when_the_command_exists_is_also_its_help():
    for name, entry in cli.COMMANDS.items():
        path = root() / Path(*entry.target.partition(":")[0].split(".")).with_suffix(".py")
        if path.exists():
            assert isinstance(load_command(entry, name), click.Command)


def test_version_says_the_program_and_a_number(capsys):
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pmhealth ")


def test_a_command_whose_module_is_absent_fails_plainly(capsys, monkeypatch):
    absent = LazyCommand(target="dashboard.commands.absent:command", summary="Not there.")
    monkeypatch.setitem(cli.COMMANDS, "absent", absent)
    assert cli.run(["absent"]) == 1
    assert capsys.readouterr().err.startswith(
        "error[command-missing]: this installation has no command 'absent'"
    )


def test_a_module_missing_inside_a_command_is_not_taken_for_a_missing_command(tmp_path, capsys, monkeypatch):
    (tmp_path / "broken_probe.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(cli.COMMANDS, "broken", LazyCommand(target="broken_probe:command", summary="Broken."))
    assert cli.run(["broken"]) == cli.UNEXPECTED_EXIT_CODE
    assert "ModuleNotFoundError at broken_probe.py:1" in capsys.readouterr().err


def test_an_unknown_command_is_a_usage_error_with_the_nearest_name(capsys):
    assert cli.run(["rostr"]) == 2
    assert "No such command 'rostr'. Did you mean 'roster'?" in capsys.readouterr().err


def test_an_unknown_command_like_no_other_gets_no_suggestion(capsys):
    assert cli.run(["xyzzy"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"), [(WaveError("x", "y"), 5), (ConfigError("x", "y"), 6), (HealthError("x", "y"), 1)]
)
def test_a_refusal_ends_with_the_exit_code_of_its_branch(error, code, add_command, capsys):
    add_command(failing(error))
    assert cli.run(["probe"]) == code
    assert capsys.readouterr().err == "error[x]: y\n"


def test_a_refusal_is_three_lines_without_a_traceback(add_command, capsys):
    add_command(failing(WaveError("wave-unknown", "no such wave", where="register", hint="run this")))
    cli.run(["probe"])
    captured = capsys.readouterr()
    assert captured.err == "error[wave-unknown]: no such wave\nwhere: register\ntry: run this\n"
    assert captured.out == ""


def test_a_refused_file_shows_every_problem_with_its_line(add_command, capsys):
    problems = tuple(
        Problem(file="r.csv", line=line, message="bad date", hint="write 2026-01-31") for line in (2, 7)
    )
    add_command(failing(RosterError("roster-invalid", "2 problems", problems)))
    assert cli.run(["probe"]) == 4
    assert capsys.readouterr().err.splitlines() == [
        "r.csv:2: bad date -> write 2026-01-31",
        "r.csv:7: bad date -> write 2026-01-31",
        "error[roster-invalid]: 2 problems",
        "where: r.csv",
    ]


def test_a_bug_is_one_line_that_quotes_nothing(add_command, capsys, monkeypatch):
    monkeypatch.delenv(cli.DEBUG_VARIABLE, raising=False)
    add_command(failing(ValueError("a.person@example.org")))
    assert cli.run(["probe"]) == 70
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "ValueError at test_cli.py" in shown
    assert "PMHEALTH_DEBUG=1" in shown
    assert "example.org" not in shown


def test_a_bug_with_debug_set_shows_the_traceback(add_command, capsys, monkeypatch):
    monkeypatch.setenv(cli.DEBUG_VARIABLE, "1")
    add_command(failing(ValueError("detail")))
    assert cli.run(["probe"]) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_bug_without_a_traceback_still_reads():
    assert "KeyError at unknown place" in cli.render_unexpected(KeyError("x"), is_debug=False)


def test_an_interrupt_ends_with_130(add_command, capsys):
    add_command(failing(KeyboardInterrupt()))
    assert cli.run(["probe"]) == 130
    assert "stopped" in capsys.readouterr().err


def settings_seen(arguments: list[str], add_command: Callable[[click.Command], None]) -> Settings:
    seen: list[Settings] = []

    @click.command()
    @click.pass_obj
    def command(settings: Settings) -> None:
        seen.append(settings)

    add_command(command)
    assert cli.run([*arguments, "probe"]) == 0
    return seen[0]


def test_home_option_wins_over_the_environment(tmp_path, add_command, monkeypatch):
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path / "environment"))
    assert settings_seen(["--home", str(tmp_path / "option")], add_command).home == tmp_path / "option"


def test_home_without_the_option_comes_from_the_environment(tmp_path, add_command, monkeypatch):
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path / "environment"))
    assert settings_seen([], add_command).home == tmp_path / "environment"


def test_an_exit_code_of_a_command_is_kept(add_command):
    @click.command()
    @click.pass_context
    def command(ctx: click.Context) -> None:
        ctx.exit(9)

    add_command(command)
    assert cli.run(["probe"]) == 9


def test_main_ends_the_process_with_the_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["pmhealth", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out


def root() -> Path:
    return Path(cli.__file__).resolve().parents[1]
