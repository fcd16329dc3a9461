"""The section of docs/benchmarks.md about publishing, and the limits it is held to."""

from collections.abc import Mapping
from itertools import pairwise
from math import log

from bench.measure import Cost
from bench.world import PERIODS

FEW_PMS = 40
MAX_FEW_SECONDS = 2.0
MANY_PMS = 100_000
MAX_MANY_SECONDS = 120.0
MAX_MEMORY = 6_000_000_000
SLACK = 1.1
"""Seconds are not counted so exactly that a tenth would tell anything."""


def render_publish(published: Mapping[int, Cost]) -> str:
    """Returns the section in Markdown, from what publishing for so many PMs cost."""
    lines = "\n".join(_line(count, cost) for count, cost in published.items())
    return f"""## Publish

Four waves of 24 items and 8 raters per PM, taken in before from the canonical long files, then published one after the other in one process:
marts, blocks, units, intervals, release. *Running* is the slowest wave but the first, which warms the process up. Memory is the whole process's.

| PMs | all four, wall s | all four, CPU s | running, wall s | peak memory |
|---|---|---|---|---|
{lines}

{_limits(published)}"""


def render_growth(published: Mapping[int, Cost]) -> str:
    """Returns how CPU seconds grew from one size to the next, beside n log n; few PMs cost the start alone."""
    sizes = sorted(count for count in published if count != FEW_PMS)
    return "; ".join(_growth(published, *pair) for pair in pairwise(sizes)) or "one size, so no growth"


def render_point(count: int, cost: Cost) -> str:
    """Returns one point in a line."""
    return (
        f"publish, {count:,} PMs x {len(PERIODS)} waves: {_whole(cost):.1f} s, {cost.said['cpu']:.1f} CPU s,"
        f" {_running(cost):.2f} s for the slowest wave when running, {cost.memory / 1e9:.2f} GB"
    )


def _growth(published: Mapping[int, Cost], fewer: int, more: int) -> str:
    grown = published[more].said["cpu"] / published[fewer].said["cpu"]
    allowed = more * log(more) / (fewer * log(fewer))
    return (
        f"{fewer:,} to {more:,} PMs: {grown:.1f} x the CPU seconds, n log n gives {allowed:.1f}"
        f" ({_kept(grown <= allowed * SLACK)})"
    )


def _limits(published: Mapping[int, Cost]) -> str:
    sentences = [f"Growth: {render_growth(published)}."]
    if FEW_PMS in published:
        seconds = _running(published[FEW_PMS])
        sentences.append(
            f"{FEW_PMS} PMs in a running worker: limit {MAX_FEW_SECONDS:.0f} s ({_kept(seconds <= MAX_FEW_SECONDS)})."
        )
    if MANY_PMS in published:
        cost = published[MANY_PMS]
        sentences.append(
            f"{MANY_PMS:,} PMs: limit {MAX_MANY_SECONDS:.0f} s ({_kept(_whole(cost) <= MAX_MANY_SECONDS)}),"
            f" {MAX_MEMORY / 1e9:.0f} GB ({_kept(cost.memory <= MAX_MEMORY)})."
        )
    return "\n".join(sentences)


def _line(count: int, cost: Cost) -> str:
    return f"| {count:,} | {_whole(cost):.1f} | {cost.said['cpu']:.1f} | {_running(cost):.2f} | {cost.memory / 1e9:.2f} GB |"


def _whole(cost: Cost) -> float:
    return sum(cost.said[period] for period in PERIODS)


def _running(cost: Cost) -> float:
    return max(cost.said[period] for period in PERIODS[1:])


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"
