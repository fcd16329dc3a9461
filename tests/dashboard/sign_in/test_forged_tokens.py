"""A provider that answers whatever a test wants: every forged, foreign or outdated ID token is refused."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from dashboard.auth.settings import ProviderSettings

CLIENT, SECRET = "pmhealth", "the secret of the client, long enough to sign with"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
NEXT = RSAKey.generate_key(2048, {"kid": "two"})


@dataclass(kw_only=True)
class Forger:
    """What the provider says of itself and in its token; None takes a claim out."""

    issuer: str = ""
    nonce: str = ""
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    published: RSAKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    claims: dict[str, object] = field(default_factory=dict)
    metadata: dict[str, object] = field(default_factory=dict)
    userinfo: dict[str, object] | None = None
    raw: str = ""

    def answer(self, path: str) -> object:
        match path:
            case "/.well-known/openid-configuration":
                found = {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/auth",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                }
                return {**found, **self.metadata}
            case "/jwks":
                return {"keys": [self.published.as_dict(private=False)]}
            case "/token":
                return {
                    "access_token": "access",
                    "token_type": "Bearer",
                    "id_token": self.raw or self.token(),
                }
            case "/userinfo":
                return self.userinfo
            case _:
                return None

    def token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": self.nonce,
            "email": "p-ada@example.org", "email_verified": True, **self.claims,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid or "one"}
        return jwt.encode(header, kept, self.key, algorithms=[self.algorithm])


@contextmanager
def serve(forger: Forger) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            body = json.dumps(forger.answer(self.path)).encode()
            self.send_response(200 if body != b"null" else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - likewise

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))  # looks that often whether it is to end
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def forger():
    made = Forger()
    with serve(made):
        yield made


def sign_in(new_stand, forger, *, accepts_unverified=False, stand=None):
    """Returns "" for who got in, else the code of the refusal."""
    provider = ProviderSettings(
        issuer=forger.issuer, client_id=CLIENT, client_secret=SECRET, accepts_unverified=accepts_unverified
    )
    browser = (stand or new_stand(provider=provider)).browser()
    begun = browser.get("/sign-in/provider")
    if begun.status_code == 303:
        query = {
            name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()
        }
        forger.nonce = query["nonce"]
        begun = browser.get("/sign-in/callback", params={"state": query["state"], "code": "x"})
    if begun.status_code == 303:
        assert browser.get("/units").status_code == 200
        return ""
    assert browser.get("/units").status_code == 303
    return re.search(r"the code ([\w-]+)\.", begun.text)[1]


def test_token_when_everything_is_right_then_signs_in(new_stand, forger):
    assert sign_in(new_stand, forger) == ""


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://evil.example"}, "token"),
        ({"iss": None}, "token"),
        ({"aud": "another"}, "token"),
        ({"aud": None}, "token"),
        ({"aud": [CLIENT, "another"]}, "audience"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"exp": 1}, "token"),
        ({"exp": None}, "token"),
        ({"exp": "tomorrow"}, "token"),
        ({"iat": 4102444800}, "token"),
        ({"iat": None}, "token"),
        ({"nbf": 4102444800}, "token"),
        ({"sub": None}, "token"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "token"),
        ({"at_hash": "of another token"}, "token"),
        ({"email": None}, "userinfo"),
        ({"email": ["p-ada@example.org"]}, "email"),
        ({"email": ""}, "email"),
        ({"email_verified": None}, "email-unverified"),
        ({"email_verified": "true"}, "email-unverified"),
        ({"email_verified": 1}, "email-unverified"),
    ],
    ids=str,
)
def test_token_when_a_claim_is_wrong_then_nobody_is_signed_in(new_stand, forger, claims, code):
    forger.claims = claims
    assert sign_in(new_stand, forger) == code


@pytest.mark.parametrize(
    "claims",
    [{"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}, {"at_hash": "Pxadbbl_bifTFIVFVGOPZw"}],
    ids=str,
)
def test_token_when_it_says_more_that_is_right_then_signs_in(new_stand, forger, claims):
    from authlib.oidc.core.util import create_half_hash  # noqa: PLC0415

    forger.claims = {
        **claims,
        **({"at_hash": create_half_hash("access", "RS256").decode()} if "at_hash" in claims else {}),
    }
    assert sign_in(new_stand, forger) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": OTHER}, "token"),
        ({"key": NEXT}, "token"),
        ({"key": OctKey.import_key(SECRET), "algorithm": "HS256"}, "token"),
        ({"raw": "no.token"}, "token"),
        ({"raw": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."}, "token"),
        ({"metadata": {"id_token_signing_alg_values_supported": ["none", "HS256"]}}, "metadata"),
        ({"metadata": {"issuer": "https://evil.example"}}, "issuer"),
        ({"metadata": {"token_endpoint": "http://evil.example/token"}}, "metadata"),
        ({"metadata": {"jwks_uri": None}}, "metadata"),
        ({"metadata": {"authorization_response_iss_parameter_supported": True}}, "issuer"),
        ({"claims": {"email": None}, "userinfo": {"sub": "2", "email": "p-ada@example.org", "email_verified": True}}, "userinfo"),
        ({"claims": {"email": None}, "userinfo": {"sub": "1"}}, "email"),
        ({"claims": {"email": None}, "metadata": {"userinfo_endpoint": "http://evil.example"}}, "email"),
    ],
    ids=range(13),
)  # fmt: skip
def test_provider_when_key_or_description_is_wrong_then_nobody_is_signed_in(new_stand, forger, changes, code):
    for name, value in changes.items():
        setattr(forger, name, value)
    assert sign_in(new_stand, forger) == code


def test_provider_when_it_keeps_the_address_in_userinfo_then_it_is_asked_there(new_stand, forger):
    forger.claims = {"email": None, "email_verified": None}
    forger.userinfo = {"sub": "1", "email": "p-ada@example.org", "email_verified": True}
    assert sign_in(new_stand, forger) == ""


def test_provider_when_it_marks_no_address_then_is_believed_only_where_that_is_set(new_stand, forger):
    forger.claims = {"email_verified": None}
    assert sign_in(new_stand, forger, accepts_unverified=True) == ""
    forger.claims = {"email_verified": False}
    assert sign_in(new_stand, forger, accepts_unverified=True) == "email-unverified"


def test_key_when_it_is_a_new_one_then_the_keys_are_asked_for_again(new_stand, forger, monkeypatch):
    provider = ProviderSettings(
        issuer=forger.issuer, client_id=CLIENT, client_secret=SECRET, accepts_unverified=False
    )
    stand = new_stand(provider=provider)
    monkeypatch.setattr("dashboard.auth.provider._KEYS_PAUSE_SECONDS", 0.0)
    assert sign_in(new_stand, forger, stand=stand) == ""
    forger.key = forger.published = NEXT
    assert sign_in(new_stand, forger, stand=stand) == ""
