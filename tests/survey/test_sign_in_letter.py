"""The mail with a link to sign in: in the reader's language, with the link and nothing of theirs."""

import pytest

from survey.sign_in_letter import sign_in_letter

LINK = "https://pm.example.org/sign-in/link/abc"


@pytest.mark.parametrize(
    ("language", "written", "subject"),
    [("en", "en", "Your link to sign in"), ("de", "de", "Dein Link zum Anmelden"), ("fr", "en", "Your link to sign in"), ("", "en", "Your link to sign in")],
)  # fmt: skip
def test_letter_when_written_then_it_is_in_the_readers_language_or_english(language, written, subject):
    letter = sign_in_letter("Ann", language, LINK, minutes=15)
    assert (letter.language, letter.subject) == (written, subject)
    assert letter.button.address == LINK
    assert "15" in letter.blocks[0].lines[0]


def test_letter_when_a_name_holds_lines_then_they_stay_one():
    assert "\n" not in sign_in_letter("Ann\r\nBcc: all", "en", LINK, minutes=15).greeting
