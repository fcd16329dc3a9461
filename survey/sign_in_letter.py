"""What the mail with a link to sign in says. Pure: a reader and a link in, a `Letter` out."""

from survey.language import languages, wording
from survey.message import Block, Button, Letter, one_line

DEFAULT_LANGUAGE = "en"


def sign_in_letter(name: str, language: str, link: str, *, minutes: int) -> Letter:
    """Returns the letter, in the reader's language if we have words in it."""
    words = wording(language if language in languages() else DEFAULT_LANGUAGE)
    after = (words.say("mail_sign_in_yours"), words.say("mail_sign_in_unasked"))
    return Letter(
        language=words.language,
        subject=words.say("mail_sign_in_subject"),
        greeting=words.say("mail_greeting", name=one_line(name)),
        blocks=(Block(lines=(words.say("mail_sign_in_text", minutes=minutes),)),),
        button=Button(label=words.say("mail_sign_in_button"), address=link),
        after=tuple(Block(lines=(text,)) for text in after),
        regards=words.say("mail_regards"),
        signature=words.say("mail_no_sender"),
    )
