"""Which comments are shown now, which wait, and in which order: from who wrote, never from what.

A PM's comments are shown when enough of the unknown raters answered about the PM and enough of them
wrote. Until then they wait and are put together with the next wave's. Each is shown once, in an
order that is chance to everybody without the release's key.
"""

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.policy import Policy


class Fate(StrEnum):
    """What becomes of a comment in a release."""

    SHOWN = "shown"
    SIGNED = "signed"
    WAITS = "waits"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment that no release has shown yet: where it stands, without its words.

    `author` is the pseudonym, or None where nobody is named; the response tells authors of one wave
    apart even then. `is_signed` says that the rater asked for their name to stand beside it; that of
    a manager, who is attributed anyway, counts as signed. `is_known` says that the rater may open
    the page: who reads the comments knows their own, so it does not count as written.
    """

    comment_no: int
    subject_no: int
    wave_no: int
    response_no: int
    author: int | None
    is_signed: bool = False
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitters:
    """Who answered about a subject in one wave, the known raters left out; as in `Membership`.

    `unnamed_known_count` is how many known raters may be among the authors without a name.
    """

    subject_no: int
    wave_no: int
    rater_count: int
    raters: frozenset[int] = frozenset()
    unnamed_known_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one comment; `reason` is what HR wrote where they held it back."""

    comment_no: int
    fate: Fate
    reason: str = ""


def decide_comments(
    comments: Iterable[Comment],
    submitters: Iterable[Submitters],
    *,
    policy: Policy,
    held: Mapping[int, str],
) -> tuple[Decision, ...]:
    """Returns what becomes of every comment that no release has shown yet, by number.

    Signed comments do not count for the others, and need nobody around them. HR sees, and may hold
    back, only what would be shown. What is held back still counts as written: otherwise the others
    would wait, and that they wait would tell what HR did.

    Args:
        comments: the comments of this wave, and those that wait from earlier ones.
        submitters: who answered about each subject, for each wave that a comment comes from.
        policy: the wave's.
        held: the numbers of comments that HR holds back, each with a reason.

    Raises:
        ValueError: one is held back without a reason.
    """
    if not all(reason.strip() for reason in held.values()):
        raise ValueError("a comment is held back without a reason")
    ordered = sorted(comments, key=lambda one: one.comment_no)
    open_subjects = _open_subjects([one for one in ordered if not one.is_signed], submitters, policy)
    return tuple(_decide(one, open_subjects, held) for one in ordered)


def needed_submitters(policy: Policy) -> int:
    """Returns how many people have to answer about a PM before words are shown."""
    return max(policy.min_comment_submitters, policy.min_raters)


def in_shown_order(comment_nos: Iterable[int], *, release_key: bytes) -> tuple[int, ...]:
    """Returns comments in a random order that the same release always has.

    Args:
        comment_nos: the comments of one page.
        release_key: what only the pipeline knows; without it the order tells nothing about the
            numbers, which grow with the line in a file.
    """
    return tuple(sorted(comment_nos, key=lambda one: hmac.digest(release_key, b"%d" % one, "sha256")))


def _decide(comment: Comment, open_subjects: Collection[int], held: Mapping[int, str]) -> Decision:
    if not comment.is_signed and comment.subject_no not in open_subjects:
        return Decision(comment_no=comment.comment_no, fate=Fate.WAITS)
    if comment.comment_no in held:
        return Decision(comment_no=comment.comment_no, fate=Fate.HELD, reason=held[comment.comment_no])
    return Decision(comment_no=comment.comment_no, fate=Fate.SIGNED if comment.is_signed else Fate.SHOWN)


def _open_subjects(
    unsigned: Iterable[Comment], submitters: Iterable[Submitters], policy: Policy
) -> frozenset[int]:
    """The subjects whose comments are shown now."""
    written: dict[int, list[Comment]] = defaultdict(list)
    for comment in unsigned:
        written[comment.subject_no].append(comment)
    about: dict[int, list[Submitters]] = defaultdict(list)
    for one in submitters if written else ():
        about[one.subject_no].append(one)
    return frozenset(one for one in written if _qualifies(written[one], about[one], policy))


def _qualifies(comments: Collection[Comment], about: Iterable[Submitters], policy: Policy) -> bool:
    """Enough people could have written, and enough did, over all waves that the comments come from.

    Counted from below: whoever is named counts once over all waves, and who is not named may be the
    same person in each of them.
    """
    waves = {one.wave_no for one in comments}
    unknown = [one for one in comments if not one.is_known]
    pooled = [one for one in about if one.wave_no in waves]
    submitted = _fewest([one.rater_count for one in pooled], [one.raters for one in pooled])
    authors = [{(one.author, one.response_no) for one in unknown if one.wave_no == wave} for wave in waves]
    named = [frozenset(author for author, _ in wave if author is not None) for wave in authors]
    unnamed = [sum(author is None for author, _ in wave) for wave in authors]
    written = _fewest([len(names) + count for names, count in zip(named, unnamed, strict=True)], named)
    written -= max([0, *(one.unnamed_known_count for one in pooled)])
    return submitted >= needed_submitters(policy) and written >= policy.min_comment_authors


def _fewest(counts: Iterable[int], named: Iterable[frozenset[int]]) -> int:
    """The fewest people that can stand behind several waves: those of the largest, or all who are named."""
    return max([len(frozenset[int]().union(*named)), *counts])
