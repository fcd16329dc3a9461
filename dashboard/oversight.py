"""The audit as a council reads it: what was done, when and in which role, and whether it is whole; nobody's name.

Pure. Who took part in which wave is in no entry; what an entry says of people beyond that is left out here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.access_policy import AccessPolicy
from dashboard.organisation import Organisation
from survey.audit import AuditBreak, AuditLine

MOST_ENTRIES = 50
_OF_THINGS = ("wave.", "wave ", "comment-", "job.", "promise.")
"""What entries begin with whose target is a wave or a unit, and no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overseen:
    """An entry without names. `by` is what follows `by_` in a key of the texts.

    `family` is what kind of action it was, `step` which one of the kind; `about` the id of a wave or unit, or "".
    """

    entry_no: int
    done_at: datetime
    by: str
    family: str
    step: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """The latest entries, how many there are, the hash to note, and every place where the chain is broken."""

    entries: tuple[Overseen, ...]
    count: int
    head_hash: str
    breaks: tuple[AuditBreak, ...]

    @property
    def is_whole(self) -> bool:
        return not self.breaks


def oversee(
    lines: Sequence[AuditLine],
    breaks: Iterable[AuditBreak],
    organisation: Organisation,
    policy: AccessPolicy,
) -> Oversight:
    """Returns the audit without names, the latest entries first."""
    latest = lines[: -MOST_ENTRIES - 1 : -1]
    return Oversight(
        entries=tuple(_overseen(line, organisation, policy) for line in latest),
        count=len(lines),
        head_hash=lines[-1].entry_hash if lines else "",
        breaks=tuple(breaks),
    )


def _overseen(line: AuditLine, organisation: Organisation, policy: AccessPolicy) -> Overseen:
    entry = line.entry
    family, _, step = entry.action.replace("-", ".", 1).replace(" ", ".", 1).partition(".")
    return Overseen(
        entry_no=line.entry_no,
        done_at=entry.done_at,
        by=_role(entry.done_by, organisation, policy),
        family=family,
        step=step,
        about=entry.target if entry.action.startswith(_OF_THINGS) else "",
    )


def _role(person_id: str, organisation: Organisation, policy: AccessPolicy) -> str:
    """In which role somebody acted, the weightiest first; a program run by hand has no person."""
    named = {"hr": policy.hr, "executive": policy.executive, "council": policy.council}
    for role, people in named.items():
        if person_id in people:
            return role
    person = organisation.person(person_id)
    if person is None:
        return "operator"
    if organisation.led_units(person_id) or organisation.direct_pms(person_id):
        return "lead"
    return "pm" if person.is_pm else "somebody"
