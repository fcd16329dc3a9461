"""`pmhealth explain`: where a number comes from, or by which rule it is hidden."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dashboard.terminal import say, say_json
from survey.config import Settings
from survey.errors import StoreError

if TYPE_CHECKING:
    from pipeline.lineage import Explanation
    from pipeline.release import Release


@click.command()
@click.argument("cell")
@click.option("--list", "is_list", is_flag=True, help="List the numbers whose name begins with CELL.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def command(settings: Settings, *, cell: str, is_list: bool, is_json: bool) -> None:
    """Say where a number of the current release comes from, without the number.

    CELL is a wave, whom the number is about (pm, unit, team where teams are rated, or organisation/all),
    whose answers it rests on or what else it is, and what was measured. Of a hidden number you get the
    rule that hides it.

    \b
    Examples:
      pmhealth explain --list great-pm/2026Q3:pm/p-017
      pmhealth explain great-pm/2026Q3:pm/p-017:others:trait/taste
      pmhealth explain great-pm/2026Q3:unit/Product/Growth:others:trait/focus --json
      pmhealth explain great-pm/2026Q3:pm/p-017:change/quarter:trait/taste
    """  # noqa: D301
    from pipeline.lineage import explain, number_names  # noqa: PLC0415 - imports DuckDB

    release = _current(settings)
    if is_list:
        names = number_names(release, cell)
        say_json(names) if is_json else say("\n".join(names) or "There is no number of that name.")
        return
    found = explain(release, cell)
    say_json({**asdict(found), "rule": _rule(found)}) if is_json else _show(found)


def _current(settings: Settings) -> "Release":
    from pipeline.release import Releases  # noqa: PLC0415

    release = Releases(settings.releases_path).current()
    if release is None:
        raise StoreError(
            "explain-nothing",
            "nothing is published yet",
            where=settings.releases_path.name,
            hint="run: pmhealth publish --wave WAVE",
        )
    return release


def _rule(found: "Explanation") -> str:
    from survey.language import MEASURE, wording  # noqa: PLC0415

    return found.rule.said(wording(MEASURE))


def _show(found: "Explanation") -> None:
    say(f"{found.name}, in release {found.release_no}")
    say(f"  {_rule(found)}")
    if found.rater_count is not None:
        say(f"  n = {found.rater_count}, PMs = {found.pm_count}")
    say(f"  k = {found.min_raters}, at least {found.min_pms} PMs; policy {found.policy_hash}")
    say(f"  waves: {', '.join(found.waves)}")
    say(f"  instrument {found.instrument}, {found.instrument_hash}")
    say(f"  items: {', '.join(found.items)}")
    for file in found.files:
        say(f"  file {file.sha256} ({file.tool})")
        say(f"    mapping {file.mapping_hash}, validated by suite {file.suite_hash}")
    say(f"  made by: {', '.join(found.made_by)}")
