"""Mail through any SMTP server (RFC 5321), one recipient at a time, over TLS.

SMTP has no idempotency key and, unlike SES, tells nothing afterwards: what matters is the moment of the final dot.

====================================================  ==============  ============================
no connection, no TLS, no login, sender refused       Transient       not sent, try later
the server asks to wait (4xx), at any command         Transient       not sent, try later
there is no such mailbox (550, 551, 553 of RCPT)      AddressRefused  not sent, never will be
recipient or content refused otherwise (5xx)          Permanent       not sent, never will be
the final dot is sent, and no answer comes            Unanswered      perhaps sent
====================================================  ==============  ============================

A login or a sender that is refused is a fault of the deployment, which the alarm on late digests tells of: no mail is
given up for it.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal

from vigie.errors import AddressRefused, BadField, Permanent, Transient, Unanswered
from vigie.ports import Mail, Mailer

Security = Literal["tls", "starttls", "none"]
TIMEOUT_SECONDS = 10
_TLS_PORT = 465  # RFC 8314: TLS from the first byte; elsewhere STARTTLS
_NO_MAILBOX = frozenset({550, 551, 553})
_POLICY = re.compile(r"^5\.[67]\.")  # enhanced codes (RFC 3463) of refusals that are not about the mailbox
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where to send, and as whom; without a user nobody logs in."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, address: str, credentials: str) -> "SmtpServer":
        """Return the server at ``host:port``; ``credentials`` are ``user:password``, or ``none``. Raises BadField."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise BadField("VIGIE_SMTP_SERVER", f"{address!r} is no server", "Write it as host:port.")
        user, _, password = credentials.partition(":")
        if credentials.strip() == "none":
            user = ""
        elif not password:
            raise BadField(
                "VIGIE_SMTP_SECRET_NAME", "names no credentials", "Keep user:password there, or none."
            )
        return cls(
            host=host,
            port=int(port),
            security="tls" if int(port) == _TLS_PORT else "starttls",
            user=user,
            password=password,
        )


class SmtpMailer(Mailer):
    """``Mailer`` on one SMTP server. A connection a mail: a worker sends few, and none outlives a refusal."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        context: ssl.SSLContext | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self._context = context or ssl.create_default_context()
        self._timeout_seconds = timeout_seconds

    def send(self, mail: Mail) -> str:
        """Send, and return the server's own words. Raises as the module says."""
        with self._session(mail) as session:
            code, text = session.mail(parseaddr(mail.sender)[1])
            if code != 250:
                raise Transient(f"mail {mail.delivery_key}: the sender is refused: {_said(code, text)}")
            _address(mail, *session.rcpt(mail.to))
            code, text = session.docmd("DATA")
            if code != 354:
                raise _refusal(mail, code, text)
            session.send(_content(mail.raw))
            return self._answer(session, mail)

    def _answer(self, session: smtplib.SMTP, mail: Mail) -> str:
        """Return what the server says to the final dot."""
        try:
            code, text = session.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unanswered(f"mail {mail.delivery_key}: no answer to its content: {error}") from error
        if code != 250:
            raise _refusal(mail, code, text)
        return _said(code, text)[:200]

    @contextmanager
    def _session(self, mail: Mail) -> Iterator[smtplib.SMTP]:
        """Connect, secure and log in; whatever breaks before the final dot is Transient."""
        session: smtplib.SMTP | None = None
        try:
            session = self._connected()
            yield session
            with _ignored():
                session.quit()
        except (OSError, smtplib.SMTPException) as error:
            raise Transient(f"mail {mail.delivery_key}: {type(error).__name__}: {error}") from error
        finally:
            if session is not None:
                session.close()

    def _connected(self) -> smtplib.SMTP:
        server, timeout = self._server, self._timeout_seconds
        if server.security == "tls":
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=timeout, context=self._context
            )
        else:
            session = smtplib.SMTP(server.host, server.port, timeout=timeout)
        try:
            session.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                session.starttls(context=self._context)
            if server.user:
                session.login(server.user, server.password)
        except BaseException:
            session.close()
            raise
        return session


@contextmanager
def _ignored() -> Iterator[None]:
    """Let a goodbye fail: the mail is taken."""
    try:
        yield
    except (OSError, smtplib.SMTPException):
        return


def _address(mail: Mail, code: int, text: bytes) -> None:
    if code in {250, 251}:
        return
    if code in _NO_MAILBOX and not _POLICY.match(text.decode(errors="replace")):
        raise AddressRefused(f"mail {mail.delivery_key}: {_said(code, text)}")
    raise _refusal(mail, code, text)


def _refusal(mail: Mail, code: int, text: bytes) -> Exception:
    words = f"mail {mail.delivery_key}: {_said(code, text)}"
    return Permanent(words) if 500 <= code < 600 else Transient(words)


def _said(code: int, text: bytes) -> str:
    return f"{code} {text.decode(errors='replace')}"


def _content(raw: bytes) -> bytes:
    """Return a mail as it travels: lines ended by CR LF, a leading dot doubled, a dot alone at the end."""
    lines = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", raw))
    return (lines if lines.endswith(b"\r\n") else lines + b"\r\n") + b".\r\n"
