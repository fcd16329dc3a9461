"""The identity provider, over OpenID Connect: where to send a browser, and who came back with a code.

Authorisation code with PKCE. The ID token's signature, issuer, audience, times and nonce are checked,
and that what it says belongs to the access token; nothing is believed because it arrived.
"""

import hmac
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from dashboard.auth.settings import ProviderSettings
from survey.mail_settings import is_loopback
from survey.register_sign_in import Attempt, BegunAttempt

with warnings.catch_warnings():  # it prefers a successor of httpx that is not for every Python yet
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""What an ID token may be signed with: never nothing, never with a shared secret."""

_TIMEOUT_SECONDS = 10.0
_LEEWAY_SECONDS = 60
_METADATA_SECONDS = 3600.0
_KEYS_PAUSE_SECONDS = 30.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the provider says it is: an address that it has verified."""

    email: str


class ProviderRefusal(Exception):  # noqa: N818 - an answer for the person who signs in, not a fault of ours
    """Why nobody was signed in, as a short code that may be shown and logged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Provider:
    """One identity provider. What it says of itself is asked when needed, and kept for an hour."""

    def __init__(self, settings: ProviderSettings, callback_url: str) -> None:
        self._settings = settings
        self._callback_url = callback_url
        self._metadata: dict[str, Any] = {}
        self._metadata_until = 0.0
        self._keys: KeySet | None = None
        self._keys_again_at = 0.0

    async def authorize_url(self, begun: BegunAttempt) -> str:
        """Returns where to send the browser.

        Raises:
            ProviderRefusal: the provider cannot be reached, or says something odd of itself.
        """
        metadata = await self._describe()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=begun.state,
                nonce=begun.attempt.nonce,
                code_verifier=begun.attempt.verifier,
            )
        return str(url)

    async def identify(self, code: str, issuer: str, attempt: Attempt) -> Identity:
        """Returns who came back. `issuer` is what the callback names, "" where it names none.

        Raises:
            ProviderRefusal: anything is not as it must be.
        """
        metadata = await self._describe()
        names_itself = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._settings.issuer and (issuer or names_itself):
            raise ProviderRefusal("issuer")
        async with self._client() as client:
            token = await self._exchange(client, metadata, code, attempt)
            claims = await self._check_id_token(token, metadata, attempt.nonce)
            if "email" not in claims:
                claims = {**claims, **await self._ask_userinfo(client, metadata, claims["sub"])}
        return self._identity(claims)

    def _client(self) -> Any:  # noqa: ANN401 - Authlib ships no types
        return AsyncOAuth2Client(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._callback_url,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
        )

    async def _describe(self) -> dict[str, Any]:
        if time.monotonic() < self._metadata_until:
            return self._metadata
        url = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = await _get_json(url)
        if metadata.get("issuer") != self._settings.issuer:
            raise ProviderRefusal("issuer")
        if not all(_is_protected(metadata.get(name)) for name in _ENDPOINTS):
            raise ProviderRefusal("metadata")
        self._metadata, self._metadata_until = metadata, time.monotonic() + _METADATA_SECONDS
        return metadata

    async def _exchange(
        self,
        client: Any,  # noqa: ANN401 - Authlib ships no types
        metadata: Mapping[str, Any],
        code: str,
        attempt: Attempt,
    ) -> Mapping[str, Any]:
        try:
            token: Mapping[str, Any] = await client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=attempt.verifier
            )
        except (AuthlibBaseError, httpx.HTTPError, ValueError):
            raise ProviderRefusal("code") from None  # its text may quote the code
        return token

    async def _check_id_token(
        self, token: Mapping[str, Any], metadata: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        try:
            signed = await self._verify_signature(str(token.get("id_token", "")), metadata)
            self._rules().validate(signed.claims)
        except (JoseError, ValueError):
            raise ProviderRefusal("token") from None
        claims: dict[str, Any] = signed.claims
        self._check_belonging(claims, str(signed.header["alg"]), str(token.get("access_token", "")))
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise ProviderRefusal("nonce")
        return claims

    async def _verify_signature(self, id_token: str, metadata: Mapping[str, Any]) -> jwt.Token:
        """A key that is not known may be a new one: then the keys are asked for again, not too often."""
        offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        algorithms = [name for name in ALGORITHMS if name in offered]
        if not algorithms:  # an empty list would mean: any
            raise ProviderRefusal("metadata")
        keys = self._keys or await self._fetch_keys(metadata)
        try:
            return jwt.decode(id_token, keys, algorithms=algorithms)
        except (InvalidKeyIdError, ValueError):
            if time.monotonic() < self._keys_again_at:
                raise
            return jwt.decode(id_token, await self._fetch_keys(metadata), algorithms=algorithms)

    async def _fetch_keys(self, metadata: Mapping[str, Any]) -> KeySet:
        keys = KeySet.import_key_set(await _get_json(metadata["jwks_uri"]))  # type: ignore[arg-type]
        self._keys, self._keys_again_at = keys, time.monotonic() + _KEYS_PAUSE_SECONDS
        return keys

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )

    def _check_belonging(self, claims: Mapping[str, Any], algorithm: str, access_token: str) -> None:
        """Several audiences need a named party; a hash of the access token must be that token's."""
        party = claims.get("azp")
        audience = claims["aud"]
        is_shared = isinstance(audience, list) and len(audience) > 1
        if (is_shared and party is None) or party not in (None, self._settings.client_id):
            raise ProviderRefusal("audience")
        expected = create_half_hash(access_token, algorithm)
        if "at_hash" in claims and (
            expected is None or not hmac.compare_digest(expected, str(claims["at_hash"]).encode())
        ):
            raise ProviderRefusal("token")

    async def _ask_userinfo(
        self,
        client: Any,  # noqa: ANN401 - Authlib ships no types
        metadata: Mapping[str, Any],
        subject: str,
    ) -> dict[str, Any]:
        """Returns the claims of address that the provider keeps out of the ID token."""
        url = metadata.get("userinfo_endpoint")
        if not _is_protected(url):
            raise ProviderRefusal("email")
        try:
            response = await client.get(url)
            found = response.raise_for_status().json()
        except (AuthlibBaseError, httpx.HTTPError, ValueError):
            raise ProviderRefusal("userinfo") from None
        if not isinstance(found, dict) or found.get("sub") != subject:
            raise ProviderRefusal("userinfo")
        return {name: found[name] for name in ("email", "email_verified") if name in found}

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        email, is_verified = claims.get("email"), claims.get("email_verified")
        if not isinstance(email, str) or not email:
            raise ProviderRefusal("email")
        if is_verified is True or (is_verified is None and self._settings.accepts_unverified):
            return Identity(email=email)
        raise ProviderRefusal("email-unverified")


async def _get_json(url: str) -> dict[str, Any]:
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
            found = (await client.get(url)).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        raise ProviderRefusal("unreachable") from None
    if not isinstance(found, dict):
        raise ProviderRefusal("metadata")
    return found


def _is_protected(url: object) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
