"""What stands behind the numbers: how they are made, what protects people, what came in."""

import streamlit as st

from dashboard.catalogue import withdrawn_waves
from dashboard.reading import Reading
from dashboard.views import empty
from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown, wave_quality
from pipeline.release import ReleasedWave
from survey.campaign import WaveState

HOW = """
- A **score** is the mean of the behaviours behind a trait; each behaviour is the mean of everybody who answered it.
  "Not enough exposure to judge" never counts as a score.
- The **interval** says how much a score could differ if other people like these had answered: in 95 of 100 cases
  it holds the score that everybody would give. With few people it is wide, and a difference within it is no difference.
- **n** is how many people answered. Your own rating and your manager's stand beside, never inside, what others say.
- A **line** joins waves in which the same behaviours were asked. It is interrupted where a number is not shown.
"""


def show(release: Reading) -> None:
    """Draws the page; it is the same for everybody."""
    st.title("What these numbers are, and what they never tell")
    st.header("How a number is made")
    st.markdown(HOW)
    show_promises(release)
    show_waves(release)
    show_note(f"Release {release.number}. Every page reads this one file and nothing else.")


def show_promises(release: Reading) -> None:
    """Writes what protects the people who answer and the PMs, with the numbers of the latest wave."""
    latest = _published(release)[-1:]
    for wave in latest:
        st.header("What protects people")
        st.markdown(
            f"- Every number about what others said rests on at least **{wave.min_raters} people** who answered; "
            "no combination of shown numbers says anything about fewer.\n"
            f"- Every number of a unit rests on at least **{wave.min_pms} PMs**. There is no ranking of people.\n"
            "- Self and manager ratings carry their author's name, as the form said before the first question.\n"
            "- These rules are fixed when a wave opens and cannot be loosened afterwards.\n"
            "- The dashboard cannot open a single answer: it reads published numbers only."
        )


def show_waves(release: Reading) -> None:
    """Writes per wave what came in and what of it counts."""
    waves = _published(release)
    st.header("What came in, wave by wave")
    st.markdown("\n".join(f"- {escape_markdown(wave_quality(wave))}" for wave in waves))
    empty.show_withdrawn(withdrawn_waves(release))


def _published(release: Reading) -> list[ReleasedWave]:
    return [wave for wave in release.waves() if wave.state == WaveState.PUBLISHED]
