"""`pmhealth wave create`, `assign`, `nominations`, `preview` and `open`: from a plan to a wave that takes answers."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from survey.assignment import Nomination, NominationState, Source
from survey.campaign import WaveState
from survey.policy import default_policy_text
from survey.register import open_register
from survey.register_collection import Collections
from survey.relationship import Relationship
from survey.roster import make_roster
from tests.asked_world import (
    ASKED_BY,
    EARLIER,
    PERIOD,
    PMS,
    ROSTER,
    TODAY,
    WAVE,
    pairs_file,
    person,
    stored,
)


def test_create_plans_a_wave_with_the_usual_days(run, home):
    code, shown, _ = run("wave", "create", PERIOD, *ASKED_BY)
    assert code == 0
    assert shown.startswith(f"{WAVE} is planned; nobody was asked anything yet.")
    assert shown.splitlines()[-1].endswith(f"wave assign {WAVE} FILE --dry-run")
    draft, audit = stored(home)
    assert (draft.window_days, draft.unit_days, draft.instrument_id) == (21, 3, "great-pm")
    assert draft.policy_text == default_policy_text()
    assert audit[-1].action == "wave.create"


def test_create_again_changes_the_draft(planned, home):
    last = TODAY + timedelta(days=15)
    code, shown, _ = planned("wave", "create", WAVE, "--closes", str(last), "--unit-days", "5")
    assert (code, shown.startswith(f"{WAVE} is changed")) == (0, True)
    draft, audit = stored(home)
    assert (draft.opens_on, draft.closes_on, draft.unit_days, draft.asked_by) == (TODAY, last, 5, ASKED_BY[1])
    assert audit[-1].action == "wave.change"


def test_create_takes_words_and_policy_from_the_last_wave(planned, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(default_policy_text().replace("min_raters = 4", "min_raters = 5"))
    assert planned("wave", "create", WAVE, "--policy", str(policy), "--reply-to", "hr@example.org")[0] == 0
    following = f"great-pm/{TODAY.year + 1}Q1"
    code, shown, _ = planned("wave", "create", following)
    assert code == 0
    assert ASKED_BY[1] in shown
    assert "hr@example.org" in shown
    assert "5 raters behind each number" in shown


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ((), "wave-asked-by"),
        ((*ASKED_BY, "--opens", "2020-01-01"), "wave-opens-past"),
        ((*ASKED_BY, "--opens", str(TODAY), "--closes", str(TODAY + timedelta(days=5))), "wave-window"),
        ((*ASKED_BY, "--instrument", "nothing"), "definition-unknown"),
        ((*ASKED_BY, "--policy", "no-such-file"), "policy-unreadable"),
    ],
)
def test_create_refuses_what_could_not_open(run, arguments, refusal):
    code, _, said = run("wave", "create", WAVE, *arguments)
    assert code > 2
    assert f"error[{refusal}]" in said
    assert f"{WAVE}" not in run("wave", "list")[1]


def test_create_says_that_a_campaign_goes_on_and_the_next_wave_does_too(run, home):
    code, shown, _ = run("wave", "create", PERIOD, *ASKED_BY, "--repeat")
    assert (code, stored(home)[0].is_repeated) == (0, True)
    assert "run-due plans the next wave" in shown
    assert "great-pm goes on: 'run-due' plans great-pm/" in run("wave", "list")[1]
    assert "run-due plans the next wave" in run("wave", "show", WAVE)[1]
    run("wave", "create", WAVE, "--no-repeat")
    assert not stored(home)[0].is_repeated
    assert "goes on" not in run("wave", "list")[1]


def test_repeat_switches_a_campaign_on_and_off_and_is_written_down(planned, home):
    code, shown, _ = planned("wave", "repeat", "great-pm")
    assert (code, stored(home)[0].is_repeated) == (0, True)
    assert shown.startswith("great-pm goes on: 'run-due' plans great-pm/")
    code, shown, _ = planned("wave", "repeat", "great-pm", "--off")
    assert (code, stored(home)[0].is_repeated) == (0, False)
    assert shown.startswith(f"great-pm ends with {WAVE}")
    assert [entry.detail for entry in stored(home)[1] if entry.action == "wave.repeat"] == ["on", "off"]


def test_repeat_names_the_campaigns_where_it_does_not_know_one(planned):
    code, _, said = planned("wave", "repeat", "nothing")
    assert code > 2
    assert "error[campaign-unknown]" in said
    assert "there is: great-pm" in said


def test_create_refuses_a_period_that_is_none(run):
    assert "error[wave-period]" in run("wave", "create", "great-pm/soon", *ASKED_BY)[2]


# assign


def test_assign_shows_what_it_would_do_and_writes_nothing(planned, home, tmp_path):
    code, shown, _ = planned("wave", "assign", WAVE, pairs_file(tmp_path), "--dry-run")
    assert code == 0
    assert "24 nominations: 3 PMs, 24 raters; with self and manager 30 assignments if it opened now." in shown
    assert "Nothing was written." in shown
    with open_register(home / "register.sqlite") as register:
        assert Collections(register.store).nominations(WAVE) == ()


def test_assign_keeps_the_lists_of_other_pms(planned, home, tmp_path):
    planned("wave", "assign", WAVE, pairs_file(tmp_path))
    only_ada = tmp_path / "ada.csv"
    only_ada.write_text("subject_id,rater_id,relationship\nada,e9,peer\nada,e23@example.org,design\n")
    code, shown, _ = planned("wave", "assign", PERIOD, str(only_ada))
    assert code == 0
    assert "2 too few others are left" in " ".join(shown.split())
    assert "Fewer than 7 others are asked about 1 PM: ada (0)" in shown
    with open_register(home / "register.sqlite") as register:
        kept = Collections(register.store).nominations(WAVE)
        assert len([one for one in kept if one.subject_id == "ada"]) == 2
        assert len(kept) == 18
        assert register.audit()[-1].detail == "2 nominations about 1 PM"


def test_assign_refuses_a_bad_file_with_every_line(planned, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("subject_id,rater_id,relationship\nada,nobody,peer\ne1,e2,peer\n")
    code, _, said = planned("wave", "assign", WAVE, str(bad))
    assert code == 9
    assert "bad.csv:2:" in said
    assert "bad.csv:3:" in said


@pytest.mark.parametrize("arguments", [(), ("pairs.csv", "--from-wave", "2025Q4")])
def test_assign_takes_a_file_or_an_earlier_wave(planned, arguments):
    assert planned("wave", "assign", WAVE, *arguments)[0] == 2


def test_assign_takes_the_list_of_an_earlier_wave(opened, home):
    with open_register(home / "register.sqlite") as register:
        left = [one for one in ROSTER.people if one.person_id != "e0"]
        register.replace_roster(make_roster(left))
    following = f"great-pm/{TODAY.year + 1}Q1"
    assert opened("wave", "create", following)[0] == 0
    code, shown, _ = opened("wave", "assign", following, "--from-wave", PERIOD)
    assert code == 0
    assert shown.startswith("23 nominations: 3 PMs, 23 raters;")


def test_assign_refuses_an_earlier_wave_that_asked_nobody(planned):
    assert planned("wave", "create", EARLIER.replace(str(TODAY.year - 1), str(TODAY.year + 1)))[0] == 0
    code, _, said = planned("wave", "assign", WAVE, "--from-wave", f"{TODAY.year + 1}Q4")
    assert (code, "error[wave-no-list]" in said) == (5, True)


# nominations


def propose(home: Path, state: NominationState, *raters: str) -> None:
    nominations = [
        Nomination(
            subject_id="ada", rater_id=one, relationship=Relationship.PEER, source=Source.PM, state=state
        )
        for one in raters
    ]
    with open_register(home / "register.sqlite") as register:
        Collections(register.store).put_nominations(WAVE, nominations)


def test_nominations_tell_how_far_each_list_is(planned, home):
    propose(home, NominationState.LISTED, "e1")
    propose(home, NominationState.PROPOSED, "e2", "e3")
    code, shown, _ = planned("wave", "nominations", WAVE)
    assert code == 0
    assert ["ada", "1", "2", "0", "0"] in [line.split() for line in shown.splitlines()]
    assert "2 PMs without a list yet." in shown


def test_hr_may_approve_all_that_was_handed_in(planned, home):
    propose(home, NominationState.LISTED, "e1")
    propose(home, NominationState.PROPOSED, "e2", "e3")
    assert planned("wave", "nominations", WAVE, "--approve-all")[1].startswith("2 nominations approved.")
    found = json.loads(planned("wave", "nominations", WAVE, "--json")[1])
    assert found["lists"][0] == {
        "subject_id": "ada",
        "listed": 1,
        "proposed": 0,
        "approved": 2,
        "declined": 0,
    }
    assert stored(home)[1][-1].action == "wave.approve"


def test_what_nobody_approved_is_said_before_it_is_too_late(planned, home):
    propose(home, NominationState.LISTED, "e1")
    propose(home, NominationState.PROPOSED, "e2", "e3")
    for words in (("preview", WAVE), ("open", WAVE, "--accept-small")):
        said = planned("wave", *words)[1]
        assert (
            f"3 nominations in 1 list not approved, so not asked; see: pmhealth wave nominations {WAVE}"
            in said
        )


# preview and open


def test_preview_says_what_can_be_shown_and_who_is_at_risk(planned, tmp_path):
    planned("wave", "assign", WAVE, pairs_file(tmp_path, size=5))
    code, shown, _ = planned("wave", "preview", WAVE)
    assert code == 0
    assert "would ask 19 people about 3 PMs: 21 assignments" in shown
    assert "3 PMs may well stay hidden" in shown
    assert "One more rater helps most here: ada (+20 %), bob (+20 %), cy (+20 %)" in shown
    found = json.loads(planned("wave", "preview", WAVE, "--json")[1])
    assert [one["response_pct"] for one in found["outlooks"]] == [60, 75, 90]
    assert {one["subject_id"] for one in found["subjects"]} == set(PMS)
    assert "Sekrit" not in shown


def test_preview_says_what_a_turnover_guard_would_cost(planned, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(default_policy_text().replace("turnover_guard = false", "turnover_guard = true"))
    assert planned("wave", "create", WAVE, "--policy", str(policy), "--reply-to", "hr@example.org")[0] == 0
    planned("wave", "assign", WAVE, pairs_file(tmp_path))
    assert (
        "turnover_guard acts on waves from files only: there it would hide"
        in planned("wave", "preview", WAVE)[1]
    )


def test_preview_names_raters_who_may_view_the_page(planned, home, tmp_path):
    with open_register(home / "register.sqlite") as register:
        register.replace_roster(make_roster([*ROSTER.people, person("hr", "hr", org_unit="Product")]))
    planned("wave", "assign", WAVE, pairs_file(tmp_path))
    propose(home, NominationState.APPROVED, "hr")
    shown = planned("wave", "preview", WAVE)[1]
    assert "1 rater may view pages of those they rate, so they do not count there: hr" in shown


def test_preview_lists_a_page_of_those_at_risk(run, home, tmp_path):
    pms = [person(f"pm{number}", "pm") for number in range(25)]
    with open_register(home / "register.sqlite") as register:
        register.replace_roster(make_roster([*ROSTER.people, *pms]))
    run("wave", "create", WAVE, *ASKED_BY, "--opens", str(TODAY))
    shown = run("wave", "preview", WAVE)[1]
    assert "... and 8 more; --json lists all" in shown
    assert "(0), " in shown
    assert "and 16 more" in shown


def test_preview_of_an_instrument_for_oneself_is_short(run):
    wave = f"stage-fit/{PERIOD}"
    assert run("wave", "create", wave, *ASKED_BY, "--opens", str(TODAY))[0] == 0
    shown = run("wave", "preview", wave)[1]
    assert "would ask 3 people about 3 PMs: 3 assignments" in shown
    assert "Share of numbers" not in shown
    code, shown, _ = run("wave", "open", wave)
    assert (code, "Share of numbers" in shown) == (0, False)


def test_preview_of_teams_speaks_of_units(run):
    wave = f"three-lenses/{PERIOD}"
    assert run("wave", "create", wave, *ASKED_BY, "--opens", str(TODAY))[0] == 0
    shown = run("wave", "preview", wave)[1]
    assert "about 1 unit" in shown
    assert "units above" in shown


def test_open_shows_first_then_freezes(planned, home, tmp_path):
    planned("wave", "assign", WAVE, pairs_file(tmp_path))
    code, shown, _ = planned("wave", "open", WAVE, "--dry-run")
    assert code == 0
    assert "Nothing was written." in shown
    assert "Share of numbers" in shown
    assert "Nothing was" not in planned("wave", "open", WAVE)[1]
    with open_register(home / "register.sqlite") as register:
        assert register.wave(WAVE).state is WaveState.OPEN


def test_open_with_few_others_wants_to_be_told_so(planned, tmp_path):
    planned("wave", "assign", WAVE, pairs_file(tmp_path, size=6))
    code, shown, said = planned("wave", "open", WAVE)
    assert (code, "error[wave-small]" in said) == (5, True)
    assert "Fewer than 7 others are asked about 3 PMs: ada (6), bob (6), cy (6)" in shown
    dry = planned("wave", "open", WAVE, "--accept-small", "--dry-run")[1]
    assert dry.splitlines()[-1].endswith(f"wave open {WAVE} --accept-small")
    assert planned("wave", "open", WAVE, "--accept-small")[0] == 0


@pytest.mark.parametrize(
    "words", [("open", WAVE), ("preview", WAVE), ("assign", WAVE, "x.csv"), ("nominations", WAVE)]
)
def test_what_is_settled_is_not_settled_again(opened, words):
    code, _, said = opened("wave", *words)
    assert (code, "error[wave-not-draft]" in said) == (5, True)


def test_an_unknown_wave_is_refused_plainly(run):
    code, _, said = run("wave", "preview", "2031Q1")
    assert (code, "error[collection-unknown]" in said) == (5, True)


def test_a_period_of_two_campaigns_is_ambiguous(planned):
    planned("wave", "create", f"stage-fit/{PERIOD}", *ASKED_BY)
    code, _, said = planned("wave", "preview", PERIOD)
    assert (code, "error[collection-ambiguous]" in said) == (5, True)
