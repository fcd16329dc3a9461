"""Words that a release shows about a PM, as they are read out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedComment:
    """One answer in words about a PM. `signed_by` is the name of who put theirs beside it, else "".

    `group` is "others", "self" or "manager"; within a page the order is chance. `prompt_id` is ""
    where the wave's instrument does not ask that any more.
    """

    wave_id: str
    subject_id: str
    group: str
    comment_no: int
    prompt_id: str
    signed_by: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRule:
    """How many have to answer about a PM, and to write, before words of others are shown."""

    wave_id: str
    needed_submitters: int
    needed_authors: int


def read_comment(row: Mapping[str, Any], group: str) -> ReleasedComment:
    """Returns a comment from its row; texts stand there as lists of their characters' numbers."""
    return ReleasedComment(
        wave_id=row["wave_id"],
        subject_id=row["subject_id"],
        group=group,
        comment_no=row["comment_no"],
        prompt_id=_text(row["prompt"]),
        signed_by=_text(row["signer"]),
        words=_text(row["words"]),
    )


def _text(letters: list[int]) -> str:
    return "".join(map(chr, letters))
