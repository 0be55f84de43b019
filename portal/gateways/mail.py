"""Letters by e-mail to the lender's own staff, over SMTP with TLS; never to a debtor about a debt."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS_MAX = 15.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailFailedError(Exception):
    """A letter was not taken; it may be sent again."""


class Mail(Protocol):
    """Whatever can bring a letter to a mailbox."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        """Send one letter; raises MailFailedError when it was not taken."""


class SmtpMail:
    """One mail server: `smtps://user:password@host` or `smtp://host:587`, which must offer STARTTLS.

    Only a server on this very machine may be spoken to in the clear.
    """

    def __init__(self, *, url: str, sender: str, tls: ssl.SSLContext | None = None) -> None:
        """Take the address apart; raises ValueError when it is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("a mail server's address starts with smtp:// or smtps://")
        self._is_implicit = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._is_implicit else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._tls = tls or ssl.create_default_context()

    def send(self, *, to: str, subject: str, text: str) -> None:
        """Send one letter as plain text; raises MailFailedError when it was not taken."""
        letter = EmailMessage()
        letter["From"] = self._sender
        letter["To"] = to
        letter["Subject"] = subject
        letter["Date"] = formatdate()
        letter["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2].strip("> ") or None)
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(letter)
        except (OSError, smtplib.SMTPException) as fault:
            raise MailFailedError(type(fault).__name__) from fault

    def _connect(self) -> smtplib.SMTP:
        if self._is_implicit:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS_MAX, context=self._tls)
        server = smtplib.SMTP(self._host, self._port, timeout=SECONDS_MAX)
        if self._host not in _LOOPBACK:
            server.starttls(context=self._tls)
        return server
