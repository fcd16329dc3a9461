"""For a lead: the results of PMs who shared theirs, one at a time."""

import streamlit as st

from dashboard.directory import Directory
from dashboard.reading import Reading
from dashboard.views import my_results
from dashboard.wording import escape_markdown
from survey.language import Wording


def show(release: Reading, directory: Directory, words: Wording) -> None:
    """Draws one PM's own page. The list is by name; nothing about it says who is seen how."""
    people = release.open_people()
    if not people:
        st.title(words.say("shared_nobody_title"))
        st.write(words.say("shared_nobody"))
        return
    chosen = st.selectbox(
        words.say("shared_choose"),
        list(people),
        format_func=lambda person_id: people[person_id],
        key="pm",
        bind="query-params",
        width=320,
    )
    st.write(words.say("shared_whose", name=escape_markdown(people[chosen])))
    my_results.show(release, directory, chosen)
