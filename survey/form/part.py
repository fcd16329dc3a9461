"""In which part somebody answers: it decides what they are told and how they are addressed."""

from enum import StrEnum

from survey.instrument import Instrument, SubjectKind
from survey.relationship import Relationship


class Part(StrEnum):
    """OTHERS stay unknown; MANAGER and SELF are shown as such; ALONE: nobody else is asked; UNIT: about a unit."""

    OTHERS = "others"
    MANAGER = "manager"
    SELF = "self"
    ALONE = "alone"
    UNIT = "unit"

    @property
    def is_self(self) -> bool:
        """True if somebody answers about themselves."""
        return self in {Part.SELF, Part.ALONE}

    @property
    def is_named(self) -> bool:
        """True if the answers are shown as those of a known person."""
        return self in {Part.SELF, Part.ALONE, Part.MANAGER}


def part_of(instrument: Instrument, reporting_group: str) -> Part:
    """Returns the part of a rater whose answers are kept in that group."""
    if instrument.subject_kind is SubjectKind.UNIT:
        return Part.UNIT
    if reporting_group == Relationship.SELF:
        return Part.ALONE if tuple(instrument.respondents) == ("self",) else Part.SELF
    return Part.MANAGER if reporting_group == Relationship.MANAGER else Part.OTHERS
