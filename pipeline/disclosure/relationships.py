"""Which numbers by relationship (engineering, design ...) may be shown, over many PMs at once.

They cut across blocks: a block's number, of which a PM's page shows the sum, counts the same people as
the tables of several relationships. So each of them is added only if no combination of all that is
shown leaves over fewer than k raters, and none tells what a few PMs' part in it is. Organisation and
product groups only; memberships alone decide.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.disclosure.cut import Tie, count_parts, cuts_off_few
from pipeline.release import Reason

ORGANISATION = ""
"""The unit id that stands for everybody."""

MOST_TRIED = 100_000
"""Shares times numbers up to which numbers are tried one by one."""

Table = tuple[str, str]
"""A number by relationship: the product group (or `ORGANISATION`) and the relationship."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The unknown raters of one relationship in one subject's part of a block.

    `raters` are their pseudonyms; `unnamed_count` says how many more there are where a file names
    nobody. `group_id` is the product group, or "" for a subject that is in none.
    """

    block_no: int
    subject_no: int
    group_id: str
    relationship: str
    raters: frozenset[int] = frozenset()
    unnamed_count: int = 0


def decide_relationships(
    shares: Iterable[Share],
    *,
    shown_units: Collection[str],
    min_raters: int,
    min_pms: int,
    hidden: Collection[Table] = (),
) -> dict[Table, Reason | None]:
    """Returns for every number by relationship why it is hidden, or None where it may be shown.

    All that rest on enough PMs, if together they tell nothing. Else one by one in a fixed order: the
    organisation first, then product groups by name; within each, the relationship with the most PMs
    first.

    Args:
        shares: who answered, as whom, in which block; of an item only blocks that released it.
        shown_units: units whose numbers are shown, `ORGANISATION` among them where the numbers of
            all units without a unit above are.
        min_raters: k.
        min_pms: how many PMs a shown number rests on, and every split of relationships (s).
        hidden: numbers that are hidden anyway.
    """
    several = tuple(shares)
    pms = _pms(several)
    may_be = {
        table
        for table, subjects in pms.items()
        if len(subjects) >= min_pms and table[0] in shown_units and table not in hidden
    }
    shown = may_be
    if _tells(several, may_be, min_raters, min_pms):
        shown = _one_by_one(several, sorted(may_be, key=lambda one: _order(one, pms)), min_raters, min_pms)
    return {
        table: None
        if table in shown
        else Reason.TOO_FEW_PMS
        if len(subjects) < min_pms
        else Reason.PROTECTS_OTHERS
        for table, subjects in pms.items()
    }


def _order(table: Table, pms: Mapping[Table, Collection[int]]) -> tuple[str, int, Table]:
    return table[0], -len(pms[table]), table


def _one_by_one(
    shares: Collection[Share], ordered: Collection[Table], min_raters: int, min_pms: int
) -> set[Table]:
    """What is left where all together would tell; not looked for where that would take too long."""
    shown: set[Table] = set()
    if len(shares) * len(ordered) > MOST_TRIED:
        return shown
    for table in ordered:
        if not _tells(shares, {*shown, table}, min_raters, min_pms):
            shown.add(table)
    return shown


def _pms(shares: Iterable[Share]) -> dict[Table, set[int]]:
    pms: dict[Table, set[int]] = defaultdict(set)
    for share in shares:
        for group in {ORGANISATION, share.group_id}:
            pms[group, share.relationship].add(share.subject_no)
    return pms


def _tells(shares: Collection[Share], shown: Collection[Table], min_raters: int, min_pms: int) -> bool:
    """Raters: the smallest cut through blocks and relationships. PMs: no split of relationships by few.

    The second holds for whatever else is shown of the PMs (units, slices): as long as enough of them
    have both of any two parts of the relationships, no weights but equal ones leave few over, and
    with equal weights the numbers add up to the unit's, which is shown anyway.
    """
    if cuts_off_few(_rater_ties(shares, shown, min_raters), fewest=min_raters):
        return True
    regions = _pm_ties(shares, shown)
    ties = [tie for region in regions.values() for tie in region]
    return any(count_parts(region) > 1 for region in regions.values()) or cuts_off_few(ties, fewest=min_pms)


def _column(share: Share, shown: Collection[Table]) -> object:
    """The smallest shown number that counts the share; where none does, the outside.

    What is left of a number around smaller ones tells the same, and does not overlap with them.
    """
    own, whole = (share.group_id, share.relationship), (ORGANISATION, share.relationship)
    return own if own in shown else whole if whole in shown else ORGANISATION


def _rater_ties(shares: Iterable[Share], shown: Collection[Table], min_raters: int) -> Iterator[Tie]:
    """One tie per rater and relationship, over all blocks they answered in: they are one person.

    Who answers in several relationships counts in the one with the most blocks only. Who is not
    named may be the same person elsewhere: they count only where they are enough by themselves.
    """
    ends: dict[int, dict[object, set[object]]] = defaultdict(lambda: defaultdict(set))
    for share in shares:
        column = _column(share, shown)
        for rater in share.raters:
            ends[rater][column].update((column, share.block_no))
        if share.unnamed_count:
            count = share.unnamed_count if share.unnamed_count >= min_raters else 0
            yield Tie(nodes=frozenset((column, share.block_no)), count=count)
    for parts in ends.values():
        for place, nodes in enumerate(sorted(parts.values(), key=len, reverse=True)):
            yield Tie(nodes=frozenset(nodes), count=0 if place else 1)


def _pm_ties(shares: Iterable[Share], shown: Collection[Table]) -> dict[str, list[Tie]]:
    """One tie per PM over the relationships they have, by the product group with numbers of its own."""
    groups = {group for group, _ in shown}
    columns: dict[tuple[str, int], set[object]] = defaultdict(set)
    for share in shares:
        region = share.group_id if share.group_id in groups else ORGANISATION
        columns[region, share.subject_no].add(_column(share, shown))
    ties: dict[str, list[Tie]] = defaultdict(list)
    for (region, _), nodes in columns.items():
        ties[region].append(Tie(nodes=frozenset(nodes), count=1))
    return ties
