"""A day as people write it in an option."""

from datetime import date
from typing import Any

import click


class Day(click.ParamType[date]):
    """Year-month-day; click's own type says 'does not match the format %Y-%m-%d'."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Returns the day that is meant; refuses what is none."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail("this is not a day; write year-month-day, like 2026-01-31", param, ctx)
