"""Send a message by mail (SMTP, RFC 5321): HTML with a text beside it, and the reports attached.

Not by Apprise: its mail plugin says only whether all went well. Here a refused recipient costs the others nothing and
is the only one who is tried again, a server's limit on size costs the attachments and not the message, and the names of
attachments are encoded as RFC 2231 has it, which mail programs read. Addresses are written as Apprise writes them.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from threading import Timer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.delivery.attempt import Attempt
from monitor.delivery.report_files import Attachment, NothingToAttach, ReportSource
from monitor.delivery.threads import in_thread
from reports.messages.bodies import html_body, text_body
from reports.messages.message import Message
from reports.safe import one_line
from reports.wording import words

TLS_PORT, STARTTLS_PORT, PLAIN_PORT = 465, 587, 25
STEP = 20.0
"""Seconds of silence after which a server is given up."""
SESSION = 60.0
"""Seconds after which a session is ended, however busy the server is."""
ACCEPTED, TOO_LARGE = 250, frozenset({552, 523})
SENDER_NAME = "网站健康检查"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """What a mailto(s) address says: the server, how it is spoken to, who writes, and who reads.

    ``security`` is ``ssl``, ``starttls`` or ``insecure``. ``trusted_ca`` is the path of a PEM file, "" for the
    system's.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    trusted_ca: str


def mail_address(url: str) -> MailAddress:
    """Read ``mailtos://user:password@host:port/?from=&to=&cc=&name=&mode=&ca=``. Raises ValueError."""
    parts = urlsplit(url)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    user, host = unquote(parts.username or ""), given.get("smtp") or parts.hostname or ""
    security = given.get("mode") or _usual_security(parts.scheme, parts.port)
    if security not in {"ssl", "starttls", "insecure"}:
        raise ValueError("mode must be ssl, starttls or insecure")
    if not host:
        raise ValueError("has no mail server")
    writer = given.get("from") or (user if "@" in user else f"{user or 'sitehealth'}@{parts.hostname}")
    in_path = [unquote(piece) for piece in parts.path.split("/") if "@" in piece]
    to = _addresses(given.get("to", "")) or tuple(in_path) or (parseaddr(writer)[1],)
    usual = {"ssl": TLS_PORT, "starttls": STARTTLS_PORT, "insecure": PLAIN_PORT}[security]
    return MailAddress(
        host=host,
        port=parts.port or usual,
        security=security,
        user=user,
        password=unquote(parts.password or ""),
        sender=formataddr((given.get("name") or parseaddr(writer)[0] or SENDER_NAME, parseaddr(writer)[1])),
        to=to,
        cc=_addresses(given.get("cc", "")),
        trusted_ca=given.get("ca", ""),
    )


def _usual_security(scheme: str, port: int | None) -> str:
    if scheme.lower() == "mailto":
        return "insecure"
    return "ssl" if port == TLS_PORT else "starttls"


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.replace(";", ",").split(",") if each.strip())


class MailSender:
    """Writes to the recipients of one address. ``reports`` gives the attachments, where there are any."""

    def __init__(self, url: str, reports: ReportSource | None = None, limit: float = SESSION) -> None:
        self._address = mail_address(url)
        self._reports, self._limit = reports or NothingToAttach(), limit

    async def send(self, message: Message, remaining: Sequence[str] | None) -> Attempt:
        """Send to everybody, or to those who have not got it."""
        attached, left_out = await in_thread(lambda: self._reports.attachments(message.reports))
        return await in_thread(lambda: self._send(message, attached, left_out, remaining))

    def _send(
        self, message: Message, attached: Sequence[Attachment], left_out: str, remaining: Sequence[str] | None
    ) -> Attempt:
        recipients = tuple(remaining) if remaining is not None else (*self._address.to, *self._address.cc)
        noted = with_note(message, left_out)
        try:
            with _Connection(self._address, self._limit) as server:
                answer = server.deliver(mail_of(noted, self._address, attached), recipients)
                if answer.is_too_large and attached:
                    bare = mail_of(without_attachments(noted, attached), self._address, ())
                    answer = server.deliver(bare, recipients)
        except smtplib.SMTPResponseException as error:
            return Attempt(_answered(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Attempt(f"{type(error).__name__}: {error}")
        return answer.attempt


def with_note(message: Message, note: str) -> Message:
    """Return a message that says one thing more."""
    return replace(message, figures=(*message.figures, note)) if note else message


def without_attachments(message: Message, attached: Sequence[Attachment]) -> Message:
    """Return a message that says which attachments the mail server did not take."""
    say = words(message.language)
    names = say("frame.separator").join(each.name for each in attached)
    return with_note(message, say("message.left_out", why=say("message.too_large"), names=names))


def mail_of(message: Message, address: MailAddress, attached: Sequence[Attachment]) -> EmailMessage:
    """Return a message as a mail. Its Message-ID is made of the key: a repeat has the same."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(message.subject).encode("utf-8", "replace").decode()
    mail["From"] = address.sender
    mail["To"] = ", ".join(address.to)
    if address.cc:
        mail["Cc"] = ", ".join(address.cc)
    mail["Date"] = formatdate(time.time())
    domain = parseaddr(address.sender)[1].rpartition("@")[2] or "sitehealth.invalid"
    mail["Message-ID"] = f"<{message.digest}@{domain}>"
    mail["X-Sitehealth-Key"] = message.key
    mail["Auto-Submitted"] = "auto-generated"  # no answer of an absent recipient, please (RFC 3834)
    mail.set_content(text_body(message))
    mail.add_alternative(html_body(message), subtype="html")
    for each in attached:
        maintype, _, subtype = each.media_type.partition("/")
        mail.add_attachment(each.content, maintype=maintype, subtype=subtype, filename=each.name)
    return mail


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server said to one mail."""

    attempt: Attempt
    is_too_large: bool = False


class _Connection:
    """A session with a server, which ends after ``limit`` seconds whatever the server does."""

    def __init__(self, address: MailAddress, limit: float) -> None:
        self._address, self._limit = address, limit
        self._server: smtplib.SMTP

    def __enter__(self) -> Self:
        address = self._address
        step = min(STEP, self._limit)
        if address.security == "ssl":
            self._server = smtplib.SMTP_SSL(address.host, address.port, timeout=step, context=self._tls())
        else:
            self._server = smtplib.SMTP(address.host, address.port, timeout=step)
        self._watch = Timer(self._limit, self._cut)
        self._watch.daemon = True
        self._watch.start()
        try:
            self._greet()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()
        self._server.close()

    def _cut(self) -> None:
        """End a session that drags on: a server that sends a byte now and then is never silent."""
        if self._server.sock is not None:
            self._server.sock.shutdown(socket.SHUT_RDWR)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._address.trusted_ca or None)

    def _greet(self) -> None:
        self._server.ehlo_or_helo_if_needed()
        if self._address.security == "starttls":
            self._server.starttls(context=self._tls())
            self._server.ehlo()
        if self._address.password:
            self._server.login(self._address.user, self._address.password)

    def deliver(self, mail: EmailMessage, recipients: Sequence[str]) -> _Answer:
        """Hand one mail over, as far as the server takes it."""
        content, server = mail.as_bytes(), self._server
        most = int(server.esmtp_features.get("size") or 0)
        if most and len(content) > most:
            return _Answer(Attempt(f"the mail has {len(content)} bytes, the server takes {most}"), is_too_large=True)
        self._require(server.mail, parseaddr(self._address.sender)[1], [f"SIZE={len(content)}"] if most else [])
        refused = {}
        for recipient in recipients:
            code, reason = server.rcpt(recipient)
            if code not in {ACCEPTED, 251}:
                refused[recipient] = _answered(code, reason)
        error = "; ".join(f"{recipient}: {reason}" for recipient, reason in refused.items())
        if len(refused) == len(recipients):
            server.rset()
            return _Answer(Attempt(error, tuple(recipients)))
        code, reason = server.data(content)
        if code != ACCEPTED:
            server.rset()
            return _Answer(Attempt(_answered(code, reason), tuple(recipients)), code in TOO_LARGE)
        return _Answer(Attempt(error, tuple(refused) if refused else None))

    def _require(self, command: Callable[..., tuple[int, bytes]], *arguments: object) -> None:
        """Give a command; raise what the server says where it does not take it."""
        code, reason = command(*arguments)
        if code != ACCEPTED:
            raise smtplib.SMTPResponseException(code, reason)


def _answered(code: int, reason: bytes | str) -> str:
    """Return a server's answer as text."""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{code} {text}"
