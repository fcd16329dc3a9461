"""Harmless sentences for open prompts.

Some hold what breaks careless readers of files: commas, quotes, line breaks, umlauts.
"""

import numpy as np

_HELPED = (
    "Wrote down what we did not know yet, before the planning week.",
    "Asked three times why the customer wanted the export, and then we built something smaller.",
    'Said "I was wrong about this" in front of the whole team, which helped, a lot.',
    "Split the migration into parts, so that two of us could start at once.",
    "Came back with an answer on the day that was promised.\nThat is rare here.",
    "Said no to the extra report; gave the reason; we kept the date.",
    "Hat im Gespräch mit dem Vertrieb genau gesagt, worüber wir uns nicht einig sind.",
)
_DIFFERENT = (
    "Send the notes the same day, please.",
    "Tell us earlier which topics are off the table this quarter.",
    "Let one decision stand for a month, even if it itches.",
    "Bring the numbers that speak against the plan, too.",
    "More time with support tickets, fewer slides.\nEven one hour a week.",
    'When a date moves, say so in the channel, not only "in person".',
    "Früher sagen, was geraten ist, und was gemessen.",
)


def draw_sentence(prompt_no: int, rng: np.random.Generator) -> str:
    """Returns a sentence that suits the first prompt (what helped) or a later one (what to change)."""
    sentences = _DIFFERENT if prompt_no else _HELPED
    return sentences[int(rng.integers(len(sentences)))]
