"""What the mails of this project have in common: who from, who to, two parts, and the same bytes on every try."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr

from vigie.domain.typography import one_line
from vigie.errors import Permanent

_SUBJECT_LIMIT = 150  # characters


def open_message(
    *,
    sender: str,
    to: Address,
    subject: str,
    at: datetime,
    message_id: str,
    feedback_id: str,
    policy: "Policy[EmailMessage]" = SMTP,
) -> EmailMessage:
    """Return a mail that has its first headers and no parts yet.

    ``sender`` is an address, with a name in front (``Veille <veille@…>``) or else ``vigie``; ``feedback_id`` is how
    big mailboxes sort complaints. Raises Permanent for a sender that no mail can carry.
    """
    message = EmailMessage(policy=policy)
    name, address = parseaddr(sender)
    message["From"] = mail_address(name or "vigie", address)
    message["To"] = to
    message["Subject"] = one_line(subject, _SUBJECT_LIMIT)
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Feedback-ID"] = feedback_id
    return message


def close_message(message: EmailMessage, *, text: str, html: str, language: str) -> bytes:
    """Put in the parts, text first; return the mail as bytes, lines ended by CR LF."""
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language  # last: Content-* set before would go to the text part alone
    message.set_boundary(f"=_{hashlib.sha256(message['Message-ID'].encode()).hexdigest()[:40]}")
    return message.as_bytes()


def mail_address(name: str, address: str) -> Address:
    """Return an address whose name holds no line end. Raises Permanent when it cannot be written in ASCII."""
    if not address.isascii() or not address.isprintable():
        raise Permanent(f"{address!r} cannot be mailed: not an ASCII address")
    try:
        return Address(display_name=one_line(name, 100), addr_spec=address)
    except (ValueError, IndexError) as error:
        raise Permanent(f"{address!r} cannot be mailed: {error}") from error


def domain_of(sender: str) -> str:
    """Return the domain of an address that may have a name in front; message ids end with it."""
    return parseaddr(sender)[1].rpartition("@")[2]
