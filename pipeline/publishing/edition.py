"""A wave on its way out: what was frozen when it opened, and what else its release rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.campaign import Wave
from survey.instrument import Instrument
from survey.policy import Policy
from survey.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class RestGroup:
    """A rest block that closing decided: the unit, how many PMs' raters are in it, and how many raters."""

    unit_id: str
    subject_count: int
    rater_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A wave with its instrument, the roster of its day and its policy, all as frozen.

    `watchers` says which pseudonyms of the wave stand for people who may open others' pages; a
    pseudonym stands for several where they share a name. `rests` are the rest blocks of a wave that
    our own form collected, or None where blocks are yet to be formed from files of other tools.
    `largest_load` is about how many subjects one rater was asked at most, or 0 where nobody knows.
    `known_counts` says how many of those whom our own form asked about a subject may open its page:
    which of them answered is forgotten, so for comments all are taken to have. Under `comment_key`
    comments get their numbers and their order. `asked_counts` says how many others our own form asked
    about each subject; of files of other tools nobody knows.
    """

    wave: Wave
    instrument: Instrument
    members: Roster
    policy: Policy
    watchers: Mapping[int, frozenset[str]] = field(default_factory=dict)
    rests: tuple[RestGroup, ...] | None = None
    largest_load: int = 0
    known_counts: Mapping[str, int] = field(default_factory=dict)
    comment_key: bytes = field(default=b"", repr=False)
    asked_counts: Mapping[str, int] = field(default_factory=dict)
