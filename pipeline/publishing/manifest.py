"""The releases folder: a release appears in it whole or not at all, with its manifest beside it.

A release is built under another name, flushed to disk, renamed, described, and only then pointed
to by `CURRENT`. Whatever is cut off before that leaves the last release in place.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.release import release_name

MOST_ATTACKED = 100_000
"""So many subjects, counted once for each wave, and attacks on a release begin by themselves.

They take 65 MB of memory for a thousand of these; a machine that has enough for publishing may not have it for more.
"""

_BUILDING = ".building-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestWave:
    """What a release holds of one wave; `files` are the SHA-256 of the files it came from."""

    wave_id: str
    state: str
    instrument_id: str
    instrument_version: str
    instrument_hash: str
    policy_hash: str
    files: tuple[str, ...]
    subject_count: int
    own_block_count: int
    rest_block_count: int
    released_count: int
    suppressed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseManifest:
    """What one release is: its file, that file's SHA-256, and what it holds wave by wave."""

    release_no: int
    file: str
    sha256: str
    waves: tuple[ManifestWave, ...]

    @property
    def is_attacked_by_itself(self) -> bool:
        """False of what is so large that somebody who knows the machine should begin the attacks."""
        return sum(wave.subject_count for wave in self.waves) <= MOST_ATTACKED

    def wave(self, wave_id: str) -> ManifestWave:
        """Returns what the release holds of one wave."""
        return next(wave for wave in self.waves if wave.wave_id == wave_id)


def building_path(releases: Path, release_no: int) -> Path:
    """Returns where to build a release, after removing what an earlier, cut-off attempt left there."""
    releases.mkdir(parents=True, exist_ok=True)
    for leftover in releases.glob(f"{_BUILDING}*"):
        leftover.unlink()
    return releases / f"{_BUILDING}{release_name(release_no)}"


def describe_release(path: Path, release_no: int, waves: list[dict[str, Any]]) -> ReleaseManifest:
    """Returns the manifest of a release that has been built, but not yet put in place."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseManifest(
        release_no=release_no, file=release_name(release_no), sha256=digest, waves=_manifest_waves(waves)
    )


def put_in_place(releases: Path, built: Path, manifest: ReleaseManifest) -> None:
    """Makes a built release the current one, durably."""
    _flush(built)
    built.replace(releases / manifest.file)
    _write_durably(_manifest_path(releases, manifest.file), _render(manifest))
    _write_durably(releases / "CURRENT", f"{manifest.file}\n")


def read_manifest(releases: Path, release_no: int) -> ReleaseManifest:
    """Returns the manifest of a release that is in place."""
    name = release_name(release_no)
    content = json.loads(_manifest_path(releases, name).read_text(encoding="utf-8"))
    return ReleaseManifest(
        release_no=release_no,
        file=name,
        sha256=content["sha256"],
        waves=_manifest_waves(content["waves"]),
    )


def _manifest_waves(rows: list[dict[str, Any]]) -> tuple[ManifestWave, ...]:
    return tuple(ManifestWave(**{**row, "files": tuple(row["files"])}) for row in rows)


def _render(manifest: ReleaseManifest) -> str:
    return json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n"


def _manifest_path(releases: Path, file: str) -> Path:
    return (releases / file).with_suffix(".json")


def _write_durably(path: Path, text: str) -> None:
    building = path.with_name(f"{_BUILDING}{path.name}")
    building.write_text(text, encoding="utf-8")
    _flush(building)
    building.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
