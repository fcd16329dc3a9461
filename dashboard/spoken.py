"""The language a page is drawn in: set once for each run, asked for where a sentence is made.

Every visitor's script runs in a thread of its own, so one visitor's language is never another's.
"""

from contextvars import ContextVar

from survey.language import MEASURE, Wording, wording

_SPOKEN: ContextVar[Wording | None] = ContextVar("spoken", default=None)


def speak(words: Wording) -> None:
    """Lets everything that is said from here on be in the language of these words."""
    _SPOKEN.set(words)


def spoken() -> Wording:
    """Returns the words to speak with; English where nobody chose."""
    return _SPOKEN.get() or wording(MEASURE)
