"""How people sign in, read from the environment once, when the server starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from survey.errors import ConfigError
from survey.mail_settings import MailSettings, is_loopback, read_dashboard_url, read_mail_settings

URL_VARIABLE = "PMHEALTH_DASHBOARD_URL"
ISSUER_VARIABLE = "PMHEALTH_OIDC_ISSUER"
CLIENT_ID_VARIABLE = "PMHEALTH_OIDC_CLIENT_ID"
CLIENT_SECRET_VARIABLE = "PMHEALTH_OIDC_CLIENT_SECRET"  # noqa: S105 - the variable's name
UNVERIFIED_VARIABLE = "PMHEALTH_OIDC_UNVERIFIED_EMAIL"
LINK_VARIABLE = "PMHEALTH_SIGN_IN_LINK"

_HELP = "docs/operations.md, section 'Sign-in', lists the variables"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """The identity provider, and the client that we are to it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    accepts_unverified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """The dashboard's public address and the ways in; at least one of them is there."""

    url: str
    provider: ProviderSettings | None
    mail: MailSettings | None

    @property
    def is_protected(self) -> bool:
        """True under TLS; without it the address is this machine's own."""
        return urlsplit(self.url).scheme == "https"

    @property
    def origin(self) -> str:
        """The origin a browser names when it is on one of our pages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def host(self) -> str:
        """The host, with its port where it is not the usual one, as a browser sends it."""
        return urlsplit(self.url).netloc.lower()

    @property
    def callback_url(self) -> str:
        """Where the provider sends the browser back to."""
        return f"{self.url}/sign-in/callback"


def read_sign_in_settings(environment: Mapping[str, str]) -> SignInSettings:
    """Returns how people sign in.

    Raises:
        ConfigError: the address or every way in is missing, or one of them is wrong.
    """
    if not environment.get(URL_VARIABLE):
        raise _missing((URL_VARIABLE,))
    provider = _read_provider(environment)
    mail = read_mail_settings(environment) if _wants_links(environment, provider) else None
    url = read_dashboard_url(environment)
    if urlsplit(url).path:
        raise ConfigError(
            "sign-in-path",
            "the dashboard's address has a path",
            where=URL_VARIABLE,
            hint="give the dashboard a host name of its own: https://health.example.org",
        )
    return SignInSettings(url=url, provider=provider, mail=mail)


def _read_provider(environment: Mapping[str, str]) -> ProviderSettings | None:
    names = (ISSUER_VARIABLE, CLIENT_ID_VARIABLE, CLIENT_SECRET_VARIABLE)
    missing = tuple(name for name in names if not environment.get(name))
    if len(missing) == len(names):
        return None
    if missing:
        raise _missing(missing)
    return ProviderSettings(
        issuer=_check_issuer(environment[ISSUER_VARIABLE]),
        client_id=environment[CLIENT_ID_VARIABLE],
        client_secret=environment[CLIENT_SECRET_VARIABLE],
        accepts_unverified=_accepts_unverified(environment.get(UNVERIFIED_VARIABLE, "")),
    )


def _wants_links(environment: Mapping[str, str], provider: ProviderSettings | None) -> bool:
    """With a provider, links by mail would be a way around it, so they must be asked for."""
    choice = environment.get(LINK_VARIABLE, "")
    if choice not in ("", "on", "off"):
        raise ConfigError(
            "sign-in-link",
            "whether links are mailed is neither on nor off",
            where=LINK_VARIABLE,
            hint="write on or off, or leave it out: on without an identity provider, off with one",
        )
    wants = choice == "on" or (choice == "" and provider is None)
    if not wants and provider is None:
        raise _missing((ISSUER_VARIABLE,))
    if wants and not environment.get("PMHEALTH_SMTP_HOST"):
        raise _missing(
            (ISSUER_VARIABLE, "PMHEALTH_SMTP_HOST") if provider is None else ("PMHEALTH_SMTP_HOST",)
        )
    return wants


def _check_issuer(issuer: str) -> str:
    parts = urlsplit(issuer)
    is_local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if (parts.scheme == "https" and parts.hostname) or is_local:
        return issuer
    raise ConfigError(
        "sign-in-issuer",
        "the identity provider's address is not protected",
        where=ISSUER_VARIABLE,
        hint="write its issuer, like https://login.example.org; http is only for this machine",
    )


def _accepts_unverified(text: str) -> bool:
    if text in ("", "accept"):
        return bool(text)
    raise ConfigError(
        "sign-in-unverified",
        "what to do with addresses that nobody verified is not understood",
        where=UNVERIFIED_VARIABLE,
        hint="leave it out, or write accept if the provider serves your organisation only",
    )


def _missing(names: tuple[str, ...]) -> ConfigError:
    """Names what is missing; the first of two is the usual one, the second would do as well."""
    return ConfigError(
        "sign-in-not-set-up",
        f"people cannot sign in yet; not set: {' or '.join(names)}",
        where="environment",
        hint=f"set it and start again, or look at a made-up organisation with 'pmhealth serve --demo'; {_HELP}",
    )
