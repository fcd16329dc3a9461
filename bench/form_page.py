"""The section of docs/benchmarks.md about the form."""

from collections.abc import Mapping

MAX_CPU_PER_1000 = 1.5
MAX_P99_MS = 300
MAX_MEMORY = 80_000_000
MAX_HTML_BYTES = 30_000
MAX_SENT_BYTES = 15_000
MAX_REQUESTS = 4
FULLEST = "200"


def render_form(said: Mapping[str, Mapping[str, float]]) -> str:
    """Returns the section in Markdown, from what `bench.form_load` said."""
    crowds = {name: crowd for name, crowd in said.items() if name != "page"}
    lines = "\n".join(_line(name, crowd) for name, crowd in crowds.items())
    page, fullest = said["page"], said[FULLEST]
    return f"""## Form

A whole visit: open the form (24 items, 2 prompts), send it, read the receipt. So many respondents at once, each with a connection of their
own, on loopback; the client shares the machine with the server, so milliseconds depend on who else is at work. CPU seconds are the
server's, all its threads, user and kernel. SQLite, every submission on disk before it is acknowledged.

| at once | visits | CPU s per 1,000 | p50 ms | p99 ms | visits per s | peak memory | errors |
|---|---|---|---|---|---|---|---|
{lines}

At {FULLEST} at once: CPU at most {MAX_CPU_PER_1000} s ({_kept(fullest["cpu_per_1000"] <= MAX_CPU_PER_1000)}), p99 under {MAX_P99_MS} ms
({_kept(fullest["p99_ms"] < MAX_P99_MS)}), under {MAX_MEMORY / 1e6:.0f} MB ({_kept(fullest["memory"] < MAX_MEMORY)}), no errors
({_kept(not any(crowd["failed"] for crowd in crowds.values()))}).

The page: {page["html_bytes"] / 1000:.1f} kB of HTML ({_kept(page["html_bytes"] <= MAX_HTML_BYTES)}, limit {MAX_HTML_BYTES / 1000:.0f}),
{page["sent_bytes"] / 1000:.1f} kB in all as sent, headers, style, script and icon included
({_kept(page["sent_bytes"] <= MAX_SENT_BYTES)}, limit {MAX_SENT_BYTES / 1000:.0f}), {page["requests"]:.0f} requests
({_kept(page["requests"] <= MAX_REQUESTS)}, limit {MAX_REQUESTS})."""


def _line(name: str, crowd: Mapping[str, float]) -> str:
    return (
        f"| {name} | {crowd['visits']:,.0f} | {crowd['cpu_per_1000']:.2f} | {crowd['p50_ms']:.0f} | {crowd['p99_ms']:.0f}"
        f" | {crowd['visits_per_second']:.0f} | {crowd['memory'] / 1e6:.0f} MB | {crowd['failed']:.0f} |"
    )


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"
