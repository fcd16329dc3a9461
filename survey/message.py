"""A letter becomes an e-mail: text and HTML from the same words, headers that nothing can be put into.

A `Letter` in, a `Mail` out. No picture, no address of another machine but the letter's own
link, nothing that tells whether it was read.
"""

import re
import secrets
import textwrap
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from survey.roster import Person

_TEMPLATES = Path(__file__).parent / "letter"
_WIDTH = 72
_LONGEST_HEADER = 200
_BYTES_PER_WORD = 42  # of an encoded word: 56 letters, and 12 around them
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class BlockKind(StrEnum):
    """How a part of a letter is set."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph's or heading's lines, or the entries of a list."""

    kind: BlockKind = BlockKind.PARAGRAPH
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A link of a letter, with the words that are clicked."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person reads.

    `after` stands below the button; `notes` and the same page in other `languages` in small print
    at the end.
    """

    language: str
    direction: str = "ltr"
    subject: str
    greeting: str
    blocks: tuple[Block, ...]
    button: Button | None = None
    after: tuple[Block, ...] = ()
    regards: str
    signature: str
    notes: tuple[str, ...] = ()
    languages: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it goes over the wire, with the bare addresses of sender and recipient."""

    sender: str
    recipient: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom a mail comes, where replies go ("" for the sender), and when it was written."""

    sender: Address
    reply_to: str
    written_at: datetime


def address_of(person: Person) -> Address | None:
    """Returns where a person's mail goes, or None if there is no usable address."""
    return read_address(person.email, name=person.name)


def read_address(text: str, *, name: str = "") -> Address | None:
    """Returns an address with its name, or None if a header could not hold it.

    >>> str(read_address("ann@bücher.example", name="Ann"))
    'Ann <ann@xn--bcher-kva.example>'
    """
    local, _, domain = text.rpartition("@")
    try:
        address = Address(one_line(name), addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError):  # the last two: what the parser says of odd ones
        return None
    is_whole = bool(address.username) and bool(address.domain) and address.addr_spec.isprintable()
    return address if is_whole else None


def one_line(text: str) -> str:
    r"""Returns a text that stays within one line of a header: no control character, not endless.

    >>> one_line("Ann\r\nBcc: everybody")
    'Ann Bcc: everybody'
    """
    return " ".join(_NO_TEXT.sub(" ", text).split())[:_LONGEST_HEADER]


def write(letter: Letter, to: Address, envelope: Envelope) -> Mail:
    """Returns the mail. Its bytes are plain ASCII, so that every server takes it as it is."""
    headers = [
        ("Subject", _encoded(one_line(letter.subject))),
        ("From", _mailbox(envelope.sender)),
        ("To", _mailbox(to)),
        *_reply_to(envelope),
        ("Date", format_datetime(envelope.written_at)),
        ("Message-ID", f"<{secrets.token_hex(16)}@{envelope.sender.domain}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    body = EmailMessage(policy=SMTP)
    body.set_content(_render("letter.txt", letter), cte="quoted-printable")
    body.add_alternative(_render("letter.html", letter), subtype="html", cte="quoted-printable")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return Mail(
        sender=envelope.sender.addr_spec,
        recipient=to.addr_spec,
        content=head.encode("ascii") + body.as_bytes(),
    )


def _reply_to(envelope: Envelope) -> tuple[tuple[str, str], ...]:
    address = read_address(envelope.reply_to)
    return () if address is None else (("Reply-To", _mailbox(address)),)


def _mailbox(address: Address) -> str:
    name = one_line(address.display_name)
    if not name:
        return address.addr_spec
    if _is_plain(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{_encoded(name)}\r\n <{address.addr_spec}>"


def _encoded(text: str) -> str:
    """Returns a text as a header may hold it, folded.

    Written here and not by the library: it decodes what looks encoded already, line breaks and all,
    and puts blanks into long names of other scripts.
    """
    if _is_plain(text):
        return "\r\n ".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _parts(text))


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text


def _parts(text: str) -> Iterator[bytes]:
    """Whole letters only: each part is decoded by itself."""
    part = b""
    for letter in text:
        encoded = letter.encode("utf-8")
        if len(part) + len(encoded) > _BYTES_PER_WORD:
            yield part
            part = b""
        part += encoded
    yield part


def _render(name: str, letter: Letter) -> str:
    return _templates().get_template(name).render(letter=letter)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["fold"] = _fold
    return environment


def _fold(text: str, mark: str = "") -> str:
    """Long addresses stay whole, since a folded one cannot be clicked."""
    return textwrap.fill(
        text,
        width=_WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
