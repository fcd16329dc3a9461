"""The section of docs/benchmarks.md about the dashboard, and the limits it is held to."""

from collections.abc import Mapping

CHOICE_LIMIT = 35.0
COLD_LIMIT, WARM_LIMIT = 2.0, 1.2
CROWD_LIMIT = 1000.0


def render_dashboard(said: Mapping[str, float]) -> str:
    """Returns the section in Markdown, from what `dashboard_load` said."""
    return f"""## Dashboard

The review of units over a release of 1,000,000 answers in four waves: four figures with trends and intervals. One process, on loopback. A
choice is another unit: from asking to the last element, over Streamlit's own websocket, so that script, figures and sending are in it.

| | p50 ms | p95 ms |
|---|---|---|
| one visitor, choice after choice | {said["alone_p50"]:.0f} | {said["alone_p95"]:.0f} |
| 40 visitors, each a choice every five seconds or so | {said["crowd_p50"]:.0f} | {said["crowd_p95"]:.0f} |

To the last figure in a browser: {said["cold"]:.2f} s with an empty cache, {said["warm"]:.2f} s with a warm one. Peak memory
{said["memory"] / 1e6:.0f} MB.
{render_limits(said)}"""


def render_limits(said: Mapping[str, float]) -> str:
    """Returns each limit, and whether it was kept."""
    return (
        f"Limits: a choice {CHOICE_LIMIT:.0f} ms ({_kept(said['alone_p50'] <= CHOICE_LIMIT)}); p95 of 40 visitors"
        f" {CROWD_LIMIT:.0f} ms ({_kept(said['crowd_p95'] <= CROWD_LIMIT)}); last figure {COLD_LIMIT} s"
        f" ({_kept(said['cold'] <= COLD_LIMIT)}) and {WARM_LIMIT} s ({_kept(said['warm'] <= WARM_LIMIT)})."
    )


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"
