"""What HR writes to raters after a wave: a plain text or a little Markdown, as the blocks of a letter.

A text in, blocks out: paragraphs, `# headings` and `- lists`. Everything else stays as it was
typed; no markup of the text ever becomes markup of the mail.
"""

import re
from itertools import groupby

from survey.errors import ConfigError
from survey.message import Block, BlockKind, one_line

MAX_LETTERS = 20_000
"""Longer than this, nobody reads it."""

_HEADING = re.compile(r"#{1,6}\s+")
_ENTRY = re.compile(r"[-*•]\s+")


def read_told(content: bytes, *, file: str) -> tuple[Block, ...]:
    """Returns the blocks of a text.

    Raises:
        ConfigError: it is empty, too long, or not UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unusable(file, "the text is not written in UTF-8", "save it again as UTF-8") from None
    if len(text) > MAX_LETTERS:
        raise _unusable(file, f"the text has more than {MAX_LETTERS} letters", "say it on one page")
    blocks = tuple(block for part in re.split(r"\n\s*\n", text.replace("\r", "")) for block in _blocks(part))
    if not blocks:
        raise _unusable(file, "the text is empty", "say what you heard and what will be done")
    return blocks


def _unusable(file: str, message: str, hint: str) -> ConfigError:
    return ConfigError("tell-text", message, where=file, hint=hint)


def _blocks(part: str) -> tuple[Block, ...]:
    lines = [line for line in map(one_paragraph, part.splitlines()) if line]
    return tuple(_block(kind, list(run)) for kind, run in groupby(lines, _kind))


def one_paragraph(line: str) -> str:
    """Returns a line of any length without control characters."""
    return " ".join(one_line(word) for word in line.split())


def _kind(line: str) -> BlockKind:
    if _HEADING.match(line):
        return BlockKind.HEADING
    return BlockKind.LIST if _ENTRY.match(line) else BlockKind.PARAGRAPH


def _block(kind: BlockKind, lines: list[str]) -> Block:
    match kind:
        case BlockKind.HEADING:
            return Block(kind=kind, lines=tuple(_HEADING.sub("", line, count=1) for line in lines))
        case BlockKind.LIST:
            return Block(kind=kind, lines=tuple(_ENTRY.sub("", line, count=1) for line in lines))
        case BlockKind.PARAGRAPH:
            return Block(lines=(" ".join(lines),))
