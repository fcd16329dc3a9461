"""From marts to a release: the only numbers that leave the pipeline.

A release is a numbered file that holds every wave published so far: rows of earlier waves are
copied as they are, the new wave's are added, and lines over several waves are drawn anew.
"""

from collections import defaultdict
from pathlib import Path

import pyarrow as pa

from pipeline.disclosure.seen import Overlap, is_unchanged, tells_on_few
from pipeline.errors import PublishError
from pipeline.publishing.blocks import stage_blocks
from pipeline.publishing.comments import (
    PassedComment,
    find_passed,
    forget_unseen_comments,
    remember_comments,
    stage_comments,
)
from pipeline.publishing.earlier import Earlier, Name, numbered, opened_earlier
from pipeline.publishing.edition import Edition, RestGroup
from pipeline.publishing.fresh import workshop
from pipeline.publishing.known import stage_known
from pipeline.publishing.lane import lane_beside
from pipeline.publishing.manifest import (
    ReleaseManifest,
    building_path,
    describe_release,
    put_in_place,
    read_manifest,
)
from pipeline.publishing.names import measure_names, scope_names, stage_names
from pipeline.publishing.relationships import relationship_names, rule_relationships
from pipeline.publishing.release_file import write_wave, write_without
from pipeline.publishing.rulings import stage_rulings
from pipeline.publishing.scatter import Scatter, read_scatter
from pipeline.publishing.slices import rule_slices, slice_names
from pipeline.publishing.spreads import stage_spreads, stage_waves
from pipeline.publishing.staging import Staging
from pipeline.publishing.units import rule_units
from pipeline.publishing.worth import stage_worth
from pipeline.warehouse import Warehouse
from survey.campaign import Wave

__all__ = [
    "Edition",
    "PassedComment",
    "ReleaseManifest",
    "RestGroup",
    "Scatter",
    "passed_comments",
    "withdraw",
    "write_release",
]

_Overlaps = dict[int, list[Overlap]]


def write_release(
    warehouse: Warehouse,
    releases: Path,
    edition: Edition,
    scatter: Scatter | None = None,
    by_relationship: pa.Table | None = None,
) -> ReleaseManifest:
    """Adds a wave to a new release and makes it the current one.

    A wave that the current release holds already is left alone: that release is returned.

    Args:
        warehouse: with the wave's marts built.
        releases: the folder of releases; made if it is not there.
        edition: the wave, closed, with what it froze.
        scatter: how raters scatter, where that is known without their single answers.
        by_relationship: likewise the coded sums by relationship, as `release.relationship_item` has them.

    Raises:
        PublishError: nothing was loaded into the wave, or the wave was withdrawn before and what
            changed since would show what fewer than k people said.
    """
    with opened_earlier(warehouse, releases) as earlier:
        before = earlier.wave(edition.wave.wave_id)
        if before is not None and before.is_published:
            return read_manifest(releases, earlier.release_no)
        with workshop(warehouse):
            staging = _staging(warehouse, edition, earlier)
            scatter, is_same = _stage(staging, scatter, by_relationship)
            return _write(staging, scatter, releases, is_same=is_same)


def passed_comments(warehouse: Warehouse, releases: Path, edition: Edition) -> tuple[PassedComment, ...]:
    """Returns the words of others that publishing this wave shows, or would if nobody held them back.

    Args:
        warehouse: with the wave's marts built.
        releases: the folder of releases.
        edition: the wave, with what it froze.
    """
    with opened_earlier(warehouse, releases) as earlier, workshop(warehouse):
        staging = _staging(warehouse, edition, earlier)
        stage_names(staging)
        stage_known(staging)
        return find_passed(staging)


def _staging(warehouse: Warehouse, edition: Edition, earlier: Earlier) -> Staging:
    return Staging(
        warehouse=warehouse,
        wave_no=_wave_no(warehouse, edition.wave),
        edition=edition,
        earlier=earlier,
        scopes=numbered(earlier.scopes, _scope_names(edition)),
        measures=numbered(earlier.measures, measure_names(edition.instrument)),
    )


def _scope_names(edition: Edition) -> tuple[Name, ...]:
    makers = (scope_names, slice_names, relationship_names)
    return tuple(name for make in makers for name in make(edition.instrument, edition.members))


def withdraw(warehouse: Warehouse, releases: Path, wave: Wave) -> ReleaseManifest:
    """Makes a release without a wave's numbers; the wave stays listed with `wave.reason`.

    Raises:
        PublishError: the wave was never published.
    """
    with opened_earlier(warehouse, releases) as earlier:
        before = earlier.wave(wave.wave_id)
        if before is None:
            raise PublishError(
                "withdraw-unpublished",
                "this wave is in no release",
                where=wave.wave_id,
                hint="run: pmhealth wave list, and check the name",
            )
        if not before.is_published:
            return read_manifest(releases, earlier.release_no)
        with workshop(warehouse):
            stage_waves(
                warehouse,
                earlier.days(before.wave_no),
                earlier.spreads_without(before.wave_no),
                earlier.measures,
            )
            release_no = earlier.release_no + 1
            path = building_path(releases, release_no)
            rows = write_without(warehouse, earlier, before.wave_no, wave.reason, path)
    manifest = describe_release(path, release_no, rows)
    put_in_place(releases, path, manifest)
    return manifest


def _wave_no(warehouse: Warehouse, wave: Wave) -> int:
    numbers = {row["wave_id"]: row["wave_no"] for row in warehouse.query("publish/wave_number").to_pylist()}
    if wave.wave_id not in numbers:
        raise PublishError(
            "publish-empty",
            "nothing was loaded into this wave",
            where=wave.wave_id,
            hint=f"run: pmhealth ingest --wave {wave.wave_id}, with FILES unless our own form collected it",
        )
    return int(numbers[wave.wave_id])


def _stage(staging: Staging, given: Scatter | None, by_relationship: pa.Table | None) -> tuple[Scatter, bool]:
    """Stages the wave; returns how raters scatter, and whether these very blocks were seen before."""
    with lane_beside(staging) as lane:
        scattered = lane.run(lambda staged: given or read_scatter(staged))
        stage_names(staging)
        stage_blocks(staging)
        seen = lane.run(_check_seen)
        _stage_rulings(staging, by_relationship)
        stage_comments(staging)
        scatter = scattered.result()
        stage_spreads(staging, scatter)
        _stage_scores(staging)
        return scatter, seen.result()


def _stage_rulings(staging: Staging, by_relationship: pa.Table | None) -> None:
    for table in ("response", "block_item", "place_item"):
        staging.create(table)
    units = rule_units(staging)
    relationships = rule_relationships(staging, units, by_relationship)
    stage_rulings(staging, (units, rule_slices(staging, units), relationships))


def _stage_scores(staging: Staging) -> None:
    for table in ("unit_load", "item_score", "trait_item", "trait_sum"):
        staging.create(table)
    stage_worth(staging.warehouse, "trait_sum")
    for table in ("trait_score", "hidden"):
        staging.create(table)


def _write(staging: Staging, scatter: Scatter, releases: Path, *, is_same: bool) -> ReleaseManifest:
    """What will be seen is written down before anybody can see it."""
    release_no = staging.earlier.release_no + 1
    path = building_path(releases, release_no)
    rows = write_wave(staging, scatter, path)
    _forget_unseen(staging)
    if not is_same:
        staging.warehouse.copy_rows("core.published_member", "stage.published_member")
    forget_unseen_comments(staging)
    remember_comments(staging)
    manifest = describe_release(path, release_no, rows)
    put_in_place(releases, path, manifest)
    return manifest


def _check_seen(staging: Staging) -> bool:
    """Returns True if these very blocks were seen before; raises if they differ by too few."""
    staging.create("published_member")
    by_response, by_content = _overlaps(staging)
    if any(is_unchanged(overlaps) for overlaps in by_content.values()):
        return True
    # Three or more different versions could be combined in ways that pairs do not show.
    min_raters = staging.policy.min_raters
    pairs = (*by_response.values(), *by_content.values())
    if len(by_content) > 1 or any(tells_on_few(overlaps, min_raters=min_raters) for overlaps in pairs):
        raise PublishError(
            "publish-tells-on-few",
            f"what changed since this wave was published would show what fewer than {min_raters} people said",
            where=staging.wave.wave_id,
            hint="publish the files it had before, or leave it withdrawn",
        )
    return False


def _overlaps(staging: Staging) -> tuple[_Overlaps, _Overlaps]:
    """What each earlier release shares with this one, by the responses' numbers and by content alone."""
    by_response: _Overlaps = defaultdict(list)
    by_content: _Overlaps = defaultdict(list)
    for row in staging.query("overlap"):
        overlaps = by_content if row.pop("is_by_content") else by_response
        overlaps[row.pop("release_no")].append(Overlap(**row))
    return by_response, by_content


def _forget_unseen(staging: Staging) -> None:
    """A publish that was cut off wrote down members of a release that never was."""
    staging.warehouse.delete("core.published_member", "release_no", staging.earlier.release_no + 1)
