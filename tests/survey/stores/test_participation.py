"""Who takes part: links, tasks, and claims of which only one per assignment is ever counted."""

from datetime import date
from itertools import product

import pytest

from survey.campaign import WaveState
from survey.participation import Claim, ClaimOutcome, GroupCount, LinkPurpose, ParticipationState, judge_claim
from survey.register import open_register
from survey.register_collection import Collections
from survey.register_participation import Participation
from survey.register_turnout import Turnout

CLAIMED, OTHER_LINK = ClaimOutcome.CLAIMED, ClaimOutcome.OTHER_LINK
NOT_OPEN, UNKNOWN = ClaimOutcome.NOT_OPEN, ClaimOutcome.UNKNOWN
INVITED, SUBMITTING, DONE = ParticipationState
STATES = ("invited", "submitting", "done")


@pytest.fixture
def second_link(participation: Participation, open_wave: str, anns_link: int) -> int:
    return participation.add_link(open_wave, "ann", LinkPurpose.ANSWER, b"ann-2")


@pytest.fixture
def about_bob(participation: Participation, anns_link: int) -> int:
    """Ann's assignment about Bob."""
    return participation.visit(b"ann-1")[1][1].assignment_no


def test_link_when_opened_then_its_persons_tasks_come_in_the_order_of_the_list(participation, anns_link):
    link, tasks = participation.visit(b"ann-1")

    assert (link.link_no, link.person_id, link.purpose) == (anns_link, "ann", LinkPurpose.ANSWER)
    assert (link.wave_id, link.wave_state) == ("great-pm/2026Q4", WaveState.OPEN)
    assert link.closes_on == date(2026, 12, 21)
    assert [(one.place, one.subject_id, one.relationship, one.reporting_group) for one in tasks] == [
        (1, "ann", "self", "self"),
        (2, "bob", "design", "others"),
    ]
    assert {(one.state, one.is_mine) for one in tasks} == {(INVITED, True)}
    assert participation.tasks(link) == tasks
    assert participation.find_link(b"ann-1") == link


def test_link_when_guessed_then_it_opens_nothing(participation, anns_link):
    assert participation.visit(b"guess") is None
    assert participation.find_link(b"guess") is None


def test_link_when_the_wave_is_a_draft_then_it_opens_without_tasks(participation, collections, draft):
    collections.add(draft)
    participation.add_link(draft.wave_id, "ann", LinkPurpose.NOMINATE, b"ann-n")

    link, tasks = participation.visit(b"ann-n")

    assert (link.wave_state, link.purpose, tasks) == (WaveState.DRAFT, LinkPurpose.NOMINATE, ())


@pytest.mark.parametrize(
    ("wave_state", "holder", "outcome"),
    [
        (WaveState.OPEN, None, CLAIMED),
        (WaveState.OPEN, 1, CLAIMED),
        (WaveState.OPEN, 2, OTHER_LINK),
        *(
            (state, holder, NOT_OPEN)
            for state in WaveState
            if state is not WaveState.OPEN
            for holder in (None, 1, 2)
        ),
    ],
)
def test_claim_of_link_1_when_judged_then_the_holder_and_the_wave_decide(wave_state, holder, outcome):
    assert judge_claim(wave_state, holder, 1) is outcome


# what was | which link claims | how the wave is: what comes out, and what is then
CLAIMS = {
    ("invited", "same", "open"): (CLAIMED, "submitting"),
    ("invited", "other", "open"): (CLAIMED, "submitting"),
    ("submitting", "same", "open"): (CLAIMED, "submitting"),
    ("submitting", "other", "open"): (OTHER_LINK, "submitting"),
    ("done", "same", "open"): (CLAIMED, "done"),
    ("done", "other", "open"): (OTHER_LINK, "done"),
    **{
        (state, link, wave): (NOT_OPEN, state)
        for state, link, wave in product(STATES, ("same", "other"), ("closed", "published", "withdrawn"))
    },
}
WITHDRAWALS = CLAIMS | {("done", "same", "open"): (CLAIMED, "submitting")}


def bring_to(participation: Participation, state: str, claim: Claim) -> None:
    if state != "invited":
        participation.claim([claim])
    if state == "done":
        participation.finish([claim])


def move_wave_to(register, state: str) -> None:
    for step in (WaveState.CLOSED, WaveState.PUBLISHED, WaveState.WITHDRAWN):
        if register.wave("great-pm/2026Q4").state != state:
            register.move_wave("great-pm/2026Q4", step, "a reason")


@pytest.mark.parametrize("table", ["claim", "claim_withdrawals"])
def test_claim_when_made_then_the_table_says_what_becomes_of_it(
    register, participation, about_bob, anns_link, second_link, table
):
    claim = getattr(participation, table)
    links = {"same": anns_link, "other": second_link}
    for (state, link, wave), (outcome, after) in (CLAIMS if table == "claim" else WITHDRAWALS).items():
        reset(register, participation, about_bob)
        bring_to(participation, state, Claim(assignment_no=about_bob, link_no=anns_link))
        move_wave_to(register, wave)

        found = claim([Claim(assignment_no=about_bob, link_no=links[link])])

        assert (found, state_of(participation)) == ((outcome,), after), (state, link, wave)


def reset(register, participation: Participation, assignment_no: int) -> None:
    with register.store.writing() as connection:
        connection.exec_driver_sql("update wave set state = 'open'")
        connection.exec_driver_sql("update participation set state = 'invited', link_no = null")


def state_of(participation: Participation) -> str:
    return participation.visit(b"ann-1")[1][1].state


def test_claims_when_two_links_claim_in_one_batch_then_the_first_has_it(
    participation, about_bob, anns_link, second_link
):
    claims = [
        Claim(assignment_no=about_bob, link_no=number) for number in (second_link, anns_link, second_link)
    ]

    assert participation.claim(claims) == (CLAIMED, OTHER_LINK, CLAIMED)
    assert not participation.visit(b"ann-1")[1][1].is_mine
    assert participation.visit(b"ann-2")[1][1].is_mine


@pytest.mark.parametrize("purpose", [LinkPurpose.NOMINATE, LinkPurpose.APPROVE, LinkPurpose.TRY])
def test_claim_when_the_link_is_for_something_else_then_it_is_refused(
    participation, open_wave, about_bob, purpose
):
    link_no = participation.add_link(open_wave, "ann", purpose, b"ann-other")

    assert participation.claim([Claim(assignment_no=about_bob, link_no=link_no)]) == (UNKNOWN,)


def test_claim_when_the_link_is_another_persons_then_it_is_refused(participation, open_wave, about_bob):
    bobs = participation.add_link(open_wave, "bob", LinkPurpose.ANSWER, b"bob-1")

    assert participation.claim([Claim(assignment_no=about_bob, link_no=bobs)]) == (UNKNOWN,)
    assert participation.claim([Claim(assignment_no=about_bob, link_no=99)]) == (UNKNOWN,)
    assert participation.claim([Claim(assignment_no=99, link_no=bobs)]) == (UNKNOWN,)


def test_release_when_answers_were_removed_then_any_link_may_claim(
    participation, about_bob, anns_link, second_link
):
    first = Claim(assignment_no=about_bob, link_no=anns_link)
    bring_to(participation, "done", first)

    participation.release([first])
    assert state_of(participation) == "done", "nothing was withdrawn, so nothing is given back"

    participation.claim_withdrawals([first])
    participation.release([first])
    assert participation.claim([Claim(assignment_no=about_bob, link_no=second_link)]) == (CLAIMED,)


def test_finish_when_another_link_holds_the_assignment_then_nothing_changes(
    participation, about_bob, anns_link, second_link
):
    participation.claim([Claim(assignment_no=about_bob, link_no=anns_link)])

    participation.finish([Claim(assignment_no=about_bob, link_no=second_link)])

    assert state_of(participation) == "submitting"


def test_batch_when_empty_then_nothing_happens(participation, anns_link):
    assert participation.claim([]) == ()
    participation.finish([])
    participation.release([])


def test_counts_when_asked_then_they_say_how_far_each_group_is(register, participation, about_bob, anns_link):
    own = Claim(assignment_no=participation.visit(b"ann-1")[1][0].assignment_no, link_no=anns_link)
    bring_to(participation, "done", own)
    bring_to(participation, "submitting", Claim(assignment_no=about_bob, link_no=anns_link))

    assert participation.counts("great-pm/2026Q4") == (
        GroupCount(subject_id="ann", reporting_group="peer", invited=1, submitting=0, done=0),
        GroupCount(subject_id="ann", reporting_group="self", invited=1, submitting=0, done=1),
        GroupCount(subject_id="bob", reporting_group="others", invited=1, submitting=1, done=0),
    )
    assert participation.raters("great-pm/2026Q4") == {"ann": 1, "bob": 1}
    assert Turnout(register.store).missing("great-pm/2026Q4") == ("ann", "bob")
    assert [(one.subject_id, one.rater_id) for one in participation.responders("great-pm/2026Q4")] == [
        ("ann", "ann")
    ]


def test_links_when_dropped_then_no_secret_opens_anything_and_nobody_knows_who_used_which(
    register, participation, about_bob, anns_link
):
    bring_to(participation, "done", Claim(assignment_no=about_bob, link_no=anns_link))

    participation.drop_links("great-pm/2026Q4")

    assert participation.visit(b"ann-1") is None
    with register.store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from link").scalar_one() == 0
        assert connection.exec_driver_sql("select count(link_no) from participation").scalar_one() == 0
    assert len(participation.responders("great-pm/2026Q4")) == 1


def test_file_of_the_register_when_links_are_dropped_then_their_hashes_are_not_in_it(tmp_path, draft):
    secret_hash = b"a-hash-that-nothing-else-holds"
    with open_register(tmp_path / "register.sqlite") as register:
        Collections(register.store).add(draft)
        participation = Participation(register.store)
        participation.add_link(draft.wave_id, "ann", LinkPurpose.ANSWER, secret_hash)
        assert any(secret_hash in path.read_bytes() for path in tmp_path.iterdir())

        participation.drop_links(draft.wave_id)
        register.store.compact([])

        assert not any(secret_hash in path.read_bytes() for path in tmp_path.iterdir())
