"""Errors a person can act on: what happened, where, and what to do next.

Everything the program refuses is a `HealthError` of some branch; each branch has its own exit
code, so that a script can tell a bad file from a busy store. Messages never quote an answer, a
name or an address. Bad rows, failed expectations and hidden cells are results, not errors.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend in a file that a person wrote; `code` names the rule for scripts and tests."""

    file: str
    line: int
    message: str
    hint: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} -> {self.hint}"


class HealthError(Exception):
    """A refusal with a code, a sentence, a place and a next step."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint


class ProblemsError(HealthError):
    """A refusal of a whole file, with every problem found in it."""

    def __init__(self, code: str, message: str, problems: tuple[Problem, ...], *, hint: str = "") -> None:
        super().__init__(code, message, where=problems[0].file if problems else "", hint=hint)
        self.problems = problems


class DefinitionError(ProblemsError):
    """An instrument file that cannot be used."""

    exit_code = 3


class RosterError(ProblemsError):
    """A roster file that cannot be used."""

    exit_code = 4


class WaveError(HealthError):
    """A wave that does not exist, or does not allow what was asked of it."""

    exit_code = 5


class ConfigError(HealthError):
    """A deployment that is not set up for what was asked."""

    exit_code = 6


class StoreError(HealthError):
    """A register that is busy, damaged, not writable, or made by a newer program."""

    exit_code = 7


class MailError(HealthError):
    """A mail server that cannot be reached, or takes nothing from us."""

    exit_code = 8


class AssignmentError(ProblemsError):
    """A file of who works with whom that cannot be used."""

    exit_code = 9
