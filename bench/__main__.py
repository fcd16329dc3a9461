"""`python -m bench`: measures, prints the ratios, writes docs/benchmarks.md."""

import sys
from pathlib import Path

import click

from bench.dashboard_page import render_dashboard, render_limits
from bench.folder import writes
from bench.form_load import CROWDS, measure_form
from bench.form_page import FULLEST, render_form
from bench.measure import Cost, run_program, run_work
from bench.page import Measured, render_page, render_ratio
from bench.publish_page import FEW_PMS, render_growth, render_point, render_publish
from bench.sections import with_rest, with_section
from bench.worker_load import ask_worker
from bench.worker_page import render_limit, render_worker

ROOT = Path(__file__).parent.parent
THREADS = 2
"""As many as the pipeline uses."""

SIZES = {"1M": 1_000_000, "10M": 10_000_000}
PAIRS = {"1M": 5, "10M": 3}
PM_COUNTS = (1_000, 10_000, 100_000)


@click.command()
@click.option(
    "--only",
    type=click.Choice(("pipeline", "form", "dashboard", "publish", "worker")),
    help="Measure one of them.",
)
@click.option("--size", "sizes", multiple=True, help="1M, 10M, or a number of answers; both by default.")
@click.option(
    "--pms", multiple=True, type=click.IntRange(min=1), help="Publish for so many PMs, instead of all."
)
@click.option("--pairs", type=click.IntRange(min=1), help="How many pairs, instead of 5 (3 for 10M).")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "data" / "bench", help="Where to work."
)
@writes("benchmarks.md")
def main(
    only: str | None, sizes: tuple[str, ...], pms: tuple[int, ...], pairs: int | None, folder: Path, out: Path
) -> None:
    """Measures the pipeline against plain DuckDB, form and dashboard under load and publishing; writes the page."""
    if only in (None, "pipeline"):
        measured = [_measure(size, pairs or PAIRS.get(size, 3), folder) for size in sizes or SIZES]
        _write(out, with_rest(_read(out), render_page(measured, _measure_start())))
        for size in measured:
            click.echo(render_ratio(size))
    if only in (None, "form"):
        _measure_form(folder / "form", out)
    if only in (None, "dashboard"):
        _measure_dashboard(folder / "dashboard", out)
    if only in (None, "publish"):
        _measure_publish((FEW_PMS, *(pms or PM_COUNTS)), folder / "publish", out)
    if only in (None, "worker"):
        _measure_worker(folder / "worker", out)
    click.echo(f"written: {out}")


def _measure_form(folder: Path, out: Path) -> None:
    click.echo("form: respondents on their way", err=True)
    said = measure_form(folder, CROWDS)
    _write(out, with_section(_read(out), "Form", render_form(said)))
    click.echo(f"form: {said[FULLEST]['cpu_per_1000']:.2f} CPU seconds per 1,000 visits, {FULLEST} at once")


def _measure_dashboard(folder: Path, out: Path) -> None:
    click.echo("dashboard: visitors on their way", err=True)
    said = run_work("dashboard_load", folder).said
    _write(out, with_section(_read(out), "Dashboard", render_dashboard(said)))
    click.echo(f"dashboard: {render_limits(said)}")


def _measure_publish(pm_counts: tuple[int, ...], folder: Path, out: Path) -> None:
    published = {count: _publish(count, folder) for count in pm_counts}
    _write(out, with_section(_read(out), "Publish", render_publish(published)))
    for count, cost in published.items():
        click.echo(render_point(count, cost))
    click.echo(f"publish: {render_growth(published)}")


def _measure_worker(folder: Path, out: Path) -> None:
    click.echo(f"worker: taking in four waves of {FEW_PMS} PMs", err=True)
    run_work("publish_load", "take-in", folder, FEW_PMS)
    seconds = ask_worker(folder / "home")
    _write(out, with_section(_read(out), "Worker", render_worker(seconds, FEW_PMS)))
    click.echo(f"worker: {render_limit(seconds)}")


def _publish(pm_count: int, folder: Path) -> Cost:
    click.echo(f"publish: taking in four waves of {pm_count:,} PMs", err=True)
    run_work("publish_load", "take-in", folder, pm_count)
    click.echo(f"publish: publishing them, {pm_count:,} PMs", err=True)
    return run_work("publish_load", "publish", folder)


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.exists() else ""


def _write(page: Path, text: str) -> None:
    page.write_text(text, encoding="utf-8")


def _measure(size: str, pair_count: int, folder: Path) -> Measured:
    world = folder / size
    answer_count = SIZES.get(size) or int(size)
    click.echo(f"{size}: making the file", err=True)
    run_work("world", world, answer_count)
    raw, pipeline, validation = [], [], []
    for pair in range(1, pair_count + 1):
        click.echo(f"{size}: pair {pair} of {pair_count}", err=True)
        raw.append(run_work("raw_read", world, THREADS))
        pipeline.append(_checked(run_work("whole_way", world), answer_count))
        validation.append(run_work("validation", world))
    file_size = (world / "answers.csv").stat().st_size
    return Measured(
        answer_count=answer_count, file_size=file_size, raw=raw, pipeline=pipeline, validation=validation
    )


def _checked(cost: Cost, answer_count: int) -> Cost:
    """A fast run that lost answers would be no measurement."""
    if cost.said["received"] != answer_count:
        message = f"the pipeline received {cost.said['received']:,.0f} of {answer_count:,} answers"
        raise click.ClickException(message)
    return cost


def _measure_start() -> list[Cost]:
    program = str(Path(sys.executable).with_name("pmhealth"))
    run_program(program, "--help")  # the first run compiles; nobody waits for that twice
    return [run_program(program, "--help") for _ in range(5)]


if __name__ == "__main__":
    main()
