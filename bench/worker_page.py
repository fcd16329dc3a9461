"""The section of docs/benchmarks.md about the worker, and the limit it is held to."""

from collections.abc import Mapping

from bench.worker_load import Asked

MAX_SECONDS = 2.0


def render_worker(asked: Mapping[str, Asked], pm_count: int) -> str:
    """Returns the section in Markdown, from what each wave cost."""
    lines = "\n".join(f"| {period} | {one.wall:.2f} | {one.cpu:.2f} |" for period, one in asked.items())
    return f"""## Worker

Publishing for {pm_count} PMs as HR sees it: from asking on a page until the running worker (`pmhealth serve --only worker`, everything imported) has noted that it
is done. Up to half a second of it is waiting until the worker looks; the attack on the release before is through by then.
Each wave has 24 items and 8 raters per PM; a later release holds all waves before.

| wave | asked to done, wall s | of the worker, CPU s |
|---|---|---|
{lines}

{render_limit(asked)}."""


def render_limit(asked: Mapping[str, Asked]) -> str:
    """Returns the slowest wave beside the limit, in a line."""
    slowest = max(one.wall for one in asked.values())
    kept = "kept" if slowest <= MAX_SECONDS else "missed"
    return f"Slowest: {slowest:.2f} s; limit {MAX_SECONDS:.0f} s ({kept})"
