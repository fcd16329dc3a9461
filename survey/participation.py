"""Participation as values: what a link opens, how far an assignment is, and who may claim one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey.campaign import WaveState
from survey.relationship import Relationship


class LinkPurpose(StrEnum):
    """What a personal link is for."""

    ANSWER = "answer"
    NOMINATE = "nominate"
    APPROVE = "approve"
    TRY = "try"


class ParticipationState(StrEnum):
    """How far an assignment is. `submitting`: claimed, but not known to be stored."""

    INVITED = "invited"
    SUBMITTING = "submitting"
    DONE = "done"


class ClaimOutcome(StrEnum):
    """What became of a claim; all but `claimed` mean that nothing may be stored."""

    CLAIMED = "claimed"
    OTHER_LINK = "other_link"
    NOT_OPEN = "not_open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What a personal link opens. A wave that is not open yet is a draft."""

    link_no: int
    wave_id: str
    person_id: str
    purpose: LinkPurpose
    wave_state: WaveState
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One assignment as its rater meets it. `is_mine` is False once another link has claimed it."""

    assignment_no: int
    place: int
    subject_id: str
    relationship: Relationship
    reporting_group: str
    state: ParticipationState
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One assignment, answered by one link."""

    assignment_no: int
    link_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """How many of a subject's reporting group are asked, and how many are done."""

    subject_id: str
    reporting_group: str
    invited: int
    submitting: int
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """A rater whose response about a subject is stored. For closing; never shown."""

    subject_id: str
    rater_id: str
    relationship: Relationship
    reporting_group: str


def judge_claim(wave_state: WaveState, holder: int | None, link_no: int) -> ClaimOutcome:
    """Returns what becomes of a link's claim, given the link that holds the assignment by now."""
    if wave_state is not WaveState.OPEN:
        return ClaimOutcome.NOT_OPEN
    if holder not in {None, link_no}:
        return ClaimOutcome.OTHER_LINK
    return ClaimOutcome.CLAIMED
