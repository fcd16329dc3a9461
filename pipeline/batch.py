"""What a batch must meet as a whole: what its rows, one by one, cannot know. Frozen data.

The checks speak about the one-row table `profile` (`sql/load/profile.sql`); Great Expectations
judges them (`pipeline.validate`).
"""

from dataclasses import dataclass
from enum import StrEnum

from survey.instrument import Instrument, SubjectKind


class Severity(StrEnum):
    """What a failed check leads to: its rows go to quarantine, a remark, or no batch at all."""

    QUARANTINE = "quarantine"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCheck:
    """One thing a whole batch must meet: a column of `profile` lies between two ends.

    `low` and `high` are allowed themselves; None leaves that side open. A null in `profile` means
    that there was nothing to measure, and meets every check.
    """

    check_id: str
    column: str
    low: float | None
    high: float | None
    severity: Severity
    message: str
    hint: str


_BATCH_CHECKS = (
    BatchCheck(
        check_id="row_count",
        column="row_count",
        low=1,
        high=None,
        severity=Severity.REFUSE,
        message="the file holds no rows",
        hint="export it again and check that it is the file with one line per response",
    ),
    BatchCheck(
        check_id="quarantined_row_share",
        column="quarantined_row_share",
        low=None,
        high=0.5,
        severity=Severity.REFUSE,
        message="more than half of the rows cannot be used",
        hint="most likely the wave, the roster or the mapping is not the one for this file",
    ),
    BatchCheck(
        check_id="quarantined_answer_share",
        column="quarantined_answer_share",
        low=None,
        high=0.5,
        severity=Severity.REFUSE,
        message="more than half of the answers cannot be used",
        hint="most likely the instrument or the mapping is not the one for this file",
    ),
    BatchCheck(
        check_id="completeness",
        column="completeness",
        low=0.7,
        high=None,
        severity=Severity.WARN,
        message="many items were left out",
        hint="check that the export holds every question and every page",
    ),
    BatchCheck(
        check_id="not_observed_share",
        column="not_observed_share",
        low=None,
        high=0.4,
        severity=Severity.WARN,
        message="many answers say 'not enough exposure to judge'",
        hint="ask people who work with the subject more closely next time",
    ),
    BatchCheck(
        check_id="duplicate_share",
        column="duplicate_share",
        low=None,
        high=0.2,
        severity=Severity.WARN,
        message="many rows repeat an earlier one; the latest counts",
        hint="check that the file was not put together from overlapping exports",
    ),
    BatchCheck(
        check_id="unexpected_item_count",
        column="unexpected_item_count",
        low=None,
        high=0,
        severity=Severity.WARN,
        message="some answers are to items that this instrument does not have",
        hint="map those columns to an item, or leave them out of the mapping",
    ),
    BatchCheck(
        check_id="subject_coverage",
        column="subject_coverage",
        low=0.5,
        high=None,
        severity=Severity.WARN,
        message="fewer than half of the wave's subjects appear",
        hint="check that the export is complete; part files are added with --add",
    ),
)

_VOLUME = BatchCheck(
    check_id="responses_per_subject",
    column="responses_per_subject",
    low=None,
    high=40,
    severity=Severity.WARN,
    message="one subject has far more responses than usual",
    hint="check the column that names the subject",
)


def batch_checks(instrument: Instrument) -> tuple[BatchCheck, ...]:
    """Returns what a batch of answers to an instrument must meet as a whole.

    A team instrument has its whole team as raters, so only ratings of people have a usual volume.
    """
    return _BATCH_CHECKS if instrument.subject_kind is SubjectKind.UNIT else (*_BATCH_CHECKS, _VOLUME)
