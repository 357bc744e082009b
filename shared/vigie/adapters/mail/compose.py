"""One digest as the bytes of one mail: RFC 5322, MIME, and the headers big mailboxes ask of a sender.

The same arguments give the same bytes, so that a second try is the same mail and not another one.
"""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.typography import one_line
from vigie.errors import Permanent
from vigie.ports import RenderedDigest

_SUBJECT_LIMIT = 150  # characters


def message_id_of(delivery_key: str, sender: str) -> str:
    """Return the Message-ID of a delivery, angle brackets included: the same on every try."""
    digest = hashlib.sha256(delivery_key.encode()).hexdigest()[:32]
    return f"<{digest}@{_address('', sender).domain}>"


def compose_mail(
    rendered: RenderedDigest,
    *,
    sender: str,
    recipient: Recipient,
    client: Client,
    digest: Digest,
    message_id: str,
    unsubscribe_url: str | None = None,
    unsubscribe_mailto: str | None = None,
) -> bytes:
    """Return the mail, lines ended by CR LF: text first, then HTML.

    ``sender`` is a bare address, the client reads ``vigie`` as its name; ``unsubscribe_mailto`` is the address
    that takes unsubscriptions, the sender's unless told. ``unsubscribe_url`` must act on POST (RFC 8058) and
    stands only when given. Raises Permanent for an address that no mail can carry.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address("vigie", sender)
    message["To"] = _address(recipient.name, recipient.email)
    message["Subject"] = one_line(rendered.subject, _SUBJECT_LIMIT)
    message["Date"] = digest.built_at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Feedback-ID"] = f"{client.client_id}:digest:vigie"
    message["X-Vigie-Digest"] = f"{client.client_id}/{digest.digest_id}"
    ways_out = [f"<mailto:{quote(unsubscribe_mailto or sender, safe='@+.')}?subject=unsubscribe>"]
    if unsubscribe_url and unsubscribe_url.startswith("https://"):
        ways_out.insert(0, f"<{quote(unsubscribe_url, safe=':/?&=%#+,;@~')}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways_out)
    message.set_content(rendered.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = digest.locale  # last: Content-* set before would go to the text part alone
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}")
    return message.as_bytes()


def _address(name: str, address: str) -> Address:
    """Return an address whose name holds no line end. Raises Permanent when it cannot be written in ASCII."""
    if not address.isascii() or not address.isprintable():
        raise Permanent(f"{address!r} cannot be mailed: not an ASCII address")
    try:
        return Address(display_name=one_line(name, 100), addr_spec=address)
    except (ValueError, IndexError) as error:
        raise Permanent(f"{address!r} cannot be mailed: {error}") from error
