"""`python -m bench.calibration`: runs every setting and writes docs/calibration.md."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bench.calibration.demo_trial import try_demo
from bench.calibration.group_trial import try_alpha, try_units
from bench.calibration.organisation import CEILING, HARD_CEILING, MIDDLE, Setting
from bench.calibration.tables import Results, Row, problems, render_page
from bench.calibration.trial import run_trial
from bench.folder import writes
from survey.definition import BUILT_IN, read_instrument

RATERS = (3, 4, 6, 8, 12)
LOADS = (1, 2, 4)
SEED = 20261125

MAIN = tuple(
    Setting(raters=raters, icc=icc, mean=mean)
    for mean, iccs in ((MIDDLE, (0.1, 0.2, 0.3, 0.4)), (CEILING, (0.1, 0.4)))
    for icc in iccs
    for raters in RATERS
)
POWER = tuple(Setting(raters=raters, shift=shift) for raters in RATERS for shift in (0.6, 0.8, 1.0, 1.2, 1.4))
SMALL = tuple(
    Setting(raters=raters, mean=mean, subjects=12) for mean in (MIDDLE, CEILING) for raters in (4, 6, 8)
)
HARD = tuple(Setting(raters=raters, icc=0.3, mean=HARD_CEILING) for raters in RATERS)
EXPOSURE = tuple(
    Setting(raters=raters, not_observed_share=share) for share in (0.0, 0.3) for raters in RATERS
)


@click.command()
@click.option("--count", default=2000, type=click.IntRange(min=1), help="Organisations per setting.")
@writes("calibration.md")
def main(count: int, out: Path) -> None:
    """Holds the statistics against organisations whose truth is known, and writes the page about it."""
    results = Results(
        count=count,
        main=_run("coverage", MAIN, count),
        power=_run("power", POWER, count // 4),
        small=_run("small", SMALL, count // 2),
        hard=_run("hard ceiling", HARD, count // 4),
        exposure=_run("exposure", EXPOSURE, count // 4),
        units={load: try_units(load, count, SEED) for load in LOADS},
        alpha=try_alpha(count // 2, SEED),
        demo=try_demo(read_instrument(BUILT_IN / "great-pm.yaml"), range(count // 10)),
    )
    out.write_text(render_page(results), encoding="utf-8")
    for problem in problems(results):
        click.echo(problem, err=True)
    click.echo(f"written: {out}")
    sys.exit(1 if problems(results) else 0)


def _run(name: str, settings: Iterable[Setting], count: int) -> tuple[Row, ...]:
    rows = []
    for place, setting in enumerate(settings, start=1):
        click.echo(f"{name}: setting {place}", err=True)
        rows.append(Row(setting=setting, tally=run_trial(setting, count, SEED + place)))
    return tuple(rows)


if __name__ == "__main__":
    main()
