"""What people wrote about a PM, as it was written: never as markdown, never as HTML."""

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard.own_wording import comment_rule_words, no_comment_words
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown, said
from pipeline.release import Group, ReleasedWave
from pipeline.released_comment import CommentRule, ReleasedComment

_BY: dict[str, str] = {Group.SELF: "said_self", Group.MANAGER: "said_manager"}
"""The key of the words for whose words they are, where that is known."""


def show(release: Reading, person_id: str, waves: Sequence[ReleasedWave]) -> None:
    """Draws the words of the newest wave, earlier ones behind a click, and what has to be so before words are shown.

    Whether nobody wrote or too few did looks the same.
    """
    rule = _latest_rule(release.comment_rules(), waves)
    if rule is None:
        return
    comments = release.comments(person_id)
    st.header(spoken().say("said_title"), anchor=False)
    if not any(one.group == Group.OTHERS for one in comments):
        st.write(escape_markdown(no_comment_words(rule)))
    told = [wave for wave in reversed(waves) if any(one.wave_id == wave.wave_id for one in comments)]
    for wave in told[:1]:
        _show_wave(release, wave, comments)
    if told[1:]:
        with st.expander(spoken().say("said_earlier"), key="earlier-words"):
            for wave in told[1:]:
                _show_wave(release, wave, comments)
    show_note(comment_rule_words(rule))


def show_own(release: Reading, person_id: str, waves: Sequence[ReleasedWave]) -> None:
    """Draws what the PM wrote about themselves in the newest wave, where they wrote anything."""
    comments = [one for one in release.comments(person_id) if one.group == Group.SELF]
    told = [wave for wave in reversed(waves) if any(one.wave_id == wave.wave_id for one in comments)]
    if told:
        st.header(spoken().say("said_own_title"), anchor=False)
        _show_wave(release, told[0], comments)


def _latest_rule(rules: Iterable[CommentRule], waves: Sequence[ReleasedWave]) -> CommentRule | None:
    """A wave from before comments were released promised nothing about them."""
    by_wave = {rule.wave_id: rule for rule in rules}
    found = (by_wave.get(wave.wave_id) for wave in reversed(waves))
    return next((rule for rule in found if rule is not None), None)


def _show_wave(release: Reading, wave: ReleasedWave, comments: Sequence[ReleasedComment]) -> None:
    st.subheader(escape_markdown(wave.period), anchor=False)
    instrument = release.instrument(wave.instrument_id, wave.instrument_version)
    asked = {prompt.prompt_id: said(prompt.text or prompt.text_self) for prompt in instrument.prompts}
    for prompt_id in (*asked, ""):
        told = [one for one in comments if (one.wave_id, one.prompt_id) == (wave.wave_id, prompt_id)]
        if told:
            st.write(f"**{escape_markdown(asked.get(prompt_id) or spoken().say('said_further'))}**")
        for one in told:
            _show_comment(one)


def _show_comment(one: ReleasedComment) -> None:
    by = _author(one)
    with st.container(border=True, gap="xsmall"):
        st.text(one.words)
        if by:
            show_note(by)


def _author(one: ReleasedComment) -> str:
    if one.group in _BY:
        return spoken().say(_BY[one.group])
    return spoken().say("said_signed", name=one.signed_by) if one.signed_by else ""
