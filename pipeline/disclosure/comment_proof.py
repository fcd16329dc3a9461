"""Attacks the words of a release: do too few stand behind a page, or does a comment stand there twice?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

FEWEST_SUBMITTERS, FEWEST_AUTHORS = 5, 2
"""No policy may promise less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedComment:
    """A shown comment of one of the others: where it stands, where it was written, without its words.

    `rater_count` is how many unknown people answered about the subject in the wave it was written in.
    """

    wave_no: int
    scope_no: int
    comment_no: int
    is_signed: bool
    written_wave_no: int
    response_no: int
    is_known: bool
    rater_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedCommentRule:
    """What was promised about comments of a wave."""

    wave_no: int
    needed_submitters: int
    needed_authors: int


def few_behind_words(comments: Iterable[ProvedComment], rules: Iterable[ProvedCommentRule]) -> Iterator[bool]:
    """Yields for every promise, page and comment whether something is wrong.

    On a page, people are counted from below: those of the largest of the waves that its comments
    were written in.
    """
    several, promised = tuple(comments), {rule.wave_no: rule for rule in rules}
    for rule in promised.values():
        yield rule.needed_submitters < FEWEST_SUBMITTERS or rule.needed_authors < FEWEST_AUTHORS
    pages: dict[tuple[int, int], list[ProvedComment]] = defaultdict(list)
    for one in several:
        if not one.is_signed:
            pages[one.wave_no, one.scope_no].append(one)
    for (wave_no, _), page in pages.items():
        yield wave_no not in promised or _are_few(page, promised[wave_no])
    yield from (count > 1 for count in Counter(one.comment_no for one in several).values())


def _are_few(page: Collection[ProvedComment], rule: ProvedCommentRule) -> bool:
    submitters = max(one.rater_count for one in page)
    written = max(
        len({one.response_no for one in page if one.written_wave_no == wave_no and not one.is_known})
        for wave_no in {one.written_wave_no for one in page}
    )
    return submitters < rule.needed_submitters or written < rule.needed_authors
