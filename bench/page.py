"""docs/benchmarks.md from what was measured: medians, ratios, and the limits they are held to."""

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

from bench.measure import Cost, middle

MAX_CPU_RATIO = 3.0
MAX_MEMORY = 2_500_000_000
MAX_VALIDATION_SECONDS = 1.0
MAX_START_SECONDS = 0.3
MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The runs of one size; the n-th of `raw` and of `pipeline` ran one right after the other."""

    answer_count: int
    file_size: int
    raw: list[Cost]
    pipeline: list[Cost]
    validation: list[Cost]

    @property
    def cpu_ratio(self) -> float:
        return median(one.cpu / raw.cpu for one, raw in zip(self.pipeline, self.raw, strict=True))

    @property
    def wall_ratio(self) -> float:
        return median(one.wall / raw.wall for one, raw in zip(self.pipeline, self.raw, strict=True))


def render_page(sizes: list[Measured], start: list[Cost]) -> str:
    """Returns the page in Markdown."""
    parts = [_head(), *map(_size_section, sizes), _validation_section(sizes), _start_section(start)]
    return "\n\n".join(parts) + "\n"


def render_ratio(size: Measured) -> str:
    """Returns the one line of a size that matters."""
    return (
        f"{size.answer_count:,} answers: {size.cpu_ratio:.2f} x the CPU seconds of the raw read,"
        f" {size.wall_ratio:.2f} x its wall, {_memory(size.pipeline)} at most"
    )


def _head() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"""# Benchmarks

Written by `make bench`. {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()},
DuckDB {version("duckdb")}, Great Expectations {version("great-expectations")}.

The file is a canonical long CSV, the same bytes every time: 24 items, 8 raters per PM, and the roster of the PMs it
needs. *Raw* is DuckDB's own `read_csv` into a table of a DuckDB file. *Pipeline* is ingest and publish
as the commands run them (pseudonyms, rules, load, marts, blocks, release), without Great Expectations, which is measured
apart. Each run is a process of its own, its start included; raw and pipeline run in pairs, one right after the other, so
that a busy machine slows both. Figures are medians; ratios are medians over the pairs. CPU seconds are the measure:
wall seconds depend on who else is at work."""


def _size_section(size: Measured) -> str:
    ingest, publish = (_said(size.pipeline, key) for key in ("ingest", "publish"))
    return f"""## {size.answer_count // MILLION or size.answer_count / MILLION} million answers

{size.file_size / 1e6:,.0f} MB of CSV, {len(size.raw)} pairs.

| | CPU s | wall s | peak memory |
|---|---|---|---|
| raw | {_seconds(size.raw)} | {_memory(size.raw)} |
| pipeline | {_seconds(size.pipeline)} | {_memory(size.pipeline)} |
| ratio | **{size.cpu_ratio:.2f}** | {size.wall_ratio:.2f} | |

Of the pipeline's CPU seconds, {ingest:.2f} are ingest and {publish:.2f} publish. Limits: {MAX_CPU_RATIO:.0f} x the raw
CPU seconds ({_kept(size.cpu_ratio <= MAX_CPU_RATIO)}), {MAX_MEMORY / 1e9} GB
({_kept(middle(size.pipeline, lambda one: one.memory) <= MAX_MEMORY)})."""


def _validation_section(sizes: list[Measured]) -> str:
    lines = "\n".join(_validation_line(size) for size in sizes)
    return f"""## Great Expectations

Over the landed answers, inside DuckDB, every rule and batch check. The import is paid once per ingest.

| answers | checks, CPU s | checks, wall s | import, wall s | peak memory of the ingest |
|---|---|---|---|---|
{lines}

Limit: {MAX_VALIDATION_SECONDS:.0f} s for a million answers after import ({_kept(_is_validation_kept(sizes))})."""


def _validation_line(size: Measured) -> str:
    cells = " | ".join(f"{_said(size.validation, key):.2f}" for key in ("cpu", "wall", "import"))
    return f"| {size.answer_count:,} | {cells} | {_memory(size.validation)} |"


def _is_validation_kept(sizes: list[Measured]) -> bool:
    small = [size for size in sizes if size.answer_count <= MILLION]
    return all(_said(size.validation, "wall") <= MAX_VALIDATION_SECONDS for size in small)


def _start_section(start: list[Cost]) -> str:
    wall = middle(start, lambda one: one.wall)
    return f"""## Start-up

`pmhealth --help`: {wall:.2f} s wall, {middle(start, lambda one: one.cpu):.2f} s CPU, {_memory(start)}.
Limit: {MAX_START_SECONDS} s ({_kept(wall <= MAX_START_SECONDS)})."""


def _said(costs: list[Cost], key: str) -> float:
    return middle(costs, lambda one: one.said[key])


def _seconds(costs: list[Cost]) -> str:
    return f"{middle(costs, lambda one: one.cpu):.2f} | {middle(costs, lambda one: one.wall):.2f}"


def _memory(costs: list[Cost]) -> str:
    return f"{middle(costs, lambda one: one.memory) / 1e9:.2f} GB"


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"
