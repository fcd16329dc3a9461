"""`python -m bench.visibility`: what a wave of 35 PMs can show, by simulation; writes docs/visibility.md.

Made-up memberships go through the same functions that decide when a wave is published. Nobody's answers
are needed: what is hidden depends on who answered alone, and on "not enough exposure".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from bench.folder import writes
from pipeline.disclosure.blocks import Block, Membership, form_blocks
from pipeline.disclosure.comments import Comment, Fate, Submitters, decide_comments
from pipeline.disclosure.relationships import ORGANISATION, Share, decide_relationships
from pipeline.disclosure.slices import SlicedBlock, decide_slices
from pipeline.disclosure.units import decide_units
from survey.policy import Policy, default_policy
from survey.roster import unit_lineage

PMS, TRAITS, ITEMS, NOT_SEEN, WRITES = 35, 6, 3, 0.15, 0.4
UNITS = tuple(f"Product/{group}/{team}" for group in "ABC" for team in (1, 2, 3))
TRADES = (("engineering", 0.4), ("design", 0.2), ("marketing", 0.1), ("data", 0.1), ("peer", 0.2))
TYPES, STAGES = ("growth", "platform", "b2b"), ("early", "growth", "enterprise")
RESPONSE_PCTS, INVITED, SEED = (60, 75, 90), (5, 8, 10), 2026
KINDS = ("PM x trait", "unit", "slice", "relationship", "comment", "change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who is asked: per PM the raters and their trades."""

    homes: tuple[str, ...]
    types: tuple[str, ...]
    stages: tuple[str, ...]
    asked: tuple[NDArray[np.intp], ...]
    trades: tuple[str, ...]


def make_company(rng: np.random.Generator, invited: int) -> Company:
    """Returns 35 PMs in nine teams of three product groups; each rater has one trade and a few PMs."""
    names, weights = [name for name, _ in TRADES], [share for _, share in TRADES]
    pool = PMS * invited // 2
    return Company(
        homes=tuple(UNITS[number % len(UNITS)] for number in range(PMS)),
        types=tuple(rng.choice(TYPES, PMS).tolist()),
        stages=tuple(rng.choice(STAGES, PMS).tolist()),
        asked=tuple(rng.choice(pool, invited, replace=False) for _ in range(PMS)),
        trades=tuple(rng.choice(names, pool, p=weights).tolist()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveShown:
    """What one wave shows: shares by kind, and the PM x trait cells, which changes need twice."""

    shares: dict[str, float]
    cells: NDArray[np.bool_]


def show_wave(rng: np.random.Generator, company: Company, response_pct: int, policy: Policy) -> WaveShown:
    """Returns what a wave shows if each person asked about a PM answers with that chance."""
    answered = [asked[rng.random(len(asked)) < response_pct / 100] for asked in company.asked]
    found = form_blocks(_memberships(company, answered), min_raters=policy.min_raters)
    own = {block.subjects[0] for block in found.blocks if not block.is_rest}
    cells = np.array([_traits(rng, len(answered[pm]), policy) & (pm in own) for pm in range(PMS)])
    counts: dict[str, int] = defaultdict(int)
    for block in found.blocks:
        counts[block.unit_id] += block.pm_count
    units = {one for one, reason in decide_units(counts, min_pms=policy.min_pms).items() if reason is None}
    slices = decide_slices(_sliced(company, found.blocks), units, min_pms=policy.min_pms)
    tables = decide_relationships(
        _shares(company, answered, found.blocks),
        shown_units=units | ({ORGANISATION} if "Product" in units else set()),
        min_raters=policy.min_raters,
        min_pms=policy.min_pms,
    )
    every_unit = {above for home in company.homes for above in unit_lineage(home)}
    return WaveShown(
        cells=cells,
        shares={
            "PM x trait": float(cells.mean()),
            "unit": len(units) / len(every_unit),
            "slice": sum(reason is None for reason in slices.values()) / (len(TYPES) + len(STAGES)),
            "relationship": sum(reason is None for reason in tables.values()) / (4 * len(TRADES)),
            "comment": _comments(rng, answered, policy),
        },
    )


def _memberships(company: Company, answered: list[NDArray[np.intp]]) -> Iterator[Membership]:
    for pm, raters in enumerate(answered):
        if len(raters):
            named = frozenset(raters.tolist())
            yield Membership(subject_no=pm, unit_id=company.homes[pm], rater_count=len(named), raters=named)


def _traits(rng: np.random.Generator, rater_count: int, policy: Policy) -> NDArray[np.bool_]:
    """A trait is shown if one of its items was rated by enough."""
    ratings = rng.binomial(rater_count, 1 - NOT_SEEN, size=(TRAITS, ITEMS))
    return np.asarray((ratings >= policy.min_item_ratings).any(axis=1))


def _sliced(company: Company, blocks: Iterable[Block]) -> Iterator[SlicedBlock]:
    for block in blocks:
        kinds = {"pm_type": company.types, "stage": company.stages}
        values = {kind: {of[pm] for pm in block.subjects} for kind, of in kinds.items()}
        whole = {kind: one for kind, some in values.items() if len(some) == 1 for one in some}
        yield SlicedBlock(unit_id=block.unit_id, pm_count=block.pm_count, values=whole)


def _shares(company: Company, answered: list[NDArray[np.intp]], blocks: Iterable[Block]) -> Iterator[Share]:
    for number, block in enumerate(blocks):
        for pm in block.subjects:
            by_trade: dict[str, set[int]] = defaultdict(set)
            for rater in answered[pm].tolist():
                by_trade[company.trades[rater]].add(rater)
            group = company.homes[pm].rpartition("/")[0]
            for trade, raters in by_trade.items():
                yield Share(
                    block_no=number,
                    subject_no=pm,
                    group_id=group,
                    relationship=trade,
                    raters=frozenset(raters),
                )


def _comments(rng: np.random.Generator, answered: list[NDArray[np.intp]], policy: Policy) -> float:
    """The share of comments shown in the first wave; the others wait for the next."""
    comments = [
        Comment(comment_no=pm * 1000 + rater, subject_no=pm, wave_no=1, response_no=rater, author=rater)
        for pm, raters in enumerate(answered)
        for rater in raters.tolist()
        if rng.random() < WRITES
    ]
    asked = [Submitters(subject_no=pm, wave_no=1, rater_count=len(some)) for pm, some in enumerate(answered)]
    decided = decide_comments(comments, asked, policy=policy, held={})
    return sum(one.fate is Fate.SHOWN for one in decided) / max(1, len(decided))


def measure(invited: int, response_pct: int, rounds: int) -> dict[str, float]:
    """Returns the mean share by kind over made-up companies of two waves each."""
    rng = np.random.default_rng((SEED, invited, response_pct))
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        company = make_company(rng, invited)
        first, second = (show_wave(rng, company, response_pct, default_policy()) for _ in range(2))
        for kind, share in second.shares.items():
            found[kind].append(share)
        found["change"].append(float((first.cells & second.cells).mean()))
    return {kind: float(np.mean(shares)) for kind, shares in found.items()}


def render(rows: Iterable[tuple[int, int, dict[str, float]]], rounds: int) -> str:
    """Returns the page."""
    policy = default_policy()
    head = f"""# What a wave can show

Made by `make visibility` ({rounds} made-up companies per line, seed {SEED}); do not edit.

{PMS} PMs in nine teams of three product groups, {TRAITS} traits of {ITEMS} items, {NOT_SEEN:.0%} "not enough exposure", comments by
{WRITES:.0%} of those who answer; the default policy (k = {policy.min_raters}, at least {policy.min_pms} PMs). Each line is the share of all such
numbers that is shown. A change can be decided on where a PM's trait is shown in both of two waves; comments are those shown at
once, the others wait for the next wave. Slices are by PM type and by stage, relationships those of the organisation and of each product group.

| others invited | of whom answer | {" | ".join(KINDS)} |
|---|---|{"---|" * len(KINDS)}
"""
    lines = (
        f"| {invited} | {pct} % | " + " | ".join(f"{shares[kind]:.0%}" for kind in KINDS) + " |"
        for invited, pct, shares in rows
    )
    return head + "\n".join(lines) + "\n"


@click.command()
@click.option("--rounds", default=40, help="How many companies for each line.")
@writes("visibility.md")
def main(rounds: int, out: Path) -> None:
    """Simulates what can be shown, and writes the page about it."""
    rows = [(n, pct, measure(n, pct, rounds)) for n in INVITED for pct in RESPONSE_PCTS]
    text = render(rows, rounds)
    out.write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
