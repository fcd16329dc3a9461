"""How this deployment sends mail: which server, as whom, and under which addresses its pages are.

The environment in, values out. What is missing or would travel unprotected is refused before the
first mail; passwords never show in a representation.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from urllib.parse import urlsplit

from survey.errors import ConfigError

_HELP = "docs/operations.md lists the variables"


class Protection(StrEnum):
    """How the way to the mail server is protected. NONE is for a server on this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Protection.STARTTLS: 587, Protection.TLS: 465, Protection.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server, and the sender that every mail carries. `user` is "" where none is needed."""

    host: str
    port: int
    protection: Protection
    user: str
    password: str = field(repr=False)
    sender: Address


def read_mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """Returns how mail is sent.

    Raises:
        ConfigError: a variable is missing or wrong, or the way to the server would be open to others.
    """
    _check_present(environment, ("PMHEALTH_SMTP_HOST", "PMHEALTH_MAIL_FROM"))
    host = environment["PMHEALTH_SMTP_HOST"]
    protection = _protection(environment.get("PMHEALTH_SMTP_TLS", ""), host)
    user, password = environment.get("PMHEALTH_SMTP_USER", ""), environment.get("PMHEALTH_SMTP_PASSWORD", "")
    if bool(user) != bool(password):
        raise ConfigError(
            "mail-login-half",
            "of the mail server's user and password only one is set",
            where="PMHEALTH_SMTP_USER, PMHEALTH_SMTP_PASSWORD",
            hint="set both, or neither",
        )
    return MailSettings(
        host=host,
        port=_port(environment.get("PMHEALTH_SMTP_PORT", ""), protection),
        protection=protection,
        user=user,
        password=password,
        sender=parse_sender(environment["PMHEALTH_MAIL_FROM"]),
    )


def read_form_url(environment: Mapping[str, str]) -> str:
    """Returns the public address of the form, without a slash at the end.

    Raises:
        ConfigError: it is not set, or secrets would travel over it unprotected.
    """
    return _read_url(environment, "PMHEALTH_FORM_URL")


def read_dashboard_url(environment: Mapping[str, str]) -> str:
    """Returns the public address of the dashboard, without a slash at the end.

    Raises:
        ConfigError: it is not set, or is no address that protects who opens it.
    """
    return _read_url(environment, "PMHEALTH_DASHBOARD_URL")


def parse_sender(text: str) -> Address:
    """Returns the sender: an address, with a name before it or not.

    >>> parse_sender("People Team <people@example.org>").display_name
    'People Team'

    Raises:
        ConfigError: there is no usable address in it.
    """
    name, address = parseaddr(text)
    has_one = len(getaddresses([text])) == 1
    try:
        sender = Address(name, addr_spec=address)
        is_usable = has_one and bool(sender.username) and "." in sender.domain and sender.domain.isascii()
    except (ValueError, IndexError, LookupError):
        is_usable = False
    if is_usable and text.isprintable():
        return sender
    raise ConfigError(
        "mail-sender",
        "the sender of the mails is no address",
        where="PMHEALTH_MAIL_FROM",
        hint="write it like: People Team <people@example.org>",
    )


def is_loopback(host: str) -> bool:
    """True if that host is this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("mail.example.org")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _check_present(environment: Mapping[str, str], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise ConfigError(
            "mail-not-set-up",
            f"not set: {', '.join(missing)}",
            where="environment",
            hint=f"set it and run this again; {_HELP}",
        )


def _protection(text: str, host: str) -> Protection:
    try:
        protection = Protection(text or Protection.STARTTLS)
    except ValueError:
        raise ConfigError(
            "mail-protection",
            "the protection of mail is none that we know",
            where="PMHEALTH_SMTP_TLS",
            hint="write starttls (the usual one), tls, or none for a server on this machine",
        ) from None
    if protection is Protection.NONE and not is_loopback(host):
        raise ConfigError(
            "mail-unprotected",
            "personal links would travel unprotected to another machine",
            where="PMHEALTH_SMTP_TLS",
            hint="write starttls or tls; none is only for a mail server on this machine",
        )
    return protection


def _port(text: str, protection: Protection) -> int:
    if not text:
        return _PORTS[protection]
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:  # noqa: PLR2004 - the range of ports
        return int(text)
    raise ConfigError(
        "mail-port",
        "the port of the mail server is no port",
        where="PMHEALTH_SMTP_PORT",
        hint=f"leave it out for {_PORTS[protection]}, or write a number up to 65535",
    )


def _read_url(environment: Mapping[str, str], name: str) -> str:
    _check_present(environment, (name,))
    url = environment[name].rstrip("/")
    if _is_usable(url):
        return url
    raise ConfigError(
        "mail-address",
        "the address that links lead to cannot be used",
        where=name,
        hint="write it like https://survey.example.org; http is only for this machine",
    )


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    is_protected = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    is_plain = url.isascii() and url.isprintable() and not any(letter in url for letter in " \"'<>\\")
    return is_protected and is_plain and bool(host) and not (parts.query or parts.fragment or parts.username)
