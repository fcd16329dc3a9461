"""Whom one may look as in a demo: the people of its register, each with what signing in would give them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from dashboard.access import Role
from dashboard.access_policy import AccessPolicy
from dashboard.directory import Directory
from dashboard.organisation import Organisation
from survey.language import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody one may look as: `persona_id` stands in the link, `label` in the list."""

    persona_id: str
    person_id: str
    label: str


_KEPT: WeakKeyDictionary[Organisation, dict[str, tuple[Persona, ...]]] = WeakKeyDictionary()
"""Of the roster of today: who is in it is worked out once."""


def personas(directory: Directory, words: Wording) -> tuple[Persona, ...]:
    """Returns everybody with a role, each once: HR, executives, council, leads by unit, PMs by name."""
    organisation = directory.organisation()
    kept = _KEPT.setdefault(organisation, {})
    if words.language not in kept:
        kept[words.language] = _personas(organisation, directory.policy, words)
    return kept[words.language]


def _personas(organisation: Organisation, policy: AccessPolicy, words: Wording) -> tuple[Persona, ...]:
    found = (
        *_named(Role.HR, policy.hr, organisation, words),
        *_named(Role.EXECUTIVE, policy.executive, organisation, words),
        *_named(Role.COUNCIL, policy.council, organisation, words),
        *_leads(organisation, words),
        *_pms(organisation, words),
    )
    once = {persona.person_id: persona for persona in reversed(found)}
    return tuple(persona for persona in found if once[persona.person_id] is persona)


def _named(
    role: Role, person_ids: Iterable[str], organisation: Organisation, words: Wording
) -> Iterator[Persona]:
    """The first of a role goes by the role alone, so that a link to it can be guessed."""
    people = [person for one in sorted(person_ids) if (person := organisation.person(one)) is not None]
    for place, person in enumerate(people):
        persona_id = f"{role}:{person.person_id}" if place else role.value
        label = words.say(f"persona_{role}", name=person.name)
        yield Persona(persona_id=persona_id, person_id=person.person_id, label=label)


def _leads(organisation: Organisation, words: Wording) -> Iterator[Persona]:
    for person in organisation.people:
        for unit_id in organisation.led_units(person.person_id)[:1]:
            label = words.say("persona_lead", unit=unit_id.rpartition("/")[2], name=person.name)
            yield Persona(persona_id=f"lead:{unit_id}", person_id=person.person_id, label=label)


def _pms(organisation: Organisation, words: Wording) -> Iterator[Persona]:
    pms = [person for person in organisation.people if person.is_pm]
    for person in sorted(pms, key=lambda one: (one.name, one.person_id)):
        label = words.say("persona_pm", name=person.name)
        yield Persona(persona_id=f"pm:{person.person_id}", person_id=person.person_id, label=label)
