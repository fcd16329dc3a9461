"""Publishes a release once more where there are no answers, and compares what comes out, table by table.

In the second warehouse stand who answered about whom, the coded sums of the blocks in place of what others
said, what self and manager said, and how raters scatter, as the release has it. Publishing runs over it as
always. A number that comes out the same rests on these alone: whoever attacks the blocks attacks it too.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import publish
from pipeline.errors import PublishError
from pipeline.publish import Edition, Scatter
from pipeline.publishing.manifest import read_manifest
from pipeline.release import GROUPS, Group, current_name, release_name, release_number
from pipeline.released_proof import ProvedTable
from pipeline.rules import code
from pipeline.statistics.spread import Spread, SpreadSource
from pipeline.warehouse import Warehouse, open_in_memory
from survey.campaign import WaveState
from survey.relationship import Relationship

_MEMBERSHIPS = ("core.subject", "core.item", "core.wave", "core.wave_item", "core.response", "raw.batch")
"""What the second warehouse has of the first: names, what was asked, and who answered. No answer."""

_SCATTER = ("spread", "reliability", "subject_spread", "trait_covariance")
"""The tables that hold what comes from single answers, once for the whole organisation: given, not worked out."""

_GIVEN = "relationship_item"
"""Coded sums that cut through blocks: given as well, and attacked together with the blocks."""

_NO_NUMBERS = ("meta", "comment", "lineage", "instrument", "scope", "measure", "subject", "unit", "wave")
"""Tables of names and words. Words have attackers of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One release on the way to the one that is proved: which wave came in it, or went."""

    release_no: int
    wave_id: str
    is_published: bool


def replay(warehouse: Warehouse, path: Path, editions: Mapping[str, Edition]) -> tuple[ProvedTable, ...]:
    """Returns for each table of a release how many of its rows come out the same from its blocks alone.

    Args:
        warehouse: the one that the release was published from.
        path: the release; those before it lie beside it.
        editions: every wave that was ever published, by id.

    Raises:
        PublishError: a release that this one builds on is not there any more.
    """
    with TemporaryDirectory() as folder, open_in_memory() as blank:
        for table in _MEMBERSHIPS:
            blank.add_rows(table, warehouse.rows(table))
        blank.add_rows("core.answer", warehouse.query("prove/blank_answer"))
        for step in _steps(path):
            _take(step, warehouse, blank, path.parent, Path(folder), editions[step.wave_id])
        name = current_name(Path(folder))
        return tuple(_compared(blank, path, Path(folder) / str(name)))


def _steps(path: Path) -> Iterator[_Step]:
    states: dict[str, str] = {}
    for release_no in range(1, release_number(path.name) + 1):
        if not (path.parent / release_name(release_no)).is_file():
            raise PublishError(
                "prove-incomplete",
                "a release that this one builds on is not there any more",
                where=release_name(release_no),
                hint="put it back beside the others",
            )
        now = {one.wave_id: one.state for one in read_manifest(path.parent, release_no).waves}
        for wave_id in (one for one, state in now.items() if states.get(one) != state):
            is_published = now[wave_id] == WaveState.PUBLISHED
            yield _Step(release_no=release_no, wave_id=wave_id, is_published=is_published)
        states = now


def _take(
    step: _Step, warehouse: Warehouse, blank: Warehouse, releases: Path, folder: Path, edition: Edition
) -> None:
    if not step.is_published:
        publish.withdraw(blank, folder, edition.wave)
        return
    numbers = {row["wave_id"]: row["wave_no"] for row in warehouse.query("publish/wave_number").to_pylist()}
    parameters = {
        "wave_no": numbers[step.wave_id],
        "release_no": step.release_no,
        "self": code(Relationship.SELF),
        "manager": code(Relationship.MANAGER),
        "other": code(Relationship.OTHER),
    }
    with _proved(warehouse, releases / release_name(step.release_no)):
        for table in ("mart.item", "mart.member"):
            blank.delete(table, "wave_no", parameters["wave_no"])
        for name in ("block_sum", "attributed"):
            blank.add_rows("mart.item", warehouse.query(f"prove/{name}", parameters))
        blank.add_rows("mart.member", warehouse.query("prove/member", parameters))
        scatter = _scatter(warehouse, parameters)
        sums = (
            warehouse.query("prove/relationship_item", parameters) if _GIVEN in _tables(warehouse) else None
        )
    publish.write_release(blank, folder, replace(edition, comment_key=b""), scatter, sums)


@contextmanager
def _proved(warehouse: Warehouse, path: Path) -> Iterator[None]:
    with warehouse.attached(path, "proved", "(read_only)"):
        yield


def _tables(warehouse: Warehouse) -> frozenset[str]:
    return frozenset(row["table_name"] for row in warehouse.query("prove/table").to_pylist())


def _scatter(warehouse: Warehouse, parameters: Mapping[str, object]) -> Scatter:
    there = _tables(warehouse)
    rows = {
        name: warehouse.query(f"prove/{name}", parameters).to_pylist() if name in there else []
        for name in _SCATTER
    }
    return Scatter(
        spreads={
            row["trait_id"]: Spread(
                sigma=row["sigma_points"],
                degrees_of_freedom=row["degrees_of_freedom"],
                source=SpreadSource.WAVE,
            )
            for row in rows["spread"]
        },
        between={row["trait_id"]: row["variance"] for row in rows["subject_spread"]},
        reliabilities={row["trait_id"]: (row["icc1"], row["icc2"]) for row in rows["reliability"]},
        covariances={
            (row["trait_id"], row["other_trait_id"]): row["covariance"] for row in rows["trait_covariance"]
        },
    )


def _compared(blank: Warehouse, path: Path, again: Path) -> Iterator[ProvedTable]:
    with blank.attached(path, "proved", "(read_only)"), blank.attached(again, "again", "(read_only)"):
        (own,) = blank.query(
            "prove/attributed_cell", {"others_group": GROUPS.index(Group.OTHERS)}
        ).to_pylist()
        for row in blank.query("prove/table").to_pylist():
            name = row["table_name"]
            if name not in _NO_NUMBERS:
                read, only_there, only_here = blank.compare(f"proved.{name}", f"again.{name}")
                given = read if name in (*_SCATTER, _GIVEN) else own["cell_count"] if name == "cell" else 0
                yield ProvedTable(
                    name=name,
                    read=read,
                    recomputed=max(0, read - given - only_there),
                    mismatched=max(only_there, only_here),
                    excepted=given,
                )
