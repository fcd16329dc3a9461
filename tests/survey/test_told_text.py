"""HR's own words to raters: paragraphs, headings and lists; no markup of theirs becomes ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import ConfigError
from survey.message import Block, BlockKind
from survey.told_text import MAX_LETTERS, read_told

TEXT = """# What we heard

Reviews come
too late.

- reviews within two days
* no meeting on Fridays
<b>Thank</b> you.
"""


def test_text_when_read_then_it_becomes_paragraphs_headings_and_lists():
    assert read_told(TEXT.encode(), file="told.md") == (
        Block(kind=BlockKind.HEADING, lines=("What we heard",)),
        Block(lines=("Reviews come too late.",)),
        Block(kind=BlockKind.LIST, lines=("reviews within two days", "no meeting on Fridays")),
        Block(lines=("<b>Thank</b> you.",)),
    )


def test_text_when_saved_elsewhere_then_its_mark_and_line_ends_are_no_part_of_it():
    assert read_told(b"\xef\xbb\xbfone\r\n\r\ntwo\x00\xe2\x80\xae", file="x") == (
        Block(lines=("one",)),
        Block(lines=("two",)),
    )


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xff\xfe", b"x" * (MAX_LETTERS + 1)])
def test_text_when_empty_endless_or_not_utf8_then_it_is_refused(content):
    with pytest.raises(ConfigError) as refused:
        read_told(content, file="told.md")
    assert refused.value.code == "tell-text"


@given(st.text(min_size=1, max_size=300))
def test_text_when_anything_is_typed_then_no_line_holds_a_control_character(text):
    try:
        blocks = read_told(text.encode("utf-8", "ignore"), file="x")
    except ConfigError:
        return
    lines = [line for block in blocks for line in block.lines]
    assert all(len(line.splitlines()) <= 1 and "\x00" not in line for line in lines)
