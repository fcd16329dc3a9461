"""The first screen as values: who asks, about whom, how long, who will see what, how many are asked."""

from dataclasses import dataclass
from datetime import date

from survey.form.part import Part
from survey.form.questionnaire import Questionnaire
from survey.language import Wording
from survey.relationship import ATTRIBUTED

SECONDS_PER_ITEM = 7.5
SECONDS_PER_PROMPT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a rater has to know before the first question.

    `group_size` is how many were invited in the reporting group, `asked_count` in all groups of
    people who stay unknown.
    """

    part: Part
    name: str
    asked_by: str
    closes_on: date
    min_raters: int
    min_pms: int
    group: str
    group_size: int
    asked_count: int
    item_count: int
    prompt_count: int

    @property
    def minutes(self) -> int:
        return minutes_for(self.item_count, self.prompt_count)


def minutes_for(item_count: int, prompt_count: int) -> int:
    """Returns how many minutes answering takes.

    >>> minutes_for(24, 2)
    4
    """
    seconds = item_count * SECONDS_PER_ITEM + prompt_count * SECONDS_PER_PROMPT
    return max(1, round(seconds / 60))


def length_in_words(letter: Letter, words: Wording) -> str:
    """Returns how long it takes and how many questions of which kind there are."""
    minutes = words.count("minutes", letter.minutes)
    items = words.count("length_items", letter.item_count)
    if not letter.prompt_count:
        return words.say("length_one", minutes=minutes, items=items)
    prompts = words.count("length_prompts", letter.prompt_count)
    return words.say("length_both", minutes=minutes, items=items, prompts=prompts)


def question_counts(questionnaire: Questionnaire, words: Wording, part: Part) -> tuple[int, int]:
    """Returns how many items and how many prompts are asked in that part."""
    return len(questionnaire.items), len(questionnaire.prompts(words, part))


def asked_about(group_sizes: dict[tuple[str, str], int], subject_id: str) -> int:
    """Returns how many people are asked about a subject and stay unknown."""
    return sum(
        count
        for (subject, group), count in group_sizes.items()
        if subject == subject_id and group not in ATTRIBUTED
    )
