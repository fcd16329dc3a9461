"""The pages on which raters are chosen, from values to HTML: a PM's list, a lead's lists, and the end of both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from survey.assignment import MAX_SUBJECTS, NominationState, Source
from survey.form.nomination_ground import Ground
from survey.form.packed import Packed, pack
from survey.form.page import language_choice, render
from survey.language import Wording
from survey.nominating import MIN_NOMINATED, Entry, NominationList, guess_relationship
from survey.relationship import ATTRIBUTED, Relationship
from survey.roster import Person

_NEAR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSheet:
    """One list in front of its PM or lead: all that its page is made from.

    `query` is what was searched for, `said` what was done just before, `language` one that was
    chosen, `up` the page of all lists ("" where there is none).
    """

    words: Wording
    ground: Ground
    list: NominationList
    query: str
    said: str
    language: str
    path: str = field(repr=False)
    up: str = field(repr=False)
    seal: str = field(repr=False)

    @property
    def is_pm(self) -> bool:
        """True for the PM, False for the lead."""
        return self.list.by is Source.PM

    @property
    def may_hand_in(self) -> bool:
        """True if enough are named; in a house too small for that, once nobody else is left."""
        is_changed = any(one.nomination.state is NominationState.LISTED for one in self.list.entries)
        return is_changed and (self.list.missing == 0 or not self.list.candidates)

    @property
    def lead(self) -> str:
        """The name of the PM's lead, or ""."""
        lead = self.ground.people.get(self.list.subject.manager_id)
        return "" if lead is None else name_of(lead)

    def in_state(self, state: NominationState) -> int:
        """Returns how many of the list are in that state."""
        return sum(one.nomination.state is state for one in self.list.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person on a page: on the list, or found and not on it yet."""

    person_id: str
    name: str
    place: str
    relation: str
    note: str
    state: str


def list_page(sheet: ListSheet) -> Packed:
    """Returns the page of one list."""
    words, subject = sheet.words, name_of(sheet.list.subject)
    title = words.say("nominate_title") if sheet.is_pm else words.say("approve_title", name=subject)
    found = sheet.list.search(sheet.query) if sheet.query else sheet.list.near()[:_NEAR]
    html = render(
        "nominate.html",
        words,
        title=title,
        about=words.say("about_self") if sheet.is_pm else words.say("about", name=subject),
        choices=_choices(sheet),
        is_try=False,
        skip="",
        sheet=sheet,
        query=urlencode({"lang": sheet.language}) if sheet.language else "",
        intro=tuple(_intro(sheet)),
        notice=_notice(sheet),
        least=MIN_NOMINATED,
        entries=[_entry(sheet, one) for one in sheet.list.entries],
        found=[_found(sheet, one) for one in found],
        found_title=_found_title(sheet, len(found)),
        relations=_relations(words),
        proposed=sheet.in_state(NominationState.PROPOSED),
        listed=sheet.in_state(NominationState.LISTED),
    )
    return pack(html)


def lists_page(sheets: Sequence[ListSheet]) -> Packed:
    """Returns the page on which a lead sees all lists."""
    first = sheets[0]
    words = first.words
    html = render(
        "approve.html",
        words,
        title=words.say("approve_lists_title"),
        about="",
        choices=_choices(first),
        is_try=False,
        skip="",
        opens_on=first.ground.collection.opens_on,
        lists=[
            {
                "path": address(sheet),
                "name": name_of(sheet.list.subject),
                "place": _place(sheet, sheet.list.subject),
                "state": _list_state(sheet),
            }
            for sheet in sheets
        ],
    )
    return pack(html)


def settled_page(words: Wording) -> Packed:
    """Returns the page behind a good link once the wave is open: nothing can be changed any more."""
    html = render(
        "plain.html",
        words,
        title=words.say("nominate_settled_title"),
        lines=[words.say("nominate_settled_text")],
        list_path="",
        about="",
        skip="",
        is_try=False,
        choices=language_choice(words.language),
    )
    return pack(html)


def address(sheet: ListSheet, *, query: str = "", said: str = "") -> str:
    """Returns the address of a list's page, with what it keeps."""
    kept = {"lang": sheet.language, "q": query, "said": said}
    values = urlencode({name: value for name, value in kept.items() if value})
    return f"{sheet.path}?{values}" if values else sheet.path


def name_of(person: Person) -> str:
    """Returns how a person is called; one without a name by id."""
    return person.name or person.person_id


def _choices(sheet: ListSheet) -> tuple[tuple[str, str, bool], ...]:
    return language_choice(sheet.words.language)


def _intro(sheet: ListSheet) -> Iterator[str]:
    words = sheet.words
    if not sheet.is_pm:
        yield words.say("approve_ask", name=name_of(sheet.list.subject))
        return
    yield words.say("nominate_ask", day=words.day(sheet.ground.collection.opens_on))
    yield words.say("nominate_advice", least=MIN_NOMINATED, k=sheet.ground.min_raters)
    yield words.say("nominate_lead", lead=sheet.lead) if sheet.lead else words.say("nominate_no_lead")


def _notice(sheet: ListSheet) -> str:
    """Only what we have a text for is said: anybody can write an address."""
    key = f"nominate_said_{sheet.said}"
    if key not in sheet.words.texts:
        return ""
    return sheet.words.say(key, lead=sheet.lead or sheet.words.say("nominate_somebody"), most=MAX_SUBJECTS)


def _entry(sheet: ListSheet, one: Entry) -> Row:
    words, state = sheet.words, one.nomination.state
    is_settled = sheet.is_pm and state is NominationState.APPROVED
    return Row(
        person_id="" if is_settled else one.person.person_id,
        name=name_of(one.person),
        place=_place(sheet, one.person),
        relation=words.say(f"relation_{one.nomination.relationship}"),
        note=_load(words, one.load),
        state=words.say(f"nominate_state_{state}"),
    )


def _found(sheet: ListSheet, person: Person) -> Row:
    return Row(
        person_id=person.person_id,
        name=name_of(person),
        place=_place(sheet, person),
        relation=guess_relationship(person) or "",
        note=_load(sheet.words, sheet.list.load_of(person.person_id)),
        state="",
    )


def _load(words: Wording, load: int) -> str:
    if load >= MAX_SUBJECTS:
        return words.say("nominate_load_full", count=load, most=MAX_SUBJECTS)
    return words.count("nominate_load", load) if load else ""


def _place(sheet: ListSheet, person: Person) -> str:
    """Role and unit; of people with the same name, the address or the id too."""
    role = person.role.upper() if person.is_pm else person.role
    which = (person.email or person.person_id) if person.name in sheet.ground.shared_names else ""
    return " · ".join(filter(None, (role, person.org_unit, which)))


def _found_title(sheet: ListSheet, count: int) -> str:
    words = sheet.words
    if not sheet.query:
        return words.say("nominate_near") if count else ""
    return words.count("nominate_found", count) if count else words.say("nominate_none")


def _relations(words: Wording) -> list[tuple[str, str]]:
    return [(one.value, words.say(f"relation_{one}")) for one in Relationship if one not in ATTRIBUTED]


def _list_state(sheet: ListSheet) -> str:
    proposed, approved = sheet.in_state(NominationState.PROPOSED), sheet.in_state(NominationState.APPROVED)
    words = sheet.words
    if proposed:
        return words.count("approve_state_waiting", proposed)
    return words.count("approve_state_done", approved) if approved else words.say("approve_state_none")
