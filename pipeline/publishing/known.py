"""Which raters read the numbers they are part of, and so do not count towards k."""

from collections.abc import Iterator

import pyarrow as pa

from pipeline.publishing.staging import Staging
from survey.reporting_group import KnownRaters

_KNOWN = {"subject_no": pa.int32(), "rater_no": pa.uint64()}


def stage_known(staging: Staging) -> None:
    """Stages `known_rater`: who answered about a subject and may open a page with that number."""
    watchers = staging.edition.watchers
    staging.put("watcher", {"rater_no": pa.uint64()}, [(number,) for number in sorted(watchers)])
    staging.put("known_rater", _KNOWN, tuple(_known(staging)))


def _known(staging: Staging) -> Iterator[tuple[int, int]]:
    known = KnownRaters(staging.members)
    for row in staging.query("watcher_response"):
        if staging.edition.watchers[row["rater_no"]] & known.of(row["subject_id"]):
            yield row["subject_no"], row["rater_no"]
