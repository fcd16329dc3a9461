"""Groups of commands that import a command only when it is run, so that help answers at once."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from survey.errors import HealthError


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyCommand:
    """Where a command lives, and its line in the list of commands."""

    target: str
    summary: str


class LazyGroup(click.Group):
    """A group whose commands and their lines of help come from a table.

    Args:
        lazy: the table, in the order of the help.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        return load_command(self._lazy[cmd_name], cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + self._suggestion(args[0]), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self._lazy.items()])

    def _suggestion(self, name: str) -> str:
        import difflib  # noqa: PLC0415 - needed only after a typing error

        near = difflib.get_close_matches(name, self._lazy, n=1)
        return f" Did you mean '{near[0]}'?" if near else ""


def load_command(entry: LazyCommand, name: str) -> click.Command:
    """Returns a command of a table, imported now.

    Raises:
        HealthError: this installation does not have the command.
    """
    module_name, _, attribute = entry.target.partition(":")
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
