"""What validation found in one batch, as frozen values that no tool's own objects leave with."""

from dataclasses import dataclass

from pipeline.batch import Severity
from pipeline.rules import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One rule or batch check, judged; the fields are the columns of `raw.validation`.

    `evaluated_count` and `failing_count` count rows, answers, or the one batch. `observed` is the
    measured number of a batch check, None for a rule or where there was nothing to measure.
    """

    check_id: str
    level: Level
    severity: Severity
    is_met: bool
    evaluated_count: int
    failing_count: int
    observed: float | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """Every check of one batch: rules first, in their order, then batch checks in theirs."""

    checks: tuple[CheckResult, ...]

    @property
    def refusals(self) -> tuple[CheckResult, ...]:
        """The failed checks for each of which the batch must not be loaded."""
        return self._failed(Severity.REFUSE)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """The failed checks that a person should look at."""
        return self._failed(Severity.WARN)

    def _failed(self, severity: Severity) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if check.severity is severity and not check.is_met)
