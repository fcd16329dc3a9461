"""Sends mail over SMTP: one connection for many, not too fast, again where the server asks for time.

Mails in, what became of each out, as a short code. The text of a server's reply is never kept:
it may quote an address. What would fail for every mail (no server, no login, no protection) is
refused as a `MailError`.
"""

import os
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from survey.errors import ConfigError, MailError
from survey.mail_settings import MailSettings, Protection
from survey.message import Mail

SENT = ""
"""The code of a mail that the server took."""

GONE = "smtp-gone"
"""The code of a mail during which the connection broke, every time it was tried."""

DEFAULT_PER_SECOND = 2.0
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = (2.0, 10.0, 30.0)
"""How long to wait before each further try to reach the server."""

ROUND_SECONDS = (5.0, 30.0, 120.0)
"""How long to wait before each further round of the mails that the server did not take for now."""

_TEMPORARY = range(400, 500)


class Clock(Protocol):
    """What time it is, and waiting: handed in, so that tests need not wait."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class WallClock:
    """The clock on the wall, in seconds."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Postbox(Protocol):
    """Takes mails."""

    def send(self, mail: Mail) -> str:
        """Tries once; returns `SENT`, or the code of why this one could not be sent.

        Raises:
            MailError: none can be sent.
        """

    def pause(self, seconds: float) -> None:
        """Waits before another round."""


class SmtpPostbox:
    """Sends over one connection, made when the first mail comes and again when it broke.

    A mail that was cut off may arrive twice; it carries the same Message-ID then.
    """

    def __init__(self, settings: MailSettings, *, clock: Clock, per_second: float) -> None:
        self._settings = settings
        self._clock = clock
        self._pause_seconds = 1 / per_second
        self._next_at = clock.now()
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> str:
        self._wait_for_turn()
        connection = self._connection or self._connect()
        try:
            return self._send_over(connection, mail)
        finally:
            if connection.sock is None:  # a server that says 421 has hung up
                self._drop()

    def pause(self, seconds: float) -> None:
        self._clock.sleep(seconds)

    def close(self) -> None:
        """Takes leave of the server, if it is still there."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _send_over(self, connection: smtplib.SMTP, mail: Mail) -> str:
        try:
            connection.sendmail(mail.sender, [mail.recipient], mail.content)
        except smtplib.SMTPRecipientsRefused as error:
            return _code(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPSenderRefused as error:
            return self._sender_refused(error.smtp_code)
        except smtplib.SMTPResponseException as error:
            return _code(error.smtp_code)
        except (smtplib.SMTPException, OSError):
            self._drop()
            return GONE
        return SENT

    def _wait_for_turn(self) -> None:
        now = self._clock.now()
        if now < self._next_at:
            self._clock.sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._pause_seconds

    def _sender_refused(self, code: int) -> str:
        """For ever refused, it is refused for every mail: going on would only make a list of failures."""
        if code in _TEMPORARY:
            return _code(code)
        raise MailError(
            "mail-sender-refused",
            f"the mail server does not take mail from this sender (reply {code})",
            where="PMHEALTH_MAIL_FROM",
            hint="ask who runs the mail server which sender this login may use",
        )

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connect(self) -> smtplib.SMTP:
        for seconds in (*CONNECT_SECONDS, None):
            try:
                self._connection = _open(self._settings)
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError) as error:
                _check_certificate(error)
                if seconds is None:
                    raise _unreachable(self._settings) from None
                self._clock.sleep(seconds)
            else:
                return self._connection
        raise AssertionError("the last try either connects or raises")


class Folder:
    """Writes each mail into a file instead of sending it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def send(self, mail: Mail) -> str:
        self._count += 1
        target = self._path / f"{self._count:04}.eml"
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(mail.content)
        return SENT

    def pause(self, seconds: float) -> None:
        """Files never ask for time."""


def send_in_rounds(postbox: Postbox, mails: Iterable[Mail], settle: Callable[[Mail, str], None]) -> None:
    """Sends mails; those the server does not take for now wait until all others have had their turn.

    Args:
        postbox: takes them.
        mails: asked for one by one, each just before it is sent for the first time.
        settle: told once of each mail what became of it, by its code.

    Raises:
        MailError: no mail can be sent; whatever was begun is settled.
    """
    rounds = _Rounds(postbox, settle)
    try:
        rounds.run(mails)
    finally:
        rounds.give_up()


class _Rounds:
    """The mails that are on their way, each with the code of its last try."""

    def __init__(self, postbox: Postbox, settle: Callable[[Mail, str], None]) -> None:
        self._postbox = postbox
        self._settle = settle
        self._waiting: dict[Mail, str] = {}

    def run(self, mails: Iterable[Mail]) -> None:
        for mail in mails:
            self._try(mail)
        for seconds in ROUND_SECONDS:
            if self._waiting:
                self._postbox.pause(seconds)
            for mail in tuple(self._waiting):
                self._try(mail)

    def give_up(self) -> None:
        for mail, code in self._waiting.items():
            self._settle(mail, code)

    def _try(self, mail: Mail) -> None:
        try:
            code = self._postbox.send(mail)
        except MailError as error:
            self._waiting[mail] = error.code
            raise
        self._waiting[mail] = code
        if not _is_temporary(code):
            self._settle(mail, self._waiting.pop(mail))


@contextmanager
def open_postbox(
    settings: MailSettings, *, per_second: float = DEFAULT_PER_SECOND, clock: Clock | None = None
) -> Iterator[Postbox]:
    """Yields a postbox that sends at most so many mails in a second, and takes leave in the end."""
    postbox = SmtpPostbox(settings, clock=clock or WallClock(), per_second=per_second)
    try:
        yield postbox
    finally:
        postbox.close()


def open_folder(path: Path) -> Folder:
    """Returns a folder to write mails into, made where needed, for its owner only.

    Raises:
        ConfigError: it holds files already, or cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_empty = not any(path.iterdir())
    except OSError:
        raise ConfigError(
            "mail-folder",
            "the folder for the mails cannot be made",
            where=str(path),
            hint="name a folder that is yours to write",
        ) from None
    if not is_empty:
        raise ConfigError(
            "mail-folder-used",
            "the folder for the mails holds files already",
            where=str(path),
            hint="name a new folder, or empty this one",
        )
    return Folder(path)


def _is_temporary(code: str) -> bool:
    return code == GONE or code.startswith("smtp-4")


def _code(reply: int) -> str:
    return f"smtp-{reply}"


def _open(settings: MailSettings) -> smtplib.SMTP:
    """Connects, protects the way and logs in; a connection that fails half-way is closed."""
    connection = _reach(settings)
    try:
        if settings.protection is Protection.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
        if settings.user:
            connection.login(settings.user, settings.password)
    except smtplib.SMTPAuthenticationError as error:
        connection.close()
        if error.smtp_code in _TEMPORARY:
            raise smtplib.SMTPServerDisconnected from error
        raise _login_refused(error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        connection.close()
        raise _unprotected() from None
    except (smtplib.SMTPException, OSError):
        connection.close()
        raise
    return connection


def _reach(settings: MailSettings) -> smtplib.SMTP:
    if settings.protection is Protection.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)


def _check_certificate(error: Exception) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        raise MailError(
            "mail-certificate",
            "the mail server's certificate cannot be trusted",
            where="PMHEALTH_SMTP_HOST",
            hint="check the host's name; for an authority of your own set SSL_CERT_FILE to its certificate",
        ) from None


def _login_refused(code: int) -> MailError:
    return MailError(
        "mail-login",
        f"the mail server refuses the login (reply {code})",
        where="PMHEALTH_SMTP_USER, PMHEALTH_SMTP_PASSWORD",
        hint="check both; many providers want a password made for programs",
    )


def _unprotected() -> MailError:
    return MailError(
        "mail-no-protection",
        "the mail server offers no STARTTLS, or no login that we know",
        where="PMHEALTH_SMTP_TLS",
        hint="try PMHEALTH_SMTP_TLS=tls with its port, usually 465",
    )


def _unreachable(settings: MailSettings) -> MailError:
    return MailError(
        "mail-unreachable",
        "the mail server does not answer",
        where=f"{settings.host}:{settings.port}",
        hint="check host, port and PMHEALTH_SMTP_TLS; what was not sent is sent by running this again",
    )
