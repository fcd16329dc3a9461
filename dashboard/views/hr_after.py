"""A wave that takes no more answers: taking them in, comments, publishing, telling people, withdrawing."""

import streamlit as st

from dashboard.desk_wave import NextStep
from dashboard.views import hr_comments, hr_proof
from dashboard.views.hr_action import Action, show_action
from dashboard.views.hr_at_wave import AtWave
from survey.campaign import WaveState
from survey.job_kind import JobKind


def show(at: AtWave, step: NextStep) -> None:
    """Draws what may be done in the state the wave is in."""
    if at.one.is_external and at.one.state is WaveState.OPEN:
        st.write(at.words.say("hr_external_open"))
    if at.one.state is WaveState.CLOSED and not at.one.is_external:
        show_action(
            at,
            Action(
                kind=JobKind.INGEST, name="take_in", payload={"file": ""}, is_first=step is NextStep.TAKE_IN
            ),
        )
        show_action(at, Action(kind=JobKind.THANK, name="thank", is_final=True))
    if at.known.is_taken_in or at.one.state in {WaveState.PUBLISHED, WaveState.WITHDRAWN}:
        hr_comments.show(at)
        show_publishing(at, is_first=step is NextStep.PUBLISH)
    if at.one.state in {WaveState.PUBLISHED, WaveState.WITHDRAWN}:
        hr_proof.show(at.desk, at.wave_id, at.words)
    if at.one.state is WaveState.PUBLISHED:
        show_published(at, is_first=step is NextStep.ANNOUNCE)


def show_publishing(at: AtWave, *, is_first: bool) -> None:
    """Draws the button that publishes, with who sees what from when on."""
    plan = at.one.collection
    says = [at.words.say("hr_publish_days", days=plan.unit_days)] if plan and plan.unit_days else []
    is_again = at.one.state is WaveState.PUBLISHED
    name = "publish_again" if is_again else "publish"
    show_action(
        at, Action(kind=JobKind.PUBLISH, name=name, says=says, is_final=not is_again, is_first=is_first)
    )


def show_published(at: AtWave, *, is_first: bool) -> None:
    """Draws telling people that their results are ready, and taking the wave back."""
    if not at.one.is_external:
        show_action(at, Action(kind=JobKind.ANNOUNCE, name="announce", is_final=True, is_first=is_first))
        show_action(at, Action(kind=JobKind.THANK, name="thank", is_final=True))
    with st.expander(at.words.say("hr_withdraw_expander"), key="withdraw"):
        reason = st.text_input(
            at.words.say("hr_withdraw_reason"), key="withdraw-reason", max_chars=500
        ).strip()
        show_action(
            at,
            Action(
                kind=JobKind.WITHDRAW,
                name="withdraw",
                payload={"reason": reason},
                is_final=True,
                is_ready=bool(reason),
            ),
        )
