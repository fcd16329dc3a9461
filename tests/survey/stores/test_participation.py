"""Who takes part: links, tasks, and claims of which only one per assignment is ever counted."""

from datetime import date

from survey.campaign import WaveState
from survey.register_participation import (
    Claim,
    ClaimOutcome,
    LinkPurpose,
    ParticipationState,
)

CLAIMED, OTHER_LINK = ClaimOutcome.CLAIMED, ClaimOutcome.OTHER_LINK


def test_a_link_opens_its_persons_tasks_in_the_order_of_the_list(participation, anns_link):
    link, tasks = participation.visit(b"ann-1")
    assert (link.link_no, link.person_id, link.purpose) == (anns_link, "ann", LinkPurpose.ANSWER)
    assert (link.wave_state, link.closes_on) == (WaveState.OPEN, date(2026, 12, 21))
    assert [(one.place, one.subject_id, one.state, one.is_mine) for one in tasks] == [
        (1, "ann", ParticipationState.INVITED, True),
        (2, "bob", ParticipationState.INVITED, True),
    ]


def test_a_guessed_link_opens_nothing(participation, anns_link):
    assert participation.visit(b"guess") is participation.find_link(b"guess") is None


def test_a_claim_holds_for_its_link_only(participation, anns_link, open_wave):
    later = participation.add_link(open_wave, "ann", LinkPurpose.ANSWER, b"ann-2")
    task, _ = participation.visit(b"ann-1")[1]
    first, second = (Claim(assignment_no=task.assignment_no, link_no=number) for number in (anns_link, later))
    assert participation.claim([first, second]) == (CLAIMED, OTHER_LINK)
    participation.finish([first])
    assert participation.claim([first]) == (CLAIMED,)
    assert participation.visit(b"ann-1")[1][0].state is ParticipationState.DONE
    assert not participation.visit(b"ann-2")[1][0].is_mine
    assert participation.claim_withdrawals([first]) == (CLAIMED,)
    assert participation.claim([second]) == (OTHER_LINK,)
    participation.release([first])
    assert participation.claim([second]) == (CLAIMED,)
