"""The page around every page of the dashboard: it says the language that is read in it."""

import asyncio
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from dashboard.shell import SAID, ShellLanguage
from survey.language import languages

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"


@pytest.fixture
def ask():
    """Asks for a page behind which Streamlit's own stands, and a file that somebody takes along."""
    routes = [
        Route("/", lambda _: FileResponse(PAGE)),
        Route("/media/review.html", lambda _: HTMLResponse(SAID + b"<p>in English</p>")),
    ]
    app = ShellLanguage(Starlette(routes=routes), page=PAGE)

    def answer(path, accepted):
        async def asked():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://here.example"
            ) as client:
                return await client.get(path, headers={"accept-language": accepted})

        return asyncio.run(asked())

    return answer


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("/", "en", "en"),
        ("/", "fr", "en"),
        ("/?lang=de", "en", "de"),
        ("/?lang=en", "de", "en"),
        ("/?lang=%22%3E", "en", "en"),
    ],
)
def test_page_when_asked_for_then_says_the_language_it_will_be_in(ask, path, accepted, language):
    answer = ask(path, accepted)
    assert answer.content == PAGE.read_bytes().replace(SAID, f'<html lang="{language}">'.encode())
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_file_when_taken_along_then_stays_as_it_is(ask):
    assert ask("/media/review.html", "de").content.startswith(SAID)


def test_languages_when_named_then_have_codes_of_two_letters():
    assert SAID in PAGE.read_bytes()
    assert {len(code) for code in languages()} == {2}
