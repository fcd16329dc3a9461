"""Two thousand hostile requests: never a 500, never a traceback, never another person's data, never a trace."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.rating_world import built_in, open_world, seal_in

NEVER_SHOWN = ("p-ada", "p-kim", "Traceback", "sqlalchemy")
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY")
ROOTS = ("f", "t", "n", "a", "form", "health", "", "..", "f;", "F", "static")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """One world for all requests, with answers of Kim that nobody else may see."""
    home = tmp_path_factory.mktemp("hostile")
    world = open_world(home / "home", built_in("great-pm", home))
    links = {person: world.link(person) for person in ("p-kim", "p-eve", "p-max")}
    with world.app() as app, TestClient(app, follow_redirects=False, raise_server_exceptions=True) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        world.send(client, f"/f/{links['p-kim']}", p0="KIM-WROTE-THIS")
        yield world, client, links


paths = st.one_of(
    st.builds(
        lambda root, secret, rest: f"/{root}/{secret}{rest}",
        st.sampled_from(ROOTS),
        st.one_of(
            st.sampled_from(["EVE", "MAX", "x" * 32, "", "%00", "..", "%2e%2e", "'--", "A" * 5000]),
            st.text(
                st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#/\\"), max_size=60
            ),
        ),
        st.sampled_from(
            [
                "",
                "/",
                "/1",
                "/2",
                "/3",
                "/0",
                "/-1",
                "/1/thanks",
                "/1/withdraw",
                "/1/x/y",
                "//",
                "/1%0d%0aX: y",
            ]
        ),
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), max_size=40).map(
        "/{}".format
    ),
)
values = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "5",
            "6",
            "n0",
            "n9",
            "-1",
            "1e99",
            "NaN",
            "\x00",
            "\ud7ff",
            "<script>",
            "'; drop table",
            "4" * 5000,
        ]
    ),
    st.text(max_size=50),
)
fields = st.dictionaries(
    st.one_of(
        st.sampled_from(
            ["q0", "q1", "q5", "q23", "q99", "q0n", "p0", "p1", "p9", "s0", "seal", "do", "reviewed", "state"]
        ),
        st.text(max_size=10),
    ),
    values,
    max_size=40,
)
bodies = st.one_of(
    fields,
    st.binary(max_size=2000),
    st.sampled_from([b"a" * 70_000, b"&".join(b"a=1" for _ in range(900)), b"=&=&%zz&%", b"\xff\xfe" * 50]),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            [FORM, FORM + "; charset=utf-16", "application/json", "multipart/form-data", "\xff"]
        ),
        "sec-fetch-site": st.sampled_from(["same-origin", "cross-site", "none", ""]),
        "origin": st.sampled_from(["null", "http://evil.example", "http://testserver"]),
        "accept-language": st.sampled_from(["de", "*", ";;;q=", "en" * 3000, "\xff"]),
        "accept-encoding": st.sampled_from(["gzip", "", "br;q=9", "identity"]),
        "x-big": st.just("x" * 8000),
    },
)


attacks = st.fixed_dictionaries(
    {
        "method": st.sampled_from(METHODS),
        "path": paths,
        "query": st.sampled_from(
            ["", "?lang=de", "?lang=../../etc", "?saved", "?%00=%ff&lang=", "?" + "a=1&" * 50]
        ),
        "body": bodies,
        "headers": headers,
        "do": st.sampled_from(["send", "save", "withdraw", "review", "change", "draft", "x", None]),
        "is_sealed": st.booleans(),
    }
)


class Listening(logging.Handler):
    """Keeps what the form logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def logged():
    handler = Listening()
    logging.getLogger("pmhealth").addHandler(handler)
    yield handler.lines
    logging.getLogger("pmhealth").removeHandler(handler)


@pytest.mark.slow
@settings(max_examples=2000)
@given(attack=attacks)
def test_form_when_attacked_then_it_neither_breaks_nor_tells(attacked, logged, attack):
    world, client, links = attacked
    world.time.seconds += 3  # patience, so that limits are not all that is tried

    reply = strike(client, links, attack)

    assert reply.status_code in {200, 204, 303, 403, 404, 405, 413, 415, 429}
    if attack["method"] not in {"GET", "POST"}:
        assert (reply.status_code, reply.content) == (405, b"")
    assert not any(shown in reply.text for shown in ("KIM-WROTE-THIS", *NEVER_SHOWN))
    assert logged == []
    assert reply.headers["cache-control"].startswith(("no-store", "public, max-age"))
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"


def strike(client, links, attack):
    path = attack["path"].replace("EVE", links["p-eve"]).replace("MAX", links["p-max"])
    body, do = attack["body"], attack["do"]
    if isinstance(body, dict):
        seal = seal_in(client.get(f"http://testserver{path}").text) if attack["is_sealed"] else ""
        fields = body | ({"do": do} if do else {}) | ({"seal": seal} if seal else {})
        sent = {"data": {_utf8(name): _utf8(text) for name, text in fields.items()}}
    else:
        sent = {"content": body}
    own = {name: value.encode("latin-1") for name, value in attack["headers"].items()}
    return client.request(attack["method"], f"http://testserver{path}{attack['query']}", headers=own, **sent)


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def test_form_when_it_was_attacked_then_kim_s_answers_are_as_they_were(attacked):
    world, _, _ = attacked
    kept = [one.content for one in world.stored() if "KIM-WROTE-THIS" in one.content]
    assert len(kept) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_form_when_another_site_posts_then_nothing_is_taken(world, client, site):
    path = f"/f/{world.link('p-kim')}"
    seal = seal_in(client.get(f"http://testserver{path}").text)

    reply = client.post(path, data={**world.filled(), "seal": seal}, headers={"sec-fetch-site": site})

    assert (reply.status_code, world.stored()) == (403, ())


def test_form_when_an_old_browser_names_another_origin_then_nothing_is_taken(world):
    path = f"/f/{world.link('p-kim')}"
    with world.app() as app, TestClient(app, follow_redirects=False) as client:
        seal = seal_in(client.get(f"http://testserver{path}").text)
        sent = {**world.filled(), "seal": seal}
        foreign = client.post(path, data=sent, headers={"origin": "https://evil.example"})
        own = client.post(path, data=sent, headers={"origin": "http://testserver"})

    assert (foreign.status_code, own.status_code) == (403, 303)


@pytest.mark.parametrize("seal", ["", "x", "A" * 72, "é", "seal of another"])
def test_form_when_the_hidden_field_is_not_ours_then_answers_come_back_and_nothing_is_taken(
    world, client, seal
):
    path = f"/f/{world.link('p-kim')}"
    other = seal_in(client.get(f"/f/{world.link('p-lee')}").text)

    reply = client.post(
        path, data={**world.filled(p0="still here"), "seal": other if "another" in seal else seal}
    )

    assert reply.status_code == 200
    assert "still here" in reply.text
    assert "Nothing is lost" in reply.text
    assert world.stored() == ()


def test_link_when_used_without_end_then_it_is_slowed_and_others_are_not(world, client):
    busy, calm = world.link("p-kim"), world.link("p-lee")
    statuses = [client.get(f"/f/{busy}").status_code for _ in range(62)]

    assert (statuses[0], statuses[-1]) == (200, 429)
    assert client.get(f"/f/{calm}").status_code == 200
    world.time.seconds += 120
    assert client.get(f"/f/{busy}").status_code == 200


def test_guesser_when_trying_without_end_then_good_links_still_open(world, client):
    guesses = {client.get(f"/f/{'g' * 32}").status_code for _ in range(320)}

    assert guesses == {404, 429}
    assert client.get(f"/f/{world.link('p-kim')}").status_code == 200


def test_whole_journey_when_logged_at_its_loudest_then_no_line_holds_a_secret_a_name_or_an_answer(
    world, caplog
):
    secret = world.link("p-kim")
    with caplog.at_level(logging.DEBUG), world.client() as client:
        world.send(client, f"/f/{secret}", do="save", p0="WORDS")
        reply = world.send(client, f"/f/{secret}", p0="WORDS")
        client.get(reply.headers["location"])
        world.send(client, f"/f/{secret}", do="withdraw")

    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore", "asyncio"))]
    lines = " ".join(f"{one.getMessage()} {one.args}" for one in ours)
    assert not any(word in lines for word in (secret, "WORDS", "Ada", "Kim"))
