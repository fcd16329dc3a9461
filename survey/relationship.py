"""How a rater stands to the subject, and the words other tools use for it."""

from enum import StrEnum


class Relationship(StrEnum):
    """The relationships we know. Order matters: its place is the code the warehouse stores."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    REPORT = "report"
    ENGINEERING = "engineering"
    DESIGN = "design"
    MARKETING = "marketing"
    PROGRAM = "program"
    DATA = "data"
    SALES = "sales"
    SUPPORT = "support"
    EXECUTIVE = "executive"
    OTHER = "other"


ATTRIBUTED = (Relationship.SELF, Relationship.MANAGER)
"""Shown with their author, as the form says before the first question; they never enter `others`."""

SYNONYMS: dict[str, Relationship] = {
    "myself": Relationship.SELF,
    "self assessment": Relationship.SELF,
    "self-assessment": Relationship.SELF,
    "boss": Relationship.MANAGER,
    "line manager": Relationship.MANAGER,
    "supervisor": Relationship.MANAGER,
    "lead": Relationship.MANAGER,
    "colleague": Relationship.PEER,
    "coworker": Relationship.PEER,
    "co-worker": Relationship.PEER,
    "peer pm": Relationship.PEER,
    "direct report": Relationship.REPORT,
    "report to": Relationship.REPORT,
    "subordinate": Relationship.REPORT,
    "engineer": Relationship.ENGINEERING,
    "engineering manager": Relationship.ENGINEERING,
    "em": Relationship.ENGINEERING,
    "developer": Relationship.ENGINEERING,
    "designer": Relationship.DESIGN,
    "ux": Relationship.DESIGN,
    "pmm": Relationship.MARKETING,
    "product marketing": Relationship.MARKETING,
    "tpm": Relationship.PROGRAM,
    "program manager": Relationship.PROGRAM,
    "analyst": Relationship.DATA,
    "data science": Relationship.DATA,
    "customer support": Relationship.SUPPORT,
    "customer success": Relationship.SUPPORT,
    "exec": Relationship.EXECUTIVE,
    "stakeholder": Relationship.OTHER,
    "others": Relationship.OTHER,
}


def parse_relationship(text: str) -> Relationship | None:
    """Returns the relationship that a label names, or None if it names none we know.

    >>> parse_relationship(" Engineering Manager ")
    <Relationship.ENGINEERING: 'engineering'>
    >>> parse_relationship("neighbour") is None
    True
    """
    label = text.strip().casefold()
    if label in set(Relationship):
        return Relationship(label)
    return SYNONYMS.get(label)
