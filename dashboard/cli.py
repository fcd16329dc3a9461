"""The `pmhealth` program: finds the command asked for, and says plainly what went wrong.

Nothing heavy is imported here. Each command lives in `dashboard/commands/` and is imported only
when it is run, so that `pmhealth --help` answers at once.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from survey.config import Settings, read_settings
from survey.errors import HealthError, ProblemsError

UNEXPECTED_EXIT_CODE = 70
INTERRUPTED_EXIT_CODE = 130
DEBUG_VARIABLE = "PMHEALTH_DEBUG"


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyCommand:
    """Where a command lives, and its line in the list of commands."""

    target: str
    summary: str


COMMANDS: dict[str, LazyCommand] = {
    "demo": LazyCommand(
        target="dashboard.commands.demo:command",
        summary="Make up an organisation with five quarters to look at.",
    ),
    "instrument": LazyCommand(
        target="dashboard.commands.instrument:command",
        summary="List, show and check what can be asked.",
    ),
    "roster": LazyCommand(
        target="dashboard.commands.roster:command",
        summary="Import and show who is where, and when.",
    ),
    "wave": LazyCommand(
        target="dashboard.commands.wave:command",
        summary="List, show and withdraw waves.",
    ),
    "ingest": LazyCommand(
        target="dashboard.commands.ingest:command",
        summary="Take in answers that another survey tool exported.",
    ),
    "publish": LazyCommand(
        target="dashboard.commands.publish:command",
        summary="Turn the answers of a wave into numbers that may be shown.",
    ),
    "serve": LazyCommand(
        target="dashboard.commands.serve:command",
        summary="Serve the dashboard.",
    ),
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is run; help comes from the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        return load_command(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _suggestion(args[0]), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def _suggestion(name: str) -> str:
    import difflib  # noqa: PLC0415 - needed only after a typing error

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def load_command(name: str) -> click.Command:
    """Returns a command of the table, imported now.

    Raises:
        HealthError: this installation does not have the command.
    """
    module_name, _, attribute = COMMANDS[name].target.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise HealthError(
            "command-missing",
            f"this installation has no command '{name}' yet",
            where="pmhealth",
            hint="run 'pmhealth --help' for the commands there are, or install a newer version",
        ) from error
    command: click.Command = getattr(module, attribute)
    return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="New here? Run 'pmhealth demo'. Help on a command: 'pmhealth COMMAND --help'.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of this deployment. Default: $PMHEALTH_HOME, or else data/home.",
)
@click.version_option(package_name="pmhealth", message="%(prog)s %(version)s")
@click.pass_context
def program(ctx: click.Context, home: Path | None) -> None:
    """Team health surveys for product managers.

    Takes in what people answered, protects who said what, and shows each PM and each unit how
    they do on taste, honesty, clarity and focus.
    """
    ctx.obj = read_settings() if home is None else Settings(home=home.resolve())


def main() -> None:
    """Runs the program with the arguments of the process, and ends the process."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs the program and returns its exit code; what went wrong is said on stderr.

    0: done. 2: used wrongly. 3 and up: the branch of `HealthError`. 70: unexpected. 130: interrupted.
    """
    try:
        result = program.main(args=list(arguments), prog_name="pmhealth", standalone_mode=False)
    except HealthError as error:
        click.echo(render_error(error), err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED_EXIT_CODE
    except Exception as error:
        click.echo(render_unexpected(error, is_debug=bool(os.environ.get(DEBUG_VARIABLE))), err=True)
        return UNEXPECTED_EXIT_CODE
    return result if isinstance(result, int) else 0


def render_error(error: HealthError) -> str:
    """Returns what a person reads about a refusal: every problem, then what, where and what to try."""
    lines = [str(problem) for problem in error.problems] if isinstance(error, ProblemsError) else []
    lines.append(f"error[{error.code}]: {error.message}")
    if error.where:
        lines.append(f"where: {error.where}")
    if error.hint:
        lines.append(f"try: {error.hint}")
    return "\n".join(lines)


def render_unexpected(error: Exception, *, is_debug: bool) -> str:
    """Returns a line about a bug: its kind and place, never its text, which may quote an answer."""
    if is_debug:
        return "".join(traceback.format_exception(error)).rstrip()
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    return (
        f"error[unexpected]: {type(error).__name__} at {place}; this is a bug, nothing you did wrong. "
        f"Set {DEBUG_VARIABLE}=1 and run it again to see the details"
    )
