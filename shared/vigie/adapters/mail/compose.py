"""One digest as the bytes of one mail: RFC 5322, MIME, and the headers big mailboxes ask of a sender.

The same arguments give the same bytes, so that a second try is the same mail and not another one.
"""

import hashlib
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from urllib.parse import quote

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.typography import one_line
from vigie.errors import Permanent
from vigie.ports import RenderedDigest

_SUBJECT_LIMIT = 150  # characters


class _AddressList(UnstructuredHeader, BaseHeader):
    """A header of addresses in angle brackets, folded between them and nowhere else.

    The library's own folding would turn a long address into encoded words, which no mailbox reads there.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return the header with one address a line."""
        addresses = str(self).replace(", ", f",{policy.linesep} ")
        return f"{self.name}: {addresses}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _AddressList)
_POLICY = SMTP.clone(header_factory=_HEADERS)


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

    ``sender`` is an address, with a name in front (``Veille <veille@…>``) or else ``vigie``;
    ``unsubscribe_mailto`` is the address that takes unsubscriptions, the sender's unless told;
    ``unsubscribe_url`` must act on POST (RFC 8058) and stands only when given.
    Raises Permanent for an address that no mail can carry.
    """
    message = EmailMessage(policy=_POLICY)
    sender_name, sender_address = parseaddr(sender)
    message["From"] = mail_address(sender_name or "vigie", sender_address)
    message["To"] = mail_address(recipient.name, recipient.email)
    message["Subject"] = one_line(rendered.subject, _SUBJECT_LIMIT)
    message["Date"] = digest.built_at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Feedback-ID"] = f"{client.client_id}:digest:vigie"
    message["X-Vigie-Digest"] = f"{client.client_id}/{digest.digest_id}"
    ways_out = [f"<mailto:{quote(unsubscribe_mailto or sender_address, safe='@+.')}?subject=unsubscribe>"]
    if unsubscribe_url and unsubscribe_url.startswith("https://"):
        ways_out.insert(0, f"<{quote(unsubscribe_url, safe=':/?&=%#+,;@~')}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways_out)
    message.set_content(rendered.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = digest.locale  # last: Content-* set before would go to the text part alone
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}")
    return message.as_bytes()


def mail_address(name: str, address: str) -> Address:
    """Return an address whose name holds no line end. Raises Permanent when it cannot be written in ASCII."""
    if not address.isascii() or not address.isprintable():
        raise Permanent(f"{address!r} cannot be mailed: not an ASCII address")
    try:
        return Address(display_name=one_line(name, 100), addr_spec=address)
    except (ValueError, IndexError) as error:
        raise Permanent(f"{address!r} cannot be mailed: {error}") from error
