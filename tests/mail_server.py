"""A real SMTP server on loopback for tests: with STARTTLS or TLS, login, and faults on order."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from survey.mail_settings import MailSettings, Protection

USER, PASSWORD = "mailer", "correct horse"
SENDER = Address("People Team", "people", "example.org")


@dataclass(kw_only=True)
class Inbox:
    """What the server took, and what it does to a recipient: a list of replies, used up one by one.

    `hang up` as a reply ends the connection instead of answering; `take, hang up` after keeping the mail.
    """

    received: list[EmailMessage] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    sender_reply: str = ""
    logins: list[str] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    was_protected: set[bool] = field(default_factory=set)

    def of(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.received if mail["To"].addresses[0].addr_spec == address]

    async def handle_MAIL(  # noqa: N802 - a name of the library
        self, server: smtp.SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_reply:
            return self.sender_reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - a name of the library
        self, server: smtp.SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._next_fault(address, "5", "4")
        if fault:
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - a name of the library
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self._next_fault(envelope.rcpt_tos[0], "hang up", "take, hang up", "data ")
        if fault.startswith("data "):
            return fault.removeprefix("data ")
        if fault != "hang up":
            self.received.append(message_from_bytes(envelope.content, policy=SMTP))
            self.sessions.add(id(session))
            self.was_protected.add(session.ssl is not None)
        if "hang up" in fault:
            server.transport.abort()
        return "250 OK"

    def check_login(
        self, _: smtp.SMTP, __: Session, ___: Envelope, ____: str, data: LoginPassword
    ) -> AuthResult:
        """Replies of `logins` come first, one by one."""
        if self.logins:
            return AuthResult(success=False, handled=False, message=self.logins.pop(0))
        is_right = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=is_right)

    def _next_fault(self, address: str, *starts: str) -> str:
        waiting = self.faults.get(address, [])
        return waiting.pop(0) if waiting and waiting[0].startswith(starts) else ""


@contextmanager
def mail_server(
    inbox: Inbox, *, certificate: tuple[Path, Path] | None = None, is_tls: bool = False, login: bool = False
) -> Iterator[int]:
    """Yields the port of a server that is stopped in the end."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=_free_port(),
        ssl_context=context if is_tls else None,
        tls_context=None if is_tls else context,
        require_starttls=context is not None and not is_tls,
        auth_required=login,
        auth_require_tls=not is_tls,
        authenticator=inbox.check_login if login else None,
    )
    with warnings.catch_warnings():
        # the library takes no login without STARTTLS for safe, also under TLS from the start
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
        controller.start()
        try:
            yield controller.port
        finally:
            controller.stop()


def settings_for(
    port: int, protection: Protection = Protection.NONE, user: str = "", password: str = ""
) -> MailSettings:
    return MailSettings(
        host="127.0.0.1", port=port, protection=protection, user=user, password=password, sender=SENDER
    )


def make_certificate(folder: Path, *, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """Writes a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(UTC)
    alternative = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "server.pem", folder / "server.key"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_path, key_path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
