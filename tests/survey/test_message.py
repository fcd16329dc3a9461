"""Mails from letters: headers that nothing can be put into, text and HTML of the same words."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.message import Block, BlockKind, Button, Envelope, Letter, one_line, read_address, write

ENVELOPE = Envelope(
    sender=Address("Team Gröger", "people", "example.org"),
    reply_to="hr@example.org",
    written_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
)
ANN = Address("Ann", "ann", "example.org")
LETTER = Letter(
    language="en",
    subject="Hello",
    greeting="Hello Ann,",
    blocks=(Block(lines=("A & B <script>",)), Block(kind=BlockKind.LIST, lines=("one", "two"))),
    button=Button(label="Start", address="https://example.org/f/abc_-"),
    after=(Block(kind=BlockKind.HEADING, lines=("Then",)),),
    regards="Regards,",
    signature="Bob",
    notes=("A note.",),
    languages=(Button(label="Auf Deutsch", address="https://example.org/f/abc_-?lang=de"),),
)
HEADERS = {
    "Subject",
    "From",
    "To",
    "Reply-To",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
odd_text = st.text(max_size=120) | st.text(alphabet="aü\r\n\t:,;<>@\"'()=?_-\u202e\u2028\x00 ", max_size=60)


def sent(letter=LETTER, to=ANN, envelope=ENVELOPE):
    """The mail as the receiving side reads it."""
    return message_from_bytes(write(letter, to, envelope).content, policy=SMTP)


def bodies(mail) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def test_mail_when_written_then_it_has_the_headers_of_a_letter_sent_by_a_program():
    mail = sent()
    assert set(mail.keys()) == HEADERS
    assert mail["From"] == "Team Gröger <people@example.org>"
    assert mail["To"] == "Ann <ann@example.org>"
    assert mail["Reply-To"] == "hr@example.org"
    assert mail["Date"].datetime == ENVELOPE.written_at
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", mail["Message-ID"])
    assert mail["Auto-Submitted"] == "auto-generated"


def test_mail_when_written_twice_then_each_has_an_id_of_its_own():
    assert sent()["Message-ID"] != sent()["Message-ID"]


@pytest.mark.parametrize("reply_to", ["", "nobody", "a@example.org\r\nBcc: b@example.org", "a@b@c"])
def test_reply_address_when_unusable_then_replies_go_to_the_sender(reply_to):
    assert "Reply-To" not in sent(envelope=replace(ENVELOPE, reply_to=reply_to))


def test_mail_when_read_as_text_or_html_then_both_say_the_same():
    text, page = bodies(sent())
    for words in ("Hello Ann,", "one", "two", "Start", "Then", "Bob", "A note.", "Auf Deutsch"):
        assert words in text
        assert words in page
    assert "A & B <script>" in text
    assert "A &amp; B &lt;script&gt;" in page
    assert "https://example.org/f/abc_-" in text.splitlines()
    assert 'href="https://example.org/f/abc_-"' in page


def test_mail_when_it_has_no_button_and_no_notes_then_nothing_is_left_of_them():
    text, page = bodies(sent(replace(LETTER, button=None, notes=(), languages=())))
    assert "--" not in text
    assert "<a " not in page


def test_page_when_opened_then_it_loads_nothing_and_tells_nobody():
    _, page = bodies(sent())
    assert re.findall(r"<(img|link|script|iframe|style|form)", page) == []
    assert re.findall(r"(?:src|background|url)\s*[=(]", page) == []
    assert set(re.findall(r'href="([^"?]+)', page)) == {"https://example.org/f/abc_-"}


def test_page_when_read_in_the_dark_then_it_sets_no_colour():
    _, page = bodies(sent())
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "background" not in page
    assert re.search(r"[^-]color:", page) is None


def test_link_when_long_then_it_stays_on_one_line_of_the_text():
    address = "https://survey.people.example.org/somewhere/deep/f/" + "x" * 64
    text, _ = bodies(sent(replace(LETTER, button=Button(label="Start", address=address))))
    assert address in text.splitlines()


@given(odd_text, odd_text, odd_text)
@example("a\r\nBcc: b@example.org", "Ann\r\nBcc: b@example.org", "x")
@example("=?utf-8?q?a=0d=0aBcc=3a_b?=", "Ann <b@example.org>,", "\ud800")
@example("ü" * 120, 'Müller, Anna "x" (y) ' * 5, "")
def test_header_when_any_text_is_put_in_then_it_stays_that_header(subject, name, greeting):
    to = read_address("ann@example.org", name=name)
    letter = replace(LETTER, subject=subject, greeting=one_line(greeting))
    content = write(letter, to, ENVELOPE).content
    mail = message_from_bytes(content, policy=SMTP)
    assert content.isascii()
    assert set(mail.keys()) == HEADERS
    assert [len(mail.get_all(name)) for name in mail] == [1] * len(mail.keys())
    assert [one.addr_spec for one in mail["To"].addresses] == ["ann@example.org"]
    assert max(map(len, content.split(b"\r\n"))) <= 998


@given(st.text(alphabet=st.characters(categories=("L", "M", "Nd", "Pd")), min_size=1, max_size=60))
@example("Zoë Åström-Ñandú")
@example("山田 太郎")
@example("علی‌رضا")
@example("O'Brien, Jr.")
def test_name_when_of_any_script_then_the_receiver_reads_it_right(name):
    mail = message_from_bytes(write(LETTER, read_address("ann@example.org", name=name), ENVELOPE).content)
    read, address = parseaddr(mail["To"])
    assert str(make_header(decode_header(read))) == one_line(name)
    assert address == "ann@example.org"


@pytest.mark.parametrize(
    ("email", "read"),
    [
        ("ann@example.org", "ann@example.org"),
        ("ann.o'hara+x@example.org", "ann.o'hara+x@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ('"ann b"@example.org', '"ann b"@example.org'),
        ("", None),
        ("ann", None),
        ("@example.org", None),
        ("ann@", None),
        ("ann@a@example.org", None),
        ("ann,bob@example.org", None),
        ("ann@example.org,bob@example.org", None),
        ("<ann@example.org>", None),
        ("änn@example.org", None),
        ("ann@exa mple.org", None),
        ("ann@" + "x" * 70 + ".org", None),
        ("ann@example..org", None),
    ],
)
def test_address_when_a_header_cannot_hold_it_then_it_is_none(email, read):
    address = read_address(email)
    assert (address and address.addr_spec) == read


@given(st.text(max_size=40), odd_text)
def test_address_when_anything_is_read_then_it_is_one_address_or_none(email, name):
    address = read_address(email, name=name)
    if address is not None:
        assert [one.addr_spec for one in sent(to=address)["To"].addresses] == [address.addr_spec]


@given(odd_text)
def test_line_when_made_of_any_text_then_it_is_one(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 200
    assert line.encode("utf-8").decode("utf-8") == line
