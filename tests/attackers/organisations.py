"""Small random organisations: who answered about whom, and every number the gates let out."""

from collections import defaultdict
from dataclasses import dataclass, replace
from random import Random

from pipeline.disclosure.blocks import Membership, form_blocks
from pipeline.disclosure.mix import Detail, Path, decide_mixes
from pipeline.disclosure.relationships import ORGANISATION, Share, decide_relationships
from pipeline.disclosure.slices import SlicedBlock, decide_slices
from pipeline.disclosure.units import decide_units
from survey.roster import unit_lineage

K, S = 4, 3
UNITS = ("P", "P/G", "P/G/A", "P/G/B", "P/H", "P/H/C", "Q", "Q/I")
RELATIONSHIPS = ("eng", "des", "dat")


@dataclass(frozen=True, kw_only=True)
class Pm:
    """A PM: where, of what type and stage, and who answered in which relationship."""

    number: int
    unit_id: str
    values: dict[str, str]
    raters: dict[str, frozenset[int]]

    @property
    def group_id(self) -> str:
        return "/".join(self.unit_id.split("/")[:2]) if "/" in self.unit_id else ""

    @property
    def everybody(self) -> frozenset[int]:
        return frozenset().union(*self.raters.values())


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Every sum that leaves: over (PM, rater) for raters, over (PM, relationship) for PMs."""

    rater_sums: list[set]
    pm_sums: list[set]
    tables: int
    places: "Places"


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the PMs of a wave are: units shown, homes of PMs with an own block, rest blocks, slices shown."""

    units: set[str]
    homes: dict[int, str]
    rests: tuple[tuple[frozenset[int], str], ...]
    slices: dict[int, frozenset]
    parts: dict[int, set]


def random_pms(rng: Random, count: int | None = None) -> list[Pm]:
    """Four to sixteen PMs, or so many; raters have one trade each and answer about several."""
    trade = {rater: rng.choice(RELATIONSHIPS) for rater in range(rng.choice([15, 40]))}
    most, pms = rng.choice([7, 12]), []
    for number in range(rng.randint(4, 16) if count is None else count):
        asked = rng.sample(sorted(trade), rng.randint(1, most))
        by_trade = {name: frozenset(one for one in asked if trade[one] == name) for name in RELATIONSHIPS}
        values = {"pm_type": rng.choice(["b2b", "b2c"]), "stage": rng.choice(["early", "growth"])}
        raters = {name: some for name, some in by_trade.items() if some}
        pms.append(Pm(number=number, unit_id=rng.choice(UNITS), values=values, raters=raters))
    return pms


def blocks_of(pms, *, k=K):
    memberships = [
        Membership(
            subject_no=pm.number, unit_id=pm.unit_id, rater_count=len(pm.everybody), raters=pm.everybody
        )
        for pm in pms
    ]
    return form_blocks(memberships, min_raters=k).blocks


def release(pms, *, k=K, s=S, units=decide_units) -> Shown:
    """Lets the gates decide; `k`, `s` and `units` weaken them."""
    by_number = {pm.number: pm for pm in pms}
    blocks = blocks_of(pms, k=k)
    counts = defaultdict(int)
    for block in blocks:
        counts[block.unit_id] += len(block.subjects)
    shown_units = {unit for unit, reason in units(counts, min_pms=s).items() if reason is None}
    homes = {subject: block.unit_id for block in blocks for subject in block.subjects}
    slices = _slices(blocks, by_number, shown_units, s)
    tables = _tables(blocks, by_number, shown_units, k, s)

    def part(test):
        return {
            (no, name)
            for no in homes
            for name in by_number[no].raters
            if test(by_number[no], homes[no], name)
        }

    unit_sums = [part(lambda _, home, __, unit=unit: unit in unit_lineage(home)) for unit in shown_units]
    slice_sums = [
        {(no, name) for block in some for no in block.subjects for name in by_number[no].raters}
        for some in slices.values()
    ]
    table_sums = [
        part(lambda pm, _, name, table=table: name == table[1] and table[0] in ("", pm.group_id))
        for table in tables
    ]
    block_sums = [
        {(no, rater) for no in block.subjects for rater in by_number[no].everybody} for block in blocks
    ]
    table_raters = [
        {(no, rater) for no, name in one for rater in by_number[no].raters[name]} for one in table_sums
    ]
    return Shown(
        rater_sums=block_sums + table_raters,
        pm_sums=unit_sums + slice_sums + table_sums,
        tables=len(tables),
        places=Places(
            units=shown_units,
            homes={block.subjects[0]: block.unit_id for block in blocks if not block.is_rest},
            rests=tuple((frozenset(block.subjects), block.unit_id) for block in blocks if block.is_rest),
            slices={
                no: frozenset(
                    one for one, some in slices.items() if any(no in block.subjects for block in some)
                )
                for no in homes
            },
            parts={no: {(no, name) for name in by_number[no].raters} for no in homes},
        ),
    )


def next_wave(rng: Random, pms: list[Pm]) -> list[Pm]:
    """The same organisation later: most stay where they are, some move, leave or join; all raters are others."""
    later = []
    for pm, fresh in zip(pms, random_pms(rng, len(pms)), strict=True):
        chance = rng.random()
        if chance < 0.7:
            later.append(replace(pm, raters=fresh.raters))
        elif chance < 0.9:
            later.append(replace(pm, raters=fresh.raters, unit_id=rng.choice(UNITS)))
    joined = random_pms(rng, rng.randint(0, 4))
    return later + [replace(one, number=one.number + len(pms)) for one in joined]


def mix_sums(before: Places, now: Places, *, s=S, mixes=decide_mixes) -> tuple[list[set], list[set]]:
    """The parts of units' changes that the gate lets out, as sums over the PMs of either wave."""
    waves = (before, now)
    decided = mixes(tuple(_paths(before, now)), [before.units, now.units], min_pms=s)
    sums: tuple[list[set], list[set]] = ([], [])
    for (unit, _), detail in decided.items():
        if isinstance(detail, Detail):
            for place, (here, other) in enumerate((waves, waves[::-1])):
                sums[place].extend(_cohort_sums(unit, here, other, is_fine=detail is Detail.MOVED_APART))
    return sums


def _paths(before: Places, now: Places):
    for no in sorted({*before.homes, *now.homes}):
        yield Path(
            units=(before.homes.get(no, ""), now.homes.get(no, "")),
            pm_count=1,
            slices=tuple(one.slices[no] if no in one.homes else frozenset() for one in (before, now)),
        )
    for place, one in enumerate((before, now)):
        for subjects, unit in one.rests:
            units, slices = ["", ""], [frozenset(), frozenset()]
            units[place], slices[place] = unit, one.slices[min(subjects)]
            yield Path(units=tuple(units), pm_count=len(subjects), slices=tuple(slices))


def _cohort_sums(unit: str, here: Places, other: Places, *, is_fine: bool) -> list[set]:
    cohorts = defaultdict(set)
    for no, home in here.homes.items():
        if unit in unit_lineage(home):
            there = other.homes.get(no, "")
            is_stayer = unit in unit_lineage(there)
            cohort = "stayers" if is_stayer else "moved" if there and is_fine else "others"
            cohorts[cohort] |= here.parts[no]
    for subjects, home in here.rests:
        if unit in unit_lineage(home):
            cohorts["others"].update(*(here.parts[no] for no in subjects))
    return list(cohorts.values())


def _slices(blocks, by_number, shown_units, s):
    inside = defaultdict(list)
    sliced = []
    for block in blocks:
        several = [by_number[no].values for no in block.subjects]
        whole = {kind: several[0][kind] for kind in several[0] if len({one[kind] for one in several}) == 1}
        sliced.append(SlicedBlock(unit_id=block.unit_id, pm_count=len(several), values=whole))
        for one in whole.items():
            inside[one].append(block)
    decided = decide_slices(sliced, shown_units, min_pms=s)
    return {one: inside[one] for one, reason in decided.items() if reason is None}


def _tables(blocks, by_number, shown_units, k, s):
    shares = [
        Share(block_no=no, subject_no=one, group_id=by_number[one].group_id, relationship=name, raters=some)
        for no, block in enumerate(blocks)
        for one in block.subjects
        for name, some in by_number[one].raters.items()
    ]
    tops = {block.unit_id.split("/")[0] for block in blocks}
    everywhere = {ORGANISATION} if tops <= shown_units else set()
    decided = decide_relationships(shares, shown_units=shown_units | everywhere, min_raters=k, min_pms=s)
    return [table for table, reason in decided.items() if reason is None]
