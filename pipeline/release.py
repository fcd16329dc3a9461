"""The read side of a release: DuckDB opened read-only, and the only shapes that leave.

A release is one immutable DuckDB file in the releases folder; `CURRENT` names the one to read.
Nothing else of the pipeline is imported here, so whoever holds this module holds no way to a
single answer.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

import duckdb

from pipeline.release_name import current_name, release_name, release_number
from pipeline.release_rows import BY_WAVE, Names, Row, read_cell, read_change, read_slice
from pipeline.released import (
    AT_ONCE,
    BOUNDS,
    GROUPS,
    KINDS,
    REASONS,
    SIGHTS,
    STANDINGS,
    VERDICTS,
    BestGuess,
    Cell,
    CellKey,
    FavourableShare,
    Group,
    Kind,
    LinePoint,
    Measure,
    Reason,
    Released,
    ReleasedChange,
    ReleasedFile,
    ReleasedGap,
    ReleasedRelationship,
    ReleasedReliability,
    ReleasedSlice,
    ReleasedStanding,
    ReleasedSubject,
    ReleasedUnit,
    ReleasedWave,
    Scope,
    Sight,
    SliceKind,
    Stand,
    Suppressed,
    Verdict,
)
from pipeline.released_comment import CommentRule, ReleasedComment, read_comment
from pipeline.released_proof import KeptProof, read_proof
from pipeline.released_unit import (
    COVERAGES,
    Mix,
    NonResponse,
    ReleasedCoverage,
    ReleasedDistribution,
    read_mix,
)
from pipeline.remembered import Answered, remembered
from survey.definition_document import instrument_from_document
from survey.instrument import Instrument

__all__ = [
    "AT_ONCE",
    "BOUNDS",
    "GROUPS",
    "KINDS",
    "REASONS",
    "SIGHTS",
    "STANDINGS",
    "VERDICTS",
    "BestGuess",
    "Cell",
    "CellKey",
    "FavourableShare",
    "Group",
    "Kind",
    "LinePoint",
    "Measure",
    "Reason",
    "Release",
    "Released",
    "ReleasedChange",
    "ReleasedFile",
    "ReleasedGap",
    "ReleasedRelationship",
    "ReleasedReliability",
    "ReleasedSlice",
    "ReleasedStanding",
    "ReleasedSubject",
    "ReleasedUnit",
    "ReleasedWave",
    "Releases",
    "Scope",
    "Sight",
    "SliceKind",
    "Stand",
    "Suppressed",
    "Verdict",
    "current_name",
    "release_name",
    "release_number",
    "utc_today",
]


def utc_today() -> date:
    """Returns the day it is, the same for everybody who looks."""
    return datetime.now(UTC).date()


class Release:
    """One open release. Safe to share between threads: every question gets a cursor of its own.

    `today` is asked for the day whenever numbers of units are: those of a wave wait for its
    `unit_date`, and the release stays open from one day to the next.
    """

    def __init__(self, path: Path, number: int, today: Callable[[], date]) -> None:
        self.number = number
        self._path = path
        self._today = today
        quoted = str(path).replace("'", "''")
        self._connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "512MB"})
        self._connection.execute(f"attach '{quoted}' as release (read_only)")
        self._connection.execute("create view dated_wave as\n" + _read_sql("dated_wave"))
        self._connection.execute(_read_sql("derived" if self._has("change") else "before_format_3"))
        self._instruments: dict[tuple[str, str], Instrument] = {}
        self.answered = Answered(today)

    def waves(self) -> tuple[ReleasedWave, ...]:
        """Returns every wave ever published, by its first day."""
        return self._waves

    @cached_property
    def _waves(self) -> tuple[ReleasedWave, ...]:
        return tuple(ReleasedWave(**row) for row in self._rows("wave"))

    def waiting(self) -> tuple[ReleasedWave, ...]:
        """Returns the waves whose units are not shown yet, by their first day."""
        today = self._today()
        return tuple(wave for wave in self.waves() if wave.unit_date > today)

    def instrument(self, instrument_id: str, version: str) -> Instrument:
        """Returns an instrument that a wave of this release used.

        Raises:
            KeyError: no wave of this release used it.
        """
        key = (instrument_id, version)
        if key not in self._instruments:
            rows = self._rows("instrument", instrument_id=instrument_id, version=version)
            if not rows:
                raise KeyError(key)
            self._instruments[key] = instrument_from_document(rows[0]["document"])
        return self._instruments[key]

    def subjects(self) -> tuple[ReleasedSubject, ...]:
        """Returns one record per subject and wave."""
        return self._subjects

    @cached_property
    def _subjects(self) -> tuple[ReleasedSubject, ...]:
        return tuple(ReleasedSubject(**row) for row in self._rows("subject"))

    @remembered
    def units(self) -> tuple[ReleasedUnit, ...]:
        """Returns one record per unit and wave."""
        return tuple(ReleasedUnit(**row) for row in self._rows("unit"))

    @remembered
    def cells(self, scope: Scope, scope_id: str) -> tuple[Cell, ...]:
        """Returns every number about one subject or unit: all waves, groups and measures."""
        return self._cells(scope, scope_id, tuple(Measure))

    @remembered
    def trait_cells(self, unit_id: str) -> tuple[Cell, ...]:
        """Returns the trait scores of one unit: all waves and groups."""
        return self._cells(Scope.UNIT, unit_id, (Measure.TRAIT,))

    def _cells(self, scope: Scope, scope_id: str, measures: Sequence[Measure]) -> tuple[Cell, ...]:
        rows = self._about("cell", scope, scope_id, measure_nos=self._names.measures_of(measures))
        return tuple(read_cell({**row, "scope": scope}) for row in rows)

    @remembered
    def unit_cells(self, wave_id: str) -> tuple[Cell, ...]:
        """Returns the trait scores of every unit of one wave, as others see it."""
        rows = self._rows("unit_cell", wave_id=wave_id, shown_on=self._today())
        return tuple(read_cell(row) for row in rows)

    @remembered
    def slices(self, unit_id: str) -> tuple[ReleasedSlice, ...]:
        """Returns the numbers by PM type and stage: all waves in which this unit is the whole organisation.

        With several top units no unit is; then `unit_id` is "".
        """
        if unit_id and unit_id not in {unit.unit_id for unit in self.units() if not unit.parent_id}:
            return ()
        rows = self._rows("slice", unit_id=unit_id, shown_on=self._today())
        return tuple(read_slice(row) for row in rows)

    @remembered
    def relationships(self, unit_id: str) -> tuple[ReleasedRelationship, ...]:
        """Returns the numbers by relationship of a product group or the organisation ("": of several top units)."""
        if unit_id not in self._units_by_relationship:
            return ()
        rows = self._rows("relationship", unit_id=unit_id, shown_on=self._today())
        return tuple(
            ReleasedRelationship(unit_id=unit_id, relationship=row["relationship"], cell=read_cell(row))
            for row in rows
        )

    @cached_property
    def _units_by_relationship(self) -> frozenset[str]:
        return frozenset(row["unit_id"] for row in self._rows("relationship_unit"))

    @remembered
    def line(self, scope: Scope, scope_id: str) -> tuple[LinePoint, ...]:
        """Returns the lines of one subject or unit, trait by trait, by time."""
        rows = self._about("line", scope, scope_id, keys=("trait_no", "wave_no"))
        return tuple(LinePoint(scope=scope, **row) for row in rows)

    @remembered
    def comments(self, subject_id: str) -> tuple[ReleasedComment, ...]:
        """Returns what was said about one subject in words: all waves, in the order of the page."""
        if not self._has("comment"):
            return ()
        rows = self._rows("comment", subject_id=subject_id)
        return tuple(read_comment(row, GROUPS[row["group_no"]].value) for row in rows)

    @remembered
    def files(self, wave_id: str) -> tuple[ReleasedFile, ...]:
        """Returns the files that a wave came from."""
        return tuple(ReleasedFile(**row) for row in self._rows("lineage", wave_id=wave_id))

    @remembered
    def comment_rules(self) -> tuple[CommentRule, ...]:
        """Returns what was promised about comments, wave by wave."""
        rows = self._rows("comment_rule") if self._has("comment_rule") else []
        return tuple(CommentRule(**row) for row in rows)

    def _has(self, table: str) -> bool:
        return table in self._tables

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(row["table_name"] for row in self._rows("table"))

    @remembered
    def changes(self, scope: Scope, scope_id: str) -> tuple[ReleasedChange, ...]:
        """Returns the judged changes of one subject or unit, by wave, trait and kind."""
        rows = self._about("change", scope, scope_id)
        return tuple(read_change({**row, "scope": scope}) for row in rows)

    @remembered
    def unit_changes(self, wave_id: str) -> tuple[ReleasedChange, ...]:
        """Returns the judged changes of every unit up to one wave, by unit, trait and kind."""
        rows = self._rows("unit_change", wave_id=wave_id, shown_on=self._today())
        return tuple(read_change({**row, "scope": Scope.UNIT}) for row in rows)

    @remembered
    def standings(self, subject_id: str) -> tuple[ReleasedStanding, ...]:
        """Returns how each trait of a subject stands to the others, by wave and trait."""
        rows = self._rows("standing", scope_id=subject_id)
        return tuple(ReleasedStanding(stand=STANDINGS[row.pop("standing_no")], **row) for row in rows)

    @remembered
    def gaps(self, subject_id: str) -> tuple[ReleasedGap, ...]:
        """Returns how others' and own ratings of a subject differ, by wave and trait."""
        rows = self._rows("gap", scope_id=subject_id)
        return tuple(ReleasedGap(sight=SIGHTS[row.pop("sight_no")], **row) for row in rows)

    @remembered
    def best_guesses(self, subject_id: str) -> tuple[BestGuess, ...]:
        """Returns the best guesses of a subject's true scores, by wave and trait."""
        return tuple(BestGuess(**row) for row in self._rows("best_guess", scope_id=subject_id))

    @remembered
    def favourable_shares(self, unit_id: str) -> tuple[FavourableShare, ...]:
        """Returns the favourable shares of a unit's items, by wave and item."""
        rows = self._rows("favourable", scope_id=unit_id, shown_on=self._shown_on(Scope.UNIT))
        return tuple(FavourableShare(**row) for row in rows)

    @remembered
    def mixes(self, unit_id: str) -> tuple[Mix, ...]:
        """Returns what made the changes of a unit, by wave and trait: its people, or who is in it."""
        return tuple(read_mix(row) for row in self._about_unit("mix", unit_id))

    @remembered
    def distribution(self, unit_id: str, wave_id: str) -> tuple[ReleasedDistribution, ...]:
        """Returns how a unit's PMs are distributed, without names, trait by trait; nothing where PMs are too few."""
        rows = self._about_unit("distribution", unit_id, wave_id)
        lists = ({**row, "edges": tuple(row["edges"]), "at_least": tuple(row["at_least"])} for row in rows)
        return tuple(ReleasedDistribution(**row) for row in lists)

    @remembered
    def strengths(self, unit_id: str, wave_id: str) -> tuple[ReleasedCoverage, ...]:
        """Returns whether people of a unit stand out, trait by trait; nothing where PMs are too few."""
        rows = self._about_unit("coverage", unit_id, wave_id)
        return tuple(ReleasedCoverage(coverage=COVERAGES[row.pop("coverage_no")], **row) for row in rows)

    @remembered
    def nonresponse(self, unit_id: str) -> tuple[NonResponse, ...]:
        """Returns what those who did not answer could change in a unit's scores, by wave and trait, where that is known."""
        return tuple(NonResponse(**row) for row in self._about_unit("nonresponse", unit_id))

    def _about_unit(self, table: str, unit_id: str, wave_id: str = "") -> list[Row]:
        """Rows of a table that a release has since its fourth format."""
        return self._about(table, Scope.UNIT, unit_id, wave_id) if self._has(table) else []

    def _about(
        self,
        table: str,
        scope: Scope,
        scope_id: str,
        wave_id: str = "",
        keys: Sequence[str] = BY_WAVE,
        **parameters: list[int],
    ) -> list[Row]:
        """Rows about one subject or unit, of one wave or all that are shown today; numbers of names are named."""
        scope_no = self._scope_no(scope, scope_id)
        if scope_no is None:
            return []
        waves = self._names.waves_until(self._shown_on(scope), wave_id)
        rows = self._rows(table, scope_no=scope_no, wave_nos=waves, **parameters)
        ordered = self._names.in_order(rows, keys)
        return [{**self._names.named(row), "scope_id": scope_id} for row in ordered]

    @remembered
    def _scope_no(self, scope: Scope, scope_id: str) -> int | None:
        """Units are few, so their numbers are read at once."""
        if scope is Scope.UNIT:
            return self._unit_nos.get(scope_id)
        rows = self._rows("scope", scope=scope.value, scope_id=scope_id)
        return rows[0]["scope_no"] if rows else None

    @cached_property
    def _unit_nos(self) -> dict[str, int]:
        return {row["scope_id"]: row["scope_no"] for row in self._rows("unit_no")}

    @cached_property
    def _names(self) -> Names:
        return Names(self._rows("wave_no"), self._rows("measure"))

    @remembered
    def reliability(self, wave_id: str) -> tuple[ReleasedReliability, ...]:
        """Returns how far raters tell the subjects of a wave apart, trait by trait."""
        return tuple(ReleasedReliability(**row) for row in self._rows("reliability", wave_id=wave_id))

    def proof(self) -> KeptProof | None:
        """Returns the report of the attackers on this release, or None while nobody attacked it."""
        return read_proof(self._path)

    def _shown_on(self, scope: Scope) -> date:
        """What is about a subject never waits."""
        return date.max if scope is Scope.SUBJECT else self._today()

    def _rows(self, name: str, **parameters: str | date | int | list[int]) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(_read_sql(name), parameters)
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


class Releases:
    """The releases folder: hands out the current release, and the next one as soon as it is there."""

    def __init__(self, folder: Path, *, today: Callable[[], date] = utc_today) -> None:
        self._folder = folder
        self._today = today
        self._lock = Lock()
        self._open: tuple[str, Release] | None = None

    def current(self) -> Release | None:
        """Returns the current release, or None while nothing has been published.

        Cheap to call for every page: the file is opened again only when `CURRENT` names another.
        """
        name = current_name(self._folder)
        if name is None:
            return None
        with self._lock:
            if self._open is None or self._open[0] != name:
                self._open = (name, Release(self._folder / name, release_number(name), self._today))
            return self._open[1]


@cache
def _read_sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / "release" / f"{name}.sql").read_text(encoding="utf-8")
