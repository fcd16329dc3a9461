"""What each mail says: an invitation, a reminder, a nomination, an approval, thanks, results, what came of it.

Pure: names, days and links in, a `Letter` in the reader's language out. The words are in `text/`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.instrument import Instrument, Text
from survey.language import Wording, languages, wording
from survey.message import Block, BlockKind, Button, Letter, one_line
from survey.nominating import MIN_NOMINATED

_SECONDS_PER_ITEM, _SECONDS_PER_PROMPT = 7, 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What all letters of a wave have in common; `asked_by` is "" where nobody signs."""

    title: Text
    period: str
    languages: tuple[str, ...]
    minutes: int
    opens_on: date
    closes_on: date
    asked_by: str

    def language_of(self, wish: str) -> str:
        """Returns the language a person is written to in: their own if we have it, else the first."""
        return wish if wish in self.languages else self.languages[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a letter, and in which language."""

    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a rater is asked about: a person, the reader, or a unit."""

    name: str
    is_self: bool = False
    is_unit: bool = False


def offered_languages(instrument: Instrument) -> tuple[str, ...]:
    """Returns the languages of an instrument that form and mail have words for, in its order."""
    return tuple(one for one in instrument.languages if one in languages()) or ("en",)


def estimated_minutes(instrument: Instrument) -> int:
    """Returns how long answering about one subject takes, in whole minutes, rather more than less."""
    seconds = len(instrument.items) * _SECONDS_PER_ITEM + len(instrument.prompts) * _SECONDS_PER_PROMPT
    return max(1, math.ceil(seconds / 60))


def invitation(occasion: Occasion, reader: Reader, about: Sequence[About], link: str) -> Letter:
    """Returns the letter that asks a rater, once for all the people they are asked about."""
    words = _words(occasion, reader)
    asked = {"minutes": occasion.minutes * len(about), "day": words.day(occasion.closes_on)}
    is_self = [one.is_self for one in about] == [True]
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_invite_subject_self" if is_self else "mail_invite_subject", **asked),
        blocks=(*_ask(words, about), _paragraph(words.say("mail_invite_effort", **asked))),
        button=Button(label=words.say("mail_invite_button"), address=link),
        after=(_said(words, "mail_invite_privacy"), _said(words, "mail_link_is_yours")),
    )


def reminder(occasion: Occasion, reader: Reader, about: Sequence[About], link: str) -> Letter:
    """Returns the letter about what is still open; it says where a draft that was begun is."""
    words = _words(occasion, reader)
    day = words.day(occasion.closes_on)
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_remind_subject", day=day),
        blocks=(
            _paragraph(words.say("mail_remind_open", day=day)),
            _list(words, about),
            _paragraph(words.say("mail_remind_effort", minutes=occasion.minutes * len(about))),
        ),
        button=Button(label=words.say("mail_remind_button"), address=link),
        after=tuple(
            _said(words, key) for key in ("mail_remind_draft", "mail_remind_may_leave", "mail_link_is_yours")
        ),
    )


def nomination(occasion: Occasion, reader: Reader, link: str) -> Letter:
    """Returns the letter that asks a PM who should be asked."""
    words = _words(occasion, reader)
    said = {"day": words.day(occasion.opens_on), "title": _title(occasion, words), "count": MIN_NOMINATED}
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_nominate_subject", day=said["day"]),
        blocks=(_paragraph(words.say("mail_nominate_ask", **said)), _said(words, "mail_nominate_next")),
        button=Button(label=words.say("mail_nominate_button"), address=link),
        after=(_said(words, "mail_link_is_yours"),),
    )


def approval(occasion: Occasion, reader: Reader, about: Sequence[About], link: str) -> Letter:
    """Returns the letter that asks a lead to look at the lists of their people."""
    words = _words(occasion, reader)
    said = {"day": words.day(occasion.opens_on), "title": _title(occasion, words)}
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_approve_subject", day=said["day"]),
        blocks=(
            _paragraph(words.say("mail_approve_ask", **said)),
            _list(words, about),
            _said(words, "mail_approve_next"),
        ),
        button=Button(label=words.say("mail_approve_button"), address=link),
        after=(_said(words, "mail_link_is_yours"),),
    )


def thanks(occasion: Occasion, reader: Reader) -> Letter:
    """Returns the letter after the close. It is the same for all who were asked, answered or not."""
    words = _words(occasion, reader)
    closed = words.say("mail_thanks_text", title=_title(occasion, words), day=words.day(occasion.closes_on))
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_thanks_subject"),
        blocks=(
            _paragraph(closed),
            _said(words, "mail_thanks_next"),
            _said(words, "mail_thanks_everybody"),
        ),
    )


def results(occasion: Occasion, reader: Reader, link: str) -> Letter:
    """Returns the letter that tells a PM that the dashboard shows their results; the link holds no secret."""
    words = _words(occasion, reader)
    return _letter(
        occasion,
        reader,
        subject=words.say("mail_results_subject"),
        blocks=(
            _paragraph(words.say("mail_results_text", title=_title(occasion, words))),
            _said(words, "mail_results_read"),
        ),
        button=Button(label=words.say("mail_results_button"), address=link),
    )


def told(occasion: Occasion, reader: Reader, blocks: tuple[Block, ...]) -> Letter:
    """Returns the letter to raters with what was heard and what will be done, in HR's own words."""
    words = _words(occasion, reader)
    intro = _paragraph(words.say("mail_tell_intro", title=_title(occasion, words)))
    return _letter(
        occasion, reader, subject=words.say("mail_tell_subject"), blocks=(intro, *blocks), button=None
    )


def _letter(
    occasion: Occasion,
    reader: Reader,
    *,
    subject: str,
    blocks: tuple[Block, ...],
    button: Button | None = None,
    after: tuple[Block, ...] = (),
) -> Letter:
    words = _words(occasion, reader)
    return Letter(
        language=words.language,
        direction=words.direction,
        subject=subject,
        greeting=words.say("mail_greeting", name=one_line(reader.name)),
        blocks=blocks,
        button=button,
        after=after,
        regards=words.say("mail_regards"),
        signature=one_line(occasion.asked_by) or words.say("mail_no_sender"),
        notes=(words.say("mail_reply"),),
        languages=_other_languages(occasion, words, button),
    )


def _words(occasion: Occasion, reader: Reader) -> Wording:
    return wording(occasion.language_of(reader.language))


def _title(occasion: Occasion, words: Wording) -> str:
    title = occasion.title.get(words.language) or next(iter(occasion.title.values()))
    return f"{title} {occasion.period}"


def _other_languages(occasion: Occasion, words: Wording, button: Button | None) -> tuple[Button, ...]:
    """The form's page in the other languages; the dashboard has no such parameter."""
    if button is None or "?" in button.address:
        return ()
    return tuple(
        Button(label=wording(other).say("mail_in_language"), address=f"{button.address}?lang={other}")
        for other in occasion.languages
        if other != words.language
    )


def _ask(words: Wording, about: Sequence[About]) -> tuple[Block, ...]:
    match about:
        case [About(is_self=True)]:
            return (_said(words, "mail_invite_self"),)
        case [only]:
            key = "mail_invite_unit" if only.is_unit else "mail_invite_one"
            return (_paragraph(words.say(key, subject=one_line(only.name))),)
        case _:
            return (_said(words, "mail_invite_many"), _list(words, about))


def _said(words: Wording, key: str) -> Block:
    return _paragraph(words.say(key))


def _paragraph(text: str) -> Block:
    return Block(lines=(text,))


def _list(words: Wording, about: Sequence[About]) -> Block:
    lines = tuple(words.say("mail_yourself") if one.is_self else one_line(one.name) for one in about)
    return Block(kind=BlockKind.LIST, lines=lines)
