"""Plain tables of HR's pages: text in, shown as it is."""

from collections.abc import Sequence

import streamlit as st

from dashboard.wording import escape_markdown
from survey.language import Wording


def show_rows(words: Wording, header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> None:
    """Draws rows under the texts of the header's keys; `name` is the key of what the table is called."""
    st.table(
        {words.say(key): [escape_markdown(row[place]) for row in rows] for place, key in enumerate(header)},
        border="horizontal",
        hide_index=True,
        alt=words.say(name),
    )
