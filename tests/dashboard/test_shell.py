"""The page around every page of the dashboard: its language, what a browser fetches with it, and where the server is."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from dashboard.figure_script import NAME
from dashboard.shell import HERE, PARTS, SAID, Shell, ahead, imported, shell_of
from survey.language import languages

STREAMLIT = Path(streamlit.__file__).parent / "static"
PAGE = STREAMLIT / "index.html"
SCRIPTS = STREAMLIT / "static" / "js"
OURS = shell_of(STREAMLIT)


@pytest.fixture
def ask():
    """Asks for a page behind which Streamlit's own stands, and a file that somebody takes along."""
    routes = [
        Route("/", lambda _: FileResponse(PAGE)),
        Route("/media/review.html", lambda _: HTMLResponse(SAID + b"<p>in English</p>")),
    ]
    inner = Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)])  # as Streamlit packs its page
    app = Shell(inner, theirs=PAGE.read_bytes(), ours=OURS)

    def answer(path, accepted, takes="gzip"):
        async def asked():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://here.example"
            ) as client:
                wishes = {"accept": "text/html", "accept-language": accepted, "accept-encoding": takes}
                return await client.get(path, headers=wishes)

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
    assert answer.content == OURS.replace(SAID, f'<html lang="{language}">'.encode())
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded
    assert answer.headers["vary"] == "Accept-Encoding"


def test_page_when_who_asks_cannot_unpack_then_comes_as_it_is(ask):
    answer = ask("/", "de", "identity")
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content) == len(OURS)


def test_page_when_there_is_none_then_what_comes_instead_stays_as_it_is(ask):
    answer = ask("/nowhere", "en")
    assert (answer.status_code, answer.text) == (404, "Not Found")


def test_file_when_taken_along_then_stays_as_it_is(ask):
    assert ask("/media/review.html", "de").content.startswith(SAID)


def test_languages_when_named_then_have_codes_of_two_letters():
    assert SAID in PAGE.read_bytes()
    assert {len(code) for code in languages()} == {2}


def test_page_when_sent_then_is_streamlits_with_our_font_and_two_things_more():
    added = re.sub(
        rb'<link rel="modulepreload" crossorigin href="[^"]+"( fetchpriority="low")?>(?!\n)', b"", OURS
    )
    font = re.search(rb"\./static/media/SourceSans[^\"]+", PAGE.read_bytes())
    assert font
    assert added.replace(HERE, b"").replace(b"/assets/fonts/inter-latin.woff2", font[0]) == PAGE.read_bytes()


def test_page_when_read_then_where_the_server_is_stands_before_the_first_script():
    assert OURS.index(HERE) < OURS.index(b"<script ")


@pytest.mark.parametrize("part", [*PARTS, NAME])
def test_script_when_nearly_every_page_needs_it_then_it_is_named_with_all_that_it_imports(part):
    (path,) = SCRIPTS.glob(f"{part}.*.js")
    needed = [path.name, *imported(path)]
    assert len(needed) > 1
    assert [OURS.count(f"/static/js/{name}".encode()) for name in needed] == [1] * len(needed)


def test_figures_script_when_named_then_goes_after_what_shows_the_page(tmp_path):
    assert re.findall(rb'/([^/]+)" fetchpriority="low"', OURS) == [
        path.name.encode() for path in SCRIPTS.glob(f"{NAME}.*.js")
    ]


def test_scripts_when_they_import_one_another_then_each_is_named_once(tmp_path):
    for name, text in {
        "Button.1.js": 'import{a as b}from"./a.2.js";import"./b.3.js";c(()=>import("./late.4.js"))',
        "a.2.js": 'import"./b.3.js";',
        "b.3.js": 'import{t}from"./Button.1.js";',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert ahead(tmp_path) == ("Button.1.js", "a.2.js", "b.3.js")
