"""The way to hand in a file: a page of its own takes it, and leads back with the name it was given."""

import re
from urllib.parse import urlencode

import streamlit as st

from dashboard.views.links import carried, show_link
from survey.language import Wording

FILE = "file"
"""The query parameter that names a file in the inbox."""

_NAME = re.compile(r"[0-9a-f]{32}")


def show_upload(words: Wording, *, back: str, key: str = "hr_upload", **query: str) -> None:
    """Draws the link to the page that takes a file and then leads back to the page `back`."""
    asked = {**query, **carried()}
    show_link("/upload", words.say(key), next=f"{back}?{urlencode(asked)}" if asked else back)


def uploaded_file() -> str:
    """Returns the name of the file that was handed in, from the link; "" where there is none."""
    name = st.query_params.get(FILE, "")
    return name if _NAME.fullmatch(name) else ""
