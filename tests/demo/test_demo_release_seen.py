"""Rank attacks on exactly what each persona of the demo can read, and on what all of them know together.

What somebody can read is asked for through the reading that pages, files and reports go through, for every
PM, unit, slice and relationship there is: out of scope too. Who answered in which block is known to all.
"""

import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import pytest

from dashboard import reading as reading_module
from dashboard.access import Role, Viewer
from dashboard.access_policy import read_access_policy
from dashboard.directory import Directory
from dashboard.personas import personas
from dashboard.reading import Reading
from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.evidence import Evidence
from pipeline.disclosure.proof import ATTACKERS
from pipeline.disclosure.proof_parts import owners_of, variable_of
from pipeline.prove import gather, watching
from pipeline.release import Group, Released, Releases, Scope
from pipeline.released_unit import ReleasedMix
from pipeline.warehouse import open_warehouse
from survey.config import Settings
from survey.language import wording
from survey.register import open_register

pytestmark = pytest.mark.slow

K, MIN_PMS = 4, 3
OVER_GROUPS = ("few_pms", "few_by_relationship", "few_unplaced")
"""The attackers of `pmhealth prove` over what is told of several PMs."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody can read: cells by wave, scope and measure, and units whose change or PMs are told in parts."""

    cells: frozenset[tuple[int, int, int]] = frozenset()
    mixes: frozenset[tuple[int, str]] = frozenset()
    tallies: frozenset[tuple[int, str]] = frozenset()

    def __or__(self, other):
        parts = ((getattr(self, name) | getattr(other, name)) for name in ("cells", "mixes", "tallies"))
        return Seen(**dict(zip(("cells", "mixes", "tallies"), parts, strict=True)))


@dataclass(frozen=True, kw_only=True)
class World:
    """The demo's last release with everything an attacker may know of it."""

    release: object
    evidence: Evidence
    viewers: dict[str, Viewer]
    numbers: dict[str, dict[object, int]]

    def seen_by(self, viewer):
        reading = Reading(release=self.release, viewer=viewer)
        shown = [
            one for one in cells_of(reading) if isinstance(one, Released) and one.key.group is Group.OTHERS
        ]
        units = {unit.unit_id for unit in self.release.units()}
        return Seen(
            cells=frozenset(self.place(one.key) for one in shown),
            mixes=frozenset(
                (self.numbers["wave"][one.wave_id], unit)
                for unit in units
                for one in reading.mixes(unit)
                if isinstance(one, ReleasedMix)
            ),
            tallies=frozenset(
                (self.numbers["wave"][wave.wave_id], unit)
                for unit in units
                for wave in self.release.waves()
                if reading.distribution(unit, wave.wave_id)
            ),
        )

    def place(self, key):
        return self.numbers_of(key.wave_id, key)

    def numbers_of(self, wave_id, cell):
        """By which numbers the release knows a cell."""
        return (
            self.numbers["wave"][wave_id],
            self.numbers["scope"][cell.scope, cell.scope_id],
            self.numbers["measure"][cell.measure, cell.measure_id],
        )

    @cached_property
    def pm_scopes(self):
        """The numbers of the subjects that are PMs."""
        pms = {one.subject_id for one in self.release.subjects() if one.kind == "pm"}
        return {self.numbers["scope"]["subject", one] for one in pms}

    @cached_property
    def about_pms(self):
        """The numbers of the waves in which PMs are rated."""
        return {self.numbers["wave"][one.wave_id] for one in self.release.subjects() if one.kind == "pm"}

    def left_to(self, seen):
        """The evidence as somebody has it who sees no more than that."""
        known = self.evidence
        return replace(
            known,
            cells=tuple(
                replace(one, is_shown=one.is_shown and key_of(one) in seen.cells) for one in known.cells
            ),
            mixes=tuple(one for one in known.mixes if (one.wave_no, one.unit_id) in seen.mixes),
            tallies=tuple(one for one in known.tallies if (one.wave_no, one.unit_id) in seen.tallies),
        )

    @cached_property
    def behind(self):
        """The responses in each block as it was published last."""
        last = defaultdict(int)
        for one in self.evidence.responses:
            last[one.wave_no] = max(last[one.wave_no], one.release_no)
        found = defaultdict(set)
        for one in self.evidence.responses:
            if one.release_no == last[one.wave_no]:
                found[one.wave_no, one.block_no].add(variable_of(one))
        return found

    def sums(self, seen):
        """Yields, item by item, the blocks that each number adds up: once for each distinct set of numbers."""
        by_item, tried = defaultdict(set), set()
        for wave_no, scope_no, measure_no in seen.cells:
            blocks = self.evidence.blocks_with(wave_no, scope_no, measure_no)
            if blocks:
                by_item[wave_no, measure_no].add(frozenset((one.wave_no, one.block_no) for one in blocks))
        for (wave_no, _), numbers in by_item.items():
            if (wave_no, frozenset(numbers)) not in tried:
                tried.add((wave_no, frozenset(numbers)))
                yield wave_no, numbers

    def few_raters(self, seen):
        """Looks for fewer than k raters whom some combination of the numbers leaves over."""
        owners = owners_of(self.evidence.responses)
        for _, numbers in self.sums(seen):
            pools = [frozenset(chain.from_iterable(self.behind[block] for block in one)) for one in numbers]
            yield singled_out(pools, owners, fewest=K)

    def few_pms(self, seen, known=frozenset(), fewest=MIN_PMS):
        """Looks for fewer PMs than that, beside those whose own results are known anyway."""
        for numbers in (numbers for wave_no, numbers in self.sums(seen) if wave_no in self.about_pms):
            pools = [frozenset(pm for block in one for pm in self.pms(block)) for one in numbers]
            owners = {pm: None if pm in known else pm for one in pools for pm in one}
            yield singled_out(pools, owners, fewest=fewest)

    def pms(self, block):
        """The subject of a block; of a rest block as many unnamed ones."""
        found = self.evidence.block_of[block]
        if found.is_rest:
            return [(*block, number) for number in range(found.pm_count)]
        return [self.subjects[found.scope_no]]

    @cached_property
    def subjects(self):
        return {number: scope_id for (_, scope_id), number in self.numbers["scope"].items()}


def key_of(cell):
    return cell.wave_no, cell.scope_no, cell.measure_no


def cells_of(reading):
    """Everything the reading hands out that is a number by itself, whoever it is about."""
    units = {unit.unit_id for unit in reading.release.units()}
    for subject in {one.subject_id for one in reading.release.subjects()}:
        yield from reading.cells(Scope.SUBJECT, subject)
    for unit in units:
        yield from reading.cells(Scope.UNIT, unit)
        yield from (one.cell for one in reading.slices(unit))
        yield from (one.cell for one in reading.relationships(unit))
    for wave in reading.release.waves():
        yield from reading.unit_cells(wave.wave_id, tuple(units))


def drawn_from_others(reading):
    """Whom anything is about that is worked out from cells: lines, changes, gaps and the like."""
    for subject in {one.subject_id for one in reading.release.subjects()}:
        for read in (reading.changes, reading.line):
            yield from ((Scope.SUBJECT, one.scope_id) for one in read(Scope.SUBJECT, subject))
        for read in (reading.standings, reading.gaps, reading.best_guesses):
            yield from ((Scope.SUBJECT, one.scope_id) for one in read(subject))
        yield from ((Scope.SUBJECT, subject) for _ in reading.comments(subject))
    for unit in {unit.unit_id for unit in reading.release.units()}:
        for read in (reading.changes, reading.line):
            yield from ((Scope.UNIT, one.scope_id) for one in read(Scope.UNIT, unit))
        for read in (reading.mixes, reading.favourable_shares):
            yield from ((Scope.UNIT, one.scope_id) for one in read(unit))


@pytest.fixture(scope="module")
def world(home, demo, tmp_path_factory):
    own = Settings(home=shutil.copytree(home, tmp_path_factory.mktemp("seen") / "home"))
    release = Releases(own.releases_path).current()
    with open_register(own.register_address) as register, open_warehouse(own.warehouse_path) as warehouse:
        path = own.releases_path / f"release-{release.number:06}.duckdb"
        evidence = gather(warehouse, path, release.number, watching(own, register))
        directory = Directory(register, read_access_policy(own.access_path))
        people = personas(directory, wording("en"))
        viewers = {one.persona_id: directory.viewer_of(one.person_id) for one in people}
    tables = demo.last.tables
    numbers = {
        "wave": {row["wave_id"]: row["wave_no"] for row in tables["wave"]},
        "scope": {(row["scope"], row["scope_id"]): row["scope_no"] for row in tables["scope"]},
        "measure": {(row["measure"], row["measure_id"]): row["measure_no"] for row in tables["measure"]},
    }
    return World(release=release, evidence=evidence, viewers=viewers, numbers=numbers)


@pytest.fixture(scope="module")
def seen(world):
    return {name: world.seen_by(viewer) for name, viewer in world.viewers.items()}


def test_personas_when_they_ask_for_everything_then_each_reads_their_own_and_no_more(world, seen):
    pms = {row for row in seen if row.startswith("pm:")}
    assert len(pms) == 40
    assert not seen["council"].cells
    for name, own in seen.items():
        viewer = world.viewers[name]
        people = {world.subjects[scope_no] for _, scope_no, _ in own.cells if scope_no in world.pm_scopes}
        assert people <= ({viewer.person_id} if viewer.is_pm else viewer.shared_ids)
    assert sum(bool(seen[name].cells) for name in pms) > 30


def test_personas_when_something_is_worked_out_then_from_what_they_can_read(world):
    for viewer in world.viewers.values():
        reading = Reading(release=world.release, viewer=viewer)
        cells = {(one.key.scope, one.key.scope_id) for one in cells_of(reading)}
        assert set(drawn_from_others(reading)) <= cells


def test_raters_when_any_persona_combines_what_they_read_then_no_few_are_left_over(world, seen):
    for own in set(seen.values()):
        assert {*world.few_raters(own)} <= {None}


def test_pms_when_any_persona_combines_what_they_read_then_no_few_are_left_over(world, seen):
    """Neither with one's own results, nor with those that were shared, does one get at anybody else's score."""
    for name, own in seen.items():
        viewer = world.viewers[name]
        known = frozenset(viewer.shared_ids | ({viewer.person_id} if viewer.is_pm else set()))
        assert {*world.few_pms(own, known, fewest=2 if known else MIN_PMS)} <= {None}


def test_groups_when_any_persona_attacks_what_they_read_as_prove_does_then_finds_nothing(world, seen):
    for own in {one for name, one in seen.items() if not name.startswith("pm:")}:
        left = world.left_to(own)
        assert not [name for name in OVER_GROUPS if any(ATTACKERS[name](left))]


def test_raters_when_all_personas_put_together_what_they_read_then_no_few_are_left_over(world, seen):
    """What is told of several PMs HR reads as well: that was attacked above, with every block beside it."""
    together, hr = everything(seen), seen["hr"]
    assert {*world.few_raters(together)} == {None}
    assert not any(ATTACKERS["few_raters"](world.left_to(together)))
    assert (together.mixes, together.tallies) == (hr.mixes, hr.tallies)
    assert {one for one in together.cells if one[1] not in world.pm_scopes} == hr.cells


def test_pms_when_all_who_are_none_are_joined_by_one_pm_then_no_other_is_left_over(world, seen):
    """HR, executives and leads without their share, together with any one PM who knows their own results."""
    readers = everything({name: own for name, own in seen.items() if not world.viewers[name].is_pm})
    without = replace(readers, cells=frozenset(one for one in readers.cells if one[1] not in world.pm_scopes))
    assert {*world.few_pms(without)} == {None}
    for viewer in world.viewers.values():
        if viewer.is_pm:
            assert {*world.few_pms(without, frozenset({viewer.person_id}), fewest=2)} == {None}


def everything(seen):
    together = Seen()
    for own in seen.values():
        together |= own
    return together


def test_attack_when_a_pm_shares_then_finds_that_one_and_nobody_else(world, seen):
    """The test of the test: whose results are open is what the attack finds, if it is not told that it knows them."""
    tried = 0
    for name, viewer in world.viewers.items():
        if viewer.shared_ids:
            found = {*world.few_pms(seen[name], fewest=2)} - {None}
            assert found == {frozenset({one}) for one in viewer.shared_ids}
            tried += 1
    assert tried == 1


def test_attack_when_a_reading_lets_hr_open_pms_then_finds_pms(world, monkeypatch):
    """The test of the test: access that is weaker by one function."""
    monkeypatch.setattr(reading_module, "may_open_pm", lambda *_: True)
    viewer = replace(world.viewers["hr"], roles=frozenset({Role.HR, Role.LEAD}))
    found = {*world.few_pms(world.seen_by(viewer), fewest=2)} - {None}
    assert found


def test_attack_when_one_unit_hidden_for_others_were_shown_then_finds_few_pms(world, seen, demo):
    """The test of the test: a gate that lets HR see one unit more, of those hidden to protect others, tells on one or two PMs."""
    hidden = defaultdict(list)
    for wave_id in demo.waves:
        for cell in demo.last.others(wave_id, is_shown=False):
            if (cell.scope, cell.measure, cell.reason) == ("unit", "item", "protects_others"):
                hidden[wave_id, cell.scope_id].append(world.numbers_of(wave_id, cell))
    assert len(hidden) > 10
    for keys in hidden.values():
        assert any(found for key in keys for found in world.few_pms(beside(seen["hr"], key)))


def beside(seen, key):
    """What is read about one item of a wave, and one number more."""
    alike = frozenset(one for one in seen.cells if (one[0], one[2]) == (key[0], key[2]))
    return Seen(cells=alike | {key})
