"""Comments on their way into a release: numbered, decided, put in an order of chance, each shown once."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from pipeline.disclosure.comments import (
    Comment,
    Fate,
    Submitters,
    decide_comments,
    in_shown_order,
    needed_submitters,
)
from pipeline.publishing.staging import Staging
from pipeline.release import GROUPS, Group
from survey.instrument import SubjectKind

_INT, _SMALL, _LETTERS = pa.int32(), pa.uint16(), pa.list_(pa.field("item", pa.uint32(), nullable=False))
_COMMENT = {
    "wave_no": _SMALL,
    "scope_no": _INT,
    "group_no": pa.uint8(),
    "place": _INT,
    "comment_no": pa.int64(),
    "prompt": _LETTERS,
    "signer": _LETTERS,
    "words": _LETTERS,
}
_FATE = {
    "release_no": _INT,
    "wave_no": _SMALL,
    "comment_no": pa.int64(),
    "written_wave_no": _SMALL,
    "subject_no": _INT,
    "response_no": pa.uint64(),
    "is_known": pa.bool_(),
    "needed_submitters": _INT,
    "needed_authors": _INT,
    "fate": pa.string(),
}
_SUBMITTER = {
    "release_no": _INT,
    "wave_no": _SMALL,
    "subject_no": _INT,
    "rater_count": _INT,
    "unnamed_known_count": _INT,
}
_RULE = {"wave_no": _SMALL, "needed_submitters": _INT, "needed_authors": _INT}
_VISIBLE = (Fate.SHOWN, Fate.SIGNED)


def stage_comments(staging: Staging) -> None:
    """Stages `comment`, `comment_rule`, and what is remembered: `comment_fate`, `comment_submitter`."""
    desk = _Desk(staging)
    fates = dict(desk.fates())
    written = [one for one in desk.pool if one.comment_no in fates]
    staging.put("comment", _COMMENT, desk.rows(fates))
    staging.put("comment_fate", _FATE, [desk.fate_row(one, fates[one.comment_no]) for one in written])
    staging.put("comment_submitter", _SUBMITTER, desk.submitter_rows())
    staging.put("comment_rule", _RULE, [(staging.wave_no, *desk.needed)])


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedComment:
    """Words of one of the others that passed the gate; `is_held` says that HR holds them back."""

    comment_no: int
    subject_id: str
    is_held: bool
    words: str


def find_passed(staging: Staging) -> tuple[PassedComment, ...]:
    """Returns the words that are shown or held back, by subject, in the order of their numbers."""
    desk = _Desk(staging)
    fates = dict(desk.fates())
    ids = {number: name for (_, name), number in staging.scopes.items()}
    passed = [
        PassedComment(
            comment_no=one.comment_no,
            subject_id=ids[one.scope_no],
            is_held=fates[one.comment_no] is Fate.HELD,
            words=one.words,
        )
        for one in desk.pool
        if one.group is Group.OTHERS and fates[one.comment_no] is not Fate.WAITS
    ]
    return tuple(sorted(passed, key=lambda one: (one.subject_id, one.comment_no)))


def remember_comments(staging: Staging) -> None:
    """Writes down what this release will show, before anybody can see it."""
    for table in ("comment_fate", "comment_submitter"):
        staging.warehouse.copy_rows(f"core.{table}", f"stage.{table}")


def forget_unseen_comments(staging: Staging) -> None:
    """A publish that was cut off wrote down comments of a release that never was."""
    for table in ("core.comment_fate", "core.comment_submitter"):
        staging.warehouse.delete(table, "release_no", staging.earlier.release_no + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """One comment with its words; its number is keyed, so that it tells neither place nor author."""

    comment_no: int
    written_wave_no: int
    subject_no: int
    scope_no: int
    response_no: int
    group: Group
    prompt_id: str
    words: str
    signed_by: str
    is_known: bool

    @property
    def is_attributed(self) -> bool:
        return bool(self.signed_by) or self.group is not Group.OTHERS


class _Desk:
    """What is known of every comment that this release might show."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._seen = {row["comment_no"]: row for row in staging.query("comment_seen")}
        policy = staging.policy
        self.needed = needed_submitters(policy), policy.min_comment_authors
        self._names = {person.person_id: person.name for person in staging.members.people}
        self._prompts = {prompt.prompt_id for prompt in staging.instrument.prompts}
        parameters = staging.parameters()
        self._attributed = {parameters["self"]: Group.SELF, parameters["manager"]: Group.MANAGER}

    @cached_property
    def pool(self) -> tuple[_Written, ...]:
        """This wave's comments and those that wait; about PMs only, and none shown with another wave."""
        if self._staging.instrument.subject_kind is SubjectKind.UNIT:
            return ()
        parameters = {**self._staging.parameters(), "waiting_waves": self._waiting_waves()}
        rows = self._staging.warehouse.query("publish/comment_pool", parameters).to_pylist()
        return tuple(one for one in map(self._written, rows) if self._may_be_here(one))

    def fates(self) -> Iterator[tuple[int, Fate]]:
        """Yields what becomes of each comment, by number.

        Where the wave was seen before, what was shown then is shown again and nothing joins it: it
        would be that of somebody who came late.
        """
        if not self.pool:
            return
        seen_before = {row["wave_no"] for row in self._staging.query("comment_wave")}
        held = {row["comment_no"]: row["reason"] for row in self._staging.query("comment_hold")}
        own = self._staging.wave_no
        if own not in seen_before:
            comments = [self._comment(one) for one in self.pool]
            decided = decide_comments(
                comments, self._about(), policy=self._staging.policy, held=_only(held, comments)
            )
            yield from ((one.comment_no, one.fate) for one in decided)
            return
        for one in self.pool:
            before = self._seen.get(one.comment_no)
            stood = before is not None and before["wave_no"] == own and before["fate"] != Fate.WAITS
            yield one.comment_no, _again(one, is_shown=stood, is_held=one.comment_no in held)

    def rows(self, fates: Mapping[int, Fate]) -> Iterator[tuple[object, ...]]:
        """Yields the rows of `release.comment`, page by page."""
        pages: dict[int, dict[int, _Written]] = {}
        for one in self.pool:
            if fates.get(one.comment_no) in _VISIBLE:
                pages.setdefault(one.scope_no, {})[one.comment_no] = one
        key = hmac.digest(self._staging.edition.comment_key, b"%d" % self._staging.wave_no, "sha256")
        for scope_no, page in sorted(pages.items()):
            for place, comment_no in enumerate(in_shown_order(page, release_key=key), start=1):
                yield self._row(scope_no, place, page[comment_no])

    def fate_row(self, one: _Written, fate: Fate) -> tuple[object, ...]:
        """Returns the row of `core.comment_fate`; what was promised where it was written stays with it."""
        before = self._seen.get(one.comment_no)
        needed = (before["needed_submitters"], before["needed_authors"]) if before else self.needed
        return (
            self._staging.earlier.release_no + 1,
            self._staging.wave_no,
            one.comment_no,
            one.written_wave_no,
            one.subject_no,
            one.response_no,
            one.is_known,
            *needed,
            fate.value,
        )

    def submitter_rows(self) -> Iterator[tuple[int, ...]]:
        """Yields the rows of `core.comment_submitter` for this wave."""
        release_no, wave_no = self._staging.earlier.release_no + 1, self._staging.wave_no
        return ((release_no, wave_no, *counts) for counts in self._own_counts)

    def _row(self, scope_no: int, place: int, one: _Written) -> tuple[object, ...]:
        return (
            self._staging.wave_no,
            scope_no,
            GROUPS.index(one.group),
            place,
            one.comment_no,
            _letters(one.prompt_id if one.prompt_id in self._prompts else ""),
            _letters(self._names.get(one.signed_by, one.signed_by)),
            _letters(one.words),
        )

    def _waiting_waves(self) -> list[int]:
        """Published waves of the campaign; what waits in a withdrawn one goes on waiting."""
        campaign = self._staging.wave.campaign
        published = {
            wave.wave_no
            for wave in self._staging.earlier.waves
            if wave.is_published and wave.wave_id.rpartition("/")[0] == campaign
        }
        return sorted(published - {self._staging.wave_no})

    def _may_be_here(self, one: _Written) -> bool:
        """One of an earlier wave joins only if it waits, and was promised no more than this wave keeps."""
        before, own = self._seen.get(one.comment_no), self._staging.wave_no
        if before is None or (before["wave_no"] != own and before["fate"] != Fate.WAITS):
            return before is None and one.written_wave_no == own
        promised = before["needed_submitters"], before["needed_authors"]
        return all(mine >= theirs for mine, theirs in zip(self.needed, promised, strict=True))

    def _written(self, row: dict[str, Any]) -> _Written:
        group = self._attributed.get(row.pop("relationship"), Group.OTHERS)
        number = self._number(row, group, row.pop("occurrence"))
        before = self._seen.get(number)
        is_known = row.pop("is_known") or (before is not None and before["is_known"])
        return _Written(comment_no=number, group=group, is_known=is_known, **row)

    def _number(self, row: Mapping[str, Any], group: Group, occurrence: int) -> int:
        parts = (row["written_wave_no"], row["subject_no"], group.value, row["prompt_id"], occurrence)
        text = "\0".join((*map(str, parts), row["signed_by"], row["words"]))
        digest = hmac.digest(self._staging.edition.comment_key, text.encode(), "sha256")
        return int.from_bytes(digest[:8], "big") >> 1

    def _comment(self, one: _Written) -> Comment:
        """Nobody is named: pseudonyms of two waves have nothing in common, so people count from below."""
        return Comment(
            comment_no=one.comment_no,
            subject_no=one.subject_no,
            wave_no=one.written_wave_no,
            response_no=one.response_no,
            author=None,
            is_signed=one.is_attributed,
            is_known=one.is_known,
        )

    def _about(self) -> Iterator[Submitters]:
        for subject_no, rater_count, known_count in self._own_counts:
            yield Submitters(
                subject_no=subject_no,
                wave_no=self._staging.wave_no,
                rater_count=rater_count,
                unnamed_known_count=known_count,
            )
        for row in self._staging.query("comment_submitter"):
            yield Submitters(**row)

    @cached_property
    def _own_counts(self) -> tuple[tuple[int, int, int], ...]:
        """Subjects with how many unknown people answered about them, and how many known ones may be among the authors."""
        known = self._staging.edition.known_counts
        return tuple(
            (subject_no, max(0, rater_count - known.get(subject_id, 0)), known.get(subject_id, 0))
            for subject_no, subject_id, _, rater_count in self._staging.rows("membership")
        )


def _again(one: _Written, *, is_shown: bool, is_held: bool) -> Fate:
    """The fate of a comment in a wave that was seen before."""
    if not (is_shown or one.is_attributed):
        return Fate.WAITS
    if is_held:
        return Fate.HELD
    return Fate.SIGNED if one.is_attributed else Fate.SHOWN


def _only(held: Mapping[int, str], comments: Iterable[Comment]) -> dict[int, str]:
    numbers = {one.comment_no for one in comments}
    return {number: reason for number, reason in held.items() if number in numbers}


def _letters(text: str) -> list[int]:
    return list(map(ord, text))
