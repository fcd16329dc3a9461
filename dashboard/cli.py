"""The `pmhealth` program: finds the command asked for, and says plainly what went wrong.

Nothing heavy is imported here. Each command lives in `dashboard/commands/` and is imported only
when it is run, so that `pmhealth --help` answers at once.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from dashboard.lazy import LazyCommand, LazyGroup
from survey.config import read_settings
from survey.errors import HealthError, ProblemsError

UNEXPECTED_EXIT_CODE = 70
INTERRUPTED_EXIT_CODE = 130
DEBUG_VARIABLE = "PMHEALTH_DEBUG"


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
        summary="Plan a wave, say who is asked, open it, follow it, close it.",
    ),
    "ingest": LazyCommand(
        target="dashboard.commands.ingest:command",
        summary="Take in answers that another survey tool exported.",
    ),
    "publish": LazyCommand(
        target="dashboard.commands.publish:command",
        summary="Turn the answers of a wave into numbers that may be shown.",
    ),
    "comment": LazyCommand(
        target="dashboard.commands.comment:command",
        summary="For HR: read the comments that will be shown, hold one back.",
    ),
    "explain": LazyCommand(
        target="dashboard.commands.explain:command",
        summary="Say where a number comes from, or why it is hidden.",
    ),
    "prove": LazyCommand(
        target="dashboard.commands.prove:command",
        summary="Attack a release: does any number tell who said what?",
    ),
    "report": LazyCommand(
        target="dashboard.commands.report:command",
        summary="Write the quarterly review of a unit, to print or as a workbook.",
    ),
    "serve": LazyCommand(
        target="dashboard.commands.serve:command",
        summary="Serve the dashboard.",
    ),
    "expectations": LazyCommand(
        target="dashboard.commands.expectations:command",
        summary="Show and check what is expected of PMs.",
    ),
    "session": LazyCommand(
        target="dashboard.commands.session:command",
        summary="List who is signed in, and sign them out.",
    ),
    "audit": LazyCommand(
        target="dashboard.commands.audit:command",
        summary="Read what was done and who looked, and prove it is whole.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
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
    ctx.obj = read_settings(home)


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
