"""Collections: drafts that change, nominations, and what opening a wave freezes in one moment."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from survey.assignment import Nomination, NominationState, Source
from survey.campaign import WaveState
from survey.errors import WaveError
from survey.participation import ParticipationState
from survey.register import AuditEntry
from survey.relationship import Relationship

WAVE = "great-pm/2026Q4"


@pytest.fixture
def entry() -> AuditEntry:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    return AuditEntry(done_at=noon, done_by="cli", action="wave.open", target=WAVE)


def nomination(subject_id: str, rater_id: str, **changes: object) -> Nomination:
    made = Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship.DESIGN,
        source=Source.PM,
        state=NominationState.PROPOSED,
    )
    return replace(made, **changes)


def pairs(nominations: tuple[Nomination, ...]) -> list[tuple[str, str]]:
    return [(one.subject_id, one.rater_id) for one in nominations]


def test_draft_when_added_then_it_is_found_and_listed(collections, draft, entry):
    collections.add(draft, entry=entry)

    assert collections.find(WAVE) == collections.get(WAVE) == draft
    assert collections.list() == ((draft, WaveState.DRAFT),)
    assert collections.state(WAVE) is WaveState.DRAFT


def test_drafts_when_listed_then_the_first_to_open_comes_first(collections, draft):
    later = replace(draft, wave_id="great-pm/2027Q1", opens_on=date(2027, 3, 1))
    collections.add(later)
    collections.add(draft)

    assert [one.wave_id for one, _ in collections.list()] == [WAVE, "great-pm/2027Q1"]


def test_campaign_when_repeated_then_its_collection_says_so_until_it_is_switched_off(
    collections, draft, entry
):
    collections.add(draft)
    collections.repeat(WAVE, is_repeated=True, entry=entry)
    assert collections.get(WAVE) == replace(draft, is_repeated=True)

    collections.repeat(WAVE, is_repeated=False)
    assert collections.get(WAVE) == draft
    with pytest.raises(WaveError) as refused:
        collections.repeat("great-pm/2030Q1", is_repeated=True)
    assert refused.value.code == "collection-unknown"


def test_draft_when_there_is_one_of_that_id_then_another_is_refused(collections, draft):
    collections.add(draft)

    with pytest.raises(WaveError) as refused:
        collections.add(draft)
    assert refused.value.code == "collection-exists"


def test_draft_when_a_wave_of_that_id_was_ingested_then_it_is_refused(register, collections, draft, opening):
    register.add_wave(opening.wave, opening.instrument, opening.members)

    with pytest.raises(WaveError) as refused:
        collections.add(draft)
    assert refused.value.code == "collection-exists"


def test_draft_when_updated_then_the_change_is_kept(collections, draft):
    collections.add(draft)
    changed = replace(draft, asked_by="The board", closes_on=date(2026, 12, 24))
    collections.update(changed)

    assert collections.get(WAVE) == changed


def test_collection_when_there_is_none_then_that_is_said(collections, draft):
    assert collections.find("nothing") is None
    for attempt in (
        lambda: collections.get(WAVE),
        lambda: collections.update(draft),
        lambda: collections.put_nominations(WAVE, []),
    ):
        with pytest.raises(WaveError) as refused:
            attempt()
        assert refused.value.code == "collection-unknown"


def test_nominations_when_put_again_then_the_later_word_counts(collections, draft):
    collections.add(draft)
    collections.put_nominations(WAVE, [nomination("ann", "bob"), nomination("ann", "cy")])
    approved = nomination("ann", "bob", state=NominationState.APPROVED, relationship=Relationship.PEER)
    collections.put_nominations(WAVE, [approved])
    collections.put_nominations(WAVE, [])

    assert collections.nominations(WAVE) == (approved, nomination("ann", "cy"))


def test_nominations_when_a_pms_list_is_replaced_then_other_lists_stay(collections, draft):
    collections.add(draft)
    collections.put_nominations(WAVE, [nomination("ann", "bob"), nomination("bob", "ann")])

    collections.replace_nominations(WAVE, ["ann"], [nomination("ann", "dee")])
    assert pairs(collections.nominations(WAVE)) == [("ann", "dee"), ("bob", "ann")]

    collections.replace_nominations(WAVE, [], [])
    assert len(collections.nominations(WAVE)) == 2


def test_wave_when_opened_then_everything_is_frozen_with_it(
    register, collections, participation, draft, opening, entry
):
    collections.add(draft)
    frozen = replace(draft, assignments_hash="a" * 64, roster_hash="b" * 64)
    collections.open(replace(opening, collection=frozen), entry=entry)

    assert collections.get(WAVE) == frozen
    assert collections.state(WAVE) is WaveState.OPEN
    assert register.wave(WAVE) == opening.wave
    assert register.wave_roster(WAVE) == opening.members
    assert register.wave_instrument(WAVE) == opening.instrument
    assert collections.assignments(WAVE) == opening.assignments
    assert sum(one.invited for one in participation.counts(WAVE)) == len(opening.assignments)
    assert register.audit() == (entry,)


def test_wave_when_open_then_neither_draft_nor_nominations_change(collections, draft, opening, open_wave):
    for attempt in (
        lambda: collections.update(draft),
        lambda: collections.put_nominations(WAVE, [nomination("ann", "bob")]),
        lambda: collections.replace_nominations(WAVE, ["ann"], []),
        lambda: collections.open(opening),
    ):
        with pytest.raises(WaveError) as refused:
            attempt()
        assert refused.value.code == "collection-frozen"
    assert collections.nominations(WAVE) == ()


def test_opening_when_it_fails_in_the_middle_then_the_draft_is_as_it_was(
    register, collections, draft, opening
):
    collections.add(draft)
    twice = replace(opening, assignments=(opening.assignments[0],) * 2)

    with pytest.raises(Exception, match=r"(?i)unique"):
        collections.open(twice)

    assert collections.state(WAVE) is WaveState.DRAFT
    assert register.waves() == register.frozen_instruments() == ()


def test_second_wave_when_opened_then_its_assignments_have_numbers_of_their_own(
    collections, participation, draft, opening, open_wave
):
    later = replace(draft, wave_id="great-pm/2027Q1")
    collections.add(later)
    wave = replace(opening.wave, wave_id="great-pm/2027Q1")
    collections.open(replace(opening, collection=later, wave=wave))

    assert collections.assignments("great-pm/2027Q1") == opening.assignments
    assert collections.busy([WAVE]) == {"ann": 1, "bob": 1}, "self and manager are not counted"
    assert collections.busy([WAVE, "great-pm/2027Q1"]) == {"ann": 2, "bob": 2}
    assert collections.busy([]) == {}


def test_participation_when_a_wave_opens_then_everybody_is_invited(register, open_wave):
    with register.store.reading() as connection:
        states = connection.execute(text("select state, link_no from participation")).all()

    assert set(states) == {(ParticipationState.INVITED, None)}


def test_unit_date_when_a_wave_is_published_then_it_is_kept(register, open_wave):
    register.move_wave(WAVE, WaveState.CLOSED)
    assert register.date_units(WAVE, date(2027, 1, 7)).unit_date == date(2027, 1, 7)
    assert register.date_units(WAVE, date(2027, 1, 9)).unit_date == date(2027, 1, 7)
    register.move_wave(WAVE, WaveState.PUBLISHED)
    assert register.wave(WAVE).unit_date == date(2027, 1, 7)

    register.move_wave(WAVE, WaveState.WITHDRAWN, "by mistake")
    assert register.wave(WAVE).unit_date == date(2027, 1, 7)


def test_language_when_in_the_roster_then_the_wave_keeps_it(register, open_wave):
    assert {one.language for one in register.wave_roster(WAVE).people} == {"de"}
    register.replace_roster(register.wave_roster(WAVE))
    assert {one.language for one in register.roster().people} == {"de"}
