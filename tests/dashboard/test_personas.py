"""Whom one may look as in a demo: everybody with a role, each once, with what signing in would give them."""

from dataclasses import replace

import pytest

from dashboard.access import Role
from dashboard.access_policy import AccessPolicy
from dashboard.directory import Directory
from dashboard.personas import personas
from survey.config import Settings
from survey.language import wording
from survey.register import open_register
from survey.roster import make_roster
from tests.made_up_people import PEOPLE, POLICY


@pytest.fixture
def directory(tmp_path):
    with open_register(Settings(home=tmp_path).register_address) as register:
        register.replace_roster(make_roster(PEOPLE))
        yield Directory(register, POLICY)


def ids(directory, language="en"):
    return [persona.persona_id for persona in personas(directory, wording(language))]


def test_personas_when_listed_then_are_everybody_with_a_role_each_once(directory):
    assert ids(directory) == [
        "hr",
        "executive",
        "council",
        "lead:Product/Growth",
        "lead:Product/Platform",
        "pm:p-ada",
        "pm:p-bo",
        "pm:p-kim",
        "pm:p-noa",
        "pm:p-sam",
    ]


@pytest.mark.parametrize(("language", "label"), [("en", "Executive: Eve"), ("de", "Geschäftsführung: Eve")])
def test_persona_when_named_then_in_the_readers_language(directory, language, label):
    executive = personas(directory, wording(language))[1]
    assert executive.label.startswith(label)


def test_persona_when_looked_as_then_has_the_roles_of_signing_in(directory):
    roles = {
        one.persona_id: directory.viewer_of(one.person_id).roles for one in personas(directory, wording("en"))
    }
    assert roles["hr"] == {Role.HR}
    assert roles["executive"] == {Role.EXECUTIVE, Role.LEAD}
    assert roles["council"] == {Role.COUNCIL}
    assert roles["lead:Product/Growth"] == {Role.LEAD}
    assert roles["pm:p-ada"] == {Role.PM}


def test_personas_when_the_file_names_two_or_somebody_who_left_then_each_has_a_link(directory):
    directory.policy = AccessPolicy(hr=frozenset({"p-hr", "p-eng", "p-gone"}))
    assert ids(directory)[:2] == ["hr", "hr:p-hr"]


def test_personas_when_a_pm_leads_others_then_stands_once(directory):
    leading = replace(PEOPLE[-1], manager_id="p-sam")
    directory.register.replace_roster(make_roster((*PEOPLE[:-1], leading)))
    found = [one for one in personas(directory, wording("en")) if one.person_id == "p-sam"]
    assert len(found) == 1
