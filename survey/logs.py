"""Log lines of a process, one JSON object each: when, how bad, which process, what. Nothing about a person.

Our own lines hold codes, counts and ids of waves and jobs, and no more. What other libraries say may
quote an address, a name or an answer, so of theirs only who speaks and which kind of error stays.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

_OURS = "pmhealth"


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "event": _event(record),
        }
        return json.dumps(said, ensure_ascii=True)


def log_to(process: str, stream: TextIO | None = None) -> None:
    """Sends every log line of this process to stderr, ours from INFO on, others' from WARNING on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)


def take_over(*names: str) -> None:
    """Lets loggers that other libraries have set up for themselves speak through ours."""
    known = logging.Logger.manager.loggerDict
    for name in [name for name in known if name.partition(".")[0] in names]:
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True


def _event(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == _OURS and not record.exc_info:
        return record.getMessage()
    kind = record.exc_info[0] if record.exc_info else None
    return "something was said that is not written down" if kind is None else kind.__name__
