"""What the mails say, in each language: who is asked about whom, how long, until when, and what is promised."""

from dataclasses import replace
from datetime import date

import pytest

from survey import letters
from survey.config import Settings
from survey.definition import find_instrument
from survey.language import languages
from survey.letters import About, Occasion, Reader
from survey.message import BlockKind, Letter

LINK = "https://survey.example.org/f/secret"
OCCASION = Occasion(
    title={"en": "What makes a great PM", "de": "Was gute Produktarbeit ausmacht"},
    period="2026Q4",
    languages=("en", "de"),
    minutes=5,
    opens_on=date(2026, 12, 11),
    closes_on=date(2026, 12, 31),
    asked_by="Anna Müller",
)
ANN = Reader(name="Ann Lee", language="en")
ZOE = About(name="Zoë {day} <b>")
MYSELF = About(name="Ann Lee", is_self=True)


def words_of(letter: Letter) -> str:
    lines = [line for block in (*letter.blocks, *letter.after) for line in block.lines]
    return "\n".join([letter.subject, letter.greeting, *lines, letter.regards, letter.signature])


def all_letters(reader: Reader) -> list[Letter]:
    return [
        letters.invitation(OCCASION, reader, [ZOE, MYSELF], LINK),
        letters.invitation(OCCASION, reader, [ZOE], LINK),
        letters.invitation(OCCASION, reader, [MYSELF], LINK),
        letters.reminder(OCCASION, reader, [ZOE], LINK),
        letters.nomination(OCCASION, reader, LINK),
        letters.approval(OCCASION, reader, [ZOE], LINK),
        letters.thanks(OCCASION, reader),
        letters.results(OCCASION, reader, "https://dashboard.example.org/my-results?wave=w"),
        letters.told(OCCASION, reader, ()),
    ]


@pytest.mark.parametrize("language", languages())
def test_letter_when_written_then_it_greets_signs_and_promises_nothing_untrue(language):
    for letter in all_letters(Reader(name="Ann Lee", language=language)):
        said = words_of(letter)
        assert letter.language == language
        assert "Ann Lee" in letter.greeting
        assert letter.signature == "Anna Müller"
        assert "anonym" not in said.casefold()
        assert "Zoë" not in letter.subject


def test_letters_when_read_then_each_language_has_words_of_its_own():
    english, german = (all_letters(Reader(name="Ann", language=one)) for one in ("en", "de"))
    for one, other in zip(english, german, strict=True):
        assert one.subject != other.subject
        assert {block.lines for block in one.blocks}.isdisjoint(
            block.lines for block in other.blocks if block.kind is not BlockKind.LIST
        )


def test_invitation_when_about_several_then_one_letter_lists_them_and_adds_up_the_minutes():
    letter = letters.invitation(OCCASION, ANN, [ZOE, MYSELF], LINK)
    assert [block.lines for block in letter.blocks if block.kind is BlockKind.LIST] == [
        ("Zoë {day} <b>", "you, about yourself")
    ]
    assert letter.subject == "Your feedback to colleagues, about 10 minutes, until Thursday, 31 December 2026"
    assert letter.button.address == LINK


def test_invitation_when_about_one_then_it_names_them_in_the_first_sentence():
    letter = letters.invitation(OCCASION, ANN, [ZOE], LINK)
    assert letter.blocks[0].lines[0].startswith("Zoë {day} <b> would like to learn")
    assert all(block.kind is BlockKind.PARAGRAPH for block in letter.blocks)


def test_invitation_when_about_oneself_or_ones_unit_then_it_says_so():
    own = letters.invitation(OCCASION, ANN, [MYSELF], LINK)
    unit = letters.invitation(OCCASION, ANN, [About(name="Product/Growth", is_unit=True)], LINK)
    assert own.subject.startswith("Your view of your own work, about 5 minutes")
    assert "recent work and decisions of Product/Growth" in unit.blocks[0].lines[0]


def test_reminder_when_read_then_it_says_where_a_draft_is():
    said = words_of(letters.reminder(OCCASION, ANN, [ZOE], LINK))
    assert "What you saved stays with the link it was begun with" in said
    assert "You need not answer." in said


def test_thanks_when_sent_then_nothing_in_it_depends_on_who_answered():
    letter = letters.thanks(OCCASION, ANN)
    assert letter.button is None
    assert letter.languages == ()
    assert "goes to everyone who was asked" in words_of(letter)


def test_letter_when_its_reader_has_a_language_we_lack_then_the_first_one_is_taken():
    assert letters.thanks(OCCASION, replace(ANN, language="fr")).language == "en"
    assert letters.thanks(OCCASION, replace(ANN, language="")).language == "en"
    only_german = replace(OCCASION, languages=("de",))
    assert letters.thanks(only_german, ANN).language == "de"


def test_letter_when_the_form_speaks_other_languages_then_each_is_one_link():
    letter = letters.invitation(OCCASION, replace(ANN, language="de"), [ZOE], LINK)
    assert [(one.label, one.address) for one in letter.languages] == [("In English", f"{LINK}?lang=en")]


def test_results_when_told_then_the_link_is_the_page_and_has_no_other_language():
    letter = letters.results(OCCASION, ANN, "https://dashboard.example.org/my-results?wave=w")
    assert letter.button.address == "https://dashboard.example.org/my-results?wave=w"
    assert letter.languages == ()


def test_letter_when_nobody_signs_then_it_says_who_runs_it():
    letter = letters.thanks(replace(OCCASION, asked_by=" "), ANN)
    assert letter.signature == "the people who run this survey"


def test_letter_when_the_title_lacks_its_language_then_another_one_is_used():
    letter = letters.thanks(replace(OCCASION, title={"en": "Great PMs"}), replace(ANN, language="de"))
    assert "„Great PMs 2026Q4“" in words_of(letter)


def test_minutes_when_estimated_then_a_full_form_takes_five_and_the_shortest_one(tmp_path):
    settings = Settings(home=tmp_path)
    full = find_instrument(settings, "great-pm")
    assert letters.estimated_minutes(full) == 5
    assert letters.estimated_minutes(replace(full, items=(), prompts=(), short_form=())) == 1
    assert letters.offered_languages(full) == ("en", "de")
    assert letters.offered_languages(replace(full, languages=("xx",))) == ("en",)
