"""What the pipeline refuses, by kind. See `survey.errors` for the shape."""

from survey.errors import HealthError, ProblemsError


class SourceError(HealthError):
    """A file that is not a row-level export we can read."""

    exit_code = 10


class MappingError(ProblemsError):
    """A mapping that cannot be read, or does not fit its file or its instrument."""

    exit_code = 11


class BatchRefusedError(HealthError):
    """A batch that validation refused as a whole; nothing of it was loaded."""

    exit_code = 12


class ReconciliationError(HealthError):
    """Counts that do not add up: a bug or a damaged store, never a bad row."""

    exit_code = 13


class PublishError(HealthError):
    """A wave that cannot be published as asked."""

    exit_code = 14


class StoreBusyError(HealthError):
    """The warehouse is open in another process."""

    exit_code = 15
